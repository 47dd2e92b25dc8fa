//! Which edition of a table is in use.

use sha2::{Digest, Sha256};

/// Name, version and size of one table. Results that outlive the table keep it, so that they can be explained.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize)]
pub struct TableVersion {
    /// The table, such as `regions` or `postcodes`.
    pub name: &'static str,
    /// `built-in:` or `file:` and the first twelve hex digits of the SHA-256 of the table's text: equal versions mean
    /// equal data, whoever made the file.
    pub version: String,
    /// How many entries the table holds.
    pub rows: usize,
}

impl TableVersion {
    /// The version of a table that is part of the program.
    pub(crate) fn built_in(name: &'static str, text: &str, rows: usize) -> Self {
        Self { name, version: format!("built-in:{}", fingerprint(text)), rows }
    }

    /// The version of a table that was read from a file.
    pub(crate) fn from_file(name: &'static str, text: &str, rows: usize) -> Self {
        Self { name, version: format!("file:{}", fingerprint(text)), rows }
    }
}

fn fingerprint(text: &str) -> String {
    format!("{:x}", Sha256::digest(text.as_bytes())).chars().take(12).collect()
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
    }
}
