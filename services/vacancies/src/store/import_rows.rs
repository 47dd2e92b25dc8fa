//! What is done with the rows of an import: judging, mending, placing, undoing. A chunk is one statement.

use std::collections::HashMap;

use chassis::Fault;
use chrono::{DateTime, Utc};
use proto::{
    FieldProblem, ImportId, OpeningId,
    vacancies::{ImportCounts, OpeningDetails, RowOutcome},
};
use sqlx::{FromRow, PgConnection};
use uuid::Uuid;

use super::imports::{Import, counts, outcome_name};
use crate::domain::import_row::Glance;

/// Cells as stored.
pub fn cells(json: &str) -> Result<Vec<String>, Fault> {
    serde_json::from_str(json).map_err(|error| Fault::broken("reading cells", error))
}

/// Cells for storing: JSON writes the NUL that PostgreSQL cannot store as an escape.
pub fn cells_text(cells: &[String]) -> Result<String, Fault> {
    serde_json::to_string(cells).map_err(|error| Fault::broken("writing cells", error))
}

fn problems_text(problems: &[FieldProblem]) -> Result<Option<String>, Fault> {
    if problems.is_empty() {
        return Ok(None);
    }
    let text = serde_json::to_string(problems);
    text.map(Some).map_err(|error| Fault::broken("writing the problems of a row", error))
}

/// A row to decide about.
#[derive(Debug, FromRow)]
pub struct RowToDecide {
    row_no: i32,
    /// The cells as JSON.
    pub cells: String,
    repeats: Option<i32>,
}

impl RowToDecide {
    /// From 1.
    pub fn number(&self) -> u32 {
        self.row_no as u32
    }

    /// The earlier row with the same key.
    pub fn repeats(&self) -> Option<u32> {
        self.repeats.map(|row| row as u32)
    }
}

/// The rows after this one. Whoever asks holds the import.
pub async fn after(
    conn: &mut PgConnection,
    id: ImportId,
    row: u32,
    limit: i64,
) -> Result<Vec<RowToDecide>, sqlx::Error> {
    sqlx::query_as(
        "select row_no, cells, repeats from import_rows
         where import_id = $1 and row_no > $2 order by row_no limit $3",
    )
    .bind(id.0)
    .bind(row as i32)
    .bind(limit)
    .fetch_all(conn)
    .await
}

/// These rows. Whoever asks holds the import.
pub async fn these(
    conn: &mut PgConnection,
    id: ImportId,
    rows: &[u32],
) -> Result<Vec<RowToDecide>, sqlx::Error> {
    let rows: Vec<i32> = rows.iter().map(|row| *row as i32).collect();
    sqlx::query_as(
        "select row_no, cells, repeats from import_rows
         where import_id = $1 and row_no = any($2) order by row_no",
    )
    .bind(id.0)
    .bind(rows)
    .fetch_all(conn)
    .await
}

/// A refused row, to mend.
#[derive(Debug, FromRow)]
pub struct RefusedRow {
    row_no: i32,
    /// The cells as JSON.
    pub cells: String,
    /// The KVK number that could be read in it.
    pub kvk: Option<String>,
    /// The sender's key that could be read in it.
    pub kenmerk: Option<String>,
}

impl RefusedRow {
    /// From 1.
    pub fn number(&self) -> u32 {
        self.row_no as u32
    }
}

/// Those of these rows that would be refused.
pub async fn refused(
    conn: &mut PgConnection,
    id: ImportId,
    rows: &[u32],
) -> Result<Vec<RefusedRow>, sqlx::Error> {
    let rows: Vec<i32> = rows.iter().map(|row| *row as i32).collect();
    sqlx::query_as(
        "select row_no, cells, kvk, kenmerk from import_rows
         where import_id = $1 and row_no = any($2) and judged = 'refused' order by row_no",
    )
    .bind(id.0)
    .bind(rows)
    .fetch_all(conn)
    .await
}

/// Notes what questions about the whole file need to know of rows, and their cells where those changed.
pub async fn save_glances(
    conn: &mut PgConnection,
    id: ImportId,
    rows: &[(u32, Glance, Option<String>)],
) -> Result<(), sqlx::Error> {
    let column = |of: fn(&Glance) -> &Option<String>| {
        rows.iter().map(|(_, glance, _)| of(glance).clone()).collect::<Vec<Option<String>>>()
    };
    sqlx::query(
        "update import_rows r
         set kvk = t.kvk, kenmerk = t.kenmerk, postcode = t.postcode, region = t.region, repeats = null,
             cells = coalesce(t.cells, r.cells)
         from unnest($2::integer[], $3::text[], $4::text[], $5::text[], $6::text[], $7::text[])
              as t (row_no, kvk, kenmerk, postcode, region, cells)
         where r.import_id = $1 and r.row_no = t.row_no",
    )
    .bind(id.0)
    .bind(rows.iter().map(|(row, ..)| *row as i32).collect::<Vec<_>>())
    .bind(column(|glance| &glance.kvk))
    .bind(column(|glance| &glance.kenmerk))
    .bind(column(|glance| &glance.postcode))
    .bind(column(|glance| &glance.region))
    .bind(rows.iter().map(|(.., cells)| cells.clone()).collect::<Vec<_>>())
    .execute(conn)
    .await?;
    Ok(())
}

/// So many rows were read for questions about the whole file.
pub async fn save_read(conn: &mut PgConnection, id: ImportId, rows: u32) -> Result<(), sqlx::Error> {
    sqlx::query("update imports set read_rows = $2 where import_id = $1")
        .bind(id.0)
        .bind(rows as i32)
        .execute(conn)
        .await?;
    Ok(())
}

/// Looks at the file as a whole: which rows repeat an earlier one, and where each employer has its
/// first site in these regions. Both are settled before any row is judged, so the outcome does
/// not depend on the order in which replicas come to the rows.
pub async fn look_at_whole(
    conn: &mut PgConnection,
    id: ImportId,
    regions: &[String],
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
    sqlx::query("delete from import_sites where import_id = $1").bind(id.0).execute(&mut *conn).await?;
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
    sqlx::query("update imports set looked = true where import_id = $1").bind(id.0).execute(conn).await?;
    Ok(())
}

/// Looks again after rows were mended, at these keys and employers only. Returns the rows whose answer
/// is another one now, without the mended ones.
pub async fn look_again(
    conn: &mut PgConnection,
    id: ImportId,
    regions: &[String],
    keys: &[(String, String)],
    kvk_numbers: &[String],
) -> Result<Vec<u32>, sqlx::Error> {
    let repeated: Vec<i32> = sqlx::query_scalar(
        "with keys as (select distinct kvk, kenmerk from unnest($2::text[], $3::text[]) as t (kvk, kenmerk)),
         firsts as (
             select r.kvk, r.kenmerk, min(r.row_no) as first_row
             from import_rows r join keys using (kvk, kenmerk) where r.import_id = $1 group by 1, 2
         )
         update import_rows r set repeats = nullif(f.first_row, r.row_no)
         from firsts f
         where r.import_id = $1 and r.kvk = f.kvk and r.kenmerk = f.kenmerk
           and r.repeats is distinct from nullif(f.first_row, r.row_no)
         returning r.row_no",
    )
    .bind(id.0)
    .bind(keys.iter().map(|(kvk, _)| kvk.as_str()).collect::<Vec<_>>())
    .bind(keys.iter().map(|(_, kenmerk)| kenmerk.as_str()).collect::<Vec<_>>())
    .fetch_all(&mut *conn)
    .await?;
    let before = sites(conn, id, kvk_numbers).await?;
    sqlx::query("delete from import_sites where import_id = $1 and kvk = any($2)")
        .bind(id.0)
        .bind(kvk_numbers)
        .execute(&mut *conn)
        .await?;
    sqlx::query(
        "insert into import_sites (import_id, kvk, postcode)
         select distinct on (kvk) $1, kvk, postcode from import_rows
         where import_id = $1 and kvk = any($3) and region = any($2)
         order by kvk, row_no",
    )
    .bind(id.0)
    .bind(regions)
    .bind(kvk_numbers)
    .execute(&mut *conn)
    .await?;
    let after = sites(conn, id, kvk_numbers).await?;
    let flips = |kvk: &&String| before.contains_key(*kvk) != after.contains_key(*kvk);
    let flipped: Vec<String> = kvk_numbers.iter().filter(flips).cloned().collect();
    let resettled: Vec<i32> =
        sqlx::query_scalar("select row_no from import_rows where import_id = $1 and kvk = any($2)")
            .bind(id.0)
            .bind(flipped)
            .fetch_all(conn)
            .await?;
    Ok(repeated.into_iter().chain(resettled).map(|row| row as u32).collect())
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

/// What would become of a row.
#[derive(Debug, Clone)]
pub struct Forecast {
    /// From 1.
    pub row: u32,
    /// Placed, changed, unchanged or refused.
    pub outcome: RowOutcome,
    /// The opening that is there already.
    pub opening_id: Option<OpeningId>,
    /// Why not.
    pub problems: Vec<FieldProblem>,
    /// Its cells, where they may not be kept as they are.
    pub cells: Option<Vec<String>>,
}

/// Writes down what would become of rows.
pub async fn save_forecasts(
    conn: &mut PgConnection,
    id: ImportId,
    forecasts: &[Forecast],
) -> Result<(), Fault> {
    let problems: Vec<Option<String>> =
        forecasts.iter().map(|row| problems_text(&row.problems)).collect::<Result<_, _>>()?;
    let cells: Vec<Option<String>> = forecasts
        .iter()
        .map(|row| row.cells.as_deref().map(cells_text).transpose())
        .collect::<Result<_, _>>()?;
    sqlx::query(
        "update import_rows r
         set judged = t.judged, opening_id = t.opening_id, problems = t.problems,
             cells = coalesce(t.cells, r.cells)
         from unnest($2::integer[], $3::text[], $4::uuid[], $5::text[], $6::text[])
              as t (row_no, judged, opening_id, problems, cells)
         where r.import_id = $1 and r.row_no = t.row_no",
    )
    .bind(id.0)
    .bind(forecasts.iter().map(|row| row.row as i32).collect::<Vec<_>>())
    .bind(forecasts.iter().map(|row| outcome_name(row.outcome)).collect::<Vec<_>>())
    .bind(forecasts.iter().map(|row| row.opening_id.map(|id| id.0)).collect::<Vec<_>>())
    .bind(problems)
    .bind(cells)
    .execute(conn)
    .await?;
    Ok(())
}

/// Counts a chunk more of judged rows; after the last one the import is judged.
pub async fn save_judged(
    conn: &mut PgConnection,
    id: ImportId,
    forecasts: &[Forecast],
    now: DateTime<Utc>,
) -> Result<(), sqlx::Error> {
    let number = |wanted| forecasts.iter().filter(|row| row.outcome == wanted).count() as i32;
    sqlx::query(
        "update imports set
             would_place = would_place + $2, would_change = would_change + $3, would_keep = would_keep + $4,
             would_refuse = would_refuse + $5, judged_rows = judged_rows + $6, touched_at = $7,
             state = case when judged_rows + $6 = row_count then 'judged' else state end
         where import_id = $1",
    )
    .bind(id.0)
    .bind(number(RowOutcome::Placed))
    .bind(number(RowOutcome::Changed))
    .bind(number(RowOutcome::Unchanged))
    .bind(number(RowOutcome::Refused))
    .bind(forecasts.len() as i32)
    .bind(now)
    .execute(conn)
    .await?;
    Ok(())
}

/// Counts anew what would become of the rows.
pub async fn recount(conn: &mut PgConnection, id: ImportId, now: DateTime<Utc>) -> Result<(), sqlx::Error> {
    sqlx::query(
        "update imports i
         set would_place = c.placed, would_change = c.changed, would_keep = c.unchanged,
             would_refuse = c.refused, touched_at = $2
         from (select count(*) filter (where judged = 'placed') as placed,
                      count(*) filter (where judged = 'changed') as changed,
                      count(*) filter (where judged = 'unchanged') as unchanged,
                      count(*) filter (where judged = 'refused') as refused
               from import_rows where import_id = $1) c
         where i.import_id = $1",
    )
    .bind(id.0)
    .bind(now)
    .execute(conn)
    .await?;
    Ok(())
}

/// Has all rows judged anew; what was found out about the file as a whole stays.
pub async fn judge_anew(
    conn: &mut PgConnection,
    id: ImportId,
    now: DateTime<Utc>,
) -> Result<(), sqlx::Error> {
    sqlx::query(
        "update imports set state = 'judging', judged_rows = 0, would_place = 0, would_change = 0,
             would_keep = 0, would_refuse = 0, touched_at = $2
         where import_id = $1",
    )
    .bind(id.0)
    .bind(now)
    .execute(conn)
    .await?;
    Ok(())
}

/// Takes the next waiting rows; those that another replica has in hand are left to it.
pub async fn claim(
    conn: &mut PgConnection,
    id: ImportId,
    limit: i64,
) -> Result<Vec<RowToDecide>, sqlx::Error> {
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

/// What became of a row.
#[derive(Debug, Clone)]
pub struct Outcome {
    /// What, and why not.
    pub said: Forecast,
    /// What the opening said before, when it changed.
    pub before: Option<OpeningDetails>,
    /// The version that a placed or changed opening has now.
    pub version: Option<i64>,
}

impl From<Forecast> for Outcome {
    fn from(said: Forecast) -> Self {
        Self { said, before: None, version: None }
    }
}

/// Writes down what became of rows, forgets the cells of those that are not refused, and counts them.
/// Returns the counts.
pub async fn conclude(
    conn: &mut PgConnection,
    id: ImportId,
    outcomes: &[Outcome],
    now: DateTime<Utc>,
) -> Result<ImportCounts, Fault> {
    let said = || outcomes.iter().map(|outcome| &outcome.said);
    let problems: Vec<Option<String>> =
        said().map(|row| problems_text(&row.problems)).collect::<Result<_, _>>()?;
    let cells: Vec<Option<String>> =
        said().map(|row| row.cells.as_deref().map(cells_text).transpose()).collect::<Result<_, _>>()?;
    let before: Vec<Option<String>> = outcomes
        .iter()
        .map(|outcome| outcome.before.as_ref().map(serde_json::to_string).transpose())
        .collect::<Result<_, _>>()
        .map_err(|error| Fault::broken("writing what an opening said", error))?;
    sqlx::query(
        "update import_rows r
         set outcome = t.outcome, opening_id = t.opening_id, problems = t.problems, said = t.said,
             version = t.version,
             cells = case when t.outcome = 'refused' then coalesce(t.cells, r.cells) else '[]' end
         from unnest($2::integer[], $3::text[], $4::uuid[], $5::text[], $6::text[], $7::text[], $8::bigint[])
              as t (row_no, outcome, opening_id, problems, cells, said, version)
         where r.import_id = $1 and r.row_no = t.row_no and r.outcome = 'waiting'",
    )
    .bind(id.0)
    .bind(said().map(|row| row.row as i32).collect::<Vec<_>>())
    .bind(said().map(|row| outcome_name(row.outcome)).collect::<Vec<_>>())
    .bind(said().map(|row| row.opening_id.map(|id| id.0)).collect::<Vec<_>>())
    .bind(problems)
    .bind(cells)
    .bind(before)
    .bind(outcomes.iter().map(|outcome| outcome.version).collect::<Vec<_>>())
    .execute(&mut *conn)
    .await?;
    let number = |wanted| said().filter(|row| row.outcome == wanted).count() as i32;
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

/// A row whose opening is to be taken back.
#[derive(Debug, FromRow)]
pub struct RowToUndo {
    row_no: i32,
    outcome: String,
    opening_id: Option<Uuid>,
    said: Option<String>,
    version: Option<i64>,
}

impl RowToUndo {
    /// From 1.
    pub fn number(&self) -> u32 {
        self.row_no as u32
    }

    /// Whether the import placed the opening; otherwise it changed it.
    pub fn was_placed(&self) -> bool {
        self.outcome == outcome_name(RowOutcome::Placed)
    }

    /// Which opening.
    pub fn opening_id(&self) -> Option<OpeningId> {
        self.opening_id.map(OpeningId)
    }

    /// The version it had after the import.
    pub fn version(&self) -> Option<i64> {
        self.version
    }

    /// What it said before.
    pub fn before(&self) -> Result<Option<OpeningDetails>, Fault> {
        let read = self.said.as_deref().map(serde_json::from_str).transpose();
        read.map_err(|error| Fault::broken("reading what an opening said", error))
    }
}

/// Takes the next rows to undo; those that another replica has in hand are left to it.
pub async fn claim_to_undo(
    conn: &mut PgConnection,
    id: ImportId,
    limit: i64,
) -> Result<Vec<RowToUndo>, sqlx::Error> {
    sqlx::query_as(
        "select row_no, outcome, opening_id, said, version from import_rows
         where import_id = $1 and outcome in ('placed', 'changed') and taken_back is null
         order by row_no limit $2 for update skip locked",
    )
    .bind(id.0)
    .bind(limit)
    .fetch_all(conn)
    .await
}

/// Takes one row to undo, waiting for whoever has it in hand; whether it still is to be undone.
pub async fn lock_to_undo(conn: &mut PgConnection, id: ImportId, row: u32) -> Result<bool, sqlx::Error> {
    let found: Option<i32> = sqlx::query_scalar(
        "select row_no from import_rows
         where import_id = $1 and row_no = $2 and outcome in ('placed', 'changed') and taken_back is null
         for update",
    )
    .bind(id.0)
    .bind(row as i32)
    .fetch_optional(conn)
    .await?;
    Ok(found.is_some())
}

/// Writes down which rows were taken back and which left alone, and counts them. Returns how many have
/// been seen to so far; after the last one the import is undone.
pub async fn take_back(
    conn: &mut PgConnection,
    import: &Import,
    rows: &[(u32, bool)],
) -> Result<u32, sqlx::Error> {
    sqlx::query(
        "update import_rows r set taken_back = t.taken_back, said = null
         from unnest($2::integer[], $3::boolean[]) as t (row_no, taken_back)
         where r.import_id = $1 and r.row_no = t.row_no",
    )
    .bind(import.import_id.0)
    .bind(rows.iter().map(|(row, _)| *row as i32).collect::<Vec<_>>())
    .bind(rows.iter().map(|(_, back)| *back).collect::<Vec<_>>())
    .execute(&mut *conn)
    .await?;
    let back = rows.iter().filter(|(_, back)| *back).count() as i32;
    let seen_to: i32 = sqlx::query_scalar(
        "update imports set undone = undone + $2, left_alone = left_alone + $3,
             state = case when undone + left_alone + $2 + $3 = placed + changed then 'undone' else state end
         where import_id = $1
         returning undone + left_alone",
    )
    .bind(import.import_id.0)
    .bind(back)
    .bind(rows.len() as i32 - back)
    .fetch_one(conn)
    .await?;
    Ok(seen_to as u32)
}
