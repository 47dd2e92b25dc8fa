//! A form that comes twice is taken once, also when what it sends is sealed.
//!
//! A sealed box never looks the same twice, so a service cannot compare the second with the first.
//! Here the key is made from what was typed: the service then takes it once, whichever replica of the
//! portal asks, and the replica that asked remembers the answer for a while.

use std::{
    collections::{HashMap, VecDeque},
    sync::{Arc, Mutex, PoisonError},
    time::Duration,
};

use serde::Serialize;
use tokio::{sync::OnceCell, time::Instant};
use uuid::{Builder, Uuid};

use crate::web::{fields::Fields, visit::Visit};

/// The key of what a form says: the same for the same form with the same content, and for no other.
pub(in crate::web) fn key(visit: &Visit, form: &Fields, content: &impl Serialize) -> Uuid {
    let form_key: Uuid = form.get("key").parse().unwrap_or_else(|_| visit.app.chassis.chance.uuid_v4());
    key_of(visit, &(form_key, content))
}

/// The key of what is said: the same for the same, and for nothing else. Nobody can make it but us.
pub(in crate::web) fn key_of(visit: &Visit, content: &impl Serialize) -> Uuid {
    let said = serde_json::to_vec(content).expect("what is said is plain JSON");
    let vault = visit.app.chassis.keys.vault().expect("the portal has a vault");
    let mut bytes = [0; 16];
    bytes.copy_from_slice(&vault.keyed_hash(&said)[..16]);
    Builder::from_random_bytes(bytes).into_uuid()
}

/// Answers of a while ago, by key.
pub(in crate::web) struct Once<T> {
    life: Duration,
    answers: Mutex<Answers<T>>,
}

struct Answers<T> {
    by_key: HashMap<Uuid, Arc<OnceCell<T>>>,
    oldest_first: VecDeque<(Instant, Uuid)>,
}

impl<T: Clone> Once<T> {
    /// Remembers answers for so long.
    pub(in crate::web) fn new(life: Duration) -> Self {
        let answers = Answers { by_key: HashMap::new(), oldest_first: VecDeque::new() };
        Self { life, answers: Mutex::new(answers) }
    }

    /// The answer to this key: asks if nobody did, waits if somebody is asking. A failure is not
    /// remembered.
    pub(in crate::web) async fn ask<E>(
        &self,
        key: Uuid,
        ask: impl Future<Output = Result<T, E>>,
    ) -> Result<T, E> {
        let cell = self.cell(key, Instant::now());
        cell.get_or_try_init(|| ask).await.cloned()
    }

    fn cell(&self, key: Uuid, now: Instant) -> Arc<OnceCell<T>> {
        let mut answers = self.answers.lock().unwrap_or_else(PoisonError::into_inner);
        while let Some((since, old)) = answers.oldest_first.front().copied() {
            if now - since < self.life {
                break;
            }
            answers.oldest_first.pop_front();
            answers.by_key.remove(&old);
        }
        if let Some(cell) = answers.by_key.get(&key) {
            return cell.clone();
        }
        answers.oldest_first.push_back((now, key));
        answers.by_key.entry(key).or_default().clone()
    }
}

#[cfg(test)]
mod tests {
    use std::sync::atomic::{AtomicU32, Ordering};

    use super::*;

    #[tokio::test]
    async fn two_at_a_moment_ask_once_and_hear_the_same() {
        let (once, asked) = (Once::new(Duration::from_mins(1)), AtomicU32::new(0));
        let ask = || async {
            tokio::task::yield_now().await;
            Ok::<_, ()>(asked.fetch_add(1, Ordering::SeqCst))
        };
        let key = Uuid::from_u128(1);
        assert_eq!(tokio::join!(once.ask(key, ask()), once.ask(key, ask())), (Ok(0), Ok(0)));
        assert_eq!(once.ask(Uuid::from_u128(2), ask()).await, Ok(1));
    }

    #[tokio::test]
    async fn a_failure_is_asked_again() {
        let once = Once::new(Duration::from_mins(1));
        let key = Uuid::from_u128(1);
        assert_eq!(once.ask(key, async { Err::<u8, _>("no") }).await, Err("no"));
        assert_eq!(once.ask(key, async { Ok::<_, &str>(7) }).await, Ok(7));
    }

    #[test]
    fn what_is_old_is_forgotten() {
        let once: Once<u8> = Once::new(Duration::from_mins(1));
        let now = Instant::now();
        once.cell(Uuid::from_u128(1), now).set(7).unwrap();
        assert_eq!(once.cell(Uuid::from_u128(1), now + Duration::from_secs(59)).get(), Some(&7));
        assert_eq!(once.cell(Uuid::from_u128(1), now + Duration::from_mins(1)).get(), None);
    }
}
