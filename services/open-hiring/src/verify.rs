//! `dichterbij verify-queue`: whether a ledger is what was published, and whether what it tells was allowed to happen.
//! The files are those of docs/queue-ledger.md. `verifier/` has a second opinion that shares no code with this one.

use std::collections::BTreeMap;

use chrono::{DateTime, SecondsFormat, Utc};
use ed25519_dalek::VerifyingKey;
use proto::{QueueId, open_hiring::HeadPublished};
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use crate::domain::{
    Entry,
    answer_time::AnswerTime,
    ledger::{Hash, Head, Kept, Nonce, hex},
    line::Line,
};

/// What the first line of a ledger says it is.
const LEDGER: &str = "dichterbij queue v1";

/// A line of `keys.jsonl`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct KeyLine {
    key: String,
    ed25519: String,
}

impl KeyLine {
    /// The public key as it is published.
    pub fn of(key: &VerifyingKey) -> Self {
        Self { key: crate::domain::ledger::key_id(key), ed25519: hex(key.as_bytes()) }
    }
}

/// A line of `heads.jsonl`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct HeadLine {
    queue: Uuid,
    count: u64,
    head: String,
    hour: String,
    key: String,
    signature: String,
}

impl HeadLine {
    /// The head as it is published.
    pub fn of(head: &Head) -> Self {
        Self {
            queue: head.queue_id.0,
            count: head.count,
            head: head.head.hex(),
            hour: head.hour.to_rfc3339_opts(SecondsFormat::Secs, true),
            key: head.key.clone(),
            signature: hex(&head.signature),
        }
    }

    /// The same, of what was told.
    pub fn told(head: &HeadPublished) -> Self {
        Self {
            queue: head.queue.0,
            count: head.count,
            head: head.head.clone(),
            hour: head.hour.to_rfc3339_opts(SecondsFormat::Secs, true),
            key: head.key.clone(),
            signature: head.signature.clone(),
        }
    }

    fn read(&self) -> Option<Head> {
        let hour: DateTime<Utc> = self.hour.parse().ok()?;
        let is_written_so = hour.to_rfc3339_opts(SecondsFormat::Secs, true) == self.hour;
        let (first, second) = self.signature.split_at_checked(64)?;
        let mut signature = [0; 64];
        signature[..32].copy_from_slice(&Hash::from_hex(first)?.0);
        signature[32..].copy_from_slice(&Hash::from_hex(second)?.0);
        let head = Head {
            queue_id: QueueId(self.queue),
            count: self.count,
            head: Hash::from_hex(&self.head)?,
            hour,
            key: self.key.clone(),
            signature,
        };
        is_written_so.then_some(head)
    }
}

/// A line of `ledger.jsonl`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(untagged)]
pub enum LedgerLine {
    /// The first.
    First(First),
    /// An entry that can be read.
    Entry(EntryLine),
    /// An entry whose person was erased.
    Erased(ErasedLine),
}

/// Which ledger it is.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct First {
    ledger: String,
    queue: Uuid,
}

/// An entry that can be read.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct EntryLine {
    n: u64,
    nonce: String,
    entry: String,
}

/// An entry whose person was erased.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ErasedLine {
    n: u64,
    commitment: String,
}

/// The lines of a ledger.
pub fn lines(queue_id: QueueId, kept: &[Kept]) -> Vec<LedgerLine> {
    let first = LedgerLine::First(First { ledger: LEDGER.to_owned(), queue: queue_id.0 });
    let entries = (1..).zip(kept).map(|(n, kept)| match &kept.content {
        Some((nonce, entry)) => LedgerLine::Entry(EntryLine { n, nonce: nonce.hex(), entry: entry.clone() }),
        None => LedgerLine::Erased(ErasedLine { n, commitment: kept.commitment.hex() }),
    });
    std::iter::once(first).chain(entries).collect()
}

/// What was looked at, and what is wrong.
#[derive(Debug, Default, PartialEq, Eq)]
pub struct Verdict {
    /// Entries of the ledger.
    pub entries: u64,
    /// Those that are erased.
    pub erased: u64,
    /// Entries after the last published head, which nothing proves yet.
    pub unproven: u64,
    /// Published heads of this queue.
    pub heads: u64,
    /// Each in one sentence; empty when all holds.
    pub wrong: Vec<String>,
}

/// Looks at everything. Stops at nothing: what can be judged is judged.
pub fn verify(keys: &[KeyLine], heads: &[HeadLine], ledger: &[LedgerLine]) -> Verdict {
    let mut verdict = Verdict::default();
    let Some((LedgerLine::First(first), rest)) = ledger.split_first() else {
        verdict.wrong.push("The ledger does not begin with a line that says which ledger it is.".to_owned());
        return verdict;
    };
    if first.ledger != LEDGER {
        verdict.wrong.push(format!("The ledger says it is {:?}, not {LEDGER:?}.", first.ledger));
        return verdict;
    }
    let queue_id = QueueId(first.queue);
    let chain = chain(queue_id, rest, &mut verdict);
    judge_heads(queue_id, keys, heads, &chain, &mut verdict);
    judge_entries(queue_id, rest, &mut verdict);
    verdict
}

/// The heads of a ledger, from the one in which nothing happened yet.
fn chain(queue_id: QueueId, rest: &[LedgerLine], verdict: &mut Verdict) -> Vec<Hash> {
    let mut heads = vec![Hash::genesis(queue_id)];
    for (expected, line) in (1..).zip(rest) {
        let (n, commitment) = match line {
            LedgerLine::First(_) => (None, None),
            LedgerLine::Entry(line) => {
                let nonce = Nonce::from_hex(&line.nonce);
                (Some(line.n), nonce.map(|nonce| Hash::of_entry(&nonce, &line.entry)))
            }
            LedgerLine::Erased(line) => {
                verdict.erased += 1;
                (Some(line.n), Hash::from_hex(&line.commitment))
            }
        };
        verdict.entries += 1;
        if n != Some(expected) {
            verdict.wrong.push(format!("Where entry {expected} belongs stands another."));
        }
        let Some(commitment) = commitment else {
            verdict.wrong.push(format!("Entry {expected} has no nonce or commitment that can be read."));
            return heads;
        };
        let last = heads[heads.len() - 1];
        heads.push(last.then(commitment));
    }
    heads
}

fn judge_heads(
    queue_id: QueueId,
    keys: &[KeyLine],
    heads: &[HeadLine],
    chain: &[Hash],
    verdict: &mut Verdict,
) {
    let keys: BTreeMap<String, VerifyingKey> = keys
        .iter()
        .filter_map(|line| {
            let key = VerifyingKey::from_bytes(&Hash::from_hex(&line.ed25519)?.0).ok()?;
            Some((line.key.clone(), key))
        })
        .collect();
    let mut last: Option<Head> = None;
    for line in heads.iter().filter(|line| line.queue == queue_id.0) {
        let hour = &line.hour;
        verdict.heads += 1;
        let Some(head) = line.read() else {
            verdict.wrong.push(format!("The head of {hour} cannot be read."));
            continue;
        };
        if !keys.get(&head.key).is_some_and(|key| head.is_signed_by(key)) {
            verdict.wrong.push(format!("The head of {hour} is not signed by a key of this installation."));
        }
        match usize::try_from(head.count).ok().and_then(|count| chain.get(count)) {
            Some(found) if *found == head.head => {}
            Some(_) => verdict
                .wrong
                .push(format!("The first {} entries do not lead to the head of {hour}.", head.count)),
            None => verdict.wrong.push(format!(
                "The ledger is cut off: {} entries were published at {hour}, and it has {}.",
                head.count,
                chain.len() - 1
            )),
        }
        if last.as_ref().is_some_and(|last| last.count > head.count || last.hour >= head.hour) {
            verdict.wrong.push(format!("The head of {hour} does not come after the one before it."));
        }
        last = Some(head);
    }
    verdict.unproven = verdict.entries.saturating_sub(last.map_or(0, |head| head.count));
}

fn judge_entries(queue_id: QueueId, rest: &[LedgerLine], verdict: &mut Verdict) {
    // How long people had to answer stands in each offer, and who was admitted is no question once she is.
    let answer_time = AnswerTime::new(1, 0, 24).expect("an hour of any day");
    let mut line = Line::new(queue_id, DateTime::UNIX_EPOCH, answer_time, true);
    for (n, entry) in (1..).zip(rest) {
        match entry {
            LedgerLine::First(_) => {}
            LedgerLine::Erased(_) => line.add_erased(),
            LedgerLine::Entry(entry) => match read(&entry.entry) {
                None => verdict.wrong.push(format!("Entry {n} cannot be read.")),
                Some(entry) => {
                    if let Err(wrong) = line.add(&entry) {
                        verdict.wrong.push(format!("Entry {n} must not stand there: {wrong}."));
                    }
                }
            },
        }
    }
    if let Err(wrong) = line.check() {
        verdict.wrong.push(format!("In the end places and people contradict each other: {wrong}."));
    }
}

/// An entry, if its text is exactly how it is written.
fn read(text: &str) -> Option<Entry> {
    let entry: Entry = serde_json::from_str(text).ok()?;
    (entry.at == Entry::moment(entry.at) && entry.text() == text).then_some(entry)
}
