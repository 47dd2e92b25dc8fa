//! Who begins: name and number for the first day, and whether she came.

use axum::{
    extract::{Path, RawQuery},
    response::Response,
    routing::get,
};
use chassis::clock;
use proto::{
    OpeningId, Problem, Status, TicketId,
    intake::{ContactGround, ContactPurpose, OpenContact},
    open_hiring::{Beginner, TellFirstDay, TicketState, WhoBegins},
    vacancies::OpeningView,
};

use crate::{
    pages::calls::{Begin, BeginContact, BeginRow, BeginTold},
    web::{
        fields::Fields,
        guard::Access::Staff,
        routes::{Route, route},
        staff::{
            EMPLOYERS, MANAGERS, WRITERS, by_manager,
            interest::{organisation, reached},
            query,
            queue::openings,
            stop,
        },
        stop::Stop,
        visit::{Visit, go_to, notice, page},
    },
};

/// The routes of this part.
pub(crate) fn routes() -> Vec<Route> {
    vec![
        route("/bedrijf/begonnen", Staff(EMPLOYERS), || get(own)),
        route("/werkplek/begonnen", Staff(MANAGERS), || get(of_region)),
        route("/begonnen/{ticket}/contact", Staff(WRITERS), || get(ask_contact).post(show_contact)),
        route("/begonnen/{ticket}/gekomen", Staff(WRITERS), || get(ask_came).post(tell_came)),
        route("/begonnen/{ticket}/niet-gekomen", Staff(WRITERS), || get(ask_not_come).post(tell_not_come)),
    ]
}

/// The list, for its reader.
pub(crate) const fn list_href(by_manager: bool) -> &'static str {
    if by_manager { "/werkplek/begonnen" } else { "/bedrijf/begonnen" }
}

/// `/bedrijf/begonnen`; `?baan=` shows one job.
pub(crate) async fn own(visit: Visit, address: RawQuery) -> Result<Response, Stop> {
    list(&visit, address, false).await
}

/// `/werkplek/begonnen`; `?baan=` shows one job.
pub(crate) async fn of_region(visit: Visit, address: RawQuery) -> Result<Response, Stop> {
    list(&visit, address, true).await
}

async fn list(visit: &Visit, address: RawQuery, by_manager: bool) -> Result<Response, Stop> {
    let opening_id: Option<OpeningId> = query(address).get("baan").parse().ok();
    let mut found = visit.ask(&WhoBegins { opening_id }).await.map_err(stop)?;
    // Those of whom it is not told yet whether they came stand first.
    found.sort_by_key(|person| (person.state != TicketState::Yes, person.first_day, person.number));
    let jobs = openings(visit, found.iter().map(|person| person.opening_id)).await;
    page(&Begin {
        l: visit.layout(),
        by_manager,
        rows: found.iter().map(|person| row(visit, person, jobs.get(&person.opening_id))).collect(),
        one_job: opening_id.is_some(),
        all: list_href(by_manager).to_owned(),
    })
}

fn row(visit: &Visit, person: &Beginner, opening: Option<&OpeningView>) -> BeginRow {
    let gone = || visit.t().get("interest-job-gone");
    BeginRow {
        href: format!("/begonnen/{}", person.ticket_id),
        job: opening.map_or_else(gone, |opening| opening.details.title.clone()),
        employer: opening.map(|opening| opening.employer_name.clone()).unwrap_or_default(),
        number: person.number,
        state: person.state,
        first_day: person.first_day,
        has_come: person.first_day <= clock::day(visit.now),
    }
}

async fn find(visit: &Visit, ticket: &str) -> Result<(TicketId, BeginRow), Stop> {
    let unknown = || stop(Problem::not_found("ticket"));
    let ticket_id: TicketId = ticket.parse().map_err(|_| unknown())?;
    let found = visit.ask(&WhoBegins { opening_id: None }).await.map_err(stop)?;
    let person = found.iter().find(|person| person.ticket_id == ticket_id).ok_or_else(unknown)?;
    let jobs = openings(visit, [person.opening_id]).await;
    Ok((ticket_id, row(visit, person, jobs.get(&person.opening_id))))
}

fn back(visit: &Visit) -> Result<String, Stop> {
    Ok(list_href(by_manager(visit)?).to_owned())
}

/// `/begonnen/{ticket}/contact`
pub(crate) async fn ask_contact(visit: Visit, Path(ticket): Path<String>) -> Result<Response, Stop> {
    let (_, row) = find(&visit, &ticket).await?;
    page(&BeginContact { l: visit.layout(), row, back: back(&visit)?, asked: false, reached: None })
}

/// Shows her name and number, once: written down, and shown to her.
pub(crate) async fn show_contact(visit: Visit, Path(ticket): Path<String>) -> Result<Response, Stop> {
    let (ticket_id, row) = find(&visit, &ticket).await?;
    let command = OpenContact {
        ground: ContactGround::Beginner { ticket_id },
        purpose: ContactPurpose::FirstDay,
        organisation: organisation(&visit).await?,
    };
    let reached = match visit.ask(&command).await {
        Ok(sealed) => Some(reached(&visit, visit.open(&sealed)?)),
        // No ground holds at this moment: she gave her place back, or it is too long ago.
        Err(problem) if matches!(problem.status, Status::Forbidden | Status::NotFound | Status::Gone) => None,
        Err(problem) => return Err(stop(problem)),
    };
    page(&BeginContact { l: visit.layout(), row, back: back(&visit)?, asked: true, reached })
}

/// `/begonnen/{ticket}/gekomen`
pub(crate) async fn ask_came(visit: Visit, Path(ticket): Path<String>) -> Result<Response, Stop> {
    ask(&visit, &ticket, true).await
}

/// `/begonnen/{ticket}/niet-gekomen`
pub(crate) async fn ask_not_come(visit: Visit, Path(ticket): Path<String>) -> Result<Response, Stop> {
    ask(&visit, &ticket, false).await
}

async fn ask(visit: &Visit, ticket: &str, came: bool) -> Result<Response, Stop> {
    let (_, row) = find(visit, ticket).await?;
    page(&BeginTold { l: visit.layout(), row, back: back(visit)?, came })
}

/// Tells that she came.
pub(crate) async fn tell_came(
    visit: Visit,
    Path(ticket): Path<String>,
    form: Fields,
) -> Result<Response, Stop> {
    tell(&visit, &ticket, &form, true).await
}

/// Tells that she did not come; the place becomes free.
pub(crate) async fn tell_not_come(
    visit: Visit,
    Path(ticket): Path<String>,
    form: Fields,
) -> Result<Response, Stop> {
    tell(&visit, &ticket, &form, false).await
}

async fn tell(visit: &Visit, ticket: &str, form: &Fields, came: bool) -> Result<Response, Stop> {
    let ticket_id: TicketId = ticket.parse().map_err(|_| stop(Problem::not_found("ticket")))?;
    visit.ask_with_key(form, &TellFirstDay { ticket_id, came }).await.map_err(stop)?;
    let told = if came { "notice-begin-came" } else { "notice-begin-not-come" };
    Ok(go_to(&back(visit)?, [notice(told)]))
}
