//! What the program says when it cannot do what it should: in clear words, with everything to mend, and as a failure.

use std::{
    net::TcpListener,
    path::{Path, PathBuf},
    process::{Command, Output},
};

/// A folder of one test, removed at its end.
struct Folder(PathBuf);

impl Folder {
    fn new(name: &str) -> Self {
        let path = std::env::temp_dir().join(format!("dbj-verbs-{}-{name}", std::process::id()));
        std::fs::create_dir_all(&path).unwrap();
        Self(path)
    }

    fn path(&self) -> &Path {
        &self.0
    }
}

impl Drop for Folder {
    fn drop(&mut self) {
        let _ = std::fs::remove_dir_all(&self.0);
    }
}

/// An address where nothing listens.
fn nowhere() -> String {
    TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().to_string()
}

/// Runs a verb with these settings and no other ones.
fn run(arguments: &[&str], settings: &[(&str, &str)]) -> Output {
    let mut command = Command::new(env!("CARGO_BIN_EXE_dichterbij"));
    command.args(arguments).env_clear().envs(settings.iter().copied()).output().unwrap()
}

fn complaint(arguments: &[&str], settings: &[(&str, &str)]) -> String {
    let output = run(arguments, settings);
    assert_eq!(output.status.code(), Some(1), "{arguments:?}: {output:?}");
    String::from_utf8(output.stderr).unwrap()
}

#[test]
fn every_verb_that_needs_settings_names_all_that_are_missing() {
    for verb in [&["run", "all"][..], &["migrate"], &["doctor"], &["demo"], &["healthcheck"]] {
        let text = complaint(verb, &[("DBJ_HTTP", "here")]);
        for name in ["DATABASE_URL", "NATS_URL", "DBJ_HTTP"] {
            assert!(text.contains(name), "{verb:?}: {text}");
        }
    }
}

#[test]
fn keys_are_made_once_and_give_a_block_for_the_server() {
    let folder = Folder::new("keys");
    let dir = folder.path().join("secrets");
    let dir = dir.to_str().unwrap();
    let text = complaint(&["nats-config", "--secrets", dir], &[]);
    assert!(text.contains("dichterbij keys --dir"), "{text}");
    let first = run(&["keys", "--dir", dir], &[]);
    assert!(first.status.success() && first.stdout.is_empty());
    assert!(String::from_utf8(first.stderr).unwrap().contains("intake"));
    let second = run(&["keys", "--dir", dir], &[]);
    assert!(second.status.success() && second.stderr.is_empty());
    let block = run(&["nats-config", "--secrets", dir], &[]);
    let block = String::from_utf8(block.stdout).unwrap();
    assert!(block.starts_with("authorization {") && block.contains("dbj.cmd.intake.register"));
}

#[test]
fn servers_that_are_away_are_told_with_every_cause() {
    let folder = Folder::new("away");
    let secrets = folder.path().join("secrets");
    let secrets = secrets.to_str().unwrap();
    let database = format!("postgres://postgres@{}/dichterbij", nowhere());
    let nats = format!("nats://{}", nowhere());
    let health = nowhere();
    let settings = [
        ("DATABASE_URL", database.as_str()),
        ("NATS_URL", nats.as_str()),
        ("DBJ_SECRETS", secrets),
        ("DBJ_HEALTH", health.as_str()),
        ("DBJ_PROFILE", "development"),
    ];
    let text = complaint(&["run", "matcher"], &settings);
    assert!(text.contains("matcher has no keys") && text.contains("dichterbij keys --dir"), "{text}");
    assert!(run(&["keys", "--dir", secrets], &[]).status.success());
    let text = complaint(&["run", "matcher"], &settings);
    assert!(text.contains("matcher cannot reach NATS") && text.contains("refused"), "{text}");
    let text = complaint(&["migrate"], &settings);
    assert!(text.contains("PostgreSQL at 127.0.0.1:") && text.contains("refused"), "{text}");
    let text = complaint(&["healthcheck"], &settings);
    assert!(text.contains("DBJ_HEALTH") && text.contains(&health), "{text}");
    let output = run(&["doctor"], &settings);
    assert_eq!(output.status.code(), Some(1));
    let text = String::from_utf8(output.stdout).unwrap();
    for part in ["ok      keys", "NOT OK  PostgreSQL", "NOT OK  NATS", "NOT OK  web assets", "make setup"] {
        assert!(text.contains(part), "{part} in {text}");
    }
}

#[test]
fn the_demo_does_not_exist_in_production() {
    let settings = [("DATABASE_URL", "postgres://localhost/x"), ("NATS_URL", "nats://localhost")];
    let text = complaint(&["demo"], &settings);
    assert!(text.contains("development"), "{text}");
}

#[test]
fn a_verb_that_does_not_exist_is_answered_with_those_that_do() {
    let output = run(&["dance"], &[]);
    assert_eq!(output.status.code(), Some(2));
    let help = String::from_utf8(run(&["--help"], &[]).stdout).unwrap();
    for verb in
        ["run", "migrate", "keys", "nats-config", "healthcheck", "doctor", "schemas", "demo", "invite"]
    {
        assert!(help.contains(&format!("  {verb} ")), "{verb} in {help}");
    }
}
