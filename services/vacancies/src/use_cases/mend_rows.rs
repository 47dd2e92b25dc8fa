//! The importer mends refused rows in place.

use std::collections::{BTreeSet, HashMap};

use chassis::{Caller, Fault, Tx};
use proto::{
    FieldProblem, Problem,
    vacancies::{MendRows, MendedRow},
};

use super::{judge_import_rows::forecast, own_import, regions};
use crate::{
    Vacancies,
    domain::{
        import::{self, BYTES_AT_ONCE, ROWS_AT_ONCE, Step},
        import_row::{glance, mended},
    },
    store::{
        import_rows,
        imports::{self, Import},
    },
};

/// Rows judged again within the command; with more of them, all are, by the clock.
const JUDGED_AT_ONCE: usize = 2_000;

/// Replaces cells, and judges again these rows and those whose answer depends on them.
///
/// # Errors
/// `import-unknown`, also for somebody else's; `import-rows-missing`, `import-not-judged`,
/// `import-started`; `fields-invalid`: `rows-too-many`, `rows-too-large`, `rows-out-of-range`,
/// `row-double`, `row-not-refused`.
pub async fn mend_rows(
    app: &Vacancies,
    tx: &mut Tx,
    caller: &Caller,
    command: &MendRows,
) -> Result<(), Fault> {
    let mut import = own_import(tx, caller, command.import_id).await?;
    import::step(import.state, Step::Mend).map_err(|refused| refused.of(&import))?;
    check(&command.rows, import.rows).map_err(Problem::fields)?;
    let (id, now) = (import.import_id, tx.now());
    let numbers: Vec<u32> = command.rows.iter().map(|row| row.row).collect();
    let refused = import_rows::refused(tx.conn(), id, &numbers).await?;
    check_refused(&numbers, &refused.iter().map(import_rows::RefusedRow::number).collect())
        .map_err(Problem::fields)?;

    if add_columns(&mut import, &command.rows) {
        imports::save_added_columns(tx.conn(), &import, now).await?;
    }
    let new: HashMap<u32, &MendedRow> = command.rows.iter().map(|row| (row.row, row)).collect();
    let (mut keys, mut kvk_numbers) = (BTreeSet::new(), BTreeSet::new());
    let mut rows = Vec::with_capacity(refused.len());
    for row in refused {
        let Some(mend) = new.get(&row.number()) else { continue };
        let before = import_rows::cells(&row.cells).unwrap_or_default();
        let cells = mended(&import.columns, import.file_columns, &before, &mend.cells);
        let seen = glance(&import.columns, &cells, &app.reference);
        let number = row.number();
        for (kvk, kenmerk) in [(row.kvk, row.kenmerk), (seen.kvk.clone(), seen.kenmerk.clone())] {
            kvk_numbers.extend(kvk.clone());
            keys.extend(kvk.zip(kenmerk));
        }
        rows.push((number, seen, Some(import_rows::cells_text(&cells)?)));
    }
    import_rows::save_glances(tx.conn(), id, &rows).await?;
    let (keys, kvk_numbers) = (Vec::from_iter(keys), Vec::from_iter(kvk_numbers));
    let others = import_rows::look_again(tx.conn(), id, regions(&import.actor), &keys, &kvk_numbers).await?;
    let touched: BTreeSet<u32> = numbers.into_iter().chain(others).collect();
    if touched.len() > JUDGED_AT_ONCE {
        import_rows::judge_anew(tx.conn(), id, now).await?;
        tx.ring();
        return Ok(());
    }
    let rows = import_rows::these(tx.conn(), id, &Vec::from_iter(touched)).await?;
    let forecasts = forecast(app, tx, &import, rows).await?;
    import_rows::save_forecasts(tx.conn(), id, &forecasts).await?;
    import_rows::recount(tx.conn(), id, now).await?;
    Ok(())
}

fn check(rows: &[MendedRow], all: u32) -> Result<(), Vec<FieldProblem>> {
    let mut problems = Vec::new();
    if rows.is_empty() || rows.len() > ROWS_AT_ONCE {
        problems.push(FieldProblem::new("rows", "rows-too-many").with("max", ROWS_AT_ONCE));
    }
    let bytes: usize = rows.iter().flat_map(|row| &row.cells).map(|(_, cell)| cell.len() + 3).sum();
    if bytes > BYTES_AT_ONCE {
        problems.push(FieldProblem::new("rows", "rows-too-large").with("max_bytes", BYTES_AT_ONCE));
    }
    let mut seen = BTreeSet::new();
    for row in rows.iter().take(ROWS_AT_ONCE) {
        let field = format!("rows.{}", row.row);
        if !(1..=all).contains(&row.row) {
            problems.push(FieldProblem::new(field, "rows-out-of-range").with("min", 1).with("max", all));
        } else if !seen.insert(row.row) {
            problems.push(FieldProblem::new(field, "row-double"));
        }
    }
    if problems.is_empty() { Ok(()) } else { Err(problems) }
}

/// Only what is refused can be mended; of the rest someone saw what will happen.
fn check_refused(asked: &[u32], refused: &BTreeSet<u32>) -> Result<(), Vec<FieldProblem>> {
    let others = asked.iter().filter(|row| !refused.contains(row));
    let problems: Vec<FieldProblem> =
        others.map(|row| FieldProblem::new(format!("rows.{row}"), "row-not-refused")).collect();
    if problems.is_empty() { Ok(()) } else { Err(problems) }
}

/// Adds the columns that the file lacks; whether there was one.
fn add_columns(import: &mut Import, rows: &[MendedRow]) -> bool {
    let wanted: BTreeSet<_> = rows.iter().flat_map(|row| &row.cells).map(|(column, _)| *column).collect();
    let missing: Vec<_> =
        wanted.into_iter().filter(|column| !import.columns.contains(&Some(*column))).collect();
    for column in &missing {
        import.headings.push(column.name().to_owned());
        import.columns.push(Some(*column));
    }
    !missing.is_empty()
}
