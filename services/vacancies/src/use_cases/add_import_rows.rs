//! The importer adds some rows of her file.

use chassis::{Caller, Fault, Tx};
use proto::{
    Problem, Status,
    vacancies::{AddImportRows, ImportState},
};

use crate::{
    Vacancies, domain,
    domain::import_row::glance,
    may,
    store::imports::{self, NewRow},
};

/// Keeps the rows as given. Adding the same rows again changes nothing.
///
/// # Errors
/// `import-unknown`, also for somebody else's; `import-started` once it runs; `fields-invalid`;
/// `import-rows-differ` when a row came in before with other cells.
pub async fn add_import_rows(
    app: &Vacancies,
    tx: &mut Tx,
    caller: &Caller,
    command: &AddImportRows,
) -> Result<(), Fault> {
    let account_id = may::importer(&caller.actor)?;
    let import = imports::share(tx.conn(), command.import_id).await?;
    let import = import
        .filter(|import| import.account_id == account_id)
        .ok_or_else(|| Problem::not_found("import"))?;
    if import.state != ImportState::Receiving {
        return Err(Problem::new(Status::Conflict, "import-started").into());
    }
    domain::import::check_rows(command.first_row, &command.rows, import.rows).map_err(Problem::fields)?;
    let rows = (command.first_row..)
        .zip(&command.rows)
        .map(|(number, cells)| {
            let glance = glance(&import.columns, cells, &app.reference);
            // JSON writes the NUL that PostgreSQL cannot store as an escape.
            Ok(NewRow { number, cells: serde_json::to_string(cells)?, glance })
        })
        .collect::<Result<Vec<_>, serde_json::Error>>()
        .map_err(|error| Fault::broken("writing cells", error))?;
    if imports::add_rows(tx.conn(), command.import_id, &rows).await? > 0 {
        return Err(Problem::new(Status::Conflict, "import-rows-differ").into());
    }
    Ok(())
}
