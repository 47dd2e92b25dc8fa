//! One service in the simulator: its schema, its two replicas, and what each of them is in the middle of.
//!
//! Whatever several replicas can be in the middle of at once is cut into steps here: a step is what happens without
//! anybody else in between. Between two steps everything else may happen, and every process may die.

use std::collections::{BTreeMap, BTreeSet, VecDeque};

use chassis::{
    faults::{Bug, CrashPoint},
    proof::{Dice, Proof, Stop, Table, Told, Work},
    protocol::{
        self, AfterAlone, AfterAttempt, AfterBatch, AfterTogether, Ended, Key, Refused, Sending, Whom,
    },
};
use chrono::{DateTime, TimeDelta, Utc};
use proto::{Kind, Service};
use uuid::Uuid;

use super::{
    stream::{Brought, EventId, Sent},
    world::{Answer, Asked, Cx, Packet, Violation},
};

/// Replicas of each service.
pub(super) const REPLICAS: usize = 2;
/// Rows that a relay reads at once here: few, so that there are several batches.
const RELAYED: usize = 4;
/// How long a transaction waits for a lock (`lock_timeout`), in milliseconds.
const LOCK_TIMEOUT_MS: i64 = 3_000;
/// How long a relay waits for the stream's word, in milliseconds.
const REQUEST_MS: i64 = 10_000;
/// How long a session may stand still before the store ends it, in milliseconds: in a transaction
/// (`idle_in_transaction_session_timeout`) and with the relay's lock (`idle_session_timeout`).
const STANDSTILL_MS: i64 = 10_000;
/// How often an idle relay looks by itself, in milliseconds.
const POLL_MS: i64 = 1_000;

/// Whether something was done, or what is broken.
pub(super) type Act = Result<bool, Violation>;

#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Lock {
    Row(Uuid),
    Key(u32),
    Inbox(EventId),
}

struct OutRow {
    event: EventId,
    number: u64,
    told: Told,
    published: bool,
    /// How often the auditor gave it back.
    refills: u32,
    blanked: bool,
}

enum Job<P: Proof> {
    Command(Asked),
    Query(Asked),
    Hear { brought: Vec<Brought>, alone: bool },
    Clock { id: Uuid, due: P::Due },
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Stage {
    Begin,
    Key,
    Work,
    LateLock,
    Commit,
    Committed,
}

struct Draft<R> {
    /// How often each row that it held had been written when it read it.
    read: BTreeMap<Uuid, u32>,
    changed: BTreeMap<Uuid, Option<R>>,
    out: Vec<OutRow>,
    forgotten: Vec<Uuid>,
    heard: Vec<EventId>,
}

struct Tx<P: Proof> {
    id: u32,
    replica: usize,
    job: Job<P>,
    stage: Stage,
    now: DateTime<Utc>,
    /// Of its chance; the same when it begins again.
    seed: u64,
    waits_since: Option<i64>,
    repeats: u32,
    draft: Option<Draft<P::Row>>,
    /// What was refused, while that is being kept.
    refused: Option<&'static str>,
    /// Whether its session was ended while its process stood still.
    is_cut: bool,
    answer: u32,
}

enum Relay {
    Idle { until: i64 },
    Read,
    Send { rows: Vec<EventId> },
    Sending { rows: Vec<EventId>, batch: bool, done: usize, token: u32, until: i64 },
    Mark { rows: Vec<EventId> },
}

struct Replica {
    /// Raised at each start: what comes for an earlier one goes nowhere.
    life: u32,
    down_until: Option<i64>,
    frozen_since: i64,
    frozen_until: i64,
    /// Whether the session of its relay was ended while it stood still.
    relay_is_cut: bool,
    relay: Relay,
    relay_failures: u32,
    reads: bool,
    reads_at: i64,
    alone: VecDeque<Brought>,
    /// What [`Bug::DedupBySequence`] remembers.
    highest: u64,
    missing: Vec<EventId>,
    /// Calls that reached it while it was frozen.
    swallowed: Vec<Asked>,
}

impl Replica {
    fn new(life: u32) -> Self {
        Self {
            life,
            down_until: None,
            frozen_since: 0,
            frozen_until: 0,
            relay_is_cut: false,
            relay: Relay::Idle { until: 0 },
            relay_failures: 0,
            reads: false,
            reads_at: 0,
            alone: VecDeque::new(),
            highest: 0,
            missing: Vec::new(),
            swallowed: Vec::new(),
        }
    }

    fn works(&self, now: i64) -> bool {
        self.down_until.is_none() && self.frozen_until <= now
    }
}

/// A service's schema and replicas.
pub(super) struct Shop<P: Proof> {
    proof: P,
    table: Table<P::Row>,
    writes: BTreeMap<Uuid, u32>,
    asks: Vec<P::Ask>,
    outbox: Vec<OutRow>,
    numbers: u64,
    highest_committed: u64,
    inbox: BTreeSet<EventId>,
    /// Which commit each key and body got.
    answers: BTreeMap<u32, (u8, u32)>,
    /// How and when which key with which body was refused.
    refusals: BTreeMap<(u32, u8), (Answer, DateTime<Utc>)>,
    last_commit: u32,
    failed: BTreeMap<EventId, i32>,
    dead: Vec<Brought>,
    locks: BTreeMap<Lock, u32>,
    relay_lock: Option<usize>,
    /// Rows that a relay of [`Bug::TwoRelays`] has locked.
    relay_rows: BTreeMap<EventId, usize>,
    txs: Vec<Box<Tx<P>>>,
    next_tx: u32,
    replicas: [Replica; REPLICAS],
}

/// What the world does with any service.
pub(super) trait Stand {
    /// Which.
    fn service(&self) -> Service;
    /// See [`Proof::steps`].
    fn steps(&self) -> &'static [&'static str];
    /// See [`Proof::jumps`].
    fn jumps(&self) -> &'static [TimeDelta];
    /// Thinks of something to ask; its number and what it says.
    fn think(&mut self, cx: &mut Cx) -> Option<usize>;
    /// A call arrives at one replica, or at every one; `false` when there is none.
    fn call(&mut self, asked: Asked, whom: Whom, cx: &mut Cx) -> bool;
    /// The stream's word about what a relay sent.
    fn stored(&mut self, replica: usize, life: u32, token: u32, answer: Result<i64, u64>, cx: &mut Cx);
    /// A transaction goes on.
    fn transact(&mut self, cx: &mut Cx) -> Act;
    /// A relay goes on.
    fn relay(&mut self, replica: usize, cx: &mut Cx) -> Act;
    /// A reader goes on.
    fn read(&mut self, replica: usize, cx: &mut Cx) -> Act;
    /// Work by the clock begins for one row.
    fn pass(&mut self, replica: usize, cx: &mut Cx) -> Act;
    /// An auditor goes on.
    fn audit(&mut self, replica: usize, cx: &mut Cx) -> Act;
    /// A person tries a dead letter again.
    fn try_dead_letter(&mut self, cx: &mut Cx) -> bool;
    /// A replica dies until then.
    fn kill(&mut self, replica: usize, until: i64, cx: &mut Cx);
    /// A replica stops, with everything it holds, until then.
    fn freeze(&mut self, replica: usize, until: i64, cx: &mut Cx);
    /// Replicas whose time has come start or go on.
    fn revive(&mut self, cx: &mut Cx);
    /// Every connection to the store is lost.
    fn lose_store(&mut self, cx: &mut Cx);
    /// The next moment at which something goes on by itself.
    fn next_timer(&self, now: i64) -> Option<i64>;
    /// Something that is not done yet.
    fn waiting(&self, cx: &Cx) -> Option<String>;
    /// Events that nobody took back.
    fn events(&self) -> Vec<(EventId, Told)>;
    /// What a replay announces.
    fn announced(&self) -> Vec<Told>;
    /// What holds besides when all is quiet.
    ///
    /// # Errors
    /// When it does not (T9).
    fn at_rest(&self, cx: &Cx) -> Result<(), Violation>;
    /// Whose answer rows still wait for.
    fn owed(&self) -> Vec<(Service, String)>;
    /// Compares what is kept of others' facts with a rebuild from nothing.
    ///
    /// # Errors
    /// When they differ (T6).
    fn compare(&self, announced: &[Told], cx: &Cx) -> Result<(), Violation>;
}

/// A message in the trace, made only when somebody reads it.
macro_rules! note {
    ($cx:expr, $($text:tt)*) => {
        if $cx.traced() { $cx.note(format!($($text)*)); }
    };
}

impl<P: Proof> Shop<P> {
    /// An empty schema and replicas that run.
    pub(super) fn new(proof: P) -> Self {
        Self {
            proof,
            table: Table::default(),
            writes: BTreeMap::new(),
            asks: Vec::new(),
            outbox: Vec::new(),
            numbers: 0,
            highest_committed: 0,
            inbox: BTreeSet::new(),
            answers: BTreeMap::new(),
            refusals: BTreeMap::new(),
            last_commit: 0,
            failed: BTreeMap::new(),
            dead: Vec::new(),
            locks: BTreeMap::new(),
            relay_lock: None,
            relay_rows: BTreeMap::new(),
            txs: Vec::new(),
            next_tx: 0,
            replicas: std::array::from_fn(|_| Replica::new(0)),
        }
    }

    fn begin(&mut self, replica: usize, job: Job<P>, cx: &mut Cx) {
        self.next_tx += 1;
        self.txs.push(Box::new(Tx {
            id: self.next_tx,
            replica,
            job,
            stage: Stage::Begin,
            now: cx.moment(),
            seed: cx.dice.below(1 << 31) as u64,
            waits_since: None,
            repeats: 0,
            draft: None,
            refused: None,
            is_cut: false,
            answer: 0,
        }));
    }

    fn unlock(&mut self, tx: u32) {
        self.locks.retain(|_, holder| *holder != tx);
    }

    /// Takes a lock, unless somebody else has it.
    fn lock(&mut self, lock: Lock, tx: u32) -> bool {
        *self.locks.entry(lock).or_insert(tx) == tx
    }

    /// A call has arrived at a replica that works.
    fn take(&mut self, replica: usize, asked: Asked, cx: &mut Cx) {
        let is_late = protocol::is_late(Some(asked.deadline), cx.now);
        match (asked.kind, is_late) {
            (Kind::Command, true) => cx.reach("command: too late, dropped"),
            (Kind::Query, true) => cx.reach("query: too late, dropped"),
            (Kind::Command, false) => self.begin(replica, Job::Command(asked), cx),
            (Kind::Query, false) => self.begin(replica, Job::Query(asked), cx),
        }
    }

    /// The store ends what a replica that stands still has begun.
    fn cut(&mut self, replica: usize, cx: &mut Cx) {
        let mut cut = Vec::new();
        for tx in self.txs.iter_mut().filter(|tx| tx.replica == replica && !tx.is_cut) {
            if !matches!(tx.stage, Stage::Begin | Stage::Committed) {
                tx.is_cut = true;
                cut.push(tx.id);
            }
        }
        for tx in &cut {
            self.unlock(*tx);
        }
        if self.relay_lock == Some(replica) {
            self.relay_lock = None;
            self.replicas[replica].relay_is_cut = true;
        }
        if !cut.is_empty() || self.replicas[replica].relay_is_cut {
            cx.reach("frozen: sessions ended by the store");
        }
        self.relay_rows.retain(|_, holder| *holder != replica);
    }

    fn reply(asked: &Asked, answer: Answer, cx: &mut Cx) {
        cx.send(Packet::Reply { call: asked.call, attempt: asked.attempt, answer });
    }

    /// The work of a transaction is over without a commit.
    fn end(&mut self, tx: Tx<P>, ended: Ended, cx: &mut Cx) {
        self.unlock(tx.id);
        match tx.job {
            Job::Command(asked) | Job::Query(asked) => Self::reply(&asked, Answer::Busy, cx),
            Job::Hear { brought, alone } => self.heard(tx.replica, brought, alone, ended, cx),
            Job::Clock { .. } => {}
        }
    }

    /// What becomes of events after their transaction.
    fn heard(&mut self, replica: usize, brought: Vec<Brought>, alone: bool, ended: Ended, cx: &mut Cx) {
        let service = self.proof.service();
        note!(cx, "{service}/{replica} heard {:?}: {ended:?}", events(&brought));
        self.replicas[replica].reads = false;
        if alone {
            for brought in brought {
                match protocol::after_alone(ended) {
                    AfterAlone::Acknowledge => {
                        cx.reach("consumer: took effect alone");
                        cx.acknowledge(service, &brought);
                    }
                    AfterAlone::GiveBack(wait) => cx.give_back(service, &brought, wait),
                    AfterAlone::Count => {
                        let attempts = self.failed.entry(brought.event).or_default();
                        *attempts += 1;
                        match protocol::after_attempt(*attempts) {
                            AfterAttempt::GiveBack(wait) => {
                                cx.reach("consumer: given back after a failure");
                                cx.give_back(service, &brought, wait);
                            }
                            AfterAttempt::Bury => {
                                cx.reach("consumer: dead letter");
                                cx.acknowledge(service, &brought);
                                self.dead.push(brought);
                            }
                        }
                    }
                }
            }
            return;
        }
        match protocol::after_together(ended) {
            AfterTogether::Acknowledge => {
                cx.reach("consumer: took effect together");
                for brought in &brought {
                    cx.acknowledge(service, brought);
                }
                if cx.crashes(CrashPoint::ConsumerAfterAck) {
                    self.kill(replica, cx.now + 500, cx);
                }
            }
            AfterTogether::GiveBack(wait) => {
                cx.reach("consumer: given back, store away");
                for brought in &brought {
                    cx.give_back(service, brought, wait);
                }
                self.replicas[replica].reads_at = cx.now + 1_000;
            }
            AfterTogether::TryEach => self.replicas[replica].alone.extend(brought),
        }
    }

    /// Waits for a lock, or gives up; the transaction goes back into the list unless it ended.
    fn wait(&mut self, mut tx: Box<Tx<P>>, cx: &mut Cx) -> bool {
        let since = *tx.waits_since.get_or_insert(cx.now);
        if cx.now - since < LOCK_TIMEOUT_MS {
            self.txs.push(tx);
            return since == cx.now;
        }
        self.unlock(tx.id);
        if matches!(tx.job, Job::Command(_)) && protocol::repeats(tx.repeats) {
            cx.reach("command: lock timeout, tried again");
            tx.repeats += 1;
            self.begin_again(tx);
        } else {
            self.end(*tx, Ended::Failed, cx);
        }
        true
    }

    fn begin_again(&mut self, mut tx: Box<Tx<P>>) {
        (tx.stage, tx.waits_since, tx.draft) = (Stage::Begin, None, None);
        (tx.refused, tx.is_cut) = (None, false);
        self.txs.push(tx);
    }

    /// Takes the key of a command, or enters events in the inbox.
    fn take_key(&mut self, mut tx: Box<Tx<P>>, cx: &mut Cx) -> bool {
        match &tx.job {
            Job::Command(asked) => {
                let asked = asked.clone();
                if cx.bug != Some(Bug::NoLock) && !self.lock(Lock::Key(asked.key), tx.id) {
                    cx.reach("command: waited for its key");
                    return self.wait(tx, cx);
                }
                let known = self.answers.get(&asked.key).copied();
                let hash = known.map(|(hash, _)| [hash]).unwrap_or_default();
                let stored = known.map(|(_, commit)| (hash.as_slice(), Some(Answer::Done(commit))));
                let before = self.refusals.get(&(asked.key, asked.hash)).copied();
                let refused =
                    before.map(|(answer, at)| Refused { answer, age_seconds: (tx.now - at).num_seconds() });
                let answer = match (protocol::key(stored, refused, &[asked.hash]), tx.refused) {
                    (Key::Fresh, None) => {
                        if before.is_some() {
                            cx.reach("command: refused before, tried again");
                        }
                        (tx.stage, tx.waits_since) = (Stage::Work, None);
                        self.txs.push(tx);
                        return true;
                    }
                    (Key::Fresh, Some(code)) => {
                        cx.reach("command: refusal kept");
                        let refusal = Answer::Refused(code, tx.now);
                        self.refusals.insert((asked.key, asked.hash), (refusal, tx.now));
                        refusal
                    }
                    (Key::Answered(answer), None) => {
                        cx.reach("command: repeat got the first answer");
                        answer
                    }
                    (Key::Answered(answer), Some(_)) => {
                        cx.reach("command: another was quicker than the refusal");
                        answer
                    }
                    (Key::OtherBody, None) => {
                        cx.reach("command: key with another body");
                        Answer::KeyReused
                    }
                    (Key::OtherBody, Some(code)) => Answer::Refused(code, tx.now),
                };
                self.unlock(tx.id);
                Self::reply(&asked, answer, cx);
            }
            Job::Hear { brought, .. } => {
                let has_inbox = !matches!(cx.bug, Some(Bug::NoInbox | Bug::DedupBySequence));
                let came: Vec<EventId> = brought.iter().map(|brought| brought.event).collect();
                if has_inbox && !came.iter().all(|event| self.lock(Lock::Inbox(*event), tx.id)) {
                    cx.reach("consumer: waited for another's inbox row");
                    return self.wait(tx, cx);
                }
                (tx.stage, tx.waits_since) = (Stage::Work, None);
                self.txs.push(tx);
            }
            Job::Clock { .. } => {
                tx.stage = Stage::Work;
                self.txs.push(tx);
            }
            Job::Query(asked) => {
                cx.reach("query: answered");
                Self::reply(asked, Answer::Seen(self.last_commit), cx);
            }
        }
        true
    }

    /// Decides, and writes what nobody sees before the commit.
    fn work(&mut self, mut tx: Box<Tx<P>>, cx: &mut Cx) -> bool {
        let is_late = match &tx.job {
            Job::Command(_) => cx.bug == Some(Bug::LockAfterRead),
            Job::Clock { .. } => cx.bug == Some(Bug::ExpiryIgnoresVersion),
            Job::Hear { .. } | Job::Query(_) => false,
        };
        let (locks, own) = (&self.locks, tx.id);
        let is_free = |row| is_late || locks.get(&Lock::Row(row)).is_none_or(|holder| *holder == own);
        let mut work = Work::new(tx.now, Dice::new(tx.seed), &self.table, &is_free);
        let mut heard = Vec::new();
        let result = match &tx.job {
            Job::Command(asked) => self.proof.decide(&mut work, &self.asks[asked.ask]),
            Job::Query(_) => Ok(()),
            Job::Hear { brought, .. } => {
                let came: Vec<EventId> = brought.iter().map(|brought| brought.event).collect();
                let entered: Vec<EventId> = if matches!(cx.bug, Some(Bug::NoInbox | Bug::DedupBySequence)) {
                    came.clone()
                } else {
                    came.iter().copied().filter(|event| !self.inbox.contains(event)).collect()
                };
                if entered.len() < came.len() {
                    cx.reach("consumer: repeat met the inbox");
                }
                let fresh = protocol::taking_effect(&came, &entered);
                let told: Vec<Told> = fresh.iter().map(|index| brought[*index].told.clone()).collect();
                heard = fresh.iter().map(|index| came[*index]).collect();
                if told.is_empty() { Ok(()) } else { self.proof.hear(&mut work, &told) }
            }
            Job::Clock { id, due } => match work.hold(*id) {
                // Rows in another's hand are left to it.
                Err(_) => Err(Stop::Refused("held by another")),
                Ok(row) => {
                    let still = row.as_ref().and_then(|row| self.proof.due(row, tx.now));
                    match if is_late { Some(*due) } else { still } {
                        Some(due) => self.proof.by_clock(&mut work, *id, due),
                        None => Err(Stop::Refused("not due any more")),
                    }
                }
            },
        };
        let Work { held, changed, told, forgotten, .. } = work;
        let read = held.iter().map(|id| (*id, self.writes.get(id).copied().unwrap_or_default())).collect();
        if !is_late {
            for id in held {
                self.locks.insert(Lock::Row(id), own);
            }
        }
        match result {
            Err(Stop::Waits(_)) => {
                if matches!(tx.job, Job::Command(_)) {
                    cx.reach("command: waited for a row");
                }
                return self.wait(tx, cx);
            }
            Err(Stop::Refused(code)) => {
                self.unlock(tx.id);
                match &tx.job {
                    // Everything is undone; the refusal is kept in a transaction of its own.
                    Job::Command(_) => {
                        cx.reach("command: refused");
                        (tx.refused, tx.stage, tx.waits_since) = (Some(code), Stage::Begin, None);
                        self.txs.push(tx);
                    }
                    Job::Clock { .. } => cx.reach("clock: left to another, or not due any more"),
                    Job::Hear { .. } | Job::Query(_) => {}
                }
                return true;
            }
            Ok(()) => {}
        }
        if let Job::Hear { brought, .. } = &tx.job
            && cx.fails(self.proof.service(), brought)
        {
            self.end(*tx, Ended::Failed, cx);
            return true;
        }
        let out = told
            .into_iter()
            .map(|told| {
                self.numbers += 1;
                let event = cx.next_event();
                OutRow { event, number: self.numbers, told, published: false, refills: 0, blanked: false }
            })
            .collect();
        tx.draft = Some(Draft { read, changed, out, forgotten, heard });
        tx.waits_since = None;
        tx.stage = if is_late { Stage::LateLock } else { Stage::Commit };
        self.txs.push(tx);
        true
    }

    /// Checks and applies what a transaction wrote.
    fn commit(&mut self, mut tx: Box<Tx<P>>, cx: &mut Cx) -> Act {
        let point = match tx.job {
            Job::Command(_) => Some(CrashPoint::CommandBeforeCommit),
            Job::Hear { .. } => Some(CrashPoint::ConsumerBeforeCommit),
            Job::Clock { .. } | Job::Query(_) => None,
        };
        if point.is_some_and(|point| cx.crashes(point)) {
            let replica = tx.replica;
            self.unlock(tx.id);
            self.kill(replica, cx.now + 500, cx);
            return Ok(true);
        }
        let service = self.proof.service();
        let Some(draft) = tx.draft.take() else { return Ok(true) };
        for (id, after) in draft.changed {
            let before = self.table.rows.get(&id);
            if before == after.as_ref() {
                continue;
            }
            let name = self
                .proof
                .step(before, after.as_ref(), tx.now)
                .map_err(|what| Violation::new("T9", format!("{service}: {what}")))?;
            cx.reach(name);
            note!(cx, "{service}/{} commits: {name} ({})", tx.replica, chassis::proof::short(id));
            let writes = self.writes.entry(id).or_default();
            if draft.read.get(&id).copied().unwrap_or_default() != *writes {
                return Err(Violation::new(
                    "T3",
                    format!("{service}: a change was overwritten unseen: {name}"),
                ));
            }
            *writes += 1;
            match after {
                Some(row) => self.table.rows.insert(id, row),
                None => self.table.rows.remove(&id),
            };
        }
        for id in draft.forgotten {
            self.table.forgotten.insert(id);
            let before = self.outbox.len();
            let goes = |row: &OutRow| row.told.aggregate == id && !row.told.outlives;
            self.outbox.retain(|row| row.published || !goes(row));
            if self.outbox.len() < before {
                cx.reach("erased: dropped from the outbox");
            }
            for row in self.outbox.iter_mut().filter(|row| goes(row)) {
                row.blanked = true;
            }
            self.dead.retain(|dead| dead.told.aggregate != id || dead.told.outlives);
        }
        if let Some(first) = draft.out.first() {
            if first.number < self.highest_committed {
                cx.reach("commit order other than number order");
            }
            self.highest_committed = self.highest_committed.max(first.number);
        }
        self.outbox.extend(draft.out);
        self.outbox.sort_by_key(|row| row.number);
        for event in draft.heard {
            self.inbox.insert(event);
            self.failed.remove(&event);
            cx.took_effect(service, event)?;
        }
        if let Job::Command(asked) = &tx.job {
            tx.answer = cx.committed(service, asked, tx.now)?;
            self.last_commit = tx.answer;
            self.answers.entry(asked.key).or_insert((asked.hash, tx.answer));
        }
        self.proof.check(&self.table).map_err(|what| Violation::new("T9", format!("{service}: {what}")))?;
        self.unlock(tx.id);
        tx.stage = Stage::Committed;
        self.txs.push(tx);
        Ok(true)
    }

    /// Says that it is committed, if the process lives so long.
    fn say(&mut self, tx: Tx<P>, cx: &mut Cx) {
        let point = match tx.job {
            Job::Command(_) => Some(CrashPoint::CommandAfterCommit),
            Job::Hear { .. } => Some(CrashPoint::ConsumerAfterCommit),
            Job::Clock { .. } | Job::Query(_) => None,
        };
        if point.is_some_and(|point| cx.crashes(point)) {
            self.kill(tx.replica, cx.now + 500, cx);
            return;
        }
        match tx.job {
            Job::Command(asked) => {
                cx.reach("command: committed");
                Self::reply(&asked, Answer::Done(tx.answer), cx);
            }
            Job::Hear { brought, alone } => self.heard(tx.replica, brought, alone, Ended::Committed, cx),
            Job::Clock { .. } => cx.reach("clock: done"),
            Job::Query(_) => {}
        }
    }

    /// The rows that a relay reads: by state and in order.
    fn unpublished(&self, replica: usize, bug: Option<Bug>) -> Vec<EventId> {
        let last = match bug {
            Some(Bug::NaivePoll) => {
                self.outbox.iter().filter(|row| row.published).map(|row| row.number).max().unwrap_or_default()
            }
            _ => 0,
        };
        let waits = |row: &&OutRow| match bug {
            Some(Bug::NaivePoll) => row.number > last,
            Some(Bug::TwoRelays) => {
                !row.published && self.relay_rows.get(&row.event).is_none_or(|holder| *holder == replica)
            }
            _ => !row.published,
        };
        self.outbox.iter().filter(waits).take(RELAYED).map(|row| row.event).collect()
    }

    fn sent(&self, event: EventId) -> Option<Sent> {
        let row = self.outbox.iter().find(|row| row.event == event)?;
        Some(Sent { event, told: row.told.clone(), refills: row.refills })
    }

    fn relay_again(&mut self, replica: usize, cx: &Cx) {
        let failures = self.replicas[replica].relay_failures;
        let until = cx.now + protocol::relay_pause_ms(failures) as i64;
        self.replicas[replica].relay = Relay::Idle { until };
        self.replicas[replica].relay_failures = failures.saturating_add(1);
        self.relay_rows.retain(|_, holder| *holder != replica);
        if self.relay_lock == Some(replica) {
            self.relay_lock = None;
        }
    }

    /// Sends what a relay has read, or the next of it.
    fn send(&mut self, replica: usize, rows: Vec<EventId>, batch: bool, done: usize, cx: &mut Cx) {
        let sent: Vec<Sent> = if batch {
            rows.iter().filter_map(|event| self.sent(*event)).collect()
        } else {
            rows.get(done).and_then(|event| self.sent(*event)).into_iter().collect()
        };
        let token = cx.next_token();
        let (service, life) = (self.proof.service(), self.replicas[replica].life);
        note!(cx, "{service}/{replica} sends {:?}", sent.iter().map(|sent| sent.event).collect::<Vec<_>>());
        cx.send(Packet::Publish { service, replica, life, token, sent, batch });
        self.replicas[replica].relay =
            Relay::Sending { rows, batch, done, token, until: cx.now + REQUEST_MS };
    }
}

fn events(brought: &[Brought]) -> Vec<EventId> {
    brought.iter().map(|brought| brought.event).collect()
}

impl<P: Proof> Stand for Shop<P> {
    fn service(&self) -> Service {
        self.proof.service()
    }

    fn steps(&self) -> &'static [&'static str] {
        self.proof.steps()
    }

    fn jumps(&self) -> &'static [TimeDelta] {
        self.proof.jumps()
    }

    fn think(&mut self, cx: &mut Cx) -> Option<usize> {
        let now = cx.moment();
        let ask = self.proof.ask(&self.table, now, &mut cx.dice)?;
        note!(cx, "someone asks {}: {ask:?} (ask {})", self.proof.service(), self.asks.len());
        self.asks.push(ask);
        Some(self.asks.len() - 1)
    }

    fn call(&mut self, asked: Asked, whom: Whom, cx: &mut Cx) -> bool {
        let first = cx.dice.below(REPLICAS);
        let mut listening: Vec<usize> = (first..first + REPLICAS)
            .map(|replica| replica % REPLICAS)
            .filter(|replica| self.replicas[*replica].down_until.is_none())
            .collect();
        if whom == Whom::One {
            listening.truncate(1);
        }
        for replica in &listening {
            if self.replicas[*replica].works(cx.now) {
                self.take(*replica, asked.clone(), cx);
            } else {
                self.replicas[*replica].swallowed.push(asked.clone());
            }
        }
        !listening.is_empty()
    }

    fn stored(&mut self, replica: usize, life: u32, token: u32, answer: Result<i64, u64>, cx: &mut Cx) {
        if self.replicas[replica].life != life || !self.replicas[replica].works(cx.now) {
            return;
        }
        let relay = std::mem::replace(&mut self.replicas[replica].relay, Relay::Read);
        match relay {
            Relay::Sending { rows, batch, done, token: own, .. } if own == token => match (batch, answer) {
                (true, answer) => match protocol::after_batch(answer, rows.len()) {
                    AfterBatch::Mark(_) => {
                        cx.reach("relay: batch stored");
                        self.replicas[replica].relay = Relay::Mark { rows };
                    }
                    AfterBatch::SendSingly => {
                        cx.reach("relay: known id in a batch, sent singly");
                        self.send(replica, rows, false, 0, cx);
                    }
                    AfterBatch::BeginAgain => self.relay_again(replica, cx),
                },
                (false, Ok(_)) => {
                    cx.reach("relay: one stored");
                    if done + 1 < rows.len() {
                        self.send(replica, rows, false, done + 1, cx);
                    } else {
                        self.replicas[replica].relay = Relay::Mark { rows };
                    }
                }
                (false, Err(_)) => self.relay_again(replica, cx),
            },
            other => self.replicas[replica].relay = other,
        }
    }

    fn transact(&mut self, cx: &mut Cx) -> Act {
        if self.txs.is_empty() {
            return Ok(false);
        }
        let index = cx.dice.below(self.txs.len());
        let mut tx = self.txs.swap_remove(index);
        if !self.replicas[tx.replica].works(cx.now) {
            self.txs.push(tx);
            return Ok(false);
        }
        if tx.is_cut {
            // Perhaps it was committed: whoever repeats it asks its key.
            if matches!(tx.job, Job::Command(_)) {
                self.begin_again(tx);
            } else {
                self.end(*tx, Ended::StoreAway, cx);
            }
            return Ok(true);
        }
        match tx.stage {
            Stage::Begin => {
                if cx.store_is_away() {
                    match tx.job {
                        Job::Command(_) => cx.reach("command: store away"),
                        Job::Query(_) => cx.reach("query: store away"),
                        Job::Hear { .. } | Job::Clock { .. } => {}
                    }
                    self.end(*tx, Ended::StoreAway, cx);
                } else if let Job::Command(asked) = &tx.job
                    && tx.refused.is_none()
                    && protocol::is_late(Some(asked.deadline), cx.now)
                {
                    cx.reach("command: too late, not begun");
                    self.end(*tx, Ended::Failed, cx);
                } else {
                    tx.now = cx.moment();
                    tx.stage = Stage::Key;
                    self.txs.push(tx);
                }
                Ok(true)
            }
            Stage::Key => Ok(self.take_key(tx, cx)),
            Stage::Work => Ok(self.work(tx, cx)),
            Stage::LateLock => {
                let rows: Vec<Uuid> = tx.draft.iter().flat_map(|draft| draft.read.keys().copied()).collect();
                if rows.iter().all(|row| self.lock(Lock::Row(*row), tx.id)) {
                    tx.stage = Stage::Commit;
                    self.txs.push(tx);
                    Ok(true)
                } else {
                    Ok(self.wait(tx, cx))
                }
            }
            Stage::Commit => self.commit(tx, cx),
            Stage::Committed => {
                self.say(*tx, cx);
                Ok(true)
            }
        }
    }

    fn relay(&mut self, replica: usize, cx: &mut Cx) -> Act {
        if !self.replicas[replica].works(cx.now) {
            return Ok(false);
        }
        let relay = std::mem::replace(&mut self.replicas[replica].relay, Relay::Read);
        match relay {
            Relay::Idle { until } => {
                let may =
                    self.relay_lock.is_none_or(|holder| holder == replica) || cx.bug == Some(Bug::TwoRelays);
                let has_work = || !self.unpublished(replica, cx.bug).is_empty();
                if until > cx.now || !may || cx.store_is_away() || !has_work() {
                    self.replicas[replica].relay = Relay::Idle { until };
                    return Ok(false);
                }
                if self.relay_lock.is_none() {
                    cx.reach("relay: lock taken over");
                }
                self.relay_lock = Some(replica);
            }
            Relay::Read => {
                let mut rows = self.unpublished(replica, cx.bug);
                let together = protocol::together(&rows, |_| "evt");
                rows.truncate(together);
                if rows.is_empty() {
                    self.replicas[replica].relay = Relay::Idle { until: cx.now + POLL_MS };
                } else {
                    if cx.bug == Some(Bug::TwoRelays) {
                        self.relay_rows.extend(rows.iter().map(|event| (*event, replica)));
                    }
                    self.replicas[replica].relay = Relay::Send { rows };
                }
            }
            Relay::Send { rows } => {
                if cx.crashes(CrashPoint::RelayBeforePublish) {
                    self.kill(replica, cx.now + 500, cx);
                } else {
                    let batch = protocol::sending(rows.len()) == Sending::Batch;
                    self.send(replica, rows, batch, 0, cx);
                }
            }
            Relay::Sending { rows, batch, done, token, until } => {
                if until > cx.now {
                    self.replicas[replica].relay = Relay::Sending { rows, batch, done, token, until };
                    return Ok(false);
                }
                cx.reach("relay: no answer in time, began again");
                self.relay_again(replica, cx);
            }
            Relay::Mark { rows } => {
                if cx.crashes(CrashPoint::RelayAfterPublish) {
                    self.kill(replica, cx.now + 500, cx);
                    return Ok(true);
                }
                if cx.store_is_away() {
                    self.relay_again(replica, cx);
                    return Ok(true);
                }
                for row in self.outbox.iter_mut().filter(|row| rows.contains(&row.event)) {
                    row.published = true;
                }
                cx.reach("relay: marked");
                self.relay_rows.retain(|_, holder| *holder != replica);
                self.replicas[replica].relay_failures = 0;
                if cx.crashes(CrashPoint::RelayAfterMark) {
                    self.kill(replica, cx.now + 500, cx);
                }
            }
        }
        Ok(true)
    }

    fn read(&mut self, replica: usize, cx: &mut Cx) -> Act {
        let service = self.proof.service();
        if !self.replicas[replica].works(cx.now) || self.replicas[replica].reads {
            return Ok(false);
        }
        if let Some(brought) = self.replicas[replica].alone.pop_front() {
            self.replicas[replica].reads = true;
            self.begin(replica, Job::Hear { brought: vec![brought], alone: true }, cx);
            return Ok(true);
        }
        if self.replicas[replica].reads_at > cx.now || !cx.stream.has_for(service, cx.now) {
            return Ok(false);
        }
        let at_most = 1 + cx.dice.below(5);
        let mut brought = cx.stream.bring(service, at_most, cx.now);
        if cx.bug == Some(Bug::AckBeforeCommit) {
            for brought in &brought {
                cx.acknowledge(service, brought);
            }
        }
        if cx.bug == Some(Bug::DedupBySequence) {
            let highest = self.replicas[replica].highest;
            let (higher, known): (Vec<_>, Vec<_>) =
                brought.into_iter().partition(|brought| brought.seq > highest);
            for known in &known {
                cx.acknowledge(service, known);
            }
            self.replicas[replica].highest =
                higher.iter().map(|brought| brought.seq).max().unwrap_or(highest);
            brought = higher;
        }
        if brought.is_empty() {
            return Ok(false);
        }
        note!(cx, "{service}/{replica} is brought {:?}", events(&brought));
        self.replicas[replica].reads = true;
        self.begin(replica, Job::Hear { brought, alone: false }, cx);
        Ok(true)
    }

    fn pass(&mut self, replica: usize, cx: &mut Cx) -> Act {
        if !self.replicas[replica].works(cx.now) || cx.store_is_away() {
            return Ok(false);
        }
        let now = cx.moment();
        let mut due = self.table.rows.iter().filter_map(|(id, row)| Some((*id, self.proof.due(row, now)?)));
        let Some((id, due)) = due.next() else { return Ok(false) };
        if self.txs.iter().any(|tx| tx.replica == replica && matches!(tx.job, Job::Clock { .. })) {
            return Ok(false);
        }
        if cx.crashes(CrashPoint::ScheduleBeforePass) {
            self.kill(replica, cx.now + 500, cx);
        } else {
            self.begin(replica, Job::Clock { id, due }, cx);
        }
        Ok(true)
    }

    fn audit(&mut self, replica: usize, cx: &mut Cx) -> Act {
        if !self.replicas[replica].works(cx.now) || cx.store_is_away() {
            return Ok(false);
        }
        let found = std::mem::take(&mut self.replicas[replica].missing);
        if found.is_empty() {
            let is_missing = |row: &&OutRow| row.published && !row.blanked && !cx.stream.holds(row.event);
            let missing: Vec<EventId> = self.outbox.iter().filter(is_missing).map(|row| row.event).collect();
            let found = !missing.is_empty();
            self.replicas[replica].missing = missing;
            return Ok(found);
        }
        if cx.crashes(CrashPoint::AuditBeforeRefill) {
            self.kill(replica, cx.now + 500, cx);
            return Ok(true);
        }
        for row in self.outbox.iter_mut().filter(|row| found.contains(&row.event) && !row.blanked) {
            // Under a message id of its own: the stream may remember the first one though it lost the event.
            (row.published, row.refills) = (false, row.refills + 1);
            cx.reach("auditor: given back to the relay");
        }
        Ok(true)
    }

    fn try_dead_letter(&mut self, cx: &mut Cx) -> bool {
        let Some(brought) = self.dead.pop() else { return false };
        let Some(replica) = (0..REPLICAS).find(|replica| self.replicas[*replica].works(cx.now)) else {
            self.dead.push(brought);
            return false;
        };
        cx.reach("consumer: dead letter tried again");
        self.failed.remove(&brought.event);
        cx.mend(self.proof.service(), brought.event);
        self.replicas[replica].alone.push_back(brought);
        true
    }

    fn kill(&mut self, replica: usize, until: i64, cx: &mut Cx) {
        let service = self.proof.service();
        note!(cx, "{service}/{replica} dies until {until}");
        let dead: Vec<u32> = self.txs.iter().filter(|tx| tx.replica == replica).map(|tx| tx.id).collect();
        self.txs.retain(|tx| tx.replica != replica);
        for tx in dead {
            self.unlock(tx);
        }
        if self.relay_lock == Some(replica) {
            self.relay_lock = None;
        }
        self.relay_rows.retain(|_, holder| *holder != replica);
        let life = self.replicas[replica].life + 1;
        self.replicas[replica] = Replica { down_until: Some(until), ..Replica::new(life) };
    }

    fn freeze(&mut self, replica: usize, until: i64, cx: &mut Cx) {
        if self.replicas[replica].works(cx.now) {
            note!(cx, "{}/{replica} freezes until {until}", self.proof.service());
            self.replicas[replica].frozen_until = until;
            self.replicas[replica].frozen_since = cx.now;
        }
    }

    fn revive(&mut self, cx: &mut Cx) {
        for replica in 0..REPLICAS {
            let is_up = &mut self.replicas[replica];
            if is_up.down_until.is_some_and(|until| until <= cx.now) {
                is_up.down_until = None;
            }
            if is_up.works(cx.now) {
                for asked in std::mem::take(&mut is_up.swallowed) {
                    self.take(replica, asked, cx);
                }
                if std::mem::take(&mut self.replicas[replica].relay_is_cut) {
                    self.relay_again(replica, cx);
                }
            } else if is_up.down_until.is_none() && is_up.frozen_since + STANDSTILL_MS <= cx.now {
                self.cut(replica, cx);
            }
        }
    }

    fn lose_store(&mut self, cx: &mut Cx) {
        for tx in std::mem::take(&mut self.txs) {
            if tx.stage == Stage::Committed {
                self.txs.push(tx);
            } else {
                self.end(*tx, Ended::StoreAway, cx);
            }
        }
        for replica in 0..REPLICAS {
            self.relay_again(replica, cx);
        }
        self.relay_lock = None;
        self.relay_rows.clear();
    }

    fn next_timer(&self, now: i64) -> Option<i64> {
        let waiting = self.txs.iter().filter_map(|tx| Some(tx.waits_since? + LOCK_TIMEOUT_MS));
        let replicas = self.replicas.iter().flat_map(|replica| {
            let relay = match replica.relay {
                Relay::Idle { until } | Relay::Sending { until, .. } => Some(until),
                Relay::Read | Relay::Send { .. } | Relay::Mark { .. } => None,
            };
            [relay, replica.down_until, Some(replica.frozen_until), Some(replica.reads_at)]
                .into_iter()
                .flatten()
        });
        waiting.chain(replicas).filter(|at| *at > now).min()
    }

    fn waiting(&self, cx: &Cx) -> Option<String> {
        let service = self.proof.service();
        let now = cx.moment();
        let in_hand = |replica: &Replica| {
            !replica.alone.is_empty() || !replica.missing.is_empty() || replica.down_until.is_some()
        };
        if !self.txs.is_empty() {
            return Some(format!("{service}: {} transactions", self.txs.len()));
        }
        if let Some(row) = self.outbox.iter().find(|row| !row.published) {
            return Some(format!("{service}: event {}, {:?}, is not published", row.event, row.told));
        }
        if self.replicas.iter().any(in_hand) {
            return Some(format!("{service}: a replica has something in hand"));
        }
        if let Some(dead) = self.dead.first() {
            return Some(format!("{service}: a dead letter, {:?}", dead.told));
        }
        let due = self.table.rows.values().find_map(|row| self.proof.due(row, now))?;
        Some(format!("{service}: {due:?} is due"))
    }

    fn events(&self) -> Vec<(EventId, Told)> {
        self.outbox.iter().filter(|row| !row.blanked).map(|row| (row.event, row.told.clone())).collect()
    }

    fn announced(&self) -> Vec<Told> {
        self.table.rows.iter().flat_map(|(id, row)| self.proof.announces(*id, row)).collect()
    }

    fn at_rest(&self, cx: &Cx) -> Result<(), Violation> {
        let service = self.proof.service();
        let wrong = |what| Violation::new("T9", format!("{service}: {what}"));
        self.proof.at_rest(&self.table, cx.moment()).map_err(wrong)
    }

    fn owed(&self) -> Vec<(Service, String)> {
        let of = |row: &P::Row| {
            let what = format!("{row:?}");
            self.proof
                .waits_for(row)
                .into_iter()
                .map(move |service| (service, what.clone()))
                .collect::<Vec<_>>()
        };
        self.table.rows.values().flat_map(of).collect()
    }

    fn compare(&self, announced: &[Told], cx: &Cx) -> Result<(), Violation> {
        let service = self.proof.service();
        let fresh = Table { rows: BTreeMap::new(), forgotten: self.table.forgotten.clone() };
        let mut work = Work::new(cx.moment(), Dice::new(0), &fresh, &|_| true);
        let heard: Vec<Told> = announced.iter().filter(|told| told.by != service).cloned().collect();
        let stopped = self.proof.hear(&mut work, &heard);
        let mirrored = |(id, row): (&Uuid, &P::Row)| Some((*id, self.proof.mirrors(row)?));
        let rebuilt: BTreeMap<Uuid, String> =
            work.changed.iter().filter_map(|(id, row)| mirrored((id, row.as_ref()?))).collect();
        let kept: BTreeMap<Uuid, String> = self.table.rows.iter().filter_map(mirrored).collect();
        if stopped.is_ok() && rebuilt == kept {
            Ok(())
        } else {
            Err(Violation::new("T6", format!("{service} keeps {kept:?}, a rebuild gives {rebuilt:?}")))
        }
    }
}
