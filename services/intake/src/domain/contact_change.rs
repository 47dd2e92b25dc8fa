//! When somebody may give another number or address by herself.

use chrono::{DateTime, TimeDelta, Utc};

/// How long she may give another contact after the code to the old one came back.
pub const FREE_FOR: TimeDelta = TimeDelta::minutes(30);

/// Whether a code to the old contact must come back first. Who has none of her own has nothing to show.
pub fn needs_the_old_one(has_own: bool, free_until: Option<DateTime<Utc>>, now: DateTime<Utc>) -> bool {
    has_own && free_until.is_none_or(|until| until <= now)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn who_has_a_contact_of_her_own_shows_first_that_it_is_still_hers() {
        let now: DateTime<Utc> = "2026-12-07T12:00:00Z".parse().unwrap();
        let second = TimeDelta::seconds(1);
        assert!(needs_the_old_one(true, None, now));
        assert!(!needs_the_old_one(true, Some(now + second), now));
        assert!(needs_the_old_one(true, Some(now), now), "it ran out");
        assert!(!needs_the_old_one(false, None, now), "letters, or a shared one");
    }
}
