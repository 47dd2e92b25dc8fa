//! What the runs went through, by name.

use std::{collections::BTreeMap, fmt};

use chassis::faults::CrashPoint;

/// What the protocol can do; a run of all seeds reaches each.
pub const PROTOCOL: &[&str] = &[
    "relay: batch stored",
    "relay: known id in a batch, sent singly",
    "relay: one stored",
    "relay: no answer in time, began again",
    "relay: marked",
    "relay: lock taken over",
    "consumer: took effect together",
    "consumer: took effect alone",
    "consumer: repeat met the inbox",
    "consumer: given back, store away",
    "consumer: given back after a failure",
    "consumer: dead letter",
    "consumer: dead letter tried again",
    "consumer: waited for another's inbox row",
    "command: committed",
    "command: refused",
    "command: refusal kept",
    "command: another was quicker than the refusal",
    "command: refused before, tried again",
    "command: repeat got the first answer",
    "command: key with another body",
    "command: waited for its key",
    "command: waited for a row",
    "command: lock timeout, tried again",
    "command: too late, dropped",
    "command: too late, not begun",
    "command: store away",
    "query: answered",
    "query: too late, dropped",
    "query: store away",
    "clock: done",
    "clock: left to another, or not due any more",
    "caller: answered",
    "caller: nobody listens, asked again",
    "caller: silence, asked again",
    "caller: passing problem, asked again",
    "caller: gave up in time",
    "caller: asked every replica",
    "caller: an answer that nobody waits for",
    "frozen: sessions ended by the store",
    "auditor: given back to the relay",
    "erased: dropped from the outbox",
    "commit order other than number order",
];

/// What goes wrong on purpose; a run of all seeds reaches each.
pub const FAULTS: &[&str] = &[
    "fault: replica killed",
    "fault: replica frozen",
    "fault: store restarted",
    "fault: store away",
    "fault: stream restarted",
    "fault: end of the stream lost",
    "fault: whole stream lost",
    "fault: packet lost",
    "fault: packet repeated",
    "fault: packet late",
    "fault: clock jumped",
    "fault: clock went back",
    "fault: event that fails",
];

/// The crash points that the simulator knows. Messages to people are not simulated.
pub const CRASHES: [CrashPoint; 10] = [
    CrashPoint::CommandBeforeCommit,
    CrashPoint::CommandAfterCommit,
    CrashPoint::RelayBeforePublish,
    CrashPoint::RelayAfterPublish,
    CrashPoint::RelayAfterMark,
    CrashPoint::ConsumerBeforeCommit,
    CrashPoint::ConsumerAfterCommit,
    CrashPoint::ConsumerAfterAck,
    CrashPoint::ScheduleBeforePass,
    CrashPoint::AuditBeforeRefill,
];

/// How often each was reached.
#[derive(Debug, Clone, Default)]
pub struct Coverage(BTreeMap<&'static str, u64>);

impl Coverage {
    /// Once more.
    pub fn reach(&mut self, name: &'static str) {
        *self.0.entry(name).or_default() += 1;
    }

    /// How often.
    pub fn count(&self, name: &str) -> u64 {
        self.0.get(name).copied().unwrap_or_default()
    }

    /// What begins so, in all.
    pub fn sum(&self, names: &[&'static str]) -> u64 {
        names.iter().map(|name| self.count(name)).sum()
    }

    /// Together with another.
    pub fn add(&mut self, other: &Self) {
        for (name, count) in &other.0 {
            *self.0.entry(name).or_default() += count;
        }
    }

    /// Those of these that were never reached.
    pub fn unreached(&self, names: impl IntoIterator<Item = &'static str>) -> Vec<&'static str> {
        names.into_iter().filter(|name| self.count(name) == 0).collect()
    }
}

impl fmt::Display for Coverage {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (name, count) in &self.0 {
            writeln!(f, "{count:>10}  {name}")?;
        }
        Ok(())
    }
}
