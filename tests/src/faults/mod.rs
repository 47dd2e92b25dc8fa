//! Faults on real servers (RELIABILITY part 8): traffic whose every answer is kept, things that break under it, and a
//! checker that compares what was answered with what the tables and streams hold.
//!
//! A test puts [`Traffic`] on an installation, breaks what it is about, calls [`Traffic::stop`], waits with [`level()`]
//! until everything has come to rest, and asks [`check()`] for what was lost, doubled or out of order. What was broken
//! is counted in [`Injected`]; a count that stayed zero proves nothing, so it fails.

use proto::Service;

mod bad;
mod check;
mod crashes;
mod damage;
mod dice;
pub mod explain;
mod hang_ups;
mod happening;
pub mod history;
mod injected;
mod leaders;
mod level;
mod lines;
pub mod observer;
pub mod planted;
mod proxy;
mod restored;
mod traffic;

pub use bad::Bad;
pub use check::{Report, check};
pub use crashes::{crash_points, walk};
pub use damage::{Damage, damage};
pub use dice::{Dice, seed};
pub use hang_ups::{forgotten_transactions, hang_up, visit};
pub use happening::{Happening, all_ready, revive};
pub use history::{History, Outcome, Step};
pub use injected::Injected;
pub use leaders::{LEADER_LOST, lose_leaders};
pub use level::{PATIENCE, at_rest_but, begun, filled, level, quiet, unequal};
pub use lines::{lines, unproven};
pub use observer::Observer;
pub use proxy::{Proxy, Weather};
pub use restored::{RESTORED, lose_the_database};
pub use traffic::{Amount, Traffic};

/// Those that people ask something of in this traffic.
pub const ASKED: [Service; 4] = [Service::Intake, Service::Vacancies, Service::OpenHiring, Service::Portal];
