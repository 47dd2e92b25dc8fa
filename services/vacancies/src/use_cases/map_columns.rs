//! The importer says which heading is which column.

use chassis::{Caller, Fault, Tx};
use proto::{
    Problem,
    vacancies::{ImportState, MapColumns},
};

use super::own_import;
use crate::{
    domain::import::{self, Step},
    store::imports::{self, Import},
};

/// Keeps the columns for this import, and for the next file with these headings from this account; the
/// rows are then judged by whichever replica comes first. Saying the same again changes nothing.
///
/// # Errors
/// `import-unknown`, also for somebody else's; `fields-invalid`; `import-started` once it runs.
pub async fn map_columns(tx: &mut Tx, caller: &Caller, command: &MapColumns) -> Result<(), Fault> {
    let import = own_import(tx, caller, command.import_id).await?;
    let state = import::step(import.state, Step::Map)?;
    import::check_columns(&command.columns, import.headings.len()).map_err(Problem::fields)?;
    let is_under_way = matches!(import.state, ImportState::Judging | ImportState::Judged);
    if is_under_way && import.columns == command.columns {
        return Ok(());
    }
    let import = Import { columns: command.columns.clone(), actor: caller.actor.clone(), state, ..import };
    let now = tx.now();
    imports::save_columns(tx.conn(), &import, now).await?;
    // What mending added is no part of the next file.
    let of_file = import.file_columns.min(import.headings.len());
    let signature = import::signature(&import.headings[..of_file]);
    imports::remember(tx.conn(), import.account_id, &signature, &import.columns[..of_file], now).await?;
    tx.ring();
    Ok(())
}
