//! The way of an event and of a call: how soon a commit is visible elsewhere, how fast a backlog drains, how many calls are
//! answered. Real services, real servers, everything durable; one process, so the writers and callers are in the figures.

mod calls;
mod commit_to_visible;
mod drain;
mod said;

use std::{sync::Arc, time::Duration};

use chassis::harness::TestPlatform;
use proto::Service as Name;
use reference::Reference;

use crate::{Arguments, Failure, report::Case};

pub(crate) const NAME: &str = "events";
pub(crate) const COMMIT_TO_VISIBLE: &str = "commit_to_visible";
pub(crate) const DRAIN: &str = "drain";
pub(crate) const CALLS: &str = "calls";
/// Its cases, in the order in which they run.
pub(crate) const CASES: [&str; 3] = [COMMIT_TO_VISIBLE, DRAIN, CALLS];

/// When nothing more is to be expected.
const PATIENCE: Duration = Duration::from_mins(5);

/// Runs the cases, each on a platform of its own.
pub(crate) async fn run(arguments: &Arguments) -> Result<Vec<Case>, Failure> {
    let reference = Arc::new(Reference::load(arguments.reference.as_deref())?);
    let mut cases = Vec::new();
    for case in CASES {
        if arguments.only.as_deref().is_some_and(|only| only != case) {
            continue;
        }
        println!("{case}:");
        let test = TestPlatform::start(vec![
            intake::service(reference.clone()),
            vacancies::service(reference.clone()),
            matcher::service(reference.clone()),
        ])
        .await;
        let done = match case {
            COMMIT_TO_VISIBLE => commit_to_visible::run(&test, arguments.rows).await,
            DRAIN => drain::run(&test, arguments.rows).await,
            _ => calls::run(&test, arguments.rows).await,
        };
        test.stop().await;
        cases.push(done?);
    }
    Ok(cases)
}

/// The value of a counter of one service in the metrics of this process.
fn counted(test: &TestPlatform, name: &str, service: Name) -> u64 {
    let text = test.metrics();
    let start = format!("{name}_total{{service=\"{}\"}} ", service.name());
    let found =
        text.lines().find_map(|line| line.strip_prefix(&*start).or_else(|| after_prefix(line, &start)));
    found.and_then(|number| number.parse().ok()).unwrap_or(0)
}

/// Names of metrics begin with the name of the platform.
fn after_prefix<'a>(line: &'a str, start: &str) -> Option<&'a str> {
    line.find(start).map(|at| &line[at + start.len()..])
}

/// Waits until so many are counted; fails when that takes too long.
async fn until_counted(test: &TestPlatform, name: &str, service: Name, wanted: u64) -> Result<(), Failure> {
    let end = tokio::time::Instant::now() + PATIENCE;
    loop {
        let now = counted(test, name, service);
        if now >= wanted {
            return Ok(());
        }
        if tokio::time::Instant::now() > end {
            return Err(format!("{name} of {service} stands at {now} of {wanted}").into());
        }
        tokio::time::sleep(Duration::from_millis(2)).await;
    }
}

/// The middle and the 99th of a hundred, in milliseconds, and the greatest.
pub(crate) struct Spread {
    pub(crate) p50: f64,
    pub(crate) p99: f64,
    pub(crate) max: f64,
}

impl Spread {
    pub(crate) fn of(mut times: Vec<Duration>) -> Result<Self, Failure> {
        times.sort_unstable();
        let at = |part: f64| {
            let index = ((times.len() as f64 * part).ceil() as usize).saturating_sub(1);
            times.get(index).map(|time| time.as_secs_f64() * 1e3).ok_or("nothing was measured")
        };
        Ok(Self { p50: at(0.5)?, p99: at(0.99)?, max: at(1.0)? })
    }
}
