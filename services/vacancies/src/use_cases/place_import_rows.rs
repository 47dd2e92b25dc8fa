//! By the clock and by the bell: rows of imports become openings, a chunk at a time.
//!
//! A chunk is one transaction: its rows are claimed, its employers and openings written, its
//! events told, its outcomes counted, each by one statement for all. So a crash leaves a chunk as
//! if nobody had touched it, and two replicas never hold the same row.

use std::collections::{HashMap, HashSet};

use chassis::{Fault, Tx};
use proto::{
    EmployerId, FieldProblem, ImportId, OpeningId, SiteId,
    vacancies::{ImportProgressed, ImportState, RowOutcome},
};

use super::{
    judge_import_rows::{Decided, Lock, Verdict, decide},
    record_search_changes,
};
use crate::{
    Vacancies, domain,
    domain::{
        employer::{CheckedSite, Employer},
        import_row::WHOLE_ROW,
        opening::{Effect, Opening},
        search_change,
    },
    events::publish::announce,
    store::{
        employers::{self, Known},
        import_rows::{self, Forecast, Outcome},
        imports::{self, Import},
        openings,
    },
};

/// Rows in one transaction, and in how few they are tried after a failure: a row that breaks its
/// chunk is found and put aside instead of stopping the import for good.
pub(super) const CHUNK_SIZES: [i64; 3] = [500, 25, 1];
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

/// Places one chunk; returns how many rows it had.
async fn chunk(app: &Vacancies, import: &Import, limit: i64, first_row: &mut u32) -> Result<usize, Stopped> {
    let mut tx = app.chassis.store.begin().await?;
    let now = tx.now();
    let waiting = import_rows::claim(tx.conn(), import.import_id, limit).await?;
    let Some(first) = waiting.first() else { return Ok(0) };
    *first_row = first.number();
    let Decided { verdicts, known, sites } = decide(app, &mut tx, import, waiting, Lock::Openings).await?;
    let made = make_employers(app, &mut tx, import.import_id, &verdicts, &known, &sites).await?;
    let (mut outcomes, mut placed, mut changed, mut searches) =
        (Vec::new(), Vec::new(), Vec::new(), Vec::new());
    for (row, verdict) in verdicts {
        let mut outcome = Outcome::from(verdict.forecast(row));
        match verdict {
            Verdict::Refused { .. } | Verdict::Unchanged(_) => {}
            Verdict::Changed(opening, effect, before) => {
                searches.push(((*opening).clone(), search_change::told(&opening, effect, &before)));
                outcome.before = Some(*before);
                outcome.version = Some(opening.version);
                changed.push((*opening, effect));
            }
            Verdict::Placed { content, kenmerk, kvk, .. } => {
                let employer_id = *made
                    .get(&kvk)
                    .ok_or_else(|| Fault::broken("placing a row", "its employer is not there"))?;
                let id = OpeningId(tx.chance().uuid_v4());
                let (opening, _) = Opening::post(id, employer_id, *content, true, now);
                outcome.said.opening_id = Some(id);
                outcome.version = Some(opening.version);
                placed.push(Opening { kenmerk: Some(kenmerk), ..opening });
            }
        }
        outcomes.push(outcome);
    }
    openings::insert(tx.conn(), &placed, now).await?;
    let rows: Vec<Opening> = changed.iter().map(|(opening, _)| opening.clone()).collect();
    openings::save(tx.conn(), &rows, now).await?;
    let told: Vec<(Opening, Effect)> =
        placed.into_iter().map(|opening| (opening, Effect::Published)).chain(changed).collect();
    announce(&mut tx, &told).await?;
    record_search_changes(&mut tx, &searches, None).await?;
    conclude(&mut tx, import.import_id, import.rows, &outcomes).await?;
    tx.commit().await?;
    Ok(outcomes.len())
}

/// Adds the employers that good rows need; returns the ids of all, known and new, by KVK number.
async fn make_employers(
    app: &Vacancies,
    tx: &mut Tx,
    import_id: ImportId,
    verdicts: &[(u32, Verdict)],
    known: &HashMap<String, Known>,
    sites: &HashMap<String, String>,
) -> Result<HashMap<String, EmployerId>, Stopped> {
    let mut ids: HashMap<String, EmployerId> =
        known.iter().map(|(kvk, known)| (kvk.clone(), known.employer_id())).collect();
    let (mut new, mut new_kvks, mut used) = (Vec::new(), HashSet::new(), HashSet::new());
    for (_, verdict) in verdicts {
        let Verdict::Placed { kvk, name, .. } = verdict else { continue };
        if let Some(id) = ids.get(kvk) {
            used.insert(*id);
            continue;
        }
        if !new_kvks.insert(kvk) {
            continue;
        }
        let postcode = sites.get(kvk).map_or("", String::as_str);
        let site = domain::site("postcode", postcode, &app.reference)
            .map_err(|_| Fault::broken("making an employer", "its site went out of the reference data"))?;
        let site = CheckedSite::bare(SiteId(tx.chance().uuid_v4()), site);
        let employer_id = EmployerId(tx.chance().uuid_v4());
        new.push(Employer { employer_id, kvk_number: kvk.clone(), name: name.clone(), site });
    }
    let used: Vec<EmployerId> = used.into_iter().collect();
    employers::keep(tx.conn(), &used, Some(import_id)).await?;
    let now = tx.now();
    if !new.is_empty() {
        let added = employers::insert_new(tx.conn(), &new, Some(import_id), now).await?;
        if added.len() < new.len() {
            // Someone else added one of them since we looked; perhaps in a region that is not ours.
            return Err(Stopped::Race);
        }
        ids.extend(added);
    }
    Ok(ids)
}

/// Writes the outcomes down and tells how far the import is.
async fn conclude(tx: &mut Tx, id: ImportId, rows: u32, outcomes: &[Outcome]) -> Result<(), Fault> {
    let now = tx.now();
    let counts = import_rows::conclude(tx.conn(), id, outcomes, now).await?;
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
    if import_rows::lock_waiting(tx.conn(), import.import_id, row).await? {
        let refused = Forecast {
            row,
            outcome: RowOutcome::Refused,
            opening_id: None,
            problems: vec![FieldProblem::new(WHOLE_ROW, "row-failed")],
            cells: None,
        };
        conclude(&mut tx, import.import_id, import.rows, &[refused.into()]).await?;
        tx.commit().await?;
    }
    Ok(())
}
