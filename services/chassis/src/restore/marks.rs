//! The table `restores`, as the operator's command writes it: the connection's search path is the schema.

use chrono::{DateTime, Utc};
use sqlx::{FromRow, PgConnection, PgExecutor};
use uuid::Uuid;

/// How far the latest restore of a schema is.
#[derive(Debug, Clone, PartialEq, Eq, FromRow)]
pub struct Mark {
    /// Which restore.
    pub restore_id: Uuid,
    /// Of which backup.
    pub backup_id: Uuid,
    /// The moment that the tables are of.
    pub taken_at: DateTime<Utc>,
    /// When the tables were full.
    pub loaded_at: Option<DateTime<Utc>>,
    /// When it was known what was told since.
    pub known_at: Option<DateTime<Utc>>,
    /// When the service worked again.
    pub opened_at: Option<DateTime<Utc>>,
    /// Aggregates that were taken over.
    pub taken_over: i64,
    /// Aggregates that were erased again.
    pub erased: i64,
    /// Aggregates that are lost.
    pub lost: i64,
}

/// Tables that say how a schema came about, and not what is in it.
const OF_NO_BACKUP: [&str; 4] = ["_migrations", "_rules_of_the_road", "restores", "told_after_backup"];

/// Whether a table stays out of a backup.
pub fn not_of_a_backup(table: &str) -> bool {
    OF_NO_BACKUP.contains(&table)
}

/// The latest restore; none when there never was one.
///
/// # Errors
/// When the database does not answer.
pub async fn latest(executor: impl PgExecutor<'_>) -> Result<Option<Mark>, sqlx::Error> {
    sqlx::query_as(
        "select restore_id, backup_id, taken_at, loaded_at, known_at, opened_at, taken_over, erased, lost
         from restores order by opened_at is not null, begun_at desc limit 1",
    )
    .fetch_optional(executor)
    .await
}

/// Begins a restore. Whatever starts from now on refuses to.
///
/// # Errors
/// When one is under way already, or the database does not answer.
pub async fn mark(
    conn: &mut PgConnection,
    restore_id: Uuid,
    backup_id: Uuid,
    taken_at: DateTime<Utc>,
) -> Result<(), sqlx::Error> {
    sqlx::query(
        "insert into restores (restore_id, backup_id, taken_at, begun_at) values ($1, $2, $3, clock_timestamp())",
    )
    .bind(restore_id)
    .bind(backup_id)
    .bind(taken_at)
    .execute(conn)
    .await?;
    Ok(())
}

/// Takes back the mark of a restore that filled nothing.
///
/// # Errors
/// When the database does not answer.
pub async fn drop_unloaded(conn: &mut PgConnection) -> Result<(), sqlx::Error> {
    sqlx::query("delete from restores where loaded_at is null").execute(conn).await?;
    Ok(())
}

/// The tables are full: in the transaction that filled them.
///
/// # Errors
/// When the database does not answer.
pub async fn set_loaded(conn: &mut PgConnection, restore_id: Uuid) -> Result<(), sqlx::Error> {
    sqlx::query("update restores set loaded_at = clock_timestamp() where restore_id = $1")
        .bind(restore_id)
        .execute(conn)
        .await?;
    Ok(())
}

/// All that was told after the backup is entered. From here on the service may start.
///
/// # Errors
/// When the database does not answer.
pub async fn set_known(conn: &mut PgConnection, restore_id: Uuid) -> Result<(), sqlx::Error> {
    sqlx::query("update restores set known_at = clock_timestamp() where restore_id = $1")
        .bind(restore_id)
        .execute(conn)
        .await?;
    Ok(())
}
