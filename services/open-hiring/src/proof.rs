//! Queues in the simulator: lines that move by the real rules, whoever signs up, answers, leaves or is erased, in whatever
//! order (`chassis::proof`).
//!
//! Not played: the hashes of the ledger (`tests/model` proves them), published heads, and what a restore takes over.

mod asks;
mod paper;
mod turn;

use std::{collections::BTreeMap, sync::Arc};

use chassis::proof::{Dice, Proof, Stop, Table, Told, Work};
use chrono::{DateTime, TimeDelta, Utc};
use proto::{
    CallTaskId, Service, TicketId,
    open_hiring::{ChangeReason, TicketErased},
};
use uuid::Uuid;

use crate::{
    domain::{
        Entry, State,
        ticket::{COMES_BACK_WITHIN, CONFIRMED_WITHIN, NEW_CONTACT_WAITS},
    },
    events::publish,
    store::{
        openings::Opening,
        queues::Stored as Queue,
        tickets::{self, Stored as Ticket},
    },
    use_cases::move_on::KEPT,
};

pub use asks::Ask;

/// Open-hiring, as the simulator knows it.
#[derive(Default)]
pub struct OpenHiringProof;

/// What open-hiring keeps under one id.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Row {
    /// What is written under the lock of one queue; the id is that of its opening, too.
    Queue(Box<Whole>),
    /// A confirmation that waits for its sign-up.
    Confirmed(DateTime<Utc>),
}

/// A queue with its opening and everybody in it.
#[derive(Clone, PartialEq, Eq)]
pub struct Whole {
    opening: Opening,
    queue: Option<Queue>,
    tickets: BTreeMap<u32, Ticket>,
    /// Numbers whose people are erased.
    erased: BTreeMap<u32, TicketId>,
    /// Calls to make.
    calls: BTreeMap<TicketId, CallTaskId>,
    /// Why somebody said that no offers are made, as long as nobody said that they go on.
    stopped_for: Option<ChangeReason>,
    /// What was entered; nothing where its person is erased.
    ledger: Arc<Vec<Option<Entry>>>,
}

impl Whole {
    fn of(opening: Opening) -> Self {
        Self {
            opening,
            queue: None,
            tickets: BTreeMap::new(),
            erased: BTreeMap::new(),
            calls: BTreeMap::new(),
            stopped_for: None,
            ledger: Arc::new(Vec::new()),
        }
    }
}

impl std::fmt::Debug for Whole {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let Opening { version, state, is_route, .. } = &self.opening;
        write!(f, "opening v{version} {state} (route: {is_route})")?;
        if let Some(queue) = &self.queue {
            write!(f, ", queue {:?} {:?} {:?}", queue.queue.stage, queue.reason, queue.queue.places)?;
        }
        for ticket in self.tickets.values().map(|stored| &stored.ticket) {
            write!(f, "\n  {ticket:?}")?;
        }
        Ok(())
    }
}

/// What the clock does.
#[derive(Debug, Clone, Copy)]
pub enum Due {
    /// A queue moves on.
    MoveOn,
    /// A confirmation waited long enough.
    ForgetConfirmation,
}

/// `store::tickets::due`.
fn is_due(stored: &Ticket, now: DateTime<Utc>) -> bool {
    let ticket = &stored.ticket;
    let has_come = |moment: Option<DateTime<Utc>>| moment.is_some_and(|moment| moment <= now);
    let by_state = match ticket.state {
        State::Offered { until, .. } => until <= now,
        State::Waiting | State::Paused
            if !ticket.is_confirmed && ticket.signed_up_at <= now - CONFIRMED_WITHIN =>
        {
            true
        }
        State::Waiting => has_come(ticket.no_offer_before),
        _ => false,
    };
    by_state || has_come(stored.rung_due_at)
}

impl Proof for OpenHiringProof {
    type Row = Row;
    type Ask = Ask;
    type Due = Due;

    fn service(&self) -> Service {
        Service::OpenHiring
    }

    fn ask(&self, seen: &Table<Row>, now: DateTime<Utc>, dice: &mut Dice) -> Option<Ask> {
        asks::ask(seen, now, dice)
    }

    fn decide(&self, work: &mut Work<'_, Row>, ask: &Ask) -> Result<(), Stop> {
        turn::decide(work, ask)
    }

    fn hear(&self, work: &mut Work<'_, Row>, told: &[Told]) -> Result<(), Stop> {
        turn::hear(work, told)
    }

    fn due(&self, row: &Row, now: DateTime<Utc>) -> Option<Due> {
        match row {
            Row::Queue(whole) => {
                let is_to_tell = whole.queue.as_ref().is_some_and(|queue| queue.to_tell);
                let is_due = is_to_tell || whole.tickets.values().any(|ticket| is_due(ticket, now));
                is_due.then_some(Due::MoveOn)
            }
            Row::Confirmed(at) => (*at < now - KEPT).then_some(Due::ForgetConfirmation),
        }
    }

    fn by_clock(&self, work: &mut Work<'_, Row>, id: Uuid, due: Due) -> Result<(), Stop> {
        match due {
            Due::MoveOn => turn::move_on(work, id),
            Due::ForgetConfirmation => {
                work.delete(id);
                Ok(())
            }
        }
    }

    fn announces(&self, _: Uuid, row: &Row) -> Vec<Told> {
        let Row::Queue(whole) = row else { return Vec::new() };
        let Some(queue) = &whole.queue else { return Vec::new() };
        let ticket = |stored: &Ticket| {
            let place = stored.place().and_then(|place| queue.queue.place(place));
            Told::of(publish::ticket_changed(queue, stored, place))
        };
        let erased = |ticket_id| Told::of(TicketErased { ticket_id, version: chassis::replay::AFTER_ALL });
        std::iter::once(Told::of(publish::queue_changed(queue)))
            .chain(whole.tickets.values().map(ticket))
            .chain(whole.erased.values().copied().map(erased))
            .collect()
    }

    fn mirrors(&self, row: &Row) -> Option<String> {
        match row {
            // What is shown to nobody is told with fewer words.
            Row::Queue(whole) if whole.opening.state == "published" => Some(format!("{:?}", whole.opening)),
            Row::Queue(whole) => Some(whole.opening.state.clone()),
            Row::Confirmed(_) => None,
        }
    }

    fn waits_for(&self, _: &Row) -> Vec<Service> {
        Vec::new()
    }

    fn steps(&self) -> &'static [&'static str] {
        paper::STEPS
    }

    fn step(
        &self,
        before: Option<&Row>,
        after: Option<&Row>,
        now: DateTime<Utc>,
    ) -> Result<&'static str, String> {
        match (before, after) {
            (None, Some(Row::Confirmed(_))) => Ok("confirmation kept"),
            (Some(Row::Confirmed(was)), Some(Row::Confirmed(at))) if was < at => Ok("confirmation renewed"),
            (Some(Row::Confirmed(at)), None) => {
                Ok(if *at < now - KEPT { "confirmation waited in vain" } else { "confirmation erased" })
            }
            (None, Some(Row::Queue(after))) => paper::first(after),
            (Some(Row::Queue(before)), Some(Row::Queue(after))) => {
                let wrong = |what| format!("{what}\nfrom {before:?}\nto {after:?}");
                paper::step(before, after, now).map_err(wrong)
            }
            _ => Err(format!("no such step: from {before:?} to {after:?}")),
        }
    }

    fn check(&self, table: &Table<Row>) -> Result<(), String> {
        for (id, row) in &table.rows {
            match row {
                Row::Confirmed(_) if table.forgotten.contains(id) => {
                    return Err("a confirmation of somebody who is erased is here".to_owned());
                }
                Row::Confirmed(_) => {}
                Row::Queue(whole) => {
                    let is_gone = |id: Uuid| table.forgotten.contains(&id);
                    paper::check(whole, is_gone).map_err(|what| format!("{what}: {whole:?}"))?;
                }
            }
        }
        Ok(())
    }

    fn at_rest(&self, table: &Table<Row>, now: DateTime<Utc>) -> Result<(), String> {
        for row in table.rows.values() {
            if let Row::Queue(whole) = row {
                paper::at_rest(whole, now).map_err(|what| format!("{what}: {whole:?}"))?;
            }
        }
        Ok(())
    }

    fn jumps(&self) -> &'static [TimeDelta] {
        // Answers of an hour or a day, deadlines of the rules, and first days of this week and the next.
        const JUMPS: &[TimeDelta] = &[
            TimeDelta::hours(1),
            TimeDelta::hours(4),
            COMES_BACK_WITHIN,
            NEW_CONTACT_WAITS,
            CONFIRMED_WITHIN,
            TimeDelta::days(4),
            TimeDelta::days(8),
        ];
        JUMPS
    }
}

/// Where she stands, for whoever asks.
fn named(ticket: &Ticket) -> proto::open_hiring::TicketState {
    tickets::named(ticket.ticket.state)
}
