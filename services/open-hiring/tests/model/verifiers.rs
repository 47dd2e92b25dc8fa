//! Two verifiers that share no code, ours and the one in Python, on the same thousand true ledgers and a thousand that
//! somebody tampered with: both accept all of the former and none of the latter.

use std::{fmt::Write as _, fs, path::Path, process::Command};

use chrono::{TimeDelta, TimeZone as _, Utc};
use ed25519_dalek::SigningKey;
use open_hiring::{
    domain::{
        Entry, State, What,
        ledger::{Hash, Head, Kept, Nonce},
    },
    verify::{self, HeadLine, KeyLine, LedgerLine},
};
use proto::QueueId;
use rand::{Rng as _, SeedableRng as _, rngs::StdRng, seq::SliceRandom as _};
use serde_json::json;

use super::{
    implementation::Driven,
    world::{PEOPLE, World},
};

const LEDGERS: usize = 1_000;
const TAMPERINGS: [&str; 6] = ["swap", "drop", "change", "insert", "truncate", "erase"];

/// What an auditor holds in hands.
#[derive(Clone)]
struct Case {
    queue_id: QueueId,
    kept: Vec<Kept>,
    heads: Vec<HeadLine>,
    key: KeyLine,
}

impl Case {
    /// People do what they can in any order; now and then a head is published, and the last one at the end.
    fn played(dice: &mut StdRng) -> Self {
        let (mut world, mut driven) = (World::new(), Driven::new());
        for _ in 0..dice.gen_range(1..60) {
            let possible: Vec<_> =
                World::deeds().into_iter().filter(|deed| world.with(*deed, None).is_some()).collect();
            let Some(deed) = possible.choose(dice) else { break };
            driven.does(*deed);
            world = world.with(*deed, None).unwrap_or(world);
            if dice.gen_bool(0.2)
                && let Some((passes, after)) =
                    World::passing().choose(dice).and_then(|passes| Some((*passes, world.after(*passes)?)))
            {
                driven.passes(passes);
                world = after;
            }
        }
        let mut entries = driven.entries.clone();
        let erased = dice.gen_bool(0.5).then(|| dice.gen_range(0..PEOPLE)).and_then(|person| {
            let ticket = driven.ticket(person)?;
            if let State::Offered { place, .. } | State::Yes { place } = ticket.state {
                entries.push(Entry::new(driven.now, What::PlaceFreed { place }));
            }
            Some(ticket.ticket_id)
        });
        let queue_id = driven.queue_id();
        let secret = SigningKey::from_bytes(&[7; 32]);
        let mut heads = Vec::new();
        let mut head = Hash::genesis(queue_id);
        let mut kept = Vec::new();
        for (n, entry) in (1..).zip(&entries) {
            let mut one = Kept::new(Nonce(dice.r#gen()), entry.text());
            head = head.then(one.commitment);
            if n == entries.len() || dice.gen_bool(0.03) {
                let hour = Utc.with_ymd_and_hms(2026, 12, 1, 9, 0, 0).unwrap()
                    + TimeDelta::hours(heads.len() as i64);
                heads.push(HeadLine::of(&Head::sign(queue_id, n as u64, head, hour, &secret)));
            }
            if entry.what.ticket().is_some_and(|ticket| Some(ticket) == erased) {
                one.content = None;
            }
            kept.push(one);
        }
        Self { queue_id, kept, heads, key: KeyLine::of(&secret.verifying_key()) }
    }

    fn lines(&self) -> Vec<LedgerLine> {
        verify::lines(self.queue_id, &self.kept)
    }

    /// Somebody who cannot sign changes what is kept; `None` when that would change nothing.
    fn tampered(&self, how: &str, dice: &mut StdRng) -> Option<Self> {
        let mut case = self.clone();
        let one = dice.gen_range(0..case.kept.len());
        match how {
            "swap" => case.kept.swap(one, dice.gen_range(0..self.kept.len())),
            "drop" => drop(case.kept.remove(one)),
            "change" => {
                let (nonce, entry) = case.kept[one].content.take()?;
                let mut bytes = entry.into_bytes();
                let byte = dice.gen_range(0..bytes.len());
                // Stays text: one printable character for another.
                bytes[byte] = 32 + (bytes[byte] - 32 + dice.gen_range(1..95)) % 95;
                case.kept[one] = Kept::new(nonce, String::from_utf8(bytes).ok()?);
            }
            "insert" => {
                let copy = case.kept[dice.gen_range(0..self.kept.len())].clone();
                case.kept.insert(one, copy);
            }
            "truncate" => case.kept.truncate(one),
            _ => {
                // An erasure that never was, with a commitment to something else.
                let other = Kept::new(Nonce(dice.r#gen()), "{}".to_owned());
                case.kept[one] = Kept { content: None, ..other };
            }
        }
        // What nobody can read and no head proves yet, nobody can judge.
        let hidden = case.kept.strip_prefix(self.kept.as_slice());
        let is_unseen = hidden.is_some_and(|added| added.iter().all(|one| one.content.is_none()));
        (!is_unseen).then_some(case)
    }

    fn line_for_python(&self, name: &str) -> String {
        json!({ "case": name, "keys": [self.key], "heads": self.heads, "ledger": self.lines() }).to_string()
    }
}

#[test]
fn both_verifiers_accept_what_is_true_and_find_every_tampering() {
    let mut dice = StdRng::seed_from_u64(20_261_122);
    let mut cases = String::new();
    let (mut erased, mut entries) = (0, 0);
    let mut tampered = Vec::new();
    for n in 0..LEDGERS {
        let case = Case::played(&mut dice);
        let verdict = verify::verify(std::slice::from_ref(&case.key), &case.heads, &case.lines());
        assert_eq!(verdict.wrong, [] as [String; 0], "ledger {n}");
        entries += verdict.entries;
        erased += verdict.erased;
        let _ = writeln!(cases, "{}", case.line_for_python(&format!("true-{n}")));
        let how = TAMPERINGS[n % TAMPERINGS.len()];
        let other = (0..100).find_map(|_| case.tampered(how, &mut dice)).expect("something to tamper with");
        let verdict = verify::verify(std::slice::from_ref(&other.key), &other.heads, &other.lines());
        assert!(!verdict.wrong.is_empty(), "{how} in ledger {n} was not found");
        tampered.push(other.line_for_python(&format!("{how}-{n}")));
    }
    assert!(entries > 10_000 && erased > 500, "{entries} entries, {erased} erased: too few to say anything");
    for line in &tampered {
        let _ = writeln!(cases, "{line}");
    }
    let file = std::env::temp_dir().join(format!("dbj-ledgers-{}.jsonl", std::process::id()));
    fs::write(&file, cases).unwrap();
    let verifier = Path::new(env!("CARGO_MANIFEST_DIR")).join("verifier/verify_queue.py");
    let told = Command::new("python3").arg(verifier).arg("--cases").arg(&file).output().unwrap();
    fs::remove_file(&file).unwrap();
    let said = String::from_utf8(told.stdout).unwrap();
    let mut counted = [0, 0];
    for line in said.lines().filter(|line| !line.is_empty()) {
        let (name, verdict) = line.split_once(": ").unwrap_or_else(|| panic!("{line}"));
        let is_true = name.starts_with("true-");
        assert_eq!(verdict.starts_with("true"), is_true, "the verifier in Python said {line}");
        counted[usize::from(is_true)] += 1;
    }
    assert_eq!(counted, [LEDGERS, LEDGERS], "{}", String::from_utf8_lossy(&told.stderr));
    println!("{LEDGERS} true ledgers with {entries} entries, {erased} of them erased; {LEDGERS} tamperings");
}
