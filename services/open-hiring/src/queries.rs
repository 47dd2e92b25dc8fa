//! What others may ask.

mod audit;

use chassis::{Caller, Fault, clock};
use chrono::{DateTime, Days, TimeDelta, Utc};
use proto::{
    Problem, QueueId, TicketId,
    open_hiring::{
        Admits, Beginner, CallTask, CallTasks, HeadsOf, HeadsPage, LineOf, LinePage, LineTicket, MyTickets,
        PlaceView, QueueOf, QueueView, Receipt, ReceiptOf, TicketDay, TicketEntry, TicketOf, TicketPlace,
        TicketView, WhoBegins, WhyNot,
    },
};
use serde_json::json;
use sqlx::PgConnection;

use crate::{
    OpenHiring,
    domain::{
        Stage, State, estimate,
        offer::{self, why_not},
        queue::NotAdmitted,
    },
    may,
    store::{
        call_tasks, heads, ledger, places,
        queues::{self, Stored as Queue},
        tickets::{self, Stored as Ticket},
    },
    use_cases::in_hand::monday,
    verify::HeadLine,
};

pub(crate) use audit::ledger_page;

/// Tickets of a line in one answer.
const LINE: u16 = 200;
/// Heads in one answer.
const HEADS: u16 = 500;
/// Commitments in one part of a receipt.
const COMMITMENTS: i64 = 2_000;
/// Calls in one answer.
const CALLS: i64 = 200;
/// How long who began stands in the list.
const BEGAN: TimeDelta = TimeDelta::weeks(4);

/// How a queue stands: for everyone.
pub(crate) async fn queue(app: &OpenHiring, asked: &QueueOf) -> Result<Option<QueueView>, Fault> {
    let mut tx = app.chassis.store.begin().await?;
    let now = tx.now();
    match queues::find(tx.conn(), QueueId::of(asked.opening_id)).await? {
        Some(stored) => Ok(Some(view(tx.conn(), stored, now).await?)),
        None => Ok(None),
    }
}

/// A queue as everyone may see it.
pub(crate) async fn view(
    conn: &mut PgConnection,
    stored: Queue,
    now: DateTime<Utc>,
) -> Result<QueueView, Fault> {
    let queue_id = stored.queue.queue_id;
    let withdrawn = places::withdrawn(conn, queue_id).await?;
    let mut places: Vec<_> = stored
        .queue
        .places
        .iter()
        .map(|place| PlaceView {
            place_id: place.place_id,
            first_day: place.first_day,
            state: places::named(place.state),
            too_soon: offer::is_too_soon(&stored.queue, place, now),
            withdrawn_for: withdrawn.iter().find(|(id, _)| *id == place.place_id).map(|(_, reason)| *reason),
        })
        .collect();
    places.sort_by_key(|place| place.first_day);
    let admits = match stored.queue.admits(now) {
        Ok(()) => Admits::Yes,
        Err(NotAdmitted::NotOpenYet(_)) => Admits::NotOpenYet,
        Err(NotAdmitted::Full) => Admits::Full,
        Err(NotAdmitted::Closed) => Admits::Closed,
    };
    Ok(QueueView {
        queue_id,
        employer_id: stored.employer_id,
        version: stored.version,
        opens_at: stored.queue.opens_at,
        now,
        answer_hours: stored.answer_hours,
        is_standing: stored.queue.is_standing,
        stage: queues::stage(stored.queue.stage),
        reason: stored.reason,
        admits,
        places,
        waiting: queues::waiting(conn, queue_id).await?,
        asked_per_week: asked_per_week(conn, &stored, now).await?,
        region: stored.region,
    })
}

/// How many were asked in each of the last whole weeks in which the line was open, the last one first.
async fn asked_per_week(
    conn: &mut PgConnection,
    stored: &Queue,
    now: DateTime<Utc>,
) -> Result<Vec<u32>, Fault> {
    let this = monday(now);
    let first = this - Days::new(7 * estimate::WEEKS as u64);
    let asked = queues::asked(conn, stored.queue.queue_id, first).await?;
    let open_since = stored.opened_at.max(stored.queue.opens_at);
    let weeks = (1..=estimate::WEEKS as u64).map(|back| this - Days::new(7 * back));
    Ok(weeks
        .take_while(|week| chassis::clock::day(open_since) <= *week)
        .map(|week| asked.iter().find(|(monday, _)| *monday == week).map_or(0, |(_, asked)| *asked))
        .collect())
}

/// Her places in line.
pub(crate) async fn my_tickets(
    app: &OpenHiring,
    caller: &Caller,
    asked: &MyTickets,
) -> Result<Vec<TicketView>, Fault> {
    may::act_for(&caller.actor, asked.seeker_id)?;
    let mut tx = app.chassis.store.begin().await?;
    let now = tx.now();
    let mut views = Vec::new();
    for stored in tickets::of_seeker(tx.conn(), asked.seeker_id).await? {
        views.push(view_of(tx.conn(), stored, now).await?);
    }
    // The latest sign-up first.
    views.sort_by_key(|view| std::cmp::Reverse(view.signed_up_at));
    Ok(views)
}

/// One place in line.
pub(crate) async fn ticket(app: &OpenHiring, caller: &Caller, asked: &TicketOf) -> Result<TicketView, Fault> {
    let mut tx = app.chassis.store.begin().await?;
    let now = tx.now();
    let stored = tickets::find(tx.conn(), asked.ticket_id).await?;
    let stored = stored.ok_or_else(|| Problem::not_found("ticket"))?;
    may::act_for(&caller.actor, stored.seeker_id)?;
    view_of(tx.conn(), stored, now).await
}

/// A place in line, as its person sees it.
pub(crate) async fn ticket_view(
    conn: &mut PgConnection,
    ticket_id: TicketId,
    now: DateTime<Utc>,
) -> Result<TicketView, Fault> {
    let stored = tickets::find(conn, ticket_id).await?.ok_or_else(|| Problem::not_found("ticket"))?;
    view_of(conn, stored, now).await
}

async fn view_of(conn: &mut PgConnection, stored: Ticket, now: DateTime<Utc>) -> Result<TicketView, Fault> {
    let queue = queues::find(conn, stored.queue_id).await?.ok_or_else(|| Problem::not_found("queue"))?;
    let ticket = &stored.ticket;
    let before_her = match ticket.state {
        State::Waiting | State::Paused => {
            queues::waiting_before(conn, stored.queue_id, ticket.number).await?
        }
        _ => 0,
    };
    let asked = asked_per_week(conn, &queue, now).await?;
    let history = ledger::of_ticket(conn, ticket.ticket_id).await?;
    Ok(TicketView {
        ticket_id: ticket.ticket_id,
        seeker_id: stored.seeker_id,
        opening_id: stored.queue_id.opening(),
        employer_id: queue.employer_id,
        version: stored.version,
        number: ticket.number,
        state: tickets::named(ticket.state),
        step: stored.step,
        is_confirmed: ticket.is_confirmed,
        signed_up_at: ticket.signed_up_at,
        now,
        before_her,
        weeks: estimate::weeks(before_her, &asked).filter(|_| ticket.state == State::Waiting),
        place: place_of(&queue, &stored),
        back_until: match ticket.state {
            State::Ended { back_until } => back_until.filter(|until| now < *until),
            _ => None,
        },
        why_not: why(&queue, &stored, now),
        first_days: queue
            .queue
            .first_days(clock::day(now))
            .into_iter()
            .map(|on| TicketDay { on, wanted: !ticket.refused_days.contains(&on) })
            .collect(),
        history,
    })
}

fn place_of(queue: &Queue, stored: &Ticket) -> Option<TicketPlace> {
    let place = queue.queue.place(stored.place()?)?;
    let until = match stored.ticket.state {
        State::Offered { until, .. } => Some(until),
        _ => None,
    };
    Some(TicketPlace { place_id: place.place_id, first_day: place.first_day, until })
}

fn why(queue: &Queue, stored: &Ticket, now: DateTime<Utc>) -> WhyNot {
    match why_not(&queue.queue, &stored.ticket, now) {
        offer::WhyNot::NotInLine => WhyNot::NotInLine,
        offer::WhyNot::Paused => WhyNot::Paused,
        offer::WhyNot::NotConfirmed => WhyNot::NotConfirmed,
        offer::WhyNot::NewContact(until) => WhyNot::NewContact { until },
        offer::WhyNot::Stopped => WhyNot::Stopped,
        offer::WhyNot::Closed => WhyNot::Closed,
        offer::WhyNot::OtherDays => WhyNot::OtherDays,
        offer::WhyNot::TooSoon => WhyNot::TooSoon,
        offer::WhyNot::NoPlaceFree => WhyNot::NoPlaceFree,
        offer::WhyNot::Soon => WhyNot::Soon,
    }
}

/// The proof of her place, in parts: the first entry about her, and the way from it to a published head.
pub(crate) async fn receipt(
    app: &OpenHiring,
    caller: &Caller,
    asked: &ReceiptOf,
) -> Result<Option<Receipt>, Fault> {
    let mut tx = app.chassis.store.begin().await?;
    let conn = tx.conn();
    let stored = tickets::find(conn, asked.ticket_id).await?.ok_or_else(|| Problem::not_found("ticket"))?;
    may::herself(&caller.actor, stored.seeker_id)?;
    let queue_id = stored.queue_id;
    let Some(TicketEntry { n, .. }) = ledger::of_ticket(conn, asked.ticket_id).await?.into_iter().next()
    else {
        return Ok(None);
    };
    let Some(head) = heads::first_with(conn, queue_id, n).await? else { return Ok(None) };
    let after = asked.after.unwrap_or(n).max(n);
    let part = ledger::page(conn, queue_id, after, head.count, COMMITMENTS).await?;
    let commitments: Vec<String> =
        part.iter().map(|entry| format!("\"{}\"", entry.kept.commitment.hex())).collect();
    let next = part.last().map(|entry| entry.n).filter(|last| *last < head.count);
    let mut json = String::new();
    if asked.after.is_none() {
        let before = ledger::head_after(conn, queue_id, n - 1).await?;
        let own = ledger::page(conn, queue_id, n - 1, n, 1).await?.pop();
        let (Some(before), Some((nonce, entry))) = (before, own.and_then(|own| own.kept.content)) else {
            return Ok(None);
        };
        let first = json!({
            "receipt": "dichterbij queue v1", "queue": queue_id.0.hyphenated().to_string(), "n": n,
            "nonce": nonce.hex(), "entry": entry, "before": before.hex(), "head": HeadLine::told(&head),
        });
        // The commitments come last, so that however many there are they can be added part by part.
        json = first.to_string();
        json.truncate(json.len() - 1);
        json.push_str(",\"after\":[");
    } else if !commitments.is_empty() {
        json.push(',');
    }
    json.push_str(&commitments.join(","));
    if next.is_none() {
        json.push_str("]}");
    }
    Ok(Some(Receipt { json, next }))
}

/// The line, in order of number, for whoever looks after it.
pub(crate) async fn line(app: &OpenHiring, caller: &Caller, asked: &LineOf) -> Result<LinePage, Fault> {
    let mut tx = app.chassis.store.begin().await?;
    let now = tx.now();
    let queue_id = QueueId::of(asked.opening_id);
    let queue = queues::find(tx.conn(), queue_id).await?.ok_or_else(|| Problem::not_found("queue"))?;
    may::see_line(&caller.actor, queue.employer_id, &queue.region)?;
    let limit = i64::from(asked.limit.clamp(1, LINE));
    let read = tickets::page_of_line(tx.conn(), queue_id, asked.after, limit + 1).await?;
    let shown = read.iter().take(limit as usize);
    let next =
        (read.len() > limit as usize).then(|| shown.clone().next_back().map(|last| last.ticket.number));
    let tickets = shown
        .map(|stored| LineTicket {
            ticket_id: stored.ticket.ticket_id,
            number: stored.ticket.number,
            state: tickets::named(stored.ticket.state),
            step: stored.step,
            changed_at: stored.changed_at,
            place: place_of(&queue, stored),
            why_not: why(&queue, stored, now),
            can_be_set_right: queue.queue.stage != Stage::Closed && stored.ticket.set_right().is_ok(),
        })
        .collect();
    Ok(LinePage { tickets, next: next.flatten(), total: queue.last_number })
}

/// Who begins at the caller's employer or in the caller's regions.
pub(crate) async fn who_begins(
    app: &OpenHiring,
    caller: &Caller,
    asked: &WhoBegins,
) -> Result<Vec<Beginner>, Fault> {
    let (employer_id, regions) = may::see_beginners(&caller.actor)?;
    let mut tx = app.chassis.store.begin().await?;
    let since = chassis::clock::day(tx.now() - BEGAN);
    let (employer, opening) = (employer_id.map(|id| id.0), asked.opening_id.map(|id| id.0));
    let rows = tickets::beginners(tx.conn(), employer, &regions, opening, since).await?;
    Ok(rows
        .into_iter()
        .map(|(ticket_id, queue_id, number, state, first_day)| Beginner {
            ticket_id,
            opening_id: queue_id.opening(),
            number,
            state,
            first_day,
        })
        .collect())
}

/// Published heads, and the keys that signed here: for everyone.
pub(crate) async fn heads(app: &OpenHiring, asked: &HeadsOf) -> Result<HeadsPage, Fault> {
    let mut conn = app.chassis.store.pool().acquire().await?;
    let limit = i64::from(asked.limit.clamp(1, HEADS));
    let heads = heads::page(&mut conn, QueueId::of(asked.opening_id), asked.before, limit).await?;
    Ok(HeadsPage { heads, keys: heads::keys(&mut conn).await? })
}

/// Calls to make in the caller's regions.
pub(crate) async fn calls(app: &OpenHiring, caller: &Caller, _: &CallTasks) -> Result<Vec<CallTask>, Fault> {
    let (_, regions) = may::call(&caller.actor)?;
    let mut conn = app.chassis.store.pool().acquire().await?;
    Ok(call_tasks::open_in(&mut conn, regions, CALLS).await?)
}
