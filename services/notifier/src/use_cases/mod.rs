//! What the notifier does, one sentence per file. The listing is the feature list.

mod hand_over_messages;
mod send_notice;

pub use hand_over_messages::hand_over_messages;
pub use send_notice::send_notice;
