//! The table of requests for a code.

use chrono::{DateTime, Utc};
use proto::intake::ContactReason;
use sqlx::{FromRow, PgConnection};
use uuid::Uuid;

use crate::domain::challenge::{Challenge, Purpose};

/// A request for a code as stored.
#[derive(FromRow)]
pub struct ChallengeRow {
    /// Whose contact.
    pub contact_index: Vec<u8>,
    /// The registration that the code finishes.
    pub registration_id: Option<Uuid>,
    /// Whose contact it will be.
    pub seeker_id: Option<Uuid>,
    /// That contact, encrypted under her key.
    pub contact: Option<Vec<u8>>,
    /// The helper who asked.
    pub account_id: Option<Uuid>,
    /// Why a professional asked.
    pub reason: Option<String>,
    /// Keyed hash of the code, or of something that nobody knows.
    pub code_hash: Vec<u8>,
    purpose: String,
    tries: i16,
    expires_at: DateTime<Utc>,
    used_at: Option<DateTime<Utc>>,
}

impl ChallengeRow {
    /// What the code is for.
    pub fn purpose(&self) -> Purpose {
        Purpose::from_name(&self.purpose).expect("the table checks purposes")
    }

    /// What the rules need to know.
    pub fn challenge(&self) -> Challenge {
        Challenge {
            tries: u8::try_from(self.tries).expect("the table checks tries"),
            expires_at: self.expires_at,
            used: self.used_at.is_some(),
        }
    }
}

/// A request for a code to add.
pub struct NewChallenge<'a> {
    /// Which.
    pub challenge_id: Uuid,
    /// Whose contact.
    pub contact_index: &'a [u8],
    /// What the code is for.
    pub purpose: Purpose,
    /// The registration that the code finishes.
    pub registration_id: Option<Uuid>,
    /// Whose contact it will be.
    pub seeker_id: Option<Uuid>,
    /// That contact, encrypted under her key.
    pub contact: Option<&'a [u8]>,
    /// The helper who asks.
    pub account_id: Option<Uuid>,
    /// Why a professional asks.
    pub reason: Option<ContactReason>,
    /// Keyed hash of the code, or of something that nobody knows.
    pub code_hash: &'a [u8],
    /// Whether a message goes out.
    pub sends: bool,
    /// From then on the code does not work.
    pub expires_at: DateTime<Utc>,
}

/// Makes requests for one contact wait for each other until the transaction ends, so that they can
/// be counted.
pub async fn take_turns(conn: &mut PgConnection, contact_index: &[u8]) -> Result<(), sqlx::Error> {
    // Two contacts that share these four bytes wait for each other now and then; that is all.
    let key = contact_index.first_chunk().map_or(0, |bytes| i32::from_be_bytes(*bytes));
    sqlx::query(
        "select pg_advisory_xact_lock_shared(hashtext('intake.contact'), hashtext('all')),
                pg_advisory_xact_lock(hashtext('intake.contact.one'), $1)",
    )
    .bind(key)
    .execute(conn)
    .await?;
    Ok(())
}

/// The same for a list of contacts. More than one wait for whoever has any: hundreds of locks at once would fill
/// PostgreSQL's table of locks, and two lists would wait for each other crosswise.
pub async fn take_turns_of(conn: &mut PgConnection, contact_indexes: &[&[u8]]) -> Result<(), sqlx::Error> {
    match contact_indexes {
        [] => Ok(()),
        [one] => take_turns(conn, one).await,
        _ => {
            sqlx::query("select pg_advisory_xact_lock(hashtext('intake.contact'), hashtext('all'))")
                .execute(conn)
                .await?;
            Ok(())
        }
    }
}

/// How many messages went to each of these contacts since a moment; those that got none are left out.
pub async fn messages_since(
    conn: &mut PgConnection,
    contact_indexes: &[&[u8]],
    since: DateTime<Utc>,
) -> Result<Vec<(Vec<u8>, i64)>, sqlx::Error> {
    sqlx::query_as(
        "select contact_index, count(*) from challenges
         where contact_index = any($1) and sends and created_at > $2 group by contact_index",
    )
    .bind(contact_indexes)
    .bind(since)
    .fetch_all(conn)
    .await
}

/// Keeps requests.
pub async fn add(
    conn: &mut PgConnection,
    challenges: &[NewChallenge<'_>],
    now: DateTime<Utc>,
) -> Result<(), sqlx::Error> {
    fn column<'a, T>(all: &'a [NewChallenge<'a>], of: impl Fn(&NewChallenge<'a>) -> T) -> Vec<T> {
        all.iter().map(of).collect()
    }
    sqlx::query(
        "insert into challenges (challenge_id, contact_index, registration_id, code_hash, sends, created_at,
                                 expires_at, purpose, seeker_id, contact, account_id, reason)
         select challenge_id, contact_index, registration_id, code_hash, sends, $6, expires_at, purpose, seeker_id,
                contact, account_id, reason
         from unnest($1::uuid[], $2::bytea[], $3::uuid[], $4::bytea[], $5::boolean[], $7::timestamptz[], $8::text[],
                     $9::uuid[], $10::bytea[], $11::uuid[], $12::text[])
              as t (challenge_id, contact_index, registration_id, code_hash, sends, expires_at, purpose, seeker_id,
                    contact, account_id, reason)",
    )
    .bind(column(challenges, |one| one.challenge_id))
    .bind(column(challenges, |one| one.contact_index))
    .bind(column(challenges, |one| one.registration_id))
    .bind(column(challenges, |one| one.code_hash))
    .bind(column(challenges, |one| one.sends))
    .bind(now)
    .bind(column(challenges, |one| one.expires_at))
    .bind(column(challenges, |one| one.purpose.name()))
    .bind(column(challenges, |one| one.seeker_id))
    .bind(column(challenges, |one| one.contact))
    .bind(column(challenges, |one| one.account_id))
    .bind(column(challenges, |one| one.reason.map(ContactReason::name)))
    .execute(conn)
    .await?;
    Ok(())
}

/// Reads a request and makes other codes for it wait, so that tries are counted one by one.
pub async fn lock(conn: &mut PgConnection, challenge_id: Uuid) -> Result<Option<ChallengeRow>, sqlx::Error> {
    sqlx::query_as(
        "select contact_index, registration_id, seeker_id, contact, account_id, reason, code_hash, purpose, tries,
                expires_at, used_at
         from challenges where challenge_id = $1 for update",
    )
    .bind(challenge_id)
    .fetch_optional(conn)
    .await
}

/// Counts a wrong code.
pub async fn count_try(conn: &mut PgConnection, challenge_id: Uuid) -> Result<(), sqlx::Error> {
    sqlx::query("update challenges set tries = tries + 1 where challenge_id = $1")
        .bind(challenge_id)
        .execute(conn)
        .await?;
    Ok(())
}

/// Marks the right code as used.
pub async fn mark_used(
    conn: &mut PgConnection,
    challenge_id: Uuid,
    now: DateTime<Utc>,
) -> Result<(), sqlx::Error> {
    sqlx::query("update challenges set used_at = $2 where challenge_id = $1")
        .bind(challenge_id)
        .bind(now)
        .execute(conn)
        .await?;
    Ok(())
}

/// Deletes messages that ended before a moment, at most `limit`; returns how many. What nobody took is
/// ended by its own time.
pub async fn forget_messages(
    conn: &mut PgConnection,
    before: DateTime<Utc>,
    limit: i64,
) -> Result<u64, sqlx::Error> {
    let done = sqlx::query(
        "delete from dispatches where key in
         (select key from dispatches where ended_at <= $1 limit $2 for update skip locked)",
    )
    .bind(before)
    .bind(limit)
    .execute(conn)
    .await?;
    Ok(done.rows_affected())
}

/// Deletes requests from before a moment with their messages, at most `limit`; returns how many.
pub async fn forget(conn: &mut PgConnection, before: DateTime<Utc>, limit: i64) -> Result<u64, sqlx::Error> {
    let gone: Vec<Uuid> = sqlx::query_scalar(
        "delete from challenges where challenge_id in
         (select challenge_id from challenges where created_at <= $1 limit $2 for update skip locked)
         returning challenge_id",
    )
    .bind(before)
    .bind(limit)
    .fetch_all(&mut *conn)
    .await?;
    sqlx::query("delete from dispatches where cause = any($1)").bind(&gone).execute(conn).await?;
    Ok(gone.len() as u64)
}
