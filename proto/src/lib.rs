//! The language of the bus: ids, commands, queries, events and their subjects.
//!
//! Every service depends on this crate; it depends on no service and does no I/O.
//! Three kinds of message exist and no other: a **command** asks for a change and carries an
//! idempotency key, a **query** asks for an answer, an **event** states a fact in the past tense.
//! From the tables in here follow the subjects each service may use ([`permissions`]), the event
//! catalogue ([`catalogue`]) and the JSON Schemas in `schemas/`.

pub mod actor;
pub mod call;
pub mod catalogue;
pub mod dead_letters;
pub mod event;
pub mod ids;
pub mod permissions;
pub mod pii;
pub mod problem;
pub mod sealed;
pub mod service;
pub mod work;

pub mod intake;
pub mod matcher;
pub mod notifier;
pub mod open_hiring;
pub mod portal;
pub mod vacancies;

pub use actor::{Actor, Role};
pub use call::{Call, CallSpec, Kind, Request};
pub use event::{CloudEvent, Fact, Stream};
pub use ids::*;
pub use pii::Pii;
pub use problem::{FieldProblem, Problem, Status};
pub use sealed::Sealed;
pub use service::Service;
