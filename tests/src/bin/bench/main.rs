//! Benchmarks by name: `make bench BENCH=first-match`. Each states its figures, a baseline of the same run as a ratio, and
//! fails when a correctness check inside it fails. Figures also go to `target/bench/<name>.json`.

mod events;
mod first_match;
mod open_hiring;
mod report;

use std::{path::PathBuf, process::ExitCode};

use chassis::{fault::Chain, telemetry};
use clap::Parser;

/// Why a benchmark has no figures.
pub(crate) type Failure = Box<dyn std::error::Error + Send + Sync>;

/// Which benchmark, and which of its cases.
#[derive(Debug, Parser)]
pub(crate) struct Arguments {
    /// Its name; without one the list is printed
    name: Option<String>,
    /// Only this case
    #[arg(long)]
    only: Option<String>,
    /// Folder with the reference tables; absent means the small ones
    #[arg(long, env = "DBJ_REFERENCE")]
    reference: Option<PathBuf>,
    /// What to log
    #[arg(long, env = "DBJ_LOG", default_value = "error")]
    log: String,
    /// So many invented people instead of the case's own number, to try something out
    #[arg(long)]
    people: Option<usize>,
    /// So many rows instead of the case's own number, to try something out
    #[arg(long)]
    rows: Option<usize>,
    /// How long each rush lasts
    #[arg(long, default_value_t = 30)]
    seconds: u64,
}

/// What there is: name, cases, what it is about.
const BENCHES: [(&str, &[&str], &str); 3] = [
    (
        events::NAME,
        &events::CASES,
        "from commit to visible, a backlog of 100,000 events, calls of 128 callers",
    ),
    (
        first_match::NAME,
        &[first_match::IMPORT_AND_MATCH],
        "a file of 20,000 openings, 1,000 of them bad, against 50,000 people",
    ),
    (
        open_hiring::NAME,
        &open_hiring::CASES,
        "sign-ups a second at the opening of a line, and reading one's place in a long one",
    ),
];

#[tokio::main]
async fn main() -> ExitCode {
    let arguments = Arguments::parse();
    let known = BENCHES.iter().find(|(name, ..)| arguments.name.as_deref() == Some(name));
    let Some((name, cases, _)) = known else {
        return list(arguments.name.as_deref());
    };
    if let Some(only) = &arguments.only
        && !cases.contains(&only.as_str())
    {
        eprintln!("{name} has no case {only}; it has: {}", cases.join(", "));
        return ExitCode::from(2);
    }
    telemetry::start_logging(&arguments.log);
    let done = match *name {
        events::NAME => events::run(&arguments).await,
        open_hiring::NAME => open_hiring::run(&arguments).await,
        _ => first_match::run(&arguments).await,
    };
    let cases = match done {
        Ok(cases) => cases,
        Err(error) => {
            eprintln!("{name} failed: {}", Chain(&*error));
            return ExitCode::FAILURE;
        }
    };
    match report::write(name, cases) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("{name} ran, but its figures could not be written: {error}");
            ExitCode::FAILURE
        }
    }
}

fn list(asked: Option<&str>) -> ExitCode {
    if let Some(asked) = asked.filter(|asked| !asked.is_empty()) {
        eprintln!("There is no benchmark {asked}. There are:");
    }
    for (name, cases, about) in BENCHES {
        println!("{name:<16} {about}\n{:16} cases: {}", "", cases.join(", "));
    }
    ExitCode::from(2)
}
