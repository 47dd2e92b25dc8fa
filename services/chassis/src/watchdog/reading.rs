//! Whether a reading moves: how many events wait, how old the oldest can be, and whether it stands still.

use std::{collections::VecDeque, time::Duration};

use tokio::time::Instant;

/// Moments that are kept to judge the age by.
const MARKS: usize = 1_000;

/// What the server says of a durable consumer at one moment.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Seen {
    /// The last number in the stream that was handed out.
    pub(super) delivered: u64,
    /// Everything up to this number is done.
    pub(super) done: u64,
    /// Events not yet handed out.
    pub(super) pending: u64,
    /// Events handed out and not done.
    pub(super) in_hand: u64,
}

/// What follows from several looks.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Judged {
    /// Events that wait, in hand included.
    pub(super) waiting: u64,
    /// Age of the oldest of them, at most: nobody who only reads learns when the event was written, but everything
    /// that was there at an earlier look and is done by now is younger than that look.
    pub(super) age: Duration,
    /// Events wait to be handed out and nothing has moved for as long as we have patience.
    pub(super) stalled: bool,
    /// It is time to begin the reading again: once each time that patience runs out.
    pub(super) begin_again: bool,
}

/// Looks at one reading.
#[derive(Debug)]
pub(super) struct Progress {
    patience: Duration,
    /// Everything that was there at this moment is done.
    level_at: Instant,
    /// Moments at which everything had been handed out, up to this number.
    marks: VecDeque<(Instant, u64)>,
    last: Option<Seen>,
    moved_at: Instant,
    /// When reading was last begun again, or moved by itself.
    nudged_at: Instant,
}

impl Progress {
    pub(super) fn new(patience: Duration, now: Instant) -> Self {
        Self { patience, level_at: now, marks: VecDeque::new(), last: None, moved_at: now, nudged_at: now }
    }

    pub(super) fn look(&mut self, seen: Seen, now: Instant) -> Judged {
        let waiting = seen.pending + seen.in_hand;
        while let Some((at, upto)) = self.marks.front().copied().filter(|(_, upto)| *upto <= seen.done) {
            self.level_at = at;
            self.marks.pop_front();
            debug_assert!(upto <= seen.done);
        }
        if waiting == 0 {
            self.level_at = now;
            self.marks.clear();
        } else if seen.pending == 0 && self.marks.len() < MARKS {
            self.marks.push_back((now, seen.delivered));
        }
        let moved = self.last.is_none_or(|last| (last.delivered, last.done) != (seen.delivered, seen.done));
        if moved || seen.pending == 0 {
            self.moved_at = now;
            self.nudged_at = now;
        }
        self.last = Some(seen);
        let stalled = now.duration_since(self.moved_at) >= self.patience;
        let begin_again = now.duration_since(self.nudged_at) >= self.patience;
        if begin_again {
            self.nudged_at = now;
        }
        Judged { waiting, age: now.duration_since(self.level_at), stalled, begin_again }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const fn seen(delivered: u64, done: u64, pending: u64, in_hand: u64) -> Seen {
        Seen { delivered, done, pending, in_hand }
    }

    struct Looks {
        began: Instant,
        progress: Progress,
    }

    impl Looks {
        fn begin() -> Self {
            let began = Instant::now();
            Self { began, progress: Progress::new(Duration::from_secs(30), began) }
        }

        fn at(&mut self, second: u64, seen: Seen) -> (u64, bool, bool) {
            let judged = self.progress.look(seen, self.began + Duration::from_secs(second));
            (judged.age.as_secs(), judged.stalled, judged.begin_again)
        }
    }

    #[test]
    fn a_busy_reading_that_keeps_up_is_never_old() {
        let mut looks = Looks::begin();
        for second in (0..300).step_by(5) {
            // Always something in hand, and always what was in hand at the look before is done.
            let (age, stalled, _) = looks.at(second, seen(second + 10, second + 5, 0, 5));
            assert!(age <= 10 && !stalled, "{second}: {age}");
        }
    }

    #[test]
    fn one_event_that_does_not_get_done_makes_it_old() {
        let mut looks = Looks::begin();
        looks.at(0, seen(10, 10, 0, 0));
        // Others go on past it.
        assert_eq!(looks.at(5, seen(20, 10, 0, 1)), (5, false, false));
        assert_eq!(looks.at(40, seen(50, 10, 0, 1)), (40, false, false));
        assert_eq!(looks.at(45, seen(50, 50, 0, 0)), (0, false, false));
    }

    #[test]
    fn a_backlog_that_shrinks_is_old_and_does_not_stand_still() {
        let mut looks = Looks::begin();
        for (second, done) in [(0, 0), (20, 1_000), (40, 2_000), (60, 3_000)] {
            assert_eq!(looks.at(second, seen(done + 200, done, 5_000 - done, 200)), (second, false, false));
        }
    }

    #[test]
    fn a_reading_that_stands_still_is_begun_again_each_time_patience_runs_out() {
        let mut looks = Looks::begin();
        looks.at(0, seen(10, 10, 0, 0));
        let still = seen(10, 10, 3, 0);
        assert_eq!(looks.at(5, still), (5, false, false));
        assert_eq!(looks.at(30, still), (30, true, true));
        assert_eq!(looks.at(35, still), (35, true, false), "it gets time to begin");
        assert_eq!(looks.at(60, still), (60, true, true));
        assert_eq!(looks.at(65, seen(13, 13, 0, 0)), (0, false, false));
    }
}
