//! The table of who may help whom, and until when.

use chrono::{DateTime, Utc};
use proto::{Actor, SeekerId};
use sqlx::{FromRow, PgConnection};
use uuid::Uuid;

use crate::domain::may::{Standing, is_helper};

/// A helper of one person as stored.
#[derive(FromRow)]
pub struct HelperRow {
    /// The person.
    pub seeker_id: Uuid,
    /// The account.
    pub account_id: Uuid,
    /// Encrypted under her key.
    pub helper: Vec<u8>,
    /// Since when.
    pub since: DateTime<Utc>,
    /// Until when.
    pub until: DateTime<Utc>,
    /// When it was ended before its time.
    pub ended_at: Option<DateTime<Utc>>,
}

/// Lets an account help a person.
pub async fn add(conn: &mut PgConnection, helper: &HelperRow) -> Result<(), sqlx::Error> {
    sqlx::query(
        "insert into helpers (seeker_id, account_id, helper, since, until, ended_at)
         values ($1, $2, $3, $4, $5, $6)",
    )
    .bind(helper.seeker_id)
    .bind(helper.account_id)
    .bind(&helper.helper)
    .bind(helper.since)
    .bind(helper.until)
    .bind(helper.ended_at)
    .execute(conn)
    .await?;
    Ok(())
}

/// Her helpers, newest first; those whose access ended before a moment are left out.
pub async fn of_person(
    conn: &mut PgConnection,
    seeker_id: Uuid,
    ended_after: DateTime<Utc>,
) -> Result<Vec<HelperRow>, sqlx::Error> {
    sqlx::query_as(
        "select seeker_id, account_id, helper, since, until, ended_at from helpers
         where seeker_id = $1 and least(until, coalesce(ended_at, until)) > $2
         order by since desc, account_id",
    )
    .bind(seeker_id)
    .bind(ended_after)
    .fetch_all(conn)
    .await
}

/// One helper of hers whose access runs.
pub async fn running(
    conn: &mut PgConnection,
    seeker_id: Uuid,
    account_id: Uuid,
    now: DateTime<Utc>,
) -> Result<Option<HelperRow>, sqlx::Error> {
    sqlx::query_as(
        "select seeker_id, account_id, helper, since, until, ended_at from helpers
         where seeker_id = $1 and account_id = $2 and until > $3 and ended_at is null",
    )
    .bind(seeker_id)
    .bind(account_id)
    .bind(now)
    .fetch_optional(conn)
    .await
}

/// How an actor stands to a person at a moment.
pub async fn standing(
    conn: &mut PgConnection,
    actor: &Actor,
    seeker_id: SeekerId,
    now: DateTime<Utc>,
) -> Result<Standing, sqlx::Error> {
    match actor {
        Actor::Seeker { seeker_id: own } if *own == seeker_id => Ok(Standing::Herself),
        Actor::Account { account_id, .. } if is_helper(actor) => {
            let running = running(conn, seeker_id.0, account_id.0, now).await?;
            Ok(if running.is_some() { Standing::Helper } else { Standing::Stranger })
        }
        Actor::Visitor | Actor::Seeker { .. } | Actor::Account { .. } | Actor::Service { .. } => {
            Ok(Standing::Stranger)
        }
    }
}

/// Lets a helper go on until a moment; returns whether there is such a helper.
pub async fn go_on(
    conn: &mut PgConnection,
    seeker_id: Uuid,
    account_id: Uuid,
    until: DateTime<Utc>,
) -> Result<bool, sqlx::Error> {
    let done = sqlx::query(
        "update helpers set until = $3, ended_at = null where seeker_id = $1 and account_id = $2",
    )
    .bind(seeker_id)
    .bind(account_id)
    .bind(until)
    .execute(conn)
    .await?;
    Ok(done.rows_affected() > 0)
}

/// Ends a helper's access; returns whether there is such a helper. What ended stays as it ended.
pub async fn end(
    conn: &mut PgConnection,
    seeker_id: Uuid,
    account_id: Uuid,
    now: DateTime<Utc>,
) -> Result<bool, sqlx::Error> {
    let done = sqlx::query(
        "update helpers set ended_at = case when until > $3 then coalesce(ended_at, $3) else ended_at end
         where seeker_id = $1 and account_id = $2",
    )
    .bind(seeker_id)
    .bind(account_id)
    .bind(now)
    .execute(conn)
    .await?;
    Ok(done.rows_affected() > 0)
}

/// The people whom an account may still help, newest first, at most 500.
pub async fn people_of(
    conn: &mut PgConnection,
    account_id: Uuid,
    now: DateTime<Utc>,
) -> Result<Vec<HelperRow>, sqlx::Error> {
    sqlx::query_as(
        "select seeker_id, account_id, helper, since, until, ended_at from helpers
         where account_id = $1 and until > $2 and ended_at is null
         order by since desc, seeker_id limit 500",
    )
    .bind(account_id)
    .bind(now)
    .fetch_all(conn)
    .await
}
