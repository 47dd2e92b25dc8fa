//! Intake through the bus, on real NATS and PostgreSQL. The notifier is stood in for by a small
//! service that keeps what it is asked to send.

#![expect(clippy::unwrap_used, reason = "a test stops at the first surprise")]

mod arriving;
mod assisted;
mod availability;
mod codes;
mod consent;
mod contact_change;
mod demo_people;
mod desks;
mod digest;
mod duplicates;
mod erasure;
mod export;
mod her_own_page;
mod matcher_stand_in;
mod privacy;
mod profile;
mod referrals;
mod registering;
mod second_number;
mod support;
mod texting;
mod ticket_contacts;
mod upgrading;
