//! When a telephone may make a sound: not between 21:00 and 8:00 (UX), except for what people wait for.

use chassis::clock::ZONE;
use chrono::{DateTime, Days, NaiveTime, TimeZone as _, Timelike as _, Utc};
use proto::notifier::Template;

const BEGINS: u32 = 21;
const ENDS: u32 = 8;

/// Whether somebody sits waiting for it: who sends us a text message is awake.
pub const fn is_waited_for(template: Template) -> bool {
    matches!(template, Template::Code | Template::HelpedCode | Template::Invitation | Template::TextReply)
}

/// The end of the quiet hours that this moment lies in; `None` by day.
pub fn until(now: DateTime<Utc>) -> Option<DateTime<Utc>> {
    let local = now.with_timezone(&ZONE);
    let today = local.date_naive();
    let day = match local.hour() {
        hour if hour >= BEGINS => today.checked_add_days(Days::new(1))?,
        hour if hour < ENDS => today,
        _ => return None,
    };
    // The clock is never changed at eight.
    let morning = day.and_time(NaiveTime::from_hms_opt(ENDS, 0, 0)?);
    ZONE.from_local_datetime(&morning).single().map(|morning| morning.with_timezone(&Utc))
}

#[cfg(test)]
mod tests {
    use chrono::TimeDelta;
    use proptest::prelude::*;

    use super::*;

    fn at(moment: &str) -> DateTime<Utc> {
        moment.parse().unwrap()
    }

    #[test]
    fn the_night_lasts_from_nine_to_eight_in_the_netherlands() {
        for (now, end) in [
            ("2026-01-10T19:59:59Z", None),
            ("2026-01-10T20:00:00Z", Some("2026-01-11T07:00:00Z")),
            ("2026-01-10T23:30:00Z", Some("2026-01-11T07:00:00Z")),
            ("2026-01-11T06:59:59Z", Some("2026-01-11T07:00:00Z")),
            ("2026-01-11T07:00:00Z", None),
            // Summer time begins in this night.
            ("2026-03-28T20:30:00Z", Some("2026-03-29T06:00:00Z")),
            // And ends in this one.
            ("2026-10-24T22:00:00Z", Some("2026-10-25T07:00:00Z")),
        ] {
            assert_eq!(until(at(now)), end.map(at), "{now}");
        }
    }

    #[test]
    fn only_codes_invitations_and_replies_come_at_night() {
        for template in Template::ALL {
            let waited_for = matches!(
                template,
                Template::Code | Template::HelpedCode | Template::Invitation | Template::TextReply
            );
            assert_eq!(is_waited_for(*template), waited_for, "{template:?}");
        }
    }

    proptest! {
        #[test]
        fn the_end_is_by_day_and_within_eleven_hours_and_a_changed_clock(seconds in 0_i64..4_000_000_000) {
            let now = DateTime::from_timestamp(seconds, 0).unwrap();
            if let Some(end) = until(now) {
                prop_assert!(end > now && end - now <= TimeDelta::hours(12));
                prop_assert_eq!(until(end), None);
            }
        }
    }
}
