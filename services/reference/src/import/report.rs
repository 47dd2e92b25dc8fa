//! What an import says in plain words.

use std::fmt;

/// Refused rows, and remarks, that are printed; the rest is counted.
const MOST_PRINTED: usize = 20;

/// A row that is left out.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Refused {
    /// Counted from 1.
    pub line: u64,
    /// Why.
    pub reason: String,
}

/// What a file would change.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Report {
    /// The kind of file.
    pub kind: &'static str,
    /// The table it becomes.
    pub file: &'static str,
    /// Rows of the new table.
    pub rows: usize,
    /// Rows that are in force now.
    pub before: usize,
    /// Rows that are not in force yet.
    pub new: usize,
    /// Rows that say something else than now.
    pub changed: usize,
    /// Rows that are in force and not in the file.
    pub gone: usize,
    /// Rows that are left out.
    pub refused: Vec<Refused>,
    /// What an operator should know and nothing needs doing about.
    pub remarks: Vec<String>,
}

impl fmt::Display for Report {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { kind, file, rows, before, new, changed, gone, .. } = self;
        let refused = self.refused.len();
        writeln!(f, "{kind}: {rows} rows for {file}, {before} in force.")?;
        writeln!(f, "{new} new, {changed} changed, {gone} gone, {refused} refused.")?;
        for Refused { line, reason } in self.refused.iter().take(MOST_PRINTED) {
            writeln!(f, "  line {line} refused: {reason}")?;
        }
        if refused > MOST_PRINTED {
            writeln!(f, "  … and {} more", refused - MOST_PRINTED)?;
        }
        for remark in self.remarks.iter().take(MOST_PRINTED) {
            writeln!(f, "  note: {remark}")?;
        }
        match self.remarks.len().saturating_sub(MOST_PRINTED) {
            0 => Ok(()),
            more => writeln!(f, "  … and {more} more notes"),
        }
    }
}
