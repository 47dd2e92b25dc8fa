//! `reference`: taking a new edition of reference data into use.

use std::fs;
use std::path::PathBuf;

use chassis::Clock;
use chrono::{DateTime, NaiveDate, Utc};
use clap::{Args, Subcommand};
use reference::import::{Kind, Options, prepare};

use crate::Failure;

/// What is done with the reference data.
#[derive(Debug, Subcommand)]
pub enum Verb {
    /// Reads an official file, checks it against what is in force, and takes it into use
    Import(Import),
}

/// Which file, and how.
#[derive(Debug, Args)]
pub struct Import {
    /// geonames, esco or cbs
    #[arg(
        long,
        long_help = "geonames: NL.txt; esco: occupations_nl.csv or skills_nl.csv; cbs: municipalities with their regions"
    )]
    kind: Kind,
    /// The file, unpacked
    #[arg(long)]
    file: PathBuf,
    /// The folder that the services read
    #[arg(long, env = "DBJ_REFERENCE")]
    dir: PathBuf,
    /// Says what would change and writes nothing
    #[arg(long)]
    dry_run: bool,
    /// Goes on although more than 5 in 100 rows disappear
    #[arg(long)]
    accept_shrink: bool,
    /// The day of the publication, such as 2026-01-31; otherwise the day on which the file was last changed
    #[arg(long)]
    date: Option<NaiveDate>,
}

/// Does it. Needs no servers: the services read the folder when they start.
pub fn run(verb: &Verb) -> Result<(), Failure> {
    let Verb::Import(Import { kind, file, dir, dry_run, accept_shrink, date }) = verb;
    let unreadable = |error: std::io::Error| format!("{} cannot be read: {error}", file.display());
    let bytes = fs::read(file).map_err(unreadable)?;
    let changed: DateTime<Utc> =
        fs::metadata(file).and_then(|file| file.modified()).map_err(unreadable)?.into();
    let source_date = date.unwrap_or_else(|| changed.date_naive());
    let options = Options { accept_shrink: *accept_shrink, source_date: Some(source_date) };
    let prepared = prepare(*kind, &bytes, dir, options)
        .map_err(|error| format!("{} is not taken into use: {error}", file.display()))?;
    print!("{}", prepared.report);
    if *dry_run {
        println!("Nothing was written.");
        return Ok(());
    }
    let tool = concat!("dichterbij ", env!("CARGO_PKG_VERSION"));
    prepared.write(dir, Clock::default().machine_now(), tool)?;
    println!("In force in {} from the next start of the services on.", dir.display());
    Ok(())
}
