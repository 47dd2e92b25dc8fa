//! A cluster of three nodes, each with a copy of every stream, that loses the leader of the stream of facts again and again
//! (RELIABILITY T26): nothing that was acknowledged may be lost, and services go on by themselves.

use std::time::Duration;

use proto::Stream;
use tokio::time::Instant;

use super::{ASKED, Amount, Injected, Observer, Traffic, check, level};
use crate::installation::{Installation, Nats};

/// In the counts.
pub const LEADER_LOST: &str = "loss of the leader of a stream";
/// How long until an event leaves again, in the counts.
const EVENTS_LEAVE: &str = "loss of the leader: until events leave";
/// How long a cluster may take to choose a leader and to send what waits. Measured are 6 to 8 s.
const CHOOSES_WITHIN: Duration = Duration::from_mins(1);

/// An installation of its own loses the leader so many times under people who go on.
///
/// # Panics
/// When anything is lost, doubled or out of order, or when the cluster does not go on.
pub async fn lose_leaders(seed: u64, injected: &Injected, times: u64) {
    let mut installation = Installation::start_with(3).await;
    let observer = Observer::start(&installation).await;
    // Each knows another node first, and learns of the rest from that.
    let nodes: Vec<String> = installation.other_nodes.iter().map(Nats::url).collect();
    let mut replicas: Vec<_> =
        nodes.iter().map(|node| installation.run_with(&["all"], &[("NATS_URL", node)])).collect();
    for replica in &mut replicas {
        replica.ready().await;
    }
    let traffic = Traffic::start(&installation, seed, Amount::default()).await;
    for _ in 0..times {
        traffic.history.goes_on(40).await;
        let leader = leader(&installation).await;
        installation.node(&leader).kill();
        let began = Instant::now();
        injected.count(LEADER_LOST);
        injected.recovered(LEADER_LOST, traffic.history.answers_again(&ASKED).await);
        events_leave(&observer).await;
        injected.count(EVENTS_LEAVE);
        injected.recovered(EVENTS_LEAVE, began.elapsed());
        traffic.history.goes_on(20).await;
        // It takes in what it missed before another one is lost.
        installation.node(&leader).start_again().await;
    }
    let history = traffic.stop().await.read();
    injected.count("rest after a lost leader");
    injected.recovered("rest after a lost leader", level(&installation, &observer).await);
    check(&installation, &observer, &history, true).await.holds();
}

async fn leader(installation: &Installation) -> String {
    let began = Instant::now();
    loop {
        if let Some(leader) = installation.leader(Stream::Facts).await {
            return leader;
        }
        assert!(began.elapsed() < CHOOSES_WITHIN, "nobody leads the stream");
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
}

/// Waits until what was committed by now has left.
async fn events_leave(observer: &Observer) {
    let told = observer.told().await;
    let ids: Vec<_> = told.iter().map(|event| event.event_id).collect();
    let began = Instant::now();
    loop {
        let mut waiting = 0_i64;
        for service in proto::Service::ALL {
            let schema = service.schema();
            let query = format!(
                "select count(*) from {schema}.outbox where published_at is null and event_id = any($1)"
            );
            let count: Result<i64, _> =
                sqlx::query_scalar(sqlx::AssertSqlSafe(query)).bind(&ids).fetch_one(&observer.pool).await;
            waiting += count.expect("PostgreSQL answers");
        }
        if waiting == 0 {
            return;
        }
        assert!(began.elapsed() < CHOOSES_WITHIN, "{waiting} events do not leave");
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
}
