//! The rules of a queue: values, a moment and randomness in; entries and states out.

pub mod answer_time;
pub mod entry;
pub mod estimate;
pub mod ladder;
pub mod ledger;
pub mod line;
pub mod offer;
pub mod queue;
pub mod sms_answer;
pub mod ticket;

pub use entry::{Entry, What};
pub use queue::{Place, PlaceState, Queue, Stage};
pub use ticket::{State, Ticket};
