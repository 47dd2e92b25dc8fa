//! Going to stand in line: a first name and a number, or one button for who is signed in.

use std::time::Duration;

use axum::{extract::Path, http::StatusCode, response::Response};
use chrono::NaiveDate;
use proto::{
    OpeningId, Problem, SeekerId, TicketId,
    intake::{self, Recognised},
    open_hiring::{Admits, Arrival, QueueView, SignedUp, TicketState, TicketView, Ways},
    vacancies::OpeningView,
};
use serde::{Deserialize, Serialize};

use super::{my_tickets, needs_of, sign_up_href, ticket_href, ways, work_of};
use crate::{
    pages::{
        Layout,
        failures::Happened,
        first_days::choices,
        queue::{Newcomer, Reached, SignUpPage, law_lines},
    },
    web::{
        fields::Fields,
        first_days,
        pace::TooMany,
        seeker::{
            codes,
            draft::{Reach, field_of},
            language,
            mine::{layout, told},
            near, openings,
        },
        stop::Stop,
        view,
        visit::{Visit, Who, go_to, notice, page, page_with},
    },
};

/// The least time before we say that a code is on its way: longer than it takes to find or to write one person, so that
/// the time tells nobody whose number is known, and who stands in line. Short, because in a rush everyone waits for it.
const BEFORE_ANSWERING: Duration = Duration::from_millis(20);

/// How somebody who is signed in can be reached, as known when the form was made: in the rush the button asks nobody.
#[derive(Serialize, Deserialize)]
struct Known {
    seeker_id: SeekerId,
    ways: Ways,
}

fn opening_id(id: &str) -> Result<OpeningId, Stop> {
    id.parse().map_err(|_| Happened::NotFound.into())
}

fn sign_up_page(
    l: Layout,
    opening: &OpeningView,
    queue: &QueueView,
    wanted: &[NaiveDate],
    newcomer: Newcomer,
) -> SignUpPage {
    SignUpPage {
        work: work_of(opening),
        action: sign_up_href(opening.opening_id),
        checks: opening.details.self_checks.clone(),
        laws: law_lines(l.t, &needs_of(opening)),
        newcomer,
        days: choices(l.t, &first_days::to_choose(queue), wanted),
        l,
    }
}

/// Whether she knows that she stands in line: anyone can put a number there, and the form is where she says that she wants
/// it herself.
fn stands(ticket: &TicketView) -> bool {
    ticket.is_confirmed && ticket.state != TicketState::Ended
}

/// `/rij/{id}/aanmelden`
pub(super) async fn form(visit: Visit, Path(id): Path<String>) -> Result<Response, Stop> {
    refuse_staff(&visit)?;
    let opening = match openings::look_up(&visit, &id).await? {
        openings::Looked::Open(opening) => opening,
        openings::Looked::Gone(around) => return openings::gone(&visit, around).await,
    };
    let opening_id = opening.opening_id;
    let queue = visit.app.arrivals.look(opening_id).await?.ok_or(Happened::NotFound)?;
    let mine = my_tickets(&visit).await;
    if let Some(ticket) = mine.iter().find(|ticket| stands(ticket) && ticket.opening_id == opening_id) {
        return Ok(go_to(&ticket_href(ticket.ticket_id), [notice("notice-queue-already")]));
    }
    if queue.admits != Admits::Yes {
        // The page of the opening says why, and until when.
        return Ok(go_to(&near::href(opening_id), None));
    }
    let Who::Seeker(seeker_id) = visit.who else {
        let nobody = Newcomer::Unknown { name: String::new(), contact: String::new() };
        return page(&sign_up_page(visit.layout(), &opening, &queue, &[], nobody));
    };
    let details = told(&visit).await?;
    let known = Known { seeker_id, ways: ways(&details) };
    let newcomer = Newcomer::Known {
        reached: Reached::by(details.contact.as_deref()),
        sealed: visit.seal(proto::Service::Portal, &known).base64,
    };
    page(&sign_up_page(layout(&visit, &details), &opening, &queue, &[], newcomer))
}

/// Signing up somebody else is another act, with a page of its own.
fn refuse_staff(visit: &Visit) -> Result<(), Stop> {
    match visit.who {
        Who::Staff(_) => Err(Happened::NoAccess.into()),
        _ => Ok(()),
    }
}

/// Puts her in line; answered when it is stored. Twice is once: one person has one place.
pub(super) async fn take(visit: Visit, Path(id): Path<String>, form: Fields) -> Result<Response, Stop> {
    refuse_staff(&visit)?;
    let opening_id = opening_id(&id)?;
    match visit.who {
        Who::Seeker(seeker_id) => take_known(&visit, opening_id, seeker_id, &form).await,
        _ => take_newcomer(&visit, opening_id, &form).await,
    }
}

async fn take_known(
    visit: &Visit,
    opening_id: OpeningId,
    seeker_id: SeekerId,
    form: &Fields,
) -> Result<Response, Stop> {
    let sealed = proto::Sealed::<Known>::from_base64(form.get("hoe").to_owned());
    let known = visit.app.chassis.keys.open(&sealed).ok().filter(|known| known.seeker_id == seeker_id);
    let ways = match known {
        Some(known) => known.ways,
        None => ways(&told(visit).await?),
    };
    let first_days = first_days::of_form(form);
    let arrival = Arrival { opening_id, seeker_id, is_confirmed: true, ways, with_help_of: None, first_days };
    Ok(match visit.app.arrivals.sign_up(arrival).await? {
        SignedUp::InLine { ticket_id, already, .. } => {
            let told = if already { "notice-queue-already" } else { "notice-queue-in-line" };
            go_to(&ticket_href(ticket_id), [notice(told)])
        }
        SignedUp::NotOpenYet { .. } | SignedUp::Full | SignedUp::Closed => {
            go_to(&near::href(opening_id), None)
        }
        SignedUp::NoLine => return Err(Happened::NotFound.into()),
        SignedUp::Gone => return Err(Happened::SessionEnded { staff: false }.into()),
    })
}

async fn take_newcomer(visit: &Visit, opening_id: OpeningId, form: &Fields) -> Result<Response, Stop> {
    let (Reach { name, contact, .. }, mut problems) = Reach::of_form(form);
    // How she likes to be reached is not asked here.
    problems.retain(|problem| problem.field != "kanaal");
    if !problems.is_empty() {
        return refuse(visit, opening_id, form, &Problem::fields(problems)).await;
    }
    if visit.app.pace.wait(&visit.network).await == Err(TooMany) {
        return Err(Happened::TooOften { minutes: 1 }.into());
    }
    // No code goes out for a line that nobody can join.
    let queue = visit.app.arrivals.look(opening_id).await?.ok_or(Happened::NotFound)?;
    if queue.admits != Admits::Yes {
        return Ok(go_to(&near::href(opening_id), None));
    }
    let newcomer = intake::Newcomer { name, contact, language: language(visit), desk: None };
    let put = put_in_line(visit, opening_id, newcomer, first_days::of_form(form));
    match tokio::join!(put, tokio::time::sleep(BEFORE_ANSWERING)).0? {
        Put::AwaitsCode(cookie) => Ok(go_to("/rij/code", [cookie])),
        Put::Refused(problem) => refuse(visit, opening_id, form, &problem).await,
        Put::DoorShut => Ok(go_to(&near::href(opening_id), None)),
    }
}

/// What became of somebody who is not signed in.
enum Put {
    /// She stands in line when her code comes back, whoever she is; this browser waits for it.
    AwaitsCode(axum::http::HeaderValue),
    /// Something in the form is wrong.
    Refused(Problem),
    /// Nobody can join any more.
    DoorShut,
}

async fn put_in_line(
    visit: &Visit,
    opening_id: OpeningId,
    newcomer: intake::Newcomer,
    first_days: Vec<NaiveDate>,
) -> Result<Put, Stop> {
    let arrivals = &visit.app.arrivals;
    let (seeker_id, ways, challenge_id) = match arrivals.recognise(newcomer.clone()).await? {
        Recognised::Person { seeker_id, ways, challenge_id } => (seeker_id, ways, challenge_id),
        Recognised::Refused { problems } => {
            let problem = Problem::fields(problems);
            return Ok(Put::Refused(view::at_fields(problem, |field| field_of(&field.field).to_owned())));
        }
    };
    let challenge_id = challenge_id.ok_or(Happened::OurFault)?;
    let arrival = Arrival {
        opening_id,
        seeker_id,
        is_confirmed: false,
        ways,
        with_help_of: None,
        first_days: first_days.clone(),
    };
    Ok(match arrivals.sign_up(arrival).await? {
        SignedUp::InLine { ticket_id, .. } => {
            let line = codes::Line { opening_id, ticket_id, name: newcomer.name, first_days };
            Put::AwaitsCode(codes::waits_in_line(visit, challenge_id, &newcomer.contact, line))
        }
        SignedUp::NotOpenYet { .. } | SignedUp::Full | SignedUp::Closed | SignedUp::NoLine => Put::DoorShut,
        // She was erased in between: whoever comes again is somebody new.
        SignedUp::Gone => return Err(Happened::NotNow.into()),
    })
}

/// Her code came back, so the place is hers: at once, and not only when open-hiring has heard it of intake. If it cannot be
/// told now, it hears it all the same.
pub(in crate::web::seeker) async fn is_hers(
    visit: &Visit,
    line: &codes::Line,
    seeker_id: SeekerId,
) -> TicketId {
    // How she is reached was told when she signed up; a browser that waits for a code keeps nothing about who it is for.
    let ways = Ways { message: true, ..Ways::default() };
    let opening_id = line.opening_id;
    let first_days = line.first_days.clone();
    let arrival = Arrival { opening_id, seeker_id, is_confirmed: true, ways, with_help_of: None, first_days };
    match visit.app.arrivals.sign_up(arrival).await {
        Ok(SignedUp::InLine { ticket_id, .. }) => ticket_id,
        Ok(_) => line.ticket_id,
        Err(problem) => {
            tracing::warn!(%problem, "a place in line becomes hers a moment later");
            line.ticket_id
        }
    }
}

/// Sends another code to who waits for one; she keeps her place.
pub(in crate::web::seeker) async fn again(
    visit: &Visit,
    line: &codes::Line,
    contact: &str,
) -> Result<axum::http::HeaderValue, Stop> {
    if visit.app.pace.wait(&visit.network).await == Err(TooMany) {
        return Err(Happened::TooOften { minutes: 1 }.into());
    }
    let newcomer = intake::Newcomer {
        name: line.name.clone(),
        contact: contact.to_owned(),
        language: language(visit),
        desk: None,
    };
    match put_in_line(visit, line.opening_id, newcomer, line.first_days.clone()).await? {
        Put::AwaitsCode(cookie) => Ok(cookie),
        Put::Refused(problem) => Err(problem.into()),
        Put::DoorShut => Err(Happened::Gone.into()),
    }
}

/// The form with what was typed and what is wrong with it.
async fn refuse(
    visit: &Visit,
    opening_id: OpeningId,
    form: &Fields,
    problem: &Problem,
) -> Result<Response, Stop> {
    let opening = match openings::look_up(visit, &opening_id.to_string()).await? {
        openings::Looked::Open(opening) => opening,
        openings::Looked::Gone(around) => return openings::gone(visit, around).await,
    };
    let newcomer =
        Newcomer::Unknown { name: form.get("naam").to_owned(), contact: form.get("contact").to_owned() };
    let queue = visit.app.arrivals.look(opening_id).await?.ok_or(Happened::NotFound)?;
    let (l, wanted) = (visit.layout_refused(form, problem), first_days::of_form(form));
    page_with(StatusCode::BAD_REQUEST, &sign_up_page(l, &opening, &queue, &wanted, newcomer))
}

#[cfg(test)]
mod tests {
    use proto::open_hiring::TicketStep;

    use super::{super::examples::ticket, *};

    #[test]
    fn who_was_put_in_line_by_somebody_else_can_still_sign_up_herself() {
        let waiting = ticket(TicketState::Waiting, TicketStep::SignedUp);
        assert!(stands(&waiting));
        assert!(!stands(&TicketView { is_confirmed: false, ..waiting }));
        assert!(stands(&ticket(TicketState::Paused, TicketStep::NotReached)));
        assert!(!stands(&ticket(TicketState::Ended, TicketStep::SteppedDown)), "and comes back to her place");
    }
}
