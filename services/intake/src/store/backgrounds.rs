//! Background facts that were taken back, waiting for the hour; `erasures::add_background` puts them here.

use chrono::{DateTime, Utc};
use sqlx::PgConnection;
use uuid::Uuid;

/// Takes out what is due, with the version to erase at; by id: an order that says nothing about when it
/// was taken back.
pub async fn take_due(
    conn: &mut PgConnection,
    now: DateTime<Utc>,
    limit: i64,
) -> Result<Vec<(Uuid, i64)>, sqlx::Error> {
    sqlx::query_as(
        "with due as (
             select background_id from background_erasures where due_at <= $1
             order by background_id limit $2 for update skip locked
         ), taken as (
             delete from background_erasures using due
             where background_erasures.background_id = due.background_id
             returning background_erasures.background_id, version
         )
         select background_id, version from taken order by background_id",
    )
    .bind(now)
    .bind(limit)
    .fetch_all(conn)
    .await
}

/// Raises the version of one that waits for its hour; false when it does not wait.
pub async fn raise(conn: &mut PgConnection, background_id: Uuid, version: i64) -> Result<bool, sqlx::Error> {
    let done = sqlx::query(
        "update background_erasures set version = greatest(version, $2) where background_id = $1",
    )
    .bind(background_id)
    .bind(version)
    .execute(conn)
    .await?;
    Ok(done.rows_affected() == 1)
}
