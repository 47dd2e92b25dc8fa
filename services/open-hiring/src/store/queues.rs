//! The table of queues, and the lock under which everything about one queue is written.

use chassis::Fault;
use chrono::{DateTime, NaiveDate, Utc};
use proto::{
    EmployerId, QueueId,
    open_hiring::{AnswerHours, ChangeReason, QueueStage},
};
use sqlx::{FromRow, PgConnection};
use uuid::Uuid;

use super::{known, places};
use crate::domain::{Queue, Stage, answer_time::AnswerTime, ledger::Hash};

/// How many numbers a block of the line has.
pub(crate) const BLOCK: u32 = 1_000;

#[derive(FromRow)]
struct Row {
    queue_id: Uuid,
    version: i64,
    employer_id: Uuid,
    region: String,
    opened_at: DateTime<Utc>,
    opens_at: DateTime<Utc>,
    answer_hours: i16,
    answer_from: i16,
    answer_until: i16,
    is_standing: bool,
    stage: String,
    reason: Option<String>,
    to_tell: bool,
    entries: i64,
    head: Vec<u8>,
    last_at: DateTime<Utc>,
    last_number: i32,
}

/// A queue as stored.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Stored {
    pub(crate) queue: Queue,
    pub(crate) version: i64,
    pub(crate) employer_id: EmployerId,
    pub(crate) region: String,
    pub(crate) opened_at: DateTime<Utc>,
    pub(crate) answer_hours: AnswerHours,
    pub(crate) reason: Option<ChangeReason>,
    /// Whether people who waited when it closed are still to be told.
    pub(crate) to_tell: bool,
    /// The end of its ledger.
    pub(crate) entries: u64,
    pub(crate) head: Hash,
    pub(crate) last_at: DateTime<Utc>,
    pub(crate) last_number: u32,
}

impl Row {
    fn read(self, places: Vec<crate::domain::Place>) -> Result<Stored, Fault> {
        let (hours, from, until) =
            (self.answer_hours as u16, self.answer_from as u8, self.answer_until as u8);
        let answer_time = AnswerTime::new(hours, from, until)
            .map_err(|error| Fault::broken("reading how long people have to answer", error))?;
        let head = self.head.try_into().map_err(|_| Fault::broken("reading a head", "not 32 bytes"))?;
        let stage = match known(QueueStage::from_name(&self.stage), "reading a stage")? {
            QueueStage::Running => Stage::Running,
            QueueStage::Stopped => Stage::Stopped,
            QueueStage::Closed => Stage::Closed,
        };
        let queue = Queue {
            queue_id: QueueId(self.queue_id),
            opens_at: self.opens_at,
            answer_time,
            is_standing: self.is_standing,
            stage,
            places,
        };
        Ok(Stored {
            queue,
            version: self.version,
            employer_id: EmployerId(self.employer_id),
            region: self.region,
            opened_at: self.opened_at,
            answer_hours: AnswerHours { hours, from, until },
            reason: self.reason.as_deref().and_then(ChangeReason::from_name),
            to_tell: self.to_tell,
            entries: self.entries as u64,
            head: Hash(head),
            last_at: self.last_at,
            last_number: self.last_number as u32,
        })
    }
}

/// The stage in words.
pub(crate) const fn stage(stage: Stage) -> QueueStage {
    match stage {
        Stage::Running => QueueStage::Running,
        Stage::Stopped => QueueStage::Stopped,
        Stage::Closed => QueueStage::Closed,
    }
}

/// Whoever writes about queues waits here for whoever does, until the transaction ends: in the order of their ids, so that
/// nobody waits crosswise. A lock on the row would let whoever comes later overtake (RELIABILITY 0.5).
pub(crate) async fn take_turns(conn: &mut PgConnection, queue_ids: &[Uuid]) -> Result<(), sqlx::Error> {
    sqlx::query(
        "select pg_advisory_xact_lock(hashtext('open_hiring.queue'), hashtext(id::text))
         from (select distinct id from unnest($1::uuid[]) as t (id) order by id) as ids",
    )
    .bind(queue_ids)
    .execute(conn)
    .await?;
    Ok(())
}

/// A queue with its places.
pub(crate) async fn find(conn: &mut PgConnection, queue_id: QueueId) -> Result<Option<Stored>, Fault> {
    Ok(find_all(conn, &[queue_id.0]).await?.pop())
}

/// Those of these queues that there are, with their places.
pub(crate) async fn find_all(conn: &mut PgConnection, queue_ids: &[Uuid]) -> Result<Vec<Stored>, Fault> {
    let rows: Vec<Row> = sqlx::query_as(
        "select queue_id, version, employer_id, region, opened_at, opens_at, answer_hours, answer_from, answer_until,
                is_standing, stage, reason, to_tell, entries, head, last_at, last_number
         from queues where queue_id = any($1)",
    )
    .bind(queue_ids)
    .fetch_all(&mut *conn)
    .await?;
    if rows.is_empty() {
        return Ok(Vec::new());
    }
    let mut places = places::of_queues(conn, queue_ids).await?;
    rows.into_iter()
        .map(|row| {
            let hers = places.remove(&row.queue_id).unwrap_or_default();
            row.read(hers)
        })
        .collect()
}

/// Keeps queues as they now are, without their places.
pub(crate) async fn save(conn: &mut PgConnection, queues: &[&Stored]) -> Result<(), sqlx::Error> {
    fn column<T>(queues: &[&Stored], of: impl Fn(&Stored) -> T) -> Vec<T> {
        queues.iter().map(|stored| of(stored)).collect()
    }
    if queues.is_empty() {
        return Ok(());
    }
    sqlx::query(
        "insert into queues (queue_id, version, employer_id, region, opened_at, opens_at, answer_hours, answer_from,
                             answer_until, is_standing, stage, reason, entries, head, last_at, last_number, to_tell)
         select * from unnest($1::uuid[], $2::bigint[], $3::uuid[], $4::text[], $5::timestamptz[], $6::timestamptz[],
                              $7::smallint[], $8::smallint[], $9::smallint[], $10::boolean[], $11::text[],
                              $12::text[], $13::bigint[], $14::bytea[], $15::timestamptz[], $16::integer[],
                              $17::boolean[])
         on conflict (queue_id) do update
         set version = excluded.version, employer_id = excluded.employer_id, region = excluded.region,
             opens_at = excluded.opens_at, stage = excluded.stage, reason = excluded.reason,
             entries = excluded.entries, head = excluded.head, last_at = excluded.last_at,
             last_number = excluded.last_number, to_tell = excluded.to_tell",
    )
    .bind(column(queues, |stored| stored.queue.queue_id.0))
    .bind(column(queues, |stored| stored.version))
    .bind(column(queues, |stored| stored.employer_id.0))
    .bind(column(queues, |stored| stored.region.clone()))
    .bind(column(queues, |stored| stored.opened_at))
    .bind(column(queues, |stored| stored.queue.opens_at))
    .bind(column(queues, |stored| stored.answer_hours.hours as i16))
    .bind(column(queues, |stored| i16::from(stored.answer_hours.from)))
    .bind(column(queues, |stored| i16::from(stored.answer_hours.until)))
    .bind(column(queues, |stored| stored.queue.is_standing))
    .bind(column(queues, |stored| stage(stored.queue.stage).name().to_owned()))
    .bind(column(queues, |stored| stored.reason.map(|reason| reason.name().to_owned())))
    .bind(column(queues, |stored| stored.entries as i64))
    .bind(column(queues, |stored| stored.head.0.to_vec()))
    .bind(column(queues, |stored| stored.last_at))
    .bind(column(queues, |stored| stored.last_number as i32))
    .bind(column(queues, |stored| stored.to_tell))
    .execute(conn)
    .await?;
    Ok(())
}

/// So many more or fewer people wait in a block of numbers of a queue.
pub(crate) struct Moved {
    pub(crate) queue_id: QueueId,
    pub(crate) block: u32,
    pub(crate) more: i32,
}

/// More or fewer people wait.
pub(crate) async fn count_waiting(conn: &mut PgConnection, moved: &[Moved]) -> Result<(), sqlx::Error> {
    if moved.is_empty() {
        return Ok(());
    }
    // A block that is not there yet begins with whoever came: nobody leaves it before.
    sqlx::query(
        "with moved as (select * from unnest($1::uuid[], $2::integer[], $3::integer[]) as t (queue_id, block, more)),
              known as (update line_blocks set waiting = waiting + more from moved
                        where line_blocks.queue_id = moved.queue_id and line_blocks.block = moved.block
                        returning moved.queue_id, moved.block)
         insert into line_blocks (queue_id, block, waiting)
         select queue_id, block, more from moved
         where not exists (select from known where (known.queue_id, known.block) = (moved.queue_id, moved.block))",
    )
    .bind(moved.iter().map(|moved| moved.queue_id.0).collect::<Vec<_>>())
    .bind(moved.iter().map(|moved| moved.block as i32).collect::<Vec<_>>())
    .bind(moved.iter().map(|moved| moved.more).collect::<Vec<_>>())
    .execute(conn)
    .await?;
    Ok(())
}

/// How many wait.
pub(crate) async fn waiting(conn: &mut PgConnection, queue_id: QueueId) -> Result<u32, sqlx::Error> {
    let waiting: i64 =
        sqlx::query_scalar("select coalesce(sum(waiting), 0) from line_blocks where queue_id = $1")
            .bind(queue_id.0)
            .fetch_one(conn)
            .await?;
    Ok(waiting as u32)
}

/// How many wait before a number.
pub(crate) async fn waiting_before(
    conn: &mut PgConnection,
    queue_id: QueueId,
    number: u32,
) -> Result<u32, sqlx::Error> {
    let block = number / BLOCK;
    let waiting: i64 = sqlx::query_scalar(
        "select (select coalesce(sum(waiting), 0) from line_blocks where queue_id = $1 and block < $2)
              + (select count(*) from tickets
                 where queue_id = $1 and state = 'waiting' and number >= $3 and number < $4)",
    )
    .bind(queue_id.0)
    .bind(block as i32)
    .bind((block * BLOCK) as i32)
    .bind(number as i32)
    .fetch_one(conn)
    .await?;
    Ok(waiting as u32)
}

/// So many more were asked in a queue, in the week of a Monday.
pub(crate) async fn count_asked(
    conn: &mut PgConnection,
    asked: &[(QueueId, NaiveDate, u32)],
) -> Result<(), sqlx::Error> {
    if asked.is_empty() {
        return Ok(());
    }
    sqlx::query(
        "insert into asked_weeks (queue_id, monday, asked) select * from unnest($1::uuid[], $2::date[], $3::integer[])
         on conflict (queue_id, monday) do update set asked = asked_weeks.asked + excluded.asked",
    )
    .bind(asked.iter().map(|(queue_id, ..)| queue_id.0).collect::<Vec<_>>())
    .bind(asked.iter().map(|(_, monday, _)| *monday).collect::<Vec<_>>())
    .bind(asked.iter().map(|(.., asked)| *asked as i32).collect::<Vec<_>>())
    .execute(conn)
    .await?;
    Ok(())
}

/// How many were asked in weeks from one Monday on, each with its Monday.
pub(crate) async fn asked(
    conn: &mut PgConnection,
    queue_id: QueueId,
    from: NaiveDate,
) -> Result<Vec<(NaiveDate, u32)>, sqlx::Error> {
    let rows: Vec<(NaiveDate, i32)> =
        sqlx::query_as("select monday, asked from asked_weeks where queue_id = $1 and monday >= $2")
            .bind(queue_id.0)
            .bind(from)
            .fetch_all(conn)
            .await?;
    Ok(rows.into_iter().map(|(monday, asked)| (monday, asked as u32)).collect())
}

/// Queues in the order of their ids, after one of them.
pub(crate) async fn page(
    conn: &mut PgConnection,
    after: Uuid,
    limit: i64,
) -> Result<Vec<QueueId>, sqlx::Error> {
    let ids: Vec<Uuid> =
        sqlx::query_scalar("select queue_id from queues where queue_id > $1 order by queue_id limit $2")
            .bind(after)
            .bind(limit)
            .fetch_all(conn)
            .await?;
    Ok(ids.into_iter().map(QueueId).collect())
}

/// Queues in which something is due at this moment: an offer that ran out, a sign-up that nobody confirmed, a new number that
/// may be asked from now on, or somebody in a closed line who was not told yet.
pub(crate) async fn due(
    conn: &mut PgConnection,
    now: DateTime<Utc>,
    unconfirmed_since: DateTime<Utc>,
    limit: i64,
) -> Result<Vec<QueueId>, sqlx::Error> {
    let ids: Vec<Uuid> = sqlx::query_scalar(
        "(select queue_id from tickets where state = 'offered' and offered_until <= $1 limit $3)
         union
         (select queue_id from tickets
          where not is_confirmed and state in ('waiting', 'paused') and signed_up_at <= $2 limit $3)
         union
         (select queue_id from tickets
          where state = 'waiting' and no_offer_before is not null and no_offer_before <= $1 limit $3)
         union
         (select queue_id from tickets where rung_due_at is not null and rung_due_at <= $1 limit $3)
         union
         (select queue_id from queues where to_tell limit $3)
         order by queue_id",
    )
    .bind(now)
    .bind(unconfirmed_since)
    .bind(limit)
    .fetch_all(conn)
    .await?;
    Ok(ids.into_iter().map(QueueId).collect())
}
