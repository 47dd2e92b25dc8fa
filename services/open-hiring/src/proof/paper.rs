//! The rules of a queue from docs/queue-ledger.md, as a second opinion: what was entered in one transaction is judged entry
//! by entry on a line of paper, and must lead to what is kept. Nothing here decides; the domain's types are only read.

use std::collections::{BTreeMap, BTreeSet};

use chassis::clock::{at_hour, day};
use chrono::{DateTime, NaiveDate, TimeDelta, Utc};
use proto::{
    PlaceId, TicketId,
    open_hiring::{ChangeReason, TicketStep},
};
use uuid::Uuid;

use super::{Queue, Whole};
use crate::domain::{
    Entry, Place, PlaceState, Stage, State, Ticket, What, answer_time::AnswerTime, line::Line,
};

type Judged<T> = Result<T, String>;

pub(super) const STEPS: &[&str] = &[
    "confirmation kept",
    "confirmation renewed",
    "confirmation waited in vain",
    "confirmation erased",
    "opening heard of",
    "opening over before it was heard of",
    "opening renewed",
    "queue opened",
    "places added",
    "place taken back",
    "offers stopped",
    "offers ended for a conflict",
    "offers stopped with the opening",
    "stopped for another reason",
    "offers go on",
    "offers go on with the opening",
    "queue closed",
    "queue over with its opening",
    "everybody told that it is over",
    "stood in line",
    "stood in line and was asked",
    "confirmed",
    "confirmed and was asked",
    "nobody confirmed",
    "another contact",
    "a new number had waited",
    "tried otherwise",
    "said yes",
    "said no",
    "not on that day",
    "other days",
    "other days, and was asked",
    "said later",
    "did not answer",
    "was not reached",
    "paused",
    "paused for other work",
    "took part again",
    "left the line",
    "left the line for good",
    "came back",
    "gave her place back",
    "began",
    "did not come",
    "set right",
    "erased",
    "erased, and her place was free",
];

/// The first that is kept of an opening.
pub(super) fn first(after: &Whole) -> Judged<&'static str> {
    must(after.queue.is_none() && after.tickets.is_empty(), "a queue without an opening")?;
    Ok(if after.opening.state == "published" {
        "opening heard of"
    } else {
        "opening over before it was heard of"
    })
}

fn must(holds: bool, wrong: &str) -> Judged<()> {
    if holds { Ok(()) } else { Err(wrong.to_owned()) }
}

/// A queue on paper.
#[derive(Default)]
struct Paper {
    has_begun: bool,
    opens_at: DateTime<Utc>,
    is_standing: bool,
    is_running: bool,
    is_closed: bool,
    in_conflict: bool,
    /// How long people have to answer.
    time: Option<AnswerTime>,
    last_number: u32,
    places: BTreeMap<PlaceId, Place>,
    line: BTreeMap<u32, Ticket>,
    numbers: BTreeMap<TicketId, u32>,
    /// Who was called about her offer and not reached.
    called: BTreeSet<TicketId>,
    /// Places that somebody had who is erased in this transaction.
    left: BTreeSet<PlaceId>,
}

impl Paper {
    fn of(before: &Whole, after: &Whole) -> Self {
        let Some(queue) = &before.queue else {
            let is_standing = after.queue.as_ref().is_some_and(|queue| queue.queue.is_standing);
            let time = after.queue.as_ref().map(|queue| queue.queue.answer_time);
            return Self { is_standing, time, is_running: true, ..Self::default() };
        };
        let (mut line, mut left, mut called) = (BTreeMap::new(), BTreeSet::new(), BTreeSet::new());
        for (number, stored) in &before.tickets {
            if after.erased.contains_key(number) {
                left.extend(stored.place().filter(|_| !matches!(stored.ticket.state, State::Started { .. })));
            } else {
                line.insert(*number, stored.ticket.clone());
            }
            if stored.called {
                called.insert(stored.ticket.ticket_id);
            }
        }
        Self {
            has_begun: true,
            opens_at: queue.queue.opens_at,
            is_standing: queue.queue.is_standing,
            is_running: queue.queue.stage == Stage::Running,
            is_closed: queue.queue.stage == Stage::Closed,
            in_conflict: after.stopped_for == Some(ChangeReason::LabourConflict),
            time: Some(queue.queue.answer_time),
            last_number: queue.last_number,
            places: queue.queue.places.iter().map(|place| (place.place_id, place.clone())).collect(),
            numbers: line
                .iter()
                .map(|(number, ticket): (&u32, &Ticket)| (ticket.ticket_id, *number))
                .collect(),
            line,
            called,
            left,
        }
    }

    fn hers(&mut self, ticket_id: TicketId) -> Judged<&mut Ticket> {
        let number = self.numbers.get(&ticket_id).ok_or("nobody stands in line with this ticket")?;
        self.line.get_mut(number).ok_or_else(|| "nobody has this number".to_owned())
    }

    /// A place is nobody's any more: it goes to the next, or leaves.
    fn free(&mut self, place_id: PlaceId) -> Judged<()> {
        let place = self.places.get_mut(&place_id).ok_or("there is no such place")?;
        place.state = if place.leaves { PlaceState::Withdrawn } else { PlaceState::Free };
        Ok(())
    }

    /// An offer of hers ends, in time or not, and she stands otherwise.
    fn ends_offer(
        &mut self,
        (ticket_id, place_id): (TicketId, PlaceId),
        after: impl Fn(DateTime<Utc>) -> State,
        fits: impl Fn(DateTime<Utc>) -> bool,
    ) -> Judged<()> {
        let hers = self.hers(ticket_id)?;
        match hers.state {
            State::Offered { place, until } if place == place_id => {
                must(fits(until), "an answer after the deadline, or a deadline that has not come")?;
                hers.state = after(until);
            }
            _ => return Err("she has no such offer".to_owned()),
        }
        self.free(place_id)
    }

    fn ends_yes(&mut self, (ticket_id, place_id): (TicketId, PlaceId), after: State) -> Judged<()> {
        let hers = self.hers(ticket_id)?;
        must(hers.state == State::Yes { place: place_id }, "she did not say yes to this place")?;
        hers.state = after;
        Ok(())
    }

    /// Whether a place can be had at this moment by somebody who stands like this.
    fn may_have(ticket: &Ticket, place: &Place, at: DateTime<Utc>) -> bool {
        let new_number_waits = ticket.no_offer_before.is_some_and(|moment| at < moment);
        ticket.state == State::Waiting
            && ticket.is_confirmed
            && !new_number_waits
            && !ticket.refused_days.contains(&place.first_day)
    }

    fn is_had(&self, place: &Place, at: DateTime<Utc>) -> bool {
        self.is_running
            && place.state == PlaceState::Free
            && !place.leaves
            && self.time.is_none_or(|time| time.fits_before(at_hour(place.first_day, 0), at))
    }

    /// The lowest number that could have this place.
    fn next_for(&self, place: &Place, at: DateTime<Utc>) -> Option<u32> {
        self.line.iter().find(|(_, ticket)| Self::may_have(ticket, place, at)).map(|(number, _)| *number)
    }

    fn add(&mut self, entry: &Entry, today: NaiveDate) -> Judged<()> {
        const DAY: TimeDelta = TimeDelta::hours(24);
        let at = entry.at;
        must(
            self.has_begun == !matches!(entry.what, What::QueueOpened { .. }),
            "a queue opens once, and first",
        )?;
        match entry.what {
            What::QueueOpened { opens_at } => (self.has_begun, self.opens_at) = (true, opens_at),
            What::PlaceAdded { place, first_day } => {
                must(
                    !self.is_closed && first_day > today,
                    "a place after the end, or on a day that has come",
                )?;
                let is_new = self.places.insert(place, Place::new(place, first_day)).is_none();
                must(is_new, "a place was added twice")?;
            }
            What::PlaceWithdrawn { place, .. } => {
                let place = self.places.get_mut(&place).ok_or("there is no such place")?;
                let may = !place.leaves && !matches!(place.state, PlaceState::Started(_));
                must(may, "a place was taken back twice, or somebody works there")?;
                place.leaves = true;
                if place.state == PlaceState::Free {
                    place.state = PlaceState::Withdrawn;
                }
            }
            What::OffersStopped { .. } => {
                must(self.is_running, "offers were stopped already")?;
                self.is_running = false;
            }
            What::OffersGoOn {} => {
                must(!self.is_running && !self.is_closed, "offers were made already, or it is over")?;
                self.is_running = true;
            }
            What::QueueClosed { .. } => {
                must(!self.is_closed, "it was closed already")?;
                (self.is_running, self.is_closed) = (false, true);
            }
            What::PlaceFreed { place } => {
                must(self.left.remove(&place), "nobody who had this place was erased")?;
                self.free(place)?;
            }
            What::SignedUp { ticket, number } => self.sign_up(ticket, number, at)?,
            What::Confirmed { ticket } => {
                let hers = self.hers(ticket)?;
                must(!hers.is_confirmed && !is_over(hers), "she was confirmed already, or it is over")?;
                hers.is_confirmed = true;
            }
            What::Unconfirmed { ticket } => {
                let hers = self.hers(ticket)?;
                let is_time = at >= hers.signed_up_at + DAY * 2;
                must(is_time && !hers.is_confirmed, "she had time to confirm, or did")?;
                must(matches!(hers.state, State::Waiting | State::Paused), "she is not in line")?;
                hers.state = State::Ended { back_until: None };
            }
            What::ContactChanged { ticket, no_offer_before } => {
                let hers = self.hers(ticket)?;
                must(hers.is_confirmed && !is_over(hers), "there was nothing to take over")?;
                must(no_offer_before == at + DAY, "a new number waits a day")?;
                hers.no_offer_before = Some(no_offer_before);
            }
            What::Offered { ticket, place, until } => self.offer(ticket, place, until, at)?,
            What::SaidYes { ticket, place } => {
                let hers = self.hers(ticket)?;
                let in_time = |until| at < until;
                match hers.state {
                    State::Offered { place: offered, until } if offered == place && in_time(until) => {
                        hers.state = State::Yes { place };
                    }
                    _ => return Err("a yes without an offer that stands".to_owned()),
                }
                self.places.get_mut(&place).ok_or("there is no such place")?.state =
                    PlaceState::Taken(ticket);
            }
            What::SaidNo { ticket, place } => {
                let back = |until| State::Ended { back_until: Some(until) };
                self.ends_offer((ticket, place), back, |until| at < until)?;
            }
            What::NotThatDay { ticket, place, first_day } => {
                let is_that = self.places.get(&place).is_some_and(|place| place.first_day == first_day);
                must(is_that, "the place begins on another day")?;
                self.ends_offer((ticket, place), |_| State::Waiting, |until| at < until)?;
                self.hers(ticket)?.refused_days.insert(first_day);
            }
            What::RefusesDays { ticket, ref days } => {
                let is_first_day =
                    |day: &NaiveDate| self.places.values().any(|place| place.first_day == *day);
                must(days.iter().all(is_first_day), "she refuses a day on which nobody begins")?;
                let hers = self.hers(ticket)?;
                must(matches!(hers.state, State::Waiting | State::Paused), "she is not in line")?;
                must(hers.refused_days != *days, "she said so before")?;
                hers.refused_days.clone_from(days);
            }
            What::SaidLater { ticket, place } => {
                self.ends_offer((ticket, place), |_| State::Paused, |until| at < until)?;
            }
            What::NoAnswer { ticket, place } => {
                must(!self.called.contains(&ticket), "somebody called her and did not reach her")?;
                self.ends_offer((ticket, place), |_| State::Paused, |until| until <= at)?;
            }
            What::NotReached { ticket, place } => {
                must(self.called.contains(&ticket), "nobody called her")?;
                self.ends_offer((ticket, place), |_| State::Paused, |until| until <= at)?;
            }
            What::OfferEnded { ticket, place } => {
                must(self.in_conflict && !self.is_running, "an offer ended without a conflict")?;
                self.ends_offer((ticket, place), |_| State::Waiting, |_| true)?;
            }
            What::Paused { ticket } => {
                self.goes(ticket, State::Paused, |hers| hers.state == State::Waiting)?;
            }
            What::GoesOn { ticket } => {
                self.goes(ticket, State::Waiting, |hers| hers.state == State::Paused)?;
            }
            What::SteppedDown { ticket } => {
                let in_line = |hers: &Ticket| matches!(hers.state, State::Waiting | State::Paused);
                self.goes(ticket, State::Ended { back_until: Some(at + DAY) }, in_line)?;
            }
            What::CameBack { ticket } => self.goes(
                ticket,
                State::Waiting,
                |hers| matches!(hers.state, State::Ended { back_until: Some(until) } if at < until),
            )?,
            What::GaveBack { ticket, place } => {
                self.ends_yes((ticket, place), State::Paused)?;
                self.free(place)?;
            }
            What::Started { ticket, place } => {
                self.ends_yes((ticket, place), State::Started { place })?;
                let place = self.places.get_mut(&place).ok_or("there is no such place")?;
                must(today >= place.first_day, "her first day has not come")?;
                place.state = PlaceState::Started(ticket);
            }
            What::NoShow { ticket, place } => {
                let is_time = self.places.get(&place).is_some_and(|place| today >= place.first_day);
                must(is_time, "her first day has not come")?;
                self.ends_yes((ticket, place), State::Ended { back_until: None })?;
                self.free(place)?;
            }
            What::SetRight { ticket, place, .. } => {
                must(!self.is_closed, "the line is over")?;
                let hers = self.hers(ticket)?;
                let fits = match (hers.state, place) {
                    (State::Started { place: of }, Some(place)) => of == place,
                    (State::Ended { .. }, None) => hers.is_confirmed,
                    _ => false,
                };
                must(fits, "nothing had ended so for her")?;
                hers.state = State::Waiting;
                if let Some(place) = place {
                    self.free(place)?;
                }
            }
            What::Corrected { .. } => return Err("no restore was here".to_owned()),
        }
        Ok(())
    }

    fn goes(&mut self, ticket: TicketId, to: State, from: impl Fn(&Ticket) -> bool) -> Judged<()> {
        let hers = self.hers(ticket)?;
        must(from(hers), "she does not stand so that she could")?;
        hers.state = to;
        Ok(())
    }

    fn sign_up(&mut self, ticket: TicketId, number: u32, at: DateTime<Utc>) -> Judged<()> {
        must(number == self.last_number + 1, "numbers are 1, 2, 3")?;
        must(!self.is_closed && at >= self.opens_at, "it admitted nobody then")?;
        let is_left =
            |place: &Place| !place.leaves && matches!(place.state, PlaceState::Free | PlaceState::Offered(_));
        let may = self.is_standing || self.places.values().any(is_left);
        must(may, "every place was given away")?;
        self.last_number = number;
        must(self.numbers.insert(ticket, number).is_none(), "a ticket signed up twice")?;
        self.line.insert(
            number,
            Ticket {
                ticket_id: ticket,
                number,
                signed_up_at: at,
                state: State::Waiting,
                is_confirmed: false,
                no_offer_before: None,
                refused_days: BTreeSet::new(),
            },
        );
        Ok(())
    }

    fn offer(
        &mut self,
        ticket: TicketId,
        place_id: PlaceId,
        until: DateTime<Utc>,
        at: DateTime<Utc>,
    ) -> Judged<()> {
        let place = self.places.get(&place_id).ok_or("there is no such place")?;
        must(self.is_had(place, at), "a place was offered that nobody can have")?;
        must(
            at < until && until <= at_hour(place.first_day, 0),
            "an offer stands until before the first day",
        )?;
        let next = self.next_for(place, at);
        if next.is_none() || next != self.numbers.get(&ticket).copied() {
            return Err(format!("number {next:?} was next, and {ticket:?} was asked"));
        }
        self.hers(ticket)?.state = State::Offered { place: place_id, until };
        if let Some(place) = self.places.get_mut(&place_id) {
            place.state = PlaceState::Offered(ticket);
        }
        Ok(())
    }
}

const fn is_over(ticket: &Ticket) -> bool {
    matches!(ticket.state, State::Ended { .. } | State::Started { .. })
}

/// One transaction about a queue: what was entered was allowed, leads to what is kept, and leaves nobody waiting for a
/// place that she could have.
pub(super) fn step(before: &Whole, after: &Whole, now: DateTime<Utc>) -> Judged<&'static str> {
    must(
        before.opening.version <= after.opening.version && after.ledger.len() >= before.ledger.len(),
        "an opening or a ledger went back",
    )?;
    let Some(queue) = &after.queue else {
        must(before.queue.is_none(), "a queue is gone")?;
        return Ok("opening renewed");
    };
    let entered: Vec<&Entry> = after.ledger[before.ledger.len()..].iter().flatten().collect();
    let at = entries_at(before, queue, &entered, now)?;
    let mut paper = Paper::of(before, after);
    for entry in &entered {
        paper.add(entry, day(now)).map_err(|wrong| format!("{wrong}: {entry:?}"))?;
    }
    must(paper.left.is_empty(), "a place of somebody who is erased is not free")?;
    leads_to(&paper, after, queue, at)?;
    versions(before, after, &entered)?;
    for place in paper.places.values().filter(|place| paper.is_had(place, at)) {
        if let Some(number) = paper.next_for(place, at) {
            return Err(format!("number {number} could have {place:?} and is not asked"));
        }
    }
    name(before, after, &entered)
}

/// The moment of the transaction, which every entry of it has: never before an earlier one.
fn entries_at(
    before: &Whole,
    queue: &Queue,
    entered: &[&Entry],
    now: DateTime<Utc>,
) -> Judged<DateTime<Utc>> {
    let last_at = before.queue.as_ref().map_or(DateTime::UNIX_EPOCH, |queue| queue.last_at);
    let at = Entry::moment(now).max(last_at);
    must(entered.iter().all(|entry| entry.at == at), "an entry is from another moment")?;
    let last_at = if entered.is_empty() { last_at } else { at };
    must(queue.last_at == last_at, "the last entry is from another moment")?;
    Ok(at)
}

/// Whether what is kept is what the entries lead to.
fn leads_to(paper: &Paper, after: &Whole, queue: &Queue, at: DateTime<Utc>) -> Judged<()> {
    let places = queue.queue.places.iter().map(|place| (place.place_id, place.clone()));
    must(places.collect::<BTreeMap<_, _>>() == paper.places, "places are not what was entered")?;
    let stage = match (paper.is_closed, paper.is_running) {
        (true, _) => Stage::Closed,
        (false, true) => Stage::Running,
        (false, false) => Stage::Stopped,
    };
    must(queue.queue.stage == stage, "the queue is not what was entered")?;
    must(queue.entries == after.ledger.len() as u64, "the count of entries is not what happened")?;
    must(queue.last_number == paper.last_number, "a number is lost")?;
    must(after.tickets.len() == paper.line.len(), "somebody is here, or gone, without an entry")?;
    for (number, stored) in &after.tickets {
        let Some(on_paper) = paper.line.get(number) else { return Err(format!("number {number} is new")) };
        let mut on_paper = on_paper.clone();
        if stored.ticket.no_offer_before.is_none() && on_paper.no_offer_before.is_some_and(|of| of <= at) {
            on_paper.no_offer_before = None;
        }
        if stored.ticket != on_paper {
            return Err(format!(
                "number {number} is not what was entered: {:?}, {on_paper:?}",
                stored.ticket
            ));
        }
    }
    Ok(())
}

/// Whether versions say that something changed. Of what is heard at once, each thing may raise them.
fn versions(before: &Whole, after: &Whole, entered: &[&Entry]) -> Judged<()> {
    for (number, stored) in &after.tickets {
        let was = before.tickets.get(number);
        let is_about_her = |entry: &&Entry| entry.what.ticket() == Some(stored.ticket.ticket_id);
        let version = was.map_or(0, |was| was.version);
        let is_new = entered.iter().any(is_about_her) || was.is_none_or(|was| was.step != stored.step);
        let fits = if is_new { version < stored.version } else { version == stored.version };
        must(fits, "the version of a ticket does not say whether something changed")?;
        must(was.is_none_or(|was| was.seeker_id == stored.seeker_id), "a ticket is somebody else's")?;
    }
    let Some(queue) = &after.queue else { return Ok(()) };
    let Some(was) = &before.queue else { return must(queue.version == 1, "a queue begins with version 1") };
    let said = |of: &Queue| (of.queue.stage, of.reason, of.queue.places.clone());
    // A place may go from one to the next within a transaction, and be again as it was.
    let fits = was.version < queue.version || was.version == queue.version && said(was) == said(queue);
    must(fits, "the version of a queue does not say that it changed")
}

/// What a transaction is called: by what was entered first.
fn name(before: &Whole, after: &Whole, entered: &[&Entry]) -> Judged<&'static str> {
    let has = |of: fn(&What) -> bool| entered.iter().any(|entry| of(&entry.what));
    let is_asked = has(|what| matches!(what, What::Offered { .. }));
    let reason = |of: &Whole| of.queue.as_ref().and_then(|queue| queue.reason);
    let left_for = |of: &Whole| of.tickets.values().filter(|ticket| ticket.left_for.is_some()).count();
    let Some(lead) = entered.first() else { return Ok(unentered(before, after)) };
    Ok(match &lead.what {
        What::QueueOpened { .. } => "queue opened",
        What::PlaceAdded { .. } => "places added",
        What::PlaceWithdrawn { .. } => "place taken back",
        What::OffersStopped { .. } | What::OfferEnded { .. }
            if has(|what| matches!(what, What::OfferEnded { .. })) =>
        {
            "offers ended for a conflict"
        }
        What::OffersStopped { .. } if reason(after) == Some(ChangeReason::OpeningPaused) => {
            "offers stopped with the opening"
        }
        What::OffersStopped { .. } => "offers stopped",
        What::OffersGoOn {} if reason(before) == Some(ChangeReason::OpeningPaused) => {
            "offers go on with the opening"
        }
        What::OffersGoOn {} => "offers go on",
        What::QueueClosed { .. } if reason(after) == Some(ChangeReason::OpeningEnded) => {
            "queue over with its opening"
        }
        What::QueueClosed { .. } => "queue closed",
        What::PlaceFreed { .. } => "erased, and her place was free",
        What::SignedUp { .. } if is_asked => "stood in line and was asked",
        What::SignedUp { .. } => "stood in line",
        What::Confirmed { .. } if is_asked => "confirmed and was asked",
        What::Confirmed { .. } => "confirmed",
        What::Unconfirmed { .. } => "nobody confirmed",
        What::ContactChanged { .. } => "another contact",
        What::Offered { .. } => "a new number had waited",
        What::SaidYes { .. } => "said yes",
        What::SaidNo { .. } => "said no",
        What::NotThatDay { .. } => "not on that day",
        What::RefusesDays { .. } if is_asked => "other days, and was asked",
        What::RefusesDays { .. } => "other days",
        What::SaidLater { .. } => "said later",
        What::NoAnswer { .. } => "did not answer",
        What::NotReached { .. } => "was not reached",
        What::Paused { .. } if left_for(after) > left_for(before) => "paused for other work",
        What::Paused { .. } => "paused",
        What::GoesOn { .. } => "took part again",
        What::SteppedDown { .. } if left_for(after) < left_for(before) => "left the line for good",
        What::SteppedDown { .. } => "left the line",
        What::CameBack { .. } => "came back",
        What::GaveBack { .. } => "gave her place back",
        What::Started { .. } => "began",
        What::NoShow { .. } => "did not come",
        What::SetRight { .. } => "set right",
        What::OfferEnded { .. } | What::Corrected { .. } => {
            return Err(format!("nothing begins with {lead:?}"));
        }
    })
}

/// What changes without an entry.
fn unentered(before: &Whole, after: &Whole) -> &'static str {
    let is_told =
        |of: &Whole| of.tickets.values().filter(|ticket| ticket.step == TicketStep::QueueClosed).count();
    let waits = |of: &Whole| of.tickets.values().filter(|of| of.ticket.no_offer_before.is_some()).count();
    let reason = |of: &Whole| of.queue.as_ref().and_then(|queue| queue.reason);
    let is_to_tell = |of: &Whole| of.queue.as_ref().is_some_and(|queue| queue.to_tell);
    match () {
        () if after.erased.len() > before.erased.len() => "erased",
        () if is_told(after) > is_told(before) || is_to_tell(before) != is_to_tell(after) => {
            "everybody told that it is over"
        }
        () if reason(before) != reason(after) => "stopped for another reason",
        () if waits(after) < waits(before) => "a new number had waited",
        () if before.opening != after.opening => "opening renewed",
        () => "tried otherwise",
    }
}

/// What holds of a queue at any time.
pub(super) fn check(whole: &Whole, is_gone: impl Fn(Uuid) -> bool) -> Judged<()> {
    let Some(queue) = &whole.queue else { return Ok(()) };
    let numbers: BTreeSet<u32> = whole.tickets.keys().chain(whole.erased.keys()).copied().collect();
    must(
        numbers.len() == whole.tickets.len() + whole.erased.len()
            && numbers.into_iter().eq(1..=queue.last_number),
        "numbers are not 1, 2, 3",
    )?;
    must(whole.erased.values().all(|ticket_id| is_gone(ticket_id.0)), "an erased ticket left no tombstone")?;
    let is_here = |stored: &super::Ticket| is_gone(stored.seeker_id.0) || is_gone(stored.ticket.ticket_id.0);
    must(!whole.tickets.values().any(is_here), "somebody who is erased stands in line")?;
    let mut people = BTreeSet::new();
    let live = whole.tickets.values().filter(|stored| !is_over(&stored.ticket));
    must(
        live.map(|stored| stored.seeker_id).all(|seeker_id| people.insert(seeker_id)),
        "a person has two places in line",
    )?;
    places(whole, queue)?;
    let is_running = queue.queue.stage == Stage::Running;
    must(!is_running || whole.stopped_for.is_none(), "offers are made that somebody stopped")?;
    let is_offered = |place: &Place| matches!(place.state, PlaceState::Offered(_));
    let in_conflict =
        whole.stopped_for == Some(ChangeReason::LabourConflict) && queue.queue.stage != Stage::Closed;
    must(!in_conflict || !queue.queue.places.iter().any(is_offered), "an offer is out in a labour conflict")?;
    let is_public = whole.opening.state == "published" && whole.opening.is_route;
    must(!is_running || is_public, "offers are made for an opening that is not public")
}

/// Each place has the person that has it, and nobody else; what is offered and given away is never above what there is.
fn places(whole: &Whole, queue: &Queue) -> Judged<()> {
    let mut of: BTreeMap<PlaceId, Vec<PlaceState>> = BTreeMap::new();
    for ticket in whole.tickets.values().map(|stored| &stored.ticket) {
        let (place, state) = match ticket.state {
            State::Offered { place, .. } => (place, PlaceState::Offered(ticket.ticket_id)),
            State::Yes { place } => (place, PlaceState::Taken(ticket.ticket_id)),
            State::Started { place } => (place, PlaceState::Started(ticket.ticket_id)),
            State::Waiting | State::Paused | State::Ended { .. } => continue,
        };
        of.entry(place).or_default().push(state);
    }
    must(of.values().map(Vec::len).sum::<usize>() <= queue.queue.places.len(), "more offers than places")?;
    for place in &queue.queue.places {
        let whose = of.remove(&place.place_id).unwrap_or_default();
        let fits = match place.state {
            PlaceState::Free | PlaceState::Withdrawn => whose.is_empty(),
            // Whoever began and is erased still has it.
            PlaceState::Started(ticket_id) if whole.erased.values().any(|id| *id == ticket_id) => {
                whose.is_empty()
            }
            state => whose == [state],
        };
        must(fits, "a place is not whose it is")?;
    }
    must(of.is_empty(), "somebody has a place that is not there")
}

/// What holds once all is quiet: nobody is stuck, and an auditor who reads the whole ledger comes to the same line.
pub(super) fn at_rest(whole: &Whole, now: DateTime<Utc>) -> Judged<()> {
    let Some(queue) = &whole.queue else { return Ok(()) };
    let paper = Paper::of(whole, whole);
    for place in paper.places.values().filter(|place| paper.is_had(place, now)) {
        if let Some(number) = paper.next_for(place, now) {
            return Err(format!("number {number} could have {place:?} and is stuck"));
        }
    }
    let stopped_with_it = queue.reason == Some(ChangeReason::OpeningPaused);
    let is_public = whole.opening.state == "published" && whole.opening.is_route;
    must(!stopped_with_it || !is_public, "a queue waits for an opening that is public")?;
    let mut line = Line::new(
        queue.queue.queue_id,
        queue.queue.opens_at,
        queue.queue.answer_time,
        queue.queue.is_standing,
    );
    for entry in whole.ledger.iter() {
        match entry {
            Some(entry) => line.add(entry).map_err(|wrong| format!("an auditor finds {wrong}: {entry:?}"))?,
            None => line.add_erased(),
        }
    }
    line.check()?;
    let read = line.tickets().map(|ticket| (ticket.number, ticket.state, ticket.is_confirmed));
    let kept = whole.tickets.values().map(|stored| &stored.ticket);
    must(
        read.eq(kept.map(|ticket| (ticket.number, ticket.state, ticket.is_confirmed))),
        "the ledger tells of another line",
    )
}
