//! By the clock and by the bell: openings of an import that is undone are taken back, a chunk at a time.
//!
//! As with placing, a chunk is one transaction, and two replicas never hold the same row.

use chassis::Fault;
use proto::{
    OpeningId,
    vacancies::{CloseReason, ImportProgressed, ImportState},
};

use super::{place_import_rows::CHUNK_SIZES, record_search_changes};
use crate::{
    Vacancies,
    domain::{
        import,
        opening::{Content, Effect, Opening},
        search_change, site,
    },
    events::publish::announce,
    store::{
        employers,
        import_rows::{self, RowToUndo},
        imports::{self, Import},
        openings,
    },
};

/// Imports that one pass looks at, and its chunks; the bell then rings for the next.
const IMPORTS_A_PASS: i64 = 20;
const CHUNKS_A_PASS: u32 = 20;

/// Takes back openings until none is left or the pass has done its share.
pub async fn pass(app: &Vacancies) -> Result<(), Fault> {
    let mut chunks = 0;
    for import in imports::undoing(app.chassis.store.pool(), IMPORTS_A_PASS).await? {
        let mut size = 0;
        while chunks < CHUNKS_A_PASS {
            let mut first_row = 0;
            match chunk(app, &import, CHUNK_SIZES[size], &mut first_row).await {
                Ok(0) => break,
                Ok(_) => {
                    chunks += 1;
                    size = 0;
                }
                Err(fault) if fault.is_store_away() || fault.is_worth_repeating() => return Err(fault),
                Err(fault) => {
                    let error = chassis::fault::Chain(&fault).to_string();
                    tracing::error!(import = %import.import_id, first_row, size = CHUNK_SIZES[size], %error, "rows failed");
                    if size + 1 < CHUNK_SIZES.len() {
                        size += 1;
                    } else {
                        leave_alone(app, &import, first_row).await?;
                        size = 0;
                    }
                }
            }
        }
    }
    Ok(())
}

/// Takes back one chunk; returns how many rows it had.
async fn chunk(app: &Vacancies, import: &Import, limit: i64, first_row: &mut u32) -> Result<usize, Fault> {
    let mut tx = app.chassis.store.begin().await?;
    let now = tx.now();
    let rows = import_rows::claim_to_undo(tx.conn(), import.import_id, limit).await?;
    let Some(first) = rows.first() else { return Ok(0) };
    *first_row = first.number();
    let ids: Vec<OpeningId> = rows.iter().filter_map(RowToUndo::opening_id).collect();
    let mut found = openings::lock_many(tx.conn(), &ids).await?;
    let (mut done, mut stepped, mut searches) = (Vec::with_capacity(rows.len()), Vec::new(), Vec::new());
    for row in &rows {
        let opening = row.opening_id().and_then(|id| found.remove(&id));
        let taken_back = match opening {
            Some(opening) if row.version() == Some(opening.version) => {
                let said = opening.content.details().clone();
                let taken_back = take_back(app, row, opening)?;
                searches.extend(taken_back.as_ref().map(|(opening, effect)| {
                    (opening.clone(), search_change::told(opening, *effect, &said))
                }));
                taken_back
            }
            // Someone changed it since.
            _ => None,
        };
        done.push((row.number(), taken_back.is_some()));
        stepped.extend(taken_back);
    }
    let saved: Vec<Opening> = stepped.iter().map(|(opening, _)| opening.clone()).collect();
    openings::save(tx.conn(), &saved, now).await?;
    // What was placed and taken back gives its key free: a mended file may place it anew.
    let closed: Vec<OpeningId> = stepped
        .iter()
        .filter(|(_, effect)| matches!(effect, Effect::Closed(_)))
        .map(|(opening, _)| opening.opening_id)
        .collect();
    openings::free_keys(tx.conn(), &closed).await?;
    announce(&mut tx, &stepped).await?;
    record_search_changes(&mut tx, &searches, None).await?;
    conclude(&mut tx, import, &done).await?;
    tx.commit().await?;
    Ok(done.len())
}

/// Closes what was placed; makes what was changed say again what it said.
fn take_back(
    app: &Vacancies,
    row: &RowToUndo,
    mut opening: Opening,
) -> Result<Option<(Opening, Effect)>, Fault> {
    if row.was_placed() {
        let effect = opening.close(CloseReason::Undone);
        return Ok((effect != Effect::Nothing).then_some((opening, effect)));
    }
    let before = row.before()?.ok_or_else(|| Fault::broken("undoing a row", "what it said is gone"))?;
    let at = site("postcode", &before.postcode, &app.reference)
        .map_err(|_| Fault::broken("undoing a row", "its postcode went out of the reference data"))?;
    let content = Content::stored(before, at.place, at.area);
    let effect = opening.change(opening.version, content).ok().filter(|effect| *effect != Effect::Nothing);
    Ok(effect.map(|effect| (opening, effect)))
}

/// Writes down what became of the rows and tells how far the import is.
async fn conclude(tx: &mut chassis::Tx, import: &Import, done: &[(u32, bool)]) -> Result<(), Fault> {
    let seen_to = import_rows::take_back(tx.conn(), import, done).await?;
    let all = import.counts.placed + import.counts.changed;
    if seen_to == all {
        let now = tx.now();
        let gone = employers::take_back(tx.conn(), import.import_id, now).await?;
        imports::save_employers_undone(tx.conn(), import.import_id, gone).await?;
    }
    if import::tells(seen_to - done.len() as u32, seen_to, all) {
        let state = if seen_to == all { ImportState::Undone } else { ImportState::Undoing };
        // It goes on counting where placing ended.
        let version = i64::from(import.rows) + i64::from(seen_to);
        let (import_id, counts) = (import.import_id, import.counts);
        tx.publish(ImportProgressed { import_id, version, state, counts }).await?;
    }
    tx.ring();
    Ok(())
}

/// Leaves an opening as it is although nobody changed it: our fault, and the log says so.
async fn leave_alone(app: &Vacancies, import: &Import, row: u32) -> Result<(), Fault> {
    let mut tx = app.chassis.store.begin().await?;
    if import_rows::lock_to_undo(tx.conn(), import.import_id, row).await? {
        conclude(&mut tx, import, &[(row, false)]).await?;
        tx.commit().await?;
    }
    Ok(())
}
