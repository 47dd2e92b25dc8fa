//! The notifier through the bus, on real NATS and PostgreSQL.

mod privacy;
mod sending;
mod support;
