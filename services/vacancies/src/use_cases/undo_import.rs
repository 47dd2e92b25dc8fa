//! The importer thinks better of it.

use chassis::{Caller, Fault, Tx};
use proto::vacancies::{ImportProgressed, ImportState, UndoImport};

use super::own_import;
use crate::{
    domain::import::{self, Step},
    store::imports,
};

/// Hands the openings to whichever replica comes first, to be taken back. Undoing twice changes nothing.
///
/// # Errors
/// `import-unknown`, also for somebody else's; `import-not-finished`; `import-undo-too-late`.
pub async fn undo_import(tx: &mut Tx, caller: &Caller, command: &UndoImport) -> Result<(), Fault> {
    let import = own_import(tx, caller, command.import_id).await?;
    let now = tx.now();
    let any = import.counts.placed + import.counts.changed > 0;
    let late = import.finished_at.is_some_and(|finished_at| import::undo_until(finished_at) < now);
    let state = import::step(import.state, Step::Undo { any, late })?;
    if state == import.state {
        return Ok(());
    }
    imports::start_undoing(tx.conn(), import.import_id, state, now).await?;
    if state == ImportState::Undone {
        let (import_id, version, counts) = (import.import_id, i64::from(import.rows) + 1, import.counts);
        tx.publish(ImportProgressed { import_id, version, state, counts }).await?;
    }
    tx.ring();
    Ok(())
}
