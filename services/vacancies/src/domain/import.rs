//! An import as a whole: its way from the first row to the last, its columns, when it tells how far it is.

use std::{collections::HashMap, sync::LazyLock};

use chrono::{DateTime, TimeDelta, Utc};
use proto::{
    FieldProblem,
    vacancies::{ImportColumn, ImportState},
};

/// Rows that one import can have.
pub const MOST_ROWS: u32 = 100_000;
/// Headings that a file can have.
pub const MOST_HEADINGS: usize = 60;
/// Rows that come in one command.
pub const ROWS_AT_ONCE: usize = 200;
/// Bytes of cells that come in one command (RELIABILITY rule 39).
pub const BYTES_AT_ONCE: usize = 64 * 1024;
/// How long an import can be undone; so long its cells are kept.
pub const UNDO_WITHIN: TimeDelta = TimeDelta::days(1);
/// How often it tells how far it is, in rows.
const TELLS_EVERY: u32 = 1_000;
/// A heading is cut at this many characters.
const LONGEST_HEADING: usize = 200;

/// What moves an import on.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Step {
    /// The last of its rows came in; whether its columns are confirmed already.
    RowsIn {
        /// Whether they are.
        mapped: bool,
    },
    /// Someone says which heading is which column.
    Map,
    /// The last row is judged.
    Judged,
    /// Refused rows are mended.
    Mend,
    /// Someone wants it placed; whether any row is to be placed.
    Run {
        /// Whether one is.
        any: bool,
    },
    /// The last row has its outcome.
    Placed,
    /// Someone wants it undone; whether there is anything to take back, and whether it is too late.
    Undo {
        /// Whether there is.
        any: bool,
        /// Whether it finished too long ago.
        late: bool,
    },
    /// The last opening is taken back or left alone.
    TakenBack,
}

/// Why a step is not possible now.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum StepRefused {
    /// Rows are still missing.
    #[error("rows are missing")]
    RowsMissing,
    /// Not every row is judged.
    #[error("not every row is judged")]
    NotJudged,
    /// It runs or ran already.
    #[error("it runs or ran already")]
    Started,
    /// It did not finish yet.
    #[error("it did not finish yet")]
    NotFinished,
    /// It finished too long ago.
    #[error("it finished too long ago")]
    TooLate,
}

/// Where a step leads. Asking again for what is under way or done changes nothing.
///
/// # Errors
/// Why not now.
pub fn step(state: ImportState, step: Step) -> Result<ImportState, StepRefused> {
    use ImportState::{Finished, Judged, Judging, Mapping, Receiving, Running, Undoing, Undone};
    match (state, step) {
        (Receiving, Step::RowsIn { mapped }) => Ok(if mapped { Judging } else { Mapping }),
        (Receiving, Step::Map) => Ok(Receiving),
        (Mapping | Judging | Judged, Step::Map) => Ok(Judging),
        (Judging, Step::Judged) | (Judged, Step::Mend) => Ok(Judged),
        (Judged, Step::Run { any }) => Ok(if any { Running } else { Finished }),
        (Running, Step::Placed) => Ok(Finished),
        (Running | Finished | Undoing | Undone, Step::Run { .. }) | (Undoing | Undone, Step::Undo { .. }) => {
            Ok(state)
        }
        (Finished, Step::Undo { late: true, .. }) => Err(StepRefused::TooLate),
        (Finished, Step::Undo { any, .. }) => Ok(if any { Undoing } else { Undone }),
        (Undoing, Step::TakenBack) => Ok(Undone),
        (Receiving, Step::Run { .. } | Step::Mend | Step::Judged) => Err(StepRefused::RowsMissing),
        (Mapping | Judging, Step::Run { .. } | Step::Mend) | (Mapping | Judged, Step::Judged) => {
            Err(StepRefused::NotJudged)
        }
        (
            Receiving | Mapping | Judging | Judged | Running,
            Step::Undo { .. } | Step::Placed | Step::TakenBack,
        )
        | (Finished, Step::TakenBack) => Err(StepRefused::NotFinished),
        _ => Err(StepRefused::Started),
    }
}

/// Until when an import that finished at this moment can be undone.
pub fn undo_until(finished_at: DateTime<Utc>) -> DateTime<Utc> {
    finished_at + UNDO_WITHIN
}

/// Headings in the spelling in which they are kept: without what no one typed, and not too long.
pub fn tidy_headings(headings: &[String]) -> Vec<String> {
    let tidy = |heading: &String| {
        let seen: String = heading.chars().filter(|letter| !letter.is_control()).collect();
        seen.trim().chars().take(LONGEST_HEADING).collect()
    };
    headings.iter().map(tidy).collect()
}

/// A heading in the one spelling by which it is recognised: small letters and digits only.
fn bare(heading: &str) -> String {
    let plain = |letter: char| match letter {
        'á' | 'à' | 'ä' | 'â' => 'a',
        'é' | 'è' | 'ë' | 'ê' => 'e',
        'í' | 'ì' | 'ï' | 'î' => 'i',
        'ó' | 'ò' | 'ö' | 'ô' => 'o',
        'ú' | 'ù' | 'ü' | 'û' => 'u',
        letter => letter,
    };
    heading.to_lowercase().chars().map(plain).filter(|letter| letter.is_alphanumeric()).collect()
}

/// All headings of a file in one spelling, to recognise the next file of the same kind.
pub fn signature(headings: &[String]) -> String {
    headings.iter().map(|heading| bare(heading)).collect::<Vec<_>>().join("\n")
}

/// Our headings and what others call them.
static HEADINGS: LazyLock<HashMap<String, ImportColumn>> = LazyLock::new(|| {
    let lines = include_str!("../../data/import_headings.csv").lines().skip(1);
    let known = lines.filter_map(|line| line.split_once(','));
    let known = known.filter_map(|(column, heading)| Some((bare(heading), ImportColumn::from_name(column)?)));
    known.chain(ImportColumn::ALL.into_iter().map(|column| (bare(column.name()), column))).collect()
});

/// What the headings probably mean. Our own names come first; of two headings that mean the same
/// column the first is taken.
pub fn propose(headings: &[String]) -> Vec<Option<ImportColumn>> {
    let mut columns: Vec<Option<ImportColumn>> = vec![None; headings.len()];
    let own = |heading: &str| ImportColumn::ALL.into_iter().find(|own| bare(own.name()) == bare(heading));
    let also = |heading: &str| HEADINGS.get(&bare(heading)).copied();
    for means in [&own as &dyn Fn(&str) -> Option<ImportColumn>, &also] {
        for (index, heading) in headings.iter().enumerate() {
            if columns[index].is_none()
                && let Some(column) = means(heading)
                && !columns.contains(&Some(column))
            {
                columns[index] = Some(column);
            }
        }
    }
    columns
}

/// Checks what an import announces.
///
/// # Errors
/// `headings-out-of-range`, `rows-out-of-range`.
pub fn check(headings: &[String], rows: u32) -> Result<(), Vec<FieldProblem>> {
    let mut problems = Vec::new();
    if !(1..=MOST_HEADINGS).contains(&headings.len()) {
        let wrong = FieldProblem::new("headings", "headings-out-of-range");
        problems.push(wrong.with("min", 1).with("max", MOST_HEADINGS));
    }
    if !(1..=MOST_ROWS).contains(&rows) {
        problems.push(FieldProblem::new("rows", "rows-out-of-range").with("min", 1).with("max", MOST_ROWS));
    }
    if problems.is_empty() { Ok(()) } else { Err(problems) }
}

/// Checks what someone says that the headings mean. Of the two columns with hours one is enough: it
/// can hold `16-24`.
///
/// # Errors
/// `columns-number` when it is not one per heading; `column-missing` and `column-double`, each naming
/// the column.
pub fn check_columns(columns: &[Option<ImportColumn>], headings: usize) -> Result<(), Vec<FieldProblem>> {
    let mut problems = Vec::new();
    if columns.len() != headings {
        problems.push(FieldProblem::new("columns", "columns-number").with("expected", headings));
    }
    let times = |column| columns.iter().filter(|given| **given == Some(column)).count();
    for column in ImportColumn::ALL {
        let other_hours = match column {
            ImportColumn::UrenMin => times(ImportColumn::UrenMax) > 0,
            ImportColumn::UrenMax => times(ImportColumn::UrenMin) > 0,
            _ => false,
        };
        let code = match times(column) {
            0 if column.is_required() && !other_hours => "column-missing",
            0 | 1 => continue,
            _ => "column-double",
        };
        problems.push(FieldProblem::new("columns", code).with("column", column.name()));
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

    const STATES: [ImportState; 8] = [
        ImportState::Receiving,
        ImportState::Mapping,
        ImportState::Judging,
        ImportState::Judged,
        ImportState::Running,
        ImportState::Finished,
        ImportState::Undoing,
        ImportState::Undone,
    ];

    fn steps() -> impl Strategy<Value = Step> {
        prop_oneof![
            any::<bool>().prop_map(|mapped| Step::RowsIn { mapped }),
            Just(Step::Map),
            Just(Step::Judged),
            Just(Step::Mend),
            any::<bool>().prop_map(|any| Step::Run { any }),
            Just(Step::Placed),
            any::<(bool, bool)>().prop_map(|(any, late)| Step::Undo { any, late }),
            Just(Step::TakenBack),
        ]
    }

    fn codes(result: Result<(), Vec<FieldProblem>>) -> Vec<String> {
        let problems = result.err().unwrap_or_default();
        problems
            .into_iter()
            .map(|problem| {
                problem.args.get("column").map_or(problem.code.clone(), |c| format!("{} {c}", problem.code))
            })
            .collect()
    }

    fn headings(words: &[&str]) -> Vec<String> {
        words.iter().map(|word| (*word).to_owned()).collect()
    }

    #[test]
    fn the_way_of_an_import() {
        use ImportState::{Finished, Judged, Judging, Mapping, Receiving, Running, Undoing, Undone};
        let way = [
            (Receiving, Step::RowsIn { mapped: false }, Ok(Mapping)),
            (Receiving, Step::RowsIn { mapped: true }, Ok(Judging)),
            (Receiving, Step::Map, Ok(Receiving)),
            (Receiving, Step::Run { any: true }, Err(StepRefused::RowsMissing)),
            (Mapping, Step::Map, Ok(Judging)),
            (Mapping, Step::Run { any: true }, Err(StepRefused::NotJudged)),
            (Judging, Step::Run { any: true }, Err(StepRefused::NotJudged)),
            (Judging, Step::Mend, Err(StepRefused::NotJudged)),
            (Judging, Step::Judged, Ok(Judged)),
            (Judged, Step::Map, Ok(Judging)),
            (Judged, Step::Mend, Ok(Judged)),
            (Judged, Step::Undo { any: true, late: false }, Err(StepRefused::NotFinished)),
            (Judged, Step::Run { any: true }, Ok(Running)),
            (Judged, Step::Run { any: false }, Ok(Finished)),
            (Running, Step::Map, Err(StepRefused::Started)),
            (Running, Step::Mend, Err(StepRefused::Started)),
            (Running, Step::Run { any: true }, Ok(Running)),
            (Running, Step::Placed, Ok(Finished)),
            (Finished, Step::Run { any: true }, Ok(Finished)),
            (Finished, Step::Undo { any: true, late: true }, Err(StepRefused::TooLate)),
            (Finished, Step::Undo { any: true, late: false }, Ok(Undoing)),
            (Finished, Step::Undo { any: false, late: false }, Ok(Undone)),
            (Undoing, Step::TakenBack, Ok(Undone)),
            (Undone, Step::Undo { any: true, late: true }, Ok(Undone)),
        ];
        for (from, taken, expected) in way {
            assert_eq!(step(from, taken), expected, "{from:?} {taken:?}");
        }
    }

    #[test]
    fn required_columns_are_meant_once() {
        let required: Vec<_> =
            ImportColumn::ALL.into_iter().filter(|column| column.is_required()).map(Some).collect();
        assert_eq!(check_columns(&required, 10), Ok(()));
        let all = ImportColumn::ALL.map(Some);
        assert_eq!(check_columns(&all, 15), Ok(()));
        let mut odd = required.clone();
        odd.retain(|column| *column != Some(ImportColumn::Kvk));
        odd.extend([Some(ImportColumn::Sluit), None, None, Some(ImportColumn::Sluit)]);
        assert_eq!(codes(check_columns(&odd, 13)), ["column-missing kvk", "column-double sluit"]);
        assert_eq!(codes(check_columns(&required, 11)), ["columns-number"]);
        let mut one_for_hours = required;
        one_for_hours.retain(|column| *column != Some(ImportColumn::UrenMin));
        assert_eq!(check_columns(&one_for_hours, 9), Ok(()));
        one_for_hours.retain(|column| *column != Some(ImportColumn::UrenMax));
        assert_eq!(
            codes(check_columns(&one_for_hours, 8)),
            ["column-missing uren_min", "column-missing uren_max"]
        );
        assert_eq!(codes(check(&[], 0)), ["headings-out-of-range", "rows-out-of-range"]);
        assert_eq!(
            codes(check(&vec![String::new(); 61], 100_001)),
            ["headings-out-of-range", "rows-out-of-range"]
        );
    }

    #[test]
    fn headings_are_recognised_by_what_people_call_them() {
        use ImportColumn::{
            Begint, Functie, Kenmerk, Kvk, Plaatsen, Postcode, Sluit, UrenMax, UrenMin, Uurloon, Werkgever,
        };
        let table = [
            ("Job title", Functie),
            ("FUNCTIETITEL", Functie),
            ("KvK-nummer", Kvk),
            ("Postcode werk", Postcode),
            ("uren per week", UrenMax),
            ("Uren (min)", UrenMin),
            ("Referentie", Kenmerk),
            ("Bedrijfsnaam", Werkgever),
            ("Salaris", Uurloon),
            ("Startdatum", Begint),
            ("Reageren tot:", Sluit),
            ("Aantal plaatsen", Plaatsen),
        ];
        for (heading, column) in table {
            assert_eq!(propose(&headings(&[heading])), [Some(column)], "{heading}");
        }
        let proposed =
            propose(&headings(&["Titel", "Functie", "Opmerking", "plaatsingsdatum", "id", "Nummer", ""]));
        assert_eq!(proposed, [None, Some(Functie), None, None, Some(Kenmerk), None, None]);
        for line in include_str!("../../data/import_headings.csv").lines().skip(1) {
            let (column, heading) = line.split_once(',').unwrap();
            let column = ImportColumn::from_name(column).unwrap();
            assert_eq!(propose(&headings(&[heading])), [Some(column)], "{line}");
        }
    }

    #[test]
    fn headings_are_kept_readable_and_known_again_in_another_spelling() {
        let long = "x".repeat(300);
        assert_eq!(tidy_headings(&headings(&[" Kvk\0 ", &long])), headings(&["Kvk", &"x".repeat(200)]));
        assert_eq!(
            signature(&headings(&["KvK nummer", "Één"])),
            signature(&headings(&["kvk-nummer", "een"]))
        );
        assert_ne!(signature(&headings(&["ab", "c"])), signature(&headings(&["a", "bc"])));
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
        /// Only saying anew what the columns mean leads back, and nothing is done without its turn.
        #[test]
        fn no_step_leads_back_or_over_another(walk in proptest::collection::vec(steps(), 0..60)) {
            let place = |state| STATES.iter().position(|known| *known == state).unwrap();
            let mut state = ImportState::Receiving;
            for taken in walk {
                let Ok(next) = step(state, taken) else { continue };
                prop_assert!(place(next) >= place(state) || taken == Step::Map);
                prop_assert!(taken != Step::Map || place(next) < place(ImportState::Running));
                if next == ImportState::Running {
                    prop_assert!(matches!(state, ImportState::Judged | ImportState::Running));
                }
                if next == ImportState::Undoing && state != next {
                    prop_assert_eq!(taken, Step::Undo { any: true, late: false });
                }
                state = next;
            }
        }

        #[test]
        fn a_proposal_means_no_column_twice(words in proptest::collection::vec("[a-z ]{0,12}|functie|titel|kvk", 0..20)) {
            let columns = propose(&words);
            prop_assert_eq!(columns.len(), words.len());
            for column in ImportColumn::ALL {
                prop_assert!(columns.iter().filter(|given| **given == Some(column)).count() <= 1);
            }
        }

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
