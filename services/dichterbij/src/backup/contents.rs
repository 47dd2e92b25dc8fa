//! What stands in a backup: `begin.json`, the tables in parts, `end.json`.

use std::{
    collections::BTreeMap,
    fmt::Write as _,
    fs::File,
    io::{self, BufReader, Read},
    path::{Path, PathBuf},
};

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use sha2::{Digest as _, Sha256};
use uuid::Uuid;

use super::{
    age::{AgeError, Decryptor, Identity},
    rows::Rows,
    tar,
};

/// The first file.
pub(super) const BEGIN: &str = "begin.json";
/// The last file.
pub(super) const END: &str = "end.json";
/// Raised when an older program could not read it.
pub(super) const FORMAT: u32 = 1;

/// Why a backup cannot be used.
#[derive(Debug, thiserror::Error)]
pub enum ContentsError {
    /// The file is not there, or not readable.
    #[error("{} cannot be read", path.display())]
    File {
        /// Which.
        path: PathBuf,
        /// What the system says.
        #[source]
        source: io::Error,
    },
    /// It was not made for this key, or changed.
    #[error("{} cannot be opened", path.display())]
    Sealed {
        /// Which.
        path: PathBuf,
        /// Why.
        #[source]
        source: AgeError,
    },
    /// What is in it does not agree with itself.
    #[error("{} is not a whole backup of this program: {what}", path.display())]
    Wrong {
        /// Which.
        path: PathBuf,
        /// What does not agree.
        what: String,
    },
}

/// A table, with the columns in the order in which they stand in the file. Those that PostgreSQL computes are left
/// out.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Table {
    /// Of which service.
    pub schema: String,
    /// Its name.
    pub name: String,
    /// Its columns.
    pub columns: Vec<String>,
}

impl Table {
    /// As it stands in SQL; names of ours need no quotes, and have them anyway.
    pub fn sql(&self) -> String {
        format!("\"{}\".\"{}\"", self.schema, self.name)
    }

    /// Its columns in SQL.
    pub fn columns_sql(&self) -> String {
        self.columns.iter().map(|column| format!("\"{column}\"")).collect::<Vec<_>>().join(", ")
    }

    /// The name of a part of it, counted from 1.
    pub(super) fn part(&self, number: u32) -> String {
        format!("{}/{}.{number:06}", self.schema, self.name)
    }
}

/// A migration that ran.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct Migration {
    /// In which table it is written down.
    pub table: String,
    /// Its number.
    pub version: i64,
    /// SHA-384 of its text, in hex.
    pub checksum: String,
}

/// What is known before the tables.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Begin {
    /// [`FORMAT`].
    pub format: u32,
    /// Which backup.
    pub backup_id: Uuid,
    /// The moment that it is of.
    pub taken_at: DateTime<Utc>,
    /// The version of the program that made it.
    pub program: String,
    /// By schema, what it is made of: a backup fits exactly these.
    pub migrations: BTreeMap<String, Vec<Migration>>,
    /// The tables, those that others refer to first.
    pub tables: Vec<Table>,
}

/// What is in a table.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Sum {
    /// Of which service.
    pub schema: String,
    /// Which table.
    pub name: String,
    /// Its rows.
    pub rows: u64,
    /// Its bytes, all parts together.
    pub bytes: u64,
    /// SHA-256 of all parts together, in hex.
    pub sha256: String,
}

/// Where a sequence stands.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Sequence {
    /// Of which service.
    pub schema: String,
    /// Its name.
    pub name: String,
    /// The last number that it gave.
    pub last: i64,
}

/// How far a service had told on a stream.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ToldUpTo {
    /// Which service.
    pub schema: String,
    /// The first part of the subjects: `evt` or `bg`.
    pub stream: String,
    /// The number of its last message.
    pub stream_seq: i64,
    /// Events that waited to be sent.
    pub waiting: i64,
}

/// What is known after the tables.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct End {
    /// In the order of [`Begin::tables`].
    pub tables: Vec<Sum>,
    /// Every sequence that gave a number.
    pub sequences: Vec<Sequence>,
    /// For people who look into it.
    pub told: Vec<ToldUpTo>,
}

/// Rows, bytes and hash of a table, as it passes by.
#[derive(Default)]
pub(crate) struct Passing {
    rows: Rows,
    bytes: u64,
    hash: Sha256,
}

impl Passing {
    pub(crate) fn pass(&mut self, bytes: &[u8]) -> Result<(), String> {
        self.rows.pass(bytes).map_err(|_| "it is no copy of PostgreSQL".to_owned())?;
        self.bytes += bytes.len() as u64;
        self.hash.update(bytes);
        Ok(())
    }

    pub(crate) fn finish(self, table: &Table) -> Result<Sum, String> {
        let rows = self.rows.finish().map_err(|_| "it has no end".to_owned())?;
        let sha256 = hex(&self.hash.finalize());
        let (schema, name) = (table.schema.clone(), table.name.clone());
        Ok(Sum { schema, name, rows, bytes: self.bytes, sha256 })
    }
}

/// Bytes as text.
pub(crate) fn hex(bytes: &[u8]) -> String {
    bytes.iter().fold(String::new(), |mut text, byte| {
        // Writing to a string does not fail.
        let _ = write!(text, "{byte:02x}");
        text
    })
}

type Inside = Decryptor<BufReader<File>>;

/// A backup that is read from its beginning.
pub(crate) struct Reader {
    path: PathBuf,
    inside: Inside,
    /// What was read ahead.
    ahead: Option<(String, Vec<u8>)>,
    /// What it begins with.
    pub(crate) begin: Begin,
}

impl Reader {
    pub(crate) fn open(path: &Path, identity: &Identity) -> Result<Self, ContentsError> {
        let file =
            File::open(path).map_err(|source| ContentsError::File { path: path.to_owned(), source })?;
        let inside = Decryptor::new(BufReader::with_capacity(128 * 1024, file), identity)
            .map_err(|source| ContentsError::Sealed { path: path.to_owned(), source })?;
        let begin = Begin {
            format: 0,
            backup_id: Uuid::nil(),
            taken_at: DateTime::UNIX_EPOCH,
            program: String::new(),
            migrations: BTreeMap::new(),
            tables: Vec::new(),
        };
        let mut reader = Self { path: path.to_owned(), inside, ahead: None, begin };
        let first = reader.next_file()?.filter(|(name, _)| name == BEGIN);
        let (_, text) = first.ok_or_else(|| reader.wrong("it does not begin as one"))?;
        let version: serde_json::Value = reader.json(&text)?;
        if version["format"] != FORMAT {
            let what = format!("it has format {}, and this program reads {FORMAT}", version["format"]);
            return Err(reader.wrong(what));
        }
        reader.begin = reader.json(&text)?;
        Ok(reader)
    }

    pub(crate) fn wrong(&self, what: impl Into<String>) -> ContentsError {
        ContentsError::Wrong { path: self.path.clone(), what: what.into() }
    }

    fn json<T: serde::de::DeserializeOwned>(&self, text: &[u8]) -> Result<T, ContentsError> {
        serde_json::from_slice(text).map_err(|error| self.wrong(error.to_string()))
    }

    fn next_file(&mut self) -> Result<Option<(String, Vec<u8>)>, ContentsError> {
        if let Some(ahead) = self.ahead.take() {
            return Ok(Some(ahead));
        }
        tar::read_file(&mut self.inside)
            .map_err(|source| ContentsError::File { path: self.path.clone(), source })
    }

    /// The next part of this table; `None` when there are no more.
    pub(crate) fn part(&mut self, table: &Table, number: u32) -> Result<Option<Vec<u8>>, ContentsError> {
        match self.next_file()? {
            Some((name, bytes)) if name == table.part(number) => Ok(Some(bytes)),
            other => {
                self.ahead = other;
                Ok(None)
            }
        }
    }

    /// What stands behind the tables. Reads on to the very end.
    pub(crate) fn end(mut self) -> Result<End, ContentsError> {
        let last = self.next_file()?;
        let Some((name, text)) = last else { return Err(self.wrong("it has no end")) };
        if name != END {
            return Err(self.wrong(format!("{name} is not expected")));
        }
        let end = self.json(&text)?;
        if let Some((name, _)) = self.next_file()? {
            return Err(self.wrong(format!("{name} stands behind the end")));
        }
        let more = self.inside.read(&mut [0; 1]);
        match more {
            Ok(0) => Ok(end),
            Ok(_) => Err(self.wrong("something stands behind the end")),
            Err(source) => Err(ContentsError::File { path: self.path, source }),
        }
    }
}

/// Reads all of a backup and compares what it holds with what it says it holds. Touches no server.
///
/// # Errors
/// [`ContentsError`]: it cannot be used.
pub fn verify(path: &Path, identity: &Identity) -> Result<(Begin, End), ContentsError> {
    let mut reader = Reader::open(path, identity)?;
    let begin = reader.begin.clone();
    let mut sums = Vec::with_capacity(begin.tables.len());
    for table in &begin.tables {
        let mut passing = Passing::default();
        for number in 1.. {
            let Some(part) = reader.part(table, number)? else { break };
            passing.pass(&part).map_err(|what| reader.wrong(format!("{}: {what}", table.sql())))?;
        }
        sums.push(passing.finish(table).map_err(|what| reader.wrong(format!("{}: {what}", table.sql())))?);
    }
    let end = reader.end()?;
    match sums.iter().zip(&end.tables).find(|(found, said)| found != said) {
        None if sums.len() == end.tables.len() => Ok((begin, end)),
        None => Err(ContentsError::Wrong { path: path.to_owned(), what: "tables are missing".to_owned() }),
        Some((found, said)) => Err(ContentsError::Wrong {
            path: path.to_owned(),
            what: format!(
                "{}.{} has {} rows in {} bytes, and it says {} in {}",
                found.schema, found.name, found.rows, found.bytes, said.rows, said.bytes
            ),
        }),
    }
}
