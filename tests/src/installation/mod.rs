//! An installation of a test's own, that it may break: PostgreSQL and NATS as processes, the program as processes
//! in any number of replicas, each with what an operator gives it. Nothing is shared with another test.

mod process;
mod replica;
mod servers;
mod streams;
mod verbs;

use std::{
    collections::BTreeMap,
    fs,
    os::unix::fs::PermissionsExt as _,
    path::PathBuf,
    sync::{
        Arc, Mutex, PoisonError,
        atomic::{AtomicU32, Ordering},
    },
};

use chassis::{
    Bus, Clock, Keys,
    chance::{Chance, OsChance},
    keys::PublicKeys,
    nats_config::authorization,
};
use chrono::TimeDelta;
use proto::{Service, permissions::Names};
use sqlx::{PgPool, postgres::PgPoolOptions};

use crate::site::fill_assets;

pub use process::{Process, program};
pub use replica::{Jumps, Replica};
pub use servers::{Nats, Postgres};
pub use streams::OnStream;

/// Servers, keys and a migrated database; replicas are started on it.
pub struct Installation {
    /// Everything of it; gone with it.
    pub folder: PathBuf,
    /// The record.
    pub postgres: Postgres,
    /// The transport.
    pub nats: Nats,
    /// The other nodes of its cluster; mostly none.
    pub other_nodes: Vec<Nats>,
    /// Settings that every replica gets besides its own address and name.
    pub settings: BTreeMap<String, String>,
    replicas: AtomicU32,
    jumps: Mutex<Jumps>,
    /// The time of who asks: of every bus that is opened here.
    clock: Clock,
    administrator: tokio::sync::OnceCell<async_nats::Client>,
}

impl Installation {
    /// Servers that answer, keys, and a database and streams as `dichterbij migrate` makes them.
    ///
    /// # Panics
    /// When something of that does not work.
    pub async fn start() -> Self {
        Self::start_with(1).await
    }

    /// The same with so many nodes of NATS: of three, each holds a copy of each stream.
    ///
    /// # Panics
    /// When something of that does not work.
    pub async fn start_with(nodes: usize) -> Self {
        let folder = std::env::temp_dir().join(format!("dbj-own-{}", OsChance.uuid_v4().simple()));
        fs::create_dir_all(&folder).expect("a folder");
        // PostgreSQL may have to run as another user.
        fs::set_permissions(&folder, fs::Permissions::from_mode(0o755)).expect("a folder");
        let secrets = folder.join("secrets");
        Keys::generate(&secrets, &OsChance).expect("keys");
        let public = PublicKeys::load(&secrets).expect("keys");
        let mut nodes = Nats::start(&folder, &authorization(&public, &Names::default()), nodes).await;
        let (copies, nats) = (nodes.len().to_string(), nodes.remove(0));
        let postgres = Postgres::start(&folder).await;
        let mut installation = Self {
            folder,
            postgres,
            nats,
            other_nodes: nodes,
            settings: BTreeMap::new(),
            replicas: AtomicU32::new(0),
            jumps: Mutex::default(),
            clock: Clock::default(),
            administrator: tokio::sync::OnceCell::new(),
        };
        let assets = installation.folder.join("assets");
        fill_assets(&assets);
        let settings = [
            ("DATABASE_URL", installation.postgres.url()),
            ("NATS_URL", installation.nats.url()),
            ("DBJ_SECRETS", secrets.display().to_string()),
            ("DBJ_ASSETS", assets.display().to_string()),
            ("DBJ_PROFILE", "development".to_owned()),
            ("DBJ_LOG", "info".to_owned()),
            ("DBJ_REPLICAS", copies),
        ];
        installation.settings = settings.into_iter().map(|(name, value)| (name.to_owned(), value)).collect();
        installation.verb(&["migrate"]).await;
        installation
    }

    /// Starts one process: `["all"]`, or names of services. It is perhaps not ready yet.
    pub fn run(&self, services: &[&str]) -> Replica {
        self.run_with(services, &[])
    }

    /// The same, with settings of its own, such as `DBJ_CRASH_AT`.
    pub fn run_with(&self, services: &[&str], settings: &[(&str, &str)]) -> Replica {
        let number = self.replicas.fetch_add(1, Ordering::SeqCst);
        let own = settings.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned()));
        let environment = self.settings.clone().into_iter().chain(own).collect();
        Replica::start(&self.folder, number, services, environment, self.jumps())
    }

    /// All clocks jump, as far as these replicas and who asks them see: that of PostgreSQL, and those of the machines.
    pub fn clocks_jump(&self, replicas: &[Replica], by: TimeDelta) {
        let jumps = {
            let mut jumps = self.jumps.lock().unwrap_or_else(PoisonError::into_inner);
            *jumps = Jumps { database: jumps.database + by, machine: jumps.machine + by };
            *jumps
        };
        self.clock.advance(by);
        for replica in replicas {
            replica.clocks(jumps);
        }
    }

    /// How the clocks of a new replica stand.
    pub fn jumps(&self) -> Jumps {
        *self.jumps.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// The node with this name.
    ///
    /// # Panics
    /// When there is none.
    pub fn node(&mut self, name: &str) -> &mut Nats {
        let mut nodes = std::iter::once(&mut self.nats).chain(&mut self.other_nodes);
        nodes.find(|node| node.name == name).expect("a node has this name")
    }

    /// Does one verb of the program to its end; what it printed.
    ///
    /// # Panics
    /// When it fails.
    pub async fn verb(&self, words: &[&str]) -> String {
        let done = tokio::process::Command::new(process::program())
            .args(words)
            .env_clear()
            .envs(&self.settings)
            .output()
            .await
            .expect("the program runs");
        let said = String::from_utf8_lossy(&done.stdout).into_owned();
        let complaints = String::from_utf8_lossy(&done.stderr);
        assert!(done.status.success(), "dichterbij {words:?} failed\n{said}{complaints}");
        said
    }

    /// The bus as this service has it: with its keys and permissions.
    ///
    /// # Panics
    /// When NATS does not let it in.
    pub async fn bus(&self, service: Service) -> Bus {
        let keys = Arc::new(self.keys(service));
        Bus::connect(&self.nats.url(), keys, true, Names::default(), self.clock.clone(), Arc::new(OsChance))
            .await
            .expect("NATS lets a service in")
    }

    /// The keys of a service.
    ///
    /// # Panics
    /// When they are not there.
    pub fn keys(&self, service: Service) -> Keys {
        Keys::load(&self.folder.join("secrets"), service).expect("keys were made")
    }

    /// A service's tables, as a superuser sees them: for checks, however broken everything else is.
    ///
    /// # Panics
    /// When PostgreSQL does not answer.
    pub async fn tables(&self, service: Service) -> PgPool {
        let options = self.postgres.options().options([("search_path", service.schema())]);
        PgPoolOptions::new().max_connections(2).connect_with(options).await.expect("PostgreSQL answers")
    }
}

impl Drop for Installation {
    fn drop(&mut self) {
        for node in std::iter::once(&mut self.nats).chain(&mut self.other_nodes) {
            node.kill_now();
        }
        self.postgres.kill_now();
        if std::thread::panicking() {
            eprintln!("what is left of the installation: {}", self.folder.display());
        } else {
            let _ = fs::remove_dir_all(&self.folder);
        }
    }
}
