//! Seeded choices: the same seed gives the same region, on every machine.

use rand::{Rng as _, SeedableRng as _, seq::SliceRandom as _};
use rand_chacha::ChaCha20Rng;
use uuid::{Builder, Uuid};

/// A sequence of choices.
pub(super) struct Dice(ChaCha20Rng);

impl Dice {
    /// The sequence of one invented thing. Each has its own, so that a larger demo contains the smaller one.
    pub(super) fn of(seed: u64, kind: &str, number: usize) -> Self {
        let mut hash: u64 = 0xcbf2_9ce4_8422_2325;
        for byte in kind.bytes().chain(number.to_le_bytes()).chain(seed.to_le_bytes()) {
            hash = (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3);
        }
        Self(ChaCha20Rng::seed_from_u64(hash))
    }

    /// Yes, this often.
    pub(super) fn yes(&mut self, share: f64) -> bool {
        self.0.gen_bool(share)
    }

    /// A number from a range, both ends included.
    pub(super) fn between(&mut self, from: u32, to: u32) -> u32 {
        self.0.gen_range(from..=to)
    }

    /// One of them, each as likely.
    pub(super) fn one<'a, T>(&mut self, of: &'a [T]) -> &'a T {
        of.choose(&mut self.0).expect("there is something to choose from")
    }

    /// One of them, by weight.
    pub(super) fn weighted<'a, T>(&mut self, of: &'a [T], weight: impl Fn(&T) -> f64) -> &'a T {
        of.choose_weighted(&mut self.0, weight).expect("some weight is above zero")
    }

    /// Some of them, without repeats.
    pub(super) fn some<T: Clone>(&mut self, of: &[T], count: usize) -> Vec<T> {
        of.choose_multiple(&mut self.0, count).cloned().collect()
    }

    /// In another order.
    pub(super) fn shuffled<T>(&mut self, mut of: Vec<T>) -> Vec<T> {
        of.shuffle(&mut self.0);
        of
    }

    /// An idempotency key.
    pub(super) fn key(&mut self) -> Uuid {
        Builder::from_random_bytes(self.0.r#gen()).into_uuid()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn everything_has_a_sequence_of_its_own_that_repeats() {
        let key = |seed, kind, number| Dice::of(seed, kind, number).key();
        assert_eq!(key(1, "person", 0), key(1, "person", 0));
        for other in [key(2, "person", 0), key(1, "opening", 0), key(1, "person", 1)] {
            assert_ne!(key(1, "person", 0), other);
        }
    }
}
