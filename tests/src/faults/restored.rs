//! A backup in mid-traffic, the database lost after more traffic, a restore, and people who go on (RELIABILITY T25): all
//! that was committed before the backup is there, nobody gets a message twice, who was erased stays erased, and everybody
//! knows the same. `tests/tests/restore.rs` goes through it step by step; here it happens to whatever people did.

use std::{
    collections::{BTreeSet, HashMap, HashSet},
    sync::Arc,
};

use proto::{Service, Stream, intake::SeekerErased, notifier::MessageSent};
use sqlx::AssertSqlSafe;
use tokio::time::Instant;
use uuid::Uuid;

use super::{Amount, History, Injected, Observer, Traffic, check, filled, level, observer::Told, quiet};
use crate::installation::Installation;

/// In the counts.
pub const RESTORED: &str = "restore under traffic";

/// An installation of its own loses its database and gets it back.
///
/// # Panics
/// When anything is lost that was committed before the backup, doubled, or not known to everybody.
pub async fn lose_the_database(seed: u64, injected: &Injected) {
    let installation = Installation::start().await;
    let observer = Observer::start(&installation).await;
    let path = |name: &str| installation.folder.join(name).display().to_string();
    let (backup, key) = (path("backup.age"), path("backup.key"));
    let public = installation.verb(&["backup", "keygen", "--to", &key]).await;
    let mut replicas = [installation.run(&["all"]), installation.run(&["all"])];
    for replica in &mut replicas {
        replica.ready().await;
    }
    let traffic = Traffic::start(&installation, seed, Amount::default()).await;
    traffic.history.goes_on(150).await;
    let before = observer.told().await;
    installation.verb(&["backup", "--to", &backup, "--for", public.trim()]).await;
    traffic.history.goes_on(150).await;
    let history = traffic.stop().await;
    level(&installation, &observer).await;
    check(&installation, &observer, &history.read(), true).await.holds();
    let told = observer.told().await;

    let began = Instant::now();
    for replica in &mut replicas {
        replica.process.kill();
    }
    observer.pool.close().await;
    installation.lose_database().await;
    installation.verb(&["migrate"]).await;
    installation.verb(&["restore", "--from", &backup, "--identity", &key]).await;
    let observer = Observer::start(&installation).await;
    let mut replicas = [installation.run(&["all"]), installation.run(&["all"])];
    for replica in &mut replicas {
        replica.ready().await;
    }
    injected.count(RESTORED);
    injected.recovered(RESTORED, began.elapsed());

    // People go on, others than before: whoever came after the backup is unknown, and that is no secret.
    let next = Arc::new(History::default());
    next.with(|next| next.numbers = history.read().numbers);
    let traffic = Traffic::go_on(&installation, seed, Amount::default(), next).await;
    traffic.history.goes_on(100).await;
    let next = traffic.stop().await.read();
    quiet(&installation, &observer).await;
    filled(&installation, &observer).await;
    let wrong = [
        lost(&observer, &before).await,
        registered(&observer, &next.people.iter().filter_map(|life| life.id).collect::<Vec<_>>()).await,
        not_forgotten(&observer, &told).await,
        sent_twice(&told, &observer.told().await),
        known_otherwise(&observer).await,
        unknown_on_streams(&installation, &observer).await,
        next.wrong.clone(),
    ]
    .concat();
    assert!(wrong.is_empty(), "after a restore:\n{}", wrong.join("\n"));
}

async fn ids(observer: &Observer, query: String) -> BTreeSet<Uuid> {
    let ids: Vec<Uuid> =
        sqlx::query_scalar(AssertSqlSafe(query)).fetch_all(&observer.pool).await.expect("PostgreSQL answers");
    ids.into_iter().collect()
}

async fn outboxes(observer: &Observer) -> BTreeSet<Uuid> {
    let selects = Service::ALL.map(|service| format!("select event_id from {}.outbox", service.schema()));
    ids(observer, selects.join(" union all ")).await
}

/// T3 up to the backup. What waited to be sent about someone who was erased after it is deleted with her.
async fn lost(observer: &Observer, before: &[Told]) -> Vec<String> {
    let there = outboxes(observer).await;
    let erased = ids(
        observer,
        "select aggregate_id from intake.erased_aggregates union select aggregate_id from matcher.erased_aggregates"
            .to_owned(),
    )
    .await;
    let lost: Vec<&str> = before
        .iter()
        .filter(|event| !there.contains(&event.event_id) && !erased.contains(&event.aggregate_id))
        .map(|event| &*event.kind)
        .collect();
    if lost.is_empty() {
        Vec::new()
    } else {
        vec![format!("events from before the backup are lost: {lost:?}")]
    }
}

/// T3 after it.
async fn registered(observer: &Observer, people: &[Uuid]) -> Vec<String> {
    let there = ids(
        observer,
        "select seeker_id from intake.seekers union select seeker_id from intake.erasures".to_owned(),
    )
    .await;
    let lost = people.iter().filter(|id| !there.contains(id)).count();
    if people.is_empty() || lost > 0 {
        vec![format!("{lost} of {} people who registered after the restore are lost", people.len())]
    } else {
        Vec::new()
    }
}

/// Whoever was erased, before the backup or after it, is in nobody's tables.
async fn not_forgotten(observer: &Observer, told: &[Told]) -> Vec<String> {
    let erased: HashSet<Uuid> =
        told.iter().filter(|event| event.is::<SeekerErased>()).map(|event| event.aggregate_id).collect();
    assert!(!erased.is_empty(), "somebody was erased");
    let kept = ids(
        observer,
        "select seeker_id from intake.seekers union select seeker_id from matcher.profiles
         union select seeker_id from matcher.proposals union select recipient from notifier.messages"
            .to_owned(),
    )
    .await;
    let back = erased.iter().filter(|id| kept.contains(id)).count();
    if back == 0 { Vec::new() } else { vec![format!("{back} erased people are back")] }
}

fn sent_twice(told: &[Told], later: &[Told]) -> Vec<String> {
    let mut sent: HashMap<(Uuid, String), HashSet<Uuid>> = HashMap::new();
    for event in told.iter().chain(later).filter(|event| event.is::<MessageSent>()) {
        let message: MessageSent = event.read();
        sent.entry((message.cause, message.template.name().to_owned())).or_default().insert(event.event_id);
    }
    let twice = sent.values().filter(|events| events.len() > 1).count();
    if twice == 0 { Vec::new() } else { vec![format!("{twice} messages were sent twice")] }
}

/// The matcher holds what the others hold, at the same versions.
async fn known_otherwise(observer: &Observer) -> Vec<String> {
    let differences = [
        (
            "people",
            "select seeker_id, version from intake.seekers",
            "select seeker_id, version from matcher.profiles",
        ),
        (
            "openings",
            "select opening_id, version from vacancies.openings where state = 'published'",
            "select opening_id, version from matcher.openings",
        ),
    ];
    let mut wrong = Vec::new();
    for (what, own, known) in differences {
        let query =
            format!("select count(*) from (({own} except {known}) union all ({known} except {own})) differ");
        let differ: i64 = sqlx::query_scalar(AssertSqlSafe(query))
            .fetch_one(&observer.pool)
            .await
            .expect("PostgreSQL answers");
        if differ > 0 {
            wrong.push(format!("{differ} {what} are known otherwise at the matcher"));
        }
    }
    wrong
}

/// What the streams hold, its teller knows.
async fn unknown_on_streams(installation: &Installation, observer: &Observer) -> Vec<String> {
    let known = outboxes(observer).await;
    let mut unknown = 0;
    for stream in Stream::ALL {
        let held = installation.on_stream(stream).await;
        unknown += held.iter().filter(|one| one.event_id.is_none_or(|id| !known.contains(&id))).count();
    }
    if unknown == 0 { Vec::new() } else { vec![format!("{unknown} events on streams that nobody told")] }
}
