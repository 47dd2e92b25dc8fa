//! How long somebody has to answer an offer: hours that count only while people can be expected to answer.

use chassis::clock::at_hour;
use chrono::{DateTime, Days, NaiveDate, TimeDelta, Utc};
use reference::calendar::is_working_day;

/// Hours to answer in, and the part of a working day in which they count.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct AnswerTime {
    hours: u16,
    from: u8,
    until: u8,
}

/// Why an answer time cannot be meant.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum NotAnAnswerTime {
    /// Nobody can answer within nothing, and nobody waits for weeks.
    #[error("an answer takes 1 to {MOST_HOURS} hours, not {0}")]
    Hours(u16),
    /// The day part has no hours, or more than a day has.
    #[error("no day part runs from {from}:00 to {until}:00")]
    DayPart {
        /// Its first hour.
        from: u8,
        /// The hour at which it ends.
        until: u8,
    },
}

/// The longest time to answer, in hours that count: two weeks of working days.
pub const MOST_HOURS: u16 = 120;

/// Nobody is asked about a place when fewer hours that count are left before its first day: half a working day, in which
/// a message is read, a call is made and somebody at home is asked.
pub const FEWEST_HOURS: u16 = 4;

impl AnswerTime {
    /// So many hours, counted on working days from one full hour to another, as clocks in the Netherlands show them.
    ///
    /// # Errors
    /// When nobody could answer in it.
    pub fn new(hours: u16, from: u8, until: u8) -> Result<Self, NotAnAnswerTime> {
        if !(1..=MOST_HOURS).contains(&hours) {
            return Err(NotAnAnswerTime::Hours(hours));
        }
        if from >= until || until > 24 {
            return Err(NotAnAnswerTime::DayPart { from, until });
        }
        Ok(Self { hours, from, until })
    }

    /// Until when an offer made now stands. Nights, weekends and holidays do not count; hours do, also those that a
    /// clock shows twice.
    pub fn deadline(self, now: DateTime<Utc>) -> DateTime<Utc> {
        self.after(TimeDelta::hours(i64::from(self.hours)), now)
    }

    /// When half of the time to answer an offer made now is over.
    pub fn halfway(self, now: DateTime<Utc>) -> DateTime<Utc> {
        self.after(TimeDelta::minutes(i64::from(self.hours) * 30), now)
    }

    /// Whether somebody who is asked now has a fair time to answer before this moment: the fewest hours that count, or all of
    /// the time to answer where that is less.
    pub fn fits_before(self, moment: DateTime<Utc>, now: DateTime<Utc>) -> bool {
        self.after(TimeDelta::hours(i64::from(self.hours.min(FEWEST_HOURS))), now) <= moment
    }

    /// When so much time that counts has passed.
    fn after(self, time: TimeDelta, now: DateTime<Utc>) -> DateTime<Utc> {
        let mut left = time;
        let mut day = chassis::clock::day(now);
        // Every day part has an hour that exists and no stretch of days off is longer than a week, so `left` falls.
        loop {
            if is_working_day(day) {
                let (from, until) = (moment(day, self.from).max(now), moment(day, self.until));
                if from < until {
                    if left <= until - from {
                        return from + left;
                    }
                    left -= until - from;
                }
            }
            day = day + Days::new(1);
        }
    }
}

/// A full hour of a day; 24 is the end of it.
fn moment(day: NaiveDate, hour: u8) -> DateTime<Utc> {
    if hour == 24 { at_hour(day + Days::new(1), 0) } else { at_hour(day, u32::from(hour)) }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn at(text: &str) -> DateTime<Utc> {
        text.parse().unwrap()
    }

    fn office(hours: u16) -> AnswerTime {
        AnswerTime::new(hours, 9, 18).unwrap()
    }

    #[test]
    fn hours_count_while_people_can_be_expected_to_answer() {
        // Tuesday 1 December 2026, 14:00 in the Netherlands: four hours today, nine tomorrow, five the day after.
        assert_eq!(office(18).deadline(at("2026-12-01T13:00:00Z")), at("2026-12-03T13:00:00Z"));
        // In the evening nothing counts until the next morning.
        assert_eq!(office(2).deadline(at("2026-12-01T20:00:00Z")), at("2026-12-02T10:00:00Z"));
        // Exactly to the end of a day part is that evening, not the next morning.
        assert_eq!(office(9).deadline(at("2026-12-01T08:00:00Z")), at("2026-12-01T17:00:00Z"));
    }

    #[test]
    fn weekends_and_holidays_do_not_count() {
        // Friday 17:00: one hour today, the second on Monday morning.
        assert_eq!(office(2).deadline(at("2026-12-04T16:00:00Z")), at("2026-12-07T09:00:00Z"));
        // Christmas 2026 falls on Friday and Saturday.
        assert_eq!(office(1).deadline(at("2026-12-24T17:00:00Z")), at("2026-12-28T09:00:00Z"));
    }

    #[test]
    fn days_of_23_and_25_hours_keep_their_hours() {
        let all_day = AnswerTime::new(48, 0, 24).unwrap();
        // Clocks turn in nights to Sundays, which do not count. In October 2026 they go back between Friday 12:00 and
        // Tuesday 12:00; in March 2027 forward, and Easter Monday takes a day more.
        assert_eq!(all_day.deadline(at("2027-03-26T11:00:00Z")), at("2027-03-31T10:00:00Z"));
        assert_eq!(all_day.deadline(at("2026-10-23T10:00:00Z")), at("2026-10-27T11:00:00Z"));
    }

    #[test]
    fn a_fair_time_to_answer_is_half_a_working_day_before_the_first_day_begins() {
        // Monday 7 December 2026, 0:00 in the Netherlands.
        let monday = at("2026-12-06T23:00:00Z");
        // The Friday before: at 14:00 four hours are left, a minute later one minute less.
        assert!(office(18).fits_before(monday, at("2026-12-04T13:00:00Z")));
        assert!(!office(18).fits_before(monday, at("2026-12-04T13:01:00Z")));
        assert!(
            !office(18).fits_before(monday, at("2026-12-04T19:00:00Z")),
            "a weekend is no time to answer"
        );
        // Who gives two hours is content with two.
        assert!(office(2).fits_before(monday, at("2026-12-04T15:00:00Z")));
        assert!(!office(2).fits_before(monday, at("2026-12-04T15:01:00Z")));
        assert!(!office(1).fits_before(monday, monday), "nobody is asked about a day that has come");
    }

    #[test]
    fn what_nobody_could_answer_in_is_refused() {
        assert_eq!(AnswerTime::new(0, 9, 18), Err(NotAnAnswerTime::Hours(0)));
        assert_eq!(AnswerTime::new(121, 9, 18), Err(NotAnAnswerTime::Hours(121)));
        for (from, until) in [(9, 9), (18, 9), (9, 25)] {
            assert_eq!(AnswerTime::new(1, from, until), Err(NotAnAnswerTime::DayPart { from, until }));
        }
    }

    proptest! {
        /// A second opinion that counts minutes one by one.
        #[test]
        fn a_deadline_leaves_exactly_the_hours_that_were_promised(
            minutes in 0..2_000_000_i64, hours in 1..=30_u16, from in 0..23_u8, length in 1..=24_u8,
        ) {
            let until = (from + length).min(24);
            let time = AnswerTime::new(hours, from, until).unwrap();
            let now = at("2026-01-01T00:00:00Z") + TimeDelta::minutes(minutes);
            let deadline = time.deadline(now);
            let counted = (0..(deadline - now).num_minutes())
                .map(|minute| now + TimeDelta::minutes(minute))
                .filter(|moment| {
                    let local = chassis::clock::local(*moment);
                    let hour = u8::try_from(chrono::Timelike::hour(&local)).unwrap();
                    is_working_day(local.date()) && (from..until).contains(&hour)
                })
                .count();
            prop_assert_eq!(counted, usize::from(hours) * 60);
        }
    }
}
