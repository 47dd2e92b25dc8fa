//! A flood from one network waits for itself, so that others are served (RELIABILITY rule 36).
//!
//! Libraries, desks and mobile networks share addresses, so nobody is turned away for where she comes from: after the
//! first two hundred of an hour those of one network come in one after another, a hundred a second. Only who would wait
//! longer than a browser does is asked to come back.

use std::{
    collections::HashMap,
    sync::{Mutex, PoisonError},
};

use tokio::time::{Duration, Instant};

/// How many of one network come in without waiting, in [`HOUR`].
const FREELY: u32 = 200;
const HOUR: Duration = Duration::from_hours(1);
/// What then lies between one and the next.
const APART: Duration = Duration::from_millis(10);
/// The longest that somebody waits; so at most two thousand of one network wait at a time.
const LONGEST: Duration = Duration::from_secs(20);
/// How many networks are remembered. When there are more, those that were not seen for an hour go; if there are none,
/// the new one comes in freely.
const NETWORKS: usize = 20_000;

/// How many came from where.
#[derive(Debug, Default)]
pub(crate) struct Pace(Mutex<HashMap<String, Seen>>);

#[derive(Debug)]
struct Seen {
    since: Instant,
    came: u32,
    /// From when on the next one comes in.
    next: Instant,
}

/// Too many wait already: come back in a minute.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct TooMany;

impl Pace {
    /// Waits until it is the turn of somebody from this network. Who cannot be told apart does not wait.
    ///
    /// # Errors
    /// [`TooMany`] at once, when it would take too long.
    pub(crate) async fn wait(&self, network: &str) -> Result<(), TooMany> {
        if network.is_empty() {
            return Ok(());
        }
        let turn = self.turn(network, Instant::now())?;
        tokio::time::sleep_until(turn).await;
        Ok(())
    }

    fn turn(&self, network: &str, now: Instant) -> Result<Instant, TooMany> {
        let mut seen = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if !seen.contains_key(network) && seen.len() >= NETWORKS {
            seen.retain(|_, seen| now < seen.since + HOUR || now < seen.next);
            if seen.len() >= NETWORKS {
                return Ok(now);
            }
        }
        let seen = seen.entry(network.to_owned()).or_insert(Seen { since: now, came: 0, next: now });
        if now >= seen.since + HOUR {
            (seen.since, seen.came) = (now, 0);
        }
        if seen.came < FREELY {
            seen.came += 1;
            return Ok(now);
        }
        let turn = seen.next.max(now);
        if turn > now + LONGEST {
            return Err(TooMany);
        }
        seen.next = turn + APART;
        Ok(turn)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn turns(pace: &Pace, network: &str, now: Instant, count: usize) -> Vec<Result<Duration, TooMany>> {
        (0..count).map(|_| pace.turn(network, now).map(|turn| turn - now)).collect()
    }

    #[tokio::test]
    async fn ten_thousand_from_one_network_wait_for_themselves_and_others_are_served() {
        let (pace, now) = (Pace::default(), Instant::now());
        let flood = turns(&pace, "192.0.2", now, 10_000);
        assert!(flood[..200].iter().all(|turn| *turn == Ok(Duration::ZERO)), "a library comes in freely");
        assert_eq!(flood[201], Ok(APART));
        assert_eq!(flood[300], Ok(APART * 100), "one after another");
        assert_eq!(flood.iter().flatten().max(), Some(&LONGEST));
        assert_eq!(flood.last(), Some(&Err(TooMany)), "what waits is bounded");
        assert_eq!(turns(&pace, "198.51.100", now, 1), [Ok(Duration::ZERO)], "others notice nothing");
    }

    #[tokio::test]
    async fn who_waited_comes_in_and_an_hour_later_all_is_forgotten() {
        let (pace, now) = (Pace::default(), Instant::now());
        turns(&pace, "192.0.2", now, 5_000);
        assert_eq!(turns(&pace, "192.0.2", now + LONGEST, 1), [Ok(APART)], "the line moves on");
        assert_eq!(turns(&pace, "192.0.2", now + HOUR, 1), [Ok(Duration::ZERO)]);
    }

    #[tokio::test]
    async fn the_memory_is_bounded() {
        let (pace, now) = (Pace::default(), Instant::now());
        for network in 0..NETWORKS + 10 {
            assert_eq!(pace.turn(&network.to_string(), now), Ok(now));
        }
        assert_eq!(pace.0.lock().unwrap().len(), NETWORKS);
        pace.turn("new", now + HOUR).unwrap();
        assert_eq!(pace.0.lock().unwrap().len(), 1, "who was not seen for an hour is forgotten");
    }

    #[tokio::test]
    async fn visitors_who_cannot_be_told_apart_do_not_wait() {
        let pace = Pace::default();
        for _ in 0..1_000 {
            assert_eq!(pace.wait("").await, Ok(()));
        }
        assert!(pace.0.lock().unwrap().is_empty());
    }
}
