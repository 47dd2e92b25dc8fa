//! What the notifier does, one sentence per file. The listing is the feature list.

mod after_restore;
mod forget_seeker;
mod hand_over_messages;
mod hear_answer;
mod hear_tickets;
mod reach;
mod send_notice;
mod tell_answers;
mod tell_tickets;

pub use after_restore::after_restore;
pub use forget_seeker::forget_seeker;
pub use hand_over_messages::hand_over_messages;
pub use hear_answer::hear_answer;
pub use hear_tickets::{forget_tickets, hear_tickets};
pub use send_notice::send_notice;
pub use tell_answers::tell_answers;
pub use tell_tickets::tell_tickets;
