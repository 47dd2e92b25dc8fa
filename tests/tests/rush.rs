//! Ten thousand people sign up for one line while servers and replicas die, freeze and restart (issue 5, RELIABILITY T1 to T7).

use dichterbij_tests::{faults::seed, rush};

/// Waves of a thousand people, with something broken in each; `make soak` has fifty.
const WAVES: usize = 10;

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn ten_thousand_sign_up_while_everything_breaks_and_nobody_is_lost_or_overtaken() {
    println!("{}", rush::breaks(seed(), WAVES).await);
}
