//! What the matcher hears.

pub(crate) mod announce;
pub(crate) mod consume;
