//! The tables of published heads and of the keys that signed them.

use chrono::{DateTime, Utc};
use proto::{
    QueueId,
    open_hiring::{HeadKey, HeadPublished},
};
use sqlx::{FromRow, PgConnection};
use uuid::Uuid;

use crate::domain::ledger::{Head, hex};

#[derive(FromRow)]
struct Row {
    hour: DateTime<Utc>,
    count: i64,
    head: Vec<u8>,
    key: String,
    signature: Vec<u8>,
    version: i64,
}

impl Row {
    fn read(self, queue: QueueId) -> HeadPublished {
        HeadPublished {
            queue,
            version: self.version,
            count: self.count as u64,
            head: hex(&self.head),
            hour: self.hour,
            key: self.key,
            signature: hex(&self.signature),
        }
    }
}

/// Queues to which something was added since their last head, which is of an earlier hour.
pub(crate) async fn due(
    conn: &mut PgConnection,
    hour: DateTime<Utc>,
    limit: i64,
) -> Result<Vec<QueueId>, sqlx::Error> {
    let ids: Vec<Uuid> = sqlx::query_scalar(
        "select queue_id from queues where published < entries
           and not exists (select 1 from heads where heads.queue_id = queues.queue_id and hour >= $1)
         order by queue_id limit $2",
    )
    .bind(hour)
    .bind(limit)
    .fetch_all(conn)
    .await?;
    Ok(ids.into_iter().map(QueueId).collect())
}

/// Whether a head of this hour, or a later one, is out.
pub(crate) async fn is_published(
    conn: &mut PgConnection,
    queue_id: QueueId,
    hour: DateTime<Utc>,
) -> Result<bool, sqlx::Error> {
    sqlx::query_scalar("select exists (select 1 from heads where queue_id = $1 and hour >= $2)")
        .bind(queue_id.0)
        .bind(hour)
        .fetch_one(conn)
        .await
}

/// Keeps a head; the version of the fact that tells it.
pub(crate) async fn add(conn: &mut PgConnection, head: &Head) -> Result<i64, sqlx::Error> {
    sqlx::query(
        "insert into heads (queue_id, hour, count, head, key, signature) values ($1, $2, $3, $4, $5, $6)",
    )
    .bind(head.queue_id.0)
    .bind(head.hour)
    .bind(head.count as i64)
    .bind(head.head.0.as_slice())
    .bind(&head.key)
    .bind(head.signature.as_slice())
    .execute(&mut *conn)
    .await?;
    sqlx::query_scalar(
        "update queues set published = $2, publications = publications + 1 where queue_id = $1
         returning publications",
    )
    .bind(head.queue_id.0)
    .bind(head.count as i64)
    .fetch_one(conn)
    .await
}

/// As many heads were published, at least: what is published next has a later version.
pub(crate) async fn raise_to(
    conn: &mut PgConnection,
    queue_id: QueueId,
    publications: i64,
) -> Result<(), sqlx::Error> {
    sqlx::query("update queues set publications = greatest(publications, $2) where queue_id = $1")
        .bind(queue_id.0)
        .bind(publications)
        .execute(conn)
        .await?;
    Ok(())
}

/// Keeps the public half of a key for ever.
pub(crate) async fn keep_key(
    conn: &mut PgConnection,
    key: &str,
    ed25519: &[u8; 32],
) -> Result<(), sqlx::Error> {
    sqlx::query("insert into head_keys (key, ed25519) values ($1, $2) on conflict do nothing")
        .bind(key)
        .bind(ed25519.as_slice())
        .execute(conn)
        .await?;
    Ok(())
}

/// Every key that signed here.
pub(crate) async fn keys(conn: &mut PgConnection) -> Result<Vec<HeadKey>, sqlx::Error> {
    let rows: Vec<(String, Vec<u8>)> =
        sqlx::query_as("select key, ed25519 from head_keys order by key").fetch_all(conn).await?;
    Ok(rows.into_iter().map(|(key, ed25519)| HeadKey { key, ed25519: hex(&ed25519) }).collect())
}

/// Every column of [`Row`]; the version is the place of the head among those of its queue.
macro_rules! columns {
    () => {
        "hour, count, head, key, signature,
         (select count(*) from heads as earlier where earlier.queue_id = heads.queue_id and earlier.hour <= heads.hour)
             as version"
    };
}

/// Heads of a queue, the last first, before an hour.
pub(crate) async fn page(
    conn: &mut PgConnection,
    queue_id: QueueId,
    before: Option<DateTime<Utc>>,
    limit: i64,
) -> Result<Vec<HeadPublished>, sqlx::Error> {
    let rows: Vec<Row> = sqlx::query_as(concat!(
        "select ",
        columns!(),
        " from heads where queue_id = $1 and ($2::timestamptz is null or hour < $2) order by hour desc limit $3"
    ))
    .bind(queue_id.0)
    .bind(before)
    .bind(limit)
    .fetch_all(conn)
    .await?;
    Ok(rows.into_iter().map(|row| row.read(queue_id)).collect())
}

/// The first head that has an entry in it.
pub(crate) async fn first_with(
    conn: &mut PgConnection,
    queue_id: QueueId,
    n: u64,
) -> Result<Option<HeadPublished>, sqlx::Error> {
    let row: Option<Row> = sqlx::query_as(concat!(
        "select ",
        columns!(),
        " from heads where queue_id = $1 and count >= $2 order by hour limit 1"
    ))
    .bind(queue_id.0)
    .bind(n as i64)
    .fetch_optional(conn)
    .await?;
    Ok(row.map(|row| row.read(queue_id)))
}
