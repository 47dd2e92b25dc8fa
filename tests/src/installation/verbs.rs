//! Verbs of the program that may fail or are killed, and a new database in the place of a lost one.

use std::{collections::BTreeMap, process::Output};

use sqlx::{ConnectOptions as _, Connection as _};
use tokio::process::Command;

use super::{Installation, Process, process::program};

impl Installation {
    /// Does one verb of the program to its end: what it printed, or what it complained about.
    ///
    /// # Panics
    /// When there is no program.
    pub async fn try_verb(&self, words: &[&str]) -> Result<String, String> {
        let mut command = Command::new(program());
        let Output { status, stdout, stderr } =
            command.args(words).env_clear().envs(&self.settings).output().await.expect("the program runs");
        if status.success() {
            Ok(String::from_utf8_lossy(&stdout).into_owned())
        } else {
            Err(String::from_utf8_lossy(&stderr).into_owned())
        }
    }

    /// Begins a verb, to be killed.
    pub fn begin_verb(&self, words: &[&str]) -> Process {
        let words: Vec<String> = words.iter().map(|word| (*word).to_owned()).collect();
        let environment: BTreeMap<String, String> = self.settings.clone();
        let log = self.folder.join(format!("verb-{}.log", words[0]));
        Process::start(&program(), &words, &environment, log)
    }

    /// The database is lost, and an empty one is in its place. Whoever was connected is thrown out.
    ///
    /// # Panics
    /// When PostgreSQL does not do it.
    pub async fn lose_database(&self) {
        let options = self.postgres.options();
        let name = options.get_database().expect("it has a name").to_owned();
        let mut connection = options.database("postgres").connect().await.expect("PostgreSQL answers");
        for statement in [format!("drop database {name} with (force)"), format!("create database {name}")] {
            let done = sqlx::raw_sql(sqlx::AssertSqlSafe(statement)).execute(&mut connection).await;
            done.expect("PostgreSQL does it");
        }
        connection.close().await.expect("closing");
    }
}
