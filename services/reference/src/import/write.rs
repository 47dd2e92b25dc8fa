//! Putting a prepared table in force, as a whole or not at all.

use std::fs::{self, File, TryLockError};
use std::io::{self, Write as _};
use std::path::Path;

use chrono::{DateTime, Utc};

use super::{ImportError, Report};
use crate::versions::Source;
use crate::{MANIFEST_FILE, read_manifest};

/// Held while an import writes, so that two of them do not mix.
const LOCK_FILE: &str = ".import.lock";

/// A table that was read and checked, and its report.
#[derive(Debug)]
pub struct Prepared {
    /// What it changes.
    pub report: Report,
    pub(super) file: &'static str,
    pub(super) table: String,
    pub(super) source: Source,
}

impl Prepared {
    /// Writes the table and its entry in the manifest into `dir`, which is made if it is not there.
    ///
    /// Both are written beside the old ones first, down to the disk, and then renamed: the table before the manifest.
    /// Between the two renames the new table is in force and the manifest's entry, whose SHA-256 speaks of the old
    /// one, counts as absent.
    ///
    /// # Errors
    /// [`ImportError::Folder`] and [`ImportError::Busy`]; what was in force still is.
    pub fn write(self, dir: &Path, at: DateTime<Utc>, tool: &str) -> Result<(), ImportError> {
        let failed = |name: &str| {
            let path = dir.join(name);
            move |source: io::Error| ImportError::Folder { path, source }
        };
        fs::create_dir_all(dir).map_err(failed(""))?;
        let lock = File::create(dir.join(LOCK_FILE)).map_err(failed(LOCK_FILE))?;
        match lock.try_lock() {
            Ok(()) => {}
            Err(TryLockError::WouldBlock) => return Err(ImportError::Busy(dir.to_owned())),
            Err(TryLockError::Error(source)) => return Err(failed(LOCK_FILE)(source)),
        }
        let mut manifest = read_manifest(Some(dir))?;
        let source = Source { imported_at: Some(at), tool: Some(tool.to_owned()), ..self.source };
        manifest.insert(self.file.to_owned(), source);
        let manifest = serde_json::to_string_pretty(&manifest).expect("plain texts and numbers") + "\n";
        for (name, text) in [(self.file, &self.table), (MANIFEST_FILE, &manifest)] {
            write_beside(dir, name, text).map_err(failed(name))?;
        }
        for name in [self.file, MANIFEST_FILE] {
            fs::rename(dir.join(beside(name)), dir.join(name)).map_err(failed(name))?;
        }
        // The renames are on the disk once the folder is.
        File::open(dir).and_then(|folder| folder.sync_all()).map_err(failed(""))
    }
}

/// The name under which a file is written before it takes the place of the old one.
fn beside(name: &str) -> String {
    format!(".{name}.new")
}

fn write_beside(dir: &Path, name: &str, text: &str) -> io::Result<()> {
    let mut file = File::create(dir.join(beside(name)))?;
    file.write_all(text.as_bytes())?;
    file.sync_all()
}
