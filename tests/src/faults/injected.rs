//! How often what was broken, and how long it took until all was well again.

use std::{
    collections::BTreeMap,
    fmt,
    sync::{Mutex, PoisonError},
    time::Duration,
};

/// Counts by kind of fault. Shared by whoever breaks things.
#[derive(Debug, Default)]
pub struct Injected {
    kinds: Mutex<BTreeMap<String, Kind>>,
}

#[derive(Debug, Default, Clone)]
struct Kind {
    count: u64,
    recovered: Vec<Duration>,
}

impl Injected {
    fn with<R>(&self, change: impl FnOnce(&mut BTreeMap<String, Kind>) -> R) -> R {
        change(&mut self.kinds.lock().unwrap_or_else(PoisonError::into_inner))
    }

    /// Names a kind that must not stay at zero.
    pub fn expect(&self, kind: impl Into<String>) {
        self.add(kind, 0);
    }

    /// One more of this kind.
    pub fn count(&self, kind: impl Into<String>) {
        self.add(kind, 1);
    }

    /// So many more of this kind.
    pub fn add(&self, kind: impl Into<String>, more: u64) {
        self.with(|kinds| kinds.entry(kind.into()).or_default().count += more);
    }

    /// All was well again so long after a fault of this kind.
    pub fn recovered(&self, kind: impl Into<String>, after: Duration) {
        self.with(|kinds| kinds.entry(kind.into()).or_default().recovered.push(after));
    }

    /// How many of the kinds whose name begins so.
    pub fn total(&self, beginning: &str) -> u64 {
        self.with(|kinds| {
            kinds.iter().filter(|(kind, _)| kind.starts_with(beginning)).map(|(_, kind)| kind.count).sum()
        })
    }

    /// Kinds that were named and stayed at zero.
    pub fn never(&self) -> Vec<String> {
        self.with(|kinds| {
            kinds.iter().filter(|(_, kind)| kind.count == 0).map(|(kind, _)| kind.clone()).collect()
        })
    }

    /// Fails when a kind that was named or counted stayed at zero, or none is there: then nothing was proven.
    ///
    /// # Panics
    /// Then.
    pub fn none_is_zero(&self) {
        assert!(self.with(|kinds| !kinds.is_empty()), "nothing was broken");
        let zero = self.never();
        assert!(zero.is_empty(), "never happened: {}\n{self}", zero.join(", "));
    }
}

impl fmt::Display for Injected {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.with(|kinds| {
            writeln!(f, "{:<44} {:>7} {:>10} {:>10}", "fault", "times", "well p50", "well max")?;
            for (name, kind) in kinds.iter() {
                let mut times = kind.recovered.clone();
                times.sort_unstable();
                let text = |time: Option<&Duration>| {
                    time.map_or_else(|| "-".to_owned(), |time| format!("{:.1} s", time.as_secs_f64()))
                };
                let (middle, longest) = (text(times.get(times.len() / 2)), text(times.last()));
                writeln!(f, "{name:<44} {:>7} {middle:>10} {longest:>10}", kind.count)?;
            }
            Ok(())
        })
    }
}
