//! How long a session lasts (RELIABILITY rule 35).

use chrono::{DateTime, TimeDelta, Utc};

/// Whose session.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum SessionKind {
    /// A job-seeker who confirmed her code.
    Seeker,
    /// Staff after password and code.
    Staff,
    /// Staff after the password, before the code.
    HalfWay,
    /// Someone accepting an invitation.
    Invited,
}

impl SessionKind {
    /// The name in storage.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Seeker => "seeker",
            Self::Staff => "staff",
            Self::HalfWay => "half_way",
            Self::Invited => "invited",
        }
    }

    /// The kind with this name.
    pub fn from_name(name: &str) -> Option<Self> {
        [Self::Seeker, Self::Staff, Self::HalfWay, Self::Invited].into_iter().find(|kind| kind.name() == name)
    }

    /// How long without a page, and how long at most.
    pub const fn limits(self) -> (TimeDelta, TimeDelta) {
        match self {
            Self::Seeker => (TimeDelta::hours(24), TimeDelta::days(30)),
            Self::Staff => (TimeDelta::minutes(30), TimeDelta::hours(12)),
            Self::HalfWay => (TimeDelta::minutes(10), TimeDelta::minutes(10)),
            Self::Invited => (TimeDelta::minutes(30), TimeDelta::minutes(60)),
        }
    }

    /// Whether a session of this kind is still good.
    pub fn is_good(self, started_at: DateTime<Utc>, seen_at: DateTime<Utc>, now: DateTime<Utc>) -> bool {
        let (idle, absolute) = self.limits();
        now - seen_at < idle && now - started_at < absolute
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn staff_sessions_end_after_half_an_hour_without_a_page_and_after_twelve_hours_anyway() {
        let start: DateTime<Utc> = "2026-11-22T08:00:00Z".parse().unwrap();
        let good = |seen: i64, now: i64| {
            SessionKind::Staff.is_good(
                start,
                start + TimeDelta::minutes(seen),
                start + TimeDelta::minutes(now),
            )
        };
        assert!(good(0, 29));
        assert!(!good(0, 30));
        assert!(good(700, 719));
        assert!(!good(719, 720));
    }
}
