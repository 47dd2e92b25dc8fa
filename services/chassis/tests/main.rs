//! The promises of the chassis, on real servers.

#![expect(clippy::unwrap_used, reason = "a test stops at the first surprise")]

mod audit;
mod erasure;
mod needs_a_person;
mod rules_of_the_road;
mod support;
mod unclear_commits;
