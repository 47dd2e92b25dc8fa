//! The behaviour of vacancies through the bus, on real NATS and PostgreSQL.

#![expect(clippy::unwrap_used, reason = "a test stops at the first surprise")]

mod employers;
mod imports;
mod near;
mod openings;
mod support;
