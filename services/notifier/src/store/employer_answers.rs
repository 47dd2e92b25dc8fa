//! What employers answered, and what of it was told.

use chrono::{DateTime, Utc};
use proto::matcher::EmployerAnswer;
use sqlx::{FromRow, PgConnection};
use uuid::Uuid;

/// What a proposal says now.
pub struct Heard {
    /// Which proposal.
    pub proposal_id: Uuid,
    /// Whose.
    pub seeker_id: Uuid,
    /// Of the proposal.
    pub version: i64,
    /// What the employer answers, if she is to hear it.
    pub answer: Option<EmployerAnswer>,
    /// From then on it makes no sense any more.
    pub expires_at: DateTime<Utc>,
}

/// An answer that somebody tells now.
#[derive(FromRow)]
pub struct Claimed {
    /// Of which proposal.
    pub proposal_id: Uuid,
    /// To whom.
    pub seeker_id: Uuid,
    /// Of the proposal.
    pub version: i64,
    /// Its name.
    pub answer: String,
    /// From then on it makes no sense any more.
    pub expires_at: DateTime<Utc>,
}

/// Keeps it if it is newer; due at once when the answer is not what she was told last.
pub async fn keep(conn: &mut PgConnection, heard: &Heard, now: DateTime<Utc>) -> Result<(), sqlx::Error> {
    sqlx::query(
        "insert into employer_answers (proposal_id, seeker_id, version, answer, due_at, expires_at)
         values ($1, $2, $3, $4, case when $4 is not null then $6 end, $5)
         on conflict (proposal_id) do update
         set version = excluded.version, answer = excluded.answer, expires_at = excluded.expires_at,
             due_at = case when excluded.answer is distinct from employer_answers.told then excluded.due_at end
         where employer_answers.version < excluded.version",
    )
    .bind(heard.proposal_id)
    .bind(heard.seeker_id)
    .bind(heard.version)
    .bind(heard.answer.map(EmployerAnswer::name))
    .bind(heard.expires_at)
    .bind(now)
    .execute(conn)
    .await?;
    Ok(())
}

/// Gives up what is too late.
pub async fn expire(conn: &mut PgConnection, now: DateTime<Utc>) -> Result<(), sqlx::Error> {
    sqlx::query("update employer_answers set due_at = null where due_at <= $1 and expires_at <= $1")
        .bind(now)
        .execute(conn)
        .await?;
    Ok(())
}

/// Claims answers that are due, oldest first: nobody else gets them before `until`.
pub async fn claim(
    conn: &mut PgConnection,
    now: DateTime<Utc>,
    until: DateTime<Utc>,
    limit: i64,
) -> Result<Vec<Claimed>, sqlx::Error> {
    sqlx::query_as(
        "update employer_answers set due_at = $2
         where proposal_id in (select proposal_id from employer_answers where due_at <= $1
                               order by due_at limit $3 for update skip locked)
         returning proposal_id, seeker_id, version, answer, expires_at",
    )
    .bind(now)
    .bind(until)
    .bind(limit)
    .fetch_all(conn)
    .await
}

/// Writes down that she was told; false when this version is no longer the last one, or was told before.
pub async fn is_told(
    conn: &mut PgConnection,
    proposal_id: Uuid,
    version: i64,
    answer: &str,
) -> Result<bool, sqlx::Error> {
    let done = sqlx::query(
        "update employer_answers set told = $3, due_at = null
         where proposal_id = $1 and version = $2 and told is distinct from $3 and due_at is not null",
    )
    .bind(proposal_id)
    .bind(version)
    .bind(answer)
    .execute(conn)
    .await?;
    Ok(done.rows_affected() == 1)
}

/// Deletes what was kept about somebody.
pub async fn delete_of(conn: &mut PgConnection, seeker_id: Uuid) -> Result<(), sqlx::Error> {
    sqlx::query("delete from employer_answers where seeker_id = $1").bind(seeker_id).execute(conn).await?;
    Ok(())
}
