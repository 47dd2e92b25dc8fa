//! Check the checkers (RELIABILITY T10): each planted bug is found by the simulator within its budget; a checker that
//! finds nothing wrong in a wrong program proves nothing about the right one. What `tests/faults` finds of them on
//! real servers stands there.
#![cfg(feature = "faults")]

use chassis::faults::Bug;
use dichterbij_tests::simulator::{play_all, tell};

/// Seeds within which a planted bug is found.
const BUDGET: u64 = 3_000;

#[test]
fn each_planted_bug_is_caught() {
    let mut missed = Vec::new();
    for bug in Bug::ALL {
        let runs = play_all(0..BUDGET, Some(bug));
        match runs.failed {
            Some((seed, violation)) => {
                println!(
                    "{}: caught after {} schedules, by seed {seed}: {violation:?}",
                    bug.name(),
                    runs.schedules
                );
            }
            None => missed.push(bug.name()),
        }
    }
    assert!(missed.is_empty(), "nobody finds {missed:?} in {BUDGET} schedules");
}

#[test]
fn without_a_planted_bug_nothing_is_found() {
    let runs = play_all(0..BUDGET, None);
    if let Some((seed, violation)) = runs.failed {
        panic!("seed {seed}: {violation:?}\n{}", tell(seed, None));
    }
}
