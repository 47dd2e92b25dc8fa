//! Taking a new edition of reference data into use: read the official file, check it against what is in force, and
//! only then replace.
//!
//! [`prepare`] reads and decides and writes nothing; [`Prepared::write`] puts the prepared table and its entry in the
//! manifest into the reference folder, each by a rename, so that a crash leaves the old data or the new and never a
//! half. A running process keeps what it loaded; the next start reads the new file.

mod cbs;
mod esco;
mod geonames;
mod report;
mod write;

use std::collections::BTreeMap;
use std::io;
use std::ops::RangeInclusive;
use std::path::{Path, PathBuf};
use std::str::FromStr;

use chrono::NaiveDate;

pub use report::{Refused, Report};
pub use write::Prepared;

use crate::table::ReferenceError;
use crate::versions::{Source, sha256};
use crate::{Reference, table};

/// More refused rows than this share and the file is not what we think it is.
const MOST_REFUSED: f64 = 0.02;
/// A file that loses more of what is in force than this share is probably cut off.
const MOST_GONE: f64 = 0.05;

/// Which official file is read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// Postal codes of `GeoNames`: the unpacked `NL.txt`.
    Geonames,
    /// The Dutch CSV files of ESCO: `occupations_nl.csv` or `skills_nl.csv`.
    Esco,
    /// A table of areas of CBS: municipalities with their names and, if it has them, labour-market regions.
    Cbs,
}

impl Kind {
    /// All kinds.
    pub const ALL: [Self; 3] = [Self::Geonames, Self::Esco, Self::Cbs];

    /// Its name on the command line and in the manifest.
    pub fn name(self) -> &'static str {
        match self {
            Self::Geonames => "geonames",
            Self::Esco => "esco",
            Self::Cbs => "cbs",
        }
    }
}

impl FromStr for Kind {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let found = Self::ALL.into_iter().find(|kind| kind.name() == text);
        found.ok_or_else(|| format!("there are: {}", Self::ALL.map(Self::name).join(", ")))
    }
}

/// What the operator says about the file.
#[derive(Debug, Clone, Copy, Default)]
pub struct Options {
    /// Go on although more than five in a hundred rows disappear.
    pub accept_shrink: bool,
    /// The day of the publication, where it is known.
    pub source_date: Option<NaiveDate>,
}

/// Why a file was not taken into use. What was in force still is.
#[derive(Debug, thiserror::Error)]
pub enum ImportError {
    /// It is packed.
    #[error("this is a packed file (zip or gzip); unpack it and give the file inside")]
    Packed,
    /// It is not UTF-8.
    #[error("line {line} is not UTF-8; save the file as UTF-8, or download it again")]
    Encoding {
        /// Counted from 1.
        line: usize,
    },
    /// It lacks what we read.
    #[error("the file has no column {missing}; it has: {there}")]
    Columns {
        /// In the words of the official file.
        missing: String,
        /// What stands in the first line.
        there: String,
    },
    /// A row cannot be read at all, so that nothing after it can be trusted.
    #[error("line {line} {reason}; is the file complete?")]
    Broken {
        /// Counted from 1.
        line: u64,
        /// What is wrong.
        reason: String,
    },
    /// It is another file than it should be.
    #[error("{0}")]
    OtherFile(String),
    /// Too few or too many rows.
    #[error("{} usable rows, where {} to {} are expected; is the file complete?\n{report}", report.rows, expected.start(), expected.end())]
    Count {
        /// How many were expected.
        expected: RangeInclusive<usize>,
        /// What was read.
        report: Box<Report>,
    },
    /// Many rows are wrong.
    #[error("{} rows are refused, more than 2 in 100\n{report}", report.refused.len())]
    TooManyRefused {
        /// Which ones, and why.
        report: Box<Report>,
    },
    /// Much of what is in force would disappear.
    #[error("{} of {} rows would disappear, more than 5 in 100; --accept-shrink does it all the same\n{report}", report.gone, report.before)]
    Shrinks {
        /// What was read.
        report: Box<Report>,
    },
    /// What is in force, or the new table, cannot be loaded.
    #[error(transparent)]
    Reference(#[from] ReferenceError),
    /// Two imports at a time.
    #[error("another import is at work in {}", .0.display())]
    Busy(PathBuf),
    /// The folder cannot be read or written.
    #[error("{} cannot be written", path.display())]
    Folder {
        /// Which file.
        path: PathBuf,
        /// Why.
        #[source]
        source: io::Error,
    },
}

/// What a reader made of a file.
struct Read {
    /// The file in the reference folder.
    file: &'static str,
    header: &'static str,
    /// One line of the table by its key.
    rows: BTreeMap<String, String>,
    refused: Vec<Refused>,
    remarks: Vec<String>,
    expected: RangeInclusive<usize>,
    what: &'static str,
    origin: &'static str,
    licence: &'static str,
    /// What is in force where there is no file yet.
    before: BTreeMap<String, String>,
}

/// Reads a file and checks it against what `dir` has in force. Writes nothing.
///
/// # Errors
/// [`ImportError`] says what to do. Everything it complains about is wrong with the file as a whole; single wrong rows
/// are left out and stand in the report.
pub fn prepare(kind: Kind, bytes: &[u8], dir: &Path, options: Options) -> Result<Prepared, ImportError> {
    let text = text_of(bytes)?;
    // A file in force that is broken must not keep its own replacement out.
    let loaded = Reference::load(Some(dir));
    let broken = loaded.as_ref().err().map(|error| format!("what is in force cannot be loaded: {error}"));
    let in_force = loaded.unwrap_or_else(|_| Reference::small());
    let mut read = match kind {
        Kind::Geonames => geonames::read(text, &in_force)?,
        Kind::Esco => esco::read(text, &in_force)?,
        Kind::Cbs => cbs::read(text, &in_force)?,
    };
    read.remarks.extend(broken);
    let before = match table::read_if_there(Some(dir), read.file).ok().flatten() {
        Some(text) => lines_by_key(&text),
        None => read.before.clone(),
    };
    let report = report(kind, &read, &before);
    let refused = report.refused.len();
    if refused as f64 > MOST_REFUSED * (refused + report.rows) as f64 {
        return Err(ImportError::TooManyRefused { report: report.into() });
    }
    if !read.expected.contains(&report.rows) {
        return Err(ImportError::Count { expected: read.expected, report: report.into() });
    }
    if !options.accept_shrink && report.gone as f64 > MOST_GONE * report.before as f64 {
        return Err(ImportError::Shrinks { report: report.into() });
    }
    let lines: Vec<&str> = [read.header].into_iter().chain(read.rows.values().map(String::as_str)).collect();
    let table = lines.join("\n") + "\n";
    check_that_it_loads(read.file, &table)?;
    let source = Source {
        what: read.what.to_owned(),
        origin: read.origin.to_owned(),
        licence: read.licence.to_owned(),
        rows: report.rows,
        package: None,
        version: None,
        kind: Some(kind.name().to_owned()),
        source_date: options.source_date,
        source_sha256: Some(sha256(bytes)),
        sha256: Some(sha256(table.as_bytes())),
        imported_at: None,
        tool: None,
    };
    Ok(Prepared { report, file: read.file, table, source })
}

fn text_of(bytes: &[u8]) -> Result<&str, ImportError> {
    if bytes.starts_with(b"PK") || bytes.starts_with(&[0x1f, 0x8b]) {
        return Err(ImportError::Packed);
    }
    let text = str::from_utf8(bytes).map_err(|error| {
        let good = String::from_utf8_lossy(&bytes[..error.valid_up_to()]);
        ImportError::Encoding { line: 1 + good.matches('\n').count() }
    })?;
    Ok(text.strip_prefix('\u{feff}').unwrap_or(text))
}

fn report(kind: Kind, read: &Read, before: &BTreeMap<String, String>) -> Report {
    let is_new = |key: &&String| !before.contains_key(*key);
    let changed = |(key, line): &(&String, &String)| before.get(*key).is_some_and(|old| old != *line);
    Report {
        kind: kind.name(),
        file: read.file,
        rows: read.rows.len(),
        before: before.len(),
        new: read.rows.keys().filter(is_new).count(),
        changed: read.rows.iter().filter(changed).count(),
        gone: before.keys().filter(|key| !read.rows.contains_key(*key)).count(),
        refused: read.refused.clone(),
        remarks: read.remarks.clone(),
    }
}

/// The rows of a table in force that can be read, written as we write them, by their first cell.
fn lines_by_key(text: &str) -> BTreeMap<String, String> {
    let mut reader =
        csv::ReaderBuilder::new().comment(Some(b'#')).flexible(true).from_reader(text.as_bytes());
    let records = reader.records().filter_map(Result::ok);
    records.map(|record| (record.get(0).unwrap_or_default().to_owned(), line_of(record.iter()))).collect()
}

/// One line of a table, without its end.
fn line_of<'a>(cells: impl IntoIterator<Item = &'a str>) -> String {
    let mut writer = csv::Writer::from_writer(Vec::new());
    writer.write_record(cells).expect("memory takes every record");
    let line = writer.into_inner().expect("memory takes every record");
    String::from_utf8(line).expect("texts stay texts").trim_end_matches('\n').to_owned()
}

/// The position of each wanted column; each may have several names, compared without case.
fn columns(headers: &csv::StringRecord, wanted: &[&[&str]]) -> Result<Vec<usize>, ImportError> {
    let position = |names: &&[&str]| {
        names.iter().find_map(|name| headers.iter().position(|header| header.eq_ignore_ascii_case(name)))
    };
    wanted
        .iter()
        .map(|names| {
            position(names).ok_or_else(|| ImportError::Columns {
                missing: names.join(" or "),
                there: headers.iter().take(12).collect::<Vec<_>>().join(", "),
            })
        })
        .collect()
}

/// The new table must be one that the next start can read.
fn check_that_it_loads(file: &str, table: &str) -> Result<(), ReferenceError> {
    use crate::{AREAS_FILE, OCCUPATIONS_FILE, Occupations, POSTCODES_FILE, Places, Regions, Skills};
    match file {
        POSTCODES_FILE => Places::parse(file, table, &Regions::built_in()).map(drop),
        OCCUPATIONS_FILE => Occupations::parse(file, table).map(drop),
        AREAS_FILE => Regions::with_areas(file, table).map(drop),
        _ => Skills::parse(file, table, |_| true).map(drop),
    }
}
