//! PostgreSQL and NATS of one test: killed, frozen and started again at the same address.

use std::{
    collections::BTreeMap,
    fs,
    os::unix::fs::{MetadataExt as _, PermissionsExt as _, chown},
    path::{Path, PathBuf},
    process::Command,
    time::Duration,
};

use chassis::harness::eventually;
use sqlx::{ConnectOptions as _, Connection as _, postgres::PgConnectOptions};

use super::Process;
use crate::site::free_port;

/// Nobody: PostgreSQL refuses to run as root.
const NOBODY: u32 = 65534;
/// The superuser of a test's own cluster.
const ADMINISTRATOR: &str = "test_administrator";
const DATABASE: &str = "dichterbij";

/// What the environment says; `make test` gives it.
fn given(name: &str) -> PathBuf {
    #[expect(clippy::disallowed_methods, reason = "infra/local/with_servers.py says where the programs are")]
    let value = std::env::var(name);
    value.unwrap_or_else(|_| panic!("{name} is not set: run tests by `make test`")).into()
}

/// A cluster of its own.
pub struct Postgres {
    /// Its port; the same after every restart.
    pub port: u16,
    /// Its data.
    pub home: PathBuf,
    user: Option<u32>,
    process: Option<Process>,
}

impl Postgres {
    pub(super) async fn start(folder: &Path) -> Self {
        let home = folder.join("postgres");
        fs::create_dir_all(&home).expect("a folder");
        fs::set_permissions(&home, fs::Permissions::from_mode(0o700)).expect("a folder");
        let user = (fs::metadata(&home).expect("a folder").uid() == 0).then_some(NOBODY);
        if let Some(user) = user {
            chown(&home, Some(user), Some(user)).expect("the folder is PostgreSQL's");
        }
        let mut postgres = Self { port: free_port(), home, user, process: None };
        let mut made = postgres.command("initdb");
        let home = postgres.home.display().to_string();
        made.args(["-D", &home, "-U", ADMINISTRATOR, "-A", "trust", "-E", "UTF8", "--locale=C"]);
        let done =
            made.args(["--data-checksums", "--no-sync", "--no-instructions"]).output().expect("initdb");
        assert!(done.status.success(), "initdb: {}", String::from_utf8_lossy(&done.stderr));
        postgres.start_again().await;
        let server = postgres.options().database("postgres");
        let mut connection = server.connect().await.expect("PostgreSQL answers");
        sqlx::raw_sql("create database dichterbij").execute(&mut connection).await.expect("a database");
        connection.close().await.expect("closing");
        postgres
    }

    /// How its superuser comes in.
    pub fn options(&self) -> PgConnectOptions {
        PgConnectOptions::new_without_pgpass()
            .host("127.0.0.1")
            .port(self.port)
            .username(ADMINISTRATOR)
            .database(DATABASE)
    }

    /// The same as an address.
    pub fn url(&self) -> String {
        self.url_at(self.port)
    }

    /// The same through another port of this machine, behind which something passes on to it.
    pub fn url_at(&self, port: u16) -> String {
        format!("postgres://{ADMINISTRATOR}@127.0.0.1:{port}/{DATABASE}")
    }

    /// Starts it on what is in its folder, and waits until it answers.
    ///
    /// # Panics
    /// When it does not.
    pub async fn start_again(&mut self) {
        let words = self.words(
            "postgres",
            &[
                "-D",
                &self.home.display().to_string(),
                "-c",
                "listen_addresses=127.0.0.1",
                "-c",
                &format!("port={}", self.port),
                "-c",
                "unix_socket_directories=",
                "-c",
                "max_connections=200",
            ],
        );
        // A killed server leaves it, and its number may be taken by another process meanwhile.
        let _ = fs::remove_file(self.home.join("postmaster.pid"));
        let log = self.home.with_extension("log");
        let environment = BTreeMap::from([("LC_ALL".to_owned(), "C".to_owned())]);
        let process = Process::start(Path::new(&words[0]), &words[1..], &environment, log);
        let process = self.process.insert(process);
        let options = PgConnectOptions::new_without_pgpass()
            .host("127.0.0.1")
            .port(self.port)
            .username(ADMINISTRATOR)
            .database("postgres");
        eventually("PostgreSQL answers", async || {
            assert!(process.is_running(), "PostgreSQL ended:\n{}", process.log());
            options.connect().await.is_ok()
        })
        .await;
    }

    /// `kill -9` of the server; its workers end as soon as they see it.
    ///
    /// # Panics
    /// When its workers do not end.
    pub async fn kill(&mut self) {
        self.kill_now();
        let home = self.home.clone();
        eventually("the workers of a killed PostgreSQL end", async || !is_used(&home)).await;
    }

    /// It and all its workers are there and do nothing, or go on.
    ///
    /// # Panics
    /// When they cannot be reached.
    pub fn freeze(&self, frozen: bool) {
        let mut command = Command::new("kill");
        command.arg(if frozen { "-STOP" } else { "-CONT" }).args(users(&self.home));
        // One that ended meanwhile is no failure of the others.
        command.status().expect("signals");
    }

    /// As an operator stops it.
    ///
    /// # Panics
    /// When it does not stop.
    pub async fn stop(&mut self) {
        if let Some(mut process) = self.process.take() {
            process.signal("INT");
            assert!(process.ended_within(Duration::from_secs(20)).await.is_some(), "PostgreSQL stops");
        }
    }

    pub(super) fn kill_now(&mut self) {
        if let Some(mut process) = self.process.take() {
            process.kill();
        }
    }

    fn words(&self, program: &str, words: &[&str]) -> Vec<String> {
        let program = given("PG_BIN").join(program).display().to_string();
        let user = self.user.map(|user| {
            // It becomes the program itself, so signals reach that.
            let user = [format!("--reuid={user}"), format!("--regid={user}"), "--clear-groups".to_owned()];
            [vec!["/usr/bin/setpriv".to_owned()], user.to_vec()].concat()
        });
        let words = words.iter().map(|word| (*word).to_owned());
        user.into_iter().flatten().chain([program]).chain(words).collect()
    }

    fn command(&self, program: &str) -> Command {
        let words = self.words(program, &[]);
        let mut command = Command::new(&words[0]);
        command.args(&words[1..]).env_clear().env("LC_ALL", "C").current_dir("/");
        command
    }
}

/// Whether any process works in this folder.
fn is_used(folder: &Path) -> bool {
    !users(folder).is_empty()
}

/// The processes that work in this folder.
fn users(folder: &Path) -> Vec<String> {
    let processes = fs::read_dir("/proc").into_iter().flatten().flatten();
    processes
        .filter(|process| fs::read_link(process.path().join("cwd")).is_ok_and(|works_in| works_in == folder))
        .map(|process| process.file_name().to_string_lossy().into_owned())
        .collect()
}

/// A server of its own, or a node of a cluster, with permissions per service.
pub struct Nats {
    /// Its name in its cluster.
    pub name: String,
    /// Its port; the same after every restart.
    pub port: u16,
    /// The port of its monitor.
    pub monitor: u16,
    /// Its streams.
    pub store: PathBuf,
    config: PathBuf,
    process: Option<Process>,
}

impl Nats {
    /// Nodes that answer: one alone, or a cluster.
    pub(super) async fn start(folder: &Path, authorization: &str, nodes: usize) -> Vec<Self> {
        let routes: Vec<u16> = (0..nodes).map(|_| free_port()).collect();
        let mut all: Vec<Self> =
            (0..nodes).map(|number| Self::configured(folder, number, authorization, &routes)).collect();
        // One of three does not answer before it has seen another.
        for node in &mut all {
            node.begin();
        }
        for node in &mut all {
            node.answers().await;
        }
        all
    }

    fn configured(folder: &Path, number: usize, authorization: &str, routes: &[u16]) -> Self {
        let name = format!("nats-{number}");
        let node = Self {
            port: free_port(),
            monitor: free_port(),
            store: folder.join(&name),
            config: folder.join(format!("{name}.conf")),
            name,
            process: None,
        };
        let Self { port, monitor, store, name, .. } = &node;
        let store = store.display();
        let mut text = format!(
            "server_name: {name}\nlisten: \"127.0.0.1:{port}\"\nhttp: \"127.0.0.1:{monitor}\"\n\
             ping_interval: \"2s\"\nping_max: 2\n\
             jetstream {{ store_dir: \"{store}\", sync_interval: always }}\n{authorization}"
        );
        if routes.len() > 1 {
            let own = routes[number];
            let others: Vec<String> = routes
                .iter()
                .filter(|port| **port != own)
                .map(|port| format!("nats-route://127.0.0.1:{port}"))
                .collect();
            let others = others.join(", ");
            let cluster = format!("name: dichterbij, listen: \"127.0.0.1:{own}\", routes: [{others}]");
            text = format!("{text}\ncluster {{ {cluster} }}\n");
        }
        fs::write(&node.config, text).expect("a configuration");
        node
    }

    /// Where services find it.
    pub fn url(&self) -> String {
        format!("nats://127.0.0.1:{}", self.port)
    }

    /// Starts it on what is in its store, and waits until it answers and has what the others have.
    ///
    /// # Panics
    /// When it does not.
    pub async fn start_again(&mut self) {
        self.begin();
        self.answers().await;
    }

    fn begin(&mut self) {
        let words = ["-c".to_owned(), self.config.display().to_string()];
        let log = self.config.with_extension("log");
        self.process = Some(Process::start(&given("NATS_SERVER_BIN"), &words, &BTreeMap::new(), log));
    }

    async fn answers(&mut self) {
        let health = format!("http://127.0.0.1:{}/healthz", self.monitor);
        let process = self.process.as_mut().expect("it was started");
        eventually("NATS answers", async || {
            assert!(process.is_running(), "NATS ended:\n{}", process.log());
            matches!(reqwest::get(&health).await, Ok(answer) if answer.status().is_success())
        })
        .await;
    }

    /// Starts it again with another configuration, and gives back the one before.
    ///
    /// # Panics
    /// When it does not stop or start.
    pub async fn configure(&mut self, change: impl FnOnce(&str) -> String) -> String {
        self.stop().await;
        let before = fs::read_to_string(&self.config).expect("a configuration");
        fs::write(&self.config, change(&before)).expect("a configuration");
        self.start_again().await;
        before
    }

    /// `kill -9`.
    pub fn kill(&mut self) {
        self.kill_now();
    }

    /// As an operator stops it.
    ///
    /// # Panics
    /// When it does not stop.
    pub async fn stop(&mut self) {
        if let Some(mut process) = self.process.take() {
            process.terminate();
            assert!(process.ended_within(Duration::from_secs(20)).await.is_some(), "NATS stops");
        }
    }

    /// It is there and does nothing, or goes on.
    pub fn freeze(&self, frozen: bool) {
        let process = self.process.as_ref().expect("it runs");
        if frozen { process.freeze() } else { process.thaw() }
    }

    pub(super) fn kill_now(&mut self) {
        if let Some(mut process) = self.process.take() {
            process.kill();
        }
    }
}
