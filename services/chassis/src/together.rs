//! What many ask at one moment, asked together: hundreds of sign-ups in one command, so in one transaction and one commit
//! (DESIGN rule 10, RELIABILITY rule 20).
//!
//! Nobody waits for company. What is there leaves at once; what comes while that is on its way leaves next, together. So one
//! person alone waits for nothing, and a rush makes its own batches. One batch is on its way at a time, in order of
//! arrival: who came first is in an earlier batch, or earlier in the same one.

use std::sync::Arc;

use futures::future::BoxFuture;
use proto::Problem;
use tokio::sync::{mpsc, oneshot};

/// How much goes together, and how much may wait.
#[derive(Debug, Clone, Copy)]
pub struct Bounds {
    /// Most that leave together.
    pub together: usize,
    /// Most that wait; one more is "not now" at once (RELIABILITY rule 18).
    pub waiting: usize,
}

type Answer<O> = oneshot::Sender<Result<O, Problem>>;

/// Collects what many ask. Cheap to clone.
pub struct Together<I, O> {
    waiting: mpsc::Sender<(I, Answer<O>)>,
}

impl<I, O> Clone for Together<I, O> {
    fn clone(&self) -> Self {
        Self { waiting: self.waiting.clone() }
    }
}

impl<I: Send + 'static, O: Send + 'static> Together<I, O> {
    /// Asks with `ask`, which answers everything that it was given, in that order. It ends when nobody holds it any more.
    pub fn new(
        bounds: Bounds,
        ask: impl Fn(Vec<I>) -> BoxFuture<'static, Result<Vec<O>, Problem>> + Send + Sync + 'static,
    ) -> Self {
        let (waiting, coming) = mpsc::channel(bounds.waiting);
        tokio::spawn(keep_asking(coming, bounds.together, Arc::new(ask)));
        Self { waiting }
    }

    /// Asks this together with what others ask.
    ///
    /// # Errors
    /// [`Problem::busy`] when too many wait; what the batch was answered with, if it was refused as a whole.
    pub async fn ask(&self, item: I) -> Result<O, Problem> {
        let (answer, answered) = oneshot::channel();
        self.waiting.try_send((item, answer)).map_err(|_| Problem::busy())?;
        answered.await.unwrap_or_else(|_| Err(Problem::internal()))
    }
}

type Ask<I, O> = Arc<dyn Fn(Vec<I>) -> BoxFuture<'static, Result<Vec<O>, Problem>> + Send + Sync>;

async fn keep_asking<I: Send + 'static, O: Send + 'static>(
    mut coming: mpsc::Receiver<(I, Answer<O>)>,
    together: usize,
    ask: Ask<I, O>,
) {
    let mut batch = Vec::with_capacity(together);
    while coming.recv_many(&mut batch, together).await > 0 {
        let (items, answers): (Vec<I>, Vec<Answer<O>>) = batch.drain(..).unzip();
        let count = items.len();
        // In a task of its own: what panics there ends this batch and no other.
        match tokio::spawn(ask(items)).await {
            Ok(Ok(replies)) if replies.len() == count => {
                for (answer, reply) in answers.into_iter().zip(replies) {
                    // Whoever hung up is not there to hear it; it is done all the same.
                    let _ = answer.send(Ok(reply));
                }
            }
            Ok(Err(problem)) => {
                for answer in answers {
                    let _ = answer.send(Err(problem.clone()));
                }
            }
            Ok(Ok(replies)) => {
                tracing::error!(
                    asked = count,
                    answered = replies.len(),
                    "a batch was not answered one for one"
                );
            }
            Err(error) => tracing::error!(%error, "a batch panicked"),
        }
    }
}

#[cfg(test)]
mod tests {
    use std::sync::Mutex;

    use proto::Status;
    use tokio::sync::Semaphore;

    use super::*;

    const BOUNDS: Bounds = Bounds { together: 3, waiting: 8 };

    /// Keeps the batches that left, and lets each go on when told.
    struct Door {
        batches: Mutex<Vec<Vec<u32>>>,
        opens: Semaphore,
    }

    impl Door {
        fn closed() -> Arc<Self> {
            Arc::new(Self { batches: Mutex::default(), opens: Semaphore::new(0) })
        }

        fn together(self: &Arc<Self>) -> Together<u32, u32> {
            let door = self.clone();
            Together::new(BOUNDS, move |items| {
                let door = door.clone();
                Box::pin(async move {
                    door.batches.lock().unwrap().push(items.clone());
                    door.opens.acquire().await.unwrap().forget();
                    match items.as_slice() {
                        [400, ..] => Err(Problem::new(Status::Conflict, "refused-by-test")),
                        [500, ..] => panic!("as asked"),
                        [600, ..] => Ok(vec![]),
                        _ => Ok(items.iter().map(|item| item * 10).collect()),
                    }
                })
            })
        }

        fn batches(&self) -> Vec<Vec<u32>> {
            self.batches.lock().unwrap().clone()
        }
    }

    /// Asks these one after another, without waiting for answers.
    async fn ask_all(
        together: &Together<u32, u32>,
        items: impl IntoIterator<Item = u32>,
    ) -> Vec<tokio::task::JoinHandle<Result<u32, Problem>>> {
        let mut asked = Vec::new();
        for item in items {
            let together = together.clone();
            asked.push(tokio::spawn(async move { together.ask(item).await }));
            // On one thread, whoever was spawned first asks first.
            tokio::task::yield_now().await;
        }
        asked
    }

    #[tokio::test]
    async fn what_comes_meanwhile_leaves_together_in_order_of_arrival() {
        let door = Door::closed();
        let together = door.together();
        let asked = ask_all(&together, 1..=6).await;
        assert_eq!(
            door.batches(),
            [vec![1]],
            "nobody waits for company, and one batch is on its way at a time"
        );
        door.opens.add_permits(10);
        for (n, asked) in (1..).zip(asked) {
            assert_eq!(asked.await.unwrap(), Ok(n * 10));
        }
        assert_eq!(door.batches(), [vec![1], vec![2, 3, 4], vec![5, 6]]);
    }

    #[tokio::test]
    async fn what_is_refused_or_breaks_ends_its_own_batch_only() {
        let door = Door::closed();
        let together = door.together();
        let first = ask_all(&together, [1]).await;
        let asked = ask_all(&together, [400, 2, 3, 500, 4, 5]).await;
        door.opens.add_permits(10);
        for asked in first {
            assert_eq!(asked.await.unwrap(), Ok(10));
        }
        let mut codes = Vec::new();
        for asked in asked {
            codes.push(asked.await.unwrap().map_err(|problem| problem.code).unwrap_err());
        }
        let internal = Problem::internal().code;
        assert_eq!(codes[..3], ["refused-by-test"; 3]);
        assert_eq!(codes[3..], [internal.as_str(); 3]);
        assert_eq!(together.ask(600).await.unwrap_err().code, internal, "one reply is missing");
        assert_eq!(together.ask(7).await, Ok(70));
    }

    #[tokio::test]
    async fn one_too_many_is_told_at_once() {
        let door = Door::closed();
        let together = door.together();
        let asked = ask_all(&together, 0..9).await;
        assert_eq!(together.ask(9).await.unwrap_err().code, Problem::busy().code);
        door.opens.add_permits(10);
        for (n, asked) in (0..).zip(asked) {
            assert_eq!(asked.await.unwrap(), Ok(n * 10), "whoever waits is served");
        }
    }

    #[tokio::test]
    async fn who_hangs_up_changes_nothing_for_others() {
        let door = Door::closed();
        let together = door.together();
        let asked = ask_all(&together, 1..=3).await;
        asked[1].abort();
        door.opens.add_permits(10);
        let mut asked = asked.into_iter();
        assert_eq!(asked.next().unwrap().await.unwrap(), Ok(10));
        assert!(asked.next().unwrap().await.unwrap_err().is_cancelled());
        assert_eq!(asked.next().unwrap().await.unwrap(), Ok(30));
        assert_eq!(door.batches(), [vec![1], vec![2, 3]], "what was asked is done");
    }
}
