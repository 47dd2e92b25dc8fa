//! `verify-queue`: whether the ledger of a queue is what was published, and went first come, first served.

use std::{
    fs,
    path::{Path, PathBuf},
    process::ExitCode,
};

use clap::Args;
use open_hiring::verify::verify;
use serde::de::DeserializeOwned;

use crate::Failure;

/// The files of docs/queue-ledger.md.
#[derive(Debug, Args)]
pub struct Arguments {
    /// The public keys of the installation
    #[arg(long)]
    keys: PathBuf,
    /// The published heads
    #[arg(long)]
    heads: PathBuf,
    /// The ledger, as auditors get it
    #[arg(long)]
    ledger: PathBuf,
}

/// Looks, and says what it saw. Needs no servers and no secrets.
pub fn run(arguments: &Arguments) -> Result<ExitCode, Failure> {
    let (keys, heads) = (read(&arguments.keys)?, read(&arguments.heads)?);
    let verdict = verify(&keys, &heads, &read(&arguments.ledger)?);
    println!(
        "{} entries, {} of them erased; {} published heads; {} entries after the last head, which nothing proves yet",
        verdict.entries, verdict.erased, verdict.heads, verdict.unproven
    );
    if verdict.wrong.is_empty() {
        println!("All of it holds.");
        return Ok(ExitCode::SUCCESS);
    }
    for wrong in &verdict.wrong {
        println!("{wrong}");
    }
    Ok(ExitCode::FAILURE)
}

/// One object a line.
fn read<T: DeserializeOwned>(path: &Path) -> Result<Vec<T>, Failure> {
    let text =
        fs::read_to_string(path).map_err(|error| format!("{} cannot be read: {error}", path.display()))?;
    let lines = (1..).zip(text.lines()).filter(|(_, line)| !line.trim().is_empty());
    lines
        .map(|(number, line)| {
            serde_json::from_str(line)
                .map_err(|error| format!("{}, line {number}: {error}", path.display()).into())
        })
        .collect()
}
