//! Sessions: opaque tokens, hashed at rest.

use std::collections::HashMap;

use chrono::{DateTime, TimeDelta, Utc};
use sha2::{Digest as _, Sha256};
use sqlx::{FromRow, PgConnection, PgPool};
use uuid::Uuid;

use crate::domain::session::SessionKind;

/// A row of `sessions`.
#[derive(Clone, FromRow)]
pub(crate) struct SessionRow {
    token_hash: Vec<u8>,
    pub(crate) kind: String,
    pub(crate) seeker_id: Option<Uuid>,
    pub(crate) account_id: Option<Uuid>,
    pub(crate) invitation_id: Option<Uuid>,
    pub(crate) totp_secret: Option<Vec<u8>>,
    pub(crate) started_at: DateTime<Utc>,
    pub(crate) seen_at: DateTime<Utc>,
}

impl SessionRow {
    /// Whether it can still be used.
    pub(crate) fn is_good(&self, now: DateTime<Utc>) -> bool {
        SessionKind::from_name(&self.kind)
            .is_some_and(|kind| kind.is_good(self.started_at, self.seen_at, now))
    }

    /// Whether it is to be noted that it is used now: once a minute. In a rush most visits write nothing, so they ask nothing.
    pub(crate) fn is_to_be_noted(&self, now: DateTime<Utc>) -> bool {
        self.seen_at < now - TimeDelta::minutes(1)
    }
}

/// Whose session to begin.
#[derive(Debug, Clone)]
pub(crate) enum Of {
    /// A job-seeker.
    Seeker(Uuid),
    /// Staff, fully signed in.
    Staff(Uuid),
    /// Staff after the password.
    HalfWay(Uuid),
    /// Someone accepting an invitation, with the secret for her app, encrypted.
    Invited(Uuid, Vec<u8>),
}

fn hash(token: &str) -> Vec<u8> {
    // A token has 192 bits of randomness, so a plain hash is enough.
    Sha256::digest(token.as_bytes()).to_vec()
}

/// Begins a session under a new token; none for someone who is erased.
pub(crate) async fn begin(
    conn: &mut PgConnection,
    token: &str,
    of: &Of,
    now: DateTime<Utc>,
) -> Result<(), sqlx::Error> {
    let (kind, seeker, account, invitation, secret) = match of {
        Of::Seeker(id) => (SessionKind::Seeker, Some(*id), None, None, None),
        Of::Staff(id) => (SessionKind::Staff, None, Some(*id), None, None),
        Of::HalfWay(id) => (SessionKind::HalfWay, None, Some(*id), None, None),
        Of::Invited(id, secret) => (SessionKind::Invited, None, None, Some(*id), Some(secret)),
    };
    sqlx::query(
        "insert into sessions (token_hash, kind, seeker_id, account_id, invitation_id, totp_secret, started_at, seen_at)
         select $1, $2, $3, $4, $5, $6, $7, $7
         where not exists (select 1 from erased_aggregates where aggregate_id = $3)",
    )
    .bind(hash(token))
    .bind(kind.name())
    .bind(seeker)
    .bind(account)
    .bind(invitation)
    .bind(secret)
    .bind(now)
    .execute(conn)
    .await?;
    Ok(())
}

/// What is stored under these tokens, each in its place: nothing where there is none.
pub(crate) async fn find(pool: &PgPool, tokens: &[String]) -> Result<Vec<Option<SessionRow>>, sqlx::Error> {
    let hashes: Vec<Vec<u8>> = tokens.iter().map(|token| hash(token)).collect();
    let rows: Vec<SessionRow> = sqlx::query_as(
        "select token_hash, kind, seeker_id, account_id, invitation_id, totp_secret, started_at, seen_at
         from sessions where token_hash = any($1)",
    )
    .bind(&hashes)
    .fetch_all(pool)
    .await?;
    let rows: HashMap<Vec<u8>, SessionRow> =
        rows.into_iter().map(|row| (row.token_hash.clone(), row)).collect();
    // Two visits of one browser have the same token.
    Ok(hashes.iter().map(|hash| rows.get(hash).cloned()).collect())
}

/// Notes that a session was used, at most once a minute.
pub(crate) async fn seen(pool: &PgPool, token: &str, now: DateTime<Utc>) -> Result<(), sqlx::Error> {
    sqlx::query(
        "update sessions set seen_at = $2 where token_hash = $1 and seen_at < $2 - interval '1 minute'",
    )
    .bind(hash(token))
    .bind(now)
    .execute(pool)
    .await?;
    Ok(())
}

/// Ends a session on the server's side.
pub(crate) async fn end(conn: &mut PgConnection, token: &str) -> Result<(), sqlx::Error> {
    sqlx::query("delete from sessions where token_hash = $1").bind(hash(token)).execute(conn).await?;
    Ok(())
}

/// Ends every session of a job-seeker.
pub(crate) async fn end_of_seeker(conn: &mut PgConnection, seeker_id: Uuid) -> Result<(), sqlx::Error> {
    sqlx::query("delete from sessions where seeker_id = $1").bind(seeker_id).execute(conn).await?;
    Ok(())
}

/// Ends every session of everybody; returns how many.
pub(crate) async fn end_all(conn: &mut PgConnection) -> Result<u64, sqlx::Error> {
    Ok(sqlx::query("delete from sessions").execute(conn).await?.rows_affected())
}

/// Deletes what can no longer be used: old sessions, failures, lapsed invitations.
pub(crate) async fn sweep(pool: &PgPool, now: DateTime<Utc>) -> Result<(), sqlx::Error> {
    sqlx::query(
        "delete from sessions where started_at < $1 - interval '30 days' or seen_at < $1 - interval '24 hours'",
    )
    .bind(now)
    .execute(pool)
    .await?;
    // A session that began in the very moment of an erasure.
    sqlx::query("delete from sessions where seeker_id in (select aggregate_id from erased_aggregates)")
        .execute(pool)
        .await?;
    sqlx::query("delete from sign_in_failures where at < $1 - interval '1 hour'")
        .bind(now)
        .execute(pool)
        .await?;
    sqlx::query("delete from invitations where accepted_at is null and expires_at < $1 - interval '30 days'")
        .bind(now)
        .execute(pool)
        .await?;
    Ok(())
}
