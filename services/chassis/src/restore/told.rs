//! What a service told after the backup about one aggregate.

use proto::{CloudEvent, Fact};
use uuid::Uuid;

use crate::{consumer::Heard, fault::Fault};

/// Everything that was told about one aggregate after the backup was made, in the order of the streams: facts of
/// the service itself, and events of others that erase.
#[derive(Debug, Clone)]
pub struct Told {
    /// What it is about.
    pub aggregate_id: Uuid,
    /// The greatest version in it. What is published from now on needs a greater one.
    pub version: i64,
    /// The events, oldest first.
    pub facts: Vec<Heard>,
}

impl Told {
    /// Whether a fact of this kind is among them.
    pub fn has<T: Fact>(&self) -> bool {
        self.facts.iter().any(Heard::is::<T>)
    }

    /// The last fact of this kind.
    ///
    /// # Errors
    /// When it cannot be read.
    pub fn last<T: Fact>(&self) -> Result<Option<T>, Fault> {
        let last = self.facts.iter().rev().find(|fact| fact.is::<T>());
        last.map(|fact| fact.read::<T>().map(|event| event.data)).transpose()
    }

    /// All events of this kind, oldest first, with their moments.
    ///
    /// # Errors
    /// When one cannot be read.
    pub fn events<T: Fact>(&self) -> Result<Vec<CloudEvent<T>>, Fault> {
        self.facts.iter().filter(|fact| fact.is::<T>()).map(Heard::read::<T>).collect()
    }
}

/// What came of aggregates that something was told about after the backup; counted for the report.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Reconciled {
    /// Known here: what was told is taken over as far as the events say it, and what follows has a version above.
    pub taken_over: u64,
    /// Erased after the backup, and erased again.
    pub erased: u64,
    /// Made after the backup and lost: the others were told that it is gone.
    pub lost: u64,
}

impl Reconciled {
    /// Nothing was to be done.
    pub const NOTHING: Self = Self { taken_over: 0, erased: 0, lost: 0 };
    /// One aggregate was taken over.
    pub const TAKEN_OVER: Self = Self { taken_over: 1, ..Self::NOTHING };
    /// One aggregate was erased again.
    pub const ERASED: Self = Self { erased: 1, ..Self::NOTHING };
    /// One aggregate is lost.
    pub const LOST: Self = Self { lost: 1, ..Self::NOTHING };

    pub(super) fn add(&mut self, other: Self) {
        self.taken_over += other.taken_over;
        self.erased += other.erased;
        self.lost += other.lost;
    }
}
