//! What makes an erasure complete, and when it is late.

use chrono::{DateTime, TimeDelta, Utc};
use proto::{Fact as _, Service, catalogue::readers_of, intake::SeekerErased};

/// Until when everybody has to confirm (RELIABILITY rule 34). The law gives a month.
pub const CONFIRMED_WITHIN: TimeDelta = TimeDelta::days(7);

/// Who has to confirm: everybody who hears that someone is erased.
pub fn confirmers() -> Vec<Service> {
    readers_of(SeekerErased::NAME).collect()
}

/// Whether an erasure that is not complete is late.
pub fn is_overdue(at: DateTime<Utc>, is_complete: bool, now: DateTime<Utc>) -> bool {
    !is_complete && at + CONFIRMED_WITHIN < now
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn whoever_hears_of_an_erasure_confirms_it_and_intake_hears_that() {
        let confirmers = confirmers();
        assert_eq!(confirmers, [Service::OpenHiring, Service::Matcher, Service::Notifier, Service::Portal]);
        for service in confirmers {
            let name = format!("seeker_forgotten_by_{service}").replace('-', "_");
            assert_eq!(readers_of(&name).collect::<Vec<_>>(), [Service::Intake], "{name}");
        }
    }

    #[test]
    fn seven_days_are_in_time() {
        let at: DateTime<Utc> = "2026-11-02T10:00:00Z".parse().unwrap();
        assert!(!is_overdue(at, false, at + TimeDelta::days(7)));
        assert!(is_overdue(at, false, at + TimeDelta::days(7) + TimeDelta::seconds(1)));
        assert!(!is_overdue(at, true, at + TimeDelta::days(400)));
    }
}
