//! Erasing, and staying erased (DESIGN rule 4).
//!
//! A service that deletes what it keeps about someone calls [`Tx::forget`] with her id in the same transaction,
//! for each aggregate that goes. That leaves a tombstone in the table `erased_aggregates (aggregate_id, at)` of
//! its own schema, and takes her out of everything that the chassis keeps for the service: payloads in the
//! outbox, first answers, dead letters.
//!
//! Whatever could bring someone back asks first: [`Tx::is_forgotten`] where rows are written, because it also
//! waits for an erasure that is under way; [`forgotten_among`] for a list. A replay, an audit, an import and a
//! restore read the table with [`forgotten_among`] too, and skip what stands there; after a restore the
//! tombstones of intake (its ledger of erasures) are forgotten anew, which deletes again.

use std::collections::HashSet;

use sqlx::{PgConnection, PgExecutor};
use uuid::Uuid;

use crate::{fault::Fault, store::Tx};

/// First half of the advisory locks on ids; the second is made from the id.
const LOCK: &str = "hashtext('erasure')";

impl Tx {
    /// Leaves a tombstone for an aggregate and takes it out of what the chassis keeps: events about it that
    /// wait are dropped, payloads of those that were sent and first answers that name it are blanked, dead
    /// letters that name it are deleted. What erases and what confirms an erasure stays. Safe to repeat.
    ///
    /// The rows of the service itself are its own to delete, in this transaction and after this call.
    ///
    /// # Errors
    /// When the database does not do it; then nothing of the transaction may be committed.
    pub async fn forget(&mut self, aggregate_id: Uuid) -> Result<(), Fault> {
        let now = self.now();
        lock(self.conn(), aggregate_id, "pg_advisory_xact_lock").await?;
        sqlx::query(
            "insert into erased_aggregates (aggregate_id, at) values ($1, $2) on conflict do nothing",
        )
        .bind(aggregate_id)
        .bind(now)
        .execute(self.conn())
        .await?;
        self.blank(aggregate_id).await
    }

    /// The same without a tombstone: for an id that must not be joined by its moment to another one that is
    /// erased now, and gets its tombstone later.
    ///
    /// # Errors
    /// When the database does not do it; then nothing of the transaction may be committed.
    pub async fn blank(&mut self, aggregate_id: Uuid) -> Result<(), Fault> {
        self.blank_payloads(&[aggregate_id]).await?;
        for statement in [
            // The key stays: a request that comes late must not do again what is erased.
            "update answers set answer = null where strpos(answer, $1) > 0",
            "delete from refusals where strpos(answer, $1) > 0",
            "delete from dead_letters where strpos(subject, $1) > 0 or strpos(body, $1) > 0",
        ] {
            sqlx::query(statement).bind(aggregate_id.to_string()).execute(self.conn()).await?;
        }
        Ok(())
    }

    /// Tombstones and blanked payloads for what goes together with something that is forgotten, as proposals go
    /// with their person, however many there are. First answers and dead letters are not searched: what names
    /// a part names the whole.
    ///
    /// # Errors
    /// When the database does not do it; then nothing of the transaction may be committed.
    pub async fn forget_parts(&mut self, ids: &[Uuid]) -> Result<(), Fault> {
        let now = self.now();
        sqlx::query(
            "insert into erased_aggregates (aggregate_id, at, is_part)
             select distinct id, $2, true from unnest($1::uuid[]) as t (id) order by id on conflict do nothing",
        )
        .bind(ids)
        .bind(now)
        .execute(self.conn())
        .await?;
        self.blank_payloads(ids).await
    }

    async fn blank_payloads(&mut self, ids: &[Uuid]) -> Result<(), Fault> {
        let stays: Vec<&str> = proto::catalogue::EVENTS
            .iter()
            .filter(|event| event.erases || event.confirms_erasure)
            .map(|event| event.dutch_type)
            .collect();
        for statement in [
            // Those that wait must not leave any more. One that the relay has in hand at this very moment
            // leaves before `seeker_erased` does, and the keeper of the streams purges it.
            "delete from outbox where aggregate_id = any($1) and published_at is null and type <> all($2)",
            "update outbox set body = '' where aggregate_id = any($1) and body <> '' and type <> all($2)",
        ] {
            sqlx::query(statement).bind(ids).bind(&stays).execute(self.conn()).await?;
        }
        Ok(())
    }

    /// Whether this id was erased here. Waits for an erasure of it that is under way, and keeps others from
    /// beginning until this transaction ends: what is written after a "no" cannot outlive her.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn is_forgotten(&mut self, aggregate_id: Uuid) -> Result<bool, sqlx::Error> {
        lock(self.conn(), aggregate_id, "pg_advisory_xact_lock_shared").await?;
        sqlx::query_scalar("select exists (select 1 from erased_aggregates where aggregate_id = $1)")
            .bind(aggregate_id)
            .fetch_one(self.conn())
            .await
    }

    /// Which of these ids were erased here: [`Self::is_forgotten`] of a list.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn forgotten_among(&mut self, ids: &[Uuid]) -> Result<HashSet<Uuid>, sqlx::Error> {
        let statement = format!(
            "select pg_advisory_xact_lock_shared({LOCK}, hashtext(current_schema() || id::text))
             from (select distinct id from unnest($1::uuid[]) as t (id) order by id) as ids"
        );
        sqlx::query(sqlx::AssertSqlSafe(statement)).bind(ids).execute(self.conn()).await?;
        forgotten_among(self.conn(), ids).await
    }
}

async fn lock(conn: &mut PgConnection, id: Uuid, function: &str) -> Result<(), sqlx::Error> {
    let statement = format!("select {function}({LOCK}, hashtext(current_schema() || $1::text))");
    sqlx::query(sqlx::AssertSqlSafe(statement)).bind(id).execute(conn).await?;
    Ok(())
}

/// Which of these ids were erased in this schema.
///
/// # Errors
/// When the database does not answer.
pub async fn forgotten_among(
    executor: impl PgExecutor<'_>,
    ids: &[Uuid],
) -> Result<HashSet<Uuid>, sqlx::Error> {
    let rows: Vec<Uuid> =
        sqlx::query_scalar("select aggregate_id from erased_aggregates where aggregate_id = any($1)")
            .bind(ids)
            .fetch_all(executor)
            .await?;
    Ok(rows.into_iter().collect())
}
