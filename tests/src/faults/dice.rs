//! Randomness that a seed repeats.

use std::time::Duration;

use chassis::chance::{Chance, OsChance, SeededChance};

/// The seed of this run: `DBJ_SEED`, or a new one. It is printed, so that a run that failed can be done again.
pub fn seed() -> u64 {
    #[expect(clippy::disallowed_methods, reason = "a seed is told to one run of the tests")]
    let told = std::env::var("DBJ_SEED").ok();
    let seed = told.and_then(|text| text.parse().ok()).unwrap_or_else(|| OsChance.jitter_ms(0..1 << 32));
    println!("seed {seed}; again with DBJ_SEED={seed}");
    seed
}

/// Dice of one who acts: what others throw does not change what it throws.
pub struct Dice(SeededChance);

impl Dice {
    /// The dice of the one with this number.
    pub fn new(seed: u64, number: u64) -> Self {
        Self(SeededChance::new(seed ^ number.wrapping_mul(0x9e37_79b9_7f4a_7c15)))
    }

    /// A number below `end`; 0 when `end` is 0.
    pub fn below(&self, end: u64) -> u64 {
        self.0.jitter_ms(0..end)
    }

    /// True so many times in a hundred.
    pub fn yes(&self, percent: u64) -> bool {
        self.below(100) < percent
    }

    /// One of these.
    ///
    /// # Panics
    /// When there is none.
    pub fn one<'a, T>(&self, of: &'a [T]) -> &'a T {
        &of[self.below(of.len() as u64) as usize]
    }

    /// A pause below this.
    pub fn pause(&self, below: Duration) -> Duration {
        Duration::from_micros(self.below(below.as_micros() as u64))
    }

    /// These in another order.
    pub fn shuffled<T>(&self, mut things: Vec<T>) -> Vec<T> {
        for index in (1..things.len()).rev() {
            things.swap(index, self.below(index as u64 + 1) as usize);
        }
        things
    }
}
