//! Figures, as a table and as a file (DESIGN section 6).

use std::{fs, path::Path, process::Command, thread::available_parallelism};

use serde::Serialize;

/// One case and its figures, each name with its unit.
#[derive(Debug, Serialize)]
pub(crate) struct Case {
    pub(crate) case: &'static str,
    pub(crate) metrics: serde_json::Map<String, serde_json::Value>,
}

impl Case {
    pub(crate) fn new(case: &'static str) -> Self {
        Self { case, metrics: serde_json::Map::new() }
    }

    /// Adds a figure, to three decimals.
    pub(crate) fn metric(&mut self, name: &str, value: f64) {
        let rounded = (value * 1_000.0).round() / 1_000.0;
        self.metrics.insert(name.to_owned(), rounded.into());
    }
}

#[derive(Serialize)]
struct Report<'a> {
    bench: &'a str,
    commit: String,
    machine: Machine,
    cases: Vec<Case>,
}

#[derive(Serialize)]
struct Machine {
    cores: usize,
    cpu: String,
}

/// Prints the figures and writes them to `target/bench`.
pub(crate) fn write(bench: &str, cases: Vec<Case>) -> std::io::Result<()> {
    for case in &cases {
        println!("\n{bench} · {}", case.case);
        for (name, value) in &case.metrics {
            println!("  {name:<32} {:>14}", value.to_string());
        }
    }
    let machine = Machine { cores: available_parallelism().map_or(0, usize::from), cpu: cpu() };
    let report = Report { bench, commit: commit(), machine, cases };
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../target/bench");
    fs::create_dir_all(&folder)?;
    let path = folder.join(format!("{bench}.json"));
    fs::write(&path, serde_json::to_string_pretty(&report)? + "\n")?;
    println!("\nwritten to {}", path.canonicalize()?.display());
    Ok(())
}

fn commit() -> String {
    let output = Command::new("git").args(["describe", "--always", "--dirty", "--abbrev=12"]).output();
    output.map_or_else(
        |_| "unknown".to_owned(),
        |output| String::from_utf8_lossy(&output.stdout).trim().to_owned(),
    )
}

fn cpu() -> String {
    let text = fs::read_to_string("/proc/cpuinfo").unwrap_or_default();
    let line = text.lines().find_map(|line| line.strip_prefix("model name")?.split_once(':'));
    line.map_or_else(|| "unknown".to_owned(), |(_, name)| name.trim().to_owned())
}

/// The most memory that this process ever held, in MB.
pub(crate) fn peak_rss_mb() -> f64 {
    let text = fs::read_to_string("/proc/self/status").unwrap_or_default();
    let line = text.lines().find_map(|line| line.strip_prefix("VmHWM:"));
    let kilobytes = line.and_then(|line| line.split_whitespace().next()?.parse::<f64>().ok());
    kilobytes.unwrap_or(0.0) / 1_024.0
}
