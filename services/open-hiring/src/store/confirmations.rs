//! Confirmations that overtook their sign-up.

use chrono::{DateTime, Utc};
use proto::SeekerId;
use sqlx::PgConnection;
use uuid::Uuid;

/// Notes that these people were confirmed now.
pub(crate) async fn note(
    conn: &mut PgConnection,
    seekers: &[Uuid],
    at: DateTime<Utc>,
) -> Result<(), sqlx::Error> {
    if seekers.is_empty() {
        return Ok(());
    }
    sqlx::query(
        "insert into confirmations (seeker_id, at)
         select distinct id, $2::timestamptz from unnest($1::uuid[]) as t (id) order by id
         on conflict (seeker_id) do update set at = greatest(confirmations.at, excluded.at)",
    )
    .bind(seekers)
    .bind(at)
    .execute(conn)
    .await?;
    Ok(())
}

/// Who of these was confirmed since a moment.
pub(crate) async fn since(
    conn: &mut PgConnection,
    seekers: &[Uuid],
    moment: DateTime<Utc>,
) -> Result<Vec<Uuid>, sqlx::Error> {
    sqlx::query_scalar("select seeker_id from confirmations where seeker_id = any($1) and at >= $2")
        .bind(seekers)
        .bind(moment)
        .fetch_all(conn)
        .await
}

/// Forgets what is older.
pub(crate) async fn forget_before(conn: &mut PgConnection, moment: DateTime<Utc>) -> Result<(), sqlx::Error> {
    sqlx::query("delete from confirmations where at < $1").bind(moment).execute(conn).await?;
    Ok(())
}

/// Forgets somebody.
pub(crate) async fn forget(conn: &mut PgConnection, seeker_id: SeekerId) -> Result<(), sqlx::Error> {
    sqlx::query("delete from confirmations where seeker_id = $1").bind(seeker_id.0).execute(conn).await?;
    Ok(())
}
