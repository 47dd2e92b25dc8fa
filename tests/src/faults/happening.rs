//! What happens to servers, replicas and clocks (RELIABILITY T11 to T13, T19, T22, T23).

use std::time::Duration;

use chassis::{faults::CrashPoint, harness::eventually};
use chrono::TimeDelta;
use tokio::time::Instant;

use super::{Dice, History, Observer};
use crate::installation::{Installation, Jumps, Replica};

/// Longer than a relay may take to be where it is told to stand still.
const FREEZES_WITHIN: Duration = Duration::from_mins(1);

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
    /// A relay stands still with events in hand, loses its session, another one relays, and the first goes on.
    TwoRelays,
    /// All clocks jump by an hour, and back.
    ClocksJump,
    /// The clock of PostgreSQL jumps by an hour, away from those of the machines, and back.
    PostgresClockJumps,
    /// The clock of one replica's machine jumps by an hour, and back.
    MachineClockJumps,
}

impl Happening {
    /// Every one.
    pub const ALL: [Self; 14] = [
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
        Self::TwoRelays,
        Self::ClocksJump,
        Self::PostgresClockJumps,
        Self::MachineClockJumps,
    ];

    /// Whether `make test` has time for it.
    pub const fn is_quick(self) -> bool {
        !matches!(self, Self::ClocksJump | Self::PostgresClockJumps | Self::MachineClockJumps)
    }

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
            Self::TwoRelays => "two relays",
            Self::ClocksJump => "jump of all clocks",
            Self::PostgresClockJumps => "jump of PostgreSQL's clock",
            Self::MachineClockJumps => "jump of one machine's clock",
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
        history: &History,
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
                // One that has only just been started again has nothing to drain, and ends at once.
                all_ready(installation, replicas).await;
                replicas[which].process.terminate();
                let ended = replicas[which].process.ended_within(Duration::from_mins(1)).await;
                assert!(ended.is_some_and(|status| status.success()), "{}", replicas[which].process.log());
                replicas[which] = installation.run(&["all"]);
            }
            Self::TwoRelays => {
                // While one stands still, another must be able to do the work of both.
                all_ready(installation, replicas).await;
                replicas[which].process.kill();
                replicas[which] = two_relays(installation, observer, history, dice).await;
            }
            Self::ClocksJump => {
                let by = an_hour(history, dice);
                installation.clocks_jump(replicas, by);
                history.goes_on(15).await;
                installation.clocks_jump(replicas, -by);
            }
            Self::PostgresClockJumps => {
                let by = an_hour(history, dice);
                let now = installation.jumps();
                for replica in &*replicas {
                    replica.clocks(Jumps { database: now.database + by, ..now });
                }
                clocks_differ(&replicas[which], history).await;
                for replica in &*replicas {
                    replica.clocks(now);
                }
            }
            Self::MachineClockJumps => {
                let by = an_hour(history, dice);
                let now = installation.jumps();
                replicas[which].clocks(Jumps { machine: now.machine + by, ..now });
                clocks_differ(&replicas[which], history).await;
                replicas[which].clocks(now);
            }
        }
    }
}

/// Forward or back; calls on their way are not believed then.
fn an_hour(history: &History, dice: &Dice) -> TimeDelta {
    history.with(|history| history.clocks_jumped = true);
    TimeDelta::hours(if dice.yes(50) { 1 } else { -1 })
}

/// People go on, and an alarm says why it is not as good as it should be.
async fn clocks_differ(replica: &Replica, history: &History) {
    history.goes_on(15).await;
    eventually("an alarm says that clocks differ", async || replica.alarms().await.contains(" clock: "))
        .await;
}

/// Ends the sessions of all relays: their locks are free.
async fn end_relays(observer: &Observer) -> i64 {
    sqlx::query_scalar(
        "select count(pg_terminate_backend(pid)) from pg_locks
         where locktype = 'advisory' and classid = hashtext('relay')::oid and granted",
    )
    .fetch_one(&observer.pool)
    .await
    .expect("PostgreSQL ends sessions")
}

/// A new replica whose relay stood still with events in hand while another one relayed them.
async fn two_relays(
    installation: &Installation,
    observer: &Observer,
    history: &History,
    dice: &Dice,
) -> Replica {
    // Before it sends what it has read, and before it marks what it has sent.
    let point = *dice.one(&[CrashPoint::RelayBeforePublish, CrashPoint::RelayAfterPublish]);
    let mut replica = installation.run_with(&["all"], &[("DBJ_FREEZE_AT", point.name())]);
    let began = Instant::now();
    while !replica.process.is_frozen() {
        assert!(replica.process.is_running(), "a replica ended:\n{}", replica.process.log());
        assert!(began.elapsed() < FREEZES_WITHIN, "no relay stands still at {}", point.name());
        // Whoever is first has the lock of the others next; now and then it is this one.
        end_relays(observer).await;
        tokio::time::sleep(Duration::from_millis(500)).await;
    }
    // As PostgreSQL does by itself when a client is silent for long.
    end_relays(observer).await;
    history.goes_on(20).await;
    replica.process.thaw();
    replica
}
