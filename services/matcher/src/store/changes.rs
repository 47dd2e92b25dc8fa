//! The change log that every index follows.

use chassis::{Fault, Tx};
use chrono::{DateTime, TimeDelta, Utc};
use proto::{OpeningId, SeekerId};
use sqlx::{PgConnection, PgPool};
use uuid::Uuid;

/// Makes this transaction the only one that changes profiles and openings, until it ends. Numbers
/// of changes then become visible in their order.
pub(crate) async fn lock(tx: &mut Tx) -> Result<(), Fault> {
    sqlx::query("select pg_advisory_xact_lock(hashtextextended('matcher changes', 0))")
        .execute(tx.conn())
        .await?;
    Ok(())
}

/// The first and the last number in the log; `None` while nothing was ever heard.
pub(crate) async fn ends(conn: &mut PgConnection) -> Result<Option<(i64, i64)>, sqlx::Error> {
    let (first, last): (Option<i64>, Option<i64>) =
        sqlx::query_as("select min(change), max(change) from changes").fetch_one(conn).await?;
    Ok(first.zip(last))
}

/// The last number in the log; `None` while nothing was ever heard.
pub(crate) async fn last(pool: &PgPool) -> Result<Option<i64>, sqlx::Error> {
    sqlx::query_scalar("select max(change) from changes").fetch_one(pool).await
}

/// What changed after a number.
#[derive(Debug, Default)]
pub(crate) struct Changed {
    /// Profiles.
    pub seeker_ids: Vec<SeekerId>,
    /// Openings.
    pub opening_ids: Vec<OpeningId>,
}

/// What changed after this number, each once.
pub(crate) async fn after(conn: &mut PgConnection, change: i64) -> Result<Changed, sqlx::Error> {
    let rows: Vec<(String, Uuid)> = sqlx::query_as("select distinct kind, id from changes where change > $1")
        .bind(change)
        .fetch_all(conn)
        .await?;
    let mut changed = Changed::default();
    for (kind, id) in rows {
        match kind.as_str() {
            "profile" => changed.seeker_ids.push(SeekerId(id)),
            _ => changed.opening_ids.push(OpeningId(id)),
        }
    }
    Ok(changed)
}

/// Forgets the changes of a person who was erased. What an index did not read of them yet is said by the
/// one change that follows.
pub(crate) async fn replace_by_one(tx: &mut Tx, seeker_id: SeekerId) -> Result<(), Fault> {
    let now = tx.now();
    sqlx::query("delete from changes where kind = 'profile' and id = $1")
        .bind(seeker_id.0)
        .execute(tx.conn())
        .await?;
    sqlx::query("insert into changes (kind, id, at) values ('profile', $1, $2)")
        .bind(seeker_id.0)
        .bind(now)
        .execute(tx.conn())
        .await?;
    Ok(())
}

/// Forgets changes that are older than any index is behind. The last one stays, so that who fell
/// behind can see it.
pub(crate) async fn trim(pool: &PgPool, now: DateTime<Utc>, keep: TimeDelta) -> Result<u64, sqlx::Error> {
    let done =
        sqlx::query("delete from changes where at < $1 and change < (select max(change) from changes)")
            .bind(now - keep)
            .execute(pool)
            .await?;
    Ok(done.rows_affected())
}
