//! Faults on real servers (RELIABILITY T1 to T8, T11 to T16, T19, T20). Each test has servers and processes of its own;
//! people go on all the while, and at the end their answers are held against what the tables and streams hold.

use std::time::Duration;

use chassis::{faults::CrashPoint, harness::eventually};
use dichterbij_tests::{
    faults::{
        ASKED, Amount, Damage, Dice, Happening, Injected, Observer, Traffic, all_ready, begun, check,
        crash_points, damage, filled, forgotten_transactions, hang_up, level, seed, visit, walk,
    },
    installation::{Installation, Replica},
};
use futures::future::join_all;
use proto::{Service, Stream, permissions::Names};

/// Visitors who hang up (RELIABILITY T20).
const HANG_UPS: u64 = 5_000;
/// Visitors who stay, afterwards.
const VISITS: u64 = 1_000;

/// T11, T16: every service dies at every point that it comes by, all at once, while people go on. The streams remember
/// ids for a moment only, so that what a relay sends again is stored twice and applied once.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn every_service_dies_at_every_crash_point() {
    let seed = seed();
    let installation = Installation::start().await;
    for stream in Stream::ALL {
        installation.remember_ids_for(stream, Duration::from_millis(100)).await;
    }
    let observer = Observer::start(&installation).await;
    let injected = Injected::default();
    for point in CrashPoint::ALL
        .into_iter()
        .filter(|point| Service::ALL.into_iter().any(|service| crash_points(service).contains(point)))
    {
        injected.expect(format!("kill at {}", point.name()));
    }
    let mut streams = installation.run(&["streams"]);
    let traffic = Traffic::start(&installation, seed, Amount::default()).await;
    let walks = Service::ALL.into_iter().enumerate().map(|(number, service)| {
        walk(&installation, service, &injected, Dice::new(seed, 1_000_000 + number as u64))
    });
    let replicas = join_all(walks).await;
    streams.ready().await;
    traffic.history.goes_on(20).await;
    let history = traffic.stop().await.read();
    injected.recovered("kill at a crash point", level(&installation, &observer).await);
    println!("{injected}");
    injected.none_is_zero();
    assert!(injected.total("kill at a crash point") >= 20);
    check(&installation, &observer, &history, true).await.holds();
    drop(replicas);
}

/// T12, T13, T19, T20, T22: the servers and one of two replicas die, freeze and restart, sessions are ended, visitors
/// hang up.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn servers_and_replicas_die_freeze_and_come_back() {
    let seed = seed();
    let dice = Dice::new(seed, 2_000_000);
    let mut installation = Installation::start().await;
    let observer = Observer::start(&installation).await;
    let injected = Injected::default();
    let mut replicas = vec![installation.run(&["all"]), installation.run(&["all"])];
    for replica in &mut replicas {
        replica.ready().await;
    }
    let traffic = Traffic::start(&installation, seed, Amount::default()).await;
    let history = traffic.history.clone();
    begun(&installation).await;
    for round in 0..2 {
        for what in dice.shuffled(Happening::ALL.into_iter().filter(|what| what.is_quick()).collect()) {
            history.goes_on(15).await;
            what.happens(&mut installation, &mut replicas, &observer, &history, &dice).await;
            injected.count(what.name());
            injected.recovered(what.name(), history.answers_again(&ASKED).await);
            println!("round {round}: {}", what.name());
        }
    }
    all_ready(&installation, &mut replicas).await;
    let history = traffic.stop().await.read();
    injected.recovered("all of it", level(&installation, &observer).await);
    injected.count("all of it");
    check(&installation, &observer, &history, true).await.holds();

    let pages = replicas[0].pages.clone();
    injected.add("visitor who hung up", hang_up(&pages, HANG_UPS, &dice).await);
    assert_eq!(visit(&pages, VISITS).await, VISITS, "everyone who stays gets her page");
    assert_eq!(forgotten_transactions(&observer).await, 0);
    println!("{injected}");
    injected.none_is_zero();
}

/// What a replica had said at a moment.
#[derive(Default)]
struct Said(String);

impl Said {
    fn so_far(replica: &Replica) -> Self {
        Self(replica.process.log())
    }

    /// Waits until it has said this once more.
    async fn more(&self, replica: &Replica, words: &str) {
        let times = |log: &str| log.matches(words).count();
        eventually(words, async || times(&replica.process.log()) > times(&self.0)).await;
    }
}

/// T14, T15: bits of the stream's file flip, it ends early, its store goes, an operator purges it. The auditor fills what
/// was lost within one cycle, and nothing takes effect twice.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_the_stream_loses_comes_back_and_is_applied_once() {
    let seed = seed();
    let dice = Dice::new(seed, 3_000_000);
    let mut installation = Installation::start().await;
    installation.settings.insert("DBJ_AUDIT_SECONDS".to_owned(), "2".to_owned());
    let observer = Observer::start(&installation).await;
    let injected = Injected::default();
    let traffic = Traffic::start(&installation, seed, Amount::default()).await;
    // The first that finds something missing dies before it has said so.
    let mut dies = installation.run_with(&["all"], &[("DBJ_CRASH_AT", "audit-before-refill")]);
    dies.ready().await;
    let mut replica = None;
    for what in dice.shuffled(Damage::ALL.to_vec()) {
        traffic.history.goes_on(60).await;
        let said = replica.as_ref().map(|replica: &Replica| Said::so_far(replica)).unwrap_or_default();
        installation.nats.kill();
        damage(&installation.nats.store, &Names::default().stream(Stream::Facts), what, &dice);
        installation.nats.start_again().await;
        injected.count(what.name());
        if replica.is_none() {
            let died = dies.process.ended_within(Duration::from_mins(3)).await;
            assert!(died.is_some(), "nothing was found missing:\n{}", dies.process.log());
            injected.count("kill at audit-before-refill");
            let mut next = installation.run(&["all"]);
            next.ready().await;
            replica = Some(next);
        }
        injected.recovered(what.name(), filled(&installation, &observer).await);
        if let Some(replica) = &replica {
            said.more(replica, "events are not on the stream; they are sent again").await;
            // What a server forgot that it had acknowledged, and perhaps gave the numbers of to others.
            if what != Damage::FlippedBit {
                said.more(replica, "it had acknowledged more than it holds").await;
            }
        }
    }
    traffic.history.goes_on(60).await;
    let auditor = replica.as_ref().expect("one lives");
    let said = Said::so_far(auditor);
    let context = installation.administrator().await;
    let stream =
        context.get_stream(Names::default().stream(Stream::Facts)).await.expect("the stream is there");
    let gone = stream.purge().await.expect("an operator may purge");
    assert!(gone.purged > 0, "there was something to purge");
    injected.count("purge by an operator");
    injected.recovered("purge by an operator", filled(&installation, &observer).await);
    said.more(auditor, "events are not on the stream; they are sent again").await;
    traffic.history.goes_on(20).await;
    let history = traffic.stop().await.read();
    injected.recovered("all of it", level(&installation, &observer).await);
    injected.count("all of it");
    println!("{injected}");
    injected.none_is_zero();
    check(&installation, &observer, &history, false).await.holds();
    drop(replica);
}
