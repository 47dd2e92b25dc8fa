//! Reading a table: CSV with a header, `#` comments, and errors that name the file and the line.

use std::fs;
use std::io;
use std::path::{Path, PathBuf};

use serde::de::DeserializeOwned;

/// Why reference data could not be loaded. Always says where to look.
#[derive(Debug, thiserror::Error)]
pub enum ReferenceError {
    /// The file is there but cannot be read.
    #[error("reference file {} cannot be read", path.display())]
    Unreadable {
        /// The file.
        path: PathBuf,
        /// What the system said.
        #[source]
        source: io::Error,
    },
    /// One row is wrong.
    #[error("reference file {file}, line {line}: {reason}")]
    Row {
        /// The file or built-in table.
        file: String,
        /// The line, counted from 1, header and comments included.
        line: u64,
        /// What is wrong and what was expected.
        reason: String,
    },
}

impl ReferenceError {
    /// A wrong row, by table name and line.
    pub(crate) fn row(file: &str, line: u64, reason: impl Into<String>) -> Self {
        Self::Row { file: file.to_owned(), line, reason: reason.into() }
    }
}

/// A row and the line it stands on.
pub(crate) struct Row<T> {
    pub(crate) line: u64,
    pub(crate) value: T,
}

/// The text of `dir/name`, or nothing where there is no directory or no such file.
pub(crate) fn read_if_there(dir: Option<&Path>, name: &str) -> Result<Option<String>, ReferenceError> {
    let Some(path) = dir.map(|dir| dir.join(name)) else { return Ok(None) };
    match fs::read(&path) {
        Ok(bytes) => String::from_utf8(bytes).map(Some).map_err(|error| {
            let good = String::from_utf8_lossy(&error.as_bytes()[..error.utf8_error().valid_up_to()]);
            let line = 1 + good.matches('\n').count() as u64;
            ReferenceError::row(&path.display().to_string(), line, "is not UTF-8")
        }),
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(None),
        Err(source) => Err(ReferenceError::Unreadable { path, source }),
    }
}

/// All rows of a CSV text with a header line, each with its line number.
pub(crate) fn rows<T: DeserializeOwned>(file: &str, text: &str) -> Result<Vec<Row<T>>, ReferenceError> {
    let text = text.strip_prefix('\u{feff}').unwrap_or(text);
    let mut reader =
        csv::ReaderBuilder::new().comment(Some(b'#')).trim(csv::Trim::All).from_reader(text.as_bytes());
    let headers = reader.headers().map_err(|error| from_csv(file, &error))?.clone();
    let mut rows = Vec::new();
    let mut record = csv::StringRecord::new();
    while reader.read_record(&mut record).map_err(|error| from_csv(file, &error))? {
        let start = record.position().map_or(0, csv::Position::line);
        let line = start + skipped_lines(text, record.position());
        let value = record
            .deserialize(Some(&headers))
            .map_err(|error| ReferenceError::row(file, line, reason(&error)))?;
        rows.push(Row { line, value });
    }
    Ok(rows)
}

/// The CSV reader notes where it began to look for a record; comments and empty lines it passed come before the row.
fn skipped_lines(text: &str, position: Option<&csv::Position>) -> u64 {
    let rest = position.and_then(|at| text.get(at.byte() as usize..)).unwrap_or_default();
    rest.lines().take_while(|line| line.is_empty() || line.starts_with('#')).count() as u64
}

fn from_csv(file: &str, error: &csv::Error) -> ReferenceError {
    let line = error.position().map_or(1, csv::Position::line);
    ReferenceError::row(file, line, reason(error))
}

fn reason(error: &csv::Error) -> String {
    match error.kind() {
        csv::ErrorKind::UnequalLengths { expected_len, len, .. } => {
            format!("has {len} columns where the header has {expected_len}")
        }
        csv::ErrorKind::Deserialize { err, .. } => err.kind().to_string(),
        _ => error.to_string(),
    }
}

/// The parts of a cell that holds several values: `a|b|c`. Empty parts are left out.
pub(crate) fn parts(cell: &str) -> impl Iterator<Item = &str> {
    cell.split('|').map(str::trim).filter(|part| !part.is_empty())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[derive(Debug, serde::Deserialize)]
    struct Pair {
        #[expect(dead_code, reason = "only its type is tested")]
        a: u8,
        b: String,
    }

    fn error_of(text: &str) -> String {
        rows::<Pair>("t.csv", text).err().map(|error| error.to_string()).unwrap_or_default()
    }

    #[test]
    fn comments_and_a_byte_order_mark_are_passed_over() {
        let rows = rows::<Pair>("t.csv", "\u{feff}# made by hand\na,b\n1,x\n# note\n\n2,\"y, z\"\n").unwrap();
        assert_eq!(rows.iter().map(|row| row.value.b.as_str()).collect::<Vec<_>>(), ["x", "y, z"]);
        assert_eq!(rows.iter().map(|row| row.line).collect::<Vec<_>>(), [3, 6]);
    }

    #[test]
    fn errors_name_file_and_line() {
        assert_eq!(
            error_of("a,b\n1,x\n2\n"),
            "reference file t.csv, line 3: has 1 columns where the header has 2"
        );
        assert!(error_of("# c\na,b\n1,x\n# d\nzz,x\n").starts_with("reference file t.csv, line 5: "));
        assert!(error_of("a,c\n1,x\n").contains("missing field `b`"));
    }

    #[test]
    fn parts_of_a_cell_leave_out_what_is_empty() {
        assert_eq!(parts("a| b ||c").collect::<Vec<_>>(), ["a", "b", "c"]);
        assert_eq!(parts("").count(), 0);
    }
}
