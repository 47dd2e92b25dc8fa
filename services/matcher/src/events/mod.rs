//! What the matcher hears.

pub(crate) mod consume;
