//! Messages between services that are stuck (dead letters), for administrators.

use std::sync::atomic::Ordering;

use axum::{
    extract::{Path, RawQuery},
    http::StatusCode,
    response::Response,
    routing::{get, post},
};
use chassis::{Fault, clock};
use futures::future::join_all;
use proto::{
    Actor, Problem, Service,
    dead_letters::{DeadLetter, DeadLetters, DiscardDeadLetter, Retried, RetryDeadLetter},
};
use uuid::Uuid;

use crate::{
    Portal,
    pages::{
        FieldError, Layout, Notice,
        stuck::{Stuck, StuckRow},
    },
    web::{
        fields::Fields,
        guard::Access::Staff,
        routes::{Route, route},
        staff::{ADMINISTRATORS, PER_PAGE, query, stop, with_fields},
        stop::Stop,
        view,
        visit::{Visit, go_to, notice, page_with},
    },
};

const HERE: &str = "/beheer/vastgelopen";

/// The routes of this part.
pub(crate) fn routes() -> Vec<Route> {
    vec![
        route(HERE, Staff(ADMINISTRATORS), || get(list)),
        route("/beheer/vastgelopen/opnieuw", Staff(ADMINISTRATORS), || post(retry_page)),
        route("/beheer/vastgelopen/{service}/{consumer}/{event}/opnieuw", Staff(ADMINISTRATORS), || {
            post(retry)
        }),
        route("/beheer/vastgelopen/{service}/{consumer}/{event}/weg", Staff(ADMINISTRATORS), || {
            post(discard)
        }),
    ]
}

/// Counts what is stuck everywhere, for the menu of administrators. What does not answer keeps the others' count.
pub(crate) async fn count(app: &Portal) -> Result<(), Fault> {
    let portal = Actor::Service { service: Service::Portal };
    let (bus, none) = (app.chassis.bus.hasty(), DeadLetters { skip: 0, limit: 0 });
    let asked =
        Service::ALL.map(|service| bus.call_at(service, &portal, app.chassis.chance.uuid_v4(), &none));
    let counting = join_all(asked);
    // Nobody waits for it when the portal stops.
    let answers = tokio::select! {
        answers = counting => answers,
        () = app.chassis.stopping.cancelled() => return Ok(()),
    };
    app.stuck.store(answers.iter().flatten().map(|page| page.open).sum(), Ordering::Relaxed);
    Ok(())
}

/// `/beheer/vastgelopen`
pub(crate) async fn list(visit: Visit, asked: RawQuery) -> Result<Response, Stop> {
    let number = view::page_number(&query(asked));
    show(&visit, StatusCode::OK, visit.layout(), number, ("", "")).await
}

/// The list; `typed` is the field that was refused, and what was typed there.
async fn show(
    visit: &Visit,
    status: StatusCode,
    l: Layout,
    number: u32,
    typed: (&str, &str),
) -> Result<Response, Stop> {
    let counts = join_all(
        Service::ALL
            .map(|service| async move { (service, ask(visit, service, 0, 0).await.map(|page| page.open)) }),
    )
    .await;
    let away = counts.iter().filter(|(_, open)| open.is_err()).map(|(service, _)| service.to_string());
    let away: Vec<String> = away.collect();
    if let (true, Some((_, Err(problem)))) = (away.len() == counts.len(), counts.first()) {
        return Err(stop(problem.clone()));
    }
    // One list through all services: those before the page are passed over.
    let (mut skip, mut left) = ((number - 1) * PER_PAGE, PER_PAGE);
    let (mut rows, mut total) = (Vec::new(), 0);
    for (service, open) in counts {
        let Ok(open) = open else { continue };
        total += u64::from(open);
        if left > 0 && skip < open {
            let page = ask(visit, service, skip, left.min(open - skip)).await.map_err(stop)?;
            left -= u32::try_from(page.letters.len()).unwrap_or(left).min(left);
            rows.extend(page.letters.into_iter().map(|letter| row(service, letter, typed)));
        }
        skip = skip.saturating_sub(open);
    }
    if away.is_empty() {
        visit.app.stuck.store(u32::try_from(total).unwrap_or(u32::MAX), Ordering::Relaxed);
    }
    let l = Layout { path: HERE.to_owned(), stuck: visit.app.stuck.load(Ordering::Relaxed), ..l };
    let pager = view::pager(HERE, number, total, PER_PAGE);
    page_with(status, &Stuck { l, rows, total, away, pager })
}

async fn ask(
    visit: &Visit,
    service: Service,
    skip: u32,
    limit: u32,
) -> Result<proto::dead_letters::DeadLetterPage, Problem> {
    let limit = u16::try_from(limit).unwrap_or(u16::MAX);
    visit.ask_at(service, visit.new_key(), &DeadLetters { skip, limit }).await
}

/// The key of a form and its letter: every form of a page carries the same key, and two letters are two deeds.
fn key_of(visit: &Visit, form: &Fields, event_id: Uuid) -> Uuid {
    let key = form.get("key").parse().unwrap_or_else(|_| visit.new_key());
    Uuid::from_u128(key.as_u128() ^ event_id.as_u128())
}

/// The field of a letter: a letter is known by its event and its reading.
fn field_of(consumer: &str, event_id: Uuid) -> String {
    format!("reden-{consumer}-{event_id}")
}

fn row(service: Service, letter: DeadLetter, (field, typed): (&str, &str)) -> StuckRow {
    let own = field_of(&letter.consumer, letter.event_id);
    StuckRow {
        letter: format!("{service}/{}/{}", letter.consumer, letter.event_id),
        at: letter.consumer,
        from: letter.from,
        kind: letter.kind,
        about: letter.about.map(|id| id.to_string()).unwrap_or_default(),
        reason: letter.reason,
        attempts: letter.attempts,
        since: clock::local(letter.died_at),
        note: if own == field { typed.to_owned() } else { String::new() },
        field: own,
    }
}

/// What an address names.
fn named(service: &str, event: &str) -> Result<(Service, Uuid), Stop> {
    let unknown = || stop(Problem::not_found("dead-letter"));
    let service = Service::from_name(service).ok_or_else(unknown)?;
    Ok((service, event.parse().map_err(|_| unknown())?))
}

/// Somebody else decided, or an erasure took it away meanwhile: nothing is left to do.
fn is_decided(problem: &Problem) -> bool {
    matches!(problem.code.as_str(), "dead-letter-decided" | "dead-letter-unknown")
}

/// Lets a message through, if it can.
pub(crate) async fn retry(
    visit: Visit,
    Path((service, consumer, event)): Path<(String, String, String)>,
    form: Fields,
) -> Result<Response, Stop> {
    let (service, event_id) = named(&service, &event)?;
    match visit
        .ask_at(service, key_of(&visit, &form, event_id), &RetryDeadLetter { event_id, consumer })
        .await
    {
        Ok(Retried::TookEffect) => Ok(go_to(HERE, [notice("notice-stuck-took-effect")])),
        Ok(Retried::HadTakenEffect) => Ok(go_to(HERE, [notice("notice-stuck-had-taken-effect")])),
        Ok(Retried::FailedAgain { .. }) => {
            let l = Layout {
                notice: Some(Notice::Warning(visit.t().get("stuck-failed-again"))),
                ..visit.layout()
            };
            show(&visit, StatusCode::OK, l, view::page_number(&form), ("", "")).await
        }
        Err(problem) if is_decided(&problem) => Ok(go_to(HERE, [notice("notice-stuck-decided")])),
        Err(problem) => Err(stop(problem)),
    }
}

/// Lets every message of a page through that can; they are the ones that the form names, which she saw.
pub(crate) async fn retry_page(visit: Visit, form: Fields) -> Result<Response, Stop> {
    let mut failed = 0_usize;
    for letter in form.all("bericht").take(PER_PAGE as usize) {
        let mut parts = letter.split('/');
        let (Some(service), Some(consumer), Some(event)) = (parts.next(), parts.next(), parts.next()) else {
            return Err(stop(Problem::not_found("dead-letter")));
        };
        let (service, event_id) = named(service, event)?;
        let command = RetryDeadLetter { event_id, consumer: consumer.to_owned() };
        match visit.ask_at(service, key_of(&visit, &form, event_id), &command).await {
            Ok(Retried::TookEffect | Retried::HadTakenEffect) => {}
            Ok(Retried::FailedAgain { .. }) => failed += 1,
            Err(problem) if is_decided(&problem) => {}
            // What was let through before it stays so, and is gone from the list.
            Err(problem) => return Err(stop(problem)),
        }
    }
    if failed == 0 {
        return Ok(go_to(HERE, [notice("notice-stuck-all-through")]));
    }
    let warning = Notice::Warning(visit.t().one("stuck-some-failed-again", "count", failed));
    show(
        &visit,
        StatusCode::OK,
        Layout { notice: Some(warning), ..visit.layout() },
        view::page_number(&form),
        ("", ""),
    )
    .await
}

/// Puts a message away for good, with a reason.
pub(crate) async fn discard(
    visit: Visit,
    Path((service, consumer, event)): Path<(String, String, String)>,
    form: Fields,
) -> Result<Response, Stop> {
    let (service, event_id) = named(&service, &event)?;
    let field = field_of(&consumer, event_id);
    let note = form.get(&field).to_owned();
    let command = DiscardDeadLetter { event_id, consumer, note: note.clone() };
    match visit.ask_at(service, key_of(&visit, &form, event_id), &command).await {
        Ok(()) => Ok(go_to(HERE, [notice("notice-stuck-discarded")])),
        Err(problem) if is_decided(&problem) => Ok(go_to(HERE, [notice("notice-stuck-decided")])),
        Err(problem) => {
            let problem = with_fields(problem)?;
            let errors = problem.fields.into_iter().map(|error| (field.clone(), FieldError::from(error)));
            let l = Layout { errors: errors.collect(), ..visit.layout() };
            show(&visit, StatusCode::BAD_REQUEST, l, view::page_number(&form), (&field, &note)).await
        }
    }
}
