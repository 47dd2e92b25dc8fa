//! Openings from a file, and the report of what became of each row.

use askama::Template;
use proto::vacancies::{ImportColumn, ImportCounts, ImportState};

use crate::pages::{Layout, Pager};
use crate::texts::Texts;

/// `/banen/bestand`. Field `bestand`.
#[derive(Debug, Clone, Template)]
#[template(path = "upload.html")]
pub struct Upload {
    /// What every page shares.
    pub l: Layout,
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

/// One thing that is not right in one row.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RefusedCell {
    /// The row in the file, counting the heading as row 1, as a spreadsheet shows it.
    pub row: u32,
    /// The heading of the column.
    pub column: String,
    /// The value as given; empty when nothing stood there.
    pub value: String,
    /// What is wrong and what helps.
    pub reason: String,
}

/// `/banen/bestand/{id}`
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
    /// This page of what is not right.
    pub refused: Vec<RefusedCell>,
    /// Where in that list.
    pub pager: Pager,
    /// Where the refused rows can be downloaded.
    pub download: String,
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

    /// Whether every row has its outcome.
    pub fn finished(&self) -> bool {
        self.state == ImportState::Finished
    }

    /// How wide the bar is, of 100.
    pub fn bar(&self) -> u32 {
        if self.rows() == 0 { 0 } else { (u64::from(self.done()) * 100 / u64::from(self.rows())) as u32 }
    }

    /// The heading of the page.
    pub fn title(&self) -> String {
        let t = self.l.t;
        if !self.finished() {
            t.get("import-running-title")
        } else if self.counts.refused > 0 {
            t.one("import-partly-title", "count", self.counts.refused)
        } else {
            t.get("import-finished-title")
        }
    }
}
