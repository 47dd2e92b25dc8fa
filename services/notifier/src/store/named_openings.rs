//! Openings as they were last named in a message.

use std::collections::HashMap;

use proto::vacancies::OpeningView;
use sqlx::{FromRow, PgConnection};
use uuid::Uuid;

/// What a message names of an opening.
#[derive(FromRow)]
pub struct NamedOpening {
    opening_id: Uuid,
    /// The job's name.
    pub title: String,
    /// Where it is.
    pub place: String,
    /// The employer's name.
    pub employer: String,
}

/// Keeps how openings read now.
pub async fn keep(conn: &mut PgConnection, openings: &[OpeningView]) -> Result<(), sqlx::Error> {
    sqlx::query(
        "insert into named_openings (opening_id, title, place, employer)
         select * from unnest($1::uuid[], $2::text[], $3::text[], $4::text[]) as t (opening_id, title, place, employer)
         order by opening_id
         on conflict (opening_id) do update
         set title = excluded.title, place = excluded.place, employer = excluded.employer",
    )
    .bind(openings.iter().map(|opening| opening.opening_id.0).collect::<Vec<_>>())
    .bind(openings.iter().map(|opening| &*opening.details.title).collect::<Vec<_>>())
    .bind(openings.iter().map(|opening| &*opening.place).collect::<Vec<_>>())
    .bind(openings.iter().map(|opening| &*opening.employer_name).collect::<Vec<_>>())
    .execute(conn)
    .await?;
    Ok(())
}

/// How these openings last read; those that were never named are left out.
pub async fn of(
    conn: &mut PgConnection,
    opening_ids: &[Uuid],
) -> Result<HashMap<Uuid, NamedOpening>, sqlx::Error> {
    let rows: Vec<NamedOpening> = sqlx::query_as(
        "select opening_id, title, place, employer from named_openings where opening_id = any($1)",
    )
    .bind(opening_ids)
    .fetch_all(conn)
    .await?;
    Ok(rows.into_iter().map(|opening| (opening.opening_id, opening)).collect())
}
