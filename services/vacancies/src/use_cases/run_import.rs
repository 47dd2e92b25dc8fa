//! The importer has seen what will happen and wants it done.

use chassis::{Caller, Fault, Tx};
use proto::vacancies::{ImportProgressed, ImportState, RunImport};

use super::own_import;
use crate::{
    domain::import::{self, Step},
    store::imports::{self, Import},
};

/// Hands the rows to whichever replica comes first. What was refused stays refused. Running twice
/// changes nothing.
///
/// # Errors
/// `import-unknown`, also for somebody else's; `import-rows-missing` with how many;
/// `import-not-judged`.
pub async fn run_import(tx: &mut Tx, caller: &Caller, command: &RunImport) -> Result<(), Fault> {
    let import = own_import(tx, caller, command.import_id).await?;
    let any = import.forecast.refused < import.rows;
    let state = import::step(import.state, Step::Run { any }).map_err(|refused| refused.of(&import))?;
    if state == import.state {
        return Ok(());
    }
    let import = Import { state, actor: caller.actor.clone(), ..import };
    let now = tx.now();
    imports::start_running(tx.conn(), &import, now).await?;
    if state == ImportState::Finished {
        let (import_id, version, counts) = (import.import_id, i64::from(import.rows), import.forecast);
        tx.publish(ImportProgressed { import_id, version, state, counts }).await?;
    }
    tx.ring();
    Ok(())
}
