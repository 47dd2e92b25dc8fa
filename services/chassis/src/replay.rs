//! Announcing the present state anew, from a service's own tables (DESIGN rule 2): rebuilds a stream or a read
//! model without old outbox rows.
//!
//! An operator asks by a row in `replays`; the service at work takes it up and goes through its aggregates in the
//! order of their ids, page by page. Each page is one transaction with its events and how far it is, so a crash
//! goes on where it was and two replicas take turns. The events are new ones with the version that the aggregate
//! has: who is up to date takes nothing of it, who has nothing takes it all.
//!
//! Who is erased is left out, by the tombstones; the tombstones themselves are announced as what erases.

use std::{sync::Arc, time::Duration};

use futures::future::BoxFuture;
use proto::{Fact, catalogue::EVENTS};
use sqlx::{FromRow, PgPool};
use tokio_util::sync::CancellationToken;
use uuid::Uuid;

use crate::{
    fault::{Chain, Fault},
    service::{Chassis, Handles},
    store::Tx,
};

/// Aggregates of one page, for those who read them.
pub const PAGE: i64 = 500;
/// The version of what erases, where the version that an aggregate had is not known any more: greater than all.
pub const AFTER_ALL: i64 = i32::MAX as i64;
/// How often a service looks whether it was asked.
const LOOK_EVERY: Duration = Duration::from_secs(1);

/// Facts of one page, in the order of their aggregates.
#[derive(Debug)]
pub struct Page<T> {
    facts: Vec<T>,
    last: Option<Uuid>,
}

impl<T: Fact> Page<T> {
    /// A page in which every row became a fact; none means that there are no more.
    pub fn of(facts: Vec<T>) -> Self {
        let last = facts.last().map(Fact::aggregate_id);
        Self { facts, last }
    }

    /// A page of which some rows have nothing to announce, with the id of its last row.
    pub fn up_to(last: Option<Uuid>, facts: Vec<T>) -> Self {
        Self { facts, last }
    }
}

/// What one page came to.
pub(crate) struct Told {
    announced: i64,
    forgotten: i64,
    last: Option<Uuid>,
}

type ReadPage<S> =
    Arc<dyn for<'a> Fn(&'a S, &'a mut Tx, Uuid) -> BoxFuture<'a, Result<Told, Fault>> + Send + Sync>;

/// How a kind of event is announced anew.
pub(crate) struct Announcement<S> {
    event: &'static str,
    page: ReadPage<S>,
}

impl<S: Handles> Announcement<S> {
    pub(crate) fn of<T: Fact>(
        read: impl for<'a> Fn(&'a S, &'a mut Tx, Uuid) -> BoxFuture<'a, Result<Page<T>, Fault>>
        + Send
        + Sync
        + 'static,
    ) -> Self {
        let read = Arc::new(read);
        let page: ReadPage<S> = Arc::new(move |app, tx, after| {
            let read = read.clone();
            Box::pin(async move {
                let Page { facts, last } = read(app, tx, after).await?;
                let all = facts.len();
                let facts = if T::ERASES { facts } else { without_forgotten(tx, facts).await? };
                let announced = facts.len();
                if !facts.is_empty() {
                    tx.publish_all(facts).await?;
                }
                Ok(Told { announced: announced as i64, forgotten: (all - announced) as i64, last })
            })
        });
        Self { event: T::NAME, page }
    }
}

/// Those that were not erased. Until the transaction ends nobody can erase them, so that none of these events
/// comes after the one that says that she is gone.
async fn without_forgotten<T: Fact>(tx: &mut Tx, facts: Vec<T>) -> Result<Vec<T>, Fault> {
    let ids: Vec<Uuid> = facts.iter().map(Fact::aggregate_id).collect();
    let forgotten = tx.forgotten_among(&ids).await?;
    Ok(facts.into_iter().filter(|fact| !forgotten.contains(&fact.aggregate_id())).collect())
}

/// Holds what a service announces against what it says: each event is a state, and announced anew, or a moment,
/// and named as such.
pub(crate) fn assert_complete<S>(
    service: proto::Service,
    announcements: &[Announcement<S>],
    moments: &[&'static str],
) {
    for event in EVENTS.iter().filter(|event| event.by == service) {
        let announced = announcements.iter().any(|announcement| announcement.event == event.name);
        assert!(
            announced != moments.contains(&event.name),
            "{service} says whether {} is announced anew or a moment",
            event.name
        );
    }
}

/// How far a replay is.
#[derive(Debug, Clone, FromRow)]
pub struct Progress {
    /// The kind of event under way.
    pub event: Option<String>,
    /// Events so far.
    pub announced: i64,
    /// Aggregates that were left out because they are erased.
    pub forgotten: i64,
    /// Whether it is done.
    pub ended: bool,
}

/// Asks the service to whose schema this leads to announce everything anew.
///
/// # Errors
/// When the database does not answer.
pub async fn ask(pool: &PgPool) -> Result<Uuid, sqlx::Error> {
    sqlx::query_scalar("insert into replays default values returning replay_id").fetch_one(pool).await
}

/// How far that is.
///
/// # Errors
/// When the database does not answer, or when nobody asked.
pub async fn progress(pool: &PgPool, replay_id: Uuid) -> Result<Progress, sqlx::Error> {
    sqlx::query_as(
        "select event, announced, forgotten, ended_at is not null as ended from replays where replay_id = $1",
    )
    .bind(replay_id)
    .fetch_one(pool)
    .await
}

#[derive(FromRow)]
struct Open {
    replay_id: Uuid,
    event: Option<String>,
    after: Option<Uuid>,
}

/// Takes up what was asked, until told to stop.
pub(crate) async fn run<S: Handles>(
    app: Arc<S>,
    chassis: Chassis,
    announcements: Vec<Announcement<S>>,
    stop: CancellationToken,
) {
    while !stop.is_cancelled() {
        match go_on(&*app, &chassis, &announcements).await {
            Ok(true) => continue,
            Ok(false) => {}
            Err(fault) => {
                tracing::warn!(service = %chassis.service, error = %Chain(&fault), "a page of a replay failed; it comes round again");
            }
        }
        tokio::select! { () = tokio::time::sleep(LOOK_EVERY) => (), () = stop.cancelled() => () }
    }
}

/// One page; `false` when nothing was asked.
async fn go_on<S: Handles>(
    app: &S,
    chassis: &Chassis,
    announcements: &[Announcement<S>],
) -> Result<bool, Fault> {
    let mut tx = chassis.store.begin().await?;
    let open: Option<Open> = sqlx::query_as(
        "select replay_id, event, after from replays where ended_at is null
         order by asked_at limit 1 for update skip locked",
    )
    .fetch_optional(tx.conn())
    .await?;
    let Some(open) = open else { return Ok(false) };
    let index = match &open.event {
        None => 0,
        Some(event) => announcements.iter().position(|each| each.event == event).unwrap_or(0),
    };
    let Some(announcement) = announcements.get(index) else {
        end(&mut tx, open.replay_id).await?;
        tx.commit().await?;
        return Ok(true);
    };
    let told = (announcement.page)(app, &mut tx, open.after.unwrap_or_default()).await?;
    let (event, after) = match (told.last, announcements.get(index + 1)) {
        (Some(last), _) => (announcement.event, Some(last)),
        (None, Some(next)) => (next.event, None),
        (None, None) => {
            end(&mut tx, open.replay_id).await?;
            (announcement.event, None)
        }
    };
    sqlx::query(
        "update replays set event = $2, after = $3, announced = announced + $4, forgotten = forgotten + $5
         where replay_id = $1",
    )
    .bind(open.replay_id)
    .bind(event)
    .bind(after)
    .bind(told.announced)
    .bind(told.forgotten)
    .execute(tx.conn())
    .await?;
    tx.commit().await?;
    tracing::info!(
        service = %chassis.service, event = announcement.event, announced = told.announced,
        forgotten = told.forgotten, "announced anew"
    );
    Ok(true)
}

async fn end(tx: &mut Tx, replay_id: Uuid) -> Result<(), sqlx::Error> {
    sqlx::query("update replays set ended_at = clock_timestamp() where replay_id = $1")
        .bind(replay_id)
        .execute(tx.conn())
        .await?;
    Ok(())
}

/// Which aggregates of a schema were erased, in the order of their ids: whole ones, or those that went as parts.
///
/// # Errors
/// When the database does not answer.
pub async fn tombstones(tx: &mut Tx, are_parts: bool, after: Uuid) -> Result<Vec<Uuid>, sqlx::Error> {
    sqlx::query_scalar(
        "select aggregate_id from erased_aggregates where is_part = $1 and aggregate_id > $2
         order by aggregate_id limit $3",
    )
    .bind(are_parts)
    .bind(after)
    .bind(PAGE)
    .fetch_all(tx.conn())
    .await
}
