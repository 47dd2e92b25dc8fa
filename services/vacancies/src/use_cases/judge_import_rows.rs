//! By the clock and by the bell: what would become of the rows of a file, without placing anything.
//!
//! One replica at a time has an import in hand and goes on where the last one stopped: it reads all rows
//! for what concerns the whole file, looks at that, then decides row by row. Placing decides again, with
//! the same [`decide`]: the world may have changed.

use std::collections::{HashMap, HashSet};

use chassis::{Fault, Tx, clock};
use chrono::{DateTime, Utc};
use proto::{
    EmployerId, FieldProblem, ImportId, OpeningId,
    vacancies::{ImportColumn, OpeningDetails, OpeningState, RowOutcome},
};

use super::regions;
use crate::{
    Vacancies,
    domain::{
        employer,
        import_row::{self, ReadRow, WHOLE_ROW, glance},
        opening::{Content, Effect, Opening},
    },
    may::{self, Deed},
    store::{
        employers::{self, Known},
        import_rows::{self, Forecast, RowToDecide},
        imports::{self, Import},
        openings,
    },
};

/// Rows decided about in one transaction.
const JUDGED_AT_ONCE: i64 = 500;
/// Rows read in one transaction for what concerns the whole file.
const READ_AT_ONCE: i64 = 2_000;
/// Imports that one pass looks at, and its transactions; the bell then rings for the next.
const IMPORTS_A_PASS: i64 = 20;
const CHUNKS_A_PASS: u32 = 20;

/// Judges rows until none is left or the pass has done its share.
pub async fn pass(app: &Vacancies) -> Result<(), Fault> {
    let mut chunks = 0;
    let mut failed = None;
    for id in imports::judging(app.chassis.store.pool(), IMPORTS_A_PASS).await? {
        while chunks < CHUNKS_A_PASS {
            match chunk(app, id).await {
                Ok(true) => chunks += 1,
                Ok(false) => break,
                Err(fault) if fault.is_store_away() => return Err(fault),
                // The others go on; this one comes round again.
                Err(fault) => {
                    failed = Some(fault);
                    break;
                }
            }
        }
    }
    failed.map_or(Ok(()), Err)
}

/// One step on; whether there was one to do.
async fn chunk(app: &Vacancies, id: ImportId) -> Result<bool, Fault> {
    let mut tx = app.chassis.store.begin().await?;
    let Some(import) = imports::lock_judging(tx.conn(), id).await? else { return Ok(false) };
    if import.read_rows < import.rows {
        let rows = import_rows::after(tx.conn(), id, import.read_rows, READ_AT_ONCE).await?;
        let glances: Vec<_> = rows
            .iter()
            .map(|row| {
                let cells = import_rows::cells(&row.cells).unwrap_or_default();
                (row.number(), glance(&import.columns, &cells, &app.reference), None)
            })
            .collect();
        import_rows::save_glances(tx.conn(), id, &glances).await?;
        import_rows::save_read(tx.conn(), id, import.read_rows + glances.len() as u32).await?;
    } else if import.looked {
        let judged = import.rows - import.forecast.waiting;
        let rows = import_rows::after(tx.conn(), id, judged, JUDGED_AT_ONCE).await?;
        let forecasts = forecast(app, &mut tx, &import, rows).await?;
        import_rows::save_forecasts(tx.conn(), id, &forecasts).await?;
        let now = tx.now();
        import_rows::save_judged(tx.conn(), id, &forecasts, now).await?;
    } else {
        import_rows::look_at_whole(tx.conn(), id, regions(&import.actor)).await?;
    }
    tx.ring();
    tx.commit().await?;
    Ok(true)
}

/// What would become of these rows.
pub(super) async fn forecast(
    app: &Vacancies,
    tx: &mut Tx,
    import: &Import,
    rows: Vec<RowToDecide>,
) -> Result<Vec<Forecast>, Fault> {
    let decided = decide(app, tx, import, rows, Lock::No).await?;
    Ok(decided.verdicts.into_iter().map(|(row, verdict)| verdict.forecast(row)).collect())
}

/// What a row comes to, before anything is written.
pub(super) enum Verdict {
    /// Not placed.
    Refused {
        /// Why not.
        problems: Vec<FieldProblem>,
        /// Its cells, where they may not be kept as they are.
        cells: Option<Vec<String>>,
    },
    /// The opening says the same.
    Unchanged(OpeningId),
    /// The opening says something else now, and what it said before.
    Changed(Box<Opening>, Effect, Box<OpeningDetails>),
    /// A new opening, still without its employer when that is new too.
    Placed {
        /// What it says.
        content: Box<Content>,
        /// The sender's key.
        kenmerk: String,
        /// The employer's KVK number.
        kvk: String,
        /// The employer's name.
        name: String,
    },
}

impl Verdict {
    /// As it stands in the report.
    pub(super) fn forecast(&self, row: u32) -> Forecast {
        let plain =
            |outcome, opening_id| Forecast { row, outcome, opening_id, problems: Vec::new(), cells: None };
        match self {
            Self::Refused { problems, cells } => Forecast {
                problems: problems.clone(),
                cells: cells.clone(),
                ..plain(RowOutcome::Refused, None)
            },
            Self::Unchanged(id) => plain(RowOutcome::Unchanged, Some(*id)),
            Self::Changed(opening, ..) => plain(RowOutcome::Changed, Some(opening.opening_id)),
            Self::Placed { .. } => plain(RowOutcome::Placed, None),
        }
    }
}

/// Whether the openings that rows concern are locked: to place them, not to look.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Lock {
    /// To look.
    No,
    /// To place.
    Openings,
}

/// What rows come to, and what that was decided by.
pub(super) struct Decided {
    /// By row.
    pub(super) verdicts: Vec<(u32, Verdict)>,
    /// The employers that are there, by KVK number.
    pub(super) known: HashMap<String, Known>,
    /// Where the others would have their first site.
    pub(super) sites: HashMap<String, String>,
}

/// The cells of a row, and what they say.
type Cells = (Vec<String>, ReadRow);

/// Decides about rows, with one question each for all employers, sites and openings they concern.
pub(super) async fn decide(
    app: &Vacancies,
    tx: &mut Tx,
    import: &Import,
    rows: Vec<RowToDecide>,
    lock: Lock,
) -> Result<Decided, Fault> {
    let now = tx.now();
    let mut read: Vec<(RowToDecide, Option<Cells>)> = Vec::with_capacity(rows.len());
    for row in rows {
        let cells = match import_rows::cells(&row.cells) {
            Ok(cells) => Some(cells),
            // To place, the chunk is tried smaller; then only this row is put aside.
            Err(fault) if lock == Lock::Openings => return Err(fault),
            Err(_) => None,
        };
        let cells = cells.map(|cells| {
            let read = import_row::read(&import.columns, import.file_columns, &cells, &app.tasks);
            (cells, read)
        });
        read.push((row, cells));
    }
    let rows_read = || read.iter().filter_map(|(_, cells)| Some(&cells.as_ref()?.1));
    let kvk_numbers: HashSet<&String> = rows_read().filter_map(|read| read.kvk.as_ref()).collect();
    let kvk_numbers: Vec<String> = kvk_numbers.into_iter().cloned().collect();
    let known = employers::by_kvk(tx.conn(), &kvk_numbers).await?;
    let unknown: Vec<String> = kvk_numbers.into_iter().filter(|kvk| !known.contains_key(kvk)).collect();
    let sites = import_rows::sites(tx.conn(), import.import_id, &unknown).await?;
    let keys: Vec<(EmployerId, String)> = rows_read()
        .filter_map(|read| Some((known.get(read.kvk.as_ref()?)?.employer_id(), read.kenmerk.clone())))
        .collect();
    let mut existing = match lock {
        Lock::Openings => openings::lock_by_kenmerk(tx.conn(), &keys).await?,
        Lock::No => openings::by_kenmerk(tx.conn(), &keys).await?,
    };
    let verdicts = read
        .into_iter()
        .map(|(row, cells)| {
            let number = row.number();
            let Some((cells, read)) = cells else {
                let problems = vec![FieldProblem::new(WHOLE_ROW, "row-failed")];
                return (number, Verdict::Refused { problems, cells: None });
            };
            let employer = read.kvk.as_ref().and_then(|kvk| known.get(kvk));
            let has_site = read.kvk.as_ref().is_some_and(|kvk| sites.contains_key(kvk));
            // Taken out: a second row with this key is refused.
            let before = employer
                .filter(|_| row.repeats().is_none())
                .and_then(|employer| existing.remove(&(employer.employer_id(), read.kenmerk.clone())));
            let mut verdict = judge(app, import, now, &row, read, employer, has_site, before);
            if let Verdict::Refused { problems, cells: kept } = &mut verdict {
                *kept = import_row::without_bsn(&import.columns, &cells, problems);
            }
            (number, verdict)
        })
        .collect();
    Ok(Decided { verdicts, known, sites })
}

/// Decides about one row. Pure, but for the many things it looks at.
#[expect(clippy::too_many_arguments, reason = "everything that one decision depends on, in one place")]
fn judge(
    app: &Vacancies,
    import: &Import,
    now: DateTime<Utc>,
    row: &RowToDecide,
    mut read: ReadRow,
    employer: Option<&Known>,
    has_site: bool,
    before: Option<Opening>,
) -> Verdict {
    let problem = |column: ImportColumn, code: &str| FieldProblem::new(column.name(), code);
    if let Some(earlier) = row.repeats() {
        let repeats = problem(ImportColumn::Kenmerk, "row-repeats-earlier").with("row", earlier);
        read.refuse(ImportColumn::Kenmerk, repeats);
    }
    let mut name = String::new();
    if let Some(employer) = employer {
        if !may::may(&import.actor, Deed::Write, employer.owner()) {
            read.refuse(ImportColumn::Kvk, problem(ImportColumn::Kvk, "employer-not-yours"));
        } else if employer.labour_conflict {
            read.refuse(ImportColumn::Kvk, problem(ImportColumn::Kvk, "labour-conflict"));
        }
    } else if read.kvk.is_some() {
        // A place that does not exist has its own reason.
        if !has_site && read.has_place(&app.reference) {
            let outside = problem(ImportColumn::Postcode, "employer-outside-your-regions");
            read.refuse(ImportColumn::Postcode, outside);
        }
        match employer::name(ImportColumn::Werkgever.name(), &read.employer_name()) {
            Ok(good) => name = good,
            Err(problems) => {
                for problem in problems {
                    read.refuse(ImportColumn::Werkgever, problem);
                }
            }
        }
    }
    if before.as_ref().is_some_and(|opening| opening.state() == OpeningState::Closed) {
        read.refuse(ImportColumn::Kenmerk, problem(ImportColumn::Kenmerk, "opening-closed"));
    }
    let (kenmerk, kvk) = (read.kenmerk.clone(), read.kvk.clone().unwrap_or_default());
    let said = before.as_ref().map(|opening| opening.content.details().clone());
    match (read.settle(said.as_ref(), clock::day(now), &app.reference), before) {
        (Err(problems), _) => Verdict::Refused { problems, cells: None },
        (Ok(content), None) => Verdict::Placed { content: Box::new(content), kenmerk, kvk, name },
        (Ok(content), Some(mut opening)) => match opening.change(opening.version, content) {
            Ok(Effect::Nothing) => Verdict::Unchanged(opening.opening_id),
            Ok(effect) => {
                let said = said.unwrap_or_else(|| opening.content.details().clone());
                Verdict::Changed(Box::new(opening), effect, Box::new(said))
            }
            Err(_) => {
                let problems = vec![problem(ImportColumn::Kenmerk, "opening-closed")];
                Verdict::Refused { problems, cells: None }
            }
        },
    }
}
