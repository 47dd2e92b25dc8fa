//! After a restore: nothing goes out before what was told after the backup is known again (docs/adr/0010).
//!
//! A backup is of one moment. What each service told after it is gone from its tables, and still stands on the
//! streams and in the tables of whoever heard it. Left alone, a service would say version 6 of something that
//! the others know as version 8, send a message a second time, or bring back someone who is erased. So:
//!
//! 1. `dichterbij restore` marks every schema in `restores` and fills the tables in one transaction;
//! 2. it reads the streams from their beginning ([`hear`]) and enters, per service, each fact of its own that its
//!    restored outbox does not know: into the outbox, as sent, and into `told_after_backup`; and to whoever reads
//!    an event that erases, that event too;
//! 3. it makes the durable consumers anew, so that each hears everything again (inbox and versions let what is
//!    known pass), and says in `restores` that all is known;
//! 4. a service that starts finds that row ([`gate`]): before it answers, sends or hears anything it gives each
//!    aggregate in `told_after_backup` to its hook (`Wiring::after_restore`), which takes over what can be taken
//!    over and takes back what cannot. Then its gate is open, for good.
//!
//! A restore that dies leaves a row that says how far it was: the services refuse to start, and the same command
//! goes on from there. A later service plugs in by its hook; one that has none and told something refuses to
//! start. "No offer goes out until every queue's head equals the last published one" is such a hook.

mod gate;
mod hear;
mod marks;
mod told;

pub(crate) use gate::{AfterRestore, BeforeOpening, open_gate, refuse_half_restored};
pub use hear::{HearFailed, Report, hear, say_erased, start_consumers_anew};
pub use marks::{Mark, drop_unloaded, latest, mark, not_of_a_backup, set_known, set_loaded};
pub use told::{Reconciled, Told};
