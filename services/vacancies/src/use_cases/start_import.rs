//! Someone who may write for employers announces a file of openings.

use chassis::{Caller, Fault, Tx};
use proto::{
    ImportId, Problem,
    vacancies::{ImportCounts, ImportState, StartImport},
};

use crate::{
    domain, may,
    store::imports::{self, Import},
};

/// Begins the import. What the importer may touch is what she may touch now, also if the rows are
/// placed a little later.
///
/// # Errors
/// `forbidden`; `fields-invalid` when a column is missing or there twice, or with too many rows.
pub async fn start_import(tx: &mut Tx, caller: &Caller, command: &StartImport) -> Result<ImportId, Fault> {
    let account_id = may::importer(&caller.actor)?;
    domain::import::check(&command.columns, command.rows).map_err(Problem::fields)?;
    let import = Import {
        import_id: ImportId(tx.chance().uuid_v4()),
        account_id,
        actor: caller.actor.clone(),
        columns: command.columns.clone(),
        rows: command.rows,
        state: ImportState::Receiving,
        counts: ImportCounts::default(),
    };
    let now = tx.now();
    imports::insert(tx.conn(), &import, now).await?;
    Ok(import.import_id)
}
