//! Suggestions that two records are one person, and what was decided.

use chrono::{DateTime, Utc};
use proto::{AccountId, DuplicateId, SeekerId};
use sqlx::{FromRow, PgConnection};
use uuid::Uuid;

use crate::domain::duplicate::Decided;

/// A suggestion as stored.
#[derive(FromRow)]
pub struct DuplicateRow {
    /// Which.
    pub duplicate_id: Uuid,
    /// Who was here first.
    pub keep_id: Uuid,
    /// The other.
    pub other_id: Uuid,
    /// The helper whose registration made us think so.
    pub caused_by: Option<Uuid>,
    state: String,
    decided_at: Option<DateTime<Utc>>,
    /// Encrypted under the key of `keep`.
    pub before: Option<Vec<u8>>,
}

impl DuplicateRow {
    /// What became of it.
    pub fn decided(&self) -> Decided {
        match (self.state.as_str(), self.decided_at) {
            ("merged", Some(at)) => Decided::Merged(at),
            ("different", Some(at)) => Decided::Different(at),
            _ => Decided::Open,
        }
    }
}

/// People who could be the same as someone: they have this contact, or share it, and her first name.
/// The oldest first.
pub async fn alike(
    conn: &mut PgConnection,
    seeker_id: SeekerId,
    contact_index: &[u8],
    name_index: &[u8],
) -> Result<Vec<Uuid>, sqlx::Error> {
    sqlx::query_scalar(
        "select seeker_id from seekers
         where seeker_id <> $1 and merged_into is null and name_index = $3
           and (contact_index = $2 or contact_hint_index = $2)
         order by created_at, seeker_id limit 5",
    )
    .bind(seeker_id.0)
    .bind(contact_index)
    .bind(name_index)
    .fetch_all(conn)
    .await
}

/// Suggests that two records are one person, unless that was suggested before.
pub async fn suggest(
    conn: &mut PgConnection,
    duplicate_id: Uuid,
    keep: Uuid,
    other: Uuid,
    caused_by: Option<AccountId>,
    now: DateTime<Utc>,
) -> Result<(), sqlx::Error> {
    sqlx::query(
        "insert into duplicates (duplicate_id, keep_id, other_id, caused_by, state, suggested_at)
         values ($1, $2, $3, $4, 'open', $5)
         on conflict (keep_id, other_id) do nothing",
    )
    .bind(duplicate_id)
    .bind(keep)
    .bind(other)
    .bind(caused_by.map(|account| account.0))
    .bind(now)
    .execute(conn)
    .await?;
    Ok(())
}

/// Reads a suggestion and keeps others from deciding it until the transaction ends.
pub async fn lock(
    conn: &mut PgConnection,
    duplicate_id: DuplicateId,
) -> Result<Option<DuplicateRow>, sqlx::Error> {
    sqlx::query_as(
        "select duplicate_id, keep_id, other_id, caused_by, state, decided_at, before
         from duplicates where duplicate_id = $1 for update",
    )
    .bind(duplicate_id.0)
    .fetch_optional(conn)
    .await
}

/// Whose suggestions.
#[derive(Debug, Clone, Copy)]
pub enum Scope {
    /// Those about a person.
    About(SeekerId),
    /// Those that a helper caused.
    CausedBy(AccountId),
    /// The same, and those about two people who both agreed that an adviser thinks along.
    Advised(AccountId),
}

/// Suggestions, oldest first, at most 1,000: open ones, and with `decided_since` those that were decided
/// since.
pub async fn list(
    conn: &mut PgConnection,
    scope: Scope,
    decided_since: Option<DateTime<Utc>>,
) -> Result<Vec<DuplicateRow>, sqlx::Error> {
    let (about, caused_by, advised) = match scope {
        Scope::About(seeker) => (Some(seeker.0), None, false),
        Scope::CausedBy(account) => (None, Some(account.0), false),
        Scope::Advised(account) => (None, Some(account.0), true),
    };
    sqlx::query_as(
        "select duplicate_id, keep_id, other_id, caused_by, state, decided_at, before
         from duplicates
         where (state = 'open' or decided_at > $4)
           and (keep_id = $1 or other_id = $1 or caused_by = $2
                or $3 and (select given from consents where seeker_id = keep_id and purpose = 'adviser'
                           order by consent_id desc limit 1)
                      and (select given from consents where seeker_id = other_id and purpose = 'adviser'
                           order by consent_id desc limit 1))
         order by suggested_at, duplicate_id limit 1000",
    )
    .bind(about)
    .bind(caused_by)
    .bind(advised)
    .bind(decided_since)
    .fetch_all(conn)
    .await
}

/// Keeps what was decided. A merge comes with what it changed, encrypted.
pub async fn decide(
    conn: &mut PgConnection,
    duplicate_id: Uuid,
    decided: Decided,
    before: Option<&[u8]>,
) -> Result<(), sqlx::Error> {
    let (state, at) = match decided {
        Decided::Open => ("open", None),
        Decided::Merged(at) => ("merged", Some(at)),
        Decided::Different(at) => ("different", Some(at)),
    };
    sqlx::query("update duplicates set state = $2, decided_at = $3, before = $4 where duplicate_id = $1")
        .bind(duplicate_id)
        .bind(state)
        .bind(at)
        .bind(before)
        .execute(conn)
        .await?;
    Ok(())
}

/// Marks a record as another's, or as itself again.
pub async fn save_merged_into(
    conn: &mut PgConnection,
    seeker_id: Uuid,
    merged_into: Option<Uuid>,
) -> Result<(), sqlx::Error> {
    sqlx::query("update seekers set merged_into = $2 where seeker_id = $1")
        .bind(seeker_id)
        .bind(merged_into)
        .execute(conn)
        .await?;
    Ok(())
}

/// Takes back a helper who came with a merge.
pub async fn take_helper_back(
    conn: &mut PgConnection,
    seeker_id: Uuid,
    account_id: Uuid,
) -> Result<(), sqlx::Error> {
    sqlx::query("delete from helpers where seeker_id = $1 and account_id = $2")
        .bind(seeker_id)
        .bind(account_id)
        .execute(conn)
        .await?;
    Ok(())
}

/// Locks merges that were decided before a moment, and with them the records that go.
pub async fn take_final(
    conn: &mut PgConnection,
    before: DateTime<Utc>,
    limit: i64,
) -> Result<Vec<DuplicateRow>, sqlx::Error> {
    sqlx::query_as(
        "select duplicate_id, keep_id, other_id, caused_by, state, decided_at, before
         from duplicates where state = 'merged' and decided_at <= $1
         order by decided_at limit $2 for update skip locked",
    )
    .bind(before)
    .bind(limit)
    .fetch_all(conn)
    .await
}
