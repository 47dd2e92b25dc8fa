//! What she told us as a list, and the first four questions again: where, what, when, how far.

use axum::{http::StatusCode, response::Response};
use proto::{
    FieldProblem, Problem, Service, Status,
    intake::{ChangeWishes, Details, Wishes},
    work::{Channel, Days, Means, Travel},
};

use super::{
    draft::{What, When, field_of},
    mine::{layout, told},
    near::{self, Near, USUAL_KM},
    register::{searched, tasks_page, when_page},
    second_number,
};
use crate::{
    pages::{
        Layout,
        profile::{
            benefit_name, cannot_name, day_choices, entry_point_name, licence_name, need_name, spoken_words,
            start_words,
        },
        register::RegisterPlace,
        seeker::{EditTravel, MyDetails, Told},
        work::{day_list, daypart_list, hours_words, means_name, support_name},
    },
    texts::Texts,
    web::{
        fields::Fields,
        stop::Stop,
        view,
        visit::{Visit, go_to, notice, page, page_with},
    },
};

/// `/mijn/gegevens`
pub(super) async fn details(visit: Visit) -> Result<Response, Stop> {
    let details = told(&visit).await?;
    let l = layout(&visit, &details);
    let lists = Lists::of(&visit, &details);
    page(&MyDetails {
        not_told: details.wishes.is_none(),
        work: lists.work,
        own: lists.own,
        reach: lists.reach,
        background: lists.background,
        digest: details.digest.map(|channel| channel_name(l.t, channel)),
        may_digest: details.contact.is_some(),
        l,
    })
}

/// Everything she told, in words, as it stands on her page and in her copy.
pub(super) struct Lists {
    /// What she wants and can.
    pub(super) work: Vec<Told>,
    /// What only she sees.
    pub(super) own: Vec<Told>,
    /// How she is reached.
    pub(super) reach: Vec<Told>,
    /// Background.
    pub(super) background: Vec<Told>,
}

impl Lists {
    pub(super) fn of(visit: &Visit, details: &Details) -> Self {
        let (t, wishes) = (visit.t(), &details.wishes_so_far());
        let told = |id: &str, words: String, href| Told { what: t.get(id), words, href };
        let place = near::place(visit, &wishes.postcode).map(|(_, place)| place.name.clone());
        let place =
            t.two("details-where-value", "postcode", &wishes.postcode, "place", place.unwrap_or_default());
        let travel = |travel: Travel| {
            format!("{}, {}", means_name(t, travel.means), t.one("travel-up-to", "km", travel.max_km))
        };
        let languages: Vec<_> = wishes.languages.iter().map(|spoken| spoken_words(t, spoken)).collect();
        let licences: Vec<_> = wishes.licences.iter().map(|licence| licence_name(t, *licence)).collect();
        let shown: Vec<_> = wishes.shown_support.iter().map(|support| support_name(t, *support)).collect();
        let cannot: Vec<_> = wishes.cannot.iter().map(|cannot| cannot_name(t, *cannot)).collect();
        let needs: Vec<_> = details.needs.iter().map(|need| need_name(t, *need)).collect();
        let benefit = details.background.as_ref().map(|background| {
            let says = benefit_name(t, background.says);
            match &background.confirmed {
                Some(confirmed) => {
                    format!("{says} {}", t.one("benefit-confirmed", "organisation", &confirmed.by))
                }
                None => says,
            }
        });
        let entry = details.entry_point.as_deref().map(|code| entry_point_name(t, code));
        let lists = Self {
            work: vec![
                told("details-where", place, "/mijn/gegevens/waar"),
                told("details-what", tasks_in_words(visit, t, wishes).join(", "), "/mijn/gegevens/wat"),
                told("details-when", daypart_list(t, wishes.dayparts), "/mijn/gegevens/wanneer"),
                told(
                    "details-hours",
                    wishes.hours.map(|hours| hours_words(t, hours)).unwrap_or_default(),
                    "/mijn/gegevens/wanneer",
                ),
                told("details-start", start_words(t, wishes.available_from), "/mijn/gegevens/vanaf"),
                told(
                    "details-travel",
                    wishes.travel.map(travel).unwrap_or_default(),
                    "/mijn/gegevens/vervoer",
                ),
                told("details-languages", languages.join("; "), "/mijn/gegevens/talen"),
                told("details-licences", licences.join(", "), "/mijn/gegevens/papieren"),
                told("details-shown", shown.join(", "), "/mijn/gegevens/laten-zien"),
            ],
            own: vec![
                told("details-days", day_list(t, wishes.days), "/mijn/gegevens/wanneer"),
                told("details-cannot", cannot.join(", "), "/mijn/gegevens/niet"),
                told("details-needs", needs.join(", "), "/mijn/gegevens/hulp"),
                told("details-remark", wishes.remark.clone(), "/mijn/gegevens/opmerking"),
            ],
            reach: vec![
                told("details-name", details.name.clone(), "/mijn/gegevens/naam"),
                told("details-channel", channel_name(t, details.channel), "/mijn/gegevens/naam"),
                told("details-language", own_language(details), "/mijn/gegevens/naam"),
                told(
                    "details-contact",
                    details.contact.as_deref().map(view::spelled).unwrap_or_default(),
                    "/mijn/gegevens/contact",
                ),
                told("details-second", second_number::words(t, details), "/mijn/gegevens/tweede-nummer"),
            ],
            background: vec![
                told("details-benefit", benefit.unwrap_or_default(), "/mijn/gegevens/achtergrond"),
                told("details-entry", entry.unwrap_or_default(), "/mijn/gegevens/achtergrond"),
            ],
        };
        if details.wishes.is_some() {
            return lists;
        }
        // Where she lives comes first: nothing else of what she wants can be kept before it.
        let own = lists.own.into_iter().filter(|told| told.href == "/mijn/gegevens/hulp").collect();
        Self { work: Vec::new(), own, ..lists }
    }
}

fn own_language(details: &Details) -> String {
    crate::texts::Language::from_code(details.language.tag())
        .map(|language| language.own_name().to_owned())
        .unwrap_or_default()
}

pub(super) fn channel_name(t: Texts, channel: Channel) -> String {
    t.get(match channel {
        Channel::Sms => "channel-sms",
        Channel::Call => "channel-call",
        Channel::Email => "channel-email",
    })
}

/// What she likes: whole groups by their name, single tasks by theirs.
pub(super) fn tasks_in_words(visit: &Visit, t: Texts, wishes: &Wishes) -> Vec<String> {
    let vocabulary = &visit.app.reference.tasks;
    let what = What::of_wishes(wishes, vocabulary);
    let any = what.any.then(|| t.get("register-tasks-any"));
    let groups = vocabulary.groups().iter().filter(|group| what.groups.contains(&group.code));
    let groups = groups.map(|group| group.label(view::lang(visit)).to_owned());
    let tasks = what.tasks.iter().map(|code| view::task_label(visit, &code.as_str().into()));
    any.into_iter().chain(groups).chain(tasks).collect()
}

/// What intake did not accept, by the fields of our forms; any other problem ends on its own page.
pub(super) fn not_accepted(problem: Problem) -> Result<Vec<FieldProblem>, Stop> {
    if problem.status != Status::Invalid || problem.fields.is_empty() {
        return Err(problem.into());
    }
    Ok(view::at_fields(problem, |field| field_of(&field.field).to_owned()).fields)
}

/// Keeps changed wishes and goes back to the list; or shows the question again with what intake did
/// not accept.
pub(super) async fn save<T: askama::Template>(
    visit: &Visit,
    details: &Details,
    form: &Fields,
    wishes: &Wishes,
    question: impl FnOnce(Layout) -> T,
) -> Result<Response, Stop> {
    let change = ChangeWishes { seeker_id: visit.seeker()?, wishes: visit.seal(Service::Intake, wishes) };
    match visit.ask(&change).await {
        Ok(()) => Ok(saved()),
        Err(problem) => again(visit, details, form, not_accepted(problem)?, question),
    }
}

/// Back to the list: it was kept.
pub(super) fn saved() -> Response {
    go_to("/mijn/gegevens", [notice("notice-saved")])
}

/// The question again, with the reasons.
pub(super) fn again<T: askama::Template>(
    visit: &Visit,
    details: &Details,
    form: &Fields,
    problems: Vec<FieldProblem>,
    question: impl FnOnce(Layout) -> T,
) -> Result<Response, Stop> {
    page_with(StatusCode::BAD_REQUEST, &question(refused(visit, details, form, problems)))
}

/// The layout of a form of hers that was refused.
pub(super) fn refused(
    visit: &Visit,
    details: &Details,
    form: &Fields,
    problems: Vec<FieldProblem>,
) -> Layout {
    let refused = visit.layout_refused(form, &Problem::fields(problems));
    Layout { reader: layout(visit, details).reader, ..refused }
}

/// `/mijn/gegevens/waar`
pub(super) async fn place(visit: Visit) -> Result<Response, Stop> {
    let details = told(&visit).await?;
    let l = layout(&visit, &details);
    page(&RegisterPlace { l, edit: true, postcode: details.wishes_so_far().postcode })
}

/// Changes where she lives.
pub(super) async fn take_place(visit: Visit, form: Fields) -> Result<Response, Stop> {
    let details = told(&visit).await?;
    let typed = form.get("postcode").to_owned();
    let question = |l| RegisterPlace { l, edit: true, postcode: typed };
    match near::place(&visit, form.get("postcode")) {
        Ok((postcode, _)) => {
            let km = Near::kept(&visit).map_or(USUAL_KM, |(near, _)| near.km);
            let cookie = Near { pc4: postcode.pc4(), km }.keep(&visit);
            let wishes = Wishes { postcode: postcode.as_text(), ..details.wishes_so_far() };
            let mut response = save(&visit, &details, &form, &wishes, question).await?;
            response.headers_mut().append(axum::http::header::SET_COOKIE, cookie);
            Ok(response)
        }
        Err(problem) => again(&visit, &details, &form, vec![problem], question),
    }
}

/// `/mijn/gegevens/wat`
pub(super) async fn tasks(visit: Visit) -> Result<Response, Stop> {
    let details = told(&visit).await?;
    let what = What::of_wishes(&details.wishes_so_far(), &visit.app.reference.tasks);
    page(&tasks_page(&visit, layout(&visit, &details), true, Some(&what), ""))
}

/// Changes what she likes.
pub(super) async fn take_tasks(visit: Visit, form: Fields) -> Result<Response, Stop> {
    let details = told(&visit).await?;
    let vocabulary = &visit.app.reference.tasks;
    let (what, problems) = What::of_form(&form, vocabulary);
    // Nothing ticked is not "I do not know yet".
    let shown = Some(&what).filter(|what| !what.is_unknown());
    if let Some(search) = searched(&form) {
        return page(&tasks_page(&visit, layout(&visit, &details), true, shown, search));
    }
    let question = |l| tasks_page(&visit, l, true, shown, "");
    if problems.is_empty() {
        let tasks = what.all_tasks(vocabulary);
        let wishes = Wishes { tasks, any_task: what.any, ..details.wishes_so_far() };
        return save(&visit, &details, &form, &wishes, question).await;
    }
    again(&visit, &details, &form, problems, question)
}

/// `/mijn/gegevens/wanneer`
pub(super) async fn when(visit: Visit) -> Result<Response, Stop> {
    let details = told(&visit).await?;
    let l = layout(&visit, &details);
    let days = day_choices(l.t, details.wishes_so_far().days);
    page(&when_page(l, true, &When::of_wishes(&details.wishes_so_far()), days))
}

/// Changes when she can work.
pub(super) async fn take_when(visit: Visit, form: Fields) -> Result<Response, Stop> {
    let details = told(&visit).await?;
    let (when, mut problems) = When::of_form(&form);
    let named: Vec<Option<u8>> = form.all("dag").map(|day| day.parse().ok()).collect();
    if named.iter().any(|day| !day.is_some_and(|day| (1..=7).contains(&day))) {
        problems.push(FieldProblem::new("dag", "choice-unknown"));
    }
    let days: Days = named.into_iter().flatten().collect();
    let question = |l: Layout| {
        let days = day_choices(l.t, days);
        when_page(l, true, &when, days)
    };
    if problems.is_empty() {
        let wishes =
            Wishes { dayparts: when.dayparts, hours: when.hours_a_week(), days, ..details.wishes_so_far() };
        return save(&visit, &details, &form, &wishes, question).await;
    }
    again(&visit, &details, &form, problems, question)
}

fn travel_page(l: Layout, means: Option<Means>, km: Option<u8>) -> EditTravel {
    EditTravel { means: EditTravel::means(l.t, means), distances: EditTravel::distances(l.t, km), l }
}

/// `/mijn/gegevens/vervoer`
pub(super) async fn travel(visit: Visit) -> Result<Response, Stop> {
    let details = told(&visit).await?;
    let travel = details.wishes_so_far().travel;
    let (means, km) = (travel.map(|travel| travel.means), travel.map(|travel| travel.max_km));
    page(&travel_page(layout(&visit, &details), means, km))
}

/// Changes how far and how she travels.
pub(super) async fn take_travel(visit: Visit, form: Fields) -> Result<Response, Stop> {
    let details = told(&visit).await?;
    let means = Means::from_name(form.get("vervoer"));
    let offered = EditTravel::distances(visit.t(), None);
    let km = offered
        .iter()
        .find(|choice| choice.value == form.get("km"))
        .and_then(|choice| choice.value.parse().ok());
    let question = |l| travel_page(l, means, km);
    if let (Some(means), Some(max_km)) = (means, km) {
        let wishes = Wishes { travel: Some(Travel { means, max_km }), ..details.wishes_so_far() };
        return save(&visit, &details, &form, &wishes, question).await;
    }
    let missing = [("vervoer", means.is_none()), ("km", km.is_none())];
    let problems = missing.into_iter().filter(|(_, missing)| *missing);
    let problems = problems.map(|(field, _)| FieldProblem::new(field, "choice-unknown")).collect();
    again(&visit, &details, &form, problems, question)
}
