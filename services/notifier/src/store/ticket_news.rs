//! What there is to tell about places in line.

use std::collections::HashSet;

use chrono::{DateTime, NaiveDate, Utc};
use proto::open_hiring::{TicketChanged, TicketStep};
use sqlx::{FromRow, PgConnection};
use uuid::Uuid;

use crate::domain::ticket::Moments;

/// News that somebody tells now.
#[derive(FromRow)]
pub struct Claimed {
    /// Of which ticket.
    pub ticket_id: Uuid,
    /// To whom.
    pub seeker_id: Uuid,
    /// Which opening she queues for.
    pub opening_id: Uuid,
    /// Of the ticket.
    pub version: i64,
    /// Whether it was told before, and this is the reminder.
    pub reminds: bool,
    /// From then on it makes no sense any more.
    pub expires_at: DateTime<Utc>,
    number: i64,
    step: String,
    happened_at: DateTime<Utc>,
    first_day: Option<NaiveDate>,
    answer_until: Option<DateTime<Utc>>,
}

impl Claimed {
    /// Her number.
    pub fn number(&self) -> u32 {
        u32::try_from(self.number).expect("only numbers of tickets are written")
    }

    /// What happened.
    pub fn step(&self) -> TicketStep {
        TicketStep::from_name(&self.step).expect("only names of steps are written")
    }

    /// What the message may name.
    pub fn moments(&self) -> Moments {
        Moments { first_day: self.first_day, answer_until: self.answer_until, at: self.happened_at }
    }
}

/// How news comes in.
pub struct Heard<'a> {
    /// How the ticket now stands.
    pub ticket: &'a TicketChanged,
    /// When it happened.
    pub at: DateTime<Utc>,
    /// When to tell it; never if there is nothing to tell.
    pub due_at: Option<DateTime<Utc>>,
    /// From then on it makes no sense any more.
    pub expires_at: DateTime<Utc>,
}

/// Keeps each if it is newer; what was to be told of an older version is not told any more.
pub async fn keep(conn: &mut PgConnection, mut news: Vec<Heard<'_>>) -> Result<(), sqlx::Error> {
    fn column<T>(news: &[Heard<'_>], of: impl Fn(&Heard<'_>) -> T) -> Vec<T> {
        news.iter().map(of).collect()
    }
    if news.is_empty() {
        return Ok(());
    }
    // In one order, so that two replicas never wait for each other.
    news.sort_unstable_by_key(|heard| heard.ticket.ticket_id);
    sqlx::query(
        "insert into ticket_news (ticket_id, seeker_id, opening_id, version, number, step, happened_at, first_day,
                                  answer_until, remind_at, due_at, expires_at)
         select * from unnest($1::uuid[], $2::uuid[], $3::uuid[], $4::bigint[], $5::bigint[], $6::text[],
                              $7::timestamptz[], $8::date[], $9::timestamptz[], $10::timestamptz[],
                              $11::timestamptz[], $12::timestamptz[])
         on conflict (ticket_id) do update
         set version = excluded.version, step = excluded.step, happened_at = excluded.happened_at,
             first_day = excluded.first_day, answer_until = excluded.answer_until, remind_at = excluded.remind_at,
             reminds = false, due_at = excluded.due_at, expires_at = excluded.expires_at
         where ticket_news.version < excluded.version",
    )
    .bind(column(&news, |heard| heard.ticket.ticket_id.0))
    .bind(column(&news, |heard| heard.ticket.seeker_id.0))
    .bind(column(&news, |heard| heard.ticket.queue_id.opening().0))
    .bind(column(&news, |heard| heard.ticket.version))
    .bind(column(&news, |heard| i64::from(heard.ticket.ticket_number)))
    .bind(column(&news, |heard| heard.ticket.step.name().to_owned()))
    .bind(column(&news, |heard| heard.at))
    .bind(column(&news, |heard| heard.ticket.first_day))
    .bind(column(&news, |heard| heard.ticket.answer_until))
    .bind(column(&news, |heard| heard.ticket.remind_at))
    .bind(column(&news, |heard| heard.due_at))
    .bind(column(&news, |heard| heard.expires_at))
    .execute(conn)
    .await?;
    Ok(())
}

/// Gives up what is too late.
pub async fn expire(conn: &mut PgConnection, now: DateTime<Utc>) -> Result<(), sqlx::Error> {
    sqlx::query("update ticket_news set due_at = null where due_at <= $1 and expires_at <= $1")
        .bind(now)
        .execute(conn)
        .await?;
    Ok(())
}

/// Claims news that is due, oldest first: nobody else gets it before `until`.
pub async fn claim(
    conn: &mut PgConnection,
    now: DateTime<Utc>,
    until: DateTime<Utc>,
    limit: i64,
) -> Result<Vec<Claimed>, sqlx::Error> {
    sqlx::query_as(
        "update ticket_news set due_at = $2
         where ticket_id in (select ticket_id from ticket_news where due_at <= $1
                             order by due_at limit $3 for update skip locked)
         returning ticket_id, seeker_id, opening_id, version, number, step, happened_at, first_day, answer_until,
                   reminds, expires_at",
    )
    .bind(now)
    .bind(until)
    .bind(limit)
    // Planned each time: a plan made while there was little news would read all of it at each claim.
    .persistent(false)
    .fetch_all(conn)
    .await
}

/// Writes down that they were told, and when they are reminded. Of which tickets: not of those of which this version is no
/// longer the last one, or was told before.
pub async fn told(
    conn: &mut PgConnection,
    claimed: &[&Claimed],
    now: DateTime<Utc>,
) -> Result<HashSet<Uuid>, sqlx::Error> {
    let told: Vec<Uuid> = sqlx::query_scalar(
        "update ticket_news set reminds = true,
                due_at = case when not ticket_news.reminds and remind_at > $4 then remind_at end
         from unnest($1::uuid[], $2::bigint[], $3::boolean[]) as told (ticket_id, version, reminds)
         where ticket_news.ticket_id = told.ticket_id and ticket_news.version = told.version
           and ticket_news.reminds = told.reminds and due_at is not null
         returning ticket_news.ticket_id",
    )
    .bind(claimed.iter().map(|news| news.ticket_id).collect::<Vec<_>>())
    .bind(claimed.iter().map(|news| news.version).collect::<Vec<_>>())
    .bind(claimed.iter().map(|news| news.reminds).collect::<Vec<_>>())
    .bind(now)
    // As for a claim.
    .persistent(false)
    .fetch_all(conn)
    .await?;
    Ok(told.into_iter().collect())
}

/// Deletes what is kept of these tickets.
pub async fn delete(conn: &mut PgConnection, ticket_ids: &[Uuid]) -> Result<(), sqlx::Error> {
    if ticket_ids.is_empty() {
        return Ok(());
    }
    sqlx::query("delete from ticket_news where ticket_id = any($1)").bind(ticket_ids).execute(conn).await?;
    Ok(())
}

/// Deletes what is kept about somebody.
pub async fn delete_of(conn: &mut PgConnection, seeker_id: Uuid) -> Result<(), sqlx::Error> {
    sqlx::query("delete from ticket_news where seeker_id = $1").bind(seeker_id).execute(conn).await?;
    Ok(())
}
