//! The simulator over many seeds (RELIABILITY block B): nothing that was promised may fail in any order of faults,
//! and every transition of the model must have been reached.

use dichterbij_tests::simulator::{CRASHES, FAULTS, PROTOCOL, play_all, steps_of_services, tell};

/// Seeds in `make test`; `DBJ_SEEDS` says how many a longer run takes.
const SEEDS: u64 = 20_000;

fn number(name: &str) -> Option<u64> {
    #[expect(
        clippy::disallowed_methods,
        reason = "who plays a seed again says so to the test and to nothing else"
    )]
    std::env::var(name).ok()?.parse().ok()
}

#[test]
fn what_was_promised_holds_in_every_order_of_faults() {
    if let Some(seed) = number("DBJ_SEED") {
        println!("{}", tell(seed, None));
        assert!(play_all([seed], None).failed.is_none(), "seed {seed} fails");
        return;
    }
    let runs = play_all(0..number("DBJ_SEEDS").unwrap_or(SEEDS), None);
    println!("{}", runs.coverage);
    println!(
        "simulator: {} schedules, {} steps, {:.0} schedules a second",
        runs.schedules,
        runs.steps,
        runs.per_second()
    );
    if let Some((seed, violation)) = &runs.failed {
        panic!("seed {seed}: {violation:?}\n{}", tell(*seed, None));
    }
    let crashes = CRASHES.iter().map(|point| point.name());
    let model: Vec<_> =
        PROTOCOL.iter().chain(FAULTS).copied().chain(crashes).chain(steps_of_services()).collect();
    let unreached = runs.coverage.unreached(model);
    assert!(unreached.is_empty(), "no run reached: {unreached:?}");
}
