//! Imports, their rows, and what became of them.

use std::collections::HashMap;

use chassis::Fault;
use chrono::{DateTime, Utc};
use proto::{
    AccountId, Actor, FieldProblem, ImportId, OpeningId,
    vacancies::{ImportColumn, ImportCounts, ImportRow, ImportState, Page, RowOutcome},
};
use sqlx::{FromRow, PgConnection, PgPool};
use uuid::Uuid;

use super::unreadable;
use crate::domain::import_row::Glance;

/// An import as stored.
#[derive(Debug, Clone)]
pub struct Import {
    /// Which.
    pub import_id: ImportId,
    /// Whose.
    pub account_id: AccountId,
    /// Who imports, with her regions at that moment.
    pub actor: Actor,
    /// Its columns, in the order of the cells.
    pub columns: Vec<ImportColumn>,
    /// How many rows it has.
    pub rows: u32,
    /// Where it stands.
    pub state: ImportState,
    /// How many rows had which outcome.
    pub counts: ImportCounts,
}

#[derive(FromRow)]
struct StoredImport {
    import_id: Uuid,
    account_id: Uuid,
    actor: String,
    columns: Vec<String>,
    row_count: i32,
    state: String,
    placed: i32,
    changed: i32,
    unchanged: i32,
    refused: i32,
}

const fn state_name(state: ImportState) -> &'static str {
    match state {
        ImportState::Receiving => "receiving",
        ImportState::Running => "running",
        ImportState::Finished => "finished",
    }
}

fn state(name: &str) -> Result<ImportState, Fault> {
    [ImportState::Receiving, ImportState::Running, ImportState::Finished]
        .into_iter()
        .find(|state| state_name(*state) == name)
        .ok_or_else(|| unreadable("reading an import"))
}

const fn outcome_name(outcome: RowOutcome) -> &'static str {
    match outcome {
        RowOutcome::Waiting => "waiting",
        RowOutcome::Placed => "placed",
        RowOutcome::Changed => "changed",
        RowOutcome::Unchanged => "unchanged",
        RowOutcome::Refused => "refused",
    }
}

fn counts(row_count: i32, placed: i32, changed: i32, unchanged: i32, refused: i32) -> ImportCounts {
    ImportCounts {
        placed: placed as u32,
        changed: changed as u32,
        unchanged: unchanged as u32,
        refused: refused as u32,
        waiting: (row_count - placed - changed - unchanged - refused) as u32,
    }
}

impl TryFrom<StoredImport> for Import {
    type Error = Fault;

    fn try_from(row: StoredImport) -> Result<Self, Fault> {
        let columns = row.columns.iter().map(|name| ImportColumn::from_name(name)).collect::<Option<_>>();
        Ok(Self {
            import_id: ImportId(row.import_id),
            account_id: AccountId(row.account_id),
            actor: serde_json::from_str(&row.actor)
                .map_err(|error| Fault::broken("reading who imports", error))?,
            columns: columns.ok_or_else(|| unreadable("reading the columns of an import"))?,
            rows: row.row_count as u32,
            state: state(&row.state)?,
            counts: counts(row.row_count, row.placed, row.changed, row.unchanged, row.refused),
        })
    }
}

macro_rules! select_import {
    ($rest:literal) => {
        concat!(
            "select import_id, account_id, actor, columns, row_count, state, placed, changed, unchanged,
                    refused from imports ",
            $rest
        )
    };
}

/// Begins an import.
pub async fn insert(conn: &mut PgConnection, import: &Import, now: DateTime<Utc>) -> Result<(), Fault> {
    let actor =
        serde_json::to_string(&import.actor).map_err(|error| Fault::broken("writing who imports", error))?;
    let columns: Vec<&str> = import.columns.iter().map(|column| column.name()).collect();
    sqlx::query(
        "insert into imports (import_id, account_id, actor, columns, row_count, state, started_at)
         values ($1, $2, $3, $4, $5, $6, $7)",
    )
    .bind(import.import_id.0)
    .bind(import.account_id.0)
    .bind(actor)
    .bind(columns)
    .bind(import.rows as i32)
    .bind(state_name(import.state))
    .bind(now)
    .execute(conn)
    .await?;
    Ok(())
}

/// An import, for adding rows: others may add at the same time, nobody may run it meanwhile.
pub async fn share(conn: &mut PgConnection, id: ImportId) -> Result<Option<Import>, Fault> {
    let row: Option<StoredImport> = sqlx::query_as(select_import!("where import_id = $1 for share"))
        .bind(id.0)
        .fetch_optional(conn)
        .await?;
    row.map(Import::try_from).transpose()
}

/// An import, for running it: alone.
pub async fn lock(conn: &mut PgConnection, id: ImportId) -> Result<Option<Import>, Fault> {
    let row: Option<StoredImport> = sqlx::query_as(select_import!("where import_id = $1 for update"))
        .bind(id.0)
        .fetch_optional(conn)
        .await?;
    row.map(Import::try_from).transpose()
}

/// An import as it is.
pub async fn find(pool: &PgPool, id: ImportId) -> Result<Option<Import>, Fault> {
    let row: Option<StoredImport> =
        sqlx::query_as(select_import!("where import_id = $1")).bind(id.0).fetch_optional(pool).await?;
    row.map(Import::try_from).transpose()
}

/// The imports at work, the oldest first.
pub async fn running(pool: &PgPool, limit: i64) -> Result<Vec<Import>, Fault> {
    let rows: Vec<StoredImport> =
        sqlx::query_as(select_import!("where state = 'running' order by run_at limit $1"))
            .bind(limit)
            .fetch_all(pool)
            .await?;
    rows.into_iter().map(Import::try_from).collect()
}

/// A row as it comes in.
pub struct NewRow {
    /// From 1.
    pub number: u32,
    /// The cells as JSON.
    pub cells: String,
    /// What the file as a whole needs to know.
    pub glance: Glance,
}

/// Adds rows; those that are there already stay. Returns how many of the given ones stand there
/// with other cells.
pub async fn add_rows(conn: &mut PgConnection, id: ImportId, rows: &[NewRow]) -> Result<i64, sqlx::Error> {
    let numbers: Vec<i32> = rows.iter().map(|row| row.number as i32).collect();
    let cells: Vec<&str> = rows.iter().map(|row| row.cells.as_str()).collect();
    let column = |of: fn(&Glance) -> &Option<String>| {
        rows.iter().map(|row| of(&row.glance).clone()).collect::<Vec<Option<String>>>()
    };
    let added = sqlx::query(
        "insert into import_rows (import_id, row_no, cells, kvk, kenmerk, postcode, region)
         select $1, row_no, cells, kvk, kenmerk, postcode, region
         from unnest($2::integer[], $3::text[], $4::text[], $5::text[], $6::text[], $7::text[])
              as t (row_no, cells, kvk, kenmerk, postcode, region)
         order by row_no
         on conflict (import_id, row_no) do nothing",
    )
    .bind(id.0)
    .bind(&numbers)
    .bind(&cells)
    .bind(column(|glance| &glance.kvk))
    .bind(column(|glance| &glance.kenmerk))
    .bind(column(|glance| &glance.postcode))
    .bind(column(|glance| &glance.region))
    .execute(&mut *conn)
    .await?;
    if added.rows_affected() == rows.len() as u64 {
        return Ok(0);
    }
    sqlx::query_scalar(
        "select count(*) from import_rows r
         join unnest($2::integer[], $3::text[]) as t (row_no, cells) on r.row_no = t.row_no
         where r.import_id = $1 and r.cells <> t.cells",
    )
    .bind(id.0)
    .bind(&numbers)
    .bind(&cells)
    .fetch_one(conn)
    .await
}

/// How many rows came in.
pub async fn rows_there(conn: &mut PgConnection, id: ImportId) -> Result<u32, sqlx::Error> {
    let there: i64 = sqlx::query_scalar("select count(*) from import_rows where import_id = $1")
        .bind(id.0)
        .fetch_one(conn)
        .await?;
    Ok(there as u32)
}

/// Looks at the file as a whole: which rows repeat an earlier one, and where each employer has its
/// first site in these regions. Both are settled before any row is placed, so the outcome does
/// not depend on the order in which replicas come to the rows.
pub async fn start_running(
    conn: &mut PgConnection,
    id: ImportId,
    regions: &[String],
    now: DateTime<Utc>,
) -> Result<(), sqlx::Error> {
    sqlx::query(
        "update import_rows r set repeats = f.first_row
         from (select kvk, kenmerk, min(row_no) as first_row from import_rows
               where import_id = $1 and kvk is not null and kenmerk is not null
               group by kvk, kenmerk having count(*) > 1) f
         where r.import_id = $1 and r.kvk = f.kvk and r.kenmerk = f.kenmerk and r.row_no > f.first_row",
    )
    .bind(id.0)
    .execute(&mut *conn)
    .await?;
    sqlx::query(
        "insert into import_sites (import_id, kvk, postcode)
         select distinct on (kvk) $1, kvk, postcode from import_rows
         where import_id = $1 and kvk is not null and region = any($2)
         order by kvk, row_no",
    )
    .bind(id.0)
    .bind(regions)
    .execute(&mut *conn)
    .await?;
    sqlx::query("update imports set state = 'running', run_at = $2 where import_id = $1")
        .bind(id.0)
        .bind(now)
        .execute(conn)
        .await?;
    Ok(())
}

/// A row that waits for its outcome.
#[derive(Debug, FromRow)]
pub struct WaitingRow {
    row_no: i32,
    /// The cells as JSON.
    pub cells: String,
    repeats: Option<i32>,
}

impl WaitingRow {
    /// From 1.
    pub fn number(&self) -> u32 {
        self.row_no as u32
    }

    /// The earlier row with the same key.
    pub fn repeats(&self) -> Option<u32> {
        self.repeats.map(|row| row as u32)
    }
}

/// Takes the next waiting rows; those that another replica has in hand are left to it.
pub async fn claim(
    conn: &mut PgConnection,
    id: ImportId,
    limit: i64,
) -> Result<Vec<WaitingRow>, sqlx::Error> {
    sqlx::query_as(
        "select row_no, cells, repeats from import_rows
         where import_id = $1 and outcome = 'waiting'
         order by row_no limit $2 for update skip locked",
    )
    .bind(id.0)
    .bind(limit)
    .fetch_all(conn)
    .await
}

/// Takes one row, waiting for whoever has it in hand; whether it still waits for its outcome.
pub async fn lock_waiting(conn: &mut PgConnection, id: ImportId, row: u32) -> Result<bool, sqlx::Error> {
    let found: Option<i32> = sqlx::query_scalar(
        "select row_no from import_rows
         where import_id = $1 and row_no = $2 and outcome = 'waiting' for update",
    )
    .bind(id.0)
    .bind(row as i32)
    .fetch_optional(conn)
    .await?;
    Ok(found.is_some())
}

/// The first site of these employers in the importer's regions, as a postcode by KVK number.
pub async fn sites(
    conn: &mut PgConnection,
    id: ImportId,
    kvk_numbers: &[String],
) -> Result<HashMap<String, String>, sqlx::Error> {
    let found: Vec<(String, String)> =
        sqlx::query_as("select kvk, postcode from import_sites where import_id = $1 and kvk = any($2)")
            .bind(id.0)
            .bind(kvk_numbers)
            .fetch_all(conn)
            .await?;
    Ok(found.into_iter().collect())
}

/// What became of a row.
#[derive(Debug, Clone)]
pub struct Outcome {
    /// From 1.
    pub row: u32,
    /// Placed, changed, unchanged or refused.
    pub outcome: RowOutcome,
    /// The opening, when there is one.
    pub opening_id: Option<OpeningId>,
    /// Why not.
    pub problems: Vec<FieldProblem>,
}

/// Writes down what became of rows, forgets their cells, and counts them. Returns the counts.
pub async fn conclude(
    conn: &mut PgConnection,
    id: ImportId,
    outcomes: &[Outcome],
    now: DateTime<Utc>,
) -> Result<ImportCounts, Fault> {
    let rows: Vec<i32> = outcomes.iter().map(|outcome| outcome.row as i32).collect();
    let names: Vec<&str> = outcomes.iter().map(|outcome| outcome_name(outcome.outcome)).collect();
    let openings: Vec<Option<Uuid>> =
        outcomes.iter().map(|outcome| outcome.opening_id.map(|id| id.0)).collect();
    let problems: Vec<Option<String>> = outcomes
        .iter()
        .map(|outcome| {
            if outcome.problems.is_empty() {
                Ok(None)
            } else {
                serde_json::to_string(&outcome.problems).map(Some)
            }
        })
        .collect::<Result<_, _>>()
        .map_err(|error| Fault::broken("writing the problems of a row", error))?;
    sqlx::query(
        "update import_rows r
         set outcome = t.outcome, opening_id = t.opening_id, problems = t.problems, cells = '[]'
         from unnest($2::integer[], $3::text[], $4::uuid[], $5::text[])
              as t (row_no, outcome, opening_id, problems)
         where r.import_id = $1 and r.row_no = t.row_no and r.outcome = 'waiting'",
    )
    .bind(id.0)
    .bind(rows)
    .bind(names)
    .bind(openings)
    .bind(problems)
    .execute(&mut *conn)
    .await?;
    let number = |wanted| outcomes.iter().filter(|outcome| outcome.outcome == wanted).count() as i32;
    // The last statement of a chunk: from here to the commit other chunks wait for their turn.
    let (row_count, placed, changed, unchanged, refused): (i32, i32, i32, i32, i32) = sqlx::query_as(
        "update imports set
             placed = placed + $2, changed = changed + $3, unchanged = unchanged + $4, refused = refused + $5,
             state = case when placed + changed + unchanged + refused + $6 = row_count
                          then 'finished' else state end,
             finished_at = case when placed + changed + unchanged + refused + $6 = row_count
                                then $7 else finished_at end
         where import_id = $1
         returning row_count, placed, changed, unchanged, refused",
    )
    .bind(id.0)
    .bind(number(RowOutcome::Placed))
    .bind(number(RowOutcome::Changed))
    .bind(number(RowOutcome::Unchanged))
    .bind(number(RowOutcome::Refused))
    .bind(outcomes.len() as i32)
    .bind(now)
    .fetch_one(conn)
    .await?;
    Ok(counts(row_count, placed, changed, unchanged, refused))
}

#[derive(FromRow)]
struct ReportRow {
    row_no: i32,
    outcome: String,
    opening_id: Option<Uuid>,
    problems: Option<String>,
}

impl TryFrom<ReportRow> for ImportRow {
    type Error = Fault;

    fn try_from(row: ReportRow) -> Result<Self, Fault> {
        const ALL: [RowOutcome; 5] = [
            RowOutcome::Waiting,
            RowOutcome::Placed,
            RowOutcome::Changed,
            RowOutcome::Unchanged,
            RowOutcome::Refused,
        ];
        let outcome = ALL.into_iter().find(|outcome| outcome_name(*outcome) == row.outcome);
        let problems = row.problems.map(|json| serde_json::from_str(&json)).transpose();
        Ok(Self {
            row: row.row_no as u32,
            outcome: outcome.ok_or_else(|| unreadable("reading a row of a report"))?,
            opening_id: row.opening_id.map(OpeningId),
            problems: problems
                .map_err(|error| Fault::broken("reading the problems of a row", error))?
                .unwrap_or_default(),
        })
    }
}

/// A page of the report, by row.
pub async fn report(
    pool: &PgPool,
    id: ImportId,
    only_refused: bool,
    limit: i64,
    offset: i64,
) -> Result<Page<ImportRow>, Fault> {
    let total: i64 = if only_refused {
        sqlx::query_scalar("select count(*) from import_rows where import_id = $1 and outcome = 'refused'")
    } else {
        sqlx::query_scalar("select count(*) from import_rows where import_id = $1")
    }
    .bind(id.0)
    .fetch_one(pool)
    .await?;
    let rows: Vec<ReportRow> = if only_refused {
        sqlx::query_as(
            "select row_no, outcome, opening_id, problems from import_rows
             where import_id = $1 and outcome = 'refused' order by row_no limit $2 offset $3",
        )
    } else {
        sqlx::query_as(
            "select row_no, outcome, opening_id, problems from import_rows
             where import_id = $1 order by row_no limit $2 offset $3",
        )
    }
    .bind(id.0)
    .bind(limit)
    .bind(offset)
    .fetch_all(pool)
    .await?;
    let rows = rows.into_iter().map(ImportRow::try_from).collect::<Result<_, _>>()?;
    Ok(Page { rows, total: total as u64 })
}

/// Deletes imports that began before a moment, with their rows and reports, a few at a time.
pub async fn forget_before(
    conn: &mut PgConnection,
    before: DateTime<Utc>,
    limit: i64,
) -> Result<u64, sqlx::Error> {
    let done = sqlx::query(
        "delete from imports where import_id in
         (select import_id from imports where started_at < $1 and state <> 'running'
          order by started_at limit $2 for update skip locked)",
    )
    .bind(before)
    .bind(limit)
    .execute(conn)
    .await?;
    Ok(done.rows_affected())
}
