//! By the clock and by the bell: rows of imports become openings, a chunk at a time.
//!
//! A chunk is one transaction: its rows are claimed, its employers and openings written, its
//! events told, its outcomes counted, each by one statement for all. So a crash leaves a chunk as
//! if nobody had touched it, and two replicas never hold the same row.

use std::collections::{HashMap, HashSet};

use chassis::{Fault, Tx, clock};
use proto::{
    EmployerId, FieldProblem, ImportId, OpeningId,
    vacancies::{ImportColumn, ImportProgressed, ImportState, RowOutcome},
};

use crate::{
    Vacancies, domain,
    domain::{
        employer::{self, Employer},
        import_row::{self, ReadRow, WHOLE_ROW},
        opening::{Effect, Opening, StepRefused},
    },
    events::publish::announce,
    may::{self, Deed, Owner},
    store::{
        employers::{self, Known},
        imports::{self, Import, Outcome, WaitingRow},
        openings,
    },
};

/// Rows in one transaction, and in how few they are tried after a failure: a row that breaks its
/// chunk is found and put aside instead of stopping the import for good.
const CHUNK_SIZES: [i64; 3] = [500, 25, 1];
/// Imports that one pass looks at.
const IMPORTS_A_PASS: i64 = 20;
/// Chunks in one pass; the bell then rings for the next.
const CHUNKS_A_PASS: u32 = 20;
/// How often a chunk is tried again after someone else placed the same keys at the same moment.
const RACES: u32 = 5;

/// Places rows until none is waiting or the pass has done its share.
pub async fn pass(app: &Vacancies) -> Result<(), Fault> {
    let mut chunks = 0;
    for import in imports::running(app.chassis.store.pool(), IMPORTS_A_PASS).await? {
        let mut size = 0;
        while chunks < CHUNKS_A_PASS {
            match chunk_or_race(app, &import, CHUNK_SIZES[size]).await {
                Ok(0) => break,
                Ok(_) => {
                    chunks += 1;
                    size = 0;
                }
                Err(failed) if failed.fault.is_store_away() || failed.fault.is_worth_repeating() => {
                    return Err(failed.fault);
                }
                Err(failed) => {
                    let Failed { fault, first_row } = &failed;
                    let error = chassis::fault::Chain(fault).to_string();
                    tracing::error!(import = %import.import_id, first_row, size = CHUNK_SIZES[size], %error, "rows failed");
                    if size + 1 < CHUNK_SIZES.len() {
                        size += 1;
                    } else {
                        put_aside(app, &import, *first_row).await?;
                        size = 0;
                    }
                }
            }
        }
    }
    Ok(())
}

/// How a chunk failed.
enum Stopped {
    /// Someone else placed the same key at this moment: look again.
    Race,
    /// Something else.
    Fault(Fault),
}

impl<F: Into<Fault>> From<F> for Stopped {
    fn from(fault: F) -> Self {
        let fault = fault.into();
        match &fault {
            Fault::Store(sqlx::Error::Database(error)) if error.is_unique_violation() => Self::Race,
            _ => Self::Fault(fault),
        }
    }
}

/// A chunk that could not be placed.
struct Failed {
    fault: Fault,
    /// The first row of the chunk; the only one, when the chunk was one row.
    first_row: u32,
}

async fn chunk_or_race(app: &Vacancies, import: &Import, limit: i64) -> Result<usize, Failed> {
    let mut first_row = 0;
    for _ in 0..RACES {
        match chunk(app, import, limit, &mut first_row).await {
            Ok(rows) => return Ok(rows),
            Err(Stopped::Race) => tracing::debug!(import = %import.import_id, "raced; looking again"),
            Err(Stopped::Fault(fault)) if fault.is_worth_repeating() => {}
            Err(Stopped::Fault(fault)) => return Err(Failed { fault, first_row }),
        }
    }
    let fault = Fault::broken("placing rows", "others kept placing the same keys");
    Err(Failed { fault, first_row })
}

/// What a row comes to, before anything is written.
enum Verdict {
    Refused(Vec<FieldProblem>),
    Unchanged(OpeningId),
    Changed(Opening),
    /// A new opening, still without its employer when that is new too.
    Placed {
        content: domain::opening::Content,
        kenmerk: String,
        kvk: String,
        name: String,
    },
}

/// Places one chunk; returns how many rows it had.
async fn chunk(app: &Vacancies, import: &Import, limit: i64, first_row: &mut u32) -> Result<usize, Stopped> {
    let mut tx = app.chassis.store.begin().await?;
    let now = tx.now();
    let waiting = imports::claim(tx.conn(), import.import_id, limit).await?;
    let Some(first) = waiting.first() else { return Ok(0) };
    *first_row = first.number();
    let mut rows: Vec<(WaitingRow, ReadRow)> = Vec::with_capacity(waiting.len());
    for row in waiting {
        let cells: Vec<String> =
            serde_json::from_str(&row.cells).map_err(|error| Fault::broken("reading cells", error))?;
        let read = import_row::read(&import.columns, &cells, &app.tasks);
        rows.push((row, read));
    }

    let known = known_employers(&mut tx, &rows).await?;
    let unknown: Vec<String> =
        kvk_numbers(&rows).into_iter().filter(|kvk| !known.contains_key(kvk)).collect();
    let sites = imports::sites(tx.conn(), import.import_id, &unknown).await?;
    let keys: Vec<(EmployerId, String)> = rows
        .iter()
        .filter_map(|(_, read)| Some((known.get(read.kvk.as_ref()?)?.employer_id(), read.kenmerk.clone())))
        .collect();
    let mut existing = openings::lock_by_kenmerk(tx.conn(), &keys).await?;

    let mut verdicts = Vec::with_capacity(rows.len());
    for (row, read) in rows {
        let employer = read.kvk.as_ref().and_then(|kvk| known.get(kvk));
        let has_site = read.kvk.as_ref().is_some_and(|kvk| sites.contains_key(kvk));
        // Taken out: a second row with this key was refused when the import began to run.
        let before = employer
            .filter(|_| row.repeats().is_none())
            .and_then(|employer| existing.remove(&(employer.employer_id(), read.kenmerk.clone())));
        verdicts.push((row.number(), judge(app, import, now, &row, read, employer, has_site, before)));
    }

    let made = make_employers(app, &mut tx, &verdicts, &known, &sites).await?;
    let (mut outcomes, mut placed, mut changed) = (Vec::new(), Vec::new(), Vec::new());
    for (row, verdict) in verdicts {
        let outcome = |outcome, opening_id| Outcome { row, outcome, opening_id, problems: Vec::new() };
        outcomes.push(match verdict {
            Verdict::Refused(problems) => {
                Outcome { row, outcome: RowOutcome::Refused, opening_id: None, problems }
            }
            Verdict::Unchanged(id) => outcome(RowOutcome::Unchanged, Some(id)),
            Verdict::Changed(opening) => {
                let id = opening.opening_id;
                changed.push(opening);
                outcome(RowOutcome::Changed, Some(id))
            }
            Verdict::Placed { content, kenmerk, kvk, .. } => {
                let employer_id = *made
                    .get(&kvk)
                    .ok_or_else(|| Fault::broken("placing a row", "its employer is not there"))?;
                let id = OpeningId(tx.chance().uuid_v4());
                let (opening, _) = Opening::post(id, employer_id, content, true, now);
                placed.push(Opening { kenmerk: Some(kenmerk), ..opening });
                outcome(RowOutcome::Placed, Some(id))
            }
        });
    }
    openings::insert(tx.conn(), &placed, now).await?;
    openings::save(tx.conn(), &changed, now).await?;
    let told: Vec<(Opening, Effect)> =
        placed.into_iter().chain(changed).map(|opening| (opening, Effect::Published)).collect();
    announce(&mut tx, &told).await?;
    conclude(&mut tx, import.import_id, import.rows, &outcomes).await?;
    tx.commit().await?;
    Ok(outcomes.len())
}

fn kvk_numbers(rows: &[(WaitingRow, ReadRow)]) -> Vec<String> {
    let distinct: HashSet<&String> = rows.iter().filter_map(|(_, read)| read.kvk.as_ref()).collect();
    distinct.into_iter().cloned().collect()
}

async fn known_employers(
    tx: &mut Tx,
    rows: &[(WaitingRow, ReadRow)],
) -> Result<HashMap<String, Known>, sqlx::Error> {
    employers::by_kvk(tx.conn(), &kvk_numbers(rows)).await
}

/// Decides about one row. Pure, but for the many things it looks at.
#[expect(clippy::too_many_arguments, reason = "everything that one decision depends on, in one place")]
fn judge(
    app: &Vacancies,
    import: &Import,
    now: chrono::DateTime<chrono::Utc>,
    row: &WaitingRow,
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
        let owner = Owner { employer_id: Some(employer.employer_id()), region: &employer.region };
        if !may::may(&import.actor, Deed::Write, owner) {
            read.refuse(ImportColumn::Kvk, problem(ImportColumn::Kvk, "employer-not-yours"));
        }
    } else if read.kvk.is_some() {
        if !has_site {
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
    if before.as_ref().is_some_and(|opening| opening.state() == proto::vacancies::OpeningState::Closed) {
        read.refuse(ImportColumn::Kenmerk, problem(ImportColumn::Kenmerk, "opening-closed"));
    }
    let (kenmerk, kvk) = (read.kenmerk.clone(), read.kvk.clone().unwrap_or_default());
    let said = before.as_ref().map(|opening| opening.content.details().clone());
    match (read.settle(said.as_ref(), clock::day(now), &app.reference), before) {
        (Err(problems), _) => Verdict::Refused(problems),
        (Ok(content), None) => Verdict::Placed { content, kenmerk, kvk, name },
        (Ok(content), Some(mut opening)) => match opening.change(opening.version, content) {
            Ok(Effect::Nothing) => Verdict::Unchanged(opening.opening_id),
            Ok(_) => Verdict::Changed(opening),
            Err(StepRefused::Closed | StepRefused::ChangedMeanwhile { .. }) => {
                Verdict::Refused(vec![problem(ImportColumn::Kenmerk, "opening-closed")])
            }
        },
    }
}

/// Adds the employers that good rows need; returns the ids of all, known and new, by KVK number.
async fn make_employers(
    app: &Vacancies,
    tx: &mut Tx,
    verdicts: &[(u32, Verdict)],
    known: &HashMap<String, Known>,
    sites: &HashMap<String, String>,
) -> Result<HashMap<String, EmployerId>, Stopped> {
    let mut ids: HashMap<String, EmployerId> =
        known.iter().map(|(kvk, known)| (kvk.clone(), known.employer_id())).collect();
    let mut new = Vec::new();
    for (_, verdict) in verdicts {
        let Verdict::Placed { kvk, name, .. } = verdict else { continue };
        if ids.contains_key(kvk) {
            continue;
        }
        let postcode = sites.get(kvk).map_or("", String::as_str);
        let site = domain::site("postcode", postcode, &app.reference)
            .map_err(|_| Fault::broken("making an employer", "its site went out of the reference data"))?;
        let employer_id = EmployerId(tx.chance().uuid_v4());
        ids.insert(kvk.clone(), employer_id);
        new.push(Employer { employer_id, kvk_number: kvk.clone(), name: name.clone(), site });
    }
    let now = tx.now();
    if !new.is_empty() && employers::insert_new(tx.conn(), &new, now).await? < new.len() as u64 {
        // Someone else added one of them since we looked; perhaps in a region that is not ours.
        return Err(Stopped::Race);
    }
    Ok(ids)
}

/// Writes the outcomes down and tells how far the import is.
async fn conclude(tx: &mut Tx, id: ImportId, rows: u32, outcomes: &[Outcome]) -> Result<(), Fault> {
    let now = tx.now();
    let counts = imports::conclude(tx.conn(), id, outcomes, now).await?;
    let done = rows - counts.waiting;
    if domain::import::tells(done - outcomes.len() as u32, done, rows) {
        let state = if counts.waiting == 0 { ImportState::Finished } else { ImportState::Running };
        // Done rows only ever grow, so they are the version.
        tx.publish(ImportProgressed { import_id: id, version: i64::from(done), state, counts }).await?;
    }
    // The next pass, and other replicas, look at once.
    tx.ring();
    Ok(())
}

/// Gives a row its outcome although it could not be handled: our fault, and the report says so.
/// By its number, because the lock of the failed transaction may not be gone yet: whoever claims
/// the next free row could get another one.
async fn put_aside(app: &Vacancies, import: &Import, row: u32) -> Result<(), Fault> {
    let mut tx = app.chassis.store.begin().await?;
    if imports::lock_waiting(tx.conn(), import.import_id, row).await? {
        let outcome = Outcome {
            row,
            outcome: RowOutcome::Refused,
            opening_id: None,
            problems: vec![FieldProblem::new(WHOLE_ROW, "row-failed")],
        };
        conclude(&mut tx, import.import_id, import.rows, &[outcome]).await?;
        tx.commit().await?;
    }
    Ok(())
}
