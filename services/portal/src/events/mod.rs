//! What the portal hears.

pub(crate) mod consume;
