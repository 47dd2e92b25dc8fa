//! Intake through the bus, on real NATS and PostgreSQL. The notifier is stood in for by a small
//! service that keeps what it is asked to send.

#![expect(clippy::unwrap_used, reason = "a test stops at the first surprise")]

mod codes;
mod demo_people;
mod her_own_page;
mod privacy;
mod registering;
mod support;
