//! A process that a test can kill, freeze and thaw.

use std::{
    collections::BTreeMap,
    fs::{self, OpenOptions},
    path::{Path, PathBuf},
    process::{Child, Command, ExitStatus, Stdio},
    time::Duration,
};

/// The program with crash points and planted bugs: built beside the tests and benchmarks of this crate.
///
/// # Panics
/// When it is not there.
pub fn program() -> PathBuf {
    let own = std::env::current_exe().expect("a test is a program");
    let beside = own.ancestors().skip(1).map(|folder| folder.join("dichterbij-with-faults"));
    beside.into_iter().find(|path| path.is_file()).expect("dichterbij-with-faults is built with the tests")
}

/// A running program, with its output in a file.
pub struct Process {
    child: Child,
    log: PathBuf,
}

impl Process {
    /// Starts it with this environment and nothing else.
    ///
    /// # Panics
    /// When the program cannot be started.
    pub fn start(
        program: &Path,
        words: &[String],
        environment: &BTreeMap<String, String>,
        log: PathBuf,
    ) -> Self {
        let file = OpenOptions::new().create(true).append(true).open(&log).expect("a log");
        let child = Command::new(program)
            .args(words)
            .env_clear()
            .envs(environment)
            .current_dir("/")
            .stdin(Stdio::null())
            .stdout(file.try_clone().expect("a log"))
            .stderr(file)
            .spawn()
            .unwrap_or_else(|error| panic!("{} does not start: {error}", program.display()));
        Self { child, log }
    }

    /// Its number.
    pub fn id(&self) -> u32 {
        self.child.id()
    }

    /// Whether it has not ended.
    pub fn is_running(&mut self) -> bool {
        matches!(self.child.try_wait(), Ok(None))
    }

    /// Whether it stands still.
    pub fn is_frozen(&self) -> bool {
        let status = fs::read_to_string(format!("/proc/{}/status", self.id())).unwrap_or_default();
        status.lines().any(|line| line.starts_with("State:") && line.contains('T'))
    }

    /// What it wrote so far.
    pub fn log(&self) -> String {
        String::from_utf8_lossy(&fs::read(&self.log).unwrap_or_default()).into_owned()
    }

    /// Its memory that is in use, in bytes; 0 when it ended.
    pub fn memory(&self) -> u64 {
        let status = fs::read_to_string(format!("/proc/{}/status", self.id())).unwrap_or_default();
        let line = status.lines().find_map(|line| line.strip_prefix("VmRSS:")).unwrap_or_default();
        line.split_whitespace().next().and_then(|kib| kib.parse::<u64>().ok()).unwrap_or_default() * 1024
    }

    /// `kill -9`, and waits until it is gone.
    pub fn kill(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }

    /// SIGTERM: it is asked to finish.
    pub fn terminate(&self) {
        self.signal("TERM");
    }

    /// SIGSTOP: it is there and does nothing.
    pub fn freeze(&self) {
        self.signal("STOP");
    }

    /// SIGCONT.
    pub fn thaw(&self) {
        self.signal("CONT");
    }

    /// Waits until it ended by itself; `None` after this long.
    pub async fn ended_within(&mut self, patience: Duration) -> Option<ExitStatus> {
        let end = tokio::time::Instant::now() + patience;
        loop {
            if let Ok(Some(status)) = self.child.try_wait() {
                return Some(status);
            }
            if tokio::time::Instant::now() > end {
                return None;
            }
            tokio::time::sleep(Duration::from_millis(10)).await;
        }
    }

    pub(super) fn signal(&self, name: &str) {
        let sent = Command::new("kill").args([&format!("-{name}"), &self.child.id().to_string()]).status();
        assert!(sent.is_ok_and(|status| status.success()), "SIG{name} reaches process {}", self.child.id());
    }
}

impl Drop for Process {
    fn drop(&mut self) {
        self.kill();
    }
}
