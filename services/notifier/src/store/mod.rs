//! All SQL of the notifier, and how a message is kept encrypted.

pub mod crypt;
pub mod employer_answers;
pub mod messages;
pub mod named_openings;
pub mod ticket_news;
