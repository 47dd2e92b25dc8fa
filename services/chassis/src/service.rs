//! A service as its wiring: state, calls, events, work by the clock. On one screen in its `lib.rs`.

use std::{sync::Arc, time::Duration};

use futures::future::BoxFuture;
use proto::{Call, Fact, catalogue::READINGS};
use sqlx::migrate::Migrator;
use tokio::sync::{Notify, watch};
use tokio_util::{sync::CancellationToken, task::TaskTracker};
use uuid::Uuid;

use crate::{
    bus::Bus,
    chance::Chance,
    clock::Clock,
    config::Config,
    consumer::{self, Apply, Heard},
    dead_letters,
    fault::{Chain, Fault},
    faults::{CrashPoint, crash_point},
    keys::Keys,
    replay::{self, Announcement, Page},
    restore::{self, AfterRestore, BeforeOpening, Reconciled, Told},
    server::{self, Caller, Router},
    store::{Store, Tx},
    telemetry::Metrics,
    watchdog::{self, Alarms},
};

/// What every service has in hand. Cheap to clone.
#[derive(Clone)]
pub struct Chassis {
    /// Which service this is.
    pub service: proto::Service,
    /// The settings of the process.
    pub config: Arc<Config>,
    /// Its schema.
    pub store: Store,
    /// Its connection to the others.
    pub bus: Bus,
    /// Its secrets.
    pub keys: Arc<Keys>,
    /// The time.
    pub clock: Clock,
    /// Randomness.
    pub chance: Arc<dyn Chance>,
    /// The metrics of the process.
    pub metrics: Arc<Metrics>,
    /// What its watchdog found that needs a person.
    pub alarms: Arc<Alarms>,
    /// Changes whenever something was committed here or on another replica.
    pub woken: watch::Receiver<u64>,
    /// Cancelled when this process was told to stop; it still works for a moment.
    pub stopping: CancellationToken,
}

/// The state of a service.
pub trait Handles: Send + Sync + 'static {
    /// What every service has in hand.
    fn chassis(&self) -> &Chassis;

    /// Whether it can be asked: an index that is level, for example.
    fn is_ready(&self) -> bool {
        true
    }
}

type Job<S> = Arc<dyn for<'a> Fn(&'a S) -> BoxFuture<'a, Result<(), Fault>> + Send + Sync>;
type Background<S> =
    Box<dyn FnOnce(Arc<S>, CancellationToken) -> BoxFuture<'static, Result<(), Fault>> + Send>;

struct Schedule<S> {
    name: &'static str,
    every: Duration,
    on_bell: bool,
    job: Job<S>,
}

/// What a service does and when.
pub struct Wiring<S> {
    router: Router<S>,
    apply: Option<Apply<S>>,
    schedules: Vec<Schedule<S>>,
    background: Vec<(&'static str, Background<S>)>,
    announcements: Vec<Announcement<S>>,
    moments: &'static [&'static str],
    after_restore: Option<AfterRestore<S>>,
    before_opening: Option<BeforeOpening<S>>,
    stands_in: bool,
}

impl<S: Handles> Wiring<S> {
    fn new() -> Self {
        Self {
            router: Router::default(),
            apply: None,
            schedules: Vec::new(),
            background: Vec::new(),
            announcements: Vec::new(),
            moments: &[],
            after_restore: None,
            before_opening: None,
            stands_in: false,
        }
    }

    /// Only stands in for a service in a test: calls it does not know are answered with "not found", and
    /// events it does nothing with stay where they are.
    #[must_use]
    pub fn stands_in(mut self) -> Self {
        self.stands_in = true;
        self
    }

    /// Answers a query: `.query::<Employers>(|app, caller, query| Box::pin(queries::employers(app, caller, query)))`.
    #[must_use]
    pub fn query<C: Call>(
        mut self,
        handler: impl for<'a> Fn(&'a S, &'a Caller, &'a C) -> BoxFuture<'a, Result<C::Reply, Fault>>
        + Send
        + Sync
        + 'static,
    ) -> Self {
        self.router.query::<C>(handler);
        self
    }

    /// Answers a command inside one transaction, once per key.
    #[must_use]
    pub fn command<C: Call>(
        mut self,
        handler: impl for<'a> Fn(&'a S, &'a mut Tx, &'a Caller, &'a C) -> BoxFuture<'a, Result<C::Reply, Fault>>
        + Send
        + Sync
        + 'static,
    ) -> Self {
        self.router.command::<C>(handler);
        self
    }

    /// Hears the events of its rows in [`READINGS`], each once, in order, many in one transaction.
    #[must_use]
    pub fn events(
        mut self,
        apply: impl for<'a> Fn(&'a S, &'a mut Tx, &'a [Heard]) -> BoxFuture<'a, Result<(), Fault>>
        + Send
        + Sync
        + 'static,
    ) -> Self {
        self.apply = Some(Arc::new(apply));
        self
    }

    /// Announces a kind of event anew for every aggregate as it now is, when an operator asks (`dichterbij replay`):
    /// a page of those whose ids come after one, in the order of their ids, at most [`replay::PAGE`] rows.
    #[must_use]
    pub fn announces<T: Fact>(
        mut self,
        page: impl for<'a> Fn(&'a S, &'a mut Tx, Uuid) -> BoxFuture<'a, Result<Page<T>, Fault>>
        + Send
        + Sync
        + 'static,
    ) -> Self {
        self.announcements.push(Announcement::of(page));
        self
    }

    /// Events that tell of a moment and not of a state: they are not announced anew, on purpose.
    #[must_use]
    pub fn moments(mut self, events: &'static [&'static str]) -> Self {
        self.moments = events;
        self
    }

    /// Works by the clock. A pass that fails is logged and comes round again; every replica runs
    /// it, so it claims its rows with `for update skip locked`.
    #[must_use]
    pub fn every(
        mut self,
        every: Duration,
        name: &'static str,
        job: impl for<'a> Fn(&'a S) -> BoxFuture<'a, Result<(), Fault>> + Send + Sync + 'static,
    ) -> Self {
        self.schedules.push(Schedule { name, every, on_bell: false, job: Arc::new(job) });
        self
    }

    /// Works by the clock and at once after each commit that rang the bell.
    #[must_use]
    pub fn every_and_on_bell(
        mut self,
        every: Duration,
        name: &'static str,
        job: impl for<'a> Fn(&'a S) -> BoxFuture<'a, Result<(), Fault>> + Send + Sync + 'static,
    ) -> Self {
        self.schedules.push(Schedule { name, every, on_bell: true, job: Arc::new(job) });
        self
    }

    /// Runs beside all this until told to stop, like the portal's HTTP server.
    #[must_use]
    pub fn background(
        mut self,
        name: &'static str,
        run: impl FnOnce(Arc<S>, CancellationToken) -> BoxFuture<'static, Result<(), Fault>> + Send + 'static,
    ) -> Self {
        self.background.push((name, Box::new(run)));
        self
    }

    /// Takes in, after a restore and before anything else, what was told about one aggregate after the backup:
    /// takes over what the events say, or tells the others that it is gone; what it publishes has a version above
    /// [`Told::version`]. A service without this refuses to start when it told something ([`crate::restore`]).
    #[must_use]
    pub fn after_restore(
        mut self,
        take_in: impl for<'a> Fn(&'a S, &'a mut Tx, &'a Told) -> BoxFuture<'a, Result<Reconciled, Fault>>
        + Send
        + Sync
        + 'static,
    ) -> Self {
        self.after_restore = Some(Arc::new(take_in));
        self
    }

    /// Is done once after a restore, in the transaction that lets the service work again.
    #[must_use]
    pub fn before_opening(
        mut self,
        last: impl for<'a> Fn(&'a S, &'a mut Tx) -> BoxFuture<'a, Result<(), Fault>> + Send + Sync + 'static,
    ) -> Self {
        self.before_opening = Some(Arc::new(last));
        self
    }
}

type Start = Box<dyn FnOnce(Chassis) -> BoxFuture<'static, Result<Running, Fault>> + Send>;

/// A service, ready to be started.
pub struct Service {
    /// Which.
    pub which: proto::Service,
    /// Its schema's migrations.
    pub migrator: &'static Migrator,
    pub(crate) start: Start,
}

/// A service at work.
pub(crate) struct Running {
    pub(crate) stop: CancellationToken,
    pub(crate) tasks: TaskTracker,
    pub(crate) is_ready: Arc<dyn Fn() -> bool + Send + Sync>,
}

impl Service {
    /// Puts a service together: how its state is made, and what it does.
    pub fn new<S: Handles>(
        which: proto::Service,
        migrator: &'static Migrator,
        build: impl FnOnce(Chassis) -> BoxFuture<'static, Result<S, Fault>> + Send + 'static,
        wire: impl FnOnce(Wiring<S>) -> Wiring<S> + Send + 'static,
    ) -> Self {
        let start: Start = Box::new(move |chassis| {
            Box::pin(async move {
                // Before anything is written: making the state may write already.
                restore::refuse_half_restored(&chassis).await?;
                let app = Arc::new(build(chassis.clone()).await?);
                start(app, chassis, wire(Wiring::new())).await
            })
        });
        Self { which, migrator, start }
    }
}

async fn start<S: Handles>(app: Arc<S>, chassis: Chassis, mut wiring: Wiring<S>) -> Result<Running, Fault> {
    let service = chassis.service;
    let stop = CancellationToken::new();
    let tasks = TaskTracker::new();

    restore::open_gate(&*app, &chassis, wiring.after_restore.as_ref(), wiring.before_opening.as_ref())
        .await?;
    dead_letters::answer(&mut wiring.router, wiring.apply.clone());
    let answered = wiring.router.verbs();
    for call in proto::catalogue::calls().filter(|call| call.to == service) {
        assert!(wiring.stands_in || answered.contains(&call.verb), "{service} does not answer {}", call.verb);
    }
    let calls = server::subscribe(&chassis).await?;
    tasks.spawn(server::serve(calls, app.clone(), chassis.clone(), wiring.router, stop.clone()));
    for reading in READINGS.iter().filter(|reading| reading.by == service) {
        let Some(apply) = wiring.apply.clone() else {
            assert!(wiring.stands_in, "{service} hears {reading:?} and does nothing");
            continue;
        };
        let again = Arc::new(Notify::new());
        tasks.spawn(watchdog::watch_reading(chassis.clone(), reading, again.clone(), stop.clone()));
        tasks.spawn(consumer::run(app.clone(), chassis.clone(), reading, apply, again, stop.clone()));
    }
    if !wiring.stands_in {
        replay::assert_complete(service, &wiring.announcements, wiring.moments);
    }
    tasks.spawn(replay::run(app.clone(), chassis.clone(), wiring.announcements, stop.clone()));
    for schedule in wiring.schedules {
        tasks.spawn(keep_doing(app.clone(), chassis.clone(), schedule, stop.clone()));
    }
    for (name, run) in wiring.background {
        let (app, token) = (app.clone(), stop.clone());
        tasks.spawn(async move {
            if let Err(fault) = run(app, token).await {
                tracing::error!(%service, name, error = %Chain(&fault), "background work ended");
            }
        });
    }
    tasks.close();
    Ok(Running { stop, tasks, is_ready: Arc::new(move || app.is_ready()) })
}

/// What lies at least between two passes that the bell asks for. At a rush it rings with each batch, and most of what looks
/// then finds nothing.
const APART: Duration = Duration::from_millis(25);

async fn keep_doing<S: Handles>(
    app: Arc<S>,
    chassis: Chassis,
    schedule: Schedule<S>,
    stop: CancellationToken,
) {
    let mut woken = chassis.woken.clone();
    while !stop.is_cancelled() {
        let not_before = tokio::time::Instant::now() + APART;
        crash_point(CrashPoint::ScheduleBeforePass);
        let pass = std::panic::AssertUnwindSafe((schedule.job)(&*app));
        match futures::FutureExt::catch_unwind(pass).await {
            Ok(Ok(())) => {}
            Ok(Err(fault)) => {
                tracing::warn!(service = %chassis.service, job = schedule.name, error = %Chain(&fault), "a pass failed");
            }
            Err(_) => tracing::error!(service = %chassis.service, job = schedule.name, "a pass panicked"),
        }
        tokio::select! {
            () = tokio::time::sleep(schedule.every) => (),
            _ = woken.changed(), if schedule.on_bell => tokio::time::sleep_until(not_before).await,
            () = stop.cancelled() => (),
        }
    }
}
