//! Questions and commands of 128 callers at a time, over the bus to a service and its tables and back. The baseline is one
//! caller who waits for each answer.

use std::{
    sync::atomic::{AtomicU32, Ordering},
    time::Duration,
};

use chassis::harness::TestPlatform;
use dichterbij_tests::invented::{self, manager};
use futures::future::try_join_all;
use proto::{
    Actor, OpeningId,
    vacancies::{Opening, PostOpening},
};
use tokio::time::Instant;

use super::{CALLS, Spread};
use crate::{Failure, report::Case};

const CALLERS: usize = 128;
const SECONDS: Duration = Duration::from_secs(15);
const SECONDS_OF_BASELINE: Duration = Duration::from_secs(5);
/// When only tried out.
const A_MOMENT: Duration = Duration::from_secs(2);

pub(super) async fn run(test: &TestPlatform, rows: Option<usize>) -> Result<Case, Failure> {
    let of = |usual: Duration| if rows.is_some() { A_MOMENT } else { usual };
    let opening_id = an_opening(test).await?;
    let question = async || {
        let answer = test.ask(&Actor::Visitor, &Opening { opening_id }).await?;
        if answer.opening_id == opening_id {
            Ok(())
        } else {
            Err(Failure::from("the answer to another question"))
        }
    };
    let next = AtomicU32::new(20_000_000);
    let manager = manager();
    let command = async || {
        let number = next.fetch_add(1, Ordering::Relaxed);
        test.ask(&manager, &invented::employer(&format!("{number:08}"))).await?;
        Ok(())
    };
    // Everything is warm afterwards.
    called(CALLERS, A_MOMENT, &question).await?;
    let alone = called(1, of(SECONDS_OF_BASELINE), &question).await?;
    let together = called(CALLERS, of(SECONDS), &question).await?;
    let commands_alone = called(1, of(SECONDS_OF_BASELINE), &command).await?;
    let commands = called(CALLERS, of(SECONDS), &command).await?;
    let added: i64 = sqlx::query_scalar("select count(*) from employers")
        .fetch_one(test.pool(proto::Service::Vacancies))
        .await?;
    let asked = i64::from(next.load(Ordering::Relaxed) - 20_000_000) + 1;
    if added != asked {
        return Err(format!("{asked} employers were added, and {added} are there").into());
    }

    let mut case = Case::new(CALLS);
    case.metric("calls_per_s", together.per_s);
    case.metric("p50_ms", together.spread.p50);
    case.metric("p99_ms", together.spread.p99);
    case.metric("max_ms", together.spread.max);
    case.metric("callers", CALLERS as f64);
    case.metric("one_caller_calls_per_s", alone.per_s);
    case.metric("one_caller_p99_ms", alone.spread.p99);
    case.metric("ratio", together.per_s / alone.per_s);
    case.metric("commands_per_s", commands.per_s);
    case.metric("commands_p99_ms", commands.spread.p99);
    case.metric("one_caller_commands_per_s", commands_alone.per_s);
    case.metric("commands_ratio", commands.per_s / commands_alone.per_s);
    Ok(case)
}

struct Called {
    per_s: f64,
    spread: Spread,
}

/// So many callers, each asking again as soon as she has her answer. Any error ends it.
async fn called(
    callers: usize,
    how_long: Duration,
    call: &impl AsyncFn() -> Result<(), Failure>,
) -> Result<Called, Failure> {
    let began = Instant::now();
    let caller = async || {
        let mut times = Vec::new();
        while began.elapsed() < how_long {
            let asked = Instant::now();
            call().await?;
            times.push(asked.elapsed());
        }
        Ok::<_, Failure>(times)
    };
    let times = try_join_all((0..callers).map(|_| caller())).await?.concat();
    let per_s = times.len() as f64 / began.elapsed().as_secs_f64();
    Ok(Called { per_s, spread: Spread::of(times)? })
}

async fn an_opening(test: &TestPlatform) -> Result<OpeningId, Failure> {
    let employer_id = test.ask(&manager(), &invented::employer("12345678")).await?;
    let details = invented::opening();
    Ok(test.ask(&manager(), &PostOpening { employer_id, details, publish: true }).await?)
}
