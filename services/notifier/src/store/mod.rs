//! All SQL of the notifier, and how a message is kept encrypted.

pub mod crypt;
pub mod employer_answers;
pub mod messages;
