//! The table of who may reach someone about her place in line.

use chrono::{DateTime, Utc};
use proto::{EmployerId, TicketId, open_hiring::TicketChanged};
use sqlx::{FromRow, PgConnection};
use uuid::Uuid;

use crate::domain::ticket::Open;

#[derive(FromRow)]
struct Row {
    version: i64,
    begins: bool,
    offer_until: Option<DateTime<Utc>>,
    beginner_until: Option<DateTime<Utc>>,
}

/// What is kept of a ticket, with its version; others who change it wait until the transaction ends.
pub async fn lock(conn: &mut PgConnection, ticket_id: TicketId) -> Result<Option<(i64, Open)>, sqlx::Error> {
    let row: Option<Row> = sqlx::query_as(
        "select version, begins, offer_until, beginner_until from ticket_contacts
         where ticket_id = $1 for update",
    )
    .bind(ticket_id.0)
    .fetch_optional(conn)
    .await?;
    Ok(row.map(|Row { version, begins, offer_until, beginner_until }| {
        (version, Open { begins, offer_until, beginner_until })
    }))
}

/// Keeps it, if it is newer than what stands there by then.
pub async fn keep(conn: &mut PgConnection, ticket: &TicketChanged, open: &Open) -> Result<(), sqlx::Error> {
    sqlx::query(
        "insert into ticket_contacts (ticket_id, seeker_id, employer_id, version, begins, offer_until, beginner_until)
         values ($1, $2, $3, $4, $5, $6, $7)
         on conflict (ticket_id) do update
         set version = excluded.version, begins = excluded.begins, offer_until = excluded.offer_until,
             beginner_until = excluded.beginner_until
         where ticket_contacts.version < excluded.version",
    )
    .bind(ticket.ticket_id.0)
    .bind(ticket.seeker_id.0)
    .bind(ticket.employer_id.0)
    .bind(ticket.version)
    .bind(open.begins)
    .bind(open.offer_until)
    .bind(open.beginner_until)
    .execute(conn)
    .await?;
    Ok(())
}

/// Deletes what is kept of a ticket.
pub async fn delete(conn: &mut PgConnection, ticket_id: TicketId) -> Result<(), sqlx::Error> {
    sqlx::query("delete from ticket_contacts where ticket_id = $1").bind(ticket_id.0).execute(conn).await?;
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
