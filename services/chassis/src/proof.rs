//! What a service shows of itself to the simulator in `tests`: its core, its invariants and its faults.
//!
//! The simulator plays the servers, the network, the clock and the crashes, and lets the decisions of
//! [`crate::protocol`] carry commands and events. What a command does and what follows from an event, it asks the
//! service: [`Proof`] is implemented beside the service's domain, in its `src/proof.rs`, with the same functions
//! that its use cases call. `docs/add-proof.md` shows how.
//!
//! Only compiled with the feature `faults`.

use std::{
    any::Any,
    collections::{BTreeMap, BTreeSet},
    fmt,
    sync::Arc,
};

use chrono::{DateTime, TimeDelta, Utc};
use proto::{Fact, Service};
use uuid::Uuid;

/// Seeded randomness of one run: `SplitMix64`, because a run throws thousands of times and begins dice for each of its
/// transactions; nothing here needs numbers that nobody can guess.
#[derive(Debug, Clone)]
pub struct Dice(u64);

impl Dice {
    /// The same throws for the same seed.
    pub fn new(seed: u64) -> Self {
        let mut dice = Self(seed);
        Self(dice.next())
    }

    const fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mixed = (self.0 ^ (self.0 >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        let mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        mixed ^ (mixed >> 31)
    }

    /// A number below `sides`; 0 when there are none.
    pub fn below(&mut self, sides: usize) -> usize {
        // The bias is far below what any count of runs could show.
        (((self.next() >> 32) * sides as u64) >> 32) as usize
    }

    /// True once in so many throws.
    pub fn one_in(&mut self, throws: usize) -> bool {
        self.below(throws) == 0
    }

    /// One of these.
    ///
    /// # Panics
    /// When there are none.
    pub fn pick<T: Copy>(&mut self, of: &[T]) -> T {
        of[self.below(of.len())]
    }

    /// A random id.
    pub fn id(&mut self) -> Uuid {
        let bits = (u128::from(self.next()) << 64) | u128::from(self.next());
        uuid::Builder::from_random_bytes(bits.to_be_bytes()).into_uuid()
    }
}

/// A fact as it travels.
#[derive(Clone)]
pub struct Told {
    /// Who tells it.
    pub by: Service,
    /// Its English name: `opening_published`.
    pub name: &'static str,
    /// What it is about.
    pub aggregate: Uuid,
    /// The version of that.
    pub version: i64,
    /// Whether it erases, or confirms an erasure: such facts outlive what they are about.
    pub outlives: bool,
    fact: Arc<dyn Any + Send + Sync>,
}

impl Told {
    /// This fact.
    pub fn of<T: Fact + Send + Sync + 'static>(fact: T) -> Self {
        Self {
            by: T::BY,
            name: T::NAME,
            aggregate: fact.aggregate_id(),
            version: fact.aggregate_version(),
            outlives: T::ERASES || T::CONFIRMS_ERASURE,
            fact: Arc::new(fact),
        }
    }

    /// The fact, if it is of this kind.
    pub fn read<T: Fact + 'static>(&self) -> Option<&T> {
        self.fact.downcast_ref()
    }
}

impl fmt::Debug for Told {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} of {} v{}", self.name, short(self.aggregate), self.version)
    }
}

/// The beginning of an id, for traces.
pub fn short(id: Uuid) -> String {
    id.simple().to_string()[..6].to_owned()
}

/// What is committed in a service's schema: rows that are locked as a whole, and tombstones.
#[derive(Debug, Clone)]
pub struct Table<R> {
    /// The rows, by id.
    pub rows: BTreeMap<Uuid, R>,
    /// Ids that were erased.
    pub forgotten: BTreeSet<Uuid>,
}

impl<R> Default for Table<R> {
    fn default() -> Self {
        Self { rows: BTreeMap::new(), forgotten: BTreeSet::new() }
    }
}

/// Why work stops before it is done.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Stop {
    /// Somebody else holds what it needs; it begins again when that is free.
    Waits(Uuid),
    /// It is refused, with a code.
    Refused(&'static str),
}

/// One transaction at work: what it sees, holds, changes and tells. Nothing of it is seen by others before the
/// commit.
pub struct Work<'a, R> {
    /// The moment of the transaction.
    pub now: DateTime<Utc>,
    /// Randomness for ids; the same when it begins again.
    pub dice: Dice,
    /// What it holds by now, in the order in which it took them.
    pub held: Vec<Uuid>,
    /// What it changes: `None` deletes.
    pub changed: BTreeMap<Uuid, Option<R>>,
    /// What it tells.
    pub told: Vec<Told>,
    /// What it erases.
    pub forgotten: Vec<Uuid>,
    table: &'a Table<R>,
    is_free: &'a dyn Fn(Uuid) -> bool,
}

impl<'a, R: Clone + PartialEq> Work<'a, R> {
    /// A transaction at this moment; `is_free` says what nobody else holds.
    pub fn new(
        now: DateTime<Utc>,
        dice: Dice,
        table: &'a Table<R>,
        is_free: &'a dyn Fn(Uuid) -> bool,
    ) -> Self {
        Self {
            now,
            dice,
            held: Vec::new(),
            changed: BTreeMap::new(),
            told: Vec::new(),
            forgotten: Vec::new(),
            table,
            is_free,
        }
    }

    /// Holds an id until the commit (`select … for update`, or an advisory lock), and reads its row.
    ///
    /// # Errors
    /// [`Stop::Waits`] while somebody else holds it.
    pub fn hold(&mut self, id: Uuid) -> Result<Option<R>, Stop> {
        if !self.held.contains(&id) {
            if !(self.is_free)(id) {
                return Err(Stop::Waits(id));
            }
            self.held.push(id);
        }
        Ok(self.look(id).cloned())
    }

    /// Reads a row without holding it.
    pub fn look(&self, id: Uuid) -> Option<&R> {
        match self.changed.get(&id) {
            Some(changed) => changed.as_ref(),
            None => self.table.rows.get(&id),
        }
    }

    /// The ids of rows that fit, without holding them.
    pub fn find(&self, fits: impl Fn(&R) -> bool) -> Vec<Uuid> {
        self.table.rows.iter().filter(|(_, row)| fits(row)).map(|(id, _)| *id).collect()
    }

    /// Stores a row that it holds. Storing the same changes nothing.
    pub fn keep(&mut self, id: Uuid, row: R) {
        debug_assert!(self.held.contains(&id), "what is stored is held");
        if self.look(id) != Some(&row) {
            self.changed.insert(id, Some(row));
        }
    }

    /// Deletes a row that it holds.
    pub fn delete(&mut self, id: Uuid) {
        debug_assert!(self.held.contains(&id), "what is deleted is held");
        if self.look(id).is_some() {
            self.changed.insert(id, None);
        }
    }

    /// Tells a fact after the commit.
    pub fn tell<T: Fact + Send + Sync + 'static>(&mut self, fact: T) {
        self.told.push(Told::of(fact));
    }

    /// Leaves a tombstone, and takes the id out of what waits to be sent (`Tx::forget`).
    ///
    /// # Errors
    /// [`Stop::Waits`] while somebody else holds it.
    pub fn forget(&mut self, id: Uuid) -> Result<(), Stop> {
        self.hold(id)?;
        self.forgotten.push(id);
        Ok(())
    }

    /// Whether this id was erased; nobody erases it before this transaction ends (`Tx::is_forgotten`).
    ///
    /// # Errors
    /// [`Stop::Waits`] while somebody else holds it.
    pub fn is_forgotten(&mut self, id: Uuid) -> Result<bool, Stop> {
        self.hold(id)?;
        Ok(self.table.forgotten.contains(&id) || self.forgotten.contains(&id))
    }
}

/// A service as the simulator knows it.
pub trait Proof {
    /// What is locked as a whole: an aggregate, or a row kept of what others told.
    type Row: Clone + PartialEq + fmt::Debug;
    /// What people ask of it.
    type Ask: Clone + fmt::Debug;
    /// What the clock can have to do with a row.
    type Due: Copy + fmt::Debug;

    /// Which service.
    fn service(&self) -> Service;

    // --- The core: by the domain functions that the use cases call ---

    /// What somebody asks now, given what is there to be seen: sensible, late, wrong, in every mixture. `None` when
    /// there is nothing to ask about.
    fn ask(&self, seen: &Table<Self::Row>, now: DateTime<Utc>, dice: &mut Dice) -> Option<Self::Ask>;

    /// Does what is asked.
    ///
    /// # Errors
    /// [`Stop::Refused`] as the use case refuses; then nothing of it is kept.
    fn decide(&self, work: &mut Work<'_, Self::Row>, ask: &Self::Ask) -> Result<(), Stop>;

    /// Lets events take effect that came together, in the order in which they came, none of them for the second
    /// time. Only the events of the service's readings in `proto::catalogue` come.
    ///
    /// # Errors
    /// [`Stop::Waits`] only: an event cannot be refused.
    fn hear(&self, work: &mut Work<'_, Self::Row>, told: &[Told]) -> Result<(), Stop>;

    /// What the clock has to do with a row now: what the `where` of a pass says.
    fn due(&self, row: &Self::Row, now: DateTime<Utc>) -> Option<Self::Due>;

    /// Does what was found to be due with a row, as the pass does once it holds the row.
    ///
    /// # Errors
    /// [`Stop::Waits`] only.
    fn by_clock(&self, work: &mut Work<'_, Self::Row>, id: Uuid, due: Self::Due) -> Result<(), Stop>;

    // --- The record ---

    /// What `dichterbij replay` announces about a row.
    fn announces(&self, id: Uuid, row: &Self::Row) -> Vec<Told>;

    /// What the row says of others' facts, to be compared with a rebuild from nothing; `None` for a row that is the
    /// service's own record.
    fn mirrors(&self, row: &Self::Row) -> Option<String>;

    /// Whose answer a row still waits for. Nothing waits for ever: when all is quiet, none may be left.
    fn waits_for(&self, row: &Self::Row) -> Vec<Service>;

    // --- The invariants: checked after every step ---

    /// Every step that a row of this service can take. A run that reaches one of them never is a failure.
    fn steps(&self) -> &'static [&'static str];

    /// The name of the step from one row to the next; `None` stands for no row.
    ///
    /// # Errors
    /// When a row must not step like that.
    fn step(
        &self,
        before: Option<&Self::Row>,
        after: Option<&Self::Row>,
        now: DateTime<Utc>,
    ) -> Result<&'static str, String>;

    /// What holds between rows at any time.
    ///
    /// # Errors
    /// When it does not.
    fn check(&self, table: &Table<Self::Row>) -> Result<(), String>;

    /// What holds besides when all is quiet. Most services have nothing to add.
    ///
    /// # Errors
    /// When it does not.
    fn at_rest(&self, _: &Table<Self::Row>, _: DateTime<Utc>) -> Result<(), String> {
        Ok(())
    }

    // --- The faults ---

    /// Jumps of the clock that hurt this service: past a deadline, and just not.
    fn jumps(&self) -> &'static [TimeDelta];
}
