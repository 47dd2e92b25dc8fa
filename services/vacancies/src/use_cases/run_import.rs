//! The importer has sent every row and wants them placed.

use chassis::{Caller, Fault, Tx};
use proto::{
    Actor, Problem, Role, Status,
    vacancies::{ImportState, RunImport},
};

use crate::{may, store::imports};

/// Hands the rows to whichever replica comes first. Running twice changes nothing.
///
/// # Errors
/// `import-unknown`, also for somebody else's; `import-rows-missing` with how many.
pub async fn run_import(tx: &mut Tx, caller: &Caller, command: &RunImport) -> Result<(), Fault> {
    let account_id = may::importer(&caller.actor)?;
    let import = imports::lock(tx.conn(), command.import_id).await?;
    let import = import
        .filter(|import| import.account_id == account_id)
        .ok_or_else(|| Problem::not_found("import"))?;
    if import.state != ImportState::Receiving {
        return Ok(());
    }
    let there = imports::rows_there(tx.conn(), command.import_id).await?;
    if there < import.rows {
        let missing = Problem::new(Status::Conflict, "import-rows-missing");
        return Err(missing.with("there", there).with("announced", import.rows).into());
    }
    let regions = match &import.actor {
        Actor::Account { regions, .. } if import.actor.has(Role::AccountManager) => regions.as_slice(),
        _ => &[],
    };
    let now = tx.now();
    imports::start_running(tx.conn(), command.import_id, regions, now).await?;
    tx.ring();
    Ok(())
}
