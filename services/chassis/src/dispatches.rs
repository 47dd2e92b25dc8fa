//! Messages to people on their way to the notifier: kept in the transaction that makes them
//! necessary, handed over at least once, accepted once.
//!
//! The notice is sealed and gets its key when it is kept, so that the repeat after a crash is the
//! same request with the same body, and the notifier answers it with the first answer. Not even the
//! service that keeps it can read it again.
//!
//! A service that sends messages has this table and calls [`hand_over`] on its bell. `cause` belongs
//! to whatever row goes together with the message:
//!
//! ```sql
//! create table dispatches (
//!     key        uuid        primary key,  -- the idempotency key of the request to the notifier
//!     cause      uuid        not null references invitations on delete cascade,
//!     recipient  uuid        not null,     -- an opaque id, for the ledger of the notifier
//!     notice     text,                     -- sealed to the notifier, blanked when it ended
//!     expires_at timestamptz not null,
//!     attempts   integer     not null default 0,
//!     due_at     timestamptz not null,     -- when to try (again); a claim moves it ahead
//!     outcome    text        check (outcome in ('silent', 'accepted', 'expired', 'refused')),
//!     ended_at   timestamptz,
//!     check ((notice is null) = (outcome is not null))
//! );
//! create index dispatches_cause on dispatches (cause);
//! create index dispatches_due on dispatches (due_at) where notice is not null;
//! ```

use chrono::{DateTime, TimeDelta, Utc};
use futures::future::join_all;
use proto::{
    Problem, Sealed, Status,
    notifier::{Notice, SendNotice},
};
use sqlx::{FromRow, PgConnection};
use uuid::Uuid;

use crate::{
    fault::{Chain, Fault},
    faults::{CrashPoint, crash_point},
    service::Chassis,
    store::Tx,
};

/// Messages in one pass.
const AT_ONCE: i64 = 32;
/// How long a claim holds: longer than the 8 seconds a call may take. Who dies in between leaves a
/// claim that runs out.
const CLAIM: TimeDelta = TimeDelta::seconds(20);
/// The longest pause between two attempts.
const LONGEST_PAUSE_SECONDS: i64 = 30;

/// A message to keep.
pub struct NewDispatch<'a> {
    /// What makes it necessary: the notifier sends one message per cause, recipient and template.
    pub cause: Uuid,
    /// An opaque id of who gets it.
    pub recipient: Uuid,
    /// From then on it makes no sense any more.
    pub expires_at: DateTime<Utc>,
    /// Sealed to the notifier; `None` keeps only the fact that none goes out.
    pub notice: Option<&'a Sealed<Notice>>,
}

/// Keeps a message; it leaves after the commit.
pub async fn add(tx: &mut Tx, dispatch: &NewDispatch<'_>) -> Result<(), sqlx::Error> {
    add_all(tx, std::slice::from_ref(dispatch)).await
}

/// Keeps many messages in one statement.
pub async fn add_all(tx: &mut Tx, all: &[NewDispatch<'_>]) -> Result<(), sqlx::Error> {
    let (chance, now) = (tx.chance(), tx.now());
    sqlx::query(
        "insert into dispatches (key, cause, recipient, notice, expires_at, due_at, outcome, ended_at)
         select key, cause, recipient, notice, expires_at, $6,
                case when notice is null then 'silent' end, case when notice is null then $6 end
         from unnest($1::uuid[], $2::uuid[], $3::uuid[], $4::text[], $5::timestamptz[])
              as t (key, cause, recipient, notice, expires_at)",
    )
    .bind(all.iter().map(|_| chance.uuid_v4()).collect::<Vec<_>>())
    .bind(all.iter().map(|dispatch| dispatch.cause).collect::<Vec<_>>())
    .bind(all.iter().map(|dispatch| dispatch.recipient).collect::<Vec<_>>())
    .bind(all.iter().map(|dispatch| dispatch.notice.map(|notice| &*notice.base64)).collect::<Vec<_>>())
    .bind(all.iter().map(|dispatch| dispatch.expires_at).collect::<Vec<_>>())
    .bind(now)
    .execute(tx.conn())
    .await?;
    tx.ring();
    Ok(())
}

/// Hands what is due to the notifier: claims in one transaction, calls without any, writes the
/// outcomes in another.
pub async fn hand_over(chassis: &Chassis) -> Result<(), Fault> {
    loop {
        let mut tx = chassis.store.begin().await?;
        let now = tx.now();
        let late = expire(tx.conn(), now).await?;
        let claimed = claim(tx.conn(), now).await?;
        tx.commit().await?;
        if late > 0 {
            tracing::warn!(count = late, "messages ran out before the notifier took them");
        }
        if claimed.is_empty() {
            return Ok(());
        }
        crash_point(CrashPoint::DispatchAfterClaim);
        let outcomes = join_all(claimed.iter().map(|dispatch| send(chassis, dispatch, now))).await;
        crash_point(CrashPoint::DispatchAfterHandOver);
        let mut tx = chassis.store.begin().await?;
        let now = tx.now();
        for (dispatch, outcome) in claimed.iter().zip(outcomes) {
            end(tx.conn(), dispatch.key, outcome, now).await?;
        }
        tx.commit().await?;
        if claimed.len() < AT_ONCE as usize {
            return Ok(());
        }
    }
}

/// A message to hand over.
#[derive(FromRow)]
struct Dispatch {
    key: Uuid,
    cause: Uuid,
    recipient: Uuid,
    notice: String,
    expires_at: DateTime<Utc>,
    /// How often it was tried, this time included.
    attempts: i32,
}

/// What became of a message.
enum Outcome {
    /// The notifier has it.
    Accepted,
    /// The notifier will never take it.
    Refused,
    /// To be tried again.
    Later(DateTime<Utc>),
}

async fn send(chassis: &Chassis, dispatch: &Dispatch, now: DateTime<Utc>) -> Outcome {
    let command = SendNotice {
        cause: dispatch.cause,
        recipient: dispatch.recipient,
        expires_at: dispatch.expires_at,
        notice: Sealed::from_base64(dispatch.notice.clone()),
    };
    match chassis.bus.call_as_service(dispatch.key, &command).await {
        Ok(_) => Outcome::Accepted,
        Err(problem) => after(&problem, dispatch.attempts, now),
    }
}

fn after(problem: &Problem, attempts: i32, now: DateTime<Utc>) -> Outcome {
    match problem.status {
        // The key was made for this message and nothing else: the notifier has it.
        Status::KeyReused => Outcome::Accepted,
        // Who was to get it is erased.
        Status::Gone => Outcome::Refused,
        Status::Invalid | Status::NotFound => {
            tracing::error!(error = %Chain(problem), "the notifier refuses a message");
            Outcome::Refused
        }
        Status::Unauthenticated
        | Status::Forbidden
        | Status::Conflict
        | Status::TooMany
        | Status::Internal
        | Status::Unavailable => {
            tracing::warn!(error = %Chain(problem), attempts, "a message waits");
            let seconds = 1_i64 << attempts.clamp(0, 5);
            Outcome::Later(now + TimeDelta::seconds(seconds.min(LONGEST_PAUSE_SECONDS)))
        }
    }
}

/// Blanks messages that are too late; returns how many.
async fn expire(conn: &mut PgConnection, now: DateTime<Utc>) -> Result<u64, sqlx::Error> {
    let done = sqlx::query(
        "update dispatches set notice = null, outcome = 'expired', ended_at = $1
         where key in (select key from dispatches
                       where notice is not null and due_at <= $1 and expires_at <= $1
                       limit 1000 for update skip locked)",
    )
    .bind(now)
    .execute(conn)
    .await?;
    Ok(done.rows_affected())
}

/// Claims messages that are due, oldest first: nobody else gets them while the claim holds.
async fn claim(conn: &mut PgConnection, now: DateTime<Utc>) -> Result<Vec<Dispatch>, sqlx::Error> {
    sqlx::query_as(
        "update dispatches set due_at = $2, attempts = attempts + 1
         where key in (select key from dispatches
                       where notice is not null and due_at <= $1
                       order by due_at limit $3 for update skip locked)
         returning key, cause, recipient, notice, expires_at, attempts",
    )
    .bind(now)
    .bind(now + CLAIM)
    .bind(AT_ONCE)
    .fetch_all(conn)
    .await
}

/// Writes down what became of a message; one that ended is blanked.
async fn end(
    conn: &mut PgConnection,
    key: Uuid,
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
         where key = $1 and notice is not null",
    )
    .bind(key)
    .bind(name)
    .bind(due_at)
    .bind(now)
    .execute(conn)
    .await?;
    Ok(())
}
