//! The stream of the simulator: JetStream as far as the protocol leans on it, with what it is known to lose.

use std::collections::{BTreeMap, BTreeSet};

use chassis::{
    proof::Told,
    protocol::{BATCH, KNOWN_ID_IN_BATCH},
};
use proto::Service;

/// The id of an event: short, so that traces can be read.
pub(super) type EventId = u32;

/// How long an id is remembered, in milliseconds.
const WINDOW_MS: i64 = 120_000;
/// How long a delivered event may be without an acknowledgement, in milliseconds.
const ACK_WAIT_MS: i64 = 30_000;

/// An event as it leaves an outbox.
#[derive(Debug, Clone)]
pub(super) struct Sent {
    /// Its id.
    pub(super) event: EventId,
    /// What it says.
    pub(super) told: Told,
    /// How often the auditor gave it back to be sent once more: then it has another message id, and may come after
    /// later ones.
    pub(super) refills: u32,
}

/// An event as it is brought to a reader.
#[derive(Debug, Clone)]
pub(super) struct Brought {
    /// Its number in the stream.
    pub(super) seq: u64,
    /// Which life of the stream gave that number.
    pub(super) life: u32,
    /// Its id.
    pub(super) event: EventId,
    /// What it says.
    pub(super) told: Told,
}

/// What counts the versions of an aggregate.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Counted {
    /// All its events together.
    Together,
    /// What is told of a person's contact, which changes without her profile.
    Contact,
}

impl Counted {
    fn of(told: &Told) -> Self {
        if told.name.starts_with("contact_") { Self::Contact } else { Self::Together }
    }
}

#[derive(Debug, Default)]
struct Reader {
    wants: Vec<&'static str>,
    next: u64,
    /// Brought and not acknowledged, or given back: when they are brought again.
    again: BTreeMap<u64, i64>,
}

/// What is stored, and how far everyone has read.
#[derive(Debug, Default)]
pub(super) struct Stream {
    stored: Vec<Sent>,
    /// Which events are among them.
    held: BTreeSet<EventId>,
    /// Message ids with their numbers and moments.
    window: BTreeMap<(EventId, u32), (u64, i64)>,
    readers: BTreeMap<Service, Reader>,
    life: u32,
    /// Which events were ever stored.
    ever: BTreeSet<EventId>,
    /// The highest version of each aggregate that was ever stored, and whether that erased it.
    versions: BTreeMap<(Service, uuid::Uuid, Counted), (i64, bool)>,
}

impl Stream {
    /// A reader of these events.
    pub(super) fn reader(&mut self, by: Service, wants: Vec<&'static str>) {
        self.readers.insert(by, Reader { wants, next: 1, again: BTreeMap::new() });
    }

    fn known(&self, sent: &Sent, now: i64) -> Option<u64> {
        self.window
            .get(&(sent.event, sent.refills))
            .filter(|(_, at)| now - at < WINDOW_MS)
            .map(|(seq, _)| *seq)
    }

    /// Stores one; the number it has, or had.
    ///
    /// # Errors
    /// When the order of versions is broken (T5).
    pub(super) fn store(&mut self, sent: Sent, now: i64) -> Result<u64, String> {
        if let Some(seq) = self.known(&sent, now) {
            return Ok(seq);
        }
        if self.ever.insert(sent.event) {
            let about = (sent.told.by, sent.told.aggregate, Counted::of(&sent.told));
            let (last, is_over) = self.versions.entry(about).or_default();
            // What was under way while its aggregate was erased may still arrive; readers have the tombstone.
            if *last >= sent.told.version && sent.refills == 0 && !*is_over {
                return Err(format!("{:?} was stored after v{last}", sent.told));
            }
            *last = sent.told.version.max(*last);
            *is_over |= sent.told.outlives;
        }
        let seq = self.stored.len() as u64 + 1;
        self.window.insert((sent.event, sent.refills), (seq, now));
        self.held.insert(sent.event);
        self.stored.push(sent);
        Ok(seq)
    }

    /// Stores all or none; the last number, or the code of the refusal.
    ///
    /// # Errors
    /// When the order of versions is broken (T5).
    pub(super) fn store_batch(&mut self, batch: Vec<Sent>, now: i64) -> Result<Result<i64, u64>, String> {
        if batch.len() > BATCH || batch.iter().any(|sent| self.known(sent, now).is_some()) {
            return Ok(Err(KNOWN_ID_IN_BATCH));
        }
        let mut last = 0;
        for sent in batch {
            last = self.store(sent, now)?;
        }
        Ok(Ok(last as i64))
    }

    /// Brings a reader what is due again, then what is new.
    pub(super) fn bring(&mut self, to: Service, at_most: usize, now: i64) -> Vec<Brought> {
        let life = self.life;
        let Some(reader) = self.readers.get_mut(&to) else { return Vec::new() };
        let mut due: Vec<u64> =
            reader.again.iter().filter(|(_, at)| **at <= now).map(|(seq, _)| *seq).take(at_most).collect();
        while due.len() < at_most && reader.next <= self.stored.len() as u64 {
            let seq = reader.next;
            reader.next += 1;
            if reader.wants.contains(&self.stored[seq as usize - 1].told.name) {
                due.push(seq);
            }
        }
        for seq in &due {
            reader.again.insert(*seq, now + ACK_WAIT_MS);
        }
        let brought = |seq: u64| {
            let sent = &self.stored[seq as usize - 1];
            Brought { seq, life, event: sent.event, told: sent.told.clone() }
        };
        due.into_iter().map(brought).collect()
    }

    /// Whether something can be brought to a reader now.
    pub(super) fn has_for(&mut self, to: Service, now: i64) -> bool {
        let Some(reader) = self.readers.get_mut(&to) else { return false };
        // What it does not want need not be looked at again.
        while let Some(sent) = self.stored.get(reader.next as usize - 1) {
            if reader.wants.contains(&sent.told.name) {
                return true;
            }
            reader.next += 1;
        }
        reader.again.values().any(|at| *at <= now)
    }

    /// An event needs not be brought again.
    pub(super) fn acknowledge(&mut self, by: Service, seq: u64, life: u32) {
        if let Some(reader) = self.readers.get_mut(&by).filter(|_| life == self.life) {
            reader.again.remove(&seq);
        }
    }

    /// An event is to be brought again at this moment.
    pub(super) fn give_back(&mut self, by: Service, seq: u64, life: u32, at: i64) {
        let reader = self.readers.get_mut(&by).filter(|_| life == self.life);
        if let Some(again) = reader.and_then(|reader| reader.again.get_mut(&seq)) {
            *again = at;
        }
    }

    /// Starts again without its last `lost` events, as after a flipped bit or a truncated file. Numbers are used
    /// again; readers that were further go back. `remembers` says whether the message ids of what is lost are still
    /// answered with "duplicate", as nats-server 2.15 was seen to do.
    pub(super) fn restart(&mut self, lost: usize, remembers: bool) {
        let kept = self.stored.len().saturating_sub(lost);
        self.stored.truncate(kept);
        self.held = self.stored.iter().map(|sent| sent.event).collect();
        self.life += 1;
        let kept = kept as u64;
        self.window.retain(|_, (seq, _)| remembers || *seq <= kept);
        for reader in self.readers.values_mut() {
            reader.next = reader.next.min(kept + 1);
            reader.again.retain(|seq, _| *seq <= kept);
        }
    }

    /// How many are stored.
    pub(super) fn len(&self) -> usize {
        self.stored.len()
    }

    /// Whether an event is stored.
    pub(super) fn holds(&self, event: EventId) -> bool {
        self.held.contains(&event)
    }

    /// When the next event is brought again.
    pub(super) fn next_due(&self) -> Option<i64> {
        self.readers.values().flat_map(|reader| reader.again.values().copied()).min()
    }

    /// Something that a reader has not acknowledged, or not been brought.
    pub(super) fn waiting(&self) -> Option<String> {
        self.readers.iter().find_map(|(by, reader)| {
            let wanted = |seq: &u64| reader.wants.contains(&self.stored[*seq as usize - 1].told.name);
            let new = || (reader.next..=self.stored.len() as u64).find(wanted);
            let seq = reader.again.keys().next().copied().or_else(new)?;
            Some(format!("{:?} for {by}", self.stored[seq as usize - 1].told))
        })
    }
}
