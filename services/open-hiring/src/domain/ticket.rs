//! A ticket: one person's place in one queue, from signing up to the first day.

use std::collections::BTreeSet;

use chrono::{DateTime, NaiveDate, TimeDelta, Utc};
use proto::{PlaceId, TicketId, open_hiring::WentWrong};

use super::{Place, What};

/// A place in line that nobody confirmed in so much time ends.
pub const CONFIRMED_WITHIN: TimeDelta = TimeDelta::hours(48);
/// No offer goes to a new number or address for so long: whoever took it over must not take her work.
pub const NEW_CONTACT_WAITS: TimeDelta = TimeDelta::hours(24);
/// Whoever left the line comes back to her own number within so much time.
pub const COMES_BACK_WITHIN: TimeDelta = TimeDelta::hours(24);

/// Where a ticket stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum State {
    /// In line.
    Waiting,
    /// A place is hers until then.
    Offered {
        /// Which.
        place: PlaceId,
        /// Until when she answers.
        until: DateTime<Utc>,
    },
    /// She begins.
    Yes {
        /// At which place.
        place: PlaceId,
    },
    /// Not now. She keeps her number.
    Paused,
    /// She had her first day.
    Started {
        /// At which place.
        place: PlaceId,
    },
    /// Over.
    Ended {
        /// Until when she can come back, if she can.
        back_until: Option<DateTime<Utc>>,
    },
}

/// One person's place in one queue.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Ticket {
    /// Which.
    pub ticket_id: TicketId,
    /// Given once, never again and never changed.
    pub number: u32,
    /// When she signed up.
    pub signed_up_at: DateTime<Utc>,
    /// Where it stands.
    pub state: State,
    /// Whether her number or address is hers.
    pub is_confirmed: bool,
    /// Until when a new number or address gets no offer.
    pub no_offer_before: Option<DateTime<Utc>>,
    /// First days on which she cannot.
    pub refused_days: BTreeSet<NaiveDate>,
}

/// What somebody, or the clock, wants of a ticket. Answers name the place, so that an answer to an earlier offer is not
/// taken for one to a later offer.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Deed {
    /// A code came back, somebody stood at the desk, or was reached by phone.
    Confirm,
    /// Nobody confirmed: by the clock.
    ForgetUnconfirmed,
    /// Another number or address.
    ChangeContact,
    /// "Ja, ik begin."
    Yes(PlaceId),
    /// "Nee, dit niet."
    No(PlaceId),
    /// "Ja, maar niet op die dag."
    NotThatDay(PlaceId, NaiveDate),
    /// "Nu niet, later wel."
    Later(PlaceId),
    /// The time to answer is over: by the clock.
    RunOut(PlaceId),
    /// The ladder of message, call, second number and adviser ended.
    NotReached(PlaceId),
    /// The offer is taken back for a labour conflict.
    EndOffer(PlaceId),
    /// "Even pauze."
    Pause,
    /// "Weer meedoen."
    GoOn,
    /// "Uit de rij gaan."
    StepDown,
    /// "Terugdraaien."
    ComeBack,
    /// "Kunt u toch niet?"
    GiveBack(PlaceId),
    /// She was there on her first day.
    Start(PlaceId),
    /// She was not.
    NotCome(PlaceId),
    /// How it ended was written down wrongly: by whoever looks after the line.
    SetRight(WentWrong),
}

/// Why not. Each has an answer in the words of whoever asks.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, thiserror::Error)]
pub enum Refused {
    /// The time to answer is over: her number stays hers.
    #[error("the time to answer is over")]
    TooLate,
    /// No such offer stands.
    #[error("no such offer stands")]
    NoOffer,
    /// An offer waits for her answer first.
    #[error("an offer waits for an answer")]
    AnswerFirst,
    /// She said yes.
    #[error("she said yes")]
    SaidYes,
    /// It is over.
    #[error("the ticket is over")]
    Over,
    /// It has not come to that: a deadline that has not passed, a number that was not confirmed.
    #[error("it has not come to that")]
    NotYet,
    /// It is not over, so she or whoever helps her can still change it; or it ended because nobody confirmed it.
    #[error("nothing ended that can be set right")]
    NothingToSetRight,
}

impl Ticket {
    /// A place in line, not confirmed.
    pub fn sign_up(ticket_id: TicketId, number: u32, now: DateTime<Utc>) -> Self {
        Self {
            ticket_id,
            number,
            signed_up_at: now,
            state: State::Waiting,
            is_confirmed: false,
            no_offer_before: None,
            refused_days: BTreeSet::new(),
        }
    }

    /// What follows from a deed: one entry, or none when it is so already. `now` is the moment as the ledger tells it,
    /// to the millisecond ([`super::Entry::moment`]), so that who reads it decides the same.
    ///
    /// # Errors
    /// [`Refused`] when it cannot be done; the ticket stays as it is.
    pub fn decide(&self, deed: Deed, now: DateTime<Utc>) -> Result<Option<What>, Refused> {
        let ticket = self.ticket_id;
        let is_over = matches!(self.state, State::Ended { .. } | State::Started { .. });
        let done = |what| Ok(Some(what));
        match deed {
            Deed::Confirm if self.is_confirmed => Ok(None),
            Deed::Confirm | Deed::ChangeContact if is_over => Err(Refused::Over),
            // Until it is confirmed there is nothing to take over.
            Deed::ChangeContact if !self.is_confirmed => Ok(None),
            Deed::Confirm => done(What::Confirmed { ticket }),
            Deed::ForgetUnconfirmed => {
                let is_time = now >= self.signed_up_at + CONFIRMED_WITHIN;
                if is_time && !is_over && !self.is_confirmed {
                    done(What::Unconfirmed { ticket })
                } else {
                    Err(Refused::NotYet)
                }
            }
            Deed::ChangeContact => {
                done(What::ContactChanged { ticket, no_offer_before: now + NEW_CONTACT_WAITS })
            }
            Deed::Yes(place) => match self.state {
                State::Yes { place: hers } | State::Started { place: hers } if hers == place => Ok(None),
                _ => self.answer(place, now, What::SaidYes { ticket, place }),
            },
            Deed::No(place) => self.answer(place, now, What::SaidNo { ticket, place }),
            Deed::NotThatDay(place, first_day) => {
                self.answer(place, now, What::NotThatDay { ticket, place, first_day })
            }
            Deed::Later(place) => self.answer(place, now, What::SaidLater { ticket, place }),
            Deed::RunOut(place) => match self.offer(place)? {
                until if until <= now => done(What::NoAnswer { ticket, place }),
                _ => Err(Refused::NotYet),
            },
            Deed::NotReached(place) => {
                self.offer(place)?;
                done(What::NotReached { ticket, place })
            }
            Deed::EndOffer(place) => {
                self.offer(place)?;
                done(What::OfferEnded { ticket, place })
            }
            Deed::Pause => match self.state {
                State::Waiting => done(What::Paused { ticket }),
                State::Paused => Ok(None),
                _ => Err(self.stands_in_the_way()),
            },
            Deed::GoOn => match self.state {
                State::Paused => done(What::GoesOn { ticket }),
                State::Waiting => Ok(None),
                _ => Err(self.stands_in_the_way()),
            },
            Deed::StepDown => match self.state {
                State::Waiting | State::Paused => done(What::SteppedDown { ticket }),
                State::Ended { .. } => Ok(None),
                _ => Err(self.stands_in_the_way()),
            },
            Deed::ComeBack => match self.state {
                State::Ended { back_until: Some(until) } if now < until => done(What::CameBack { ticket }),
                State::Ended { .. } => Err(Refused::TooLate),
                State::Waiting => Ok(None),
                _ => Err(self.stands_in_the_way()),
            },
            Deed::GiveBack(place) => self.of_her_yes(place, What::GaveBack { ticket, place }),
            Deed::Start(place) => match self.state {
                State::Started { place: hers } if hers == place => Ok(None),
                _ => self.of_her_yes(place, What::Started { ticket, place }),
            },
            Deed::NotCome(place) => self.of_her_yes(place, What::NoShow { ticket, place }),
            Deed::SetRight(reason) => {
                self.set_right().map(|place| Some(What::SetRight { ticket, place, reason }))
            }
        }
    }

    /// On which first days she cannot begin, in place of what was said before; none: any day will do. One entry, or none when
    /// it is so already.
    ///
    /// # Errors
    /// [`Refused`] outside the line: an offer waits for an answer to it, and a yes is to one day.
    pub fn refuse_days(&self, days: BTreeSet<NaiveDate>) -> Result<Option<What>, Refused> {
        match self.state {
            State::Waiting | State::Paused if days == self.refused_days => Ok(None),
            State::Waiting | State::Paused => Ok(Some(What::RefusesDays { ticket: self.ticket_id, days })),
            _ => Err(self.stands_in_the_way()),
        }
    }

    /// Whether how it ended can be set right, and the place that comes free by it. She goes back to where she stood, in line
    /// at her own number: that is all that setting right can do, so it can favour nobody and take nothing that is
    /// somebody's.
    ///
    /// # Errors
    /// [`Refused::NothingToSetRight`].
    pub const fn set_right(&self) -> Result<Option<PlaceId>, Refused> {
        match self.state {
            State::Started { place } => Ok(Some(place)),
            State::Ended { .. } if self.is_confirmed => Ok(None),
            _ => Err(Refused::NothingToSetRight),
        }
    }

    /// Until when the offer of this place stands.
    fn offer(&self, place: PlaceId) -> Result<DateTime<Utc>, Refused> {
        match self.state {
            State::Offered { place: offered, until } if offered == place => Ok(until),
            _ => Err(Refused::NoOffer),
        }
    }

    /// An answer counts until the deadline, by the database's clock; nobody has to have looked at the clock before.
    fn answer(&self, place: PlaceId, now: DateTime<Utc>, said: What) -> Result<Option<What>, Refused> {
        match self.state {
            State::Offered { place: offered, until } if offered == place => {
                if now < until {
                    Ok(Some(said))
                } else {
                    Err(Refused::TooLate)
                }
            }
            State::Paused => Err(Refused::TooLate),
            _ => Err(Refused::NoOffer),
        }
    }

    fn of_her_yes(&self, place: PlaceId, what: What) -> Result<Option<What>, Refused> {
        match self.state {
            State::Yes { place: hers } if hers == place => Ok(Some(what)),
            State::Ended { .. } | State::Started { .. } => Err(Refused::Over),
            _ => Err(Refused::NotYet),
        }
    }

    const fn stands_in_the_way(&self) -> Refused {
        match self.state {
            State::Offered { .. } => Refused::AnswerFirst,
            State::Yes { .. } => Refused::SaidYes,
            State::Ended { .. } | State::Started { .. } => Refused::Over,
            State::Waiting | State::Paused => Refused::NotYet,
        }
    }

    /// The ticket after an entry about it. Entries come from [`Self::decide`] and from offers; they are not judged here.
    pub fn apply(&mut self, what: &What, at: DateTime<Utc>) {
        self.state = match what {
            What::Confirmed { .. } => {
                self.is_confirmed = true;
                return;
            }
            What::ContactChanged { no_offer_before, .. } => {
                self.no_offer_before = Some(*no_offer_before);
                return;
            }
            What::NotThatDay { first_day, .. } => {
                self.refused_days.insert(*first_day);
                State::Waiting
            }
            What::RefusesDays { days, .. } => {
                self.refused_days.clone_from(days);
                return;
            }
            What::Offered { place, until, .. } => State::Offered { place: *place, until: *until },
            What::SaidYes { place, .. } => State::Yes { place: *place },
            What::SaidNo { .. } => {
                let State::Offered { until, .. } = self.state else { return };
                State::Ended { back_until: Some(until) }
            }
            What::SteppedDown { .. } => State::Ended { back_until: Some(at + COMES_BACK_WITHIN) },
            What::Unconfirmed { .. } | What::NoShow { .. } => State::Ended { back_until: None },
            What::SaidLater { .. }
            | What::NoAnswer { .. }
            | What::NotReached { .. }
            | What::Paused { .. }
            | What::GaveBack { .. } => State::Paused,
            What::OfferEnded { .. } | What::GoesOn { .. } | What::CameBack { .. } | What::SetRight { .. } => {
                State::Waiting
            }
            What::Started { place, .. } => State::Started { place: *place },
            What::QueueOpened { .. }
            | What::PlaceAdded { .. }
            | What::PlaceWithdrawn { .. }
            | What::OffersStopped { .. }
            | What::OffersGoOn {}
            | What::QueueClosed { .. }
            | What::PlaceFreed { .. }
            | What::SignedUp { .. }
            | What::Corrected { .. } => return,
        };
    }

    /// Whether she is out of the line and does not come back to this number.
    pub fn is_out_for_good(&self, now: DateTime<Utc>) -> bool {
        matches!(self.state, State::Ended { back_until } if back_until.is_none_or(|until| until <= now))
    }

    /// Whether she could take this place now, if it is free.
    pub fn could_take(&self, place: &Place, now: DateTime<Utc>) -> bool {
        self.state == State::Waiting
            && self.is_confirmed
            && self.no_offer_before.is_none_or(|moment| moment <= now)
            && !self.refused_days.contains(&place.first_day)
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use uuid::Uuid;

    use super::*;

    const PLACE: PlaceId = PlaceId(Uuid::from_u128(1));

    fn now() -> DateTime<Utc> {
        "2026-12-07T09:00:00Z".parse().unwrap()
    }

    fn ticket(state: State, is_confirmed: bool) -> Ticket {
        let ticket = Ticket::sign_up(TicketId(Uuid::from_u128(9)), 9, now());
        Ticket { state, is_confirmed, ..ticket }
    }

    fn states() -> [State; 7] {
        let later = now() + TimeDelta::hours(1);
        [
            State::Waiting,
            State::Offered { place: PLACE, until: later },
            State::Yes { place: PLACE },
            State::Paused,
            State::Started { place: PLACE },
            State::Ended { back_until: None },
            State::Ended { back_until: Some(later) },
        ]
    }

    #[test]
    fn only_what_ended_is_set_right_and_what_nobody_confirmed_is_not() {
        let can = |is_confirmed| states().map(|state| ticket(state, is_confirmed).set_right().is_ok());
        assert_eq!(can(true), [false, false, false, false, true, true, true]);
        assert_eq!(can(false)[5..], [false, false]);
        let started = ticket(State::Started { place: PLACE }, true);
        assert_eq!(started.set_right(), Ok(Some(PLACE)), "the place is free again");
        let repeated = ticket(State::Waiting, true).decide(Deed::SetRight(WentWrong::Answer), now());
        assert_eq!(repeated, Err(Refused::NothingToSetRight));
    }

    #[test]
    fn on_which_days_she_cannot_is_said_in_line_and_takes_the_place_of_what_was_said_before() {
        let day = |day: &str| day.parse::<NaiveDate>().unwrap();
        let mut waits = ticket(State::Waiting, false);
        waits.refused_days.insert(day("2026-12-14"));
        let said = waits.refuse_days([day("2026-12-21")].into()).unwrap().unwrap();
        waits.apply(&said, now());
        assert_eq!(waits.refused_days, [day("2026-12-21")].into());
        assert_eq!(waits.refuse_days([day("2026-12-21")].into()), Ok(None), "twice is once");
        let any = waits.refuse_days(BTreeSet::new()).unwrap().unwrap();
        waits.apply(&any, now());
        assert_eq!((waits.refused_days.len(), waits.state), (0, State::Waiting));
        let can = states().map(|state| ticket(state, true).refuse_days([day("2026-12-21")].into()).is_ok());
        assert_eq!(can, [true, false, false, true, false, false, false]);
    }

    proptest! {
        /// Whatever was written down and for whatever reason: nothing but where she stands changes.
        #[test]
        fn setting_right_changes_nothing_but_that_she_waits_again(
            state in prop::sample::select(states().to_vec()),
            reason in prop::sample::select(WentWrong::ALL.to_vec()),
            number in 1..100_000_u32,
            is_confirmed: bool,
            waits: bool,
            refused in prop::collection::btree_set(0..30_u64, 0..4),
            hours in 0..10_000_i64,
        ) {
            let day = NaiveDate::from_ymd_opt(2026, 12, 7).unwrap();
            let before = Ticket {
                number,
                no_offer_before: waits.then(now),
                refused_days: refused.into_iter().map(|later| day + chrono::Days::new(later)).collect(),
                ..ticket(state, is_confirmed)
            };
            let at = now() + TimeDelta::hours(hours);
            match before.decide(Deed::SetRight(reason), at) {
                Ok(what) => {
                    let mut after = before.clone();
                    after.apply(&what.expect("it is no repeat"), at);
                    prop_assert_eq!(after, Ticket { state: State::Waiting, ..before });
                }
                Err(refused) => prop_assert_eq!(refused, Refused::NothingToSetRight),
            }
        }
    }
}
