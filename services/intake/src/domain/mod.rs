//! Pure rules: what may be said, by whom, and what follows from it. No I/O, no clock, no chance.

pub mod challenge;
pub mod contact;
pub mod fields;
pub mod may;
pub mod name;
pub mod person;
