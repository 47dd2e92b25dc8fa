//! Running services: one or all of them in one process, drained in order.

use std::{collections::BTreeMap, sync::Arc, time::Duration};

use futures::StreamExt;
use proto::{Service as Name, permissions::Names};
use tokio::sync::{Notify, watch};
use tokio_util::{sync::CancellationToken, task::TaskTracker};

use crate::{
    audit::Auditor,
    bus::Bus,
    chance::Chance,
    checks,
    clock::Clock,
    config::{Config, Profile},
    dead_letters,
    fault::Fault,
    keys::{Keys, KeysError},
    line::Line,
    outbox,
    relay::Relay,
    service::{Chassis, Running, Service},
    store::{Store, StoreParts, connect_options},
    telemetry::Metrics,
    watchdog::{self, AlarmKind, Alarms},
};

/// Seconds that work in hand gets to finish.
const DRAIN: Duration = Duration::from_secs(10);

/// Why a service did not start.
#[derive(Debug, thiserror::Error)]
pub enum StartError {
    /// Its keys are not there.
    #[error("{service} has no keys")]
    Keys {
        /// Which service.
        service: Name,
        /// Why.
        #[source]
        source: KeysError,
    },
    /// PostgreSQL does not let it in.
    #[error("{service} cannot reach PostgreSQL; was `dichterbij migrate` run?")]
    Database {
        /// Which service.
        service: Name,
        /// Why.
        #[source]
        source: sqlx::Error,
    },
    /// NATS does not let it in.
    #[error("{service} cannot reach NATS at the configured address")]
    Nats {
        /// Which service.
        service: Name,
        /// Why.
        #[source]
        source: async_nats::ConnectError,
    },
    /// A server is not fit to keep promises on.
    #[error(transparent)]
    Unsafe(#[from] checks::Unsafe),
    /// The service itself could not begin.
    #[error("{service} could not begin")]
    Service {
        /// Which service.
        service: Name,
        /// Why.
        #[source]
        source: Fault,
    },
}

/// What differs between a real installation and a test.
#[derive(Clone)]
pub struct Surroundings {
    /// The settings.
    pub config: Arc<Config>,
    /// Names on the bus.
    pub names: Names,
    /// The time.
    pub clock: Clock,
    /// Randomness.
    pub chance: Arc<dyn Chance>,
    /// The metrics of the process.
    pub metrics: Arc<Metrics>,
    /// Keys other than those in the configured folder.
    pub keys: Option<BTreeMap<Name, Arc<Keys>>>,
    /// Whether services log in to NATS with their nkeys (not in tests on an open server).
    pub use_nkeys: bool,
}

struct Started {
    chassis: Chassis,
    running: Running,
    stop_relay: CancellationToken,
    relay: TaskTracker,
}

impl Started {
    /// Why it cannot be asked, in words; empty when all is well.
    async fn not_ready(&self) -> Vec<String> {
        let Self { chassis, running, .. } = self;
        let (service, mut reasons) = (chassis.service, Vec::new());
        let age = outbox::age_seconds(chassis.store.pool());
        match tokio::time::timeout(Duration::from_secs(2), age).await {
            Ok(Ok(age)) if age > chassis.config.alarm_after.as_secs_f64() => {
                reasons.push(format!("{service}: an event waits {age:.0} s to be sent"));
            }
            Ok(Ok(_)) => {}
            Ok(Err(_)) | Err(_) => reasons.push(format!("{service}: PostgreSQL does not answer")),
        }
        if chassis.bus.client().connection_state() != async_nats::connection::State::Connected {
            reasons.push(format!("{service}: NATS is not connected"));
        }
        if !(running.is_ready)() {
            reasons.push(format!("{service}: not level yet"));
        }
        // What was just asked of the servers is fresher than its alarm.
        let known = [AlarmKind::Postgres, AlarmKind::Nats, AlarmKind::Outbox];
        for (kind, reason) in chassis.alarms.now() {
            if kind.makes_unready() && !known.contains(&kind) {
                reasons.push(format!("{service}: {reason}"));
            }
        }
        reasons
    }
}

/// Services at work in this process.
pub struct Platform {
    started: Vec<Started>,
    stopping: CancellationToken,
    linger: Duration,
    /// The metrics of the process.
    pub metrics: Arc<Metrics>,
}

impl Platform {
    /// Starts services in the order given. If one cannot start, those before it are stopped.
    pub async fn start(services: Vec<Service>, surroundings: &Surroundings) -> Result<Self, StartError> {
        let mut platform = Self {
            started: Vec::new(),
            stopping: CancellationToken::new(),
            linger: surroundings.config.linger,
            metrics: surroundings.metrics.clone(),
        };
        for service in services {
            // The servers are the same for all of them.
            let is_first = platform.started.is_empty();
            match start(service, surroundings, platform.stopping.clone(), is_first).await {
                Ok(started) => platform.started.push(started),
                Err(error) => {
                    platform.stop().await;
                    return Err(error);
                }
            }
        }
        Ok(platform)
    }

    /// What a service has in hand; for the harness.
    pub(crate) fn chassis(&self, service: Name) -> &Chassis {
        let found = self.started.iter().find(|started| started.chassis.service == service);
        &found.unwrap_or_else(|| panic!("{service} was not started")).chassis
    }

    /// What is not ready yet, in words; empty when all is well.
    pub async fn not_ready(&self) -> Vec<String> {
        if self.stopping.is_cancelled() {
            return vec!["stopping: what is in hand is finished".to_owned()];
        }
        // All at once: a probe has not the patience to hear five of them say nothing in turn.
        let asked = self.started.iter().map(Started::not_ready);
        futures::future::join_all(asked).await.into_iter().flatten().collect()
    }

    /// What needs a person, in words: one line an alarm, those that make it not ready included.
    pub fn alarms(&self) -> Vec<String> {
        let of = |Started { chassis, .. }: &Started| {
            let alarms = chassis.alarms.now().into_iter();
            alarms.map(|(kind, reason)| format!("{} {}: {reason}", chassis.service, kind.name())).collect()
        };
        self.started.iter().flat_map(|started| -> Vec<String> { of(started) }).collect()
    }

    /// What the start did not check, in words.
    pub fn not_checked(&self) -> Option<&'static str> {
        self.started.first().and_then(|started| checks::not_checked(&started.chassis.config))
    }

    /// From now on it says that it is not ready, and goes on answering: whoever spreads visitors over replicas
    /// needs a moment to see it. Only pages are spread so; calls need no such moment.
    pub async fn linger(&self) {
        self.stopping.cancel();
        if self.started.iter().any(|started| started.chassis.service == Name::Portal) {
            tokio::time::sleep(self.linger).await;
        }
    }

    /// Drains: the last started stops first, so the portal lets its visitors go while the others
    /// still answer; then each relay sends what is left; then the pools close.
    pub async fn stop(&self) {
        self.stopping.cancel();
        for Started { chassis, running, stop_relay, relay } in self.started.iter().rev() {
            running.stop.cancel();
            if tokio::time::timeout(DRAIN, running.tasks.wait()).await.is_err() {
                tracing::warn!(service = %chassis.service, "some work was left unfinished; it will be done again");
            }
            stop_relay.cancel();
            relay.close();
            if tokio::time::timeout(DRAIN, relay.wait()).await.is_err() {
                tracing::warn!(service = %chassis.service, "some events wait in the outbox for the next start");
            }
            let _ = tokio::time::timeout(Duration::from_secs(1), chassis.bus.client().flush()).await;
            let _ = tokio::time::timeout(Duration::from_secs(2), chassis.store.close()).await;
        }
    }
}

async fn start(
    service: Service,
    surroundings: &Surroundings,
    stopping: CancellationToken,
    is_first: bool,
) -> Result<Started, StartError> {
    let Surroundings { config, names, clock, chance, metrics, keys, use_nkeys } = surroundings.clone();
    let name = service.which;
    let keys = match keys {
        Some(mut keys) => keys.remove(&name).expect("a harness has keys for every service"),
        None => Arc::new(
            Keys::load(&config.secrets, name).map_err(|source| StartError::Keys { service: name, source })?,
        ),
    };
    let database = |source| StartError::Database { service: name, source };
    let options = connect_options(&config.database_url, name, keys.postgres_password()).map_err(database)?;
    let (line, options) = Line::lay(options).await.map_err(|error| database(error.into()))?;

    let bus =
        Bus::connect(&config.nats_url, keys.clone(), use_nkeys, names.clone(), clock.clone(), chance.clone())
            .await
            .map_err(|source| StartError::Nats { service: name, source })?;
    // An open server is there for tests alone; what production demands of one, tests with real processes show.
    if is_first && (use_nkeys || config.profile == Profile::Development) {
        checks::nats_server(&config, bus.client()).await?;
    }

    let bell = Arc::new(Notify::new());
    let parts = StoreParts {
        clock: clock.clone(),
        chance: chance.clone(),
        organisation: config.organisation.clone(),
        bell: bell.clone(),
        _line: line,
    };
    let store = Store::new(options.clone(), config.pool, parts);
    let mut conn = store.at_start().await.map_err(database)?;
    if is_first {
        checks::postgres(&mut conn).await?;
        checks::connections(&mut conn, &config).await?;
        let difference = checks::clock_difference(&mut *conn, &clock).await.map_err(checks::Unsafe::from)?;
        checks::clocks(difference)?;
    }
    checks::role(&mut conn, name).await?;
    checks::schema(&mut conn, name, service.migrator).await?;
    drop(conn);

    let stop_relay = CancellationToken::new();
    let relay_tasks = TaskTracker::new();
    let (woke, woken) = watch::channel(0);
    let chassis = Chassis {
        service: name,
        config,
        store,
        bus: bus.clone(),
        keys,
        clock,
        chance: chance.clone(),
        metrics: metrics.clone(),
        alarms: Arc::new(Alarms::new(name, metrics.clone())),
        woken: woken.clone(),
        stopping,
    };
    relay_tasks.spawn(ring_on_commit(bus.clone(), bell, stop_relay.clone()));
    relay_tasks.spawn(listen_for_bell(bus.clone(), name, woke, stop_relay.clone()));
    let (holds, relays_here) = watch::channel(false);
    let relay = Relay { service: name, client: bus.client().clone(), names, options, chance, metrics, holds };
    relay_tasks.spawn(keep_house(chassis.clone(), stop_relay.clone()));

    let running = (service.start)(chassis.clone())
        .await
        .map_err(|source| StartError::Service { service: name, source })?;
    chassis.store.started().await;
    // Only now: after a restore nothing leaves before the service knows what it told.
    relay_tasks.spawn(relay.run(woken, stop_relay.clone()));
    relay_tasks.spawn(Auditor::new(chassis.clone(), relays_here, stop_relay.clone()).run());
    relay_tasks.spawn(watchdog::watch(chassis.clone(), running.is_ready.clone(), stop_relay.clone()));
    tracing::info!(service = %name, "started");
    Ok(Started { chassis, running, stop_relay, relay: relay_tasks })
}

/// Tells every replica that something was committed, at most once per 2 ms (RELIABILITY rule 14).
async fn ring_on_commit(bus: Bus, bell: Arc<Notify>, stop: CancellationToken) {
    loop {
        tokio::select! { () = bell.notified() => (), () = stop.cancelled() => return }
        tokio::time::sleep(Duration::from_millis(2)).await;
        if let Err(error) = bus.ring().await {
            tracing::debug!(%error, "the bell did not ring; the next look is within a second");
        }
    }
}

async fn listen_for_bell(bus: Bus, service: Name, woke: watch::Sender<u64>, stop: CancellationToken) {
    let subject = bus.names().wake(service);
    let Ok(mut rings) = bus.client().subscribe(subject).await else {
        tracing::warn!(%service, "no bell; looking once a second");
        return;
    };
    loop {
        tokio::select! {
            ring = rings.next() => match ring {
                Some(_) => woke.send_modify(|count| *count += 1),
                None => return,
            },
            () = stop.cancelled() => return,
        }
    }
}

/// Partitions ahead, old answers away.
async fn keep_house(chassis: Chassis, stop: CancellationToken) {
    loop {
        let pool = chassis.store.pool();
        if let Err(error) = outbox::keep_partitions(pool).await {
            tracing::warn!(service = %chassis.service, %error, "partitions could not be kept");
        }
        if let Err(error) = outbox::forget_old_answers(pool).await {
            tracing::warn!(service = %chassis.service, %error, "old answers could not be deleted");
        }
        if let Err(error) = outbox::forget_old_refusals(pool).await {
            tracing::warn!(service = %chassis.service, %error, "old refusals could not be deleted");
        }
        if let Err(error) = dead_letters::forget_resolved(pool).await {
            tracing::warn!(service = %chassis.service, %error, "old dead letters could not be deleted");
        }
        tokio::select! { () = tokio::time::sleep(Duration::from_hours(1)) => (), () = stop.cancelled() => return }
    }
}
