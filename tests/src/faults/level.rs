//! Whether everything has come to rest (RELIABILITY T6): nothing waits to be sent or heard, and what services know of
//! each other is what those others have.

use std::{
    collections::{BTreeMap, BTreeSet, HashSet},
    time::Duration,
};

use proto::{
    Service, Stream,
    catalogue::{EVENTS, READINGS},
    intake::{ProfilePublished, SeekerErased},
    permissions::Names,
};
use sqlx::AssertSqlSafe;
use tokio::time::Instant;
use uuid::Uuid;

use super::Observer;
use crate::installation::Installation;

/// How long everything may take to come to rest after the last fault. RELIABILITY T6 says 10 s (15 s after a leader was
/// lost); twice that here, because tests share two cores. What it took is printed.
pub const PATIENCE: Duration = Duration::from_secs(20);

/// Waits until everything has come to rest; how long that took.
///
/// # Panics
/// When it takes longer than [`PATIENCE`].
pub async fn level(installation: &Installation, observer: &Observer) -> Duration {
    let began = Instant::now();
    loop {
        let left = not_level(installation, observer).await;
        if left.is_empty() {
            return began.elapsed();
        }
        assert!(began.elapsed() < PATIENCE, "no rest after {PATIENCE:?}:\n{}", left.join("\n"));
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
}

/// Waits until each reader has acknowledged something. Before that NATS may lose what a reader has in hand (docs/not-guaranteed.md,
/// "the first moment of a stream"), so faults that kill it begin after.
///
/// # Panics
/// When it takes longer than [`PATIENCE`].
pub async fn begun(installation: &Installation) {
    let began = Instant::now();
    let context = installation.administrator().await;
    for reading in READINGS {
        let stream =
            context.get_stream_no_info(Names::default().stream(reading.stream)).await.expect("a stream");
        let durable = reading.durable();
        while !stream.consumer_info(&durable).await.is_ok_and(|info| info.ack_floor.stream_sequence > 0) {
            assert!(began.elapsed() < PATIENCE, "{durable} has acknowledged nothing yet");
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
    }
}

/// Waits until nothing waits to be sent or heard any more, whether or not all is well then.
///
/// # Panics
/// When it takes longer than [`PATIENCE`].
pub async fn quiet(installation: &Installation, observer: &Observer) {
    let began = Instant::now();
    loop {
        let left = not_quiet(installation, observer).await;
        if left.is_empty() {
            return;
        }
        assert!(began.elapsed() < PATIENCE, "no rest after {PATIENCE:?}:\n{}", left.join("\n"));
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
}

/// Waits until nothing waits to be heard any more, nor to be sent but by this service: its relay has sent all that it
/// will. Whether or not all is well then.
///
/// # Panics
/// When it takes longer than [`PATIENCE`].
pub async fn at_rest_but(passes_over: Service, installation: &Installation, observer: &Observer) {
    let began = Instant::now();
    loop {
        let mut left = Vec::new();
        for service in Service::ALL {
            let newest =
                if service == passes_over { "where published_at is not null" } else { "where false" };
            let schema = service.schema();
            let query = format!(
                "select count(*) from {schema}.outbox where published_at is null
                 and seq > coalesce((select max(seq) from {schema}.outbox {newest}), 0)"
            );
            match sqlx::query_scalar::<_, i64>(AssertSqlSafe(query)).fetch_one(&observer.pool).await {
                Ok(0) => {}
                Ok(count) => left.push(format!("{service}: {count} events wait to be sent")),
                Err(error) => left.push(format!("{service}: {error}")),
            }
        }
        left.extend(not_heard(installation).await);
        if left.is_empty() {
            return;
        }
        assert!(began.elapsed() < PATIENCE, "no rest after {PATIENCE:?}:\n{}", left.join("\n"));
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
}

/// What has not come to rest, in words.
async fn not_level(installation: &Installation, observer: &Observer) -> Vec<String> {
    let left = not_quiet(installation, observer).await;
    if left.is_empty() { unequal(observer).await } else { left }
}

async fn not_quiet(installation: &Installation, observer: &Observer) -> Vec<String> {
    let mut left = Vec::new();
    for service in Service::ALL {
        let schema = service.schema();
        let query = format!("select count(*) from {schema}.outbox where published_at is null");
        match sqlx::query_scalar::<_, i64>(AssertSqlSafe(query)).fetch_one(&observer.pool).await {
            Ok(0) => {}
            Ok(count) => left.push(format!("{service}: {count} events wait to be sent")),
            Err(error) => left.push(format!("{service}: {error}")),
        }
    }
    if left.is_empty() { not_heard(installation).await } else { left }
}

async fn not_heard(installation: &Installation) -> Vec<String> {
    let mut left = Vec::new();
    let context = installation.administrator().await;
    for reading in READINGS {
        let stream = Names::default().stream(reading.stream);
        let durable = reading.durable();
        let info = match context.get_stream_no_info(&stream).await {
            Ok(stream) => stream.consumer_info(&durable).await.map_err(|error| error.to_string()),
            Err(error) => Err(error.to_string()),
        };
        match info {
            Ok(info) if info.num_pending == 0 && info.num_ack_pending == 0 => {}
            Ok(info) => {
                let (pending, unacknowledged) = (info.num_pending, info.num_ack_pending);
                left.push(format!("{durable}: {pending} events wait, {unacknowledged} are in hand"));
            }
            Err(error) => left.push(format!("{durable}: {error}")),
        }
    }
    left
}

/// Waits until nothing waits to be heard any more, or this long.
pub(super) async fn heard_within(installation: &Installation, patience: Duration) {
    let began = Instant::now();
    while began.elapsed() < patience && !not_heard(installation).await.is_empty() {
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
}

/// Where what is known of others is not what they have, whether or not all has come to rest.
///
/// # Panics
/// When PostgreSQL does not answer.
pub async fn unequal(observer: &Observer) -> Vec<String> {
    let mut left = Vec::new();
    let told = observer.told().await;
    let mut profiles: BTreeMap<Uuid, ProfilePublished> = BTreeMap::new();
    let mut erased = BTreeSet::new();
    for event in &told {
        if event.is::<ProfilePublished>() {
            profiles.insert(event.aggregate_id, event.read());
        } else if event.is::<SeekerErased>() {
            erased.insert(event.aggregate_id);
        }
    }
    let expected: BTreeSet<String> = profiles
        .values()
        .filter(|profile| !erased.contains(&profile.seeker_id.0))
        .map(|profile| {
            let hours = profile.hours.map(|hours| (hours.min, hours.max)).unwrap_or_default();
            let ProfilePublished { seeker_id, version, open_file, adviser, paused, .. } = profile;
            let (least, most) = hours;
            format!("{} {version} {least} {most} {open_file} {adviser} {paused}", seeker_id.0)
        })
        .collect();
    left.extend(compare(
        observer,
        "profiles of the matcher",
        expected,
        "select concat_ws(' ', seeker_id, version, hours_min, hours_max, open_file::text, adviser::text, paused::text)
         from matcher.profiles",
    ).await);
    let seekers = lines(observer, "select seeker_id || ' ' || version from intake.seekers").await;
    left.extend(
        compare(
            observer,
            "people of intake at the matcher",
            seekers,
            "select seeker_id || ' ' || version from matcher.profiles",
        )
        .await,
    );
    let openings = lines(
        observer,
        "select concat_ws(' ', opening_id, version, places) from vacancies.openings where state = 'published'",
    )
    .await;
    left.extend(
        compare(
            observer,
            "openings of the matcher",
            openings,
            "select concat_ws(' ', opening_id, version, places) from matcher.openings",
        )
        .await,
    );
    for reader in Service::ALL.into_iter().filter(|service| {
        READINGS.iter().any(|reading| reading.by == *service && reading.events.contains(&"seeker_erased"))
    }) {
        let forgotten: BTreeSet<String> = erased.iter().map(Uuid::to_string).collect();
        let query =
            format!("select seeker_id::text from intake.erasure_confirmations where service = '{reader}'");
        let confirmed: Vec<String> =
            sqlx::query_scalar(AssertSqlSafe(query)).fetch_all(&observer.pool).await.unwrap_or_default();
        let confirmed: BTreeSet<String> = confirmed.into_iter().collect();
        left.extend(difference(&format!("erasures that {reader} confirmed"), &forgotten, &confirmed));
    }
    left
}

async fn lines(observer: &Observer, query: &'static str) -> BTreeSet<String> {
    let rows: Vec<String> =
        sqlx::query_scalar(query).fetch_all(&observer.pool).await.expect("PostgreSQL answers");
    rows.into_iter().collect()
}

async fn compare(
    observer: &Observer,
    what: &str,
    expected: BTreeSet<String>,
    query: &'static str,
) -> Option<String> {
    difference(what, &expected, &lines(observer, query).await)
}

fn difference(what: &str, expected: &BTreeSet<String>, found: &BTreeSet<String>) -> Option<String> {
    if expected == found {
        return None;
    }
    let some = |one: &BTreeSet<String>, other: &BTreeSet<String>| {
        one.difference(other).take(3).cloned().collect::<Vec<_>>().join("; ")
    };
    Some(format!("{what}: missing {}, too many {}", some(expected, found), some(found, expected)))
}

/// Waits until the stream holds every event that was committed by now and that nobody erased; how long that took.
///
/// # Panics
/// When it takes longer than two minutes.
pub async fn filled(installation: &Installation, observer: &Observer) -> Duration {
    let began = Instant::now();
    let told = observer.told().await;
    loop {
        let held: HashSet<_> =
            installation.on_stream(Stream::Facts).await.into_iter().filter_map(|one| one.event_id).collect();
        let erased: HashSet<_> = observer
            .ids(
                "select aggregate_id from intake.erased_aggregates
                 union select aggregate_id from matcher.erased_aggregates",
            )
            .await
            .into_iter()
            .collect();
        let missing = told
            .iter()
            .filter(|event| {
                EVENTS.iter().any(|spec| spec.dutch_type == event.kind && spec.stream == Stream::Facts)
                    && !erased.contains(&event.aggregate_id)
                    && !held.contains(&event.event_id)
            })
            .count();
        if missing == 0 {
            return began.elapsed();
        }
        assert!(began.elapsed() < Duration::from_mins(2), "{missing} events are still missing");
        tokio::time::sleep(Duration::from_millis(200)).await;
    }
}
