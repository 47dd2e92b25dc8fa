//! The notifier through the bus, on real NATS and PostgreSQL.

#![expect(clippy::unwrap_used, reason = "a test stops at the first surprise")]

mod answers;
mod privacy;
mod sending;
mod support;
mod tickets;
