//! The gate of one service: closed after a restore until all that was told since is taken in.

use std::{collections::BTreeMap, sync::Arc, time::Duration};

use futures::future::BoxFuture;
use proto::catalogue::READINGS;
use sqlx::PgConnection;
use uuid::Uuid;

use super::{
    marks::{self, Mark},
    told::{Reconciled, Told},
};
use crate::{
    consumer::Heard,
    fault::Fault,
    outbox,
    service::{Chassis, Handles},
    store::Tx,
};

/// What a service does with what it told about one aggregate after the backup.
pub(crate) type AfterRestore<S> = Arc<
    dyn for<'a> Fn(&'a S, &'a mut Tx, &'a Told) -> BoxFuture<'a, Result<Reconciled, Fault>> + Send + Sync,
>;
/// What a service does once after a restore, in the transaction that opens its gate.
pub(crate) type BeforeOpening<S> =
    Arc<dyn for<'a> Fn(&'a S, &'a mut Tx) -> BoxFuture<'a, Result<(), Fault>> + Send + Sync>;

/// Facts that begin the aggregates of one transaction.
const AT_ONCE: i64 = 100;
/// How often a replica looks whether another one is done.
const LOOK: Duration = Duration::from_millis(200);

/// Refuses to start on tables that a restore has begun with and not finished.
///
/// # Errors
/// Which restore that is; or the database does not answer.
pub(crate) async fn refuse_half_restored(chassis: &Chassis) -> Result<(), Fault> {
    let open = marks::latest(&mut *chassis.store.at_start().await?).await?;
    match open.filter(|mark| mark.opened_at.is_none() && mark.known_at.is_none()) {
        Some(half) => Err(half_restored(&half)),
        None => Ok(()),
    }
}

/// Returns when the service may work: at once, unless the schema was restored. One replica does the work, and the
/// others wait here, not ready.
///
/// # Errors
/// When a hook is missing or fails, or the database does not answer: the service does not start.
pub(crate) async fn open_gate<S: Handles>(
    app: &S,
    chassis: &Chassis,
    take_in: Option<&AfterRestore<S>>,
    before_opening: Option<&BeforeOpening<S>>,
) -> Result<(), Fault> {
    let mut told_so = false;
    loop {
        let marked = marks::latest(&mut *chassis.store.at_start().await?).await?;
        let Some(open) = marked.filter(|mark| mark.opened_at.is_none()) else {
            return Ok(());
        };
        if !told_so {
            told_so = true;
            tracing::warn!(
                service = %chassis.service, backup.taken_at = %open.taken_at,
                "restored from a backup: nothing goes out before what was told since is taken in"
            );
        }
        match step(app, chassis, take_in, before_opening).await {
            Ok(Step::Went) => {}
            Ok(Step::Elsewhere) => tokio::time::sleep(LOOK).await,
            Err(fault) if fault.is_worth_repeating() => tokio::time::sleep(LOOK).await,
            Err(fault) => return Err(fault),
        }
    }
}

fn half_restored(mark: &Mark) -> Fault {
    let far = if mark.loaded_at.is_some() { "the tables are filled" } else { "nothing is filled" };
    Fault::broken(
        "looking whether this schema was restored",
        format!(
            "a restore of the backup of {} is not finished ({far}): run the same `dichterbij restore` again",
            mark.taken_at
        ),
    )
}

enum Step {
    /// Something was taken in, or the gate is open now.
    Went,
    /// Another replica does it.
    Elsewhere,
}

async fn step<S: Handles>(
    app: &S,
    chassis: &Chassis,
    take_in: Option<&AfterRestore<S>>,
    before_opening: Option<&BeforeOpening<S>>,
) -> Result<Step, Fault> {
    let mut tx = chassis.store.begin_at_start().await?;
    let ours: bool = sqlx::query_scalar(
        "select pg_try_advisory_xact_lock(hashtext('after restore'), hashtext(current_schema()))",
    )
    .fetch_one(tx.conn())
    .await?;
    if !ours {
        return Ok(Step::Elsewhere);
    }
    // Another replica may have opened it since.
    let Some(mark) = marks::latest(tx.conn()).await?.filter(|mark| mark.opened_at.is_none()) else {
        return Ok(Step::Went);
    };
    let told = next(tx.conn()).await?;
    let mut sum = Reconciled::default();
    for told in &told {
        let Some(take_in) = take_in else {
            return Err(Fault::broken(
                "taking in what was told after the backup",
                format!("{} has no `after_restore` and told {} facts", chassis.service, told.facts.len()),
            ));
        };
        sum.add(take_in(app, &mut tx, told).await?);
    }
    let now = tx.now();
    for (consumer, ids) in read_here(chassis.service, &told) {
        // Taken in just now: the consumer, which begins anew, lets it pass.
        outbox::enter(tx.conn(), &consumer, &ids, now).await?;
    }
    let ids: Vec<Uuid> = told.iter().map(|told| told.aggregate_id).collect();
    sqlx::query("delete from told_after_backup where aggregate_id = any($1)")
        .bind(&ids)
        .execute(tx.conn())
        .await?;
    if told.is_empty()
        && let Some(before_opening) = before_opening
    {
        before_opening(app, &mut tx).await?;
    }
    sqlx::query(
        "update restores set taken_over = taken_over + $2, erased = erased + $3, lost = lost + $4,
                             opened_at = case when $5 then clock_timestamp() end
         where restore_id = $1",
    )
    .bind(mark.restore_id)
    .bind(sum.taken_over as i64)
    .bind(sum.erased as i64)
    .bind(sum.lost as i64)
    .bind(told.is_empty())
    .execute(tx.conn())
    .await?;
    tx.commit().await?;
    if told.is_empty() {
        tracing::warn!(
            service = %chassis.service, taken_over = mark.taken_over, erased = mark.erased, lost = mark.lost,
            "all that was told after the backup is taken in; the service works again"
        );
    }
    Ok(Step::Went)
}

/// The next aggregates, in the order in which something was first told about them, each with all of its facts.
async fn next(conn: &mut PgConnection) -> Result<Vec<Told>, Fault> {
    let rows: Vec<(Uuid, i64, String, String)> = sqlx::query_as(
        "select aggregate_id, version, subject, body from told_after_backup
         where aggregate_id in (select aggregate_id from told_after_backup order by n limit $1)
         order by n",
    )
    .bind(AT_ONCE)
    .fetch_all(conn)
    .await?;
    let mut told: Vec<Told> = Vec::new();
    let mut places: BTreeMap<Uuid, usize> = BTreeMap::new();
    for (aggregate_id, version, subject, body) in rows {
        let fact = Heard::read_envelope(&subject, body.as_bytes())
            .map_err(|error| Fault::broken("reading what was told after the backup", error))?;
        let place = *places.entry(aggregate_id).or_insert_with(|| {
            told.push(Told { aggregate_id, version, facts: Vec::new() });
            told.len() - 1
        });
        told[place].version = told[place].version.max(version);
        told[place].facts.push(fact);
    }
    Ok(told)
}

/// Event ids by the consumer of this service that would hear them.
fn read_here(service: proto::Service, told: &[Told]) -> BTreeMap<String, Vec<Uuid>> {
    let mut by_consumer: BTreeMap<String, Vec<Uuid>> = BTreeMap::new();
    for fact in told.iter().flat_map(|told| &told.facts) {
        let Some(event) = proto::catalogue::event_by_dutch_type(&fact.kind) else { continue };
        let reading = READINGS.iter().find(|reading| {
            reading.by == service && reading.stream == event.stream && reading.events.contains(&event.name)
        });
        if let Some(reading) = reading {
            by_consumer.entry(reading.durable()).or_default().push(fact.event_id);
        }
    }
    by_consumer
}
