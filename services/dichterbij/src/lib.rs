//! The one binary: every service, and the verbs that an operator needs around them.
//!
//! One file per verb. A verb returns what went wrong as an error with all its causes; [`cli`] prints it in full
//! and ends with the exit code FAILURE. Nothing here decides anything about people or openings: that is the
//! services' work, and the demo reaches them over the bus like everybody else.

pub mod backup;
pub mod cli;
pub mod demo;
pub mod doctor;
pub mod erasures;
pub mod healthcheck;
pub mod invite;
pub mod keeper;
pub mod keys;
pub mod migrate;
pub mod operator;
pub mod reference_data;
pub mod replay;
pub mod restore;
pub mod run;
pub mod schemas;
pub mod services;
pub mod verify_queue;

/// Why a verb did not do what it should, with every cause below it.
pub type Failure = Box<dyn std::error::Error + Send + Sync>;
