//! All SQL of intake, one file per table, and how a person is kept encrypted.

pub mod challenges;
pub mod consents;
pub mod crypt;
pub mod registrations;
pub mod seekers;
