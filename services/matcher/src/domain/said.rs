//! What a person says to a proposal, and what the employer answers.

use chassis::clock;
use chrono::{DateTime, NaiveDate, NaiveTime, TimeZone as _, Utc};
use proto::matcher::{EmployerAnswer, Mark};
use reference::calendar;

/// How many working days an employer has to answer.
const WORKING_DAYS: usize = 5;
/// On the last of them, until this time in the Netherlands.
const UNTIL: NaiveTime = NaiveTime::from_hms_opt(18, 0, 0).expect("a time of the day");

/// Where both sides stand.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Said {
    /// What she says.
    pub mark: Mark,
    /// Since when.
    pub at: DateTime<Utc>,
    /// Before which moment the employer answers; only while she wants it.
    pub answer_by: Option<DateTime<Utc>>,
    /// What the employer answered to this, and when.
    pub answer: Option<(EmployerAnswer, DateTime<Utc>)>,
}

/// What follows when she says something; `None` when it changes nothing. An answer belongs to the yes
/// it was given to: a new yes waits for a new answer.
pub fn say(before: Option<&Said>, mark: Mark, now: DateTime<Utc>) -> Option<Said> {
    let changes = match before {
        Some(before) => before.mark != mark,
        None => mark != Mark::TakenBack,
    };
    changes.then(|| Said {
        mark,
        at: now,
        answer_by: (mark == Mark::Wanted).then(|| answer_by(now)),
        answer: None,
    })
}

/// What follows when the employer answers; `None` when it says the same again. Only a yes that stands
/// can be answered: whoever calls this has seen that it does.
pub fn answer(before: &Said, answer: EmployerAnswer, now: DateTime<Utc>) -> Option<Said> {
    let changes = before.answer.is_none_or(|(known, _)| known != answer);
    changes.then(|| Said { answer: Some((answer, now)), ..before.clone() })
}

/// Whether the moment to answer has passed without an answer.
pub fn is_overdue(answer_by: DateTime<Utc>, answered: bool, now: DateTime<Utc>) -> bool {
    !answered && answer_by < now
}

/// Five working days on, weekends and holidays left out, at the end of the afternoon.
fn answer_by(now: DateTime<Utc>) -> DateTime<Utc> {
    let today = clock::day(now);
    let day = (1..WORKING_DAYS).fold(next_working_day(today), |day, _| next_working_day(day));
    let local = clock::ZONE.from_local_datetime(&day.and_time(UNTIL)).earliest();
    // Clocks change at night: there is always an end of the afternoon.
    local.map_or(now, |local| local.with_timezone(&Utc))
}

fn next_working_day(after: NaiveDate) -> NaiveDate {
    calendar::working_day_from(after.succ_opt().unwrap_or(after))
}

#[cfg(test)]
mod tests {
    use proto::matcher::NotForMe;

    use super::*;

    fn at(text: &str) -> DateTime<Utc> {
        text.parse().expect("a moment")
    }

    const FAR: Mark = Mark::NotForMe { reason: Some(NotForMe::TooFar) };

    #[test]
    fn an_employer_has_five_working_days_until_six_in_the_afternoon() {
        for (now, expected) in [
            // A Monday in winter time: the next Monday.
            ("2026-11-23T09:00:00Z", "2026-11-30T17:00:00Z"),
            // A Friday evening and the Saturday after it: the Friday after.
            ("2026-11-20T22:00:00Z", "2026-11-27T17:00:00Z"),
            ("2026-11-21T12:00:00Z", "2026-11-27T17:00:00Z"),
            // Already Saturday in the Netherlands.
            ("2026-11-20T23:30:00Z", "2026-11-27T17:00:00Z"),
            // Over Easter (5 and 6 April 2026) and the change to summer time.
            ("2026-03-27T09:00:00Z", "2026-04-03T16:00:00Z"),
            ("2026-04-02T09:00:00Z", "2026-04-10T16:00:00Z"),
            // Over Christmas and New Year.
            ("2026-12-24T09:00:00Z", "2027-01-04T17:00:00Z"),
        ] {
            assert_eq!(answer_by(at(now)), at(expected), "{now}");
        }
    }

    #[test]
    fn saying_the_same_twice_changes_nothing() {
        let (first, later) = (at("2026-11-23T09:00:00Z"), at("2026-11-24T09:00:00Z"));
        for mark in [Mark::Wanted, FAR, Mark::NotForMe { reason: None }] {
            let said = say(None, mark, first).expect("a first mark changes something");
            assert_eq!((said.mark, said.at, said.answer), (mark, first, None));
            assert_eq!(said.answer_by.is_some(), mark == Mark::Wanted);
            assert_eq!(say(Some(&said), mark, later), None);
            let back = say(Some(&said), Mark::TakenBack, later).expect("taking back changes something");
            assert_eq!((back.at, back.answer_by), (later, None));
            assert_eq!(say(Some(&back), Mark::TakenBack, later), None);
        }
        assert_eq!(say(None, Mark::TakenBack, first), None, "nothing was said");
        let far = say(None, FAR, first).unwrap();
        assert!(say(Some(&far), Mark::NotForMe { reason: None }, later).is_some(), "another reason");
    }

    #[test]
    fn an_answer_is_replaced_by_another_and_belongs_to_one_yes() {
        let (first, later) = (at("2026-11-23T09:00:00Z"), at("2026-11-24T09:00:00Z"));
        let yes = say(None, Mark::Wanted, first).unwrap();
        let full = answer(&yes, EmployerAnswer::NoPlaces, later).expect("a first answer");
        assert_eq!(full.answer, Some((EmployerAnswer::NoPlaces, later)));
        assert_eq!((full.mark, full.at, full.answer_by), (yes.mark, yes.at, yes.answer_by));
        assert_eq!(answer(&full, EmployerAnswer::NoPlaces, later), None);
        let meet = answer(&full, EmployerAnswer::Meet, later).expect("another answer");
        assert_eq!(meet.answer, Some((EmployerAnswer::Meet, later)));
        let back = say(Some(&meet), Mark::TakenBack, later).unwrap();
        let again = say(Some(&back), Mark::Wanted, later).unwrap();
        assert_eq!((back.answer, again.answer), (None, None));
        assert!(again.answer_by > yes.answer_by);
    }

    #[test]
    fn it_is_overdue_after_the_moment_and_only_without_an_answer() {
        let by = at("2026-11-30T17:00:00Z");
        assert!(!is_overdue(by, false, by));
        assert!(is_overdue(by, false, at("2026-11-30T17:00:01Z")));
        assert!(!is_overdue(by, true, at("2026-12-30T17:00:00Z")));
    }
}
