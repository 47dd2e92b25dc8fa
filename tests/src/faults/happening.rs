//! What happens to servers and replicas (RELIABILITY T11 to T13, T19, T22).

use std::time::Duration;

use tokio::time::Instant;

use super::{Dice, Observer};
use crate::installation::{Installation, Replica};

/// Starts those again that ended, as whatever runs them does: a process that meets a server that is away ends.
pub fn revive(installation: &Installation, replicas: &mut [Replica]) {
    for replica in replicas {
        if !replica.process.is_running() {
            *replica = installation.run(&["all"]);
        }
    }
}

/// Waits until all of them are ready, started again where they ended.
///
/// # Panics
/// When that takes more than a minute.
pub async fn all_ready(installation: &Installation, replicas: &mut [Replica]) {
    let began = Instant::now();
    loop {
        revive(installation, replicas);
        let mut left = String::new();
        for replica in &*replicas {
            left += &replica.why_not_ready().await;
        }
        if left.is_empty() {
            return;
        }
        assert!(began.elapsed() < Duration::from_mins(1), "not every replica becomes ready:\n{left}");
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
}

/// What happens to servers and replicas.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Happening {
    /// `kill -9` of PostgreSQL.
    PostgresKilled,
    /// PostgreSQL stops and starts as an operator does it.
    PostgresRestarted,
    /// PostgreSQL stands still for some seconds.
    PostgresFrozen,
    /// PostgreSQL ends half of the sessions.
    SessionsEnded,
    /// `kill -9` of NATS.
    NatsKilled,
    /// NATS stops and starts as an operator does it.
    NatsRestarted,
    /// NATS stands still for some seconds.
    NatsFrozen,
    /// `kill -9` of a replica; another one starts.
    ReplicaKilled,
    /// A replica stands still for some seconds.
    ReplicaFrozen,
    /// A replica drains and ends; another one starts.
    ReplicaRestarted,
}

impl Happening {
    /// Every one.
    pub const ALL: [Self; 10] = [
        Self::PostgresKilled,
        Self::PostgresRestarted,
        Self::PostgresFrozen,
        Self::SessionsEnded,
        Self::NatsKilled,
        Self::NatsRestarted,
        Self::NatsFrozen,
        Self::ReplicaKilled,
        Self::ReplicaFrozen,
        Self::ReplicaRestarted,
    ];

    /// Its name in the counts.
    pub const fn name(self) -> &'static str {
        match self {
            Self::PostgresKilled => "kill of PostgreSQL",
            Self::PostgresRestarted => "restart of PostgreSQL",
            Self::PostgresFrozen => "freeze of PostgreSQL",
            Self::SessionsEnded => "sessions ended by PostgreSQL",
            Self::NatsKilled => "kill of NATS",
            Self::NatsRestarted => "restart of NATS",
            Self::NatsFrozen => "freeze of NATS",
            Self::ReplicaKilled => "kill of a replica",
            Self::ReplicaFrozen => "freeze of a replica",
            Self::ReplicaRestarted => "restart of a replica",
        }
    }

    /// Does it, to its end.
    ///
    /// # Panics
    /// When something does not come back that must.
    pub async fn happens(
        self,
        installation: &mut Installation,
        replicas: &mut [Replica],
        observer: &Observer,
        dice: &Dice,
    ) {
        revive(installation, replicas);
        // Long enough to be noticed: longer than two pings.
        let while_frozen = Duration::from_secs(1) + dice.pause(Duration::from_secs(5));
        let which = dice.below(replicas.len() as u64) as usize;
        match self {
            Self::PostgresKilled => {
                installation.postgres.kill().await;
                installation.postgres.start_again().await;
            }
            Self::PostgresRestarted => {
                installation.postgres.stop().await;
                installation.postgres.start_again().await;
            }
            Self::PostgresFrozen => {
                installation.postgres.freeze(true);
                tokio::time::sleep(while_frozen).await;
                installation.postgres.freeze(false);
            }
            Self::SessionsEnded => {
                let ended: i64 = sqlx::query_scalar(
                    "select count(pg_terminate_backend(pid)) from pg_stat_activity
                     where application_name like 'dichterbij-%' and random() < 0.5",
                )
                .fetch_one(&observer.pool)
                .await
                .expect("PostgreSQL ends sessions");
                assert!(ended > 0, "there were sessions");
            }
            Self::NatsKilled => {
                installation.nats.kill();
                installation.nats.start_again().await;
            }
            Self::NatsRestarted => {
                installation.nats.stop().await;
                installation.nats.start_again().await;
            }
            Self::NatsFrozen => {
                installation.nats.freeze(true);
                tokio::time::sleep(while_frozen).await;
                installation.nats.freeze(false);
            }
            Self::ReplicaKilled => {
                replicas[which].process.kill();
                replicas[which] = installation.run(&["all"]);
            }
            Self::ReplicaFrozen => {
                replicas[which].process.freeze();
                tokio::time::sleep(while_frozen).await;
                replicas[which].process.thaw();
            }
            Self::ReplicaRestarted => {
                replicas[which].process.terminate();
                let ended = replicas[which].process.ended_within(Duration::from_mins(1)).await;
                assert!(ended.is_some_and(|status| status.success()), "{}", replicas[which].process.log());
                replicas[which] = installation.run(&["all"]);
            }
        }
    }
}
