//! Openings from a file as a conversation: which file, which columns, what will happen, what became of it.

use askama::Template;
use proto::vacancies::{ImportColumn, ImportCounts, ImportState};

use crate::pages::{Choice, Layout, Pager};
use crate::texts::Texts;

/// `/banen/bestand`. Field `bestand`.
#[derive(Debug, Clone, Template)]
#[template(path = "upload.html")]
pub struct Upload {
    /// What every page shares.
    pub l: Layout,
    /// Earlier imports, newest first.
    pub mine: Vec<MineRow>,
}

impl Upload {
    /// The columns of the file: heading, whether it must be there, what stands in it.
    pub fn columns(&self) -> Vec<(&'static str, bool, String)> {
        ImportColumn::ALL
            .into_iter()
            .map(|column| (column.name(), column.is_required(), column_help(self.l.t, column)))
            .collect()
    }
}

/// What stands in a column, with an example.
pub fn column_help(t: Texts, column: ImportColumn) -> String {
    t.get(match column {
        ImportColumn::Kenmerk => "import-column-kenmerk",
        ImportColumn::Kvk => "import-column-kvk",
        ImportColumn::Werkgever => "import-column-werkgever",
        ImportColumn::Functie => "import-column-functie",
        ImportColumn::Soort => "import-column-soort",
        ImportColumn::Taken => "import-column-taken",
        ImportColumn::Omschrijving => "import-column-omschrijving",
        ImportColumn::Postcode => "import-column-postcode",
        ImportColumn::UrenMin => "import-column-uren-min",
        ImportColumn::UrenMax => "import-column-uren-max",
        ImportColumn::Dagdelen => "import-column-dagdelen",
        ImportColumn::Begint => "import-column-begint",
        ImportColumn::Sluit => "import-column-sluit",
        ImportColumn::Plaatsen => "import-column-plaatsen",
        ImportColumn::Uurloon => "import-column-uurloon",
    })
}

/// An import in the list of whoever sent it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct MineRow {
    /// Its page.
    pub href: String,
    /// When it began.
    pub started: String,
    /// Where it stands.
    pub state: String,
    /// How many rows it has.
    pub rows: u32,
}

/// Where an import stands, in words.
pub fn state_words(t: Texts, state: ImportState) -> String {
    t.get(match state {
        ImportState::Receiving => "import-state-receiving",
        ImportState::Mapping => "import-state-mapping",
        ImportState::Judging => "import-state-judging",
        ImportState::Judged => "import-state-judged",
        ImportState::Running => "import-state-running",
        ImportState::Finished => "import-state-finished",
        ImportState::Undoing => "import-state-undoing",
        ImportState::Undone => "import-state-undone",
    })
}

/// One heading of the file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct HeadingRow {
    /// Name of its field.
    pub field: String,
    /// As written; empty when nothing is written there.
    pub heading: String,
    /// What stands in the first rows.
    pub samples: Vec<String>,
    /// What it can mean.
    pub choices: Vec<Choice>,
}

/// `/banen/bestand/{id}` while the columns are to be confirmed. Fields `k0`, `k1`, …
#[derive(Debug, Clone, Template)]
#[template(path = "import_columns.html")]
pub struct ImportColumns {
    /// What every page shares.
    pub l: Layout,
    /// Address of the import.
    pub href: String,
    /// The headings, in the order of the file.
    pub headings: Vec<HeadingRow>,
    /// Names of the columns that are needed and not chosen yet.
    pub missing: Vec<String>,
}

impl ImportColumns {
    /// How many headings mean a column.
    pub fn known(&self) -> usize {
        self.headings.iter().filter(|row| row.choices.iter().any(|choice| choice.chosen)).count()
    }

    /// What is missing, as a list.
    pub fn missing_words(&self) -> String {
        self.l.t.list(&self.missing)
    }
}

/// One cell to mend. Its field is `r<row>.<column>`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct MendField {
    /// Name of its field.
    pub field: String,
    /// The heading of its column in the file.
    pub column: String,
    /// What stands there now.
    pub value: String,
    /// What is wrong, and what helps.
    pub reasons: Vec<String>,
    /// What could stand there, if that is a short list.
    pub choices: Vec<Choice>,
    /// Whether it is a longer text.
    pub long: bool,
    /// Whether tasks stand there.
    pub tasks: bool,
    /// What may be meant, or what stood there.
    pub hint: String,
}

/// One refused row.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RefusedRow {
    /// The row in the file, counting the heading as row 1, as a spreadsheet shows it.
    pub row: u32,
    /// The name of the job as given.
    pub title: String,
    /// What is wrong with the row as a whole.
    pub whole: Vec<String>,
    /// The cells to mend; without the import's cells only their reasons.
    pub fields: Vec<MendField>,
}

/// A row that is or will be placed, changed or left as it is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct GoodRow {
    /// The row in the file.
    pub row: u32,
    /// The opening, when there is one.
    pub opening: Option<String>,
}

/// The number of rows with one outcome; it leads to those rows.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CountLink {
    /// Where.
    pub href: String,
    /// Which outcome, in words.
    pub label: String,
    /// How many rows.
    pub count: u32,
    /// Whether these rows are shown now.
    pub current: bool,
    /// Whether they need attention.
    pub mind: bool,
}

/// The rows that are shown now.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Shown {
    /// Their heading.
    pub title: String,
    /// Rows that are not right.
    pub refused: Vec<RefusedRow>,
    /// Other rows.
    pub good: Vec<GoodRow>,
    /// Where in the list.
    pub pager: Pager,
}

/// `/banen/bestand/{id}` once every row is judged.
#[derive(Debug, Clone, Template)]
#[template(path = "import_judged.html")]
pub struct ImportJudged {
    /// What every page shares.
    pub l: Layout,
    /// Address of the import.
    pub href: String,
    /// How many rows will have which outcome.
    pub counts: ImportCounts,
    /// The same as links.
    pub links: Vec<CountLink>,
    /// The rows that are shown.
    pub shown: Shown,
    /// Labels of tasks, when one of the fields asks for tasks.
    pub tasks: Vec<String>,
    /// What we worked out ourselves and the sender should look at.
    pub notes: Vec<String>,
}

impl ImportJudged {
    /// How many openings will be placed or changed.
    pub fn to_place(&self) -> u32 {
        self.counts.placed + self.counts.changed
    }
}

/// `/banen/bestand/{id}` while something is under way and at the end.
#[derive(Debug, Clone, Template)]
#[template(path = "import.html")]
pub struct ImportReport {
    /// What every page shares.
    pub l: Layout,
    /// Its own address.
    pub href: String,
    /// Where it stands.
    pub state: ImportState,
    /// How many rows had which outcome.
    pub counts: ImportCounts,
    /// The same as links, at the end.
    pub links: Vec<CountLink>,
    /// The rows that are shown, at the end.
    pub shown: Shown,
    /// Until when it can be undone, while it can.
    pub undo_until: Option<String>,
    /// Openings that an undo left as they are.
    pub left_alone: u32,
    /// New employers that went with the undo.
    pub employers_undone: u32,
}

impl ImportReport {
    /// Rows in all.
    pub fn rows(&self) -> u32 {
        self.done() + self.counts.waiting
    }

    /// Rows that have their outcome.
    pub fn done(&self) -> u32 {
        self.counts.placed + self.counts.changed + self.counts.unchanged + self.counts.refused
    }

    /// Whether nothing is under way any more.
    pub fn finished(&self) -> bool {
        matches!(self.state, ImportState::Finished | ImportState::Undone)
    }

    /// Whether what it did is undone, or is being undone.
    pub fn taken_back(&self) -> bool {
        matches!(self.state, ImportState::Undoing | ImportState::Undone)
    }

    /// How many openings it placed or changed.
    pub fn did(&self) -> u32 {
        self.counts.placed + self.counts.changed
    }

    /// How wide the bar is, of 100.
    pub fn bar(&self) -> u32 {
        if self.rows() == 0 { 0 } else { (u64::from(self.done()) * 100 / u64::from(self.rows())) as u32 }
    }

    /// The heading of the page.
    pub fn title(&self) -> String {
        let t = self.l.t;
        match self.state {
            ImportState::Undoing => t.get("import-undoing-title"),
            ImportState::Undone => t.get("import-undone-title"),
            ImportState::Finished if self.counts.refused > 0 => {
                t.one("import-partly-title", "count", self.counts.refused)
            }
            ImportState::Finished => t.get("import-finished-title"),
            ImportState::Running => t.get("import-running-title"),
            _ => t.get("import-judging-title"),
        }
    }
}

/// `/banen/bestand/{id}/terug`
#[derive(Debug, Clone, Template)]
#[template(path = "import_undo.html")]
pub struct ImportUndo {
    /// What every page shares.
    pub l: Layout,
    /// Address of the import.
    pub href: String,
    /// How many rows had which outcome.
    pub counts: ImportCounts,
}
