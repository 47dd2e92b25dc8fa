//! A referral to a desk: two working days to act, three tries, and how it goes on.

use chassis::clock::{at_hour, day};
use chrono::{DateTime, NaiveDate, TimeDelta, Utc};
use proto::intake::ReferralState;
use reference::calendar::is_working_day;

use super::name;

/// Working days in which a desk acts.
pub const WORKING_DAYS: usize = 2;
/// The hour at which the last of them ends, Amsterdam time.
const DAY_ENDS_AT: u32 = 17;
/// After so many tries there is no next moment: the referral stays, and stands out.
pub const MOST_TRIES: u16 = 3;
/// Longest question, in characters.
pub const LONGEST_QUESTION: usize = 300;
/// How long a desk sees a referral that ended.
pub const SHOWN_AFTER_END: TimeDelta = TimeDelta::days(90);

/// Where a referral stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Progress {
    /// In a word.
    pub state: ReferralState,
    /// Before which moment the desk acts.
    pub answer_by: DateTime<Utc>,
    /// How often the desk tried.
    pub tries: u16,
}

/// Why a referral does not go on that way.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum NotThatWay {
    /// A desk says only what it did.
    NotADeed,
    /// It ended before.
    Ended,
}

impl Progress {
    /// A referral made at this moment.
    pub fn new(now: DateTime<Utc>) -> Self {
        Self { state: ReferralState::Open, answer_by: answer_by(now), tries: 0 }
    }

    /// Whether the desk has to act.
    pub fn waits(&self) -> bool {
        is_waiting(self.state)
    }

    /// Whether it stands out: the moment has passed, or the desk tried often and did not reach her.
    pub fn is_overdue(&self, now: DateTime<Utc>) -> bool {
        self.waits() && (now > self.answer_by || self.tries >= MOST_TRIES)
    }

    /// What the desk did. Another try that failed gives a new moment, up to the third; saying that
    /// they spoke, or that it is done, twice changes nothing.
    ///
    /// # Errors
    /// [`NotThatWay::NotADeed`] for `open` and `withdrawn`, [`NotThatWay::Ended`] when it ended before.
    pub fn follow_up(self, did: ReferralState, now: DateTime<Utc>) -> Result<Self, NotThatWay> {
        use ReferralState::{Closed, NotReached, Open, Spoken, Withdrawn};
        match (self.state, did) {
            (_, Open | Withdrawn) => Err(NotThatWay::NotADeed),
            (Open | NotReached, NotReached) => {
                let tries = self.tries.saturating_add(1);
                let answer_by = if tries < MOST_TRIES { answer_by(now) } else { self.answer_by };
                Ok(Self { state: NotReached, answer_by, tries })
            }
            (Open | NotReached | Spoken, Spoken | Closed) => Ok(Self { state: did, ..self }),
            (Closed, Closed) => Ok(self),
            (Spoken | Closed | Withdrawn, _) => Err(NotThatWay::Ended),
        }
    }

    /// She takes it back. Twice changes nothing.
    ///
    /// # Errors
    /// [`NotThatWay::Ended`] when the desk closed it.
    pub fn withdraw(self) -> Result<Self, NotThatWay> {
        match self.state {
            ReferralState::Closed => Err(NotThatWay::Ended),
            _ => Ok(Self { state: ReferralState::Withdrawn, ..self }),
        }
    }
}

/// Whether a desk has to act on a referral in this state.
pub fn is_waiting(state: ReferralState) -> bool {
    matches!(state, ReferralState::Open | ReferralState::NotReached)
}

/// Reads a question to a desk; may be empty, may have several lines.
pub fn question(typed: &str) -> Result<String, &'static str> {
    let text = typed.replace("\r\n", "\n").trim().to_owned();
    match () {
        () if text.chars().count() > LONGEST_QUESTION => Err("question-too-long"),
        () if text.chars().any(|letter| letter != '\n' && name::cannot_be_shown(letter)) => {
            Err("question-malformed")
        }
        () if name::holds_bsn(&text) => Err("looks-like-bsn"),
        () => Ok(text),
    }
}

/// The end of the second working day after the day of a moment.
pub fn answer_by(now: DateTime<Utc>) -> DateTime<Utc> {
    at_hour(working_day_after(day(now), WORKING_DAYS), DAY_ENDS_AT)
}

fn working_day_after(today: NaiveDate, working_days: usize) -> NaiveDate {
    today
        .iter_days()
        .skip(1)
        .filter(|day| is_working_day(*day))
        .nth(working_days - 1)
        .expect("the calendar has working days")
}

/// The name of a state in storage.
pub const fn state_name(state: ReferralState) -> &'static str {
    match state {
        ReferralState::Open => "open",
        ReferralState::NotReached => "not_reached",
        ReferralState::Spoken => "spoken",
        ReferralState::Closed => "closed",
        ReferralState::Withdrawn => "withdrawn",
    }
}

/// The state with this name.
pub fn state_from_name(name: &str) -> Option<ReferralState> {
    use ReferralState::{Closed, NotReached, Open, Spoken, Withdrawn};
    [Open, NotReached, Spoken, Closed, Withdrawn].into_iter().find(|state| state_name(*state) == name)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn at(text: &str) -> DateTime<Utc> {
        text.parse().unwrap()
    }

    #[test]
    fn two_working_days_know_weekends_and_holidays() {
        for (now, by) in [
            // Monday to Wednesday; five in the afternoon, in winter and in summer.
            ("2026-11-23T09:00:00Z", "2026-11-25T16:00:00Z"),
            ("2026-06-15T09:00:00Z", "2026-06-17T15:00:00Z"),
            // Friday to Tuesday, and so is Saturday.
            ("2026-11-20T09:00:00Z", "2026-11-24T16:00:00Z"),
            ("2026-11-21T09:00:00Z", "2026-11-24T16:00:00Z"),
            // Christmas Eve 2026 is a Thursday; Friday and Saturday are Christmas.
            ("2026-12-24T09:00:00Z", "2026-12-29T16:00:00Z"),
            // Late on Monday evening in the Netherlands.
            ("2026-11-23T22:59:00Z", "2026-11-25T16:00:00Z"),
            ("2026-11-23T23:01:00Z", "2026-11-26T16:00:00Z"),
        ] {
            assert_eq!(answer_by(at(now)), at(by), "{now}");
        }
    }

    #[test]
    fn the_third_try_gives_no_new_moment_and_stands_out() {
        let monday = at("2026-11-23T09:00:00Z");
        let mut progress = Progress::new(monday);
        assert!(!progress.is_overdue(monday) && progress.is_overdue(at("2026-11-25T16:00:01Z")));
        let tuesday = at("2026-11-24T09:00:00Z");
        progress = progress.follow_up(ReferralState::NotReached, tuesday).unwrap();
        assert_eq!((progress.tries, progress.answer_by), (1, at("2026-11-26T16:00:00Z")));
        progress = progress.follow_up(ReferralState::NotReached, tuesday).unwrap();
        let before = progress.answer_by;
        progress = progress.follow_up(ReferralState::NotReached, at("2026-11-26T09:00:00Z")).unwrap();
        assert_eq!((progress.tries, progress.answer_by), (3, before));
        assert!(progress.waits() && progress.is_overdue(tuesday));
    }

    #[test]
    fn a_question_is_short_and_holds_no_citizen_number() {
        assert_eq!(
            question(" Mag ik leren?\r\nIk wil graag. ").as_deref(),
            Ok("Mag ik leren?\nIk wil graag.")
        );
        assert_eq!(question(" ").as_deref(), Ok(""));
        assert_eq!(question(&"é".repeat(301)), Err("question-too-long"));
        assert_eq!(question("a\u{202e}b"), Err("question-malformed"));
        assert_eq!(question("bsn 111.222.333"), Err("looks-like-bsn"));
    }

    #[test]
    fn the_table_of_states() {
        use ReferralState::{Closed, NotReached, Open, Spoken, Withdrawn};
        let now = at("2026-11-23T09:00:00Z");
        let states = [Open, NotReached, Spoken, Closed, Withdrawn];
        for state in states {
            let progress = Progress { state, ..Progress::new(now) };
            for did in [Open, Withdrawn] {
                assert_eq!(progress.follow_up(did, now), Err(NotThatWay::NotADeed), "{state:?} {did:?}");
            }
            let goes = |did| progress.follow_up(did, now).is_ok();
            let expected = match state {
                Open | NotReached => [true, true, true],
                Spoken => [false, true, true],
                Closed => [false, false, true],
                Withdrawn => [false, false, false],
            };
            assert_eq!([NotReached, Spoken, Closed].map(goes), expected, "{state:?}");
            assert_eq!(progress.withdraw().is_ok(), state != Closed, "{state:?}");
            assert_eq!(state_from_name(state_name(state)), Some(state));
        }
        assert_eq!(state_from_name("lost"), None);
    }

    proptest! {
        #[test]
        fn a_desk_has_two_to_nine_days_and_ends_on_a_working_day(hours in 0_i64..200_000) {
            let now = at("2026-01-01T00:00:00Z") + TimeDelta::hours(hours);
            let by = answer_by(now);
            prop_assert!(is_working_day(day(by)));
            prop_assert!(by - now > TimeDelta::hours(40) && by - now < TimeDelta::days(10));
        }
    }
}
