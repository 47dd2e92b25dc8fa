//! All SQL of this service, one file per aggregate.

pub mod employers;
pub mod imports;
pub mod openings;

use chassis::Fault;

/// A row that holds what this program never writes.
pub(crate) fn unreadable(what: &'static str) -> Fault {
    Fault::broken(what, "the row holds a value that this version does not know")
}

/// Makes a search text a pattern that finds it anywhere.
pub(crate) fn anywhere(text: &str) -> String {
    format!("%{}%", text.replace('\\', r"\\").replace('%', r"\%").replace('_', r"\_"))
}
