//! A whole queue in memory, entry by entry: whether what happened was allowed to happen.

use std::collections::BTreeMap;

use chrono::{DateTime, NaiveDate, Utc};
use proto::{PlaceId, QueueId, TicketId};

use super::{
    Entry, PlaceState, Queue, Stage, State, Ticket, What,
    answer_time::AnswerTime,
    ticket::{Deed, Refused},
};

/// A queue with everybody in it.
#[derive(Debug, Clone)]
pub struct Line {
    /// The queue.
    pub queue: Queue,
    tickets: BTreeMap<u32, Ticket>,
    numbers: BTreeMap<TicketId, u32>,
    has_begun: bool,
    /// Entries that nobody can read any more.
    erased: u32,
    /// How many of those there were when a place came free because its person was erased.
    freed: BTreeMap<PlaceId, u32>,
}

/// Why an entry must not stand where it stands.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Wrong {
    /// About a ticket that never signed up.
    #[error("{0} never signed up")]
    NoSuchTicket(TicketId),
    /// Not the next number, or a ticket for the second time.
    #[error("number {0} is not the next")]
    Number(u32),
    /// Offered or given to somebody while it was not free, or not there.
    #[error("the place was not free")]
    PlaceNotFree,
    /// Somebody with a lower number could have taken it.
    #[error("number {0} could have taken the place")]
    PassedOver(u32),
    /// Somebody got an offer who must not.
    #[error("she could not take the place")]
    CouldNotTake,
    /// No offers, or no sign-ups, at that moment.
    #[error("the queue made no offers or admitted nobody then")]
    NotThen,
    /// A step that a ticket cannot take.
    #[error("a step that the ticket could not take: {0}")]
    Step(Refused),
    /// Nothing follows from this; it should not stand there.
    #[error("it was so already")]
    Already,
    /// About a place that was never added, was added before, or is somebody's.
    #[error("that cannot be done with this place")]
    Place,
    /// Another day than the place, or any place, begins on.
    #[error("no such place begins on that day")]
    OtherDay,
}

impl Line {
    /// A queue in which nothing happened yet. How long people had to answer is no business of whoever judges: offers
    /// say until when they stood.
    pub fn new(
        queue_id: QueueId,
        opens_at: DateTime<Utc>,
        answer_time: AnswerTime,
        is_standing: bool,
    ) -> Self {
        let queue =
            Queue { queue_id, opens_at, answer_time, is_standing, stage: Stage::Running, places: Vec::new() };
        Self {
            queue,
            tickets: BTreeMap::new(),
            numbers: BTreeMap::new(),
            has_begun: false,
            erased: 0,
            freed: BTreeMap::new(),
        }
    }

    /// Everybody, in order of number.
    pub fn tickets(&self) -> impl Iterator<Item = &Ticket> {
        self.tickets.values()
    }

    /// One ticket.
    pub fn ticket(&self, ticket_id: TicketId) -> Option<&Ticket> {
        self.tickets.get(self.numbers.get(&ticket_id)?)
    }

    /// An entry stands here whose person was erased. All entries about her are: what they did to a place was undone in
    /// one that is about the place alone, so nobody else's entries contradict what is still known.
    pub fn add_erased(&mut self) {
        self.erased += 1;
    }

    /// Judges an entry and lets it take effect.
    ///
    /// # Errors
    /// [`Wrong`] when it must not stand here; nothing changes then.
    pub fn add(&mut self, entry: &Entry) -> Result<(), Wrong> {
        self.judge(entry)?;
        self.has_begun = true;
        self.queue.apply(&entry.what);
        if let What::PlaceFreed { place } = entry.what {
            self.freed.insert(place, self.erased);
        }
        if let What::SignedUp { ticket, number } = entry.what {
            self.tickets.insert(number, Ticket::sign_up(ticket, number, entry.at));
            self.numbers.insert(ticket, number);
        } else if let Some(ticket) = entry.what.ticket().and_then(|ticket_id| self.ticket_mut(ticket_id)) {
            ticket.apply(&entry.what, entry.at);
        }
        Ok(())
    }

    fn ticket_mut(&mut self, ticket_id: TicketId) -> Option<&mut Ticket> {
        self.tickets.get_mut(self.numbers.get(&ticket_id)?)
    }

    fn judge(&self, entry: &Entry) -> Result<(), Wrong> {
        let queue = &self.queue;
        let place = |place_id| queue.place(place_id).ok_or(Wrong::Place);
        match &entry.what {
            What::QueueOpened { .. } => must(!self.has_begun, Wrong::Already),
            _ if !self.has_begun => Err(Wrong::NotThen),
            What::PlaceAdded { place, .. } => {
                must(queue.stage != Stage::Closed, Wrong::NotThen)?;
                must(queue.place(*place).is_none(), Wrong::Place)
            }
            What::PlaceWithdrawn { place: which, .. } => {
                let place = place(*which)?;
                must(!matches!(place.state, PlaceState::Started(_)), Wrong::Place)?;
                must(!place.leaves, Wrong::Already)
            }
            What::PlaceFreed { place: which } => {
                must(matches!(place(*which)?.state, PlaceState::Free | PlaceState::Withdrawn), Wrong::Place)?;
                // Whoever had it came to it by an entry that is erased, after it was last free.
                must(self.erased > self.freed.get(which).copied().unwrap_or(0), Wrong::Place)
            }
            What::OffersStopped { .. } => must(queue.stage == Stage::Running, Wrong::Already),
            What::OffersGoOn {} => must(queue.stage == Stage::Stopped, Wrong::Already),
            What::QueueClosed { .. } => must(queue.stage != Stage::Closed, Wrong::Already),
            What::SignedUp { ticket, number } => self.judge_sign_up(*ticket, *number, entry.at),
            What::Offered { ticket, place, .. } => self.judge_offer(*ticket, *place, entry.at),
            what => self.judge_deed(what, entry.at),
        }
    }

    fn judge_sign_up(&self, ticket_id: TicketId, number: u32, at: DateTime<Utc>) -> Result<(), Wrong> {
        let next = self.tickets.keys().next_back().map_or(1, |last| last + 1);
        // Whoever is erased had one of the numbers that are missing.
        let missing = next - 1 - self.tickets.len() as u32;
        let is_next = number >= next && number - next <= self.erased.saturating_sub(missing);
        if !is_next || self.numbers.contains_key(&ticket_id) {
            return Err(Wrong::Number(number));
        }
        self.queue.admits(at).map_err(|_| Wrong::NotThen)
    }

    fn judge_deed(&self, what: &What, at: DateTime<Utc>) -> Result<(), Wrong> {
        let Some(ticket_id) = what.ticket() else { return Ok(()) };
        let ticket = self.ticket(ticket_id).ok_or(Wrong::NoSuchTicket(ticket_id))?;
        match what {
            What::OfferEnded { .. } if self.queue.stage != Stage::Stopped => return Err(Wrong::NotThen),
            What::NotThatDay { place, first_day, .. }
                if self.queue.place(*place).is_none_or(|place| place.first_day != *first_day) =>
            {
                return Err(Wrong::OtherDay);
            }
            What::RefusesDays { days, .. } => {
                let is_first_day =
                    |day: &NaiveDate| self.queue.places.iter().any(|place| place.first_day == *day);
                must(days.iter().all(is_first_day), Wrong::OtherDay)?;
            }
            What::SetRight { .. } if self.queue.stage == Stage::Closed => return Err(Wrong::NotThen),
            What::SetRight { place, .. } if ticket.set_right().is_ok_and(|hers| hers != *place) => {
                return Err(Wrong::Place);
            }
            _ => {}
        }
        let followed = match (what, deed_of(what)) {
            (What::RefusesDays { days, .. }, _) => ticket.refuse_days(days.clone()),
            (_, Some(deed)) => ticket.decide(deed, at),
            (_, None) => return Ok(()),
        };
        must(followed.map_err(Wrong::Step)?.is_some(), Wrong::Already)
    }

    fn judge_offer(&self, ticket_id: TicketId, place_id: PlaceId, at: DateTime<Utc>) -> Result<(), Wrong> {
        if self.queue.stage != Stage::Running {
            return Err(Wrong::NotThen);
        }
        let place = self.queue.place(place_id).ok_or(Wrong::PlaceNotFree)?;
        if place.state != PlaceState::Free || place.leaves {
            return Err(Wrong::PlaceNotFree);
        }
        let ticket = self.ticket(ticket_id).ok_or(Wrong::NoSuchTicket(ticket_id))?;
        if !ticket.could_take(place, at) {
            return Err(Wrong::CouldNotTake);
        }
        match self.tickets.range(..ticket.number).find(|(_, other)| other.could_take(place, at)) {
            Some((number, _)) => Err(Wrong::PassedOver(*number)),
            None => Ok(()),
        }
    }

    /// Whether nothing contradicts itself: each place has the person that has it, and nobody else.
    ///
    /// # Errors
    /// What does.
    pub fn check(&self) -> Result<(), String> {
        for place in &self.queue.places {
            let hers = |state: &State| match *state {
                State::Offered { place: hers, .. } => (hers == place.place_id).then_some("offered"),
                State::Yes { place: hers } => (hers == place.place_id).then_some("taken"),
                State::Started { place: hers } => (hers == place.place_id).then_some("started"),
                State::Waiting | State::Paused | State::Ended { .. } => None,
            };
            let whose: Vec<_> =
                self.tickets().filter_map(|ticket| Some((ticket.ticket_id, hers(&ticket.state)?))).collect();
            let expected = match place.state {
                PlaceState::Free | PlaceState::Withdrawn => vec![],
                PlaceState::Offered(ticket) => vec![(ticket, "offered")],
                PlaceState::Taken(ticket) => vec![(ticket, "taken")],
                PlaceState::Started(ticket) => vec![(ticket, "started")],
            };
            if whose != expected {
                return Err(format!("{:?} is {:?}, and it is {whose:?}", place.place_id, place.state));
            }
        }
        Ok(())
    }
}

fn must(holds: bool, wrong: Wrong) -> Result<(), Wrong> {
    if holds { Ok(()) } else { Err(wrong) }
}

/// The deed behind an entry about a ticket.
const fn deed_of(what: &What) -> Option<Deed> {
    Some(match what {
        What::Confirmed { .. } => Deed::Confirm,
        What::Unconfirmed { .. } => Deed::ForgetUnconfirmed,
        What::ContactChanged { .. } => Deed::ChangeContact,
        What::SaidYes { place, .. } => Deed::Yes(*place),
        What::SaidNo { place, .. } => Deed::No(*place),
        What::NotThatDay { place, first_day, .. } => Deed::NotThatDay(*place, *first_day),
        What::SaidLater { place, .. } => Deed::Later(*place),
        What::NoAnswer { place, .. } => Deed::RunOut(*place),
        What::NotReached { place, .. } => Deed::NotReached(*place),
        What::OfferEnded { place, .. } => Deed::EndOffer(*place),
        What::Paused { .. } => Deed::Pause,
        What::GoesOn { .. } => Deed::GoOn,
        What::SteppedDown { .. } => Deed::StepDown,
        What::CameBack { .. } => Deed::ComeBack,
        What::GaveBack { place, .. } => Deed::GiveBack(*place),
        What::Started { place, .. } => Deed::Start(*place),
        What::NoShow { place, .. } => Deed::NotCome(*place),
        What::SetRight { reason, .. } => Deed::SetRight(*reason),
        _ => return None,
    })
}
