//! The rules and the index: pure, no I/O, no clock, no randomness. Same data, same answer.

pub mod index;
pub mod pair;
pub mod published;
pub mod reasons;
pub mod rules;
pub mod said;
pub mod travel;
pub mod words;
