//! An import as a whole: its columns, its rows, when it tells how far it is.

use proto::{FieldProblem, vacancies::ImportColumn};

/// Rows that one import can have.
pub const MOST_ROWS: u32 = 100_000;
/// Rows that come in one command.
pub const ROWS_AT_ONCE: usize = 200;
/// Bytes of cells that come in one command (RELIABILITY rule 39).
pub const BYTES_AT_ONCE: usize = 64 * 1024;
/// How often it tells how far it is, in rows.
const TELLS_EVERY: u32 = 1_000;

/// Checks what an import announces.
///
/// # Errors
/// `column-missing` and `column-double`, each naming the column, and `rows-out-of-range`.
pub fn check(columns: &[ImportColumn], rows: u32) -> Result<(), Vec<FieldProblem>> {
    let mut problems = Vec::new();
    for column in ImportColumn::ALL {
        let times = columns.iter().filter(|given| **given == column).count();
        let code = match times {
            0 if column.is_required() => "column-missing",
            0 | 1 => continue,
            _ => "column-double",
        };
        problems.push(FieldProblem::new("columns", code).with("column", column.name()));
    }
    if !(1..=MOST_ROWS).contains(&rows) {
        problems.push(FieldProblem::new("rows", "rows-out-of-range").with("min", 1).with("max", MOST_ROWS));
    }
    if problems.is_empty() { Ok(()) } else { Err(problems) }
}

/// Checks one command's rows against what was announced.
///
/// # Errors
/// `rows-too-many`, `rows-too-large`, `rows-out-of-range`.
pub fn check_rows(first_row: u32, rows: &[Vec<String>], announced: u32) -> Result<(), Vec<FieldProblem>> {
    let mut problems = Vec::new();
    if rows.len() > ROWS_AT_ONCE {
        problems.push(FieldProblem::new("rows", "rows-too-many").with("max", ROWS_AT_ONCE));
    }
    // With the quotes and the comma around each cell.
    let bytes: usize = rows.iter().flatten().map(|cell| cell.len() + 3).sum();
    if bytes > BYTES_AT_ONCE {
        problems.push(FieldProblem::new("rows", "rows-too-large").with("max_bytes", BYTES_AT_ONCE));
    }
    let last = u64::from(first_row) + rows.len() as u64 - u64::from(!rows.is_empty());
    if rows.is_empty() || first_row == 0 || last > u64::from(announced) {
        let wrong = FieldProblem::new("first_row", "rows-out-of-range");
        problems.push(wrong.with("min", 1).with("max", announced));
    }
    if problems.is_empty() { Ok(()) } else { Err(problems) }
}

/// Whether an import that went from so many rows done to so many tells about it.
pub fn tells(before: u32, done: u32, all: u32) -> bool {
    done > before && (done == all || done / TELLS_EVERY > before / TELLS_EVERY)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn codes(result: Result<(), Vec<FieldProblem>>) -> Vec<String> {
        let problems = result.err().unwrap_or_default();
        problems
            .into_iter()
            .map(|problem| {
                problem.args.get("column").map_or(problem.code.clone(), |c| format!("{} {c}", problem.code))
            })
            .collect()
    }

    #[test]
    fn required_columns_stand_there_once() {
        let required: Vec<_> = ImportColumn::ALL.into_iter().filter(|column| column.is_required()).collect();
        assert_eq!(check(&required, 1), Ok(()));
        assert_eq!(check(&ImportColumn::ALL, 100_000), Ok(()));
        let mut odd = required.clone();
        odd.retain(|column| *column != ImportColumn::Kvk);
        odd.extend([ImportColumn::Sluit, ImportColumn::Sluit]);
        assert_eq!(codes(check(&odd, 0)), ["column-missing kvk", "column-double sluit", "rows-out-of-range"]);
    }

    #[test]
    fn rows_stay_within_what_was_announced() {
        let row = vec![String::from("x")];
        let rows = |number: usize| vec![row.clone(); number];
        assert_eq!(check_rows(1, &rows(200), 200), Ok(()));
        assert_eq!(codes(check_rows(2, &rows(200), 200)), ["rows-out-of-range"]);
        assert_eq!(codes(check_rows(0, &rows(1), 200)), ["rows-out-of-range"]);
        assert_eq!(codes(check_rows(1, &[], 200)), ["rows-out-of-range"]);
        assert_eq!(codes(check_rows(u32::MAX, &rows(2), 200)), ["rows-out-of-range"]);
        assert_eq!(codes(check_rows(1, &rows(201), 300)), ["rows-too-many"]);
        assert_eq!(codes(check_rows(1, &[vec!["x".repeat(70_000)]], 300)), ["rows-too-large"]);
    }

    proptest! {
        #[test]
        fn an_import_tells_at_each_thousand_and_at_the_end(steps in proptest::collection::vec(1..700_u32, 1..60)) {
            let all: u32 = steps.iter().sum();
            let (mut done, mut told) = (0, 0);
            for step in steps {
                let before = done;
                done += step;
                told += u32::from(tells(before, done, all));
                if done == all {
                    prop_assert!(tells(before, done, all));
                }
            }
            prop_assert!(told >= all / 1_000 && told <= all / 1_000 + 1);
        }
    }
}
