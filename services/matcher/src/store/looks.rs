//! Who looked at whom or what.

use chrono::{DateTime, TimeDelta, Utc};
use proto::{Actor, EmployerId, OpeningId, Role, SeekerId, matcher::ProfileLook};
use sqlx::{PgExecutor, PgPool};
use uuid::Uuid;

use crate::store::named;

/// One look.
#[derive(Debug)]
pub(crate) struct Look<'a> {
    /// Who looked.
    pub actor: &'a Actor,
    /// In which role; `None` for who has no account.
    pub role: Option<Role>,
    /// By which call.
    pub verb: &'static str,
    /// The people concerned, each with the opening it was about. A look that showed nobody is written
    /// down as well, with its opening.
    pub concerned: &'a [(SeekerId, Option<OpeningId>)],
    /// The opening it was about, if it was about one.
    pub opening_id: Option<OpeningId>,
    /// How much the index had heard.
    pub change: i64,
}

/// Who looked. A job-seeker looks at herself only, so her id stands in the row as the one concerned.
fn who(actor: &Actor) -> (&'static str, Option<Uuid>) {
    match actor {
        Actor::Visitor => ("visitor", None),
        Actor::Seeker { .. } => ("seeker", None),
        Actor::Account { account_id, .. } => ("account", Some(account_id.0)),
        Actor::Service { .. } => ("service", None),
    }
}

/// For which employer someone looks: only who looks as one.
fn employer(actor: &Actor, role: Option<Role>) -> Option<EmployerId> {
    match actor {
        Actor::Account { employer_id, .. } if role == Some(Role::Employer) => *employer_id,
        _ => None,
    }
}

/// Writes a look down, one row per person concerned whom we know.
///
/// Each profile is held while its row is written: erasure then waits and takes the row along, or it was
/// before and there is no row. Of a job-seeker whom nobody told us of, nothing is written.
pub(crate) async fn append(
    executor: impl PgExecutor<'_>,
    now: DateTime<Utc>,
    rules: &str,
    look: &Look<'_>,
) -> Result<(), sqlx::Error> {
    let (actor_kind, actor_id) = who(look.actor);
    sqlx::query(
        "with concerned as (
             select profiles.seeker_id, told.opening_id
             from unnest($7::uuid[], $8::uuid[]) as told (seeker_id, opening_id)
                 join profiles on profiles.seeker_id = told.seeker_id
             order by profiles.seeker_id
             for key share of profiles
         )
         insert into looks (at, actor_kind, actor_id, role, employer_id, verb, rules, change, seeker_id, opening_id)
         select $1, $2, $3, $4, $5, $6, $9, $10, seeker_id, opening_id from concerned
         union all
         select $1, $2, $3, $4, $5, $6, $9, $10, null, $11
         where $2 <> 'seeker' and not exists (select 1 from concerned)",
    )
    .bind(now)
    .bind(actor_kind)
    .bind(actor_id)
    .bind(look.role.map(Role::name))
    .bind(employer(look.actor, look.role).map(|id| id.0))
    .bind(look.verb)
    .bind(look.concerned.iter().map(|(seeker_id, _)| seeker_id.0).collect::<Vec<Uuid>>())
    .bind(look.concerned.iter().map(|(_, opening_id)| opening_id.map(|id| id.0)).collect::<Vec<_>>())
    .bind(rules)
    .bind(look.change)
    .bind(look.opening_id.map(|id| id.0))
    .execute(executor)
    .await?;
    Ok(())
}

/// The last looks of accounts at a person, newest first.
pub(crate) async fn of_others(
    pool: &PgPool,
    seeker_id: SeekerId,
    limit: i64,
) -> Result<Vec<ProfileLook>, sqlx::Error> {
    let rows: Vec<(DateTime<Utc>, Option<String>, Option<Uuid>)> = sqlx::query_as(
        "select at, role, opening_id from looks
         where seeker_id = $1 and actor_kind = 'account' order by look desc limit $2",
    )
    .bind(seeker_id.0)
    .bind(limit)
    .fetch_all(pool)
    .await?;
    rows.into_iter()
        .map(|(at, role, opening_id)| {
            let role = role.map(|role| named("role", &role, Role::from_name)).transpose()?;
            Ok(ProfileLook { at, role, opening_id: opening_id.map(OpeningId) })
        })
        .collect()
}

/// Forgets looks that are older than the log must be.
pub(crate) async fn trim(pool: &PgPool, now: DateTime<Utc>, keep: TimeDelta) -> Result<u64, sqlx::Error> {
    let done = sqlx::query("delete from looks where at < $1").bind(now - keep).execute(pool).await?;
    Ok(done.rows_affected())
}
