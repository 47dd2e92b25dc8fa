//! A one-time code: six digits, ten minutes, five tries, used once.

use chrono::{DateTime, TimeDelta, Utc};

/// Digits of a code.
pub const CODE_DIGITS: usize = 6;
/// Tries that a code survives.
pub const MOST_TRIES: u8 = 5;
/// Code messages to one contact within [`SENDING_WINDOW`].
pub const MOST_MESSAGES: i64 = 3;
/// The hour in which at most [`MOST_MESSAGES`] go out.
pub const SENDING_WINDOW: TimeDelta = TimeDelta::hours(1);
/// How long a code works.
pub const CODE_LIFE: TimeDelta = TimeDelta::minutes(10);
/// How long a registration waits for its code.
pub const REGISTRATION_LIFE: TimeDelta = TimeDelta::hours(48);

/// What a code is for. One that was asked for one thing does nothing else.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Purpose {
    /// Finish a registration, or sign in.
    SignIn,
    /// Show a helper that she agrees. Never signs anyone in.
    Helped,
    /// Make a contact hers.
    Contact,
    /// Take over a registration that was made with help, and make a contact hers.
    TakeOver,
    /// Show that the contact is still hers, before another one.
    OldContact,
    /// Make a contact hers, at a desk. Never signs anyone in.
    DeskContact,
}

impl Purpose {
    /// The name in storage.
    pub const fn name(self) -> &'static str {
        match self {
            Self::SignIn => "sign_in",
            Self::Helped => "helped",
            Self::Contact => "contact",
            Self::TakeOver => "take_over",
            Self::OldContact => "old_contact",
            Self::DeskContact => "desk_contact",
        }
    }

    /// The purpose with this name.
    pub fn from_name(name: &str) -> Option<Self> {
        [Self::SignIn, Self::Helped, Self::Contact, Self::TakeOver, Self::OldContact, Self::DeskContact]
            .into_iter()
            .find(|purpose| purpose.name() == name)
    }
}

/// What is known about a request for a code when a code comes back.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Challenge {
    /// Wrong codes so far.
    pub tries: u8,
    /// From then on it does not work.
    pub expires_at: DateTime<Utc>,
    /// Whether the right code came already.
    pub used: bool,
}

/// What a code does.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Verdict {
    /// It is her.
    Right,
    /// Not that code; it counts, and so many are left.
    Wrong {
        /// 1 to 4.
        tries_left: u8,
    },
    /// Not that code, and it was the last try.
    WrongAndLocked,
    /// Whatever the code says, it is too late. Nothing is counted.
    Expired,
}

impl Challenge {
    /// Judges a code at a moment. A wrong code in time counts; `matches` is compared beforehand in
    /// constant time.
    pub fn judge(self, now: DateTime<Utc>, matches: bool) -> Verdict {
        if self.used || self.tries >= MOST_TRIES || now >= self.expires_at {
            return Verdict::Expired;
        }
        if matches {
            return Verdict::Right;
        }
        match MOST_TRIES - self.tries - 1 {
            0 => Verdict::WrongAndLocked,
            tries_left => Verdict::Wrong { tries_left },
        }
    }
}

/// A code as typed, without the spaces that phones and people put in.
pub fn typed_code(typed: &str) -> String {
    typed.chars().filter(|letter| !letter.is_whitespace() && !matches!(letter, '-' | '.')).take(64).collect()
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn noon() -> DateTime<Utc> {
        "2026-12-07T12:00:00Z".parse().unwrap()
    }

    fn fresh() -> Challenge {
        Challenge { tries: 0, expires_at: noon() + CODE_LIFE, used: false }
    }

    #[test]
    fn a_code_works_until_ten_minutes_are_over() {
        let last_moment = noon() + CODE_LIFE - TimeDelta::milliseconds(1);
        assert_eq!(fresh().judge(last_moment, true), Verdict::Right);
        assert_eq!(fresh().judge(noon() + CODE_LIFE, true), Verdict::Expired);
        assert_eq!(fresh().judge(noon() + CODE_LIFE, false), Verdict::Expired);
    }

    #[test]
    fn the_fifth_wrong_code_locks_and_the_right_one_is_then_too_late() {
        let mut challenge = fresh();
        for tries_left in [4, 3, 2, 1] {
            assert_eq!(challenge.judge(noon(), false), Verdict::Wrong { tries_left });
            challenge.tries += 1;
        }
        assert_eq!(challenge.judge(noon(), true), Verdict::Right);
        assert_eq!(challenge.judge(noon(), false), Verdict::WrongAndLocked);
        challenge.tries += 1;
        assert_eq!(challenge.judge(noon(), true), Verdict::Expired);
    }

    #[test]
    fn a_code_is_used_once() {
        assert_eq!(Challenge { used: true, ..fresh() }.judge(noon(), true), Verdict::Expired);
    }

    #[test]
    fn spaces_in_a_code_do_not_count() {
        assert_eq!(typed_code(" 482 913\n"), "482913");
        assert_eq!(typed_code("482-913"), "482913");
    }

    proptest! {
        #[test]
        fn no_row_of_codes_gets_more_than_five_chances(guesses in prop::collection::vec(any::<bool>(), 0..20)) {
            let mut challenge = fresh();
            let (mut rights, mut wrongs) = (0, 0);
            for matches in guesses {
                match challenge.judge(noon(), matches) {
                    Verdict::Right => { rights += 1; challenge.used = true; }
                    Verdict::Wrong { .. } | Verdict::WrongAndLocked => { wrongs += 1; challenge.tries += 1; }
                    Verdict::Expired => {}
                }
            }
            prop_assert!(rights <= 1 && wrongs <= MOST_TRIES);
        }
    }
}
