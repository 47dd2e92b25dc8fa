//! Employers and their contacts.

use std::collections::HashMap;

use chassis::vault::WrappedKey;
use chrono::{DateTime, Utc};
use proto::{
    EmployerId,
    vacancies::{EmployerLine, Page},
};
use sqlx::{FromRow, PgConnection, PgPool};
use uuid::Uuid;

use super::anywhere;
use crate::{domain::employer::Employer, may::Scope};

/// An employer as stored, for decisions.
#[derive(Debug, Clone, PartialEq, Eq, FromRow)]
pub struct Known {
    employer_id: Uuid,
    /// Its KVK number.
    pub kvk_number: String,
    /// The region of its first site.
    pub region: String,
}

impl Known {
    /// Its id.
    pub fn employer_id(&self) -> EmployerId {
        EmployerId(self.employer_id)
    }
}

/// Adds employers whose KVK number is new; returns how many there were. Sorted, so that two who
/// add the same ones wait for each other instead of locking each other out.
pub async fn insert_new(
    conn: &mut PgConnection,
    employers: &[Employer],
    now: DateTime<Utc>,
) -> Result<u64, sqlx::Error> {
    let column = |of: fn(&Employer) -> &str| employers.iter().map(|e| of(e).to_owned()).collect::<Vec<_>>();
    let ids: Vec<Uuid> = employers.iter().map(|employer| employer.employer_id.0).collect();
    let done = sqlx::query(
        "insert into employers (employer_id, kvk_number, name, postcode, place, region, created_at)
         select employer_id, kvk_number, name, postcode, place, region, $7
         from unnest($1::uuid[], $2::text[], $3::text[], $4::text[], $5::text[], $6::text[])
              as t (employer_id, kvk_number, name, postcode, place, region)
         order by kvk_number
         on conflict (kvk_number) do nothing",
    )
    .bind(ids)
    .bind(column(|employer| &employer.kvk_number))
    .bind(column(|employer| &employer.name))
    .bind(column(|employer| &employer.site.postcode))
    .bind(column(|employer| &employer.site.place))
    .bind(column(|employer| &employer.site.area.region))
    .bind(now)
    .execute(conn)
    .await?;
    Ok(done.rows_affected())
}

/// The employers with these KVK numbers.
pub async fn by_kvk(
    conn: &mut PgConnection,
    kvk_numbers: &[String],
) -> Result<HashMap<String, Known>, sqlx::Error> {
    let found: Vec<Known> =
        sqlx::query_as("select employer_id, kvk_number, region from employers where kvk_number = any($1)")
            .bind(kvk_numbers)
            .fetch_all(conn)
            .await?;
    Ok(found.into_iter().map(|known| (known.kvk_number.clone(), known)).collect())
}

/// The employer with this id.
pub async fn find(conn: &mut PgConnection, id: EmployerId) -> Result<Option<Known>, sqlx::Error> {
    sqlx::query_as("select employer_id, kvk_number, region from employers where employer_id = $1")
        .bind(id.0)
        .fetch_optional(conn)
        .await
}

/// Keeps whom to ask for, encrypted.
pub async fn keep_contact(
    conn: &mut PgConnection,
    id: EmployerId,
    wrapped_key: &WrappedKey,
    contact: &[u8],
) -> Result<(), sqlx::Error> {
    sqlx::query("insert into employer_contacts (employer_id, wrapped_key, contact) values ($1, $2, $3)")
        .bind(id.0)
        .bind(wrapped_key.as_bytes())
        .bind(contact)
        .execute(conn)
        .await?;
    Ok(())
}

/// Whom to ask for, still encrypted.
pub async fn contact(pool: &PgPool, id: EmployerId) -> Result<Option<(WrappedKey, Vec<u8>)>, sqlx::Error> {
    let found: Option<(Vec<u8>, Vec<u8>)> =
        sqlx::query_as("select wrapped_key, contact from employer_contacts where employer_id = $1")
            .bind(id.0)
            .fetch_optional(pool)
            .await?;
    Ok(found.map(|(wrapped_key, contact)| (WrappedKey(wrapped_key), contact)))
}

#[derive(FromRow)]
struct LineRow {
    employer_id: Uuid,
    name: String,
    kvk_number: String,
    place: String,
    open_openings: i64,
}

impl From<LineRow> for EmployerLine {
    fn from(row: LineRow) -> Self {
        Self {
            employer_id: EmployerId(row.employer_id),
            name: row.name,
            kvk_number: row.kvk_number,
            place: row.place,
            open_openings: u32::try_from(row.open_openings).unwrap_or(u32::MAX),
        }
    }
}

/// Employers by name.
pub async fn page(
    pool: &PgPool,
    scope: &Scope,
    search: &str,
    limit: i64,
    offset: i64,
) -> Result<Page<EmployerLine>, sqlx::Error> {
    let own = scope.employer_id.map(|id| id.0);
    let pattern = anywhere(search);
    let total: i64 = sqlx::query_scalar(
        "select count(*) from employers
         where ($1 or region = any($2) or employer_id = $3) and (name ilike $4 or kvk_number like $4)",
    )
    .bind(scope.all)
    .bind(&scope.regions)
    .bind(own)
    .bind(&pattern)
    .fetch_one(pool)
    .await?;
    let rows: Vec<LineRow> = sqlx::query_as(
        "select e.employer_id, e.name, e.kvk_number, e.place,
                (select count(*) from openings o
                 where o.employer_id = e.employer_id and o.state = 'published') as open_openings
         from employers e
         where ($1 or e.region = any($2) or e.employer_id = $3) and (e.name ilike $4 or e.kvk_number like $4)
         order by lower(e.name), e.employer_id
         limit $5 offset $6",
    )
    .bind(scope.all)
    .bind(&scope.regions)
    .bind(own)
    .bind(&pattern)
    .bind(limit)
    .bind(offset)
    .fetch_all(pool)
    .await?;
    Ok(Page { rows: rows.into_iter().map(Into::into).collect(), total: total as u64 })
}

/// One employer: its line, its postcode, its region.
pub async fn view(
    pool: &PgPool,
    id: EmployerId,
) -> Result<Option<(EmployerLine, String, String)>, sqlx::Error> {
    #[derive(FromRow)]
    struct Row {
        #[sqlx(flatten)]
        line: LineRow,
        postcode: String,
        region: String,
    }
    let row: Option<Row> = sqlx::query_as(
        "select e.employer_id, e.name, e.kvk_number, e.place, e.postcode, e.region,
                (select count(*) from openings o
                 where o.employer_id = e.employer_id and o.state = 'published') as open_openings
         from employers e where e.employer_id = $1",
    )
    .bind(id.0)
    .fetch_optional(pool)
    .await?;
    Ok(row.map(|row| (row.line.into(), row.postcode, row.region)))
}
