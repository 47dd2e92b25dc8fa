//! What the program says when it cannot do what it should: in clear words, with everything to mend, and as a failure.

use std::{
    net::TcpListener,
    path::{Path, PathBuf},
    process::{Command, Output},
};

use ed25519_dalek::SigningKey;
use open_hiring::{
    domain::{
        Entry, What,
        ledger::{Hash, Head, Kept, Nonce},
    },
    verify::{HeadLine, KeyLine, lines},
};
use proto::{PlaceId, QueueId, TicketId};
use uuid::Uuid;

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

#[test]
fn the_ledger_of_a_queue_is_checked_without_servers() {
    let folder = Folder::new("queue");
    let (ledger, secret) = invented_ledger();
    let head = ledger.iter().fold(Hash::genesis(QUEUE), |head, kept| head.then(kept.commitment));
    let hour = "2026-12-07T10:00:00Z".parse().unwrap();
    let heads = [HeadLine::of(&Head::sign(QUEUE, ledger.len() as u64, head, hour, &secret))];
    let write = |name: &str, lines: String| {
        let path = folder.path().join(name);
        std::fs::write(&path, lines).unwrap();
        path.to_str().unwrap().to_owned()
    };
    let keys = write("keys.jsonl", json_lines(&[KeyLine::of(&secret.verifying_key())]));
    let heads = write("heads.jsonl", json_lines(&heads));
    let verify =
        |ledger: &str| run(&["verify-queue", "--keys", &keys, "--heads", &heads, "--ledger", ledger], &[]);

    let output = verify(&write("ledger.jsonl", json_lines(&lines(QUEUE, &ledger))));
    let text = String::from_utf8(output.stdout).unwrap();
    assert!(
        output.status.success() && text.contains("4 entries") && text.contains("All of it holds"),
        "{text}"
    );

    // The second of the two in line would have been the first.
    let mut swapped = ledger;
    swapped.swap(2, 3);
    let output = verify(&write("swapped.jsonl", json_lines(&lines(QUEUE, &swapped))));
    let text = String::from_utf8(output.stdout).unwrap();
    assert_eq!(output.status.code(), Some(1));
    assert!(
        text.contains("do not lead to the head") && text.contains("Entry 3 must not stand there"),
        "{text}"
    );

    let output = verify(&write("broken.jsonl", "{}\n".to_owned()));
    assert!(String::from_utf8(output.stderr).unwrap().contains("broken.jsonl, line 1"));
}

const QUEUE: QueueId = QueueId(Uuid::from_u128(7));

/// A queue that opened with one place, and two people who signed up.
fn invented_ledger() -> (Vec<Kept>, SigningKey) {
    let at = "2026-12-07T09:00:00Z".parse().unwrap();
    let first_day = "2026-12-14".parse().unwrap();
    let happened = [
        What::QueueOpened { opens_at: at },
        What::PlaceAdded { place: PlaceId(Uuid::from_u128(1)), first_day },
        What::SignedUp { ticket: TicketId(Uuid::from_u128(2)), number: 1 },
        What::SignedUp { ticket: TicketId(Uuid::from_u128(3)), number: 2 },
    ];
    let kept = (0..).zip(happened).map(|(n, what)| Kept::new(Nonce([n; 32]), Entry::new(at, what).text()));
    (kept.collect(), SigningKey::from_bytes(&[7; 32]))
}

fn json_lines<T: serde::Serialize>(lines: &[T]) -> String {
    lines.iter().map(|line| serde_json::to_string(line).unwrap() + "\n").collect()
}
