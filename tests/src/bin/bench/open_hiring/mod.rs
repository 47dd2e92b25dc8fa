//! The opening of a line: people who sign up at the same moment, as their browsers do it, and people who look where they
//! stand meanwhile. Real pages over HTTP, real services and servers, everything durable and with its ledger and events.
//! Whoever makes the requests has one thread of this process; its share is told beside the others'.
//!
//! The baseline of a rush is the same code, pool and servers, with one person in each transaction.

mod load;
mod people;
mod reading;
mod rush;
mod shares;
mod stage;

use std::{sync::Arc, time::Duration};

use chassis::together::Bounds;
use reference::Reference;

use crate::{Arguments, Failure, report::Case};
use rush::Rush;
use stage::Stage;

pub(crate) const NAME: &str = "open-hiring";
const PLACE_READ: &str = "place_read_100k";
const WATCHERS: &str = "watchers_2000";
/// The rushes: name, connections, lines, whether people are signed in.
const RUSHES: [Rush; 6] = [
    Rush { name: "hot_queue_c1", connections: 1, lines: 1, known: true },
    Rush { name: "hot_queue_c16", connections: 16, lines: 1, known: true },
    Rush { name: "hot_queue_c128", connections: 128, lines: 1, known: true },
    Rush { name: "hot_queue_c1000", connections: 1_000, lines: 1, known: true },
    Rush { name: "many_queues_c128", connections: 128, lines: 100, known: true },
    Rush { name: "new_people_c128", connections: 128, lines: 1, known: false },
];
/// Its cases, in the order in which they run.
pub(crate) const CASES: [&str; 8] = [
    RUSHES[0].name,
    RUSHES[1].name,
    RUSHES[2].name,
    RUSHES[3].name,
    RUSHES[4].name,
    RUSHES[5].name,
    PLACE_READ,
    WATCHERS,
];

/// As people are asked about in production.
const TOGETHER: Bounds = Bounds { together: 500, waiting: 4_000 };
/// As without a batcher.
const ONE_BY_ONE: Bounds = Bounds { together: 1, ..TOGETHER };
/// When nothing more is to be expected.
const PATIENCE: Duration = Duration::from_mins(5);

/// Runs the cases; each rush and its baseline on a platform of its own.
pub(crate) async fn run(arguments: &Arguments) -> Result<Vec<Case>, Failure> {
    let reference = Arc::new(Reference::load(arguments.reference.as_deref())?);
    let is_asked = |name: &str| arguments.only.as_deref().is_none_or(|only| only == name);
    let how_long = Duration::from_secs(arguments.seconds.max(1));
    let mut cases = Vec::new();
    for rush in RUSHES.into_iter().filter(|rush| is_asked(rush.name)) {
        println!("{}:", rush.name);
        let together =
            on_a_stage(&reference, TOGETHER, async |stage| rush.run(stage, how_long).await).await?;
        let a_while = (how_long / 3).max(Duration::from_secs(1));
        let alone = on_a_stage(&reference, ONE_BY_ONE, async |stage| rush.run(stage, a_while).await).await?;
        cases.push(rush.case(&together, &alone));
    }
    if is_asked(PLACE_READ) || is_asked(WATCHERS) {
        println!("a long line:");
        let long = arguments.people.unwrap_or(reading::IN_LINE);
        let read = on_a_stage(&reference, TOGETHER, async |stage| {
            let line = reading::Line::fill(stage, &reference, long).await?;
            let mut cases = Vec::new();
            if is_asked(PLACE_READ) {
                cases.push(line.read(stage).await?);
            }
            if is_asked(WATCHERS) {
                cases.push(line.watch(stage, how_long * 2).await?);
            }
            Ok(cases)
        });
        cases.extend(read.await?);
    }
    Ok(cases)
}

async fn on_a_stage<T>(
    reference: &Arc<Reference>,
    bounds: Bounds,
    play: impl AsyncFnOnce(&Stage) -> Result<T, Failure>,
) -> Result<T, Failure> {
    let stage = Stage::set(reference, bounds).await?;
    let played = play(&stage).await;
    stage.strike().await;
    played
}
