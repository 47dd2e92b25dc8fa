//! The behaviour of vacancies through the bus, on real NATS and PostgreSQL.

#![expect(clippy::unwrap_used, reason = "a test stops at the first surprise")]

mod check;
mod course;
mod employers;
mod import_talk;
mod imports;
mod near;
mod openings;
mod people;
mod support;
