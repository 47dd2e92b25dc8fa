//! What the protocol decides, without servers: what the relay does next, what becomes of an event that was heard,
//! what a caller does when nobody answers, what a repeat gets, when a stream is clean of what is erased.
//!
//! The relay, the consumer, the bus and the server ask here, and so does the simulator in `tests`, which lets these
//! decisions meet thousands of orders of faults (RELIABILITY part 4). A rule that stands in two places is simulated
//! in one of them only, so it stands here.

use std::{collections::HashSet, hash::Hash, time::Duration};

use chrono::TimeDelta;
use proto::{Kind, Problem, Status};

/// Rows per atomic batch: measured at 42,000 a second with this size (the server allows 1,000).
pub const BATCH: usize = 500;
/// Events that share a transaction when many wait: what a transaction costs by itself is then little to what they cost.
pub const TOGETHER: usize = 500;
/// So many rows in one go are a rush: the events of one decision are fewer.
const MANY: usize = 32;
/// The server's answer when a batch holds an id it has already stored.
pub const KNOWN_ID_IN_BATCH: u64 = 10201;
/// Seconds in all for a command; attempts of 1 s, 2 s, then the rest.
pub const COMMAND_SECONDS: u64 = 8;
/// Seconds in all for a query.
pub const QUERY_SECONDS: u64 = 3;
/// How long a refusal stands under its key, in seconds: as long as anybody can still have the refused call in hand. No
/// transaction begins after the call's 8 seconds; one that began may stand still for 10 seconds before PostgreSQL ends
/// it, or wait for a lock for 3.
pub const REFUSAL_SECONDS: i64 = 30;
/// How often a transaction is tried again after a deadlock or a lock timeout.
const REPEATS: u32 = 3;
/// Waits before the next attempt, by the number of attempts that failed; the sixth failure is final
/// (RELIABILITY rule 12).
const BACK_OFF: [Duration; 5] = [
    Duration::from_secs(1),
    Duration::from_secs(5),
    Duration::from_secs(30),
    Duration::from_mins(2),
    Duration::from_mins(10),
];
/// What an event waits that met no store: that was no attempt.
const STORE_AWAY: Duration = BACK_OFF[0];

// --- The relay ---------------------------------------------------------------------------------------------------

/// How many of the rows that wait, in their order, go out together: those of one stream. `subject` is the subject
/// below the root, whose first word is the stream's.
pub fn together<'a, T>(waiting: &'a [T], subject: impl Fn(&'a T) -> &'a str) -> usize {
    let Some(first) = waiting.first() else { return 0 };
    let stream = |row| subject(row).split('.').next();
    waiting.iter().take_while(|row| stream(row) == stream(first)).count()
}

/// How rows leave.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Sending {
    /// One by one, each acknowledged.
    Singly,
    /// All or none, acknowledged once.
    Batch,
}

/// How so many rows leave: one alone needs no batch.
pub const fn sending(rows: usize) -> Sending {
    if rows < 2 { Sending::Singly } else { Sending::Batch }
}

/// What the relay does after the stream's word about a batch.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum AfterBatch {
    /// Mark the rows, with these numbers in the stream.
    Mark(Vec<i64>),
    /// Send them again, one by one.
    SendSingly,
    /// Mark nothing, and begin again later with whatever then waits.
    BeginAgain,
}

/// What follows when a batch of so many rows was stored with this last number, or refused with this code. A batch
/// that got no answer is neither: the relay begins again.
pub fn after_batch(answer: Result<i64, u64>, rows: usize) -> AfterBatch {
    match answer {
        Ok(last) => {
            AfterBatch::Mark((0..rows as i64).map(|index| last - (rows as i64 - 1) + index).collect())
        }
        Err(KNOWN_ID_IN_BATCH) => AfterBatch::SendSingly,
        Err(_) => AfterBatch::BeginAgain,
    }
}

/// The longest the relay waits before it begins again, in milliseconds, after so many failures in a row: 50 ms to
/// 5 s (RELIABILITY rule 5). How long it really waits is chance.
pub const fn relay_pause_ms(failures: u32) -> u64 {
    let doubled = if failures > 7 { 5_000 } else { 50 << failures };
    if doubled < 5_000 { doubled } else { 5_000 }
}

/// How long the relay lets rows gather, from when it began to send so many. At a rush each commit rings, and what it costs
/// to send and hear events is mostly by the batch; whoever waits for one event alone waits for nothing.
pub const fn gathers(sent: usize) -> Duration {
    if sent < MANY { Duration::ZERO } else { Duration::from_millis(100) }
}

// --- The consumer ------------------------------------------------------------------------------------------------

/// Which of the events that came take effect now: those whose id entered the inbox just now, each once, in the
/// order in which they came.
pub fn taking_effect<Id: Eq + Hash + Copy>(came: &[Id], entered: &[Id]) -> Vec<usize> {
    let mut left: HashSet<Id> = entered.iter().copied().collect();
    // A repeat inside one batch counts once: `remove` is true only the first time.
    (0..came.len()).filter(|index| left.remove(&came[*index])).collect()
}

/// How a transaction with the effect of events ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Ended {
    /// It is committed.
    Committed,
    /// The store could not be reached.
    StoreAway,
    /// The work failed.
    Failed,
}

/// What becomes of events that shared a transaction.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum AfterTogether {
    /// Acknowledge them.
    Acknowledge,
    /// Give all of them back for so long, and pause.
    GiveBack(Duration),
    /// Try each alone, so that one bad event does not hold up the others.
    TryEach,
}

/// What becomes of events that shared a transaction which ended so.
pub const fn after_together(ended: Ended) -> AfterTogether {
    match ended {
        Ended::Committed => AfterTogether::Acknowledge,
        Ended::StoreAway => AfterTogether::GiveBack(STORE_AWAY),
        Ended::Failed => AfterTogether::TryEach,
    }
}

/// What becomes of an event that was tried alone.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum AfterAlone {
    /// Acknowledge it.
    Acknowledge,
    /// Give it back for so long: that was no attempt.
    GiveBack(Duration),
    /// Count the attempt, and ask [`after_attempt`].
    Count,
}

/// What becomes of an event that was tried alone in a transaction which ended so.
pub const fn after_alone(ended: Ended) -> AfterAlone {
    match ended {
        Ended::Committed => AfterAlone::Acknowledge,
        Ended::StoreAway => AfterAlone::GiveBack(STORE_AWAY),
        Ended::Failed => AfterAlone::Count,
    }
}

/// What becomes of an event that failed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum AfterAttempt {
    /// It comes back after so long.
    GiveBack(Duration),
    /// It becomes a dead letter.
    Bury,
}

/// What becomes of an event that failed this many times, the last one included.
pub fn after_attempt(attempts: i32) -> AfterAttempt {
    match usize::try_from(attempts - 1).ok().and_then(|index| BACK_OFF.get(index)) {
        Some(wait) => AfterAttempt::GiveBack(*wait),
        None => AfterAttempt::Bury,
    }
}

// --- The caller --------------------------------------------------------------------------------------------------

/// How long a caller waits for an answer to this attempt (0 is the first), of what is left in all; `None` when
/// nothing is left.
pub fn patience(attempt: u32, left: Duration) -> Option<Duration> {
    if left.is_zero() {
        return None;
    }
    let patience = match attempt {
        0 => Duration::from_secs(1),
        1 => Duration::from_secs(2),
        _ => left,
    };
    Some(patience.min(left))
}

/// Which replicas an attempt is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Whom {
    /// Any one; the server chooses.
    One,
    /// Every one: the first answer counts.
    Every,
}

/// Which replicas are asked after an attempt that led to this; `None` before the first. Whoever was silent may be
/// chosen again, as long as the server does not know that it is gone: so then all are asked. One that has too much in
/// hand is no reason to load them all. A command is asked of one at a time: several would decide it, and all but one
/// wait for its key meanwhile (docs/adr/0011).
pub const fn whom(kind: Kind, before: Option<Attempt>) -> Whom {
    match (kind, before) {
        (Kind::Query, Some(Attempt::Silence { .. })) => Whom::Every,
        (Kind::Query | Kind::Command, _) => Whom::One,
    }
}

/// What an attempt led to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Attempt {
    /// An answer, or a problem that another attempt will not change.
    Answered,
    /// A problem that may pass.
    Passing,
    /// Nobody listens, or the connection failed.
    Nobody,
    /// No answer in time; with whether the server meanwhile said that a subject is not ours.
    Silence {
        /// Whether it did.
        forbidden: bool,
    },
}

/// What a caller does after an attempt.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum AfterCall {
    /// Give back what was answered.
    Return,
    /// Ask again, with the same key, after a moment.
    AskAgain,
    /// Give up: the subject is not ours.
    GiveUp,
}

/// What a caller does after an attempt that led to this.
pub const fn after_call(attempt: Attempt) -> AfterCall {
    match attempt {
        Attempt::Answered => AfterCall::Return,
        // A killed replica is silent, too; so asking again is right unless the server said why.
        Attempt::Passing | Attempt::Nobody | Attempt::Silence { forbidden: false } => AfterCall::AskAgain,
        Attempt::Silence { forbidden: true } => AfterCall::GiveUp,
    }
}

// --- The keeper of the streams -----------------------------------------------------------------------------------

/// When the stream is purged again of what is erased: a relay that died sends again when it is back, and the stream
/// refuses an id it knows for two minutes.
const PURGE_AGAIN: TimeDelta = TimeDelta::minutes(5);

/// What becomes of an event that erases, after a purge.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum AfterPurge {
    /// It comes back after so long, for another purge.
    Again(Duration),
    /// Acknowledge it: nobody sends any more what was under way when it was stored.
    Acknowledge,
}

/// What becomes of an event that erases, which was so old when the purge began. One that seems to come from the future
/// is as old as new.
pub fn after_purge(age: TimeDelta) -> AfterPurge {
    match (PURGE_AGAIN - age.max(TimeDelta::zero())).to_std() {
        Ok(left) if !left.is_zero() => AfterPurge::Again(left),
        _ => AfterPurge::Acknowledge,
    }
}

// --- The server --------------------------------------------------------------------------------------------------

/// What is known about an idempotency key.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Key<A> {
    /// It is new and now ours.
    Fresh,
    /// It was used with this body: the first answer.
    Answered(A),
    /// It was used with another body.
    OtherBody,
}

/// A refusal of a call, as it stands beside the answers.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Refused<A> {
    /// It.
    pub answer: A,
    /// How old it is; below nought when the clock went back.
    pub age_seconds: i64,
}

/// What a command gets whose key stands in the table with this body and this answer, or not at all, and that was
/// refused before with the very same body, or not.
///
/// A refusal is the answer of its call for a while only: long enough that no other replica does what its caller was
/// told is refused, and not so long that a person cannot try again. It does not take the key: with another body it is
/// another try. So it stands under its body, too, or the refusal of one try would make room for a late copy of another.
pub fn key<A>(stored: Option<(&[u8], Option<A>)>, refused: Option<Refused<A>>, body_hash: &[u8]) -> Key<A> {
    match (stored, refused) {
        (Some((hash, Some(answer))), _) if hash == body_hash => Key::Answered(answer),
        (Some(_), _) => Key::OtherBody,
        (None, Some(refused)) if refused.age_seconds <= REFUSAL_SECONDS => Key::Answered(refused.answer),
        (None, _) => Key::Fresh,
    }
}

/// Whether the answer to a command is kept under its key when it is this problem: what is refused is. What may pass
/// by itself, and what was our fault, is not an answer.
pub fn is_kept(problem: &Problem) -> bool {
    !problem.is_passing() && problem.status != Status::Internal
}

/// Whether nobody waits any more for the answer to a call. Both in milliseconds since 1970.
pub fn is_late(deadline: Option<i64>, now: i64) -> bool {
    deadline.is_some_and(|deadline| deadline < now)
}

/// Whether a transaction that ended in a deadlock or waited too long is tried again at once, after so many repeats.
pub const fn repeats(so_far: u32) -> bool {
    so_far < REPEATS
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn one_batch_goes_to_one_stream() {
        let subjects = ["evt.a.x", "evt.b.y", "bg.a.z", "evt.a.x"];
        assert_eq!(together(&subjects, |subject| subject), 2);
        assert_eq!(together(&subjects[2..], |subject| subject), 1);
        assert_eq!(together(&subjects[..0], |subject| subject), 0);
        assert_eq!((sending(1), sending(2)), (Sending::Singly, Sending::Batch));
    }

    #[test]
    fn events_gather_only_after_a_rush() {
        for few in [0, 1, 2, 31] {
            assert_eq!(gathers(few), Duration::ZERO, "{few} wait for nothing");
        }
        assert_eq!(gathers(32), Duration::from_millis(100));
        assert_eq!(gathers(10 * BATCH), gathers(32), "however many came, what waits waits no longer");
    }

    #[test]
    fn a_batch_is_marked_only_when_it_is_stored() {
        assert_eq!(after_batch(Ok(12), 3), AfterBatch::Mark(vec![10, 11, 12]));
        assert_eq!(after_batch(Err(KNOWN_ID_IN_BATCH), 3), AfterBatch::SendSingly);
        assert_eq!(after_batch(Err(10_077), 3), AfterBatch::BeginAgain);
    }

    #[test]
    fn the_relay_waits_longer_each_time_up_to_five_seconds() {
        let pauses: Vec<u64> = (0..9).map(relay_pause_ms).collect();
        assert_eq!(pauses, [50, 100, 200, 400, 800, 1_600, 3_200, 5_000, 5_000]);
        assert_eq!(relay_pause_ms(u32::MAX), 5_000);
    }

    #[test]
    fn the_sixth_failure_is_the_last() {
        let seconds = |attempts| match after_attempt(attempts) {
            AfterAttempt::GiveBack(wait) => Some(wait.as_secs()),
            AfterAttempt::Bury => None,
        };
        assert_eq!(
            (1..=7).map(seconds).collect::<Vec<_>>(),
            [Some(1), Some(5), Some(30), Some(120), Some(600), None, None]
        );
        let second = Duration::from_secs(1);
        assert_eq!(after_together(Ended::Failed), AfterTogether::TryEach);
        assert_eq!(after_together(Ended::StoreAway), AfterTogether::GiveBack(second));
        assert_eq!(after_alone(Ended::StoreAway), AfterAlone::GiveBack(second), "no attempt");
        assert_eq!(after_alone(Ended::Failed), AfterAlone::Count);
    }

    #[test]
    fn a_caller_waits_one_second_then_two_then_as_long_as_there_is() {
        let seconds = Duration::from_secs;
        assert_eq!(patience(0, seconds(8)), Some(seconds(1)));
        assert_eq!(patience(1, seconds(7)), Some(seconds(2)));
        assert_eq!(patience(2, seconds(5)), Some(seconds(5)));
        assert_eq!(patience(1, Duration::from_millis(300)), Some(Duration::from_millis(300)));
        assert_eq!(patience(3, Duration::ZERO), None);
        assert_eq!(after_call(Attempt::Answered), AfterCall::Return);
        for attempt in [Attempt::Passing, Attempt::Nobody, Attempt::Silence { forbidden: false }] {
            assert_eq!(after_call(attempt), AfterCall::AskAgain);
        }
        assert_eq!(after_call(Attempt::Silence { forbidden: true }), AfterCall::GiveUp);
        let silence = Some(Attempt::Silence { forbidden: false });
        assert_eq!(whom(Kind::Query, silence), Whom::Every);
        for before in [None, Some(Attempt::Passing), Some(Attempt::Nobody)] {
            assert_eq!(whom(Kind::Query, before), Whom::One, "{before:?}");
        }
        assert_eq!(whom(Kind::Command, silence), Whom::One, "one decides, the others would wait");
    }

    #[test]
    fn the_last_purge_is_five_minutes_after_the_erasure_however_often_it_was_brought() {
        let again = |seconds| AfterPurge::Again(Duration::from_secs(seconds));
        assert_eq!(after_purge(TimeDelta::zero()), again(300));
        assert_eq!(after_purge(TimeDelta::seconds(40)), again(260));
        assert_eq!(after_purge(TimeDelta::seconds(300)), AfterPurge::Acknowledge);
        assert_eq!(after_purge(TimeDelta::days(2)), AfterPurge::Acknowledge);
        assert_eq!(after_purge(TimeDelta::seconds(-9)), again(300));
    }

    #[test]
    fn a_repeat_gets_the_first_answer_and_a_refusal_ends() {
        let refused = |age_seconds| Some(Refused { answer: 9, age_seconds });
        assert_eq!(key::<u8>(None, None, b"a"), Key::Fresh);
        assert_eq!(key(Some((b"a", Some(7))), None, b"a"), Key::Answered(7));
        assert_eq!(key(Some((b"a", Some(7))), refused(0), b"a"), Key::Answered(7), "done is done");
        assert_eq!(key(Some((b"a", Some(7))), None, b"b"), Key::OtherBody);
        assert_eq!(key(Some((b"a", None)), None, b"a"), Key::<u8>::OtherBody);
        for age_seconds in [-600, 0, REFUSAL_SECONDS] {
            assert_eq!(key(None, refused(age_seconds), b"a"), Key::Answered(9), "others may have it in hand");
        }
        assert_eq!(key(None, refused(REFUSAL_SECONDS + 1), b"a"), Key::Fresh, "the person tries again");
        assert!(is_kept(&Problem::new(Status::Conflict, "opening-closed")));
        assert!(!is_kept(&Problem::busy()) && !is_kept(&Problem::internal()));
        assert!(is_late(Some(9), 10) && !is_late(Some(10), 10) && !is_late(None, 10));
        assert!(repeats(2) && !repeats(3));
    }

    proptest! {
        #[test]
        fn each_event_that_entered_takes_effect_once_and_in_order(
            came in prop::collection::vec(0_u8..10, 0..30),
            entered in prop::collection::hash_set(0_u8..10, 0..10),
        ) {
            let entered: Vec<u8> = entered.into_iter().collect();
            let taken = taking_effect(&came, &entered);
            prop_assert!(taken.is_sorted());
            for id in 0..10 {
                let times = taken.iter().filter(|index| came[**index] == id).count();
                prop_assert_eq!(times, usize::from(came.contains(&id) && entered.contains(&id)), "{}", id);
            }
            for index in taken {
                prop_assert!(!came[..index].contains(&came[index]), "the first of its repeats");
            }
        }
    }
}
