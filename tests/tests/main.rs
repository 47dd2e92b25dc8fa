//! The platform as a whole, on real servers and with faults.

#![expect(clippy::unwrap_used, reason = "a test stops at the first surprise")]

mod apart;
mod attacks;
mod bad_links;
mod canary;
#[cfg(feature = "faults")]
mod checkers;
mod erasure;
mod faults;
mod identities;
mod needs_a_person;
mod portal_employers;
mod portal_import;
mod portal_queue;
mod portal_rights;
mod portal_seeker;
mod portal_staff;
mod portal_texts;
mod replay;
mod restore;
mod restore_lines;
mod rush;
#[cfg(feature = "faults")]
mod simulator;
