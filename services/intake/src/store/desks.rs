//! The maintained table of desks.

use chrono::{DateTime, Utc};
use proto::{
    DeskId,
    intake::{Desk, DeskKind},
};
use sqlx::{FromRow, PgConnection};
use uuid::Uuid;

use crate::domain::desk::Entry;

#[derive(FromRow)]
struct DeskRow {
    desk_id: Uuid,
    kind: String,
    region: String,
    name: String,
    town: String,
    phone: String,
    email: String,
    website: String,
    checked_at: Option<DateTime<Utc>>,
}

impl From<DeskRow> for Desk {
    fn from(row: DeskRow) -> Self {
        Self {
            desk_id: DeskId(row.desk_id),
            kind: DeskKind::from_name(&row.kind).expect("the table checks kinds"),
            region: row.region,
            name: row.name,
            town: row.town,
            phone: row.phone,
            email: row.email,
            website: row.website,
            checked_at: row.checked_at,
        }
    }
}

/// Adds those of these desks whose region has none of their kind; returns how many.
pub async fn add_missing(conn: &mut PgConnection, desks: &[Desk]) -> Result<u64, sqlx::Error> {
    fn column(desks: &[Desk], of: impl Fn(&Desk) -> &str) -> Vec<String> {
        desks.iter().map(|desk| of(desk).to_owned()).collect()
    }
    let done = sqlx::query(
        "insert into desks (desk_id, kind, region, name, town, phone, email, website)
         select * from unnest($1::uuid[], $2::text[], $3::text[], $4::text[], $5::text[], $6::text[], $7::text[], $8::text[])
         on conflict (region, kind) do nothing",
    )
    .bind(desks.iter().map(|desk| desk.desk_id.0).collect::<Vec<_>>())
    .bind(column(desks, |desk| desk.kind.name()))
    .bind(column(desks, |desk| &desk.region))
    .bind(column(desks, |desk| &desk.name))
    .bind(column(desks, |desk| &desk.town))
    .bind(column(desks, |desk| &desk.phone))
    .bind(column(desks, |desk| &desk.email))
    .bind(column(desks, |desk| &desk.website))
    .execute(conn)
    .await?;
    Ok(done.rows_affected())
}

/// All desks by region and kind; only those of one region when one is given.
pub async fn list(conn: &mut PgConnection, region: Option<&str>) -> Result<Vec<Desk>, sqlx::Error> {
    let rows: Vec<DeskRow> = sqlx::query_as(
        "select desk_id, kind, region, name, town, phone, email, website, checked_at
         from desks where $1 is null or region = $1
         order by region, array_position(array['wsp', 'rmt', 'lwl'], kind)",
    )
    .bind(region)
    .fetch_all(conn)
    .await?;
    Ok(rows.into_iter().map(Desk::from).collect())
}

/// One desk.
pub async fn find(conn: &mut PgConnection, desk_id: DeskId) -> Result<Option<Desk>, sqlx::Error> {
    let row: Option<DeskRow> = sqlx::query_as(
        "select desk_id, kind, region, name, town, phone, email, website, checked_at
         from desks where desk_id = $1",
    )
    .bind(desk_id.0)
    .fetch_optional(conn)
    .await?;
    Ok(row.map(Desk::from))
}

/// Keeps what somebody maintained, and that it was checked.
pub async fn save(
    conn: &mut PgConnection,
    desk_id: DeskId,
    entry: &Entry,
    now: DateTime<Utc>,
) -> Result<(), sqlx::Error> {
    sqlx::query(
        "update desks set name = $2, town = $3, phone = $4, email = $5, website = $6, checked_at = $7
         where desk_id = $1",
    )
    .bind(desk_id.0)
    .bind(&entry.name)
    .bind(&entry.town)
    .bind(&entry.phone)
    .bind(&entry.email)
    .bind(&entry.website)
    .bind(now)
    .execute(conn)
    .await?;
    Ok(())
}
