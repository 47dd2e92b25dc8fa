//! The pages, as plain structs that render themselves.
//!
//! A page holds [`Layout`] (who reads, in which language, what just happened) and its own facts: words,
//! numbers and small enums, never a row or a message from the bus. Templates hold no sentence, colour or size.

pub mod accounts;
pub mod calls;
pub mod desks;
pub mod employers;
pub mod failures;
pub mod first_days;
pub mod form;
pub mod helper;
pub mod home;
pub mod import;
pub mod info;
pub mod interest;
pub mod job_posting;
pub mod layout;
pub mod ledger;
pub mod line;
pub mod line_desk;
pub mod openings;
pub mod posting;
pub mod profile;
pub mod queue;
pub mod register;
pub mod rights;
pub mod seeker;
pub mod sign_in;
pub mod staff;
pub mod stuck;
pub mod ticket;
pub mod work;

#[cfg(test)]
mod checks;
#[cfg(test)]
mod samples;

pub use form::{Choice, FieldError};
pub use layout::{Assets, Layout, Notice, Pager, Reader, Role};
