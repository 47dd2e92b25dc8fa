//! Open-hiring: its rules held to a model of their own, and its behaviour through the bus on real NATS and PostgreSQL.

#![expect(clippy::unwrap_used, reason = "a test stops at the first surprise")]

mod it;
mod model;
