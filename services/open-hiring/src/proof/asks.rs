//! What people ask of queues: sensible things most often, late and wrong ones now and then.

use chassis::{
    clock::day,
    proof::{Dice, Table},
};
use chrono::{DateTime, Days, NaiveDate, TimeDelta, Utc};
use proto::{
    OpeningId, PlaceId, SeekerId, TicketId,
    open_hiring::{
        Answer, AnswerHours, Arrival, CallResult, ChangeReason, FirstDay, QueueChange, TicketWish, Ways,
        WentWrong,
    },
};
use uuid::Uuid;

use super::{Row, Ticket, Whole};
use crate::domain::State;

/// Most people in one line.
const MOST: usize = 8;
/// People whom intake does not know in this run, so that lines are longer than the few whom it does.
const OTHERS: [Uuid; 3] = [Uuid::from_u128(11), Uuid::from_u128(12), Uuid::from_u128(13)];

/// What somebody asks.
#[derive(Debug, Clone)]
pub enum Ask {
    /// Open the queue of an opening.
    Open {
        /// Of which.
        id: Uuid,
        /// From when on people sign up.
        opens_at: DateTime<Utc>,
        /// How long they have to answer.
        hours: AnswerHours,
        /// Whether they may wait for places that are not there yet.
        is_standing: bool,
        /// The places.
        days: Vec<FirstDay>,
    },
    /// Change a queue.
    Change(Uuid, QueueChange),
    /// Stand in line.
    SignUp(Uuid, Vec<Arrival>),
    /// Answer an offer.
    Answer(TicketId, PlaceId, Answer),
    /// Something else that she wants.
    Wish(TicketId, TicketWish),
    /// On which first days she wants to begin.
    Days(TicketId, Vec<NaiveDate>),
    /// Whether she came on her first day.
    FirstDay(TicketId, bool),
    /// What came of a call about her offer.
    Call(TicketId, CallResult),
    /// How it ended was written down wrongly.
    SetRight(TicketId, WentWrong),
}

pub(super) fn ask(seen: &Table<Row>, now: DateTime<Utc>, dice: &mut Dice) -> Option<Ask> {
    let (mut wholes, mut people) = (Vec::new(), OTHERS.to_vec());
    for (id, row) in &seen.rows {
        match row {
            Row::Queue(whole) => {
                wholes.push((*id, &**whole));
                people.extend(whole.tickets.values().map(|stored| stored.seeker_id.0));
            }
            Row::Confirmed(_) => people.extend([*id; 4]),
        }
    }
    // Somebody may have the page open still, whom open-hiring has forgotten meanwhile.
    people.extend(seen.forgotten.iter().take(1).copied());
    let queues: Vec<(Uuid, &Whole)> = wholes.iter().copied().filter(|(_, of)| of.queue.is_some()).collect();
    let without: Vec<Uuid> = wholes
        .iter()
        .filter(|(_, of)| of.queue.is_none() && of.opening.is_open_for().is_some())
        .map(|(id, _)| *id)
        .collect();
    if !without.is_empty() && (queues.is_empty() || dice.one_in(4)) {
        return Some(open(dice.pick(&without), now, dice));
    }
    if queues.is_empty() {
        // A queue for what is not public.
        return (!wholes.is_empty() && dice.one_in(10)).then(|| open(dice.pick(&wholes).0, now, dice));
    }
    let (id, whole) = dice.pick(&queues);
    let tickets: Vec<&Ticket> = whole.tickets.values().collect();
    // Most often somebody whose answer or whose first day has come.
    let is_awaited = |of: &&Ticket| match of.ticket.state {
        State::Offered { .. } => true,
        State::Yes { place } => has_come(whole, place, now),
        _ => false,
    };
    let awaited: Vec<&Ticket> = tickets.iter().copied().filter(is_awaited).collect();
    let of = if awaited.is_empty() || dice.one_in(2) { &tickets } else { &awaited };
    Some(match dice.below(16) {
        0..5 if tickets.len() < MOST => sign_up(id, whole, &people, dice),
        0..13 if !tickets.is_empty() => {
            // One in eight wants what another would.
            let hers = dice.pick(of);
            let like = if dice.one_in(8) { dice.pick(&tickets) } else { hers };
            of_ticket(hers.ticket.ticket_id, whole, like, now, dice)
        }
        15 if dice.one_in(4) => open(id, now, dice),
        13.. => Ask::Change(id, change(whole, now, dice)),
        _ => sign_up(id, whole, &people, dice),
    })
}

fn days(now: DateTime<Utc>, dice: &mut Dice) -> Vec<FirstDay> {
    let mut on = day(now) + Days::new(u64::from(!dice.one_in(20)) + dice.below(6) as u64);
    let mut days = Vec::new();
    // Few, so that most people have to wait.
    for _ in 0..=usize::from(dice.one_in(3)) {
        days.push(FirstDay { on, places: 1 + u16::from(dice.one_in(4)) });
        on = on + Days::new(1 + dice.below(3) as u64);
    }
    days
}

fn open(id: Uuid, now: DateTime<Utc>, dice: &mut Dice) -> Ask {
    let opens_at = if dice.one_in(5) { now + TimeDelta::hours(1) } else { now };
    let hours = dice.pick(&[(1, 0, 24), (2, 9, 18), (9, 9, 18)]);
    let hours = AnswerHours { hours: hours.0, from: hours.1, until: hours.2 };
    Ask::Open { id, opens_at, hours, is_standing: dice.one_in(2), days: days(now, dice) }
}

fn sign_up(id: Uuid, whole: &Whole, people: &[Uuid], dice: &mut Dice) -> Ask {
    let arrival = |dice: &mut Dice| {
        let ways = dice.pick(&[
            (true, false, false),
            (true, true, false),
            (false, true, false),
            (false, true, true),
        ]);
        Arrival {
            opening_id: OpeningId(id),
            seeker_id: SeekerId(dice.pick(people)),
            is_confirmed: !dice.one_in(3),
            ways: Ways { message: ways.0, call: ways.1, second_number: false, adviser: ways.2 },
            with_help_of: None,
            first_days: if dice.one_in(4) { some_days(whole, dice) } else { Vec::new() },
        }
    };
    let count = 1 + dice.below(3);
    Ask::SignUp(id, (0..count).map(|_| arrival(dice)).collect())
}

fn change(whole: &Whole, now: DateTime<Utc>, dice: &mut Dice) -> QueueChange {
    let places: Vec<PlaceId> =
        whole.queue.iter().flat_map(|queue| &queue.queue.places).map(|place| place.place_id).collect();
    match dice.below(12) {
        0..3 => QueueChange::AddPlaces { first_days: days(now, dice) },
        3..5 if !places.is_empty() => {
            QueueChange::WithdrawPlace { place_id: dice.pick(&places), reason: ChangeReason::LessWork }
        }
        5..7 => QueueChange::StopOffers { reason: ChangeReason::LabourConflict },
        7 => QueueChange::StopOffers { reason: ChangeReason::PlaceOfWork },
        8..11 => QueueChange::GoOn {},
        _ => QueueChange::Close { reason: ChangeReason::PlaceOfWork },
    }
}

/// Some of the first days that a line has or had; none now and then.
fn some_days(whole: &Whole, dice: &mut Dice) -> Vec<NaiveDate> {
    let places = whole.queue.iter().flat_map(|queue| &queue.queue.places);
    places.map(|place| place.first_day).filter(|_| dice.one_in(2)).collect()
}

/// Whether it is the first day of a place, or later.
fn has_come(whole: &Whole, place: PlaceId, now: DateTime<Utc>) -> bool {
    let place = whole.queue.as_ref().and_then(|queue| queue.queue.place(place));
    place.is_some_and(|place| place.first_day <= day(now))
}

/// What somebody wants who stands like this.
fn of_ticket(id: TicketId, whole: &Whole, like: &Ticket, now: DateTime<Utc>, dice: &mut Dice) -> Ask {
    let wish = |wish| Ask::Wish(id, wish);
    match like.ticket.state {
        _ if dice.one_in(12) => Ask::Days(id, some_days(whole, dice)),
        State::Waiting => match dice.below(5) {
            0 => wish(TicketWish::StepDown),
            1 => wish(TicketWish::GoOn),
            _ => wish(TicketWish::Pause),
        },
        State::Offered { place, .. } => match dice.below(10) {
            0..5 => Ask::Answer(id, place, Answer::Yes { leave_others: !dice.one_in(3) }),
            5 => Ask::Answer(id, place, Answer::No),
            6 => Ask::Answer(id, place, Answer::NotThatDay),
            7 => Ask::Answer(id, place, Answer::Later),
            _ => Ask::Call(id, dice.pick(&[CallResult::NoAnswer, CallResult::NoAnswer, CallResult::Reached])),
        },
        State::Yes { place } => {
            let has_come = has_come(whole, place, now);
            match dice.below(6) {
                0 => Ask::Answer(id, place, Answer::No),
                1..3 if !has_come => wish(TicketWish::GiveBack),
                1..3 => Ask::FirstDay(id, false),
                _ => Ask::FirstDay(id, true),
            }
        }
        State::Paused => match dice.below(5) {
            0 => wish(TicketWish::StepDown),
            1 => wish(TicketWish::Pause),
            _ => wish(TicketWish::GoOn),
        },
        State::Started { .. } | State::Ended { .. } if dice.one_in(3) => {
            Ask::SetRight(id, dice.pick(WentWrong::ALL))
        }
        State::Started { .. } => Ask::FirstDay(id, dice.one_in(2)),
        State::Ended { .. } => {
            wish(dice.pick(&[TicketWish::ComeBack, TicketWish::ComeBack, TicketWish::GoOn]))
        }
    }
}
