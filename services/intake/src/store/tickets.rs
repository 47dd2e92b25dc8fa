//! The table of who may reach someone about her place in line.

use std::collections::HashMap;

use chrono::{DateTime, Utc};
use proto::{EmployerId, TicketId, open_hiring::TicketChanged};
use sqlx::{FromRow, PgConnection};
use uuid::Uuid;

use crate::domain::ticket::Open;

#[derive(FromRow)]
struct Row {
    ticket_id: Uuid,
    version: i64,
    begins: bool,
    offer_until: Option<DateTime<Utc>>,
    beginner_until: Option<DateTime<Utc>>,
}

/// What is kept of these tickets, each with its version; others who change one wait until the transaction ends.
pub async fn lock(
    conn: &mut PgConnection,
    ticket_ids: &[Uuid],
) -> Result<HashMap<TicketId, (i64, Open)>, sqlx::Error> {
    let rows: Vec<Row> = sqlx::query_as(
        "select ticket_id, version, begins, offer_until, beginner_until from ticket_contacts
         where ticket_id = any($1) order by ticket_id for update",
    )
    .bind(ticket_ids)
    .fetch_all(conn)
    .await?;
    let read = |Row { ticket_id, version, begins, offer_until, beginner_until }| {
        (TicketId(ticket_id), (version, Open { begins, offer_until, beginner_until }))
    };
    Ok(rows.into_iter().map(read).collect())
}

/// What to keep of a ticket.
pub struct Kept<'a> {
    /// As it was last told.
    pub ticket: &'a TicketChanged,
    /// Who may reach its person now.
    pub open: Open,
}

/// Keeps these, each if it is newer than what stands there by then.
pub async fn keep(conn: &mut PgConnection, mut tickets: Vec<Kept<'_>>) -> Result<(), sqlx::Error> {
    fn column<T>(tickets: &[Kept<'_>], of: impl Fn(&Kept<'_>) -> T) -> Vec<T> {
        tickets.iter().map(of).collect()
    }
    if tickets.is_empty() {
        return Ok(());
    }
    // In one order, so that two replicas never wait for each other.
    tickets.sort_unstable_by_key(|kept| kept.ticket.ticket_id);
    sqlx::query(
        "insert into ticket_contacts (ticket_id, seeker_id, employer_id, version, begins, offer_until, beginner_until)
         select * from unnest($1::uuid[], $2::uuid[], $3::uuid[], $4::bigint[], $5::boolean[], $6::timestamptz[],
                              $7::timestamptz[])
         on conflict (ticket_id) do update
         set version = excluded.version, begins = excluded.begins, offer_until = excluded.offer_until,
             beginner_until = excluded.beginner_until
         where ticket_contacts.version < excluded.version",
    )
    .bind(column(&tickets, |kept| kept.ticket.ticket_id.0))
    .bind(column(&tickets, |kept| kept.ticket.seeker_id.0))
    .bind(column(&tickets, |kept| kept.ticket.employer_id.0))
    .bind(column(&tickets, |kept| kept.ticket.version))
    .bind(column(&tickets, |kept| kept.open.begins))
    .bind(column(&tickets, |kept| kept.open.offer_until))
    .bind(column(&tickets, |kept| kept.open.beginner_until))
    .execute(conn)
    .await?;
    Ok(())
}

/// Deletes what is kept of these tickets.
pub async fn delete(conn: &mut PgConnection, ticket_ids: &[Uuid]) -> Result<(), sqlx::Error> {
    if ticket_ids.is_empty() {
        return Ok(());
    }
    sqlx::query("delete from ticket_contacts where ticket_id = any($1)")
        .bind(ticket_ids)
        .execute(conn)
        .await?;
    Ok(())
}

/// Whose ticket it is, while its offer stands.
pub async fn offered(
    conn: &mut PgConnection,
    ticket_id: TicketId,
    now: DateTime<Utc>,
) -> Result<Option<Uuid>, sqlx::Error> {
    sqlx::query_scalar("select seeker_id from ticket_contacts where ticket_id = $1 and offer_until > $2")
        .bind(ticket_id.0)
        .bind(now)
        .fetch_optional(conn)
        .await
}

/// Whose ticket it is, while this employer may reach her.
pub async fn beginner_of(
    conn: &mut PgConnection,
    ticket_id: TicketId,
    employer_id: EmployerId,
    now: DateTime<Utc>,
) -> Result<Option<Uuid>, sqlx::Error> {
    sqlx::query_scalar(
        "select seeker_id from ticket_contacts
         where ticket_id = $1 and employer_id = $2 and beginner_until > $3",
    )
    .bind(ticket_id.0)
    .bind(employer_id.0)
    .bind(now)
    .fetch_optional(conn)
    .await
}
