//! Questions and commands of 128 callers at a time, over the bus to a service and its tables and back. The baseline is one
//! caller who waits for each answer.

use std::{
    sync::atomic::{AtomicU32, Ordering},
    time::Duration,
};

use chassis::harness::TestPlatform;
use futures::future::try_join_all;
use proto::{
    AccountId, Actor, OpeningId, Role,
    vacancies::{AddEmployer, Opening, OpeningDetails, PostOpening, SiteDetails, Terms},
    work::{Daypart, Days, Hours},
};
use tokio::time::Instant;
use uuid::Uuid;

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
        test.ask(&manager, &an_employer(&format!("{number:08}"))).await?;
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

fn manager() -> Actor {
    Actor::Account {
        account_id: AccountId(Uuid::from_u128(7)),
        roles: vec![Role::AccountManager],
        employer_id: None,
        regions: vec!["AM11".to_owned()],
    }
}

fn an_employer(kvk_number: &str) -> AddEmployer {
    AddEmployer {
        name: "De Linde".to_owned(),
        kvk_number: kvk_number.to_owned(),
        site: SiteDetails { name: String::new(), street: String::new(), postcode: "1315".to_owned() },
        contact: None,
    }
}

async fn an_opening(test: &TestPlatform) -> Result<OpeningId, Failure> {
    let employer_id = test.ask(&manager(), &an_employer("12345678")).await?;
    let details = OpeningDetails {
        terms: Terms::Regular {},
        title: "Medewerker keuken".to_owned(),
        tasks: vec!["schoonmaken.vloeren".into()],
        description: "U werkt in een klein team.".to_owned(),
        site_id: None,
        postcode: "1315".to_owned(),
        hours: Hours { min: 16, max: 24 },
        dayparts: [Daypart::Morning].into_iter().collect(),
        days: Days::default(),
        starts_on: None,
        closes_on: None,
        places: 1,
        pay_cents_per_hour: Some(1_520),
        cao: String::new(),
        requirements: Vec::new(),
        self_checks: Vec::new(),
        support: Vec::new(),
    };
    Ok(test.ask(&manager(), &PostOpening { employer_id, details, publish: true }).await?)
}
