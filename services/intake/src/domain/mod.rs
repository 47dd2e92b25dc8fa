//! Pure rules: what may be said, by whom, and what follows from it. No I/O, no clock, no chance.

pub mod arrival;
pub mod assisted;
pub mod availability;
pub mod background;
pub mod challenge;
pub mod consent;
pub mod contact;
pub mod contact_change;
pub mod desk;
pub mod duplicate;
pub mod erasure;
pub mod fields;
pub mod letter_code;
pub mod may;
pub mod name;
pub mod person;
pub mod referral;
pub mod second_number;
pub mod text;
pub mod ticket;
