//! How somebody is reached about an offer: a message, a call, the second number, her adviser. Only then is she "not
//! reached", which pauses her and takes nothing away.

use chrono::{DateTime, Utc};
use proto::open_hiring::{Rung, Ways};

use super::answer_time::AnswerTime;

const fn has(ways: Ways, rung: Rung) -> bool {
    match rung {
        Rung::Message => ways.message,
        Rung::Call => ways.call,
        Rung::SecondNumber => ways.second_number,
        Rung::Adviser => ways.adviser,
    }
}

/// The rung after the one that was tried last (none yet: the first that she has). `None` when there is none left: she was not
/// reached.
pub fn next(ways: Ways, tried: Option<Rung>) -> Option<Rung> {
    let later = Rung::ALL.iter().copied().filter(|rung| tried.is_none_or(|tried| *rung > tried));
    { later }.find(|rung| has(ways, *rung))
}

/// When a rung is due that follows one tried at this moment. A message has half of the time to be answered before
/// somebody calls; whoever did not pick up is tried otherwise at once.
pub fn due(
    tried: Option<(Rung, DateTime<Utc>)>,
    answer_time: AnswerTime,
    offered_at: DateTime<Utc>,
) -> DateTime<Utc> {
    match tried {
        None => offered_at,
        Some((Rung::Message, _)) => answer_time.halfway(offered_at),
        Some((_, at)) => at,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const NONE: Ways = Ways { message: false, call: false, second_number: false, adviser: false };

    fn climbed(ways: Ways) -> Vec<Rung> {
        std::iter::successors(next(ways, None), |tried| next(ways, Some(*tried))).collect()
    }

    #[test]
    fn each_way_is_tried_once_and_in_order() {
        assert_eq!(
            climbed(Ways { message: true, call: true, second_number: true, adviser: true }),
            Rung::ALL
        );
        assert_eq!(climbed(NONE), []);
    }

    #[test]
    fn without_a_smartphone_the_offer_is_a_call() {
        assert_eq!(climbed(Ways { call: true, ..NONE }), [Rung::Call]);
        assert_eq!(climbed(Ways { call: true, adviser: true, ..NONE }), [Rung::Call, Rung::Adviser]);
    }

    #[test]
    fn a_message_has_half_of_the_time_and_a_call_leads_on_at_once() {
        // Eighteen hours that count, from Tuesday 1 December 2026, 9:00: half of them is that evening.
        let answer_time = AnswerTime::new(18, 9, 18).unwrap();
        let offered_at = "2026-12-01T08:00:00Z".parse().unwrap();
        assert_eq!(due(None, answer_time, offered_at), offered_at);
        let evening: DateTime<Utc> = "2026-12-01T17:00:00Z".parse().unwrap();
        assert_eq!(due(Some((Rung::Message, offered_at)), answer_time, offered_at), evening);
        let called = "2026-12-02T09:30:00Z".parse().unwrap();
        assert_eq!(due(Some((Rung::Call, called)), answer_time, offered_at), called);
    }
}
