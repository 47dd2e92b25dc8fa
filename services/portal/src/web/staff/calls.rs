//! Calls to make about an offer: the list, one call with her number, and what came of it.

use axum::{
    extract::Path,
    http::StatusCode,
    response::Response,
    routing::{get, post},
};
use chassis::clock;
use proto::{
    CallTaskId, FieldProblem, PlaceId, Problem, Sealed, Service, Status, TicketId,
    intake::{ContactGround, ContactPurpose, OpenContact},
    open_hiring::{
        Answer, AnswerOffer, CallResult, CallTask, CallTasks, MyTickets, ReportCall, Rung, TicketState,
    },
    vacancies::OpeningView,
};
use serde::{Deserialize, Serialize};

use crate::{
    pages::{
        Layout, Notice,
        calls::{AnswerPart, CallPage, CallRow, Calls},
        interest::Reached,
    },
    texts::Texts,
    web::{
        fields::Fields,
        guard::Access::Staff,
        once::Once,
        routes::{Route, route},
        staff::{
            MANAGERS,
            interest::{organisation, reached},
            queue::{legal, openings},
            stop,
        },
        stop::Stop,
        visit::{Visit, go_to, notice, page, page_with},
    },
};

const HERE: &str = "/werkplek/bellen";

/// The routes of this part.
pub(crate) fn routes() -> Vec<Route> {
    vec![
        route(HERE, Staff(MANAGERS), || get(list)),
        route("/werkplek/bellen/{task}", Staff(MANAGERS), || get(one).post(report)),
        route("/werkplek/bellen/{task}/nummer", Staff(MANAGERS), || post(show_number)),
    ]
}

fn row(visit: &Visit, task: &CallTask, opening: Option<&OpeningView>) -> CallRow {
    let gone = || visit.t().get("interest-job-gone");
    CallRow {
        href: format!("{HERE}/{}", task.task_id),
        job: opening.map_or_else(gone, |opening| opening.details.title.clone()),
        employer: opening.map(|opening| opening.employer_name.clone()).unwrap_or_default(),
        place: opening.map(|opening| opening.place.clone()).unwrap_or_default(),
        first_day: task.place.first_day,
        until: task.place.until.map(clock::local),
        rung: task.rung,
        since: clock::local(task.opened_at),
    }
}

/// `/werkplek/bellen`
pub(crate) async fn list(visit: Visit) -> Result<Response, Stop> {
    list_with(&visit, visit.layout(), StatusCode::OK).await
}

async fn list_with(visit: &Visit, l: Layout, status: StatusCode) -> Result<Response, Stop> {
    let tasks = visit.ask(&CallTasks {}).await.map_err(stop)?;
    let jobs = openings(visit, tasks.iter().map(|task| task.opening_id)).await;
    let rows = tasks.iter().map(|task| row(visit, task, jobs.get(&task.opening_id))).collect();
    page_with(status, &Calls { l, rows })
}

/// What somebody answers, to fill in.
pub(crate) fn answer_part(
    t: Texts,
    opening: &OpeningView,
    ticket_id: TicketId,
    place_id: PlaceId,
    others: bool,
    form: &Fields,
) -> AnswerPart {
    AnswerPart {
        ticket: ticket_id.to_string(),
        place: place_id.to_string(),
        employer: opening.employer_name.clone(),
        legal: legal(t, opening),
        answers: AnswerPart::answers(t, form.get("antwoord")),
        others: if others { AnswerPart::others(t, form.get("andere") == "weg") } else { Vec::new() },
    }
}

/// What somebody answers, as typed: to the offer that the page was about.
pub(crate) fn typed_answer(form: &Fields) -> Option<AnswerOffer> {
    let answer = match form.get("antwoord") {
        "ja" => Answer::Yes { leave_others: form.get("andere") == "weg" },
        "nee" => Answer::No,
        "later" => Answer::Later,
        "niet_die_dag" => Answer::NotThatDay,
        _ => return None,
    };
    let (ticket_id, place_id) = (form.get("plek").parse().ok()?, form.get("plaats").parse().ok()?);
    Some(AnswerOffer { ticket_id, place_id, answer })
}

/// Her name and number, as the page keeps them for itself.
#[derive(Serialize, Deserialize)]
struct Kept {
    name: String,
    contact: String,
    second: String,
}

/// What is known of her number.
enum Number {
    NotAsked,
    Refused,
    Shown(Reached),
}

/// A task, and its job. A task that is over needs no call any more.
async fn find(visit: &Visit, id: &str) -> Result<Option<(CallTask, OpeningView)>, Stop> {
    let unknown = || stop(Problem::not_found("call-task"));
    let task_id: CallTaskId = id.parse().map_err(|_| unknown())?;
    let tasks = visit.ask(&CallTasks {}).await.map_err(stop)?;
    let Some(task) = tasks.into_iter().find(|task| task.task_id == task_id) else { return Ok(None) };
    let opening = openings(visit, [task.opening_id]).await.remove(&task.opening_id);
    Ok(Some((task, opening.ok_or_else(|| stop(Problem::not_found("opening")))?)))
}

fn over() -> Response {
    go_to(HERE, [notice("notice-call-gone")])
}

async fn call_page(
    visit: &Visit,
    l: Layout,
    (task, opening): &(CallTask, OpeningView),
    number: Number,
    form: &Fields,
) -> Result<CallPage, Stop> {
    let mine = visit.ask(&MyTickets { seeker_id: task.seeker_id }).await.map_err(stop)?;
    let others = mine.iter().any(|other| {
        other.ticket_id != task.ticket_id && !matches!(other.state, TicketState::Ended | TicketState::Started)
    });
    let mut answer = answer_part(l.t, opening, task.ticket_id, task.place.place_id, others, form);
    answer.answers = AnswerPart::results(l.t, form.get("antwoord"));
    let refused = matches!(number, Number::Refused);
    let reached = if let Number::Shown(reached) = number { Some(reached) } else { None };
    let kept = reached.as_ref().map(|reached| {
        let kept = Kept {
            name: reached.name.clone(),
            contact: reached.contact.clone(),
            second: reached.second.clone(),
        };
        visit.seal(Service::Portal, &kept).base64
    });
    Ok(CallPage {
        l,
        row: row(visit, task, Some(opening)),
        reached,
        kept: kept.unwrap_or_default(),
        refused,
        answer,
    })
}

/// `/werkplek/bellen/{task}`
pub(crate) async fn one(visit: Visit, Path(id): Path<String>) -> Result<Response, Stop> {
    let Some(found) = find(&visit, &id).await? else { return Ok(over()) };
    page(&call_page(&visit, visit.layout(), &found, Number::NotAsked, &Fields::default()).await?)
}

/// Shows her number: written down, and shown to her.
pub(crate) async fn show_number(visit: Visit, Path(id): Path<String>) -> Result<Response, Stop> {
    let Some(found) = find(&visit, &id).await? else { return Ok(over()) };
    let command = OpenContact {
        ground: ContactGround::Offer { ticket_id: found.0.ticket_id },
        purpose: match found.0.rung {
            Rung::SecondNumber => ContactPurpose::SecondNumber,
            Rung::Message | Rung::Call | Rung::Adviser => ContactPurpose::Offer,
        },
        organisation: organisation(&visit).await?,
    };
    let number = match visit.ask(&command).await {
        Ok(sealed) => Number::Shown(reached(&visit, visit.open(&sealed)?)),
        // No ground holds at this moment: she answered, or her offer is over.
        Err(problem) if matches!(problem.status, Status::Forbidden | Status::NotFound | Status::Gone) => {
            Number::Refused
        }
        Err(problem) => return Err(stop(problem)),
    };
    page(&call_page(&visit, visit.layout(), &found, number, &Fields::default()).await?)
}

/// Takes what came of a call. What she said goes first, to the offer that the page was about, also when the call was not
/// needed any more: she hears what became of it.
pub(crate) async fn report(visit: Visit, Path(id): Path<String>, form: Fields) -> Result<Response, Stop> {
    let task_id: CallTaskId = id.parse().map_err(|_| stop(Problem::not_found("call-task")))?;
    let said = typed_answer(&form);
    let result = match (&said, form.get("antwoord")) {
        (Some(_), _) => CallResult::Reached,
        (None, "no_answer") => CallResult::NoAnswer,
        (None, "wrong_number") => CallResult::WrongNumber,
        _ => return not_chosen(&visit, &id, &form).await,
    };
    let refused = match &said {
        Some(answer) => visit.ask_with_key(&form, answer).await.err(),
        None => None,
    };
    if let Some(problem) =
        refused.as_ref().filter(|problem| !matches!(problem.status, Status::Conflict | Status::Gone))
    {
        return Err(stop(problem.clone()));
    }
    let once = Once::of(&visit, &form, &(task_id, result));
    once.ask(&ReportCall { task_id, result }).await.map_err(stop)?;
    let Some(problem) = refused else { return Ok(go_to(HERE, [notice("notice-call-saved")])) };
    let mut l = visit.layout();
    let late = problem.code == "answer-too-late";
    l.notice = Some(Notice::Warning(l.t.get(if late { "call-too-late" } else { "call-offer-over" })));
    list_with(&visit, l, StatusCode::CONFLICT).await
}

/// The same page with her number, when nothing was chosen.
async fn not_chosen(visit: &Visit, id: &str, form: &Fields) -> Result<Response, Stop> {
    let Some(found) = find(visit, id).await? else { return Ok(over()) };
    let problem = Problem::fields(vec![FieldProblem::new("antwoord", "choice-missing")]);
    let l = visit.layout_refused(form, &problem);
    let kept = Sealed::<Kept>::from_base64(form.get("nummer").to_owned());
    let number = visit.app.chassis.keys.open(&kept).map_or(Number::NotAsked, |kept| {
        Number::Shown(Reached {
            name: kept.name,
            contact: kept.contact,
            second: kept.second,
            channel: String::new(),
            remark: String::new(),
        })
    });
    page_with(StatusCode::BAD_REQUEST, &call_page(visit, l, &found, number, form).await?)
}

#[cfg(test)]
mod tests {
    use uuid::Uuid;

    use super::*;

    fn form(answer: &str, others: &str) -> Fields {
        let (ticket, place) = (TicketId(Uuid::from_u128(1)), PlaceId(Uuid::from_u128(2)));
        [
            ("antwoord", answer.to_owned()),
            ("andere", others.to_owned()),
            ("plek", ticket.to_string()),
            ("plaats", place.to_string()),
        ]
        .map(|(name, value)| (name.to_owned(), value))
        .into_iter()
        .collect()
    }

    #[test]
    fn an_answer_is_to_the_offer_that_the_page_was_about() {
        let said = typed_answer(&form("ja", "weg")).unwrap();
        assert_eq!((said.ticket_id.0.as_u128(), said.place_id.0.as_u128()), (1, 2));
        assert_eq!(said.answer, Answer::Yes { leave_others: true });
        let answer = |words: &str| typed_answer(&form(words, "")).map(|said| said.answer);
        assert_eq!(answer("ja"), Some(Answer::Yes { leave_others: false }));
        assert_eq!(answer("nee"), Some(Answer::No));
        assert_eq!(answer("later"), Some(Answer::Later));
        assert_eq!(answer("niet_die_dag"), Some(Answer::NotThatDay));
        for none in ["", "no_answer", "wrong_number", "misschien"] {
            assert_eq!(answer(none), None, "{none}");
        }
        let without_offer = [("antwoord".to_owned(), "ja".to_owned())].into_iter().collect();
        assert!(typed_answer(&without_offer).is_none());
    }
}
