//! The table of code messages on their way to the notifier.

use chrono::{DateTime, Utc};
use sqlx::{FromRow, PgConnection};
use uuid::Uuid;

/// A message to hand over.
#[derive(FromRow)]
pub struct Dispatch {
    /// The request for a code that caused it.
    pub challenge_id: Uuid,
    /// Sealed to the notifier, in base64.
    pub notice: String,
    /// From then on it makes no sense any more.
    pub expires_at: DateTime<Utc>,
    /// How often it was tried, this time included.
    pub attempts: i32,
}

/// What became of a message.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Outcome {
    /// The notifier has it.
    Accepted,
    /// The notifier will never take it.
    Refused,
    /// To be tried again.
    Later(DateTime<Utc>),
}

/// Keeps a message to hand over; without a notice, only the fact that none goes out.
pub async fn add(
    conn: &mut PgConnection,
    challenge_id: Uuid,
    notice: Option<&str>,
    expires_at: DateTime<Utc>,
    now: DateTime<Utc>,
) -> Result<(), sqlx::Error> {
    sqlx::query(
        "insert into dispatches (challenge_id, notice, expires_at, due_at, outcome, ended_at)
         values ($1, $2, $3, $4, case when $2 is null then 'silent' end, case when $2 is null then $4 end)",
    )
    .bind(challenge_id)
    .bind(notice)
    .bind(expires_at)
    .bind(now)
    .execute(conn)
    .await?;
    Ok(())
}

/// Blanks messages that are too late; returns how many.
pub async fn expire(conn: &mut PgConnection, now: DateTime<Utc>) -> Result<u64, sqlx::Error> {
    let done = sqlx::query(
        "update dispatches set notice = null, outcome = 'expired', ended_at = $1
         where challenge_id in (select challenge_id from dispatches
                                where notice is not null and due_at <= $1 and expires_at <= $1
                                limit 1000 for update skip locked)",
    )
    .bind(now)
    .execute(conn)
    .await?;
    Ok(done.rows_affected())
}

/// Claims messages that are due, oldest first: nobody else gets them before `until`. A claim that is
/// never ended, because the process died, runs out by itself.
pub async fn claim(
    conn: &mut PgConnection,
    now: DateTime<Utc>,
    until: DateTime<Utc>,
    limit: i64,
) -> Result<Vec<Dispatch>, sqlx::Error> {
    sqlx::query_as(
        "update dispatches set due_at = $2, attempts = attempts + 1
         where challenge_id in (select challenge_id from dispatches
                                where notice is not null and due_at <= $1
                                order by due_at limit $3 for update skip locked)
         returning challenge_id, notice, expires_at, attempts",
    )
    .bind(now)
    .bind(until)
    .bind(limit)
    .fetch_all(conn)
    .await
}

/// Writes down what became of a message; one that ended is blanked.
pub async fn end(
    conn: &mut PgConnection,
    challenge_id: Uuid,
    outcome: Outcome,
    now: DateTime<Utc>,
) -> Result<(), sqlx::Error> {
    let (name, due_at) = match outcome {
        Outcome::Accepted => (Some("accepted"), now),
        Outcome::Refused => (Some("refused"), now),
        Outcome::Later(due_at) => (None, due_at),
    };
    sqlx::query(
        "update dispatches
         set outcome = $2, due_at = $3,
             notice = case when $2 is null then notice end,
             ended_at = case when $2 is null then null else $4 end
         where challenge_id = $1 and notice is not null",
    )
    .bind(challenge_id)
    .bind(name)
    .bind(due_at)
    .bind(now)
    .execute(conn)
    .await?;
    Ok(())
}
