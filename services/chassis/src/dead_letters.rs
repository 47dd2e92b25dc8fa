//! Dead letters, for a person to look at: the same answers for every service (DESIGN rule 5).
//!
//! Trying again puts the stored event through the service's own reaction, in one transaction with the inbox: it
//! takes effect once, however often it is tried and whatever the stream brings meanwhile. What fails again stays,
//! with the new reason. What is put away enters the inbox too: it will not take effect any more.

use chrono::{DateTime, Utc};
use proto::{
    Actor, FieldProblem, Problem, Role, Service, Status,
    dead_letters::{
        DeadLetter, DeadLetterPage, DeadLetters, DiscardDeadLetter, LONGEST_NOTE, MOST_LETTERS, Retried,
        RetryDeadLetter,
    },
};
use sqlx::{FromRow, PgConnection, PgExecutor, PgPool};
use uuid::Uuid;

use crate::{
    consumer::{Apply, Heard},
    fault::{Chain, Fault},
    outbox,
    server::{Caller, Router},
    service::Handles,
    store::Tx,
};

/// Letters of a reason that are shown: enough to see what happened.
const LONGEST_REASON: usize = 500;

/// Answers the calls about dead letters.
pub(crate) fn answer<S: Handles>(router: &mut Router<S>, apply: Option<Apply<S>>) {
    router.query::<DeadLetters>(|app, caller, query| {
        Box::pin(async move {
            may_list(caller, query)?;
            list(app.chassis().store.pool(), query).await
        })
    });
    router.command::<RetryDeadLetter>(move |app, tx, caller, command| {
        let apply = apply.clone();
        Box::pin(async move { retry(app, tx, caller, command, apply).await })
    });
    router.command::<DiscardDeadLetter>(|_, tx, caller, command| Box::pin(discard(tx, caller, command)));
}

/// Administrators see them; the portal itself may count them, for the menu of administrators.
fn may_list(caller: &Caller, query: &DeadLetters) -> Result<(), Problem> {
    let counts = query.limit == 0 && caller.actor == Actor::Service { service: Service::Portal };
    if counts || caller.actor.has(Role::Administrator) { Ok(()) } else { Err(Problem::forbidden()) }
}

/// The account of the administrator who decides.
fn administrator(caller: &Caller) -> Result<Uuid, Problem> {
    match &caller.actor {
        Actor::Account { account_id, .. } if caller.actor.has(Role::Administrator) => Ok(account_id.0),
        _ => Err(Problem::forbidden()),
    }
}

#[derive(FromRow)]
struct Row {
    event_id: Uuid,
    consumer: String,
    subject: String,
    reason: String,
    attempts: i32,
    died_at: DateTime<Utc>,
}

impl From<Row> for DeadLetter {
    fn from(row: Row) -> Self {
        // Counted from the end: in front stands the root of the names on the bus.
        let parts: Vec<&str> = row.subject.rsplit('.').collect();
        let named = match parts.as_slice() {
            [about, version, name, from, ..] if Service::from_name(from).is_some() => {
                Some(((*from).to_owned(), format!("{name}.{version}"), about.parse().ok()))
            }
            _ => None,
        };
        let (from, kind, about) = named.unwrap_or_default();
        Self {
            event_id: row.event_id,
            consumer: row.consumer,
            from,
            kind,
            about,
            reason: row.reason.chars().take(LONGEST_REASON).collect(),
            attempts: row.attempts.unsigned_abs(),
            died_at: row.died_at,
        }
    }
}

async fn list(pool: &PgPool, query: &DeadLetters) -> Result<DeadLetterPage, Fault> {
    let open = count_open(pool).await?;
    let rows: Vec<Row> = sqlx::query_as(
        "select event_id, consumer, subject, reason, attempts, died_at from dead_letters
         where resolved_at is null order by died_at, event_id, consumer offset $1 limit $2",
    )
    .bind(i64::from(query.skip))
    .bind(i64::from(query.limit.min(MOST_LETTERS)))
    .fetch_all(pool)
    .await?;
    let open = u32::try_from(open).unwrap_or(u32::MAX);
    Ok(DeadLetterPage { open, letters: rows.into_iter().map(Into::into).collect() })
}

/// How many wait for a person.
pub(crate) async fn count_open(executor: impl PgExecutor<'_>) -> Result<i64, sqlx::Error> {
    sqlx::query_scalar("select count(*) from dead_letters where resolved_at is null")
        .fetch_one(executor)
        .await
}

/// Deletes those that were decided about a year ago, at most 10,000 a pass.
pub(crate) async fn forget_resolved(pool: &PgPool) -> Result<u64, sqlx::Error> {
    let done = sqlx::query(
        "delete from dead_letters where (event_id, consumer) in
         (select event_id, consumer from dead_letters where resolved_at < now() - interval '1 year' limit 10000)",
    )
    .execute(pool)
    .await?;
    Ok(done.rows_affected())
}

/// Locks an open letter; its subject and body.
async fn lock(conn: &mut PgConnection, event_id: Uuid, consumer: &str) -> Result<(String, String), Fault> {
    let found: Option<(String, String, bool)> = sqlx::query_as(
        "select subject, body, resolved_at is not null from dead_letters
         where event_id = $1 and consumer = $2 for update",
    )
    .bind(event_id)
    .bind(consumer)
    .fetch_optional(conn)
    .await?;
    match found {
        Some((subject, body, false)) => Ok((subject, body)),
        Some((_, _, true)) => Err(Problem::new(Status::Conflict, "dead-letter-decided").into()),
        None => Err(Problem::not_found("dead-letter").into()),
    }
}

async fn retry<S: Handles>(
    app: &S,
    tx: &mut Tx,
    caller: &Caller,
    command: &RetryDeadLetter,
    apply: Option<Apply<S>>,
) -> Result<Retried, Fault> {
    let by = administrator(caller)?;
    let RetryDeadLetter { event_id, consumer } = command;
    let (subject, body) = lock(tx.conn(), *event_id, consumer).await?;
    let tried = match (Heard::read_envelope(&subject, body.as_bytes()), apply) {
        (Ok(event), Some(apply)) => take_effect(app, tx, consumer, &event, &apply).await?,
        (Err(reason), _) => Retried::FailedAgain { reason },
        (_, None) => Retried::FailedAgain { reason: "this service hears no events any more".to_owned() },
    };
    match &tried {
        Retried::TookEffect => resolve(tx, *event_id, consumer, "took_effect", by, None).await?,
        Retried::HadTakenEffect => resolve(tx, *event_id, consumer, "had_taken_effect", by, None).await?,
        Retried::FailedAgain { reason } => {
            sqlx::query(
                "update dead_letters set reason = $3, attempts = attempts + 1
                 where event_id = $1 and consumer = $2",
            )
            .bind(event_id)
            .bind(consumer)
            .bind(reason)
            .execute(tx.conn())
            .await?;
        }
    }
    tracing::info!(consumer, event.id = %event_id, account.id = %by, ?tried, "a dead letter was tried again");
    Ok(match tried {
        Retried::FailedAgain { reason } => {
            Retried::FailedAgain { reason: reason.chars().take(LONGEST_REASON).collect() }
        }
        other => other,
    })
}

/// The service's own reaction, which may fail without ending the transaction.
async fn take_effect<S: Handles>(
    app: &S,
    tx: &mut Tx,
    consumer: &str,
    event: &Heard,
    apply: &Apply<S>,
) -> Result<Retried, Fault> {
    sqlx::raw_sql("savepoint before_the_effect").execute(tx.conn()).await?;
    let now = tx.now();
    if outbox::enter(tx.conn(), consumer, &[event.event_id], now).await?.is_empty() {
        return Ok(Retried::HadTakenEffect);
    }
    match apply(app, tx, std::slice::from_ref(event)).await {
        Ok(()) => {
            outbox::forget_failures(tx.conn(), consumer, &[event.event_id]).await?;
            tx.ring();
            Ok(Retried::TookEffect)
        }
        // Nobody's fault: nothing was tried, the whole command is repeated.
        Err(fault) if fault.is_store_away() || fault.is_worth_repeating() => Err(fault),
        Err(fault) => {
            sqlx::raw_sql("rollback to savepoint before_the_effect").execute(tx.conn()).await?;
            Ok(Retried::FailedAgain { reason: Chain(&fault).to_string() })
        }
    }
}

async fn discard(tx: &mut Tx, caller: &Caller, command: &DiscardDeadLetter) -> Result<(), Fault> {
    let by = administrator(caller)?;
    let DiscardDeadLetter { event_id, consumer, note } = command;
    // First: who is too late need not be told what is wrong with a reason that nobody waits for.
    lock(tx.conn(), *event_id, consumer).await?;
    let note = note.trim();
    let wrong = match note.chars().count() {
        0 => Some("note-empty"),
        length if length > LONGEST_NOTE => Some("note-long"),
        _ => None,
    };
    if let Some(code) = wrong {
        return Err(Problem::fields(vec![FieldProblem::new("note", code)]).into());
    }
    let now = tx.now();
    outbox::enter(tx.conn(), consumer, &[*event_id], now).await?;
    outbox::forget_failures(tx.conn(), consumer, &[*event_id]).await?;
    resolve(tx, *event_id, consumer, "discarded", by, Some(note)).await?;
    tracing::info!(consumer, event.id = %event_id, account.id = %by, "a dead letter was put away");
    Ok(())
}

async fn resolve(
    tx: &mut Tx,
    event_id: Uuid,
    consumer: &str,
    resolution: &str,
    by: Uuid,
    note: Option<&str>,
) -> Result<(), sqlx::Error> {
    let now = tx.now();
    sqlx::query(
        "update dead_letters set resolved_at = $3, resolution = $4, resolved_by = $5, note = $6
         where event_id = $1 and consumer = $2",
    )
    .bind(event_id)
    .bind(consumer)
    .bind(now)
    .bind(resolution)
    .bind(by)
    .bind(note)
    .execute(tx.conn())
    .await?;
    Ok(())
}
