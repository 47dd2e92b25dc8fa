//! What she told us, changed one question at a time, and her yes and no.

use axum::{http::StatusCode, response::Response};
use chrono_tz::Europe::Amsterdam;
use proto::{
    FieldProblem, Problem, Service,
    intake::{ChangeWishes, Details, Purpose, SetConsent, Wishes},
    work::{Channel, Means, Travel},
};

use super::{
    draft::{What, When},
    mine::{layout, told},
    near::{self, Near, USUAL_KM},
    register::{tasks_page, when_page},
};
use crate::{
    pages::{
        Layout,
        failures::Happened,
        register::{CONSENT_TEXT_VERSION, RegisterPlace},
        seeker::{ConsentLine, EditTravel, MyConsent, MyDetails},
        work::{daypart_list, hours_words, means_name},
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
    let (t, wishes) = (l.t, &details.wishes);
    let place = near::place(&visit, &wishes.postcode).map(|(_, place)| place.name.clone());
    let travel = |travel: Travel| {
        format!("{}, {}", means_name(t, travel.means), t.one("travel-up-to", "km", travel.max_km))
    };
    page(&MyDetails {
        channel: t.get(match details.channel {
            Channel::Sms => "channel-sms",
            Channel::Call => "channel-call",
            Channel::Email => "channel-email",
        }),
        place: place.unwrap_or_default(),
        tasks: tasks_in_words(&visit, t, wishes),
        dayparts: daypart_list(t, wishes.dayparts),
        hours: wishes.hours.map(|hours| hours_words(t, hours)).unwrap_or_default(),
        travel: wishes.travel.map(travel).unwrap_or_default(),
        postcode: wishes.postcode.clone(),
        name: details.name,
        contact: spelled(&details.contact),
        l,
    })
}

/// A Dutch telephone number as people write it; anything else as it is.
fn spelled(contact: &str) -> String {
    let Some(national) = contact.strip_prefix("+31") else { return contact.to_owned() };
    let mut spelled = format!("0{national}");
    if national.len() == 9 && national.starts_with('6') && national.is_ascii() {
        for at in [8, 6, 4, 2] {
            spelled.insert(at, ' ');
        }
    }
    spelled
}

/// What she likes: whole groups by their name, single tasks by theirs.
fn tasks_in_words(visit: &Visit, t: Texts, wishes: &Wishes) -> Vec<String> {
    let vocabulary = &visit.app.reference.tasks;
    let what = What::of_wishes(wishes, vocabulary);
    let any = what.any.then(|| t.get("register-tasks-any"));
    let groups = vocabulary.groups().iter().filter(|group| what.groups.contains(&group.code));
    let groups = groups.map(|group| group.label(view::lang(visit)).to_owned());
    let tasks = what.tasks.iter().map(|code| view::task_label(visit, &code.as_str().into()));
    any.into_iter().chain(groups).chain(tasks).collect()
}

/// Keeps changed wishes and goes back to the list.
async fn save(visit: &Visit, wishes: &Wishes) -> Result<Response, Stop> {
    let change = ChangeWishes { seeker_id: visit.seeker()?, wishes: visit.seal(Service::Intake, wishes) };
    visit.ask(&change).await?;
    Ok(go_to("/mijn/gegevens", [notice("notice-saved")]))
}

fn refused(visit: &Visit, details: &Details, form: &Fields, problems: Vec<FieldProblem>) -> Layout {
    let refused = visit.layout_refused(form, &Problem::fields(problems));
    Layout { reader: layout(visit, details).reader, ..refused }
}

/// `/mijn/gegevens/waar`
pub(super) async fn place(visit: Visit) -> Result<Response, Stop> {
    let details = told(&visit).await?;
    let l = layout(&visit, &details);
    page(&RegisterPlace { l, edit: true, postcode: details.wishes.postcode })
}

/// Changes where she lives.
pub(super) async fn take_place(visit: Visit, form: Fields) -> Result<Response, Stop> {
    let details = told(&visit).await?;
    match near::place(&visit, form.get("postcode")) {
        Ok((postcode, _)) => {
            let km = Near::kept(&visit).map_or(USUAL_KM, |(near, _)| near.km);
            let cookie = Near { pc4: postcode.pc4(), km }.keep(&visit);
            let mut response =
                save(&visit, &Wishes { postcode: postcode.as_text(), ..details.wishes }).await?;
            response.headers_mut().append(axum::http::header::SET_COOKIE, cookie);
            Ok(response)
        }
        Err(problem) => {
            let l = refused(&visit, &details, &form, vec![problem]);
            let postcode = form.get("postcode").to_owned();
            page_with(StatusCode::BAD_REQUEST, &RegisterPlace { l, edit: true, postcode })
        }
    }
}

/// `/mijn/gegevens/wat`
pub(super) async fn tasks(visit: Visit) -> Result<Response, Stop> {
    let details = told(&visit).await?;
    let what = What::of_wishes(&details.wishes, &visit.app.reference.tasks);
    page(&tasks_page(&visit, layout(&visit, &details), true, Some(&what)))
}

/// Changes what she likes.
pub(super) async fn take_tasks(visit: Visit, form: Fields) -> Result<Response, Stop> {
    let details = told(&visit).await?;
    let vocabulary = &visit.app.reference.tasks;
    let (what, problems) = What::of_form(&form, vocabulary);
    if problems.is_empty() {
        let tasks = what.all_tasks(vocabulary);
        return save(&visit, &Wishes { tasks, any_task: what.any, ..details.wishes }).await;
    }
    let l = refused(&visit, &details, &form, problems);
    let shown = Some(&what).filter(|what| !what.is_unknown());
    page_with(StatusCode::BAD_REQUEST, &tasks_page(&visit, l, true, shown))
}

/// `/mijn/gegevens/wanneer`
pub(super) async fn when(visit: Visit) -> Result<Response, Stop> {
    let details = told(&visit).await?;
    page(&when_page(layout(&visit, &details), true, &When::of_wishes(&details.wishes)))
}

/// Changes when she can work.
pub(super) async fn take_when(visit: Visit, form: Fields) -> Result<Response, Stop> {
    let details = told(&visit).await?;
    let (when, problems) = When::of_form(&form);
    if problems.is_empty() {
        let (dayparts, hours) = (when.dayparts, when.hours_a_week());
        return save(&visit, &Wishes { dayparts, hours, ..details.wishes }).await;
    }
    page_with(StatusCode::BAD_REQUEST, &when_page(refused(&visit, &details, &form, problems), true, &when))
}

fn travel_page(l: Layout, means: Option<Means>, km: Option<u8>) -> EditTravel {
    EditTravel { means: EditTravel::means(l.t, means), distances: EditTravel::distances(l.t, km), l }
}

/// `/mijn/gegevens/vervoer`
pub(super) async fn travel(visit: Visit) -> Result<Response, Stop> {
    let details = told(&visit).await?;
    let travel = details.wishes.travel;
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
    if let (Some(means), Some(max_km)) = (means, km) {
        let travel = Some(Travel { means, max_km });
        return save(&visit, &Wishes { travel, ..details.wishes }).await;
    }
    let missing = [("vervoer", means.is_none()), ("km", km.is_none())];
    let problems = missing.into_iter().filter(|(_, missing)| *missing);
    let problems = problems.map(|(field, _)| FieldProblem::new(field, "choice-unknown")).collect();
    page_with(StatusCode::BAD_REQUEST, &travel_page(refused(&visit, &details, &form, problems), means, km))
}

/// `/mijn/toestemming`
pub(super) async fn consent(visit: Visit) -> Result<Response, Stop> {
    let details = told(&visit).await?;
    let lines = Purpose::ALL.into_iter().map(|purpose| {
        // The last word counts; what was never asked is a no.
        let said = details.consents.iter().rev().find(|consent| consent.purpose == purpose);
        ConsentLine {
            purpose,
            given: said.is_some_and(|consent| consent.given),
            since: said.map_or(visit.now, |consent| consent.at).with_timezone(&Amsterdam).date_naive(),
            text_version: said.map_or(CONSENT_TEXT_VERSION, |consent| &consent.text_version).to_owned(),
        }
    });
    page(&MyConsent { lines: lines.collect(), l: layout(&visit, &details) })
}

/// Says yes or no to one purpose. Saying the same twice changes nothing, so no key is needed.
pub(super) async fn take_consent(visit: Visit, form: Fields) -> Result<Response, Stop> {
    let purpose = Purpose::from_name(form.get("doel")).ok_or(Happened::NotUnderstood)?;
    let given = match form.get("geef") {
        "ja" => true,
        "nee" => false,
        _ => return Err(Happened::NotUnderstood.into()),
    };
    let text_version = CONSENT_TEXT_VERSION.to_owned();
    visit.ask(&SetConsent { seeker_id: visit.seeker()?, purpose, given, text_version }).await?;
    let told = if given { "notice-consent-given" } else { "notice-consent-withdrawn" };
    Ok(go_to("/mijn/toestemming", [notice(told)]))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_number_is_shown_as_people_write_it() {
        assert_eq!(spelled("+31612345678"), "06 12 34 56 78");
        assert_eq!(spelled("+31361234567"), "0361234567");
        assert_eq!(spelled("+32470123456"), "+32470123456");
        assert_eq!(spelled("samira@example.nl"), "samira@example.nl");
    }
}
