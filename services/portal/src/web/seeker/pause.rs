//! Not now, again, and the weekly message about new work.

use axum::response::Response;
use chrono::NaiveDate;
use proto::{
    FieldProblem,
    intake::{Availability, Pause, SetDigest, StillLooking},
    work::Channel,
};

use super::{
    details::{again, not_accepted},
    mine::{layout, told},
    profile::day_typed,
};
use crate::{
    pages::{Layout, failures::Happened, rights::PausePage, seeker::Paused},
    web::{
        fields::Fields,
        stop::Stop,
        visit::{Visit, go_to, notice, page},
    },
};

/// That she pauses now, if she does.
pub(super) fn paused(availability: Availability) -> Option<Paused> {
    match availability {
        Availability::Paused { until, by_silence } => Some(Paused { until, by_silence }),
        Availability::Looking { .. } => None,
    }
}

fn pause_page(l: Layout, open: Option<bool>, until: &str, availability: Availability) -> PausePage {
    PausePage {
        choices: PausePage::choices(l.t, open),
        until: until.to_owned(),
        paused: paused(availability).map(|paused| paused.words(l.t)),
        l,
    }
}

/// `/mijn/pauze`
pub(super) async fn pause(visit: Visit) -> Result<Response, Stop> {
    let details = told(&visit).await?;
    page(&pause_page(layout(&visit, &details), None, "", details.availability))
}

/// Stops taking part until a day, or until she says so.
pub(super) async fn take_pause(visit: Visit, form: Fields) -> Result<Response, Stop> {
    let details = told(&visit).await?;
    let typed = form.get("tot");
    let (open, until): (Option<bool>, Result<Option<NaiveDate>, FieldProblem>) = match form.get("hoe") {
        "open" => (Some(true), Ok(None)),
        "tot" => (Some(false), day_typed("tot", typed)),
        _ => (None, Err(FieldProblem::new("hoe", "choice-unknown"))),
    };
    let problems = match until {
        Ok(until) => match visit.ask(&Pause { seeker_id: visit.seeker()?, until }).await {
            Ok(()) => return Ok(go_to("/mijn", [notice("notice-paused")])),
            Err(problem) => not_accepted(problem)?,
        },
        Err(problem) => vec![problem],
    };
    let looking = Availability::Looking { asked_at: None };
    again(&visit, &details, &form, problems, |l| pause_page(l, open, typed, looking))
}

/// Takes part again; also the yes to "still looking?".
pub(super) async fn resume(visit: Visit) -> Result<Response, Stop> {
    visit.ask(&StillLooking { seeker_id: visit.seeker()? }).await?;
    Ok(go_to("/mijn", [notice("notice-resumed")]))
}

/// Switches the weekly message on or off.
pub(super) async fn take_digest(visit: Visit, form: Fields) -> Result<Response, Stop> {
    let by = match form.get("aan") {
        "nee" => None,
        "ja" => {
            let details = told(&visit).await?;
            let contact = details.contact.ok_or(Happened::NotUnderstood)?;
            Some(if contact.contains('@') { Channel::Email } else { Channel::Sms })
        }
        _ => return Err(Happened::NotUnderstood.into()),
    };
    visit.ask(&SetDigest { seeker_id: visit.seeker()?, by }).await?;
    let told = if by.is_some() { "notice-digest-on" } else { "notice-digest-off" };
    Ok(go_to("/mijn/gegevens", [notice(told)]))
}
