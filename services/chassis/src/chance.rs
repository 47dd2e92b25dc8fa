//! Randomness as a parameter: the operating system's in production, seeded in tests.

use std::{
    ops::Range,
    sync::{Mutex, PoisonError},
};

use base64::{Engine as _, engine::general_purpose::URL_SAFE_NO_PAD};
use chrono::{DateTime, Utc};
use rand::{RngCore as _, SeedableRng as _, rngs::OsRng};
use rand_chacha::ChaCha20Rng;
use uuid::{Builder, Uuid};

/// Where random bytes come from. Ids, codes, tokens, nonces and pauses all ask here, so that a
/// test can seed them and compare whole answers.
pub trait Chance: Send + Sync {
    /// Fills the bytes.
    fn fill(&self, bytes: &mut [u8]);

    /// A random id: for things whose age is nobody's business, such as job-seekers.
    fn uuid_v4(&self) -> Uuid {
        let mut bytes = [0; 16];
        self.fill(&mut bytes);
        Builder::from_random_bytes(bytes).into_uuid()
    }

    /// An id that sorts by time: for events and rows in partitions by time.
    ///
    /// The fraction of the millisecond follows the milliseconds (RFC 9562, method 3), so later
    /// clock readings give greater ids, down to a quarter of a microsecond and without any state.
    /// Ids of one and the same reading stand in random order: the outbox orders by `seq`.
    fn uuid_v7(&self, now: DateTime<Utc>) -> Uuid {
        let mut bytes = [0; 10];
        self.fill(&mut bytes);
        // A leap second reads as up to 2,000 ms; it may not reach into the next millisecond.
        let nanos = u64::from(now.timestamp_subsec_nanos()) % 1_000_000;
        let fraction = (nanos * 4096 / 1_000_000) as u16;
        bytes[..2].copy_from_slice(&fraction.to_be_bytes());
        let millis = u64::try_from(now.timestamp_millis()).unwrap_or(0);
        Builder::from_unix_timestamp_millis(millis, &bytes).into_uuid()
    }

    /// This many decimal digits, each equally likely: codes that people type.
    fn digits(&self, n: usize) -> String {
        let mut text = String::with_capacity(n);
        let mut bytes = [0; 16];
        while text.len() < n {
            self.fill(&mut bytes);
            // 250 to 255 would favour the digits 0 to 5.
            let fair = bytes.iter().filter(|byte| **byte < 250);
            text.extend(fair.take(n - text.len()).map(|byte| char::from(b'0' + byte % 10)));
        }
        text
    }

    /// 192 random bits as 32 characters that fit cookies, URLs and headers.
    fn token(&self) -> String {
        let mut bytes = [0; 24];
        self.fill(&mut bytes);
        URL_SAFE_NO_PAD.encode(bytes)
    }

    /// A pause within the range, in milliseconds; the start of an empty range.
    fn jitter_ms(&self, range: Range<u64>) -> u64 {
        let mut bytes = [0; 8];
        self.fill(&mut bytes);
        match range.end.checked_sub(range.start) {
            // The bias of the remainder is some 10^-16 for any pause that people would wait.
            Some(width @ 1..) => range.start + u64::from_be_bytes(bytes) % width,
            Some(0) | None => range.start,
        }
    }
}

/// The operating system's randomness.
#[derive(Debug, Clone, Copy, Default)]
pub struct OsChance;

impl Chance for OsChance {
    fn fill(&self, bytes: &mut [u8]) {
        OsRng.fill_bytes(bytes);
    }
}

/// The same sequence for the same seed. For tests and the simulator only: who knows the seed
/// knows every code and key.
#[derive(Debug)]
pub struct SeededChance {
    rng: Mutex<ChaCha20Rng>,
}

impl SeededChance {
    /// Starts the sequence of this seed.
    pub fn new(seed: u64) -> Self {
        Self { rng: Mutex::new(ChaCha20Rng::seed_from_u64(seed)) }
    }
}

impl Chance for SeededChance {
    fn fill(&self, bytes: &mut [u8]) {
        // A panic elsewhere cannot leave a generator half done.
        self.rng.lock().unwrap_or_else(PoisonError::into_inner).fill_bytes(bytes);
    }
}

#[cfg(test)]
mod tests {
    use chrono::TimeDelta;
    use proptest::prelude::*;

    use super::*;

    /// Gives the same bytes again and again.
    struct Always(&'static [u8]);

    impl Chance for Always {
        fn fill(&self, bytes: &mut [u8]) {
            for (to, from) in bytes.iter_mut().zip(self.0.iter().cycle()) {
                *to = *from;
            }
        }
    }

    #[test]
    fn a_seed_repeats_itself_and_another_one_differs() {
        let of = |seed| {
            let chance = SeededChance::new(seed);
            (chance.uuid_v4(), chance.digits(8), chance.token(), chance.jitter_ms(20..200))
        };
        assert_eq!(of(1), of(1));
        assert_ne!(of(1), of(2));
    }

    #[test]
    fn the_operating_system_gives_something_new_each_time() {
        assert_ne!(OsChance.token(), OsChance.token());
        assert_eq!(OsChance.uuid_v4().get_version_num(), 4);
    }

    #[test]
    fn bytes_that_would_favour_small_digits_are_left_out() {
        assert_eq!(Always(&[255, 254, 253, 252, 251, 250, 249, 0]).digits(4), "9090");
    }

    #[test]
    fn every_digit_comes_about_equally_often() {
        let digits = SeededChance::new(7).digits(100_000);
        for digit in '0'..='9' {
            let count = digits.chars().filter(|other| *other == digit).count();
            assert!((9_600..10_400).contains(&count), "{digit}: {count}");
        }
    }

    #[test]
    fn an_empty_range_of_pauses_is_no_pause_more() {
        assert_eq!(OsChance.jitter_ms(20..20), 20);
        #[expect(clippy::reversed_empty_ranges, reason = "a mistake in a setting must not panic")]
        let backwards = OsChance.jitter_ms(20..10);
        assert_eq!(backwards, 20);
    }

    proptest! {
        #[test]
        fn later_moments_give_greater_ids(seed: u64, at in 0_i64..4_000_000_000_000_000_000, after in 1_i64..10_000_000) {
            let chance = SeededChance::new(seed);
            let first = DateTime::from_timestamp_nanos(at);
            // Microseconds are what PostgreSQL keeps.
            let second = first + TimeDelta::microseconds(after);
            let (first, second) = (chance.uuid_v7(first), chance.uuid_v7(second));
            prop_assert!(first < second, "{first} {second}");
            prop_assert_eq!(first.get_version_num(), 7);
        }

        #[test]
        fn an_id_says_when(seed: u64, millis in 0_i64..4_000_000_000_000) {
            let now = DateTime::from_timestamp_millis(millis).unwrap();
            let id = SeededChance::new(seed).uuid_v7(now);
            let (seconds, nanos) = id.get_timestamp().unwrap().to_unix();
            prop_assert_eq!(seconds as i64 * 1000 + i64::from(nanos / 1_000_000), millis);
        }

        #[test]
        fn digits_and_pauses_stay_within_bounds(seed: u64, n in 0_usize..40, start in 0_u64..1000, width in 1_u64..1000) {
            let chance = SeededChance::new(seed);
            let digits = chance.digits(n);
            prop_assert_eq!(digits.len(), n);
            prop_assert!(digits.chars().all(|c| c.is_ascii_digit()));
            prop_assert!((start..start + width).contains(&chance.jitter_ms(start..start + width)));
            prop_assert_eq!(chance.token().len(), 32);
        }
    }
}
