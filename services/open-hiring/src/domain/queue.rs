//! A queue: its places of work, and whether it admits people and makes offers.

use std::collections::BTreeSet;

use chrono::{DateTime, NaiveDate, Utc};
use proto::{PlaceId, QueueId, TicketId, open_hiring::ChangeReason};

use super::{What, answer_time::AnswerTime};

/// Whose a place is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum PlaceState {
    /// Nobody's.
    Free,
    /// It is offered.
    Offered(TicketId),
    /// She said yes.
    Taken(TicketId),
    /// She began.
    Started(TicketId),
    /// The employer took it back.
    Withdrawn,
}

/// A place of work.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Place {
    /// Which.
    pub place_id: PlaceId,
    /// The first working day.
    pub first_day: NaiveDate,
    /// Whose it is.
    pub state: PlaceState,
    /// Whether the employer takes it back once it is free again: an offer that is out is honoured.
    pub leaves: bool,
}

impl Place {
    /// A free place.
    pub const fn new(place_id: PlaceId, first_day: NaiveDate) -> Self {
        Self { place_id, first_day, state: PlaceState::Free, leaves: false }
    }

    /// The place after an entry about it. Entries come from decisions; they are not judged here.
    pub fn apply(&mut self, what: &What) {
        let free = if self.leaves { PlaceState::Withdrawn } else { PlaceState::Free };
        self.state = match what {
            What::PlaceWithdrawn { .. } => {
                self.leaves = true;
                if self.state == PlaceState::Free { PlaceState::Withdrawn } else { self.state }
            }
            What::Offered { ticket, .. } => PlaceState::Offered(*ticket),
            What::SaidYes { ticket, .. } => PlaceState::Taken(*ticket),
            What::Started { ticket, .. } => PlaceState::Started(*ticket),
            What::SaidNo { .. }
            | What::NotThatDay { .. }
            | What::SaidLater { .. }
            | What::NoAnswer { .. }
            | What::NotReached { .. }
            | What::OfferEnded { .. }
            | What::GaveBack { .. }
            | What::NoShow { .. }
            | What::SetRight { .. }
            | What::PlaceFreed { .. } => free,
            _ => return,
        };
    }
}

/// Whether offers are made.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Stage {
    /// They are.
    Running,
    /// Not for now: a labour conflict (Waadi art. 10).
    Stopped,
    /// It is over.
    Closed,
}

/// Whether a queue that makes no offers for one reason makes none for another from now on: in a labour conflict, whatever
/// else there is; and what somebody or a restore stopped does not go on with its opening.
pub const fn takes_over(reason: ChangeReason, before: Option<ChangeReason>) -> bool {
    match (reason, before) {
        (_, None) => true,
        (ChangeReason::OpeningPaused, Some(_)) => false,
        (ChangeReason::LabourConflict, Some(before)) => !matches!(before, ChangeReason::LabourConflict),
        (_, Some(before)) => matches!(before, ChangeReason::OpeningPaused),
    }
}

/// A queue.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Queue {
    /// Which.
    pub queue_id: QueueId,
    /// From when on people sign up.
    pub opens_at: DateTime<Utc>,
    /// How long somebody has to answer.
    pub answer_time: AnswerTime,
    /// Whether people may stand in line for places that are not there yet.
    pub is_standing: bool,
    /// Whether offers are made.
    pub stage: Stage,
    /// Its places, in the order in which they were added.
    pub places: Vec<Place>,
}

/// Why nobody can sign up.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum NotAdmitted {
    /// It opens later.
    #[error("the queue opens at {0}")]
    NotOpenYet(DateTime<Utc>),
    /// It is over.
    #[error("the queue is closed")]
    Closed,
    /// Every place is given away, and nobody stands in line for later ones.
    #[error("every place is given away")]
    Full,
}

/// Why a change of the queue cannot be made.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum ChangeRefused {
    /// It is over.
    #[error("the queue is closed")]
    Closed,
    /// There is no such place.
    #[error("there is no such place")]
    NoSuchPlace,
    /// Somebody began there.
    #[error("somebody began at this place")]
    Started,
    /// The first day has come.
    #[error("the first day has come")]
    DayHasCome,
}

impl Queue {
    /// Whether somebody can sign up now.
    ///
    /// # Errors
    /// [`NotAdmitted`] with the reason that she reads.
    pub fn admits(&self, now: DateTime<Utc>) -> Result<(), NotAdmitted> {
        if self.stage == Stage::Closed {
            return Err(NotAdmitted::Closed);
        }
        if now < self.opens_at {
            return Err(NotAdmitted::NotOpenYet(self.opens_at));
        }
        let is_left =
            |place: &Place| matches!(place.state, PlaceState::Free | PlaceState::Offered(_)) && !place.leaves;
        if !self.is_standing && !self.places.iter().any(is_left) {
            return Err(NotAdmitted::Full);
        }
        Ok(())
    }

    /// A place with this id.
    pub fn place(&self, place_id: PlaceId) -> Option<&Place> {
        self.places.iter().find(|place| place.place_id == place_id)
    }

    /// First days on which somebody could still begin: after today, and of places that nobody takes back or works at.
    pub fn first_days(&self, today: NaiveDate) -> BTreeSet<NaiveDate> {
        let can_be_had = |place: &&Place| {
            !place.leaves && !matches!(place.state, PlaceState::Started(_)) && today < place.first_day
        };
        self.places.iter().filter(can_be_had).map(|place| place.first_day).collect()
    }

    /// The first days that somebody refuses who wants to begin on these. Of a day that nobody can begin on any more nothing
    /// follows; where none of hers is left, any day will do, and she says so when she is asked.
    pub fn days_besides(&self, wanted: &[NaiveDate], today: NaiveDate) -> BTreeSet<NaiveDate> {
        let (hers, others): (BTreeSet<_>, BTreeSet<_>) =
            self.first_days(today).into_iter().partition(|day| wanted.contains(day));
        if hers.is_empty() { BTreeSet::new() } else { others }
    }

    /// One more place.
    ///
    /// # Errors
    /// [`ChangeRefused`] when it is over, or nobody could begin on that day.
    pub fn add_place(
        &self,
        place: PlaceId,
        first_day: NaiveDate,
        today: NaiveDate,
    ) -> Result<What, ChangeRefused> {
        if self.stage == Stage::Closed {
            return Err(ChangeRefused::Closed);
        }
        if first_day <= today {
            return Err(ChangeRefused::DayHasCome);
        }
        Ok(What::PlaceAdded { place, first_day })
    }

    /// Takes a place back; `None` when it is so already.
    ///
    /// # Errors
    /// [`ChangeRefused`] when there is nothing to take back.
    pub fn withdraw_place(&self, place_id: PlaceId, reason: &str) -> Result<Option<What>, ChangeRefused> {
        let place = self.place(place_id).ok_or(ChangeRefused::NoSuchPlace)?;
        match place.state {
            PlaceState::Started(_) => Err(ChangeRefused::Started),
            _ if place.leaves => Ok(None),
            _ => Ok(Some(What::PlaceWithdrawn { place: place_id, reason: reason.to_owned() })),
        }
    }

    /// No offers for now; `None` when it is so already.
    ///
    /// # Errors
    /// [`ChangeRefused::Closed`].
    pub fn stop_offers(&self, reason: &str) -> Result<Option<What>, ChangeRefused> {
        match self.stage {
            Stage::Running => Ok(Some(What::OffersStopped { reason: reason.to_owned() })),
            Stage::Stopped => Ok(None),
            Stage::Closed => Err(ChangeRefused::Closed),
        }
    }

    /// Offers are made again; `None` when it is so already.
    ///
    /// # Errors
    /// [`ChangeRefused::Closed`].
    pub fn go_on_offering(&self) -> Result<Option<What>, ChangeRefused> {
        match self.stage {
            Stage::Stopped => Ok(Some(What::OffersGoOn {})),
            Stage::Running => Ok(None),
            Stage::Closed => Err(ChangeRefused::Closed),
        }
    }

    /// It is over for whoever waits; `None` when it is so already. Offers that are out are honoured.
    pub fn close(&self, reason: &str) -> Option<What> {
        (self.stage != Stage::Closed).then(|| What::QueueClosed { reason: reason.to_owned() })
    }

    /// The queue after an entry. Entries come from decisions; they are not judged here.
    pub fn apply(&mut self, what: &What) {
        match what {
            What::QueueOpened { opens_at } => self.opens_at = *opens_at,
            What::PlaceAdded { place, first_day } => self.places.push(Place::new(*place, *first_day)),
            What::OffersStopped { .. } => self.stage = Stage::Stopped,
            What::OffersGoOn {} => self.stage = Stage::Running,
            What::QueueClosed { .. } => self.stage = Stage::Closed,
            _ => {
                let about = what.place();
                if let Some(place) = self.places.iter_mut().find(|place| Some(place.place_id) == about) {
                    place.apply(what);
                }
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use uuid::Uuid;

    use super::*;

    const PLACE: PlaceId = PlaceId(Uuid::from_u128(1));
    const TICKET: TicketId = TicketId(Uuid::from_u128(2));

    fn moment(text: &str) -> DateTime<Utc> {
        text.parse().unwrap()
    }

    fn queue(is_standing: bool) -> Queue {
        let mut queue = Queue {
            queue_id: QueueId(Uuid::from_u128(7)),
            opens_at: moment("2026-12-07T09:00:00Z"),
            answer_time: AnswerTime::new(18, 9, 18).unwrap(),
            is_standing,
            stage: Stage::Running,
            places: Vec::new(),
        };
        let (day, today) = ("2026-12-14".parse().unwrap(), "2026-12-07".parse().unwrap());
        queue.apply(&queue.add_place(PLACE, day, today).unwrap());
        queue
    }

    #[test]
    fn nobody_signs_up_before_the_moment_that_was_announced() {
        let queue = queue(false);
        let early = moment("2026-12-07T08:59:59.999Z");
        assert_eq!(queue.admits(early), Err(NotAdmitted::NotOpenYet(queue.opens_at)));
        assert_eq!(queue.admits(queue.opens_at), Ok(()));
    }

    #[test]
    fn without_a_standing_list_a_queue_admits_as_long_as_a_place_can_be_had() {
        let (mut queue, mut standing) = (queue(false), queue(true));
        let now = queue.opens_at;
        for queue in [&mut queue, &mut standing] {
            queue.apply(&What::Offered { ticket: TICKET, place: PLACE, until: now });
            assert_eq!(queue.admits(now), Ok(()), "she may say no");
            queue.apply(&What::SaidYes { ticket: TICKET, place: PLACE });
        }
        assert_eq!(queue.admits(now), Err(NotAdmitted::Full));
        assert_eq!(standing.admits(now), Ok(()));
        let closed = standing.close("filled").unwrap();
        standing.apply(&closed);
        assert_eq!(standing.admits(now), Err(NotAdmitted::Closed));
    }

    #[test]
    fn a_place_that_is_taken_back_is_honoured_until_it_is_free_again() {
        let mut queue = queue(true);
        queue.apply(&What::Offered { ticket: TICKET, place: PLACE, until: queue.opens_at });
        let withdrawn = queue.withdraw_place(PLACE, "less-work").unwrap().unwrap();
        queue.apply(&withdrawn);
        assert_eq!(queue.place(PLACE).unwrap().state, PlaceState::Offered(TICKET));
        assert_eq!(queue.withdraw_place(PLACE, "less-work"), Ok(None), "twice is once");
        queue.apply(&What::SaidNo { ticket: TICKET, place: PLACE });
        assert_eq!(queue.place(PLACE).unwrap().state, PlaceState::Withdrawn);
    }

    #[test]
    fn whoever_wants_a_day_refuses_the_others_that_there_are() {
        let mut queue = queue(true);
        let [today, monday, next, gone] =
            ["2026-12-07", "2026-12-14", "2026-12-21", "2026-12-28"].map(|day| day.parse().unwrap());
        for (n, day) in [(3, next), (4, gone), (5, next)] {
            queue.apply(&What::PlaceAdded { place: PlaceId(Uuid::from_u128(n)), first_day: day });
        }
        queue.apply(&What::PlaceWithdrawn { place: PlaceId(Uuid::from_u128(4)), reason: "less-work".into() });
        assert_eq!(queue.first_days(today), [monday, next].into(), "taken back");
        assert_eq!(queue.first_days(monday), [next].into(), "nobody begins on a day that has come");
        assert_eq!(queue.days_besides(&[next], today), [monday].into());
        assert_eq!(queue.days_besides(&[next, monday], today), [].into());
        assert_eq!(queue.days_besides(&[], today), [].into(), "any day will do");
        assert_eq!(queue.days_besides(&[gone], today), [].into(), "none of hers is left");
        assert_eq!(queue.days_besides(&[gone, monday], today), [next].into());
        queue.apply(&What::Started { ticket: TICKET, place: PLACE });
        assert_eq!(queue.first_days(today), [next].into(), "somebody works there");
    }

    #[test]
    fn where_somebody_began_nothing_is_taken_back() {
        let mut queue = queue(true);
        queue.apply(&What::Started { ticket: TICKET, place: PLACE });
        assert_eq!(queue.withdraw_place(PLACE, "less-work"), Err(ChangeRefused::Started));
        let nowhere = PlaceId(Uuid::from_u128(9));
        assert_eq!(queue.withdraw_place(nowhere, "less-work"), Err(ChangeRefused::NoSuchPlace));
    }

    #[test]
    fn a_place_begins_after_today_and_in_a_queue_that_is_not_over() {
        let mut queue = queue(true);
        let today = "2026-12-07".parse().unwrap();
        assert_eq!(queue.add_place(PLACE, today, today), Err(ChangeRefused::DayHasCome));
        let closed = queue.close("filled").unwrap();
        queue.apply(&closed);
        assert_eq!(queue.close("filled"), None, "twice is once");
        assert_eq!(queue.add_place(PLACE, "2026-12-08".parse().unwrap(), today), Err(ChangeRefused::Closed));
        assert_eq!(queue.go_on_offering(), Err(ChangeRefused::Closed), "nothing opens it again");
    }

    #[test]
    fn a_conflict_takes_over_and_nothing_that_was_stopped_goes_on_with_its_opening() {
        use ChangeReason::{LabourConflict, OpeningPaused, PlaceOfWork, Restored};
        for reason in [LabourConflict, OpeningPaused, PlaceOfWork, Restored] {
            assert!(takes_over(reason, None));
            assert!(!takes_over(OpeningPaused, Some(reason)));
            assert_eq!(takes_over(LabourConflict, Some(reason)), reason != LabourConflict);
            assert_eq!(takes_over(Restored, Some(reason)), reason == OpeningPaused);
            assert_eq!(takes_over(PlaceOfWork, Some(reason)), reason == OpeningPaused);
        }
    }

    #[test]
    fn a_conflict_stops_offers_until_it_is_over() {
        let mut queue = queue(true);
        assert_eq!(queue.go_on_offering(), Ok(None));
        let stopped = queue.stop_offers("labour-conflict").unwrap().unwrap();
        queue.apply(&stopped);
        assert_eq!((queue.stage, queue.stop_offers("labour-conflict")), (Stage::Stopped, Ok(None)));
        let goes_on = queue.go_on_offering().unwrap().unwrap();
        queue.apply(&goes_on);
        assert_eq!(queue.stage, Stage::Running);
    }
}
