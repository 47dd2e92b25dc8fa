//! The source files of the tables, where they are at hand.

use std::collections::HashMap;
use std::fs;
use std::path::PathBuf;
use std::process::Command;

/// Rows by column name.
pub(crate) type Rows = Vec<HashMap<String, String>>;

/// A source file, or nothing (with a notice) where the shared folder is absent.
pub(crate) fn source(path: &str) -> Option<String> {
    let file = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../../../shared/data").join(path);
    if !file.exists() {
        println!("SKIPPED: {} is not on this machine", file.display());
        return None;
    }
    let text = if file.extension().is_some_and(|extension| extension == "gz") {
        let unpacked = Command::new("gzip").arg("-dc").arg(&file).output().expect("gzip is installed");
        String::from_utf8(unpacked.stdout)
    } else {
        String::from_utf8(fs::read(&file).expect("the file can be read"))
    };
    Some(text.expect("the sources are UTF-8"))
}

/// The rows of a CSV text by column name.
pub(crate) fn rows(text: &str) -> Rows {
    let mut reader = csv::Reader::from_reader(text.as_bytes());
    reader.deserialize().collect::<Result<_, _>>().expect("the sources are well-formed")
}
