//! The table of registrations that wait for their code.

use chassis::vault::WrappedKey;
use chrono::{DateTime, Utc};
use sqlx::{FromRow, PgConnection};
use uuid::Uuid;

/// A registration as stored.
#[derive(FromRow)]
pub struct RegistrationRow {
    /// Which.
    pub registration_id: Uuid,
    /// Wrapped.
    pub data_key: WrappedKey,
    /// Encrypted.
    pub body: Vec<u8>,
}

/// Keeps a registration.
pub async fn add(
    conn: &mut PgConnection,
    registration: &RegistrationRow,
    contact_index: &[u8],
    now: DateTime<Utc>,
) -> Result<(), sqlx::Error> {
    sqlx::query(
        "insert into registrations (registration_id, contact_index, data_key, body, created_at)
         values ($1, $2, $3, $4, $5)",
    )
    .bind(registration.registration_id)
    .bind(contact_index)
    .bind(&registration.data_key)
    .bind(&registration.body)
    .bind(now)
    .execute(conn)
    .await?;
    Ok(())
}

/// The newest registration of a contact since a moment.
pub async fn newest_of_contact(
    conn: &mut PgConnection,
    contact_index: &[u8],
    since: DateTime<Utc>,
) -> Result<Option<Uuid>, sqlx::Error> {
    sqlx::query_scalar(
        "select registration_id from registrations where contact_index = $1 and created_at > $2
         order by created_at desc limit 1",
    )
    .bind(contact_index)
    .bind(since)
    .fetch_optional(conn)
    .await
}

/// Takes a registration out: only one transaction gets it.
pub async fn take(
    conn: &mut PgConnection,
    registration_id: Uuid,
) -> Result<Option<RegistrationRow>, sqlx::Error> {
    sqlx::query_as(
        "delete from registrations where registration_id = $1 returning registration_id, data_key, body",
    )
    .bind(registration_id)
    .fetch_optional(conn)
    .await
}

/// Deletes registrations from before a moment, at most `limit`; returns how many.
pub async fn forget(conn: &mut PgConnection, before: DateTime<Utc>, limit: i64) -> Result<u64, sqlx::Error> {
    let done = sqlx::query(
        "delete from registrations where registration_id in
         (select registration_id from registrations where created_at <= $1 limit $2 for update skip locked)",
    )
    .bind(before)
    .bind(limit)
    .execute(conn)
    .await?;
    Ok(done.rows_affected())
}
