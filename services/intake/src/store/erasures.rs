//! The ledger of erasures, and deleting what refers to a person without going by itself.

use std::collections::BTreeMap;

use chrono::{DateTime, Utc};
use sqlx::{FromRow, PgConnection};
use uuid::Uuid;

/// One erasure in the ledger.
#[derive(FromRow)]
pub struct ErasureRow {
    /// Her id, now nobody's.
    pub seeker_id: Uuid,
    /// When.
    pub at: DateTime<Utc>,
    /// When the streams were seen to hold nothing about her any more.
    pub streams_clean_at: Option<DateTime<Utc>>,
    /// When everybody had confirmed.
    pub completed_at: Option<DateTime<Utc>>,
}

/// Writes an erasure down. The first look into the streams is due at once.
pub async fn add(
    conn: &mut PgConnection,
    seeker_id: Uuid,
    version: i64,
    now: DateTime<Utc>,
) -> Result<(), sqlx::Error> {
    sqlx::query("insert into erasures (seeker_id, at, version, look_at) values ($1, $2, $3, $2)")
        .bind(seeker_id)
        .bind(now)
        .bind(version)
        .execute(conn)
        .await?;
    Ok(())
}

/// Who is erased, with the version that says so, in the order of the ids.
pub async fn page(conn: &mut PgConnection, after: Uuid, limit: i64) -> Result<Vec<(Uuid, i64)>, sqlx::Error> {
    sqlx::query_as("select seeker_id, version from erasures where seeker_id > $1 order by seeker_id limit $2")
        .bind(after)
        .bind(limit)
        .fetch_all(conn)
        .await
}

/// Background ids that are erased: the tombstones that are nobody's in the ledger.
pub async fn page_of_backgrounds(
    conn: &mut PgConnection,
    after: Uuid,
    limit: i64,
) -> Result<Vec<Uuid>, sqlx::Error> {
    sqlx::query_scalar(
        "select aggregate_id from erased_aggregates
         where aggregate_id > $1 and not exists (select 1 from erasures where seeker_id = aggregate_id)
         order by aggregate_id limit $2",
    )
    .bind(after)
    .bind(limit)
    .fetch_all(conn)
    .await
}

/// Whether she is in the ledger.
pub async fn is_erased(conn: &mut PgConnection, seeker_id: Uuid) -> Result<bool, sqlx::Error> {
    sqlx::query_scalar("select exists (select 1 from erasures where seeker_id = $1)")
        .bind(seeker_id)
        .fetch_one(conn)
        .await
}

/// The records that were merged into hers: they are she.
pub async fn merged_into(conn: &mut PgConnection, seeker_id: Uuid) -> Result<Vec<Uuid>, sqlx::Error> {
    sqlx::query_scalar("select seeker_id from seekers where merged_into = $1 order by seeker_id")
        .bind(seeker_id)
        .fetch_all(conn)
        .await
}

/// Verbs whose answers hold sealed names or contact data of people that cannot be told apart from
/// outside: all of their first answers go. A repeat of such a call is then a new look, written down. Only calls
/// that may be repeated so stand here: without its first answer a repeated registration would be refused, or
/// would register someone anew who is erased.
const SEALED_ANSWERS: [&str; 2] = ["open_contact", "referrals"];

/// Deletes a person with everything that refers to her: by cascade, by her contact, as a receiver.
pub async fn delete_everything(conn: &mut PgConnection, seeker_id: Uuid) -> Result<(), sqlx::Error> {
    for statement in [
        // Registrations, confirmations and requests for a code that wait at her contact.
        "delete from registrations using seekers
         where seekers.seeker_id = $1 and registrations.contact_index = seekers.contact_index",
        "delete from arrivals using seekers
         where seekers.seeker_id = $1 and arrivals.contact_index = seekers.contact_index",
        "delete from arrivals where seeker_id = $1",
        "delete from ticket_contacts where seeker_id = $1",
        // Messages on their way: to her, and codes to her contact.
        "delete from dispatches using challenges, seekers
         where seekers.seeker_id = $1 and challenges.contact_index = seekers.contact_index
           and dispatches.cause = challenges.challenge_id",
        "delete from dispatches where recipient = $1 or cause = $1",
        "delete from challenges using seekers
         where seekers.seeker_id = $1 and challenges.contact_index = seekers.contact_index",
        "delete from letter_code_misses where by = $1",
        // Everything else goes with her row.
        "delete from seekers where seeker_id = $1",
    ] {
        sqlx::query(statement).bind(seeker_id).execute(&mut *conn).await?;
    }
    sqlx::query("delete from answers where verb = any($1) and answer is not null")
        .bind(SEALED_ANSWERS)
        .execute(conn)
        .await?;
    Ok(())
}

/// Keeps a background id to be erased on the hour, without a reference to her.
pub async fn add_background(
    conn: &mut PgConnection,
    background_id: Uuid,
    version: i64,
    due_at: DateTime<Utc>,
) -> Result<(), sqlx::Error> {
    sqlx::query(
        "insert into background_erasures (background_id, version, due_at) values ($1, $2, $3)
         on conflict (background_id) do nothing",
    )
    .bind(background_id)
    .bind(version)
    .bind(due_at)
    .execute(conn)
    .await?;
    Ok(())
}

/// Keeps others from writing in these rows of the ledger until the transaction ends. Whoever confirms last must
/// see the others, and two that confirm at one moment would each see itself alone.
pub async fn lock(conn: &mut PgConnection, ids: &[Uuid]) -> Result<(), sqlx::Error> {
    sqlx::query("select 1 from erasures where seeker_id = any($1) order by seeker_id for update")
        .bind(ids)
        .execute(conn)
        .await?;
    Ok(())
}

/// Writes down who confirmed. Returns how many were for nobody in the ledger.
pub async fn confirm(
    conn: &mut PgConnection,
    confirmations: &[(Uuid, &str)],
    now: DateTime<Utc>,
) -> Result<u64, sqlx::Error> {
    let ids: Vec<Uuid> = confirmations.iter().map(|(id, _)| *id).collect();
    let services: Vec<&str> = confirmations.iter().map(|(_, service)| *service).collect();
    let unknown: i64 = sqlx::query_scalar(
        "select count(*) from unnest($1::uuid[]) as t (id)
         where not exists (select 1 from erasures where seeker_id = t.id)",
    )
    .bind(&ids)
    .fetch_one(&mut *conn)
    .await?;
    // The first one counts.
    sqlx::query(
        "insert into erasure_confirmations (seeker_id, service, at)
         select distinct t.id, t.service, $3
         from unnest($1::uuid[], $2::text[]) as t (id, service)
         join erasures on erasures.seeker_id = t.id
         on conflict do nothing",
    )
    .bind(&ids)
    .bind(&services)
    .bind(now)
    .execute(conn)
    .await?;
    Ok(unknown.unsigned_abs())
}

/// Ends erasures that everybody of these services confirmed and whose streams are clean.
pub async fn complete(
    conn: &mut PgConnection,
    ids: &[Uuid],
    services: &[&str],
    now: DateTime<Utc>,
) -> Result<(), sqlx::Error> {
    sqlx::query(
        "update erasures set completed_at = $3
         where seeker_id = any($1) and completed_at is null and streams_clean_at is not null
           and (select count(*) from erasure_confirmations c
                where c.seeker_id = erasures.seeker_id and c.service = any($2)) = cardinality($2)",
    )
    .bind(ids)
    .bind(services)
    .bind(now)
    .execute(conn)
    .await?;
    Ok(())
}

/// Takes erasures whose streams are to be looked at, longest due first, and moves the next look ahead:
/// every two seconds for a minute, then twice as far each time, at most an hour. While `seeker_erased` waits
/// to be sent, an older event may be under way before it.
pub async fn take_due_looks(
    conn: &mut PgConnection,
    now: DateTime<Utc>,
    limit: i64,
) -> Result<Vec<Uuid>, sqlx::Error> {
    sqlx::query_scalar(
        "update erasures
         set looks = looks + 1,
             look_at = $1 + least(interval '1 hour', interval '2 seconds' * 2 ^ greatest(0, least(looks, 45) - 30))
         where seeker_id in (select seeker_id from erasures where look_at <= $1
                               and not exists (select 1 from outbox
                                               where aggregate_id = erasures.seeker_id and published_at is null)
                             order by look_at limit $2 for update skip locked)
         returning seeker_id",
    )
    .bind(now)
    .bind(limit)
    .fetch_all(conn)
    .await
}

/// Writes down that the streams hold nothing about them any more.
pub async fn streams_are_clean(
    conn: &mut PgConnection,
    ids: &[Uuid],
    now: DateTime<Utc>,
) -> Result<(), sqlx::Error> {
    sqlx::query(
        "update erasures set streams_clean_at = $2, look_at = null
         where seeker_id = any($1) and streams_clean_at is null",
    )
    .bind(ids)
    .bind(now)
    .execute(conn)
    .await?;
    Ok(())
}

/// How many are not complete that began before this moment.
pub async fn open_since(conn: &mut PgConnection, before: DateTime<Utc>) -> Result<i64, sqlx::Error> {
    sqlx::query_scalar("select count(*) from erasures where completed_at is null and at < $1")
        .bind(before)
        .fetch_one(conn)
        .await
}

/// Erasures, newest first.
pub async fn list(
    conn: &mut PgConnection,
    only_open: bool,
    limit: i64,
) -> Result<Vec<ErasureRow>, sqlx::Error> {
    sqlx::query_as(
        "select seeker_id, at, streams_clean_at, completed_at from erasures
         where not $1 or completed_at is null order by at desc, seeker_id limit $2",
    )
    .bind(only_open)
    .bind(limit)
    .fetch_all(conn)
    .await
}

/// Who confirmed, per person.
pub async fn confirmations_of(
    conn: &mut PgConnection,
    ids: &[Uuid],
) -> Result<BTreeMap<Uuid, Vec<(String, DateTime<Utc>)>>, sqlx::Error> {
    let rows: Vec<(Uuid, String, DateTime<Utc>)> =
        sqlx::query_as("select seeker_id, service, at from erasure_confirmations where seeker_id = any($1)")
            .bind(ids)
            .fetch_all(conn)
            .await?;
    let mut by_person: BTreeMap<_, Vec<_>> = BTreeMap::new();
    for (seeker_id, service, at) in rows {
        by_person.entry(seeker_id).or_default().push((service, at));
    }
    Ok(by_person)
}
