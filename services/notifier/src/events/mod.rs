//! What the notifier hears. What it tells is published where it happens.

pub mod consume;
