//! All SQL of intake, one file per table, and how a person is kept encrypted.

pub mod arrivals;
pub mod availability;
pub mod backgrounds;
pub mod challenges;
pub mod consents;
pub mod contacts;
pub mod crypt;
pub mod desks;
pub mod duplicates;
pub mod erasures;
pub mod helpers;
pub mod letter_codes;
pub mod referrals;
pub mod registrations;
pub mod seekers;
pub mod tickets;
