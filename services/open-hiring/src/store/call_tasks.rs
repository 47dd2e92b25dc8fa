//! The table of calls to make about offers.

use chrono::{DateTime, NaiveDate, Utc};
use proto::{
    AccountId, CallTaskId, PlaceId, QueueId, SeekerId, TicketId,
    open_hiring::{CallResult, CallTask, Rung, TicketPlace},
};
use sqlx::{FromRow, PgConnection};
use uuid::Uuid;

/// A call to make.
pub(crate) struct New {
    pub(crate) task_id: CallTaskId,
    pub(crate) queue_id: QueueId,
    pub(crate) ticket_id: TicketId,
    pub(crate) region: String,
    pub(crate) rung: Rung,
    pub(crate) answer_until: DateTime<Utc>,
}

/// Adds a call to make.
pub(crate) async fn add(conn: &mut PgConnection, new: &New, now: DateTime<Utc>) -> Result<(), sqlx::Error> {
    sqlx::query(
        "insert into call_tasks (task_id, queue_id, ticket_id, region, rung, opened_at, answer_until)
         values ($1, $2, $3, $4, $5, $6, $7)",
    )
    .bind(new.task_id.0)
    .bind(new.queue_id.0)
    .bind(new.ticket_id.0)
    .bind(&new.region)
    .bind(new.rung.name())
    .bind(now)
    .bind(new.answer_until)
    .execute(conn)
    .await?;
    Ok(())
}

/// A call as stored.
#[derive(Debug, Clone, FromRow)]
pub(crate) struct Stored {
    pub(crate) queue_id: Uuid,
    pub(crate) ticket_id: Uuid,
    pub(crate) region: String,
    pub(crate) closed_at: Option<DateTime<Utc>>,
}

/// A call.
pub(crate) async fn find(
    conn: &mut PgConnection,
    task_id: CallTaskId,
) -> Result<Option<Stored>, sqlx::Error> {
    sqlx::query_as("select queue_id, ticket_id, region, closed_at from call_tasks where task_id = $1")
        .bind(task_id.0)
        .fetch_optional(conn)
        .await
}

/// Whether a call about a ticket is to be made.
pub(crate) async fn is_open(conn: &mut PgConnection, ticket_id: TicketId) -> Result<bool, sqlx::Error> {
    sqlx::query_scalar("select exists (select from call_tasks where ticket_id = $1 and closed_at is null)")
        .bind(ticket_id.0)
        .fetch_one(conn)
        .await
}

/// Closes the open call about a ticket, if there is one; which it was.
pub(crate) async fn close(
    conn: &mut PgConnection,
    ticket_id: TicketId,
    result: Option<CallResult>,
    account_id: Option<AccountId>,
    now: DateTime<Utc>,
) -> Result<Option<CallTaskId>, sqlx::Error> {
    let id: Option<Uuid> = sqlx::query_scalar(
        "update call_tasks set closed_at = $2, result = $3, account_id = $4
         where ticket_id = $1 and closed_at is null returning task_id",
    )
    .bind(ticket_id.0)
    .bind(now)
    .bind(result.map(CallResult::name))
    .bind(account_id.map(|account| account.0))
    .fetch_optional(conn)
    .await?;
    Ok(id.map(CallTaskId))
}

#[derive(FromRow)]
struct Row {
    task_id: Uuid,
    seeker_id: Uuid,
    ticket_id: Uuid,
    queue_id: Uuid,
    rung: String,
    place_id: Uuid,
    first_day: NaiveDate,
    answer_until: DateTime<Utc>,
    opened_at: DateTime<Utc>,
}

/// Calls to make in these regions, the earliest deadline first.
pub(crate) async fn open_in(
    conn: &mut PgConnection,
    regions: &[String],
    limit: i64,
) -> Result<Vec<CallTask>, sqlx::Error> {
    let rows: Vec<Row> = sqlx::query_as(
        "select task_id, seeker_id, call_tasks.ticket_id, call_tasks.queue_id, call_tasks.rung, tickets.place_id,
                first_day, answer_until, opened_at
         from call_tasks
         join tickets on tickets.ticket_id = call_tasks.ticket_id
         join places on places.place_id = tickets.place_id
         where closed_at is null and region = any($1)
         order by answer_until, task_id limit $2",
    )
    .bind(regions)
    .bind(limit)
    .fetch_all(conn)
    .await?;
    let read = |row: Row| {
        Some(CallTask {
            task_id: CallTaskId(row.task_id),
            seeker_id: SeekerId(row.seeker_id),
            ticket_id: TicketId(row.ticket_id),
            opening_id: QueueId(row.queue_id).opening(),
            rung: Rung::from_name(&row.rung)?,
            place: TicketPlace {
                place_id: PlaceId(row.place_id),
                first_day: row.first_day,
                until: Some(row.answer_until),
            },
            opened_at: row.opened_at,
        })
    };
    Ok(rows.into_iter().filter_map(read).collect())
}
