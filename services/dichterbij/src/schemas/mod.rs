//! `schemas`: what others read about our messages and files, written from the Rust types.
//!
//! The files are checked in, so that a change of the language shows in a review; a test compares them with the types.

mod asyncapi;
mod catalogue;
mod events;
mod import;

use std::{
    collections::BTreeMap,
    fs,
    path::{Path, PathBuf},
};

use clap::Args;
use serde_json::Value;

/// Where, and whether only to look.
#[derive(Debug, Args)]
pub struct Arguments {
    /// The folder `schemas` of the repository
    #[arg(long)]
    pub dir: PathBuf,
    /// Only compares what is there with what would be written, and fails if they differ
    #[arg(long)]
    pub check: bool,
}

/// Why schemas are not as they should be.
#[derive(Debug, thiserror::Error)]
pub enum SchemasError {
    /// They differ from the types.
    #[error("these files are not what the Rust types say; run `make generate` and look at the difference:\n{}", .0.iter().map(|path| format!("  - {}", path.display())).collect::<Vec<_>>().join("\n"))]
    Drift(Vec<PathBuf>),
    /// A file cannot be read or written.
    #[error("{}", path.display())]
    File {
        /// Which.
        path: PathBuf,
        /// Why.
        #[source]
        source: std::io::Error,
    },
}

/// Writes or compares all files.
pub fn run(arguments: &Arguments) -> Result<(), SchemasError> {
    if arguments.check { check(&arguments.dir) } else { write(&arguments.dir) }
}

/// Every generated file, by its path from the folder `schemas`.
pub fn generated() -> BTreeMap<PathBuf, String> {
    let mut files = BTreeMap::new();
    for event in proto::catalogue::EVENTS {
        let path = format!("events/{}.json", event.versioned_name());
        files.insert(path.into(), as_text(&events::schema(event)));
    }
    files.insert("import/openings.json".into(), as_text(&import::openings()));
    files.insert("asyncapi.json".into(), as_text(&asyncapi::document()));
    files.insert("../docs/events.md".into(), catalogue::page());
    files
}

fn write(dir: &Path) -> Result<(), SchemasError> {
    for path in stale(dir)? {
        fs::remove_file(&path).map_err(|source| SchemasError::File { path, source })?;
    }
    for (path, text) in generated() {
        let path = dir.join(path);
        let failed = |source| SchemasError::File { path: path.clone(), source };
        fs::create_dir_all(path.parent().unwrap_or(dir)).map_err(failed)?;
        fs::write(&path, text).map_err(failed)?;
    }
    Ok(())
}

/// Fails with the files that differ from the Rust types, are missing, or describe an event that is no more.
pub fn check(dir: &Path) -> Result<(), SchemasError> {
    let mut drifted = stale(dir)?;
    for (path, text) in generated() {
        let path = dir.join(path);
        if fs::read_to_string(&path).ok().as_deref() != Some(text.as_str()) {
            drifted.push(path);
        }
    }
    if drifted.is_empty() { Ok(()) } else { Err(SchemasError::Drift(drifted)) }
}

/// Schemas of events that no longer exist.
fn stale(dir: &Path) -> Result<Vec<PathBuf>, SchemasError> {
    let folder = dir.join("events");
    let failed = |source| SchemasError::File { path: folder.clone(), source };
    if !folder.exists() {
        return Ok(Vec::new());
    }
    let known = generated();
    let mut stale = Vec::new();
    for entry in fs::read_dir(&folder).map_err(failed)? {
        let entry = entry.map_err(failed)?;
        if !known.contains_key(&Path::new("events").join(entry.file_name())) {
            stale.push(entry.path());
        }
    }
    Ok(stale)
}

/// JSON with its keys in order, so that the text does not depend on how `serde_json` was built.
fn as_text(value: &Value) -> String {
    fn sorted(value: &Value) -> Value {
        match value {
            Value::Object(map) => {
                let ordered: BTreeMap<&String, Value> =
                    map.iter().map(|(key, value)| (key, sorted(value))).collect();
                Value::Object(ordered.into_iter().map(|(key, value)| (key.clone(), value)).collect())
            }
            Value::Array(items) => Value::Array(items.iter().map(sorted).collect()),
            other => other.clone(),
        }
    }
    serde_json::to_string_pretty(&sorted(value)).expect("a JSON value can be written") + "\n"
}
