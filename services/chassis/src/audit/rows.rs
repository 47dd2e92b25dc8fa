//! All SQL of the auditor.

use std::collections::HashSet;

use chrono::{DateTime, Utc};
use proto::Stream;
use sqlx::{FromRow, PgPool};
use uuid::Uuid;

use super::compare::{Comparison, Mark, Message, Row};

/// Rows of one look.
const PAGE: i64 = 5_000;

/// What is known of a stream, at the moment at which an audit begins.
#[derive(Debug, FromRow)]
pub(super) struct Known {
    mark_seq: Option<i64>,
    mark_event: Option<Uuid>,
    pub(super) server: String,
    pub(super) is_clean: bool,
    pub(super) full_at: Option<DateTime<Utc>>,
    /// Now, by the database.
    pub(super) began_at: DateTime<Utc>,
}

impl Known {
    /// How far it was right.
    pub(super) fn mark(&self) -> Option<Mark> {
        self.mark_seq.zip(self.mark_event).map(|(seq, event_id)| Mark { seq, event_id })
    }
}

/// What is known of a stream now.
pub(super) async fn known_of(pool: &PgPool, stream: Stream) -> Result<Known, sqlx::Error> {
    sqlx::query_as(
        "insert into audits (stream) values ($1)
         on conflict (stream) do update set stream = excluded.stream
         returning mark_seq, mark_event, server, is_clean, full_at, clock_timestamp() as began_at",
    )
    .bind(stream.subject_part())
    .fetch_one(pool)
    .await
}

/// Whose rows, and which of them must be on the stream.
#[derive(Debug, Clone, Copy)]
pub(super) struct Expected {
    /// On which stream.
    pub(super) stream: Stream,
    /// Published before this.
    pub(super) settled_before: DateTime<Utc>,
    /// And after this: the stream lets go what is older.
    pub(super) kept_since: DateTime<Utc>,
}

/// A page of the rows that say they are after one number and up to another, in order; pages go on after the last
/// row of the one before.
pub(super) async fn page(
    pool: &PgPool,
    expected: Expected,
    after: (i64, Uuid),
    until: i64,
) -> Result<Vec<Row>, sqlx::Error> {
    sqlx::query_as(
        "select event_id, stream_seq, published_at < $5 as is_settled,
                published_at < $5 and published_at > $6 and body <> '' as is_expected
         from outbox
         where published_at is not null and (stream_seq, event_id) > ($1, $2) and stream_seq <= $3
             and starts_with(subject, $4)
         order by stream_seq, event_id limit $7",
    )
    .bind(after.0)
    .bind(after.1)
    .bind(until)
    .bind(format!("{}.", expected.stream.subject_part()))
    .bind(expected.settled_before)
    .bind(expected.kept_since)
    .bind(PAGE)
    .fetch_all(pool)
    .await
}

/// Which of these events the outbox knows.
pub(super) async fn known(pool: &PgPool, event_ids: &[Uuid]) -> Result<HashSet<Uuid>, sqlx::Error> {
    let known: Vec<Uuid> = sqlx::query_scalar("select event_id from outbox where event_id = any($1)")
        .bind(event_ids)
        .fetch_all(pool)
        .await?;
    Ok(known.into_iter().collect())
}

/// Gives rows back to the relay, all at once, so that it sends them in their order: those that are as the audit
/// found them, and not erased since. Returns how many.
pub(super) async fn refill(
    pool: &PgPool,
    missing: &[Row],
    settled_before: DateTime<Utc>,
) -> Result<u64, sqlx::Error> {
    let mut given = 0;
    let mut tx = pool.begin().await?;
    for some in missing.chunks(PAGE as usize) {
        let ids: Vec<Uuid> = some.iter().map(|row| row.event_id).collect();
        let done = sqlx::query(
            "update outbox set published_at = null, stream_seq = null, refilled_at = clock_timestamp()
             where event_id = any($1) and published_at < $2 and body <> ''",
        )
        .bind(ids)
        .bind(settled_before)
        .execute(&mut *tx)
        .await?;
        given += done.rows_affected();
    }
    tx.commit().await?;
    Ok(given)
}

/// Notes where events are that say another number.
pub(super) async fn renumber(pool: &PgPool, moved: &[Message]) -> Result<(), sqlx::Error> {
    let (ids, seqs): (Vec<Uuid>, Vec<i64>) =
        moved.iter().map(|message| (message.event_id, message.seq)).unzip();
    sqlx::query(
        "update outbox set stream_seq = t.stream_seq
         from unnest($1::uuid[], $2::bigint[]) as t (event_id, stream_seq)
         where outbox.event_id = t.event_id and published_at is not null",
    )
    .bind(ids)
    .bind(seqs)
    .execute(pool)
    .await?;
    Ok(())
}

/// How an audit ended.
#[derive(Debug, Clone, Copy)]
pub(super) struct Ended<'a> {
    /// Of which stream.
    pub(super) stream: Stream,
    /// The id of the server.
    pub(super) server: &'a str,
    /// How many were missing.
    pub(super) missing: i64,
    /// When, if it began at the beginning.
    pub(super) full_at: Option<DateTime<Utc>>,
}

/// Keeps how an audit ended, with how far all is well; a mark that was not reached again stays as it was.
pub(super) async fn keep(pool: &PgPool, ended: Ended<'_>, found: &Comparison) -> Result<(), sqlx::Error> {
    sqlx::query(
        "update audits set mark_seq = case when $2 is null and $8 is null then mark_seq else $2 end,
             mark_event = case when $2 is null and $8 is null then mark_event else $3 end,
             server = $4, is_clean = $5 = 0, missing = $5, read = $6, unknown = $7,
             audited_at = clock_timestamp(), full_at = coalesce($8, full_at)
         where stream = $1",
    )
    .bind(ended.stream.subject_part())
    .bind(found.mark.map(|mark| mark.seq))
    .bind(found.mark.map(|mark| mark.event_id))
    .bind(ended.server)
    .bind(ended.missing)
    .bind(found.read)
    .bind(found.unknown)
    .bind(ended.full_at)
    .execute(pool)
    .await?;
    Ok(())
}
