//! Import of openings from a file, as a conversation: rows in, columns, what will happen, mend, place, undo.

use chrono::{DateTime, Utc};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::Page;
use crate::{FieldProblem, ImportId, OpeningId};

/// The columns of an import file.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum ImportColumn {
    /// The sender's own key of the opening; a second import with it changes the same opening.
    Kenmerk,
    /// The employer's KVK number.
    Kvk,
    /// The employer's name, used when the KVK number is new.
    Werkgever,
    /// The job's name.
    Functie,
    /// `gewoon` or `open hiring`: the routes that need no fields of their own.
    Soort,
    /// Task codes or labels, separated by `|`.
    Taken,
    /// Free text.
    Omschrijving,
    /// Where the work is.
    Postcode,
    /// Fewest hours a week.
    UrenMin,
    /// Most hours a week.
    UrenMax,
    /// `ochtend|middag|avond|nacht|weekend`.
    Dagdelen,
    /// First day, `2026-12-07` or `7-12-2026`.
    Begint,
    /// Last day shown.
    Sluit,
    /// How many people.
    Plaatsen,
    /// Euros an hour, `15,20` or `15.20`.
    Uurloon,
}

impl ImportColumn {
    /// Every column, in the order of the example file.
    pub const ALL: [Self; 15] = [
        Self::Kenmerk,
        Self::Kvk,
        Self::Werkgever,
        Self::Functie,
        Self::Soort,
        Self::Taken,
        Self::Omschrijving,
        Self::Postcode,
        Self::UrenMin,
        Self::UrenMax,
        Self::Dagdelen,
        Self::Begint,
        Self::Sluit,
        Self::Plaatsen,
        Self::Uurloon,
    ];

    /// The heading in the file.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Kenmerk => "kenmerk",
            Self::Kvk => "kvk",
            Self::Werkgever => "werkgever",
            Self::Functie => "functie",
            Self::Soort => "soort",
            Self::Taken => "taken",
            Self::Omschrijving => "omschrijving",
            Self::Postcode => "postcode",
            Self::UrenMin => "uren_min",
            Self::UrenMax => "uren_max",
            Self::Dagdelen => "dagdelen",
            Self::Begint => "begint",
            Self::Sluit => "sluit",
            Self::Plaatsen => "plaatsen",
            Self::Uurloon => "uurloon",
        }
    }

    /// Whether a file without it is refused.
    pub const fn is_required(self) -> bool {
        matches!(
            self,
            Self::Kenmerk
                | Self::Kvk
                | Self::Werkgever
                | Self::Functie
                | Self::Soort
                | Self::Taken
                | Self::Postcode
                | Self::UrenMin
                | Self::UrenMax
                | Self::Dagdelen
        )
    }

    /// The column with this heading; case and spaces do not matter.
    pub fn from_name(heading: &str) -> Option<Self> {
        let heading = heading.trim().to_lowercase().replace([' ', '-'], "_");
        Self::ALL.into_iter().find(|column| column.name() == heading)
    }
}

/// Begins an import. Rows follow in chunks; nothing is placed before [`RunImport`].
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct StartImport {
    /// The headings of the file, in its order, as given; at most 60.
    pub headings: Vec<String>,
    /// How many rows will follow, 1 to 100,000.
    pub rows: u32,
}

/// Says which heading is which column. The choice is remembered for the next file with these headings
/// from the same account; before it, vacancies proposes one. Once the rows are in, each row is then judged
/// without placing anything. May be repeated until [`RunImport`].
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct MapColumns {
    /// Which import.
    pub import_id: ImportId,
    /// One per heading; `None` for "not used". No column twice, none of the required ones missing.
    pub columns: Vec<Option<ImportColumn>>,
}

/// Mends cells of refused rows in place, at most 200 rows a call; the rows are judged again at once.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct MendRows {
    /// Which import.
    pub import_id: ImportId,
    /// What to mend.
    pub rows: Vec<MendedRow>,
}

/// Cells of one row.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct MendedRow {
    /// From 1, not counting the heading.
    pub row: u32,
    /// The new value per column. A column that the file does not have may be added.
    pub cells: Vec<(ImportColumn, String)>,
}

/// Undoes an import that finished less than a day ago: what it placed closes, what it changed says again
/// what it said before. Openings that someone changed since are left and reported.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct UndoImport {
    /// Which import.
    pub import_id: ImportId,
}

/// The imports of the actor, newest first, at most 20.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct MyImports {}

/// An import in a list.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ImportLine {
    /// Which.
    pub import_id: ImportId,
    /// When it began.
    pub started_at: DateTime<Utc>,
    /// Where it stands.
    pub state: ImportState,
    /// How many rows had which outcome.
    pub counts: ImportCounts,
}

/// Adds at most 200 rows. Adding the same rows again changes nothing.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct AddImportRows {
    /// Which import.
    pub import_id: ImportId,
    /// The number of the first row, from 1, not counting the heading.
    pub first_row: u32,
    /// Cells as given, one list a row.
    pub rows: Vec<Vec<String>>,
}

/// Places what is right and reports what is not, as a job. All rows must be there, and judged.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct RunImport {
    /// Which import.
    pub import_id: ImportId,
}

/// What became of an import so far.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct ImportReport {
    /// Which import.
    pub import_id: ImportId,
    /// Only rows with this outcome; `None` for all.
    pub outcome: Option<RowOutcome>,
    /// From 0.
    pub page: u32,
    /// At most 200.
    pub per_page: u32,
}

/// Where an import stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum ImportState {
    /// Rows are coming in.
    Receiving,
    /// All rows are in; the columns are to be confirmed.
    Mapping,
    /// Rows are being judged; nothing is placed.
    Judging,
    /// Every row is judged; rows can be mended, and the import can run.
    Judged,
    /// Rows are being placed.
    Running,
    /// Every row has its outcome.
    Finished,
    /// What it did is being undone.
    Undoing,
    /// What it did is undone.
    Undone,
}

/// How many rows had which outcome.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize, JsonSchema)]
pub struct ImportCounts {
    /// New openings.
    pub placed: u32,
    /// Openings that were there and changed.
    pub changed: u32,
    /// Openings that were there and say the same.
    pub unchanged: u32,
    /// Rows with a reason why not.
    pub refused: u32,
    /// Rows not looked at yet.
    pub waiting: u32,
}

/// What became of one row.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum RowOutcome {
    /// Not looked at yet.
    Waiting,
    /// A new opening.
    Placed,
    /// An opening that changed.
    Changed,
    /// An opening that says the same.
    Unchanged,
    /// Not placed; `problems` say why.
    Refused,
}

/// One row of the report.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ImportRow {
    /// From 1, not counting the heading.
    pub row: u32,
    /// What became of it.
    pub outcome: RowOutcome,
    /// The opening, when there is one.
    pub opening_id: Option<OpeningId>,
    /// Why not: column, code, and the value as given under `value`.
    pub problems: Vec<FieldProblem>,
    /// The cells of a refused row as they now are, in the order of the headings; empty for other rows.
    #[serde(default)]
    pub cells: Vec<String>,
}

/// The report.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct ImportReportView {
    /// Where it stands.
    pub state: ImportState,
    /// How many rows had which outcome; before it runs, how many will have.
    pub counts: ImportCounts,
    /// The headings of the file.
    pub headings: Vec<String>,
    /// The columns as chosen, or as proposed while the state is [`ImportState::Mapping`].
    pub columns: Vec<Option<ImportColumn>>,
    /// The first three rows, to recognise the columns by; empty once the import has run.
    pub samples: Vec<Vec<String>>,
    /// Until when it can be undone, once it finished.
    pub undo_until: Option<DateTime<Utc>>,
    /// Openings that an undo left as they are, because someone changed them since.
    pub left_alone: u32,
    /// Employers that the import made and that went with the undo, because nobody used them.
    #[serde(default)]
    pub employers_undone: u32,
    /// The rows asked for.
    pub rows: Page<ImportRow>,
}
