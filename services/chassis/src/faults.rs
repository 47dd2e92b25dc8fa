//! Faults on purpose, for the proof that the platform survives them: places where a process can be made to die or to
//! stand still (RELIABILITY rule 29), mistakes that the checkers must find (RELIABILITY T10), clocks that jump (T23).
//!
//! They are there only with the feature `faults`, which nothing but the tests asks for. Without it every
//! [`crash_point`] is nothing, every [`planted`] is `false` and no clock jumps, known when compiled.

/// A place where a process can be made to die, with `DBJ_CRASH_AT=<name>` or `DBJ_CRASH_AT=<name>:<n>` for the
/// n-th time it comes by, or to stand still, with `DBJ_FREEZE_AT` likewise.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum CrashPoint {
    /// A command has decided and written, and has not committed.
    CommandBeforeCommit,
    /// A command is committed, and nobody knows it yet.
    CommandAfterCommit,
    /// The relay has read what waits, and has sent nothing.
    RelayBeforePublish,
    /// The stream has it, and the outbox does not know it.
    RelayAfterPublish,
    /// The outbox knows it.
    RelayAfterMark,
    /// Events took effect in a transaction that is not committed.
    ConsumerBeforeCommit,
    /// The effect is committed, and the event is not acknowledged.
    ConsumerAfterCommit,
    /// The event is acknowledged.
    ConsumerAfterAck,
    /// Work by the clock begins a pass.
    ScheduleBeforePass,
    /// A message to someone is claimed, and not handed to the notifier.
    DispatchAfterClaim,
    /// The notifier has a message, and the sender does not know it.
    DispatchAfterHandOver,
    /// The auditor has found what is missing, and has not said so to the relay.
    AuditBeforeRefill,
}

impl CrashPoint {
    /// Every one.
    pub const ALL: [Self; 12] = [
        Self::CommandBeforeCommit,
        Self::CommandAfterCommit,
        Self::RelayBeforePublish,
        Self::RelayAfterPublish,
        Self::RelayAfterMark,
        Self::ConsumerBeforeCommit,
        Self::ConsumerAfterCommit,
        Self::ConsumerAfterAck,
        Self::ScheduleBeforePass,
        Self::DispatchAfterClaim,
        Self::DispatchAfterHandOver,
        Self::AuditBeforeRefill,
    ];

    /// Its name in `DBJ_CRASH_AT`.
    pub const fn name(self) -> &'static str {
        match self {
            Self::CommandBeforeCommit => "command-before-commit",
            Self::CommandAfterCommit => "command-after-commit",
            Self::RelayBeforePublish => "relay-before-publish",
            Self::RelayAfterPublish => "relay-after-publish",
            Self::RelayAfterMark => "relay-after-mark",
            Self::ConsumerBeforeCommit => "consumer-before-commit",
            Self::ConsumerAfterCommit => "consumer-after-commit",
            Self::ConsumerAfterAck => "consumer-after-ack",
            Self::ScheduleBeforePass => "schedule-before-pass",
            Self::DispatchAfterClaim => "dispatch-after-claim",
            Self::DispatchAfterHandOver => "dispatch-after-hand-over",
            Self::AuditBeforeRefill => "audit-before-refill",
        }
    }
}

/// A mistake that others made and that we plant to see that our checkers find it, with `DBJ_PLANTED=<name>`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Bug {
    /// The relay remembers the last number it sent and reads on from there; numbers commit out of order.
    NaivePoll,
    /// The consumer acknowledges before its effect is committed.
    AckBeforeCommit,
    /// The consumer does not look whether an event took effect before.
    NoInbox,
    /// A command takes its idempotency key without waiting for a repeat at the same moment.
    NoLock,
    /// A command reads the state it decides on before it locks.
    LockAfterRead,
    /// Two relays send at the same time, each what the other has not locked.
    TwoRelays,
    /// What ran out is ended without looking whether it changed meanwhile.
    ExpiryIgnoresVersion,
    /// The consumer remembers the highest stream number instead of event ids.
    DedupBySequence,
}

impl Bug {
    /// Every one.
    pub const ALL: [Self; 8] = [
        Self::NaivePoll,
        Self::AckBeforeCommit,
        Self::NoInbox,
        Self::NoLock,
        Self::LockAfterRead,
        Self::TwoRelays,
        Self::ExpiryIgnoresVersion,
        Self::DedupBySequence,
    ];

    /// Its name in `DBJ_PLANTED`.
    pub const fn name(self) -> &'static str {
        match self {
            Self::NaivePoll => "naive-poll",
            Self::AckBeforeCommit => "ack-before-commit",
            Self::NoInbox => "no-inbox",
            Self::NoLock => "no-lock",
            Self::LockAfterRead => "lock-after-read",
            Self::TwoRelays => "two-relays",
            Self::ExpiryIgnoresVersion => "expiry-ignores-version",
            Self::DedupBySequence => "dedup-by-sequence",
        }
    }
}

/// Dies here, without a word to anyone, or stands still until somebody thaws it, if this process was told to: by
/// `DBJ_CRASH_AT`, by `DBJ_FREEZE_AT`.
#[cfg(feature = "faults")]
pub fn crash_point(point: CrashPoint) {
    use std::{
        process::Command,
        sync::{
            LazyLock,
            atomic::{AtomicU32, Ordering},
        },
    };
    type Told = Option<(String, AtomicU32)>;
    fn told(name: &str) -> Told {
        let text = from_environment(name)?;
        let (name, times) = text.split_once(':').unwrap_or((&text, "1"));
        Some((name.to_owned(), AtomicU32::new(times.parse().ok()?)))
    }
    fn is_here(told: &Told, point: CrashPoint) -> bool {
        let counted = told.as_ref().filter(|(name, _)| name == point.name());
        counted.is_some_and(|(_, left)| left.fetch_sub(1, Ordering::SeqCst) == 1)
    }
    static DIES: LazyLock<Told> = LazyLock::new(|| told("DBJ_CRASH_AT"));
    static FREEZES: LazyLock<Told> = LazyLock::new(|| told("DBJ_FREEZE_AT"));
    if is_here(&DIES, point) {
        // As a power cut: no destructors, no goodbye to the servers.
        eprintln!("crash point {}", point.name());
        std::process::abort();
    }
    if is_here(&FREEZES, point) {
        eprintln!("frozen at {}", point.name());
        // All of it: every thread, at this very place.
        let _ = Command::new("/bin/sh").args(["-c", "kill -STOP $PPID"]).status();
    }
}

/// Dies here if this process was told to: never, without the feature `faults`.
#[cfg(not(feature = "faults"))]
pub const fn crash_point(_: CrashPoint) {}

/// Whether this process was told to make this mistake, perhaps besides others, with commas between.
#[cfg(feature = "faults")]
pub fn planted(bug: Bug) -> bool {
    static PLANTED: std::sync::LazyLock<String> =
        std::sync::LazyLock::new(|| from_environment("DBJ_PLANTED").unwrap_or_default());
    PLANTED.split(',').any(|name| name == bug.name())
}

/// Whether this process was told to make this mistake: never, without the feature `faults`.
#[cfg(not(feature = "faults"))]
pub const fn planted(_: Bug) -> bool {
    false
}

/// How far the clocks have jumped that this process reads, in milliseconds: that of PostgreSQL, and that of its own
/// machine. Both stand in the file that `DBJ_CLOCKS` names, and a test may change them while the process runs.
#[cfg(feature = "faults")]
pub(crate) fn clock_jumps() -> (i64, i64) {
    static FILE: std::sync::LazyLock<Option<String>> =
        std::sync::LazyLock::new(|| from_environment("DBJ_CLOCKS"));
    let Some(file) = FILE.as_ref() else { return (0, 0) };
    let text = std::fs::read_to_string(file).unwrap_or_default();
    let mut numbers = text.split_whitespace().map(|number| number.parse().unwrap_or_default());
    (numbers.next().unwrap_or_default(), numbers.next().unwrap_or_default())
}

/// How far the clocks have jumped: not at all, without the feature `faults`.
#[cfg(not(feature = "faults"))]
pub(crate) const fn clock_jumps() -> (i64, i64) {
    (0, 0)
}

#[cfg(feature = "faults")]
fn from_environment(name: &str) -> Option<String> {
    #[expect(clippy::disallowed_methods, reason = "faults are told to one process and are no setting")]
    std::env::var(name).ok()
}
