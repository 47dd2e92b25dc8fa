//! Who may reach someone about her place in line, and until when.

use chassis::clock;
use chrono::{DateTime, Days, NaiveTime, TimeDelta, TimeZone as _, Utc};
use proto::open_hiring::{TicketChanged, TicketState, TicketStep};

/// How long an employer may reach someone after she began, refused or the place lapsed.
pub const OPEN_AFTER: TimeDelta = TimeDelta::days(28);

/// Who may reach her.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Open {
    /// Whether she said yes or began.
    pub begins: bool,
    /// Account managers, to call her about an open offer.
    pub offer_until: Option<DateTime<Utc>>,
    /// The employer where she begins.
    pub beginner_until: Option<DateTime<Utc>>,
}

impl Open {
    /// Who may reach her after this, told at a moment.
    #[must_use]
    pub fn after(self, ticket: &TicketChanged, at: DateTime<Utc>) -> Self {
        let offer_until = ticket.answer_until.filter(|_| ticket.state == TicketState::Offered);
        let begins = matches!(ticket.state, TicketState::Yes | TicketState::Started);
        // Also when the yes itself was not heard, because a newer event came first.
        let ends_a_yes = self.begins || matches!(ticket.step, TicketStep::GaveBack | TicketStep::NoShow);
        let beginner_until = if begins {
            Some(ticket.first_day.and_then(end_of_day).unwrap_or(at) + OPEN_AFTER)
        } else if ends_a_yes {
            Some(at + OPEN_AFTER)
        } else {
            self.beginner_until
        };
        Self { begins, offer_until, beginner_until }
    }
}

fn end_of_day(day: chrono::NaiveDate) -> Option<DateTime<Utc>> {
    let midnight = (day + Days::new(1)).and_time(NaiveTime::MIN);
    // The clock is never changed at midnight.
    clock::ZONE.from_local_datetime(&midnight).single().map(|moment| moment.with_timezone(&Utc))
}

#[cfg(test)]
mod tests {
    use proto::{EmployerId, QueueId, SeekerId, TicketId};
    use uuid::Uuid;

    use super::*;

    fn at(text: &str) -> DateTime<Utc> {
        text.parse().unwrap()
    }

    fn ticket(state: TicketState, step: TicketStep) -> TicketChanged {
        TicketChanged {
            ticket_id: TicketId(Uuid::from_u128(1)),
            version: 1,
            seeker_id: SeekerId(Uuid::from_u128(2)),
            queue_id: QueueId(Uuid::from_u128(3)),
            employer_id: EmployerId(Uuid::from_u128(4)),
            ticket_number: 15,
            state,
            step,
            changed_at: at("2026-12-01T09:00:00Z"),
            is_confirmed: true,
            place: None,
            first_day: Some("2026-12-07".parse().unwrap()),
            answer_until: (state == TicketState::Offered).then(|| at("2026-12-02T17:00:00Z")),
            remind_at: None,
        }
    }

    #[test]
    fn account_managers_may_call_while_the_offer_stands_and_the_employer_never() {
        let offered = ticket(TicketState::Offered, TicketStep::Offered);
        let open = Open::default().after(&offered, at("2026-12-01T09:00:00Z"));
        assert_eq!(open.offer_until, Some(at("2026-12-02T17:00:00Z")));
        assert_eq!((open.begins, open.beginner_until), (false, None));
        for (state, step) in [
            (TicketState::Paused, TicketStep::NoAnswer),
            (TicketState::Waiting, TicketStep::NotThatDay),
            (TicketState::Ended, TicketStep::SaidNo),
        ] {
            assert_eq!(open.after(&ticket(state, step), at("2026-12-02T17:00:00Z")), Open::default());
        }
    }

    #[test]
    fn the_employer_may_reach_who_begins_until_28_days_after_her_first_day() {
        let yes =
            Open::default().after(&ticket(TicketState::Yes, TicketStep::SaidYes), at("2026-12-01T09:00:00Z"));
        // The first day ends at midnight in the Netherlands.
        let until = Some(at("2027-01-04T23:00:00Z"));
        assert_eq!((yes.begins, yes.offer_until, yes.beginner_until), (true, None, until));
        let started =
            yes.after(&ticket(TicketState::Started, TicketStep::Started), at("2026-12-07T12:00:00Z"));
        assert_eq!(started.beginner_until, until);
        let again = started
            .after(&ticket(TicketState::Started, TicketStep::ContactChanged), at("2026-12-20T12:00:00Z"));
        assert_eq!(again.beginner_until, until, "another change of it opens nothing longer");
    }

    #[test]
    fn after_a_yes_that_ended_28_days_are_left_and_nothing_renews_them() {
        let now = at("2026-12-03T09:00:00Z");
        let left = Some(now + OPEN_AFTER);
        let yes = Open::default().after(&ticket(TicketState::Yes, TicketStep::SaidYes), now);
        let gave_back = yes.after(&ticket(TicketState::Waiting, TicketStep::GaveBack), now);
        assert_eq!((gave_back.begins, gave_back.beginner_until), (false, left));
        let later = now + TimeDelta::days(3);
        let paused = gave_back.after(&ticket(TicketState::Paused, TicketStep::Paused), later);
        assert_eq!(paused.beginner_until, left);
        let offered = paused.after(&ticket(TicketState::Offered, TicketStep::Offered), later);
        assert!(offered.beginner_until == left && offered.offer_until.is_some());
        let unheard = Open::default().after(&ticket(TicketState::Ended, TicketStep::NoShow), now);
        assert_eq!(unheard.beginner_until, left);
        let closed = yes.after(&ticket(TicketState::Ended, TicketStep::QueueClosed), now);
        assert_eq!(closed.beginner_until, left, "any other end after a yes");
    }
}
