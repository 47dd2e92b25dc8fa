//! Someone who may write for employers announces a file of openings.

use chassis::{Caller, Fault, Tx};
use proto::{ImportId, Problem, vacancies::StartImport};

use crate::{
    domain::import,
    may,
    store::imports::{self, NewImport},
};

/// Begins the import, and proposes what its headings mean: what they meant the last time to this
/// account, or what they look like.
///
/// # Errors
/// `forbidden`; `fields-invalid` with too many headings or rows.
pub async fn start_import(tx: &mut Tx, caller: &Caller, command: &StartImport) -> Result<ImportId, Fault> {
    let account_id = may::importer(&caller.actor)?;
    import::check(&command.headings, command.rows).map_err(Problem::fields)?;
    let headings = import::tidy_headings(&command.headings);
    let signature = import::signature(&headings);
    let remembered = imports::remembered(tx.conn(), account_id, &signature).await?;
    let columns = remembered
        .filter(|columns| columns.len() == headings.len())
        .unwrap_or_else(|| import::propose(&headings));
    let import_id = ImportId(tx.chance().uuid_v4());
    let actor = caller.actor.clone();
    let new = NewImport { import_id, account_id, actor, headings, columns, rows: command.rows };
    let now = tx.now();
    imports::insert(tx.conn(), &new, now).await?;
    Ok(import_id)
}
