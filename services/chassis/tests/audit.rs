//! What a stream loses is sent again: by whom it was said, in order, once in effect, and never about who is erased.

use std::time::Duration;

use async_nats::jetstream;
use chassis::{
    Chassis, Config, Fault, Handles, Heard, Service, Tx,
    harness::{TestPlatform, eventually},
    outbox,
};
use chrono::TimeDelta;
use proto::{
    SeekerId, Service as Name, Stream,
    catalogue::EVENTS,
    intake::{ProfilePublished, SeekerErased},
};
use sqlx::{
    SqlSafeStr as _,
    migrate::{Migration, MigrationType, Migrator},
};
use uuid::Uuid;

struct Sample {
    chassis: Chassis,
}

impl Handles for Sample {
    fn chassis(&self) -> &Chassis {
        &self.chassis
    }
}

/// Intake only speaks here; the matcher writes down whatever it hears, each time that it does.
fn services() -> Vec<Service> {
    let table = "create table heard (n bigserial primary key, event_id uuid not null)";
    let migration = Migration::new(
        1,
        "heard".into(),
        MigrationType::Simple,
        sqlx::AssertSqlSafe(table.to_owned()).into_sql_str(),
        false,
    );
    let build = |chassis: Chassis| -> chassis::BoxFuture<'static, Result<Sample, Fault>> {
        Box::pin(async move { Ok(Sample { chassis }) })
    };
    let intake = Service::new(
        Name::Intake,
        Box::leak(Box::new(Migrator::with_migrations(Vec::new()))),
        build,
        chassis::Wiring::stands_in,
    );
    let matcher = Service::new(
        Name::Matcher,
        Box::leak(Box::new(Migrator::with_migrations(vec![migration]))),
        build,
        |wiring| wiring.stands_in().events(|_, tx, events| Box::pin(hear(tx, events))),
    );
    vec![intake, matcher]
}

async fn hear(tx: &mut Tx, events: &[Heard]) -> Result<(), Fault> {
    let ids: Vec<Uuid> = events.iter().map(|event| event.event_id).collect();
    sqlx::query("insert into heard (event_id) select unnest($1::uuid[])")
        .bind(ids)
        .execute(tx.conn())
        .await?;
    Ok(())
}

fn often(config: &mut Config) {
    config.audit_every = Duration::from_millis(300);
}

fn person(number: u128) -> Uuid {
    Uuid::from_u128(0x5ee_0000 + number)
}

fn profile(number: u128, version: i64) -> ProfilePublished {
    crate::support::profile(person(number), version)
}

async fn say(test: &TestPlatform, profiles: Vec<ProfilePublished>) {
    let mut tx = test.chassis(Name::Intake).store.begin().await.unwrap();
    tx.publish_all(profiles).await.unwrap();
    tx.commit().await.unwrap();
}

/// Every event of the outbox that must be on the stream, in order.
async fn published(test: &TestPlatform) -> Vec<Uuid> {
    sqlx::query_scalar(
        "select event_id from outbox where published_at is not null and body <> '' order by seq",
    )
    .fetch_all(test.pool(Name::Intake))
    .await
    .unwrap()
}

/// Every event that the stream holds, in order.
async fn held(test: &TestPlatform) -> Vec<Uuid> {
    let context = jetstream::new(test.nats());
    let Ok(mut stream) = context.get_stream(test.names().stream(Stream::Facts)).await else {
        return Vec::new();
    };
    let state = stream.info().await.unwrap().state.clone();
    let mut held = Vec::new();
    for seq in state.first_sequence..=state.last_sequence {
        if let Ok(message) = stream.get_raw_message(seq).await {
            let id = message.headers.get("Nats-Msg-Id").unwrap();
            held.push(outbox::event_of_message(id.as_str()).unwrap());
        }
    }
    held
}

/// How often the matcher heard each event: how many it heard, and how many of them twice.
async fn heard(test: &TestPlatform) -> (i64, i64) {
    sqlx::query_as("select count(distinct event_id), count(*) - count(distinct event_id) from heard")
        .fetch_one(test.pool(Name::Matcher))
        .await
        .unwrap()
}

/// The state of the audit: whether it is clean, and when the last full one ended.
async fn audited(test: &TestPlatform) -> (bool, Option<chrono::DateTime<chrono::Utc>>, i64) {
    let row =
        sqlx::query_as("select is_clean, full_at, coalesce(mark_seq, 0) from audits where stream = 'evt'")
            .fetch_optional(test.pool(Name::Intake))
            .await
            .unwrap();
    row.unwrap_or((false, None, 0))
}

async fn all_is_seen_by_the_auditor(test: &TestPlatform) {
    eventually("the auditor has seen everything", async || {
        let (clean, _, mark) = audited(test).await;
        let last: Option<i64> = sqlx::query_scalar("select max(stream_seq) from outbox")
            .fetch_one(test.pool(Name::Intake))
            .await
            .unwrap();
        let waiting: i64 = sqlx::query_scalar("select count(*) from outbox where published_at is null")
            .fetch_one(test.pool(Name::Intake))
            .await
            .unwrap();
        clean && waiting == 0 && Some(mark) == last
    })
    .await;
}

#[tokio::test]
async fn a_purged_stream_is_filled_again_in_order_without_who_was_erased() {
    let test = TestPlatform::start_with(services(), often).await;
    say(&test, (0..40).map(|number| profile(number % 8, number as i64)).collect()).await;
    all_is_seen_by_the_auditor(&test).await;
    let mut tx = test.chassis(Name::Intake).store.begin().await.unwrap();
    tx.forget(person(3)).await.unwrap();
    tx.publish(SeekerErased { seeker_id: SeekerId(person(3)), version: 90 }).await.unwrap();
    tx.commit().await.unwrap();
    all_is_seen_by_the_auditor(&test).await;
    eventually("everything was heard", async || heard(&test).await.0 == 41).await;
    eventually("she is purged", async || held(&test).await == published(&test).await).await;

    // An operator's hand.
    let context = jetstream::new(test.nats());
    let stream = context.get_stream(test.names().stream(Stream::Facts)).await.unwrap();
    stream.purge().await.unwrap();
    eventually("the stream is filled again, in order", async || {
        held(&test).await == published(&test).await && published(&test).await.len() == 36
    })
    .await;
    all_is_seen_by_the_auditor(&test).await;
    say(&test, vec![profile(1, 100)]).await;
    eventually("what came after is heard", async || heard(&test).await == (42, 0)).await;
    let metrics = test.metrics();
    assert!(metrics.contains("dbj_events_missing{service=\"intake\"} 0"), "{metrics}");
    assert!(metrics.contains("dbj_events_refilled_total{service=\"intake\"} 36"), "{metrics}");
    test.stop().await;
}

#[tokio::test]
async fn one_event_that_is_gone_behind_the_mark_is_found_at_night() {
    let test = TestPlatform::start_with(services(), often).await;
    say(&test, (0..20).map(|number| profile(number, 1)).collect()).await;
    all_is_seen_by_the_auditor(&test).await;
    let context = jetstream::new(test.nats());
    let stream = context.get_stream(test.names().stream(Stream::Facts)).await.unwrap();
    let event = EVENTS.iter().find(|event| event.name == "profile_published").unwrap();
    let gone = stream.purge().filter(test.names().subject(&event.subject(person(5)))).await.unwrap();
    assert_eq!((gone.purged, held(&test).await.len()), (1, 19));
    // It goes on from its mark, so it does not see this by day.
    say(&test, vec![profile(30, 1)]).await;
    all_is_seen_by_the_auditor(&test).await;
    assert_eq!(held(&test).await.len(), 20);

    test.clock.advance(TimeDelta::days(1));
    eventually("it is sent again", async || held(&test).await.len() == 21).await;
    all_is_seen_by_the_auditor(&test).await;
    assert_eq!(heard(&test).await, (21, 0));
    test.stop().await;
}

#[tokio::test]
async fn a_stream_that_somebody_deleted_is_made_again_and_filled_beside_a_second_replica() {
    let test = TestPlatform::start_with(services(), often).await;
    let replica = test.replica(services()).await;
    say(&test, (0..30).map(|number| profile(number, 1)).collect()).await;
    all_is_seen_by_the_auditor(&test).await;
    eventually("everything was heard", async || heard(&test).await == (30, 0)).await;
    let context = jetstream::new(test.nats());
    context.delete_stream(test.names().stream(Stream::Facts)).await.unwrap();
    // Nobody may refuse or lose what is said meanwhile.
    say(&test, (0..5).map(|number| profile(number, 2)).collect()).await;
    eventually("the stream is there again, with everything", async || {
        let held = held(&test).await;
        let known = published(&test).await;
        known.len() == 35 && known.iter().all(|event_id| held.contains(event_id))
    })
    .await;
    all_is_seen_by_the_auditor(&test).await;
    eventually("what was said meanwhile is heard", async || heard(&test).await == (35, 0)).await;
    replica.stop().await;
    test.stop().await;
}
