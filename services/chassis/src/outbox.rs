//! All SQL of outbox, inbox, answers and dead letters.

use chrono::{DateTime, Utc};
use proto::{CloudEvent, Fact};
use sqlx::{AssertSqlSafe, FromRow, PgConnection, PgExecutor, PgPool};
use uuid::Uuid;

use crate::{
    faults::{Bug, planted},
    protocol::{self, Key, Refused},
};

/// Events ready for the outbox, column by column.
#[derive(Default)]
pub(crate) struct Rows {
    event_ids: Vec<Uuid>,
    aggregates: Vec<Uuid>,
    versions: Vec<i64>,
    types: Vec<String>,
    subjects: Vec<String>,
    bodies: Vec<String>,
}

impl Rows {
    pub(crate) fn push<T: Fact>(
        &mut self,
        event: &CloudEvent<T>,
        subject: String,
        version: i64,
    ) -> Result<(), serde_json::Error> {
        self.bodies.push(serde_json::to_string(event)?);
        self.event_ids.push(event.id.0);
        self.aggregates.push(event.subject);
        self.versions.push(version);
        self.types.push(event.kind.clone());
        self.subjects.push(subject);
        Ok(())
    }
}

pub(crate) async fn append(
    conn: &mut PgConnection,
    rows: &Rows,
    now: DateTime<Utc>,
) -> Result<(), sqlx::Error> {
    // `with ordinality` and the order by make `seq` follow the order of the facts.
    sqlx::query(
        "insert into outbox (event_id, aggregate_id, version, type, subject, body, occurred_at)
         select event_id, aggregate_id, version, type, subject, body, $7
         from unnest($1::uuid[], $2::uuid[], $3::bigint[], $4::text[], $5::text[], $6::text[])
              with ordinality as t (event_id, aggregate_id, version, type, subject, body, n)
         order by n",
    )
    .bind(&rows.event_ids)
    .bind(&rows.aggregates)
    .bind(&rows.versions)
    .bind(&rows.types)
    .bind(&rows.subjects)
    .bind(&rows.bodies)
    .bind(now)
    .execute(conn)
    .await?;
    Ok(())
}

/// An event waiting to be published.
#[derive(Debug, Clone, FromRow)]
pub(crate) struct Unpublished {
    pub(crate) event_id: Uuid,
    pub(crate) subject: String,
    pub(crate) body: String,
    pub(crate) refilled_at: Option<DateTime<Utc>>,
    /// How long it waits.
    pub(crate) age_seconds: f64,
}

impl Unpublished {
    /// The id under which the stream knows it, for two minutes: that of the event, so that sending twice stores
    /// once. What the auditor gave back is sent under another one, because the stream goes on knowing ids of
    /// events that were purged from it, and would say that it has them.
    pub(crate) fn message_id(&self) -> String {
        match self.refilled_at {
            None => self.event_id.to_string(),
            Some(at) => format!("{}{AGAIN}{}", self.event_id, at.timestamp_micros()),
        }
    }
}

/// Stands between the id of an event and the moment at which it was given back.
const AGAIN: char = '+';

/// The event that a message of a stream carries, by the id of the message.
pub fn event_of_message(message_id: &str) -> Option<Uuid> {
    message_id.split(AGAIN).next()?.parse().ok()
}

pub(crate) async fn unpublished(
    conn: &mut PgConnection,
    limit: i64,
) -> Result<Vec<Unpublished>, sqlx::Error> {
    let which = if planted(Bug::NaivePoll) {
        "seq > coalesce((select max(seq) from outbox where published_at is not null), 0) order by seq limit $1"
    } else if planted(Bug::TwoRelays) {
        "published_at is null order by seq limit $1 for update skip locked"
    } else {
        "published_at is null order by seq limit $1"
    };
    let statement = format!(
        "select event_id, subject, body, refilled_at,
                extract(epoch from clock_timestamp() - coalesce(refilled_at, occurred_at))::float8 as age_seconds
         from outbox where {which}"
    );
    // Three texts that are all written here.
    sqlx::query_as(AssertSqlSafe(statement)).bind(limit).fetch_all(conn).await
}

pub(crate) async fn mark_published(
    conn: &mut PgConnection,
    event_ids: &[Uuid],
    stream_seqs: &[i64],
) -> Result<(), sqlx::Error> {
    // The bounds leave all weeks out of it but those of these ids.
    sqlx::query(
        "update outbox set published_at = now(), stream_seq = t.stream_seq
         from unnest($1::uuid[], $2::bigint[]) as t (event_id, stream_seq)
         where outbox.event_id = t.event_id and outbox.event_id between $3 and $4",
    )
    .bind(event_ids)
    .bind(stream_seqs)
    .bind(event_ids.iter().min())
    .bind(event_ids.iter().max())
    .execute(conn)
    .await?;
    Ok(())
}

/// Seconds since the event that is sent next was written, or given back by the auditor; 0 when none waits. It is the
/// oldest, but for what was written in the same moment; however many wait, one is looked at.
pub(crate) async fn age_seconds(executor: impl PgExecutor<'_>) -> Result<f64, sqlx::Error> {
    sqlx::query_scalar(
        "select extract(epoch from clock_timestamp() - coalesce(refilled_at, occurred_at))::float8
         from outbox where published_at is null order by seq limit 1",
    )
    .fetch_optional(executor)
    .await
    .map(Option::unwrap_or_default)
}

/// Enters event ids in the inbox; returns those that were not there yet.
pub(crate) async fn enter(
    conn: &mut PgConnection,
    consumer: &str,
    event_ids: &[Uuid],
    now: DateTime<Utc>,
) -> Result<Vec<Uuid>, sqlx::Error> {
    sqlx::query_scalar(
        "insert into inbox (event_id, consumer, processed_at)
         select distinct event_id, $2, $3 from unnest($1::uuid[]) as t (event_id)
         order by event_id
         on conflict do nothing returning event_id",
    )
    .bind(event_ids)
    .bind(consumer)
    .bind(now)
    .fetch_all(conn)
    .await
}

pub(crate) async fn forget_failures(
    conn: &mut PgConnection,
    consumer: &str,
    event_ids: &[Uuid],
) -> Result<(), sqlx::Error> {
    sqlx::query("delete from failed_attempts where consumer = $1 and event_id = any($2)")
        .bind(consumer)
        .bind(event_ids)
        .execute(conn)
        .await?;
    Ok(())
}

/// Counts an attempt that ran and failed; returns how many there were.
pub(crate) async fn count_failure(
    pool: &PgPool,
    consumer: &str,
    event_id: Uuid,
    error: &str,
) -> Result<i32, sqlx::Error> {
    sqlx::query_scalar(
        "insert into failed_attempts (event_id, consumer, attempts, last_error, first_at, last_at)
         values ($1, $2, 1, $3, now(), now())
         on conflict (event_id, consumer) do update
         set attempts = failed_attempts.attempts + 1, last_error = excluded.last_error, last_at = now()
         returning attempts",
    )
    .bind(event_id)
    .bind(consumer)
    .bind(error)
    .fetch_one(pool)
    .await
}

pub(crate) async fn bury(
    pool: &PgPool,
    consumer: &str,
    event_id: Uuid,
    subject: &str,
    body: &str,
    reason: &str,
    attempts: i32,
) -> Result<(), sqlx::Error> {
    sqlx::query(
        "insert into dead_letters (event_id, consumer, subject, body, reason, attempts, died_at)
         values ($1, $2, $3, $4, $5, $6, now()) on conflict (event_id, consumer) do nothing",
    )
    .bind(event_id)
    .bind(consumer)
    .bind(subject)
    .bind(body)
    .bind(reason)
    .bind(attempts)
    .execute(pool)
    .await?;
    Ok(())
}

/// Takes an idempotency key inside the command's transaction. A repeat that runs at the same time
/// waits here until the first commits or rolls back.
pub(crate) async fn take_key(
    conn: &mut PgConnection,
    key: Uuid,
    verb: &str,
    body_hash: &[u8],
    now: DateTime<Utc>,
) -> Result<Key<String>, sqlx::Error> {
    let entered = !planted(Bug::NoLock) && enter_key(conn, key, verb, body_hash, now).await?;
    let known: Option<(Vec<u8>, Option<String>)> = if entered {
        None
    } else {
        sqlx::query_as("select body_hash, answer from answers where key = $1 and verb = $2")
            .bind(key)
            .bind(verb)
            .fetch_optional(&mut *conn)
            .await?
    };
    // Asked when the key is ours: whoever refused had it before.
    let refused: Option<(String, DateTime<Utc>)> = if known.is_some() {
        None
    } else {
        sqlx::query_as("select answer, at from refusals where key = $1 and verb = $2 and body_hash = $3")
            .bind(key)
            .bind(verb)
            .bind(body_hash)
            .fetch_optional(conn)
            .await?
    };
    let refused = refused.map(|(answer, at)| Refused { answer, age_seconds: (now - at).num_seconds() });
    let stored = known.as_ref().map(|(hash, answer)| (hash.as_slice(), answer.clone()));
    Ok(protocol::key(stored, refused, body_hash))
}

/// Keeps a refusal, and gives back the key that was taken for it.
pub(crate) async fn keep_refusal(
    conn: &mut PgConnection,
    key: Uuid,
    verb: &str,
    body_hash: &[u8],
    refusal: &str,
    now: DateTime<Utc>,
) -> Result<(), sqlx::Error> {
    sqlx::query(
        "insert into refusals (key, verb, body_hash, answer, at) values ($1, $2, $3, $4, $5)
         on conflict (key, verb, body_hash) do update set answer = excluded.answer, at = excluded.at",
    )
    .bind(key)
    .bind(verb)
    .bind(body_hash)
    .bind(refusal)
    .bind(now)
    .execute(&mut *conn)
    .await?;
    sqlx::query("delete from answers where key = $1 and verb = $2 and answer is null")
        .bind(key)
        .bind(verb)
        .execute(conn)
        .await?;
    Ok(())
}

/// Whether the key was not there yet.
async fn enter_key(
    conn: &mut PgConnection,
    key: Uuid,
    verb: &str,
    body_hash: &[u8],
    now: DateTime<Utc>,
) -> Result<bool, sqlx::Error> {
    let entered = sqlx::query(
        "insert into answers (key, verb, body_hash, at) values ($1, $2, $3, $4) on conflict do nothing",
    )
    .bind(key)
    .bind(verb)
    .bind(body_hash)
    .bind(now)
    .execute(conn)
    .await?;
    Ok(entered.rows_affected() == 1)
}

/// Keeps the answer to a command with the key that it took.
pub(crate) async fn keep_answer(
    conn: &mut PgConnection,
    key: Uuid,
    verb: &str,
    body_hash: &[u8],
    answer: &str,
    now: DateTime<Utc>,
) -> Result<(), sqlx::Error> {
    if planted(Bug::NoLock) {
        enter_key(conn, key, verb, body_hash, now).await?;
    }
    sqlx::query("update answers set answer = $3 where key = $1 and verb = $2")
        .bind(key)
        .bind(verb)
        .bind(answer)
        .execute(conn)
        .await?;
    Ok(())
}

/// Deletes refusals older than an hour, at most 10,000 a pass: nobody asks for one after half a minute.
pub(crate) async fn forget_old_refusals(pool: &PgPool) -> Result<u64, sqlx::Error> {
    let done = sqlx::query(
        "delete from refusals where (key, verb, body_hash) in
         (select key, verb, body_hash from refusals where at < now() - interval '1 hour' limit 10000)",
    )
    .execute(pool)
    .await?;
    Ok(done.rows_affected())
}

/// Deletes answers older than 7 days, at most 10,000 a pass.
pub(crate) async fn forget_old_answers(pool: &PgPool) -> Result<u64, sqlx::Error> {
    let done = sqlx::query(
        "delete from answers where (key, verb) in
         (select key, verb from answers where at < now() - interval '7 days' limit 10000)",
    )
    .execute(pool)
    .await?;
    Ok(done.rows_affected())
}

pub(crate) async fn keep_partitions(pool: &PgPool) -> Result<(), sqlx::Error> {
    sqlx::query("select keep_partitions(now())").execute(pool).await?;
    Ok(())
}
