//! What somebody hears about her place in line.

use chrono::{DateTime, NaiveDate, TimeDelta, Utc};
use proto::{
    notifier::{InLine, NoticeContent},
    open_hiring::{TicketChanged, TicketState, TicketStep},
};

/// How long news about a place in line is news.
const NEWS_FOR: TimeDelta = TimeDelta::days(7);
/// How long she can take back that she left the line.
const COMES_BACK_WITHIN: TimeDelta = TimeDelta::hours(24);

/// Moments and days that news names.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Moments {
    /// The first working day of the place.
    pub first_day: Option<NaiveDate>,
    /// Until when she answers.
    pub answer_until: Option<DateTime<Utc>>,
    /// When it happened.
    pub at: DateTime<Utc>,
}

/// Whether she hears of this.
pub fn is_told(ticket: &TicketChanged) -> bool {
    match ticket.step {
        // She is confirmed from the beginning, or becomes so: before that nobody knows that it is she.
        TicketStep::SignedUp | TicketStep::Confirmed => ticket.is_confirmed,
        TicketStep::Offered => ticket.state == TicketState::Offered,
        TicketStep::SaidYes
        | TicketStep::SaidNo
        | TicketStep::NotThatDay
        | TicketStep::SaidLater
        | TicketStep::NoAnswer
        | TicketStep::NotReached
        | TicketStep::OfferEnded
        | TicketStep::SetRight
        | TicketStep::QueueClosed => true,
        // Her own doing on her page, or told in person.
        TicketStep::Unconfirmed
        | TicketStep::ContactChanged
        | TicketStep::RefusesDays
        | TicketStep::Paused
        | TicketStep::GoesOn
        | TicketStep::SteppedDown
        | TicketStep::CameBack
        | TicketStep::GaveBack
        | TicketStep::Started
        | TicketStep::NoShow
        | TicketStep::Corrected => false,
    }
}

/// From when on it makes no sense any more: an offer when her time to answer is over.
pub fn expires_at(ticket: &TicketChanged, at: DateTime<Utc>) -> DateTime<Utc> {
    let offered = ticket.answer_until.filter(|_| ticket.state == TicketState::Offered);
    offered.unwrap_or(at + NEWS_FOR)
}

/// What the message says; nothing when a moment that it names is not known.
pub fn content(step: TicketStep, reminds: bool, moments: &Moments, line: InLine) -> Option<NoticeContent> {
    Some(match step {
        TicketStep::SignedUp | TicketStep::Confirmed => NoticeContent::InLine { line },
        TicketStep::Offered if reminds => {
            NoticeContent::OfferReminder { line, answer_until: moments.answer_until? }
        }
        TicketStep::Offered => {
            NoticeContent::Offer { line, first_day: moments.first_day?, answer_until: moments.answer_until? }
        }
        TicketStep::SaidYes => NoticeContent::Begins { line, first_day: moments.first_day? },
        TicketStep::SaidNo => NoticeContent::SaidNo { line, back_until: moments.at + COMES_BACK_WITHIN },
        TicketStep::SaidLater => NoticeContent::SaidLater { line },
        TicketStep::NotThatDay => NoticeContent::NotThatDay { line },
        TicketStep::NoAnswer => NoticeContent::NotReached { line, too_late: true },
        TicketStep::NotReached => NoticeContent::NotReached { line, too_late: false },
        TicketStep::OfferEnded => NoticeContent::OfferEnded { line },
        TicketStep::SetRight => NoticeContent::SetRight { line },
        TicketStep::QueueClosed => NoticeContent::Filled { line },
        TicketStep::Unconfirmed
        | TicketStep::ContactChanged
        | TicketStep::RefusesDays
        | TicketStep::Paused
        | TicketStep::GoesOn
        | TicketStep::SteppedDown
        | TicketStep::CameBack
        | TicketStep::GaveBack
        | TicketStep::Started
        | TicketStep::NoShow
        | TicketStep::Corrected => return None,
    })
}

#[cfg(test)]
mod tests {
    use proto::{EmployerId, QueueId, SeekerId, TicketId};
    use uuid::Uuid;

    use super::*;

    fn at() -> DateTime<Utc> {
        "2026-12-01T09:00:00Z".parse().unwrap()
    }

    fn ticket(state: TicketState, step: TicketStep, is_confirmed: bool) -> TicketChanged {
        TicketChanged {
            ticket_id: TicketId(Uuid::from_u128(1)),
            version: 1,
            seeker_id: SeekerId(Uuid::from_u128(2)),
            queue_id: QueueId(Uuid::from_u128(3)),
            employer_id: EmployerId(Uuid::from_u128(4)),
            ticket_number: 15,
            state,
            step,
            changed_at: at(),
            is_confirmed,
            place: None,
            first_day: NaiveDate::from_ymd_opt(2026, 12, 7),
            answer_until: Some(at() + TimeDelta::hours(8)),
            remind_at: None,
        }
    }

    #[test]
    fn what_is_told_has_a_text_and_nothing_else_has() {
        let line = || InLine {
            title: String::new(),
            place: String::new(),
            employer: String::new(),
            number: 15,
            page: "https://x.nl".to_owned(),
        };
        let moments =
            Moments { first_day: NaiveDate::from_ymd_opt(2026, 12, 7), answer_until: Some(at()), at: at() };
        for step in TicketStep::ALL {
            let told = is_told(&ticket(TicketState::Offered, *step, true));
            for reminds in [false, true] {
                assert_eq!(content(*step, reminds, &moments, line()).is_some(), told, "{step:?}");
            }
        }
    }

    #[test]
    fn nobody_hears_of_a_place_before_it_is_confirmed_to_be_hers() {
        assert!(!is_told(&ticket(TicketState::Waiting, TicketStep::SignedUp, false)));
        assert!(is_told(&ticket(TicketState::Waiting, TicketStep::SignedUp, true)));
        assert!(is_told(&ticket(TicketState::Waiting, TicketStep::Confirmed, true)));
    }

    #[test]
    fn an_offer_is_news_until_its_deadline() {
        let offered = ticket(TicketState::Offered, TicketStep::Offered, true);
        assert_eq!(expires_at(&offered, at()), at() + TimeDelta::hours(8));
        let yes = ticket(TicketState::Yes, TicketStep::SaidYes, true);
        assert_eq!(expires_at(&yes, at()), at() + TimeDelta::days(7));
    }
}
