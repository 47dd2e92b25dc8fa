//! Who looked at whom or what.

use chrono::{DateTime, TimeDelta, Utc};
use proto::{Actor, OpeningId, SeekerId};
use sqlx::PgPool;
use uuid::Uuid;

/// One look.
#[derive(Debug)]
pub(crate) struct Look<'a> {
    /// Who looked.
    pub actor: &'a Actor,
    /// By which call.
    pub verb: &'static str,
    /// The people concerned. A look that showed nobody is written down as well.
    pub seeker_ids: &'a [SeekerId],
    /// The opening it was about, if it was about one.
    pub opening_id: Option<OpeningId>,
    /// How much the index had heard.
    pub change: i64,
}

fn who(actor: &Actor) -> (&'static str, Option<Uuid>) {
    match actor {
        Actor::Visitor => ("visitor", None),
        Actor::Seeker { seeker_id } => ("seeker", Some(seeker_id.0)),
        Actor::Account { account_id, .. } => ("account", Some(account_id.0)),
        Actor::Service { .. } => ("service", None),
    }
}

/// Writes a look down, one row per person concerned.
pub(crate) async fn append(
    pool: &PgPool,
    now: DateTime<Utc>,
    rules: &str,
    look: &Look<'_>,
) -> Result<(), sqlx::Error> {
    let (actor_kind, actor_id) = who(look.actor);
    let people: Vec<Option<Uuid>> = match look.seeker_ids {
        [] => vec![None],
        ids => ids.iter().map(|id| Some(id.0)).collect(),
    };
    sqlx::query(
        "insert into looks (at, actor_kind, actor_id, verb, seeker_id, opening_id, rules, change)
         select $1, $2, $3, $4, seeker_id, $6, $7, $8 from unnest($5::uuid[]) as concerned (seeker_id)",
    )
    .bind(now)
    .bind(actor_kind)
    .bind(actor_id)
    .bind(look.verb)
    .bind(people)
    .bind(look.opening_id.map(|id| id.0))
    .bind(rules)
    .bind(look.change)
    .execute(pool)
    .await?;
    Ok(())
}

/// Forgets looks that are older than the log must be.
pub(crate) async fn trim(pool: &PgPool, now: DateTime<Utc>, keep: TimeDelta) -> Result<u64, sqlx::Error> {
    let done = sqlx::query("delete from looks where at < $1").bind(now - keep).execute(pool).await?;
    Ok(done.rows_affected())
}
