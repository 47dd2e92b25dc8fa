//! Signing somebody up for a line at the desk or by phone, and acting for her there.
//!
//! What is typed about her goes sealed to intake and stands in no address; her place in line does.

use axum::{extract::Path, http::StatusCode, response::Response};
use chassis::clock;
use chrono::NaiveDate;
use proto::{
    FieldProblem, OpeningId, Problem, Service, Status, TicketId,
    intake::{AtDesk, Newcomer, Recognise, Recognised},
    open_hiring::{
        Arrival, ChangeTicket, MyTickets, QueueView, SignUp, SignedUp, TicketOf, TicketState, TicketView,
        TicketWish,
    },
    vacancies::{Opening, OpeningView},
    work::Language,
};
use serde::Serialize;

use super::{confirm, days, desk_href, job, openings, queue_of, read_first, why_not_words};
use crate::{
    pages::{
        Choice, Layout, Notice,
        first_days::{choices, words},
        helper::HelperRegister,
        line::not_admitted_words,
        line_desk::{DeskTicket, LineDesk, OtherTicket},
    },
    web::{
        fields::Fields,
        first_days,
        helper::new_contact,
        once::Once,
        staff::{
            calls::{answer_part, typed_answer},
            interest::organisation,
            stop,
        },
        stop::Stop,
        view,
        visit::{Visit, go_to, notice, page, page_with},
    },
};

/// What was typed.
#[derive(Debug, Clone, Default, Serialize)]
struct Typed {
    name: String,
    contact: String,
    is_shared: bool,
    language: Language,
    first_days: Vec<NaiveDate>,
}

impl Typed {
    fn of_form(form: &Fields) -> Self {
        Self {
            name: form.get("naam").to_owned(),
            contact: form.get("contact").to_owned(),
            is_shared: form.get("gedeeld") == "ja",
            language: Language::from_tag(form.get("taal")).unwrap_or_default(),
            first_days: first_days::of_form(form),
        }
    }
}

/// The job and its line.
async fn find(visit: &Visit, id: &str) -> Result<(OpeningView, QueueView), Stop> {
    let opening_id: OpeningId = id.parse().map_err(|_| stop(Problem::not_found("opening")))?;
    let opening = visit.ask(&Opening { opening_id }).await.map_err(stop)?;
    Ok((opening, queue_of(visit, opening_id).await?))
}

fn form_page(l: Layout, opening: &OpeningView, queue: &QueueView, typed: &Typed) -> LineDesk {
    LineDesk {
        job: job(opening),
        closed: not_admitted_words(l.t, queue.admits, clock::local(queue.opens_at)),
        name: typed.name.clone(),
        contact: typed.contact.clone(),
        shared: vec![Choice::new("ja", l.t.get("line-desk-shared"), typed.is_shared)],
        languages: HelperRegister::languages(typed.language),
        days: choices(l.t, &first_days::to_choose(queue), &typed.first_days),
        checks: read_first(l.t, opening),
        l,
    }
}

/// `/rij/{opening}/balie`
pub(super) async fn form(visit: Visit, Path(id): Path<String>) -> Result<Response, Stop> {
    let (opening, queue) = find(&visit, &id).await?;
    page(&form_page(visit.layout(), &opening, &queue, &Typed::default()))
}

/// Signs somebody up. Who stands in this line already gets the place that is hers.
pub(super) async fn take(visit: Visit, Path(id): Path<String>, form: Fields) -> Result<Response, Stop> {
    let (opening, queue) = find(&visit, &id).await?;
    let typed = Typed::of_form(&form);
    let refused = |problem: &Problem| {
        let l = visit.layout_refused(&form, problem);
        page_with(StatusCode::BAD_REQUEST, &form_page(l, &opening, &queue, &typed))
    };
    if typed.name.is_empty() {
        return refused(&Problem::fields(vec![FieldProblem::new("naam", "name-empty")]));
    }
    let arrival = match recognise(&visit, &form, &typed, opening.opening_id).await {
        Ok(Ok(arrival)) => arrival,
        Ok(Err(problems)) => return refused(&view::at_fields(Problem::fields(problems), field_of)),
        Err(problem) if !problem.fields.is_empty() => return refused(&view::at_fields(problem, field_of)),
        Err(problem) => return Err(stop(problem)),
    };
    let opening_id = opening.opening_id;
    let once = Once::of(&visit, &form, &("in line", opening_id, arrival.seeker_id));
    let signed = once.ask_as_portal(&SignUp { people: vec![arrival] }).await.map_err(stop)?;
    let why_not = match signed.first() {
        Some(SignedUp::InLine { ticket_id, already, .. }) => {
            let told = if *already { "notice-line-already" } else { "notice-line-signed-up" };
            return Ok(go_to(&ticket_href(opening_id, *ticket_id), [notice(told)]));
        }
        Some(SignedUp::Gone) => Some(visit.t().get("line-gone")),
        // Full, closed or not open meanwhile: the line itself says so now.
        _ => None,
    };
    let queue = queue_of(&visit, opening_id).await?;
    let mut l = visit.layout();
    l.notice = why_not.map(Notice::Warning);
    page_with(StatusCode::CONFLICT, &form_page(l, &opening, &queue, &typed))
}

/// Who she is, by intake: a person with an id, or what is wrong with what was typed.
async fn recognise(
    visit: &Visit,
    form: &Fields,
    typed: &Typed,
    opening_id: OpeningId,
) -> Result<Result<Arrival, Vec<FieldProblem>>, Problem> {
    let staff = visit.staff().map_err(|_| Problem::forbidden())?;
    let organisation = organisation(visit).await.unwrap_or_default();
    let people = vec![Newcomer {
        name: typed.name.clone(),
        contact: typed.contact.clone(),
        language: typed.language,
        desk: Some(AtDesk { account_id: staff.account_id, organisation, shared: typed.is_shared }),
    }];
    let once = Once::of(visit, form, &people);
    let call = Recognise { people: once.seal(Service::Intake, &people) };
    match once.ask_as_portal(&call).await?.into_iter().next() {
        Some(Recognised::Person { seeker_id, ways, .. }) => {
            let with_help_of = Some(staff.account_id);
            let first_days = typed.first_days.clone();
            Ok(Ok(Arrival { opening_id, seeker_id, is_confirmed: true, ways, with_help_of, first_days }))
        }
        Some(Recognised::Refused { problems }) => Ok(Err(problems)),
        None => Err(Problem::internal()),
    }
}

/// The field of our form behind a field of the command.
fn field_of(problem: &FieldProblem) -> String {
    match problem.field.as_str() {
        "name" => "naam",
        "language" => "taal",
        _ => "contact",
    }
    .to_owned()
}

/// The page of a place in line at the desk.
pub(super) fn ticket_href(opening_id: OpeningId, ticket_id: TicketId) -> String {
    format!("{}/{ticket_id}", desk_href(opening_id))
}

/// The job and somebody's place in its line.
pub(super) async fn find_ticket(
    visit: &Visit,
    id: &str,
    ticket: &str,
) -> Result<(OpeningView, TicketView), Stop> {
    let unknown = || stop(Problem::not_found("ticket"));
    let (opening_id, ticket_id): (OpeningId, TicketId) = match (id.parse(), ticket.parse()) {
        (Ok(opening_id), Ok(ticket_id)) => (opening_id, ticket_id),
        _ => return Err(unknown()),
    };
    let ticket = visit.ask(&TicketOf { ticket_id }).await.map_err(stop)?;
    if ticket.opening_id != opening_id {
        return Err(unknown());
    }
    let opening = visit.ask(&Opening { opening_id }).await.map_err(stop)?;
    Ok((opening, ticket))
}

/// `/rij/{opening}/balie/{ticket}`: what she takes home, and what can be done for her.
pub(super) async fn ticket(
    visit: Visit,
    Path((id, ticket)): Path<(String, String)>,
) -> Result<Response, Stop> {
    let (opening, ticket) = find_ticket(&visit, &id, &ticket).await?;
    page(&ticket_page(&visit, visit.layout(), &opening, &ticket, &Fields::default()).await?)
}

async fn ticket_page(
    visit: &Visit,
    l: Layout,
    opening: &OpeningView,
    ticket: &TicketView,
    form: &Fields,
) -> Result<DeskTicket, Stop> {
    let mut mine = visit.ask(&MyTickets { seeker_id: ticket.seeker_id }).await.map_err(stop)?;
    mine.retain(|other| other.ticket_id != ticket.ticket_id);
    let jobs = openings(visit, mine.iter().map(|other| other.opening_id)).await;
    let other = |other: &TicketView| {
        Some(OtherTicket {
            href: ticket_href(other.opening_id, other.ticket_id),
            job: jobs.get(&other.opening_id)?.details.title.clone(),
            number: other.number,
            state: other.state,
        })
    };
    let offer = ticket.place.filter(|_| ticket.state == TicketState::Offered);
    let stands = |other: &TicketView| !matches!(other.state, TicketState::Ended | TicketState::Started);
    Ok(DeskTicket {
        job: job(opening),
        href: ticket_href(ticket.opening_id, ticket.ticket_id),
        number: ticket.number,
        state: ticket.state,
        confirm: confirm::is_open(ticket).then(|| confirm::href(ticket.opening_id, ticket.ticket_id)),
        before_her: ticket.before_her,
        first_day: ticket.place.map(|place| place.first_day),
        until: ticket.place.and_then(|place| place.until).map(clock::local),
        back_until: ticket.back_until.filter(|until| *until > ticket.now).map(clock::local),
        // Her own sentence says that she pauses; that no place is free is what waiting is.
        why_not: match ticket.state {
            TicketState::Waiting => why_not_words(l.t, ticket.why_not),
            _ => String::new(),
        },
        answer: offer.map(|place| {
            let others = mine.iter().any(stands);
            answer_part(l.t, opening, ticket.ticket_id, place.place_id, others, form)
        }),
        days: words(l.t, &ticket.first_days),
        days_href: first_days::can_change(ticket).then(|| days::href(ticket.opening_id, ticket.ticket_id)),
        contact_href: new_contact::href(ticket.seeker_id),
        others: mine.iter().filter_map(other).collect(),
        l,
    })
}

/// Does what she asks: answers an offer, pauses, goes on, leaves the line or comes back.
pub(super) async fn act(
    visit: Visit,
    Path((id, ticket)): Path<(String, String)>,
    form: Fields,
) -> Result<Response, Stop> {
    let (opening, ticket) = find_ticket(&visit, &id, &ticket).await?;
    let ticket_id = ticket.ticket_id;
    let done = if let Some(wish) = TicketWish::from_name(form.get("doe")) {
        visit.ask_with_key(&form, &ChangeTicket { ticket_id, wish }).await
    } else if let Some(answer) = typed_answer(&form) {
        visit.ask_with_key(&form, &answer).await
    } else {
        Err(Problem::fields(vec![FieldProblem::new("antwoord", "choice-missing")]))
    };
    match done {
        Ok(_) => Ok(go_to(&ticket_href(ticket.opening_id, ticket_id), [notice("notice-line-ticket")])),
        Err(problem) if !problem.fields.is_empty() => {
            let l = visit.layout_refused(&form, &problem);
            let shown = ticket_page(&visit, l, &opening, &ticket, &form).await?;
            page_with(StatusCode::BAD_REQUEST, &shown)
        }
        Err(problem) => not_now(&visit, &opening, ticket_id, problem).await,
    }
}

/// Her page as it stands now, with why what she asks cannot be done any more: nothing was changed.
///
/// # Errors
/// What is not about where her place stands.
pub(super) async fn not_now(
    visit: &Visit,
    opening: &OpeningView,
    ticket_id: TicketId,
    problem: Problem,
) -> Result<Response, Stop> {
    if !matches!(problem.status, Status::Conflict | Status::Gone) {
        return Err(stop(problem));
    }
    let mut l = visit.layout();
    let words = l.t.find(&format!("problem-{}", problem.code), &[]);
    l.notice = Some(Notice::Warning(words.unwrap_or_else(|| l.t.get("failure-text-changed"))));
    let now = visit.ask(&TicketOf { ticket_id }).await.map_err(stop)?;
    let shown = ticket_page(visit, l, opening, &now, &Fields::default()).await?;
    page_with(StatusCode::CONFLICT, &shown)
}
