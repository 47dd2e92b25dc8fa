//! What was read against what was said: pure, so that it can be tried with every kind of damage.

use std::collections::{HashMap, HashSet};

use sqlx::FromRow;
use uuid::Uuid;

/// A message of ours as it came from the stream.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Message {
    /// Which event.
    pub(super) event_id: Uuid,
    /// At which number.
    pub(super) seq: i64,
}

/// A published row of the outbox.
#[derive(Debug, Clone, Copy, PartialEq, Eq, FromRow)]
pub(super) struct Row {
    /// Which event.
    pub(super) event_id: Uuid,
    /// Where the stream said that it is.
    pub(super) stream_seq: i64,
    /// It was published so long before the audit began that it must have been read if it is there.
    pub(super) is_settled: bool,
    /// It must be there: settled, not erased, and younger than what the stream lets go.
    pub(super) is_expected: bool,
}

/// How far the stream was seen to be right: an event at a number.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Mark {
    /// The number.
    pub(super) seq: i64,
    /// The event.
    pub(super) event_id: Uuid,
}

/// Rows that one audit keeps in memory before it acts on them.
const AT_ONCE: usize = 50_000;

/// What one audit has found so far.
#[derive(Debug, Default)]
pub(super) struct Comparison {
    /// Messages.
    pub(super) read: i64,
    /// Messages whose event the outbox does not know.
    pub(super) unknown: i64,
    /// Missing rows whose number belongs to another event now: the stream's numbers fell back.
    pub(super) numbers_given_twice: i64,
    /// How far all is well.
    pub(super) mark: Option<Mark>,
    missing: Vec<Row>,
    /// Events that are on the stream at another number than their row says.
    elsewhere: HashMap<Uuid, i64>,
}

/// Messages of one range of numbers, to be held against the rows that say they are in that range.
#[derive(Debug)]
pub(super) struct Range {
    by_event: HashMap<Uuid, i64>,
    numbers: HashSet<i64>,
    unmatched: HashSet<Uuid>,
}

impl Range {
    pub(super) fn of(messages: &[Message]) -> Self {
        Self {
            by_event: messages.iter().map(|message| (message.event_id, message.seq)).collect(),
            numbers: messages.iter().map(|message| message.seq).collect(),
            unmatched: messages.iter().map(|message| message.event_id).collect(),
        }
    }

    /// Events for which no row of this range was found.
    pub(super) fn unmatched(&self) -> Vec<Uuid> {
        self.unmatched.iter().copied().collect()
    }
}

impl Comparison {
    /// Holds rows that say they are in a range, in order of their numbers, against its messages.
    pub(super) fn hold(&mut self, range: &mut Range, rows: &[Row]) {
        for row in rows {
            if let Some(&seq) = range.by_event.get(&row.event_id) {
                range.unmatched.remove(&row.event_id);
                if seq == row.stream_seq && row.is_settled {
                    self.mark = Some(Mark { seq, event_id: row.event_id });
                }
            } else if row.is_expected {
                if range.numbers.contains(&row.stream_seq) {
                    self.numbers_given_twice += 1;
                }
                self.missing.push(*row);
            }
        }
    }

    /// What was read without a row in its range: rows of these events say another number, or wait to be marked;
    /// for the others there is no row.
    pub(super) fn explain(&mut self, range: &Range, known: &HashSet<Uuid>) {
        for event_id in &range.unmatched {
            if known.contains(event_id) {
                self.elsewhere.insert(*event_id, range.by_event[event_id]);
            } else {
                self.unknown += 1;
            }
        }
    }

    /// Whether it is time to act, because more would not fit in memory.
    pub(super) fn is_full(&self) -> bool {
        self.missing.len() + self.elsewhere.len() >= AT_ONCE
    }

    /// What is missing, in order of its numbers, and what is only at another number than its row says.
    pub(super) fn take_findings(&mut self) -> Findings {
        let elsewhere = std::mem::take(&mut self.elsewhere);
        let mut findings = Findings::default();
        for row in std::mem::take(&mut self.missing) {
            match elsewhere.get(&row.event_id) {
                Some(&seq) => findings.moved.push(Message { event_id: row.event_id, seq }),
                None => findings.missing.push(row),
            }
        }
        findings
    }
}

/// What an audit acts on.
#[derive(Debug, Default, PartialEq, Eq)]
pub(super) struct Findings {
    /// To be sent again.
    pub(super) missing: Vec<Row>,
    /// To be noted at the number where they are.
    pub(super) moved: Vec<Message>,
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn id(number: u128) -> Uuid {
        Uuid::from_u128(number)
    }

    fn row(number: u128, stream_seq: i64) -> Row {
        Row { event_id: id(number), stream_seq, is_settled: true, is_expected: true }
    }

    fn message(number: u128, seq: i64) -> Message {
        Message { event_id: id(number), seq }
    }

    fn held(messages: &[Message], rows: &[Row]) -> Comparison {
        let mut comparison = Comparison::default();
        let mut range = Range::of(messages);
        comparison.hold(&mut range, rows);
        let known = range.unmatched().into_iter().filter(|id| id.as_u128() < 100).collect();
        comparison.explain(&range, &known);
        comparison
    }

    #[test]
    fn what_is_there_is_the_mark_and_what_is_not_is_missing() {
        let mut found = held(&[message(1, 1), message(3, 3)], &[row(1, 1), row(2, 2), row(3, 3)]);
        assert_eq!(found.mark, Some(Mark { seq: 3, event_id: id(3) }));
        assert_eq!(found.take_findings(), Findings { missing: vec![row(2, 2)], moved: vec![] });
        assert_eq!((found.unknown, found.numbers_given_twice), (0, 0));
    }

    #[test]
    fn a_number_that_belongs_to_another_event_now_was_given_twice() {
        let mut found = held(&[message(9, 2)], &[row(2, 2), row(9, 2)]);
        assert_eq!(found.numbers_given_twice, 1);
        assert_eq!(found.take_findings().missing, [row(2, 2)]);
    }

    #[test]
    fn what_is_erased_too_old_or_just_being_sent_is_not_missing() {
        let unsettled = Row { is_settled: false, is_expected: false, ..row(2, 2) };
        let erased = Row { is_expected: false, ..row(1, 1) };
        let mut found = held(&[message(2, 2)], &[erased, unsettled]);
        assert_eq!(found.take_findings(), Findings::default());
        assert_eq!(found.mark, None, "nothing behind it may still be under way");
    }

    #[test]
    fn what_is_at_another_number_is_noted_and_not_sent_again() {
        let mut found = held(&[message(1, 7)], &[]);
        let mut range = Range::of(&[]);
        found.hold(&mut range, &[row(1, 30)]);
        assert_eq!(found.take_findings(), Findings { missing: vec![], moved: vec![message(1, 7)] });
        assert_eq!(held(&[message(100, 1)], &[]).unknown, 1);
    }

    proptest! {
        /// However the stream is damaged and cut into ranges, exactly what it lost is found, in order.
        #[test]
        fn exactly_what_was_lost_is_missing(kept in prop::collection::vec(any::<bool>(), 0..200), cut in 1_usize..50) {
            let rows: Vec<Row> = (1..=kept.len()).map(|n| row(n as u128, n as i64 * 3)).collect();
            let there: Vec<Message> = rows
                .iter()
                .zip(&kept)
                .filter(|(_, kept)| **kept)
                .map(|(row, _)| Message { event_id: row.event_id, seq: row.stream_seq })
                .collect();
            let mut comparison = Comparison::default();
            let mut after = 0;
            let ranges = there.chunks(cut).map(|some| (some, some[some.len() - 1].seq));
            for (messages, until) in ranges.chain([(&[][..], i64::MAX)]) {
                let mut range = Range::of(messages);
                let said: Vec<Row> =
                    rows.iter().filter(|row| row.stream_seq > after && row.stream_seq <= until).copied().collect();
                comparison.hold(&mut range, &said);
                comparison.explain(&range, &HashSet::new());
                after = until;
            }
            let lost: Vec<Row> = rows.iter().zip(&kept).filter(|(_, kept)| !**kept).map(|(row, _)| *row).collect();
            prop_assert_eq!(comparison.take_findings(), Findings { missing: lost, moved: vec![] });
            prop_assert_eq!(comparison.mark.map(|mark| mark.seq), there.last().map(|last| last.seq));
            prop_assert_eq!((comparison.unknown, comparison.numbers_given_twice), (0, 0));
        }
    }
}
