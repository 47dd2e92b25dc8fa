//! The watchdog of a service: it looks every few seconds at what only shows from outside, measures it, says when it
//! needs a person, and begins a reading again that has silently stopped (RELIABILITY rule 13).

mod alarms;
mod gauges;
mod reading;

use std::{sync::Arc, time::Duration};

use async_nats::jetstream::{self, consumer::PullConsumer};
use proto::catalogue::Reading;
use sqlx::FromRow;
use tokio::{sync::Notify, time::Instant};
use tokio_util::sync::CancellationToken;

pub use alarms::{AlarmKind, Alarms};
pub use gauges::{AlarmLabels, Fraction, Gauges, ReadingLabels};

use crate::{
    bus::Link,
    checks::{self, CLOCK_WARNING},
    fault::Chain,
    service::Chassis,
    telemetry::ServiceLabels,
};
use reading::{Progress, Seen};

/// The longest time between two looks.
const LOOK: Duration = Duration::from_secs(5);
/// How long PostgreSQL or NATS may take to answer a look.
const ANSWER: Duration = Duration::from_secs(3);
/// How long a refused subject or dropped messages count after they happened.
const LATELY: Duration = Duration::from_mins(1);
/// Dead rows in the queue tables from which on their readers become slow (RELIABILITY part 2).
const DEAD_ROWS: i64 = 100_000;
/// Seconds from which on a transaction keeps too many dead rows.
const OLD_TRANSACTION: f64 = 60.0;

#[derive(FromRow)]
struct Stored {
    outbox_waiting: i64,
    outbox_age: f64,
    failing: i64,
    failing_seconds: f64,
    dead_letters: i64,
    dead_rows: i64,
    oldest_transaction: f64,
}

/// How often to look: often enough to tell a stop within the patience.
fn between_looks(patience: Duration) -> Duration {
    LOOK.min(patience / 4)
}

async fn pause(chassis: &Chassis, stop: &CancellationToken) {
    let wait = between_looks(chassis.config.alarm_after);
    tokio::select! { () = tokio::time::sleep(wait) => (), () = stop.cancelled() => () }
}

/// Looks at the store and the connection until told to stop.
pub(crate) async fn watch(
    chassis: Chassis,
    is_ready: Arc<dyn Fn() -> bool + Send + Sync>,
    stop: CancellationToken,
) {
    let mut answered_at = Instant::now();
    count_from_nought(&chassis);
    let mut link_before = Link::default();
    while !stop.is_cancelled() {
        look_at_store(&chassis, &mut answered_at).await;
        look_at_link(&chassis, &mut link_before);
        let unready = chassis.alarms.now().into_iter().any(|(kind, _)| kind.makes_unready());
        let labels = ServiceLabels { service: chassis.service.name() };
        let ready = is_ready() && !unready && !chassis.stopping.is_cancelled();
        chassis.metrics.watch.ready.get_or_create(&labels).set(i64::from(ready));
        pause(&chassis, &stop).await;
    }
}

/// A count that nobody has raised yet is told as 0, so that a rule sees the first time it rises.
fn count_from_nought(chassis: &Chassis) {
    let (metrics, labels) = (&chassis.metrics, ServiceLabels { service: chassis.service.name() });
    let watch = &metrics.watch;
    for count in [
        &metrics.events_published,
        &metrics.events_applied,
        &metrics.events_repeated,
        &metrics.dead_letters,
        &watch.calls_turned_away,
        &watch.commits_unclear,
        &watch.readings_restarted,
        &watch.nats_forbidden,
        &watch.nats_slow_consumers,
    ] {
        count.get_or_create(&labels).inc_by(0);
    }
}

async fn look_at_store(chassis: &Chassis, answered_at: &mut Instant) {
    let (watch, alarms, patience) = (&chassis.metrics.watch, &chassis.alarms, chassis.config.alarm_after);
    let labels = ServiceLabels { service: chassis.service.name() };
    let pool = chassis.store.pool();
    watch.pool_connections.get_or_create(&labels).set(pool.size().into());
    watch.pool_idle.get_or_create(&labels).set(pool.num_idle() as i64);
    let looking = async {
        Ok::<_, sqlx::Error>((read(chassis).await?, checks::clock_difference(pool, &chassis.clock).await?))
    };
    let found = tokio::time::timeout(ANSWER, looking).await;
    let (stored, difference) = match found {
        Ok(Ok(found)) => found,
        Ok(Err(error)) => {
            tracing::debug!(service = %chassis.service, error = %Chain(&error), "the watchdog got no answer");
            silent(chassis, *answered_at);
            return;
        }
        Err(_) => return silent(chassis, *answered_at),
    };
    *answered_at = Instant::now();
    watch.postgres_answers.get_or_create(&labels).set(1);
    alarms.judge(AlarmKind::Postgres, "", None);

    watch.outbox_waiting.get_or_create(&labels).set(stored.outbox_waiting);
    chassis.metrics.outbox_age_seconds.get_or_create(&labels).set(stored.outbox_age);
    let seconds = patience.as_secs_f64();
    alarms.judge(
        AlarmKind::Outbox,
        "",
        (stored.outbox_age > seconds).then(|| {
            format!("{} events wait to be sent, the oldest {:.0} s", stored.outbox_waiting, stored.outbox_age)
        }),
    );
    watch.events_failing.get_or_create(&labels).set(stored.failing);
    watch.events_failing_seconds.get_or_create(&labels).set(stored.failing_seconds);
    alarms.judge(
        AlarmKind::Failing,
        "",
        (stored.failing_seconds > seconds).then(|| {
            format!(
                "{} events fail again and again, the oldest for {:.0} s",
                stored.failing, stored.failing_seconds
            )
        }),
    );
    watch.dead_letters_open.get_or_create(&labels).set(stored.dead_letters);
    alarms.judge(
        AlarmKind::DeadLetters,
        "",
        (stored.dead_letters > 0)
            .then(|| format!("{} dead letters wait for an administrator", stored.dead_letters)),
    );
    watch.dead_rows.get_or_create(&labels).set(stored.dead_rows);
    alarms.judge(
        AlarmKind::DeadRows,
        "",
        (stored.dead_rows > DEAD_ROWS)
            .then(|| format!("{} dead rows in outbox, inbox and answers", stored.dead_rows)),
    );
    watch.oldest_transaction_seconds.get_or_create(&labels).set(stored.oldest_transaction);
    alarms.judge(
        AlarmKind::OldTransaction,
        "",
        (stored.oldest_transaction > OLD_TRANSACTION)
            .then(|| format!("a transaction is open for {:.0} s", stored.oldest_transaction)),
    );
    watch.clock_difference_seconds.get_or_create(&labels).set(difference);
    alarms.judge(
        AlarmKind::Clock,
        "",
        (difference.abs() > CLOCK_WARNING)
            .then(|| format!("this machine and PostgreSQL differ by {difference:.1} s")),
    );
}

fn silent(chassis: &Chassis, answered_at: Instant) {
    let labels = ServiceLabels { service: chassis.service.name() };
    chassis.metrics.watch.postgres_answers.get_or_create(&labels).set(0);
    let silence = answered_at.elapsed();
    chassis.alarms.judge(
        AlarmKind::Postgres,
        "",
        (silence >= chassis.config.alarm_after).then(|| {
            format!("PostgreSQL has not answered for {} s, or has no connection free", silence.as_secs())
        }),
    );
}

/// Everything in one round trip. Dead rows are the statistics of PostgreSQL, which are a moment old.
async fn read(chassis: &Chassis) -> Result<Stored, sqlx::Error> {
    sqlx::query_as(
        "select waiting.count as outbox_waiting, waiting.age as outbox_age,
                failing.count as failing, failing.age as failing_seconds,
                (select count(*) from dead_letters where resolved_at is null) as dead_letters,
                (select coalesce(sum(n_dead_tup), 0)::bigint from pg_stat_user_tables
                 where schemaname = current_schema() and relname ~ '^(outbox|inbox|answers)') as dead_rows,
                oldest_transaction_seconds() as oldest_transaction
         from (select count(*), coalesce(extract(epoch from clock_timestamp() - min(occurred_at)), 0)::float8 as age
               from outbox where published_at is null) as waiting,
              (select count(*), coalesce(extract(epoch from clock_timestamp() - min(first_at)), 0)::float8 as age
               from failed_attempts) as failing",
    )
    .fetch_one(chassis.store.pool())
    .await
}

fn look_at_link(chassis: &Chassis, before: &mut Link) {
    let (watch, alarms) = (&chassis.metrics.watch, &chassis.alarms);
    let labels = ServiceLabels { service: chassis.service.name() };
    let link = chassis.bus.link();
    watch.nats_connected.get_or_create(&labels).set(i64::from(link.away_since.is_none()));
    watch.nats_forbidden.get_or_create(&labels).inc_by(link.forbidden - before.forbidden);
    watch.nats_slow_consumers.get_or_create(&labels).inc_by(link.slow_consumers - before.slow_consumers);
    *before = link;
    let away =
        link.away_since.map(|since| since.elapsed()).filter(|away| *away >= chassis.config.alarm_after);
    alarms.judge(
        AlarmKind::Nats,
        "",
        away.map(|away| format!("NATS has been away for {} s", away.as_secs())),
    );
    let lately = |at: Option<Instant>| at.map(|at| at.elapsed()).filter(|ago| *ago < LATELY);
    alarms.judge(
        AlarmKind::Forbidden,
        "",
        lately(link.forbidden_at).map(|_| {
            "NATS refused a subject; give it the block of `dichterbij nats-config` of this version".to_owned()
        }),
    );
    alarms.judge(
        AlarmKind::SlowConsumer,
        "",
        lately(link.slow_at).map(|_| "this process could not keep up and dropped messages".to_owned()),
    );
}

/// Looks at a reading until told to stop, and has it begun again when it stands still.
pub(crate) async fn watch_reading(
    chassis: Chassis,
    reading: &'static Reading,
    begin_again: Arc<Notify>,
    stop: CancellationToken,
) {
    let consumer = reading.durable();
    let labels = ReadingLabels { service: chassis.service.name(), consumer: consumer.clone() };
    let patience = chassis.config.alarm_after;
    let mut progress = Progress::new(patience, Instant::now());
    chassis.metrics.watch.reading_waiting.get_or_create(&labels).set(0);
    chassis.metrics.watch.reading_age_seconds.get_or_create(&labels).set(0.0);
    while !stop.is_cancelled() {
        pause(&chassis, &stop).await;
        let Ok(Some(seen)) = tokio::time::timeout(ANSWER, ask(&chassis, reading)).await else {
            // Whether NATS is there is judged elsewhere.
            continue;
        };
        let judged = progress.look(seen, Instant::now());
        let watch = &chassis.metrics.watch;
        watch.reading_waiting.get_or_create(&labels).set(judged.waiting as i64);
        let age = if judged.waiting == 0 { 0.0 } else { judged.age.as_secs_f64() };
        watch.reading_age_seconds.get_or_create(&labels).set(age);
        chassis.alarms.judge(
            AlarmKind::Reading,
            &consumer,
            (age > patience.as_secs_f64())
                .then(|| format!("{consumer}: {} events wait, the oldest up to {age:.0} s", judged.waiting)),
        );
        chassis.alarms.judge(
            AlarmKind::Stalled,
            &consumer,
            judged.stalled.then(|| format!("{consumer}: {} events wait and nothing moves", judged.waiting)),
        );
        if judged.begin_again {
            tracing::warn!(consumer, waiting = judged.waiting, "reading has stopped; it begins again");
            let labels = ServiceLabels { service: chassis.service.name() };
            watch.readings_restarted.get_or_create(&labels).inc();
            begin_again.notify_waiters();
        }
    }
}

async fn ask(chassis: &Chassis, reading: &Reading) -> Option<Seen> {
    let context = jetstream::new(chassis.bus.client().clone());
    let stream = context.get_stream_no_info(chassis.bus.names().stream(reading.stream)).await.ok()?;
    let consumer: PullConsumer = stream.get_consumer(&reading.durable()).await.ok()?;
    let info = consumer.cached_info();
    Some(Seen {
        delivered: info.delivered.stream_sequence,
        done: info.ack_floor.stream_sequence,
        pending: info.num_pending,
        in_hand: info.num_ack_pending as u64,
    })
}
