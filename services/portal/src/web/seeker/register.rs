//! Registration in five questions, one a page. The answers stay in the browser until all are there.

use axum::{extract::RawQuery, http::StatusCode, response::Response};
use proto::{
    FieldProblem, Problem, Service, Status,
    intake::{Register, Registration},
    matcher::{Count, CountOpenings},
    work::Channel,
};
use tokio::time::{Duration, timeout};

use super::{
    codes,
    draft::{Draft, Reach, What, When, consents_of_form, field_of, step_of},
    language,
    near::{self, Near, USUAL_KM},
};
use crate::{
    pages::{
        Choice, FieldError, Layout,
        failures::Happened,
        register::{
            CONSENT_TEXT_VERSION, RegisterConsent, RegisterPlace, RegisterReach, RegisterTasks, RegisterWhen,
            STEPS, channel_choices, consent_choices, daypart_choices, hours_choices,
        },
    },
    web::{
        fields::Fields,
        once::Once,
        stop::Stop,
        view,
        visit::{Visit, Who, go_to, page, page_with},
    },
};

/// How long the page waits for the number of openings that fit.
const PATIENCE: Duration = Duration::from_secs(1);
/// Tasks that a search shows.
const MOST_HITS: usize = 10;

/// Her draft, if she may be at this question; otherwise where she belongs.
fn draft_at(visit: &Visit, step: u8) -> Result<Result<Draft, Response>, Stop> {
    match visit.who {
        Who::Seeker(_) => return Ok(Err(go_to("/mijn", None))),
        // Registering someone else is another act, with another consent.
        Who::Staff(_) => return Err(Happened::NoAccess.into()),
        Who::Visitor | Who::HalfWay(_) | Who::Invited(..) => {}
    }
    let draft = Draft::kept(visit);
    Ok(match draft.first_missing() {
        Some(missing) if missing < step => Err(go_to(&question(missing), None)),
        _ => Ok(draft),
    })
}

fn question(step: u8) -> String {
    format!("/aanmelden/{step}")
}

/// The layout of a question, with what intake did not accept.
fn layout_at(visit: &Visit, draft: &Draft, step: u8) -> Layout {
    let errors =
        draft.wrong_at(step).map(|problem| (problem.field.clone(), FieldError::from(problem.clone())));
    Layout { errors: errors.collect(), ..visit.layout() }
}

/// The answer was taken: on to the next question.
fn on(visit: &Visit, mut draft: Draft, step: u8) -> Response {
    draft.mended(step);
    go_to(&question(step + 1), [draft.keep(visit)])
}

fn refused(visit: &Visit, form: &Fields, problems: Vec<FieldProblem>) -> Layout {
    visit.layout_refused(form, &Problem::fields(problems))
}

/// `/aanmelden`, as printed on posters: `?via=` says where she came in.
pub(super) async fn begin(visit: Visit, RawQuery(query): RawQuery) -> Response {
    let mut draft = Draft::kept(&visit);
    let noted = draft.came_in_by(via(query.as_deref()).get("via"));
    go_to(&question(1), noted.then(|| draft.keep(&visit)))
}

fn via(query: Option<&str>) -> Fields {
    Fields::parse(query.unwrap_or_default().as_bytes())
}

/// `/aanmelden/1`
pub(super) async fn place(visit: Visit, RawQuery(query): RawQuery) -> Result<Response, Stop> {
    let mut draft = match draft_at(&visit, 1)? {
        Ok(draft) => draft,
        Err(elsewhere) => return Ok(elsewhere),
    };
    if draft.came_in_by(via(query.as_deref()).get("via")) {
        // The address bar keeps no trace of it.
        return Ok(go_to(&question(1), [draft.keep(&visit)]));
    }
    let known = draft.postcode.clone().or_else(|| Near::kept(&visit).map(|(near, _)| near.pc4.to_string()));
    let l = layout_at(&visit, &draft, 1);
    page(&RegisterPlace { l, edit: false, postcode: known.unwrap_or_default() })
}

/// Takes question 1.
pub(super) async fn take_place(visit: Visit, form: Fields) -> Result<Response, Stop> {
    let mut draft = match draft_at(&visit, 1)? {
        Ok(draft) => draft,
        Err(elsewhere) => return Ok(elsewhere),
    };
    match near::place(&visit, form.get("postcode")) {
        Ok((postcode, _)) => {
            draft.postcode = Some(postcode.as_text());
            let km = Near::kept(&visit).map_or(USUAL_KM, |(near, _)| near.km);
            let mut response = on(&visit, draft, 1);
            let cookie = Near { pc4: postcode.pc4(), km }.keep(&visit);
            response.headers_mut().append(axum::http::header::SET_COOKIE, cookie);
            Ok(response)
        }
        Err(problem) => {
            let l = refused(&visit, &form, vec![problem]);
            let postcode = form.get("postcode").to_owned();
            page_with(StatusCode::BAD_REQUEST, &RegisterPlace { l, edit: false, postcode })
        }
    }
}

/// What is searched for, when the button of the search was pressed and there is something in the box.
pub(super) fn searched(form: &Fields) -> Option<&str> {
    Some(form.get("zoek")).filter(|words| form.has("zoeken") && !words.is_empty())
}

/// The page of question 2, with what was found for `search`.
pub(super) fn tasks_page(
    visit: &Visit,
    l: Layout,
    edit: bool,
    what: Option<&What>,
    search: &str,
) -> RegisterTasks {
    let chosen = what.cloned().unwrap_or_default();
    let hits = visit.app.reference.search(search, view::lang(visit), MOST_HITS);
    let found = hits.into_iter().map(|hit| {
        let line = view::task_line(visit, &hit.task.code.as_str().into());
        let ticked = chosen.tasks.contains(&hit.task.code);
        let choice = Choice::new(&hit.task.code, line.label, ticked).icon(&line.icon);
        match hit.via {
            Some(title) => choice.hint(l.t.one("tasks-search-via", "title", title)),
            None => choice,
        }
    });
    RegisterTasks {
        edit,
        found: found.collect(),
        search: search.to_owned(),
        groups: view::task_groups(
            visit,
            |group| chosen.groups.contains(group),
            |task| chosen.tasks.contains(task),
        ),
        others: RegisterTasks::others(l.t, chosen.any, what.is_some_and(What::is_unknown)),
        l,
    }
}

/// `/aanmelden/2`
pub(super) async fn tasks(visit: Visit) -> Result<Response, Stop> {
    match draft_at(&visit, 2)? {
        Ok(draft) => page(&tasks_page(&visit, layout_at(&visit, &draft, 2), false, draft.what.as_ref(), "")),
        Err(elsewhere) => Ok(elsewhere),
    }
}

/// Takes question 2.
pub(super) async fn take_tasks(visit: Visit, form: Fields) -> Result<Response, Stop> {
    let draft = match draft_at(&visit, 2)? {
        Ok(draft) => draft,
        Err(elsewhere) => return Ok(elsewhere),
    };
    let (what, problems) = What::of_form(&form, &visit.app.reference.tasks);
    if let Some(search) = searched(&form) {
        let shown = Some(&what).filter(|what| !what.is_unknown());
        return page(&tasks_page(&visit, visit.layout(), false, shown, search));
    }
    if problems.is_empty() {
        return Ok(on(&visit, Draft { what: Some(what), ..draft }, 2));
    }
    let l = refused(&visit, &form, problems);
    // Nothing ticked is not "I do not know yet".
    let shown = Some(&what).filter(|what| !what.is_unknown());
    page_with(StatusCode::BAD_REQUEST, &tasks_page(&visit, l, false, shown, ""))
}

/// The page of question 3.
pub(super) fn when_page(l: Layout, edit: bool, when: &When, days: Vec<Choice>) -> RegisterWhen {
    RegisterWhen {
        edit,
        days,
        dayparts: daypart_choices(l.t, when.dayparts),
        hours: hours_choices(l.t, when.hours.as_deref()),
        l,
    }
}

/// `/aanmelden/3`
pub(super) async fn when(visit: Visit) -> Result<Response, Stop> {
    match draft_at(&visit, 3)? {
        Ok(draft) => {
            let when = draft.when.clone().unwrap_or_default();
            page(&when_page(layout_at(&visit, &draft, 3), false, &when, Vec::new()))
        }
        Err(elsewhere) => Ok(elsewhere),
    }
}

/// Takes question 3.
pub(super) async fn take_when(visit: Visit, form: Fields) -> Result<Response, Stop> {
    let draft = match draft_at(&visit, 3)? {
        Ok(draft) => draft,
        Err(elsewhere) => return Ok(elsewhere),
    };
    let (when, problems) = When::of_form(&form);
    if problems.is_empty() {
        return Ok(on(&visit, Draft { when: Some(when), ..draft }, 3));
    }
    let l = refused(&visit, &form, problems);
    page_with(StatusCode::BAD_REQUEST, &when_page(l, false, &when, Vec::new()))
}

async fn reach_page(visit: &Visit, l: Layout, draft: &Draft, reach: Reach) -> RegisterReach {
    let Reach { name, contact, channel } = reach;
    let channels = channel_choices(l.t, channel);
    RegisterReach { l, fitting: fitting(visit, draft).await, name, contact, channels }
}

/// How many openings fit so far. The question is asked also when nobody can say.
async fn fitting(visit: &Visit, draft: &Draft) -> Option<u32> {
    let wishes = draft.wishes(&visit.app.reference);
    let (_, place) = near::place(visit, &wishes.postcode).ok()?;
    let count = CountOpenings {
        cell: place.cell(),
        tasks: wishes.tasks,
        any_task: wishes.any_task,
        dayparts: wishes.dayparts,
        hours: wishes.hours,
        travel: wishes.travel,
    };
    match timeout(PATIENCE, visit.ask(&count)).await {
        Ok(Ok(Count::Exactly(number) | Count::About(number))) => Some(number),
        Ok(Err(problem)) => {
            tracing::warn!(%problem, "question 4 goes without a number");
            None
        }
        Ok(Ok(Count::FewerThanTen)) | Err(_) => None,
    }
}

/// `/aanmelden/4`
pub(super) async fn reach(visit: Visit) -> Result<Response, Stop> {
    match draft_at(&visit, 4)? {
        Ok(draft) => {
            let (l, reach) = (layout_at(&visit, &draft, 4), draft.reach.clone().unwrap_or_default());
            page(&reach_page(&visit, l, &draft, reach).await)
        }
        Err(elsewhere) => Ok(elsewhere),
    }
}

/// Takes question 4.
pub(super) async fn take_reach(visit: Visit, form: Fields) -> Result<Response, Stop> {
    let draft = match draft_at(&visit, 4)? {
        Ok(draft) => draft,
        Err(elsewhere) => return Ok(elsewhere),
    };
    let (reach, problems) = Reach::of_form(&form);
    if problems.is_empty() {
        return Ok(on(&visit, Draft { reach: Some(reach), ..draft }, 4));
    }
    let l = refused(&visit, &form, problems);
    page_with(StatusCode::BAD_REQUEST, &reach_page(&visit, l, &draft, reach).await)
}

/// `/aanmelden/5`
pub(super) async fn consent(visit: Visit) -> Result<Response, Stop> {
    match draft_at(&visit, STEPS)? {
        Ok(draft) => {
            let l = layout_at(&visit, &draft, STEPS);
            let consents = consent_choices(l.t, draft.consents.as_deref().unwrap_or_default());
            page(&RegisterConsent { l, consents })
        }
        Err(elsewhere) => Ok(elsewhere),
    }
}

/// Takes question 5 and sends everything to intake, which sends a code.
pub(super) async fn take_consent(visit: Visit, form: Fields) -> Result<Response, Stop> {
    let mut draft = match draft_at(&visit, STEPS)? {
        Ok(draft) => draft,
        Err(elsewhere) => return Ok(elsewhere),
    };
    draft.consents = Some(consents_of_form(&form));
    draft.wrong.clear();
    match codes::in_even_time(send(&visit, &form, &draft)).await {
        Ok(cookie) => Ok(go_to("/aanmelden/code", [cookie, draft.keep(&visit)])),
        Err(problem) if problem.status == Status::Invalid => {
            // Back to the first question whose answer was not accepted, with the reason, and with
            // every other answer in place.
            let ours = view::at_fields(problem.clone(), |field| field_of(&field.field).to_owned());
            draft.wrong = ours.fields;
            match draft.wrong.iter().filter_map(|problem| step_of(&problem.field)).min() {
                Some(step) => Ok(go_to(&question(step), [draft.keep(&visit)])),
                None => Err(problem.into()),
            }
        }
        Err(problem) => Err(problem.into()),
    }
}

/// Sends a whole registration; the cookie keeps which code it waits for.
pub(super) async fn send(
    visit: &Visit,
    form: &Fields,
    draft: &Draft,
) -> Result<axum::http::HeaderValue, Problem> {
    let Reach { name, contact, channel } = draft.reach.clone().unwrap_or_default();
    let registration = Registration {
        wishes: draft.wishes(&visit.app.reference),
        name,
        contact: contact.clone(),
        channel: channel.unwrap_or(Channel::Sms),
        consents: draft.consents.clone().unwrap_or_default(),
        consent_text_version: CONSENT_TEXT_VERSION.to_owned(),
        entry_point: draft.via.clone(),
        language: language(visit),
    };
    let once = Once::of(visit, form, &registration);
    let call = Register { registration: once.seal(Service::Intake, &registration) };
    Ok(codes::waits_for(visit, once.ask(&call).await?, &contact))
}
