//! The importer adds some rows of her file.

use chassis::{Caller, Fault, Tx};
use proto::{
    Problem, Status,
    vacancies::{AddImportRows, ImportState},
};

use super::own_import;
use crate::{
    domain::import::{self, Step},
    store::{import_rows, imports},
};

/// Keeps the rows as given. Adding the same rows again changes nothing. With the last one the columns
/// are to be confirmed, or the rows are judged when they are confirmed already.
///
/// # Errors
/// `import-unknown`, also for somebody else's; `import-started` once its columns are confirmed and all
/// rows are in; `fields-invalid`; `import-rows-differ` when a row came in before with other cells.
pub async fn add_import_rows(tx: &mut Tx, caller: &Caller, command: &AddImportRows) -> Result<(), Fault> {
    let import = own_import(tx, caller, command.import_id).await?;
    if !matches!(import.state, ImportState::Receiving | ImportState::Mapping) {
        return Err(Problem::new(Status::Conflict, "import-started").into());
    }
    import::check_rows(command.first_row, &command.rows, import.rows).map_err(Problem::fields)?;
    let cells: Vec<String> =
        command.rows.iter().map(|cells| import_rows::cells_text(cells)).collect::<Result<_, _>>()?;
    let (added, differ) = imports::add_rows(tx.conn(), command.import_id, command.first_row, &cells).await?;
    if differ > 0 {
        return Err(Problem::new(Status::Conflict, "import-rows-differ").into());
    }
    if added == 0 {
        return Ok(());
    }
    let mut state = import.state;
    if import.rows_in + added == import.rows {
        state = import::step(state, Step::RowsIn { mapped: import.mapped })?;
    }
    imports::save_rows_in(tx.conn(), command.import_id, added, state).await?;
    tx.ring();
    Ok(())
}
