//! The table of codes that stand in letters and messages, and of misses.

use chrono::{DateTime, Utc};
use sqlx::PgConnection;
use uuid::Uuid;

/// Keeps a code.
pub async fn add(
    conn: &mut PgConnection,
    code_hash: &[u8],
    seeker_id: Uuid,
    expires_at: DateTime<Utc>,
) -> Result<(), sqlx::Error> {
    sqlx::query("insert into letter_codes (code_hash, seeker_id, expires_at) values ($1, $2, $3)")
        .bind(code_hash)
        .bind(seeker_id)
        .bind(expires_at)
        .execute(conn)
        .await?;
    Ok(())
}

/// Whose code this is, while it works.
pub async fn person(
    conn: &mut PgConnection,
    code_hash: &[u8],
    now: DateTime<Utc>,
) -> Result<Option<Uuid>, sqlx::Error> {
    sqlx::query_scalar(
        "select seeker_id from letter_codes where code_hash = $1 and used_at is null and expires_at > $2",
    )
    .bind(code_hash)
    .bind(now)
    .fetch_optional(conn)
    .await
}

/// Ends every code of a person: she is in by herself now.
pub async fn end(conn: &mut PgConnection, seeker_id: Uuid, now: DateTime<Utc>) -> Result<(), sqlx::Error> {
    sqlx::query("update letter_codes set used_at = $2 where seeker_id = $1 and used_at is null")
        .bind(seeker_id)
        .bind(now)
        .execute(conn)
        .await?;
    Ok(())
}

/// Makes tries of one guesser wait for each other until the transaction ends, so that misses can be
/// counted; returns how many there were since a moment.
pub async fn misses_since(
    conn: &mut PgConnection,
    by: Uuid,
    since: DateTime<Utc>,
) -> Result<i64, sqlx::Error> {
    sqlx::query("select pg_advisory_xact_lock(hashtext('intake.letter_code'), hashtext($1::text))")
        .bind(by)
        .execute(&mut *conn)
        .await?;
    sqlx::query_scalar("select count(*) from letter_code_misses where by = $1 and at > $2")
        .bind(by)
        .bind(since)
        .fetch_one(conn)
        .await
}

/// Counts a miss.
pub async fn miss(conn: &mut PgConnection, by: Uuid, now: DateTime<Utc>) -> Result<(), sqlx::Error> {
    sqlx::query("insert into letter_code_misses (by, at) values ($1, $2)")
        .bind(by)
        .bind(now)
        .execute(conn)
        .await?;
    Ok(())
}

/// Deletes codes that expired and misses from before a moment.
pub async fn forget(conn: &mut PgConnection, before: DateTime<Utc>) -> Result<(), sqlx::Error> {
    sqlx::query("delete from letter_codes where expires_at <= $1").bind(before).execute(&mut *conn).await?;
    sqlx::query("delete from letter_code_misses where at <= $1").bind(before).execute(conn).await?;
    Ok(())
}
