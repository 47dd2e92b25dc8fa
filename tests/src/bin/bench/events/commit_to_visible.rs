//! From the end of a commit in intake or vacancies to the first answer of the matcher that knows of it, at 200 events a
//! second. The baseline is the same way when nobody wakes the relay: it then looks each second.

use std::{
    collections::HashMap,
    sync::{
        Arc,
        atomic::{AtomicBool, Ordering},
    },
    time::Duration,
};

use chassis::{Fault, Tx, harness::TestPlatform};
use proto::{
    Actor, Service as Name,
    matcher::{MadeWith, ProposalsForSeeker},
};
use tokio::{
    task::JoinSet,
    time::{Instant, MissedTickBehavior, interval, sleep},
};
use uuid::Uuid;

use super::{COMMIT_TO_VISIBLE, PATIENCE, Spread, counted, said, until_counted};
use crate::{Failure, report::Case};

/// Events that are measured: 40 seconds.
const EVENTS: u128 = 8_000;
/// Events before, so that everything is warm.
const WARM_UP: u128 = 400;
const EVENTS_PER_S: u32 = 200;
/// Pause between two looks at the matcher's answers.
const LOOKS_EVERY: Duration = Duration::from_millis(2);

pub(super) async fn run(test: &TestPlatform, rows: Option<usize>) -> Result<Case, Failure> {
    let events = rows.map_or(EVENTS, |rows| rows as u128);
    let looker = said::seeker(0);
    let mut tx = test.chassis(Name::Intake).store.begin().await?;
    tx.publish(said::profile(0)).await?;
    tx.commit().await?;
    until_counted(test, "events_applied", Name::Matcher, 1).await?;

    measure(test, looker, 1..WARM_UP, Bell::Rings).await?;
    let first = WARM_UP;
    let woken = measure(test, looker, first..first + events, Bell::Rings).await?;
    let first = first + events;
    let polled = measure(test, looker, first..first + events / 4, Bell::IsSilent).await?;
    let said = 1 + u64::try_from(WARM_UP - 1 + events + events / 4)?;
    let (applied, repeated) =
        (counted(test, "events_applied", Name::Matcher), counted(test, "events_repeated", Name::Matcher));
    if applied != said {
        return Err(format!("{said} events were said, {applied} had an effect").into());
    }
    let mut case = Case::new(COMMIT_TO_VISIBLE);
    let spread = Spread::of(woken.times)?;
    let baseline = Spread::of(polled.times)?;
    case.metric("p50_ms", spread.p50);
    case.metric("p99_ms", spread.p99);
    case.metric("max_ms", spread.max);
    case.metric("events", events as f64);
    case.metric("events_per_s", woken.events_per_s);
    case.metric("looks_per_s", woken.looks_per_s);
    case.metric("redelivered", repeated as f64);
    case.metric("poll_only_p50_ms", baseline.p50);
    case.metric("poll_only_p99_ms", baseline.p99);
    case.metric("ratio", baseline.p50 / spread.p50);
    Ok(case)
}

/// Whether a commit wakes who follows the tables.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Bell {
    Rings,
    IsSilent,
}

struct Measured {
    times: Vec<Duration>,
    events_per_s: f64,
    looks_per_s: f64,
}

/// Says something about each number, people and openings in turn, and looks when the matcher answers with it.
async fn measure(
    test: &TestPlatform,
    looker: proto::SeekerId,
    numbers: std::ops::Range<u128>,
    bell: Bell,
) -> Result<Measured, Failure> {
    let began = Instant::now();
    let stop = AtomicBool::new(false);
    let looks = look(test, looker, &stop);
    let writing = async {
        let written = async {
            let committed = write(test, numbers.clone(), bell).await?;
            let seconds = began.elapsed().as_secs_f64();
            let heard = heard(test, &committed).await?;
            Ok::<_, Failure>((committed, seconds, heard))
        }
        .await;
        // Also when that failed: whoever looks would look for ever.
        stop.store(true, Ordering::Relaxed);
        written
    };
    let (looks, written) = tokio::join!(looks, writing);
    let (looks, (committed, seconds, heard)) = (looks?, written?);
    let mut times = Vec::with_capacity(committed.len());
    for (id, at) in &committed {
        let change = heard.get(id).ok_or("the matcher never heard of something")?;
        let first = looks.partition_point(|(_, known)| known < change);
        let (seen, _) = looks.get(first).ok_or("nobody looked after the last change")?;
        times.push(seen.saturating_duration_since(*at));
    }
    let looking = looks.last().map_or(1.0, |(at, _)| (*at - began).as_secs_f64());
    Ok(Measured {
        events_per_s: committed.len() as f64 / seconds,
        looks_per_s: looks.len() as f64 / looking,
        times,
    })
}

/// Writes at the given rate, whatever becomes of it; returns of whom and when each commit ended.
async fn write(
    test: &TestPlatform,
    numbers: std::ops::Range<u128>,
    bell: Bell,
) -> Result<Vec<(Uuid, Instant)>, Failure> {
    let (intake, vacancies) =
        (test.chassis(Name::Intake).store.clone(), test.chassis(Name::Vacancies).store.clone());
    let mut beat = interval(Duration::from_secs(1) / EVENTS_PER_S);
    beat.set_missed_tick_behavior(MissedTickBehavior::Burst);
    let mut tasks = JoinSet::new();
    for number in numbers {
        beat.tick().await;
        let (intake, vacancies) = (intake.clone(), vacancies.clone());
        tasks.spawn(async move {
            if number % 2 == 0 {
                let mut tx = intake.begin().await?;
                tx.publish(said::profile(number)).await?;
                commit(tx, bell).await?;
                Ok::<_, Fault>((said::seeker(number).0, Instant::now()))
            } else {
                let mut tx = vacancies.begin().await?;
                tx.publish(said::opening(number, 1)).await?;
                commit(tx, bell).await?;
                Ok((said::opening_id(number).0, Instant::now()))
            }
        });
    }
    let written = tasks.join_all().await;
    Ok(written.into_iter().collect::<Result<Vec<_>, Fault>>()?)
}

async fn commit(mut tx: Tx, bell: Bell) -> Result<(), Fault> {
    match bell {
        Bell::Rings => tx.commit().await?,
        // Behind the back of the chassis, which then rings nothing; dropping it undoes nothing any more.
        Bell::IsSilent => _ = sqlx::raw_sql("commit").execute(tx.conn()).await?,
    }
    Ok(())
}

/// Asks the matcher again and again; returns when each answer came and how much it knew.
async fn look(
    test: &TestPlatform,
    looker: proto::SeekerId,
    stop: &AtomicBool,
) -> Result<Vec<(Instant, i64)>, Failure> {
    let actor = Actor::Seeker { seeker_id: looker };
    let query = ProposalsForSeeker { seeker_id: looker, limit: 1 };
    let mut looks: Vec<(Instant, i64)> = Vec::new();
    loop {
        let is_last = stop.load(Ordering::Relaxed);
        let MadeWith { change, .. } = test.ask(&actor, &query).await?.made_with;
        if looks.last().is_some_and(|(_, before)| *before > change) {
            return Err("an answer knew less than the one before it".into());
        }
        looks.push((Instant::now(), change));
        if is_last {
            return Ok(looks);
        }
        sleep(LOOKS_EVERY).await;
    }
}

/// The change number of each, once the matcher heard of all; exactly one each.
async fn heard(test: &TestPlatform, committed: &[(Uuid, Instant)]) -> Result<HashMap<Uuid, i64>, Failure> {
    let ids: Arc<[Uuid]> = committed.iter().map(|(id, _)| *id).collect();
    let end = Instant::now() + PATIENCE;
    loop {
        let rows: Vec<(Uuid, i64)> = sqlx::query_as("select id, change from changes where id = any($1)")
            .bind(&*ids)
            .fetch_all(test.pool(Name::Matcher))
            .await?;
        let heard: HashMap<Uuid, i64> = rows.iter().copied().collect();
        if rows.len() != heard.len() {
            return Err("the matcher took something twice".into());
        }
        if heard.len() == ids.len() {
            // The last look must come after the index is level with the last of them.
            sleep(Duration::from_millis(100)).await;
            return Ok(heard);
        }
        if Instant::now() > end {
            return Err(format!("the matcher heard of {} of {}", heard.len(), ids.len()).into());
        }
        sleep(Duration::from_millis(250)).await;
    }
}
