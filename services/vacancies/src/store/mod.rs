//! All SQL of this service, one file per aggregate.

pub mod contacts;
pub mod employers;
pub mod import_rows;
pub mod imports;
pub mod openings;
pub mod search_changes;

use chassis::Fault;

/// A row that holds what this program never writes.
pub(crate) fn unreadable(what: &'static str) -> Fault {
    Fault::broken(what, "the row holds a value that this version does not know")
}

/// Makes a search text a pattern that finds it anywhere.
pub(crate) fn anywhere(text: &str) -> String {
    format!("%{}%", text.replace('\\', r"\\").replace('%', r"\%").replace('_', r"\_"))
}
