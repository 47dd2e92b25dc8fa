//! The behaviour of the matcher through the bus, on real NATS and PostgreSQL.

#![expect(clippy::unwrap_used, reason = "a test stops at the first surprise")]

mod erasure;
mod marks;
mod open_file;
mod proposals;
mod support;
