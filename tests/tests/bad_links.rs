//! Links between services and servers go bad, and replicas stand still with what they hold (RELIABILITY T18, T22). Each
//! test has servers and processes of its own; people go on all the while.

use std::time::Duration;

use chrono::{DateTime, Utc};
use dichterbij_tests::{
    faults::{Amount, Bad, Dice, Injected, Observer, Proxy, Traffic, Weather, check, level, seed},
    installation::Installation,
};
use proto::Service;
use sqlx::AssertSqlSafe;
use tokio::time::Instant;

/// Those that people ask something of in this traffic.
const ASKED: [Service; 3] = [Service::Intake, Service::Vacancies, Service::Portal];
/// The longest that anybody may wait for anything (RELIABILITY T18).
const NOBODY_WAITS_LONGER: Duration = Duration::from_secs(15);
/// The most that a process may grow by it (RELIABILITY T18).
const MOST_GROWTH: u64 = 64 << 20;

/// The two that ask most of a service: a connection that breaks anywhere, and one that says nothing any more. `make soak`
/// deals them all.
const HARDEST: [Bad; 2] = [Bad::CutAtRandom, Bad::HalfOpen];

/// T18: links between services and servers are cut and half-open. Nobody waits longer than 15 s, the process neither ends
/// nor grows, and nothing is lost, doubled or reordered.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn bad_links_cost_time_and_nothing_else() {
    let seed = seed();
    let dice = Dice::new(seed, 4_000_000);
    let installation = Installation::start().await;
    let observer = Observer::start(&installation).await;
    let injected = Injected::default();
    let links = [
        ("NATS", Proxy::start(installation.nats.port, Dice::new(seed, 4_000_001)).await),
        ("PostgreSQL", Proxy::start(installation.postgres.port, Dice::new(seed, 4_000_002)).await),
    ];
    let nats_url = format!("nats://127.0.0.1:{}", links[0].1.port);
    let database_url = installation.postgres.url_at(links[1].1.port);
    let settings = [("NATS_URL", &*nats_url), ("DATABASE_URL", &*database_url)];
    let mut replica = installation.run_with(&["all"], &settings);
    replica.ready().await;
    let traffic = Traffic::start(&installation, seed, Amount::default()).await;
    traffic.history.goes_on(60).await;
    let memory = replica.process.memory();
    for (name, link) in &links {
        for bad in dice.shuffled(HARDEST.to_vec()) {
            traffic.history.goes_on(10).await;
            bad.is(link, &traffic.history).await;
            let kind = format!("{} to {name}", bad.name());
            injected.count(kind.clone());
            let after = traffic.history.answers_again(&ASKED).await;
            println!("{kind}: answered again after {after:?}");
            injected.recovered(kind, after);
            assert!(after < NOBODY_WAITS_LONGER, "answered again after {after:?} only");
        }
        assert!(link.cuts() > 0, "the link to {name} was cut at random");
        injected.add(format!("random cut to {name}"), link.cuts());
    }
    assert!(replica.process.is_running(), "the process went on:\n{}", replica.process.log());
    let grown = replica.process.memory().saturating_sub(memory);
    assert!(grown < MOST_GROWTH, "the process grew by {} MiB", grown >> 20);
    let history = traffic.stop().await.read();
    injected.recovered("all of it", level(&installation, &observer).await);
    injected.count("all of it");
    println!("{injected}grown by {} MiB, longest wait {:?}", grown >> 20, history.longest);
    injected.none_is_zero();
    assert!(history.longest < NOBODY_WAITS_LONGER, "somebody waited {:?}", history.longest);
    check(&installation, &observer, &history, true).await.holds();
}

/// Which events wait that are older than this, by service.
async fn waiting(observer: &Observer, until: DateTime<Utc>) -> Vec<String> {
    let mut waiting = Vec::new();
    for service in Service::ALL {
        let query = format!(
            "select count(*) from {}.outbox where published_at is null and occurred_at < $1",
            service.schema()
        );
        let count: i64 = sqlx::query_scalar(AssertSqlSafe(query))
            .bind(until)
            .fetch_one(&observer.pool)
            .await
            .expect("PostgreSQL answers");
        if count > 0 {
            waiting.push(format!("{service}: {count}"));
        }
    }
    waiting
}

/// Waits until everything is sent that was told between these two moments.
async fn all_sent(observer: &Observer, since: DateTime<Utc>, until: DateTime<Utc>) {
    let told: i64 = sqlx::query_scalar(
        "select count(*) from observed.events
         where (body::jsonb ->> 'time')::timestamptz between $1 and $2",
    )
    .bind(since)
    .bind(until)
    .fetch_one(&observer.pool)
    .await
    .expect("PostgreSQL answers");
    assert!(told > 0, "something was told meanwhile");
    let began = Instant::now();
    loop {
        let left = waiting(observer, until).await;
        if left.is_empty() {
            return;
        }
        assert!(began.elapsed() < Duration::from_mins(1), "nobody sends: {}", left.join(", "));
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
}

async fn now(observer: &Observer) -> DateTime<Utc> {
    sqlx::query_scalar("select now()").fetch_one(&observer.pool).await.expect("PostgreSQL answers")
}

/// A replica that cannot relay any more does not keep the others from it: one that is cut off from NATS lets go of the
/// lock, and from one that stands still PostgreSQL takes it.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn who_cannot_relay_does_not_keep_the_lock() {
    let seed = seed();
    let installation = Installation::start().await;
    let observer = Observer::start(&installation).await;
    let injected = Injected::default();
    let link = Proxy::start(installation.nats.port, Dice::new(seed, 5_000_000)).await;
    let nats_url = format!("nats://127.0.0.1:{}", link.port);
    // The first of two relays for all services, until it cannot.
    let mut first = installation.run_with(&["all"], &[("NATS_URL", &*nats_url)]);
    first.ready().await;
    let mut second = installation.run(&["all"]);
    second.ready().await;
    let traffic = Traffic::start(&installation, seed, Amount::default()).await;
    traffic.history.goes_on(30).await;

    let (since, broken_at) = (now(&observer).await, Instant::now());
    link.set(Weather { there: false, back: false, ..Weather::FAIR });
    traffic.history.goes_on(30).await;
    all_sent(&observer, since, now(&observer).await).await;
    injected.count("relay cut off from NATS");
    injected.recovered("relay cut off from NATS", broken_at.elapsed());
    link.set(Weather::FAIR);
    first.ready().await;

    let (since, broken_at) = (now(&observer).await, Instant::now());
    second.process.freeze();
    traffic.history.goes_on(30).await;
    all_sent(&observer, since, now(&observer).await).await;
    injected.count("relay frozen");
    injected.recovered("relay frozen", broken_at.elapsed());
    second.process.thaw();
    second.ready().await;

    let history = traffic.stop().await.read();
    injected.recovered("all of it", level(&installation, &observer).await);
    injected.count("all of it");
    println!("{injected}");
    check(&installation, &observer, &history, true).await.holds();
}
