//! A backlog in the outbox of vacancies goes over the stream into the matcher's tables. The baseline moves part of the same
//! events as a simple outbox does: one message, one acknowledgement, one transaction each.

use std::time::Duration;

use async_nats::jetstream::{self, AckKind, consumer::pull, stream};
use chassis::harness::TestPlatform;
use futures::StreamExt as _;
use proto::{Service as Name, vacancies::OpeningPublished};
use sqlx::{PgConnection, postgres::PgPool};
use tokio::time::{Instant, sleep};
use uuid::Uuid;

use super::{DRAIN, PATIENCE, counted, said, until_counted};
use crate::{Failure, report::Case};

const EVENTS: usize = 100_000;
/// How often each opening is said, so that order shows.
const VERSIONS: usize = 4;
/// Events in one transaction of the writer.
const TOGETHER: usize = 500;
/// Events of the baseline.
const ONE_BY_ONE: i64 = 3_000;

pub(super) async fn run(test: &TestPlatform, rows: Option<usize>) -> Result<Case, Failure> {
    let openings = (rows.unwrap_or(EVENTS) / VERSIONS).max(1);
    let events = openings * VERSIONS;
    let mut gate = close_the_relay(test.pool(Name::Vacancies)).await?;
    let began = Instant::now();
    fill(test, openings).await?;
    let waiting: i64 =
        number(test, Name::Vacancies, "select count(*) from outbox where published_at is null").await?;
    if waiting != events as i64 {
        return Err(format!("{waiting} of {events} events wait").into());
    }
    println!("    {:>7.2} s  {events} events wait in the outbox", began.elapsed().as_secs_f64());

    let began = Instant::now();
    sqlx::query("select pg_advisory_unlock(hashtext('relay'), hashtext(current_schema()))")
        .execute(&mut gate)
        .await?;
    let mut bell = test.chassis(Name::Vacancies).store.begin().await?;
    bell.ring();
    bell.commit().await?;
    let relayed = async {
        until_counted(test, "events_published", Name::Vacancies, events as u64).await?;
        Ok::<_, Failure>(began.elapsed().as_secs_f64())
    };
    let applied = async {
        until_counted(test, "events_applied", Name::Matcher, events as u64).await?;
        Ok::<_, Failure>(began.elapsed().as_secs_f64())
    };
    let (relayed, applied) = tokio::try_join!(relayed, applied)?;
    println!(
        "    {relayed:>7.2} s  all are on the stream\n    {applied:>7.2} s  all are in the matcher's tables"
    );
    check(test, openings).await?;
    let one_by_one = one_by_one(test, ONE_BY_ONE.min(events as i64)).await?;
    println!("    {one_by_one:>7.0} a second one by one");

    let events_per_s = events as f64 / applied;
    let mut case = Case::new(DRAIN);
    case.metric("events_per_s", events_per_s);
    case.metric("events", events as f64);
    case.metric("seconds", applied);
    case.metric("relay_events_per_s", events as f64 / relayed);
    case.metric("redelivered", counted(test, "events_repeated", Name::Matcher) as f64);
    case.metric("one_by_one_events_per_s", one_by_one);
    case.metric("ratio", events_per_s / one_by_one);
    Ok(case)
}

/// Takes the relay's place: its lock goes to a session that sends nothing, so that a backlog grows.
async fn close_the_relay(pool: &PgPool) -> Result<PgConnection, Failure> {
    let mut gate = pool.acquire().await?.detach();
    let gate_pid: i32 = sqlx::query_scalar("select pg_backend_pid()").fetch_one(&mut gate).await?;
    sqlx::query("set statement_timeout = 0").execute(&mut gate).await?;
    let taking = tokio::spawn(async move {
        sqlx::query("select pg_advisory_lock(hashtext('relay'), hashtext(current_schema()))")
            .execute(&mut gate)
            .await
            .map(|_| gate)
    });
    // Once we wait in the queue for it, ending the relay's session gives the lock to us and to nobody else.
    let end = Instant::now() + PATIENCE;
    loop {
        let ended: Option<bool> = sqlx::query_scalar(
            "select pg_terminate_backend(held.pid) from pg_locks held
             where held.locktype = 'advisory' and held.granted and held.pid <> $1
               and held.classid = hashtext('relay')::oid and held.objid = hashtext(current_schema())::oid
               and held.database = (select oid from pg_database where datname = current_database())
               and exists (select from pg_locks ours where ours.pid = $1 and not ours.granted)",
        )
        .bind(gate_pid)
        .fetch_optional(pool)
        .await?;
        if ended == Some(true) || taking.is_finished() {
            return Ok(taking.await??);
        }
        if Instant::now() > end {
            return Err("the relay's lock could not be taken".into());
        }
        sleep(Duration::from_millis(10)).await;
    }
}

/// Says every opening so many times: all of them once, then all of them again.
async fn fill(test: &TestPlatform, openings: usize) -> Result<(), Failure> {
    for version in 1..=VERSIONS {
        for first in (0..openings).step_by(TOGETHER) {
            let numbers = first..(first + TOGETHER).min(openings);
            let facts: Vec<OpeningPublished> =
                numbers.map(|number| said::opening(number as u128, version as i64)).collect();
            let mut tx = test.chassis(Name::Vacancies).store.begin().await?;
            tx.publish_all(facts).await?;
            tx.commit().await?;
        }
    }
    Ok(())
}

async fn number(test: &TestPlatform, service: Name, statement: &'static str) -> Result<i64, Failure> {
    Ok(sqlx::query_scalar(statement).fetch_one(test.pool(service)).await?)
}

/// Nothing is lost or doubled, each opening's events stand in their order on the stream, and the last one counts.
async fn check(test: &TestPlatform, openings: usize) -> Result<(), Failure> {
    let events = (openings * VERSIONS) as i64;
    let not_sent = "select count(*) from outbox where published_at is null";
    let places = "select count(distinct stream_seq) from outbox";
    let out_of_order = "select count(*) from (
         select stream_seq - lag(stream_seq) over (partition by aggregate_id order by version) as step from outbox) t
         where step <= 0";
    let in_inbox = "select count(*) from inbox where consumer = 'matcher'";
    let at_last = "select count(*) from openings where version = 4";
    for (what, service, statement, wanted) in [
        ("events not sent", Name::Vacancies, not_sent, 0),
        ("places on the stream", Name::Vacancies, places, events),
        ("events out of order", Name::Vacancies, out_of_order, 0),
        ("events in the inbox", Name::Matcher, in_inbox, events),
        ("openings at their last version", Name::Matcher, at_last, openings as i64),
    ] {
        let found = number(test, service, statement).await?;
        if found != wanted {
            return Err(format!("{what}: {found}, and {wanted} were expected").into());
        }
    }
    // What the stream says itself, beside what the relay wrote down.
    let context = jetstream::new(test.nats());
    let mut facts = context.get_stream(test.names().stream(proto::Stream::Facts)).await?;
    let kept = facts.info().await?.state.messages;
    if kept != events as u64 {
        return Err(format!("{kept} messages are on the stream, and {events} were expected").into());
    }
    let applied = counted(test, "events_applied", Name::Matcher);
    if applied != events as u64 {
        return Err(format!("{applied} events had an effect, and {events} were expected").into());
    }
    Ok(())
}

/// Moves the first events once more, over a stream of its own, as a simple outbox and a simple inbox do; returns
/// how many a second.
async fn one_by_one(test: &TestPlatform, events: i64) -> Result<f64, Failure> {
    let context = jetstream::new(test.nats());
    let name = format!("{}-one-by-one", test.names().stream(proto::Stream::Facts));
    let subject = test.names().subject("one-by-one");
    let made = stream::Config { name: name.clone(), subjects: vec![subject.clone()], ..Default::default() };
    let stream = context.create_stream(made).await?;
    let config = pull::Config { durable_name: Some("one-by-one".to_owned()), ..Default::default() };
    let consumer = stream.create_consumer(config).await?;
    let rows: Vec<(Uuid, Uuid, String)> =
        sqlx::query_as("select event_id, aggregate_id, body from outbox order by seq limit $1")
            .bind(events)
            .fetch_all(test.pool(Name::Vacancies))
            .await?;
    let began = Instant::now();
    let sending = async {
        for (event_id, _, body) in &rows {
            let mut headers = async_nats::HeaderMap::new();
            headers.insert(async_nats::header::NATS_MESSAGE_ID, event_id.to_string());
            let sent = context.publish_with_headers(subject.clone(), headers, body.clone().into()).await?;
            let place = sent.await?.sequence as i64;
            sqlx::query("update outbox set published_at = now(), stream_seq = $2 where event_id = $1")
                .bind(event_id)
                .bind(place)
                .execute(test.pool(Name::Vacancies))
                .await?;
        }
        Ok::<_, Failure>(())
    };
    let taking = async {
        let mut messages = consumer.messages().await?;
        for (event_id, aggregate_id, _) in &rows {
            let message = messages.next().await.ok_or("the stream ended")??;
            let mut tx = test.pool(Name::Matcher).begin().await?;
            sqlx::query(
                "insert into inbox (event_id, consumer, processed_at) values ($1, 'one-by-one', now())",
            )
            .bind(event_id)
            .execute(&mut *tx)
            .await?;
            sqlx::query("update openings set version = version where opening_id = $1")
                .bind(aggregate_id)
                .execute(&mut *tx)
                .await?;
            tx.commit().await?;
            message.ack_with(AckKind::Ack).await?;
        }
        Ok::<_, Failure>(())
    };
    tokio::try_join!(sending, taking)?;
    let seconds = began.elapsed().as_secs_f64();
    context.delete_stream(name).await?;
    Ok(events as f64 / seconds)
}
