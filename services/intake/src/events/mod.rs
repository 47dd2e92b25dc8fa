//! What intake tells, and the confirmations it hears.

pub mod announce;
pub mod consume;
pub mod publish;
