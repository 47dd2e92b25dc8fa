//! One process of the program.

use std::{
    collections::BTreeMap,
    fs,
    path::{Path, PathBuf},
};

use chassis::harness::eventually;
use chrono::TimeDelta;

use super::{Process, process::program};
use crate::site::free_port;

/// How far clocks have jumped since a replica started.
#[derive(Debug, Clone, Copy, Default)]
pub struct Jumps {
    /// That of PostgreSQL, as far as decisions see it.
    pub database: TimeDelta,
    /// That of the machine.
    pub machine: TimeDelta,
}

/// One process of the program, with one service, some or all.
pub struct Replica {
    /// The process.
    pub process: Process,
    /// Where it answers `/live`, `/ready` and `/metrics`.
    pub health: String,
    /// Where its pages are, if it runs the portal.
    pub pages: String,
    clocks: PathBuf,
}

impl Replica {
    pub(super) fn start(
        folder: &Path,
        number: u32,
        services: &[&str],
        mut environment: BTreeMap<String, String>,
        jumps: Jumps,
    ) -> Self {
        let (health, pages) = (format!("127.0.0.1:{}", free_port()), format!("127.0.0.1:{}", free_port()));
        environment.insert("DBJ_HEALTH".to_owned(), health.clone());
        environment.insert("DBJ_HTTP".to_owned(), pages.clone());
        let clocks = folder.join(format!("clocks-{number}"));
        write_clocks(&clocks, jumps);
        environment.insert("DBJ_CLOCKS".to_owned(), clocks.display().to_string());
        let words: Vec<String> =
            std::iter::once("run").chain(services.iter().copied()).map(str::to_owned).collect();
        let log = folder.join(format!("replica-{number}-{}.log", services.join("-")));
        let process = Process::start(&program(), &words, &environment, log);
        Self { process, health: format!("http://{health}"), pages: format!("http://{pages}"), clocks }
    }

    /// Its clocks have jumped so far, from now on.
    pub fn clocks(&self, jumps: Jumps) {
        write_clocks(&self.clocks, jumps);
    }

    /// What it says needs a person; empty when nothing does, or when it does not answer.
    pub async fn alarms(&self) -> String {
        match reqwest::get(format!("{}/alarms", self.health)).await {
            Ok(answer) => answer.text().await.unwrap_or_default(),
            Err(_) => String::new(),
        }
    }

    /// Whether it says that it is ready, now.
    pub async fn is_ready(&self) -> bool {
        matches!(reqwest::get(format!("{}/ready", self.health)).await, Ok(answer) if answer.status().is_success())
    }

    /// What it says is not ready, now; empty when all is.
    pub async fn why_not_ready(&self) -> String {
        match reqwest::get(format!("{}/ready", self.health)).await {
            Ok(answer) if answer.status().is_success() => String::new(),
            Ok(answer) => answer.text().await.unwrap_or_else(|error| error.to_string()),
            Err(error) => error.to_string(),
        }
    }

    /// Waits until it is ready.
    ///
    /// # Panics
    /// When that takes too long, or when it ended.
    pub async fn ready(&mut self) {
        let Self { process, health, .. } = self;
        eventually("a replica is ready", async || {
            assert!(process.is_running(), "a replica ended:\n{}", process.log());
            matches!(reqwest::get(format!("{health}/ready")).await, Ok(answer) if answer.status().is_success())
        })
        .await;
    }

    /// One counter or gauge of its metrics, over all labels that contain `label`; 0 when it is not there.
    ///
    /// # Panics
    /// When it does not answer.
    pub async fn metric(&self, name: &str, label: &str) -> f64 {
        let text = reqwest::get(format!("{}/metrics", self.health)).await.expect("metrics").text().await;
        let text = text.expect("metrics");
        let lines = text.lines().filter(|line| line.starts_with(name) && line.contains(label));
        lines.filter_map(|line| line.rsplit(' ').next()?.parse::<f64>().ok()).sum()
    }
}

/// Nobody may read half of it.
fn write_clocks(path: &Path, jumps: Jumps) {
    let text = format!("{} {}", jumps.database.num_milliseconds(), jumps.machine.num_milliseconds());
    let new = path.with_extension("new");
    fs::write(&new, text).and_then(|()| fs::rename(&new, path)).expect("clocks can be set");
}
