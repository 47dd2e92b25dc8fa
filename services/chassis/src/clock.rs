//! Time, read once per transaction from the database (DESIGN rule 9).

use std::sync::{
    Arc,
    atomic::{AtomicI64, Ordering},
};

use chrono::{DateTime, Datelike, NaiveDate, NaiveDateTime, TimeDelta, TimeZone as _, Utc};
use chrono_tz::{Europe::Amsterdam, Tz};

use crate::faults::clock_jumps;

/// What the time is, given what the database says.
///
/// The real clock takes the database's word. A test may set it ahead or back, for all services at
/// once: decisions then see the moved time while locks and timeouts of the servers stay as they are.
#[derive(Debug, Clone, Default)]
pub struct Clock {
    moved_ms: Arc<AtomicI64>,
}

impl Clock {
    /// The moment to decide with, given the database's `now()`.
    pub fn read(&self, database_now: DateTime<Utc>) -> DateTime<Utc> {
        self.moved(database_now, clock_jumps().0)
    }

    /// The moment by this machine, for what has no transaction: signatures, deadlines of calls.
    pub fn machine_now(&self) -> DateTime<Utc> {
        #[expect(clippy::disallowed_methods, reason = "the one place where the machine's clock is read")]
        let now = Utc::now();
        self.moved(now, clock_jumps().1)
    }

    fn moved(&self, moment: DateTime<Utc>, jumped_ms: i64) -> DateTime<Utc> {
        moment + TimeDelta::milliseconds(self.moved_ms.load(Ordering::SeqCst) + jumped_ms)
    }

    /// Moves the clock, in tests only.
    pub fn advance(&self, by: TimeDelta) {
        self.moved_ms.fetch_add(by.num_milliseconds(), Ordering::SeqCst);
    }
}

/// The zone of screens, deadlines and calendars.
pub const ZONE: Tz = Amsterdam;

/// The calendar day in the Netherlands.
pub fn day(moment: DateTime<Utc>) -> NaiveDate {
    let local = moment.with_timezone(&ZONE);
    NaiveDate::from_ymd_opt(local.year(), local.month(), local.day()).expect("a moment has a calendar day")
}

/// A moment as the clocks in the Netherlands show it.
pub fn local(moment: DateTime<Utc>) -> NaiveDateTime {
    moment.with_timezone(&ZONE).naive_local()
}

/// The hour of a day in Amsterdam; the one after it where the clock skips it.
pub fn at_hour(day: NaiveDate, hour: u32) -> DateTime<Utc> {
    let local = day.and_hms_opt(hour, 0, 0).expect("an hour of the day");
    ZONE.from_local_datetime(&local)
        .earliest()
        .or_else(|| ZONE.from_local_datetime(&(local + TimeDelta::hours(1))).earliest())
        .expect("the clock skips one hour at most")
        .with_timezone(&Utc)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_day_turns_at_midnight_in_the_netherlands() {
        let late = "2026-06-30T22:30:00Z".parse().unwrap();
        assert_eq!(day(late), NaiveDate::from_ymd_opt(2026, 7, 1).unwrap());
    }

    #[test]
    fn a_moved_clock_moves_for_everyone_who_holds_it() {
        let clock = Clock::default();
        let held = clock.clone();
        clock.advance(TimeDelta::hours(2));
        let moment = "2026-01-01T00:00:00Z".parse().unwrap();
        assert_eq!(held.read(moment) - moment, TimeDelta::hours(2));
    }
}
