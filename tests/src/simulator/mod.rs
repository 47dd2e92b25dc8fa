//! The simulator: thousands of orders of what can happen, each from one number (RELIABILITY part 4 and block B).
//!
//! Services, their tables, the stream, the network and the clock are played in one thread, step by step; the
//! decisions are the real ones: those of the chassis ([`chassis::protocol`]) and those of the services
//! ([`chassis::proof::Proof`]). A run is 150 steps in which anything may go wrong, then as many as everything
//! needs to come to rest; then all that was promised must hold.
//!
//! - T3: what was answered is there, also for who looks afterwards; what was refused is not done by any copy of the
//!   same request; no change is overwritten unseen.
//! - T4: every event takes effect once at each reader.
//! - T5: the versions of an aggregate enter the stream in order.
//! - T6: when all is quiet nothing waits, and what is kept of others' facts equals a rebuild from nothing.
//! - T7: a key is done once, whoever repeats it and when.
//! - T9: rows take only the steps that their service names; what holds between rows holds after each.
//!
//! A seed that fails is printed with its steps; `DBJ_SEED=<seed>` plays it again.
//!
//! Taken for granted: PostgreSQL keeps what it committed, and isolates as `read committed` with row locks does; the
//! clocks of the machines agree within the pauses of a caller (that of the store jumps, ahead and back); what was under
//! way on a connection dies with it. Messages to people and the keeper of the streams are not played. The
//! tests on real servers (`tests/faults`) take none of that for granted.

mod coverage;
mod shop;
mod stream;
mod world;

use std::fmt::Write as _;

use std::time::{Duration, Instant};

use chassis::faults::Bug;

pub use coverage::{CRASHES, Coverage, FAULTS, PROTOCOL};
pub use world::{Run, Violation, play, steps_of_services};

/// What many runs came to.
#[derive(Debug, Default)]
pub struct Runs {
    /// How many.
    pub schedules: u64,
    /// Their steps.
    pub steps: u64,
    /// What they reached.
    pub coverage: Coverage,
    /// The first seed that failed, and how.
    pub failed: Option<(u64, Violation)>,
    /// How long it took.
    pub took: Duration,
}

impl Runs {
    /// Schedules a second.
    pub fn per_second(&self) -> f64 {
        self.schedules as f64 / self.took.as_secs_f64()
    }
}

/// Plays these seeds, until one fails.
pub fn play_all(seeds: impl IntoIterator<Item = u64>, bug: Option<Bug>) -> Runs {
    let started = Instant::now();
    let mut runs = Runs::default();
    for seed in seeds {
        let run = play(seed, bug, false);
        runs.schedules += 1;
        runs.steps += u64::from(run.steps);
        runs.coverage.add(&run.coverage);
        if let Some(violation) = run.violation {
            runs.failed = Some((seed, violation));
            break;
        }
    }
    runs.took = started.elapsed();
    runs
}

/// The steps of a seed, with what failed at their end.
pub fn tell(seed: u64, bug: Option<Bug>) -> String {
    let run = play(seed, bug, true);
    let last = run.trace.len().saturating_sub(120);
    let mut story = run.trace[last..].join("\n");
    if let Some(Violation { rule, what }) = run.violation {
        let _ = write!(story, "\n{rule}: {what}");
    }
    format!("{story}\nplay it again: DBJ_SEED={seed} cargo nextest run -p dichterbij-tests simulator::")
}
