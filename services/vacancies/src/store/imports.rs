//! Imports, their rows as they come in, and the report. What is done with rows: [`super::import_rows`].

use chassis::Fault;
use chrono::{DateTime, Utc};
use proto::{
    AccountId, Actor, ImportId, OpeningId,
    vacancies::{ImportColumn, ImportCounts, ImportLine, ImportRow, ImportState, Page, RowOutcome},
};
use sqlx::{FromRow, PgConnection, PgPool};
use uuid::Uuid;

use super::unreadable;

/// An import as stored.
#[derive(Debug, Clone)]
pub struct Import {
    /// Which.
    pub import_id: ImportId,
    /// Whose.
    pub account_id: AccountId,
    /// Who imports, with her regions when she last said how to go on.
    pub actor: Actor,
    /// The headings of the file, then those of columns that were added by mending.
    pub headings: Vec<String>,
    /// What they mean, in the order of the cells.
    pub columns: Vec<Option<ImportColumn>>,
    /// How many of them stand in the file.
    pub file_columns: usize,
    /// Whether someone confirmed what they mean.
    pub mapped: bool,
    /// How many rows it has.
    pub rows: u32,
    /// How many of them came in.
    pub rows_in: u32,
    /// Where it stands.
    pub state: ImportState,
    /// How many rows were read for questions about the whole file.
    pub read_rows: u32,
    /// Whether those questions are answered.
    pub looked: bool,
    /// What would become of the rows, as far as they are judged.
    pub forecast: ImportCounts,
    /// What became of them.
    pub counts: ImportCounts,
    /// How many openings an undo took back.
    pub undone: u32,
    /// How many it left as they are.
    pub left_alone: u32,
    /// How many employers that the import made went with it.
    pub employers_undone: u32,
    /// When it finished.
    pub finished_at: Option<DateTime<Utc>>,
}

impl Import {
    /// Whether its rows have outcomes, or none before it runs.
    pub const fn has_run(&self) -> bool {
        use ImportState::{Finished, Running, Undoing, Undone};
        matches!(self.state, Running | Finished | Undoing | Undone)
    }

    /// How many rows have or would have which outcome.
    pub const fn shown_counts(&self) -> ImportCounts {
        if self.has_run() { self.counts } else { self.forecast }
    }
}

#[derive(FromRow)]
struct StoredImport {
    import_id: Uuid,
    account_id: Uuid,
    actor: String,
    headings: Vec<String>,
    columns: Vec<String>,
    file_columns: i32,
    mapped: bool,
    row_count: i32,
    rows_in: i32,
    state: String,
    read_rows: i32,
    looked: bool,
    would_place: i32,
    would_change: i32,
    would_keep: i32,
    would_refuse: i32,
    placed: i32,
    changed: i32,
    unchanged: i32,
    refused: i32,
    undone: i32,
    left_alone: i32,
    employers_undone: i32,
    started_at: DateTime<Utc>,
    finished_at: Option<DateTime<Utc>>,
}

const fn state_name(state: ImportState) -> &'static str {
    match state {
        ImportState::Receiving => "receiving",
        ImportState::Mapping => "mapping",
        ImportState::Judging => "judging",
        ImportState::Judged => "judged",
        ImportState::Running => "running",
        ImportState::Finished => "finished",
        ImportState::Undoing => "undoing",
        ImportState::Undone => "undone",
    }
}

fn state(name: &str) -> Result<ImportState, Fault> {
    const ALL: [ImportState; 8] = [
        ImportState::Receiving,
        ImportState::Mapping,
        ImportState::Judging,
        ImportState::Judged,
        ImportState::Running,
        ImportState::Finished,
        ImportState::Undoing,
        ImportState::Undone,
    ];
    ALL.into_iter().find(|state| state_name(*state) == name).ok_or_else(|| unreadable("reading an import"))
}

/// The name of an outcome in storage.
pub(super) const fn outcome_name(outcome: RowOutcome) -> &'static str {
    match outcome {
        RowOutcome::Waiting => "waiting",
        RowOutcome::Placed => "placed",
        RowOutcome::Changed => "changed",
        RowOutcome::Unchanged => "unchanged",
        RowOutcome::Refused => "refused",
    }
}

/// The outcome with this name.
pub(super) fn outcome(name: &str) -> Result<RowOutcome, Fault> {
    const ALL: [RowOutcome; 5] = [
        RowOutcome::Waiting,
        RowOutcome::Placed,
        RowOutcome::Changed,
        RowOutcome::Unchanged,
        RowOutcome::Refused,
    ];
    let found = ALL.into_iter().find(|outcome| outcome_name(*outcome) == name);
    found.ok_or_else(|| unreadable("reading a row of an import"))
}

/// Counts as stored.
pub(super) fn counts(
    row_count: i32,
    placed: i32,
    changed: i32,
    unchanged: i32,
    refused: i32,
) -> ImportCounts {
    ImportCounts {
        placed: placed as u32,
        changed: changed as u32,
        unchanged: unchanged as u32,
        refused: refused as u32,
        waiting: (row_count - placed - changed - unchanged - refused) as u32,
    }
}

/// A heading that is not used has no column.
fn column_names(columns: &[Option<ImportColumn>]) -> Vec<&'static str> {
    columns.iter().map(|column| column.map_or("", ImportColumn::name)).collect()
}

fn columns(names: &[String]) -> Result<Vec<Option<ImportColumn>>, Fault> {
    let column = |name: &String| {
        if name.is_empty() {
            return Ok(None);
        }
        let column = ImportColumn::from_name(name);
        column.map(Some).ok_or_else(|| unreadable("reading the columns of an import"))
    };
    names.iter().map(column).collect()
}

fn actor_text(actor: &Actor) -> Result<String, Fault> {
    serde_json::to_string(actor).map_err(|error| Fault::broken("writing who imports", error))
}

impl TryFrom<StoredImport> for Import {
    type Error = Fault;

    fn try_from(row: StoredImport) -> Result<Self, Fault> {
        Ok(Self {
            import_id: ImportId(row.import_id),
            account_id: AccountId(row.account_id),
            actor: serde_json::from_str(&row.actor)
                .map_err(|error| Fault::broken("reading who imports", error))?,
            headings: row.headings,
            columns: columns(&row.columns)?,
            file_columns: row.file_columns as usize,
            mapped: row.mapped,
            rows: row.row_count as u32,
            rows_in: row.rows_in as u32,
            state: state(&row.state)?,
            read_rows: row.read_rows as u32,
            looked: row.looked,
            forecast: counts(
                row.row_count,
                row.would_place,
                row.would_change,
                row.would_keep,
                row.would_refuse,
            ),
            counts: counts(row.row_count, row.placed, row.changed, row.unchanged, row.refused),
            undone: row.undone as u32,
            left_alone: row.left_alone as u32,
            employers_undone: row.employers_undone as u32,
            finished_at: row.finished_at,
        })
    }
}

macro_rules! select_import {
    ($rest:literal) => {
        concat!(
            "select import_id, account_id, actor, headings, columns, file_columns, mapped, row_count, rows_in,
                    state, read_rows, looked, would_place, would_change, would_keep, would_refuse,
                    placed, changed, unchanged, refused, undone, left_alone, employers_undone, started_at, finished_at
             from imports ",
            $rest
        )
    };
}

/// An import that begins.
#[derive(Debug)]
pub struct NewImport {
    /// Which.
    pub import_id: ImportId,
    /// Whose.
    pub account_id: AccountId,
    /// Who imports.
    pub actor: Actor,
    /// The headings of the file.
    pub headings: Vec<String>,
    /// What they probably mean.
    pub columns: Vec<Option<ImportColumn>>,
    /// How many rows it will have.
    pub rows: u32,
}

/// Begins an import.
pub async fn insert(conn: &mut PgConnection, new: &NewImport, now: DateTime<Utc>) -> Result<(), Fault> {
    sqlx::query(
        "insert into imports (import_id, account_id, actor, headings, columns, file_columns, row_count, state,
                              started_at, touched_at)
         values ($1, $2, $3, $4, $5, $6, $7, 'receiving', $8, $8)",
    )
    .bind(new.import_id.0)
    .bind(new.account_id.0)
    .bind(actor_text(&new.actor)?)
    .bind(&new.headings)
    .bind(column_names(&new.columns))
    .bind(new.headings.len() as i32)
    .bind(new.rows as i32)
    .bind(now)
    .execute(conn)
    .await?;
    Ok(())
}

/// An import, alone: nobody else moves it on meanwhile.
pub async fn lock(conn: &mut PgConnection, id: ImportId) -> Result<Option<Import>, Fault> {
    let row: Option<StoredImport> = sqlx::query_as(select_import!("where import_id = $1 for update"))
        .bind(id.0)
        .fetch_optional(conn)
        .await?;
    row.map(Import::try_from).transpose()
}

/// An import that is being judged, unless someone else has it in hand.
pub async fn lock_judging(conn: &mut PgConnection, id: ImportId) -> Result<Option<Import>, Fault> {
    let row: Option<StoredImport> =
        sqlx::query_as(select_import!("where import_id = $1 and state = 'judging' for update skip locked"))
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

/// The imports that are being judged, the longest waiting first.
pub async fn judging(pool: &PgPool, limit: i64) -> Result<Vec<ImportId>, sqlx::Error> {
    let ids: Vec<Uuid> = sqlx::query_scalar(
        "select import_id from imports where state = 'judging' order by touched_at limit $1",
    )
    .bind(limit)
    .fetch_all(pool)
    .await?;
    Ok(ids.into_iter().map(ImportId).collect())
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

/// The imports that are being undone, the longest waiting first.
pub async fn undoing(pool: &PgPool, limit: i64) -> Result<Vec<Import>, Fault> {
    let rows: Vec<StoredImport> =
        sqlx::query_as(select_import!("where state = 'undoing' order by touched_at limit $1"))
            .bind(limit)
            .fetch_all(pool)
            .await?;
    rows.into_iter().map(Import::try_from).collect()
}

/// The imports of an account, newest first.
pub async fn of_account(pool: &PgPool, account_id: AccountId, limit: i64) -> Result<Vec<ImportLine>, Fault> {
    let rows: Vec<StoredImport> =
        sqlx::query_as(select_import!("where account_id = $1 order by started_at desc, import_id limit $2"))
            .bind(account_id.0)
            .bind(limit)
            .fetch_all(pool)
            .await?;
    let line = |row: StoredImport| {
        let started_at = row.started_at;
        let import = Import::try_from(row)?;
        let counts = import.shown_counts();
        Ok(ImportLine { import_id: import.import_id, started_at, state: import.state, counts })
    };
    rows.into_iter().map(line).collect()
}

/// Adds rows; those that are there already stay. Returns how many are new, and how many of the given
/// ones stand there with other cells.
pub async fn add_rows(
    conn: &mut PgConnection,
    id: ImportId,
    first_row: u32,
    cells: &[String],
) -> Result<(u32, i64), sqlx::Error> {
    let numbers: Vec<i32> = (first_row..).take(cells.len()).map(|number| number as i32).collect();
    let added = sqlx::query(
        "insert into import_rows (import_id, row_no, cells)
         select $1, row_no, cells from unnest($2::integer[], $3::text[]) as t (row_no, cells)
         order by row_no
         on conflict (import_id, row_no) do nothing",
    )
    .bind(id.0)
    .bind(&numbers)
    .bind(cells)
    .execute(&mut *conn)
    .await?;
    let added = added.rows_affected() as u32;
    if added as usize == cells.len() {
        return Ok((added, 0));
    }
    let differ: i64 = sqlx::query_scalar(
        "select count(*) from import_rows r
         join unnest($2::integer[], $3::text[]) as t (row_no, cells) on r.row_no = t.row_no
         where r.import_id = $1 and r.cells <> t.cells",
    )
    .bind(id.0)
    .bind(&numbers)
    .bind(cells)
    .fetch_one(conn)
    .await?;
    Ok((added, differ))
}

/// So many rows more came in, and where that leads.
pub async fn save_rows_in(
    conn: &mut PgConnection,
    id: ImportId,
    more: u32,
    state: ImportState,
) -> Result<(), sqlx::Error> {
    sqlx::query("update imports set rows_in = rows_in + $2, state = $3 where import_id = $1")
        .bind(id.0)
        .bind(more as i32)
        .bind(state_name(state))
        .execute(conn)
        .await?;
    Ok(())
}

/// What the columns are from now on, who says so, and where that leads: every row is to be judged.
pub async fn save_columns(conn: &mut PgConnection, import: &Import, now: DateTime<Utc>) -> Result<(), Fault> {
    sqlx::query(
        "update imports set columns = $2, actor = $3, state = $4, touched_at = $5, mapped = true,
             read_rows = 0, looked = false, judged_rows = 0,
             would_place = 0, would_change = 0, would_keep = 0, would_refuse = 0
         where import_id = $1",
    )
    .bind(import.import_id.0)
    .bind(column_names(&import.columns))
    .bind(actor_text(&import.actor)?)
    .bind(state_name(import.state))
    .bind(now)
    .execute(conn)
    .await?;
    Ok(())
}

/// A column that the file lacks was added by mending.
pub async fn save_added_columns(
    conn: &mut PgConnection,
    import: &Import,
    now: DateTime<Utc>,
) -> Result<(), sqlx::Error> {
    sqlx::query("update imports set headings = $2, columns = $3, touched_at = $4 where import_id = $1")
        .bind(import.import_id.0)
        .bind(&import.headings)
        .bind(column_names(&import.columns))
        .bind(now)
        .execute(conn)
        .await?;
    Ok(())
}

/// Begins to run: rows that were refused stay refused.
pub async fn start_running(
    conn: &mut PgConnection,
    import: &Import,
    now: DateTime<Utc>,
) -> Result<(), Fault> {
    sqlx::query(
        "update import_rows set outcome = 'refused'
         where import_id = $1 and judged = 'refused' and outcome = 'waiting'",
    )
    .bind(import.import_id.0)
    .execute(&mut *conn)
    .await?;
    sqlx::query(
        "update imports set state = $2, actor = $3, run_at = $4, touched_at = $4, refused = would_refuse,
             finished_at = case when $2 = 'finished' then $4 end
         where import_id = $1",
    )
    .bind(import.import_id.0)
    .bind(state_name(import.state))
    .bind(actor_text(&import.actor)?)
    .bind(now)
    .execute(conn)
    .await?;
    Ok(())
}

/// Begins to undo, or ends when there is nothing to take back.
pub async fn start_undoing(
    conn: &mut PgConnection,
    id: ImportId,
    state: ImportState,
    now: DateTime<Utc>,
) -> Result<(), sqlx::Error> {
    sqlx::query("update imports set state = $2, touched_at = $3 where import_id = $1")
        .bind(id.0)
        .bind(state_name(state))
        .bind(now)
        .execute(conn)
        .await?;
    Ok(())
}

/// How many employers went with an undone import.
pub async fn save_employers_undone(
    conn: &mut PgConnection,
    id: ImportId,
    gone: u32,
) -> Result<(), sqlx::Error> {
    sqlx::query("update imports set employers_undone = $2 where import_id = $1")
        .bind(id.0)
        .bind(gone as i32)
        .execute(conn)
        .await?;
    Ok(())
}

/// What headings in this spelling meant to an account the last time.
pub async fn remembered(
    conn: &mut PgConnection,
    account_id: AccountId,
    signature: &str,
) -> Result<Option<Vec<Option<ImportColumn>>>, Fault> {
    let found: Option<Vec<String>> = sqlx::query_scalar(
        "select columns from import_mappings
         where account_id = $1 and headings = sha256(convert_to($2, 'UTF8'))",
    )
    .bind(account_id.0)
    .bind(signature)
    .fetch_optional(conn)
    .await?;
    found.map(|names| columns(&names)).transpose()
}

/// Remembers what headings in this spelling mean to an account.
pub async fn remember(
    conn: &mut PgConnection,
    account_id: AccountId,
    signature: &str,
    columns: &[Option<ImportColumn>],
    now: DateTime<Utc>,
) -> Result<(), sqlx::Error> {
    sqlx::query(
        "insert into import_mappings (account_id, headings, columns, used_at)
         values ($1, sha256(convert_to($2, 'UTF8')), $3, $4)
         on conflict (account_id, headings) do update set columns = excluded.columns, used_at = excluded.used_at",
    )
    .bind(account_id.0)
    .bind(signature)
    .bind(column_names(columns))
    .bind(now)
    .execute(conn)
    .await?;
    Ok(())
}

/// The first rows as they came in.
pub async fn samples(pool: &PgPool, id: ImportId) -> Result<Vec<Vec<String>>, Fault> {
    let rows: Vec<String> = sqlx::query_scalar(
        "select cells from import_rows where import_id = $1 and row_no <= 3 order by row_no",
    )
    .bind(id.0)
    .fetch_all(pool)
    .await?;
    // A row that cannot be read shows nothing; judging refuses it.
    Ok(rows.iter().map(|cells| super::import_rows::cells(cells).unwrap_or_default()).collect())
}

#[derive(FromRow)]
struct ReportRow {
    row_no: i32,
    outcome: String,
    opening_id: Option<Uuid>,
    problems: Option<String>,
    cells: String,
}

impl TryFrom<ReportRow> for ImportRow {
    type Error = Fault;

    fn try_from(row: ReportRow) -> Result<Self, Fault> {
        let outcome = outcome(&row.outcome)?;
        let is_refused = outcome == RowOutcome::Refused;
        let problems =
            row.problems.filter(|_| is_refused).map(|json| serde_json::from_str(&json)).transpose();
        Ok(Self {
            row: row.row_no as u32,
            outcome,
            opening_id: row.opening_id.map(OpeningId),
            problems: problems
                .map_err(|error| Fault::broken("reading the problems of a row", error))?
                .unwrap_or_default(),
            // Cells that cannot be read are a row that failed, and say nothing.
            cells: if is_refused {
                super::import_rows::cells(&row.cells).unwrap_or_default()
            } else {
                Vec::new()
            },
        })
    }
}

/// A page of the report, by row: what became of rows, or before the import runs what would.
pub async fn report(
    pool: &PgPool,
    import: &Import,
    outcome: Option<RowOutcome>,
    limit: i64,
    offset: i64,
) -> Result<Page<ImportRow>, Fault> {
    let (count, page) = if import.has_run() {
        (
            "select count(*) from import_rows where import_id = $1 and ($2::text is null or outcome = $2)",
            "select row_no, outcome, opening_id, problems, cells from import_rows
             where import_id = $1 and ($2::text is null or outcome = $2) order by row_no limit $3 offset $4",
        )
    } else if import.state == ImportState::Judged {
        (
            "select count(*) from import_rows where import_id = $1 and ($2::text is null or judged = $2)",
            "select row_no, judged as outcome, opening_id, problems, cells from import_rows
             where import_id = $1 and ($2::text is null or judged = $2) order by row_no limit $3 offset $4",
        )
    } else {
        // Nothing is said of a row before all are judged.
        (
            "select count(*) from import_rows where import_id = $1 and ($2::text is null or $2 = 'waiting')",
            "select row_no, 'waiting' as outcome, null::uuid as opening_id, null as problems, '[]' as cells
             from import_rows where import_id = $1 and ($2::text is null or $2 = 'waiting')
             order by row_no limit $3 offset $4",
        )
    };
    let outcome = outcome.map(outcome_name);
    let total: i64 = sqlx::query_scalar(count).bind(import.import_id.0).bind(outcome).fetch_one(pool).await?;
    let rows: Vec<ReportRow> = sqlx::query_as(page)
        .bind(import.import_id.0)
        .bind(outcome)
        .bind(limit)
        .bind(offset)
        .fetch_all(pool)
        .await?;
    let rows = rows.into_iter().map(ImportRow::try_from).collect::<Result<_, _>>()?;
    Ok(Page { rows, total: total as u64 })
}

/// Empties the cells of imports that finished before a moment, and what openings said before them.
pub async fn empty_before(
    conn: &mut PgConnection,
    finished_before: DateTime<Utc>,
    now: DateTime<Utc>,
    limit: i64,
) -> Result<u64, sqlx::Error> {
    let ids: Vec<Uuid> = sqlx::query_scalar(
        "select import_id from imports
         where state in ('finished', 'undone') and emptied_at is null and finished_at < $1
         order by finished_at limit $2 for update skip locked",
    )
    .bind(finished_before)
    .bind(limit)
    .fetch_all(&mut *conn)
    .await?;
    if ids.is_empty() {
        return Ok(0);
    }
    sqlx::query(
        "update import_rows set cells = '[]', said = null
         where import_id = any($1) and (cells <> '[]' or said is not null)",
    )
    .bind(&ids)
    .execute(&mut *conn)
    .await?;
    let done = sqlx::query("update imports set emptied_at = $2 where import_id = any($1)")
        .bind(&ids)
        .bind(now)
        .execute(conn)
        .await?;
    Ok(done.rows_affected())
}

/// Deletes imports that nobody went on with since a moment and that never ran, a few at a time.
pub async fn forget_never_run(
    conn: &mut PgConnection,
    untouched_since: DateTime<Utc>,
    limit: i64,
) -> Result<u64, sqlx::Error> {
    let done = sqlx::query(
        "delete from imports where import_id in
         (select import_id from imports
          where state in ('receiving', 'mapping', 'judging', 'judged') and touched_at < $1
          order by touched_at limit $2 for update skip locked)",
    )
    .bind(untouched_since)
    .bind(limit)
    .execute(conn)
    .await?;
    Ok(done.rows_affected())
}

/// Deletes imports that began before a moment, with their rows and reports, a few at a time.
pub async fn forget_before(
    conn: &mut PgConnection,
    before: DateTime<Utc>,
    limit: i64,
) -> Result<u64, sqlx::Error> {
    let done = sqlx::query(
        "delete from imports where import_id in
         (select import_id from imports where started_at < $1 and state not in ('running', 'undoing')
          order by started_at limit $2 for update skip locked)",
    )
    .bind(before)
    .bind(limit)
    .execute(conn)
    .await?;
    Ok(done.rows_affected())
}

/// Forgets what headings meant to accounts that sent no such file since a moment.
pub async fn forget_meanings(
    conn: &mut PgConnection,
    unused_since: DateTime<Utc>,
) -> Result<u64, sqlx::Error> {
    let done = sqlx::query("delete from import_mappings where used_at < $1")
        .bind(unused_since)
        .execute(conn)
        .await?;
    Ok(done.rows_affected())
}
