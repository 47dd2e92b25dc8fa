//! The table of contacts at which a confirmation is expected.

use chassis::vault::WrappedKey;
use chrono::{DateTime, Utc};
use sqlx::{FromRow, PgConnection};
use uuid::Uuid;

/// Somebody whose confirmation is expected, as stored.
#[derive(FromRow)]
pub struct ArrivalRow {
    /// Of her contact.
    pub contact_index: Vec<u8>,
    /// Hers, also before she is a person.
    pub seeker_id: Uuid,
    /// Wrapped; its owner is [`Self::seeker_id`] of the moment when it was made.
    pub data_key: WrappedKey,
    /// Encrypted.
    pub body: Vec<u8>,
}

/// Keeps that these are expected, each contact once. Returns the id that belongs to each contact: who is known has
/// hers already, who came before keeps the one that she got then.
pub async fn expect(
    conn: &mut PgConnection,
    arrivals: &[ArrivalRow],
    is_known: &[bool],
    now: DateTime<Utc>,
) -> Result<Vec<(Vec<u8>, Uuid)>, sqlx::Error> {
    // In the order of the contacts: two lists with the same people then never wait for each other crosswise.
    sqlx::query_as(
        "with given as (
             select * from unnest($1::bytea[], $2::uuid[], $3::bytea[], $4::bytea[], $5::boolean[])
                  as t (contact_index, seeker_id, data_key, body, is_known)
         )
         insert into arrivals (contact_index, seeker_id, data_key, body, asked_at)
         select contact_index, seeker_id, data_key, body, $6 from given order by contact_index
         on conflict (contact_index) do update
         set asked_at = excluded.asked_at,
             -- The key belongs to the id, so they change together.
             (seeker_id, data_key, body) = (
                 select case when is_known then excluded.seeker_id else arrivals.seeker_id end,
                        case when is_known then excluded.data_key else arrivals.data_key end,
                        case when is_known then excluded.body else arrivals.body end
                 from given where given.contact_index = excluded.contact_index)
         returning contact_index, seeker_id",
    )
    .bind(arrivals.iter().map(|arrival| &*arrival.contact_index).collect::<Vec<_>>())
    .bind(arrivals.iter().map(|arrival| arrival.seeker_id).collect::<Vec<_>>())
    .bind(arrivals.iter().map(|arrival| arrival.data_key.clone()).collect::<Vec<_>>())
    .bind(arrivals.iter().map(|arrival| &*arrival.body).collect::<Vec<_>>())
    .bind(is_known)
    .bind(now)
    .fetch_all(conn)
    .await
}

/// Who is expected at a contact since a moment.
pub async fn find(
    conn: &mut PgConnection,
    contact_index: &[u8],
    since: DateTime<Utc>,
) -> Result<Option<Uuid>, sqlx::Error> {
    sqlx::query_scalar("select seeker_id from arrivals where contact_index = $1 and asked_at > $2")
        .bind(contact_index)
        .bind(since)
        .fetch_optional(conn)
        .await
}

/// The contact at which she is expected since a moment.
pub async fn contact_of(
    conn: &mut PgConnection,
    seeker_id: Uuid,
    since: DateTime<Utc>,
) -> Result<Option<Vec<u8>>, sqlx::Error> {
    sqlx::query_scalar(
        "select contact_index from arrivals where seeker_id = $1 and asked_at > $2
         order by asked_at desc limit 1",
    )
    .bind(seeker_id)
    .bind(since)
    .fetch_optional(conn)
    .await
}

/// Takes out who is expected at a contact since a moment: only one transaction gets it.
pub async fn take(
    conn: &mut PgConnection,
    contact_index: &[u8],
    since: DateTime<Utc>,
) -> Result<Option<ArrivalRow>, sqlx::Error> {
    sqlx::query_as(
        "delete from arrivals where contact_index = $1 and asked_at > $2
         returning contact_index, seeker_id, data_key, body",
    )
    .bind(contact_index)
    .bind(since)
    .fetch_optional(conn)
    .await
}

/// Takes out that she is expected, wherever; returns whether she was.
pub async fn take_of(conn: &mut PgConnection, seeker_id: Uuid) -> Result<bool, sqlx::Error> {
    let done = sqlx::query("delete from arrivals where seeker_id = $1").bind(seeker_id).execute(conn).await?;
    Ok(done.rows_affected() > 0)
}

/// Deletes who was expected before a moment and did not come, at most `limit`; returns how many.
pub async fn forget(conn: &mut PgConnection, before: DateTime<Utc>, limit: i64) -> Result<u64, sqlx::Error> {
    let done = sqlx::query(
        "delete from arrivals where contact_index in
         (select contact_index from arrivals where asked_at <= $1 limit $2 for update skip locked)",
    )
    .bind(before)
    .bind(limit)
    .execute(conn)
    .await?;
    Ok(done.rows_affected())
}
