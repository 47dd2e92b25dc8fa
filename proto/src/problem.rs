//! What went wrong, in words a program can carry and a page can translate.
//!
//! Services answer with stable codes; the portal turns them into Dutch or English sentences
//! (`problem-<code>`, `field-<code>`) and, for the API, into RFC 9457 problem details.

use std::collections::BTreeMap;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// Who must act, as an HTTP status family.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Status {
    /// The sender must mend the input (400).
    Invalid,
    /// The sender must sign in or prove who acts (401).
    Unauthenticated,
    /// The actor may not do this to that object (403).
    Forbidden,
    /// There is no such thing (404).
    NotFound,
    /// It is in a state that does not allow this (409).
    Conflict,
    /// It existed and is gone (410).
    Gone,
    /// A key was used again with another body (422).
    KeyReused,
    /// Too often; wait (429).
    TooMany,
    /// Our fault (500).
    Internal,
    /// Not now; the same request may be repeated (503).
    Unavailable,
}

impl Status {
    /// The HTTP status code.
    pub const fn http(self) -> u16 {
        match self {
            Self::Invalid => 400,
            Self::Unauthenticated => 401,
            Self::Forbidden => 403,
            Self::NotFound => 404,
            Self::Conflict => 409,
            Self::Gone => 410,
            Self::KeyReused => 422,
            Self::TooMany => 429,
            Self::Internal => 500,
            Self::Unavailable => 503,
        }
    }
}

/// One thing to mend at one field.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct FieldProblem {
    /// The field's name as in the command, dots for nesting: `hours_max`.
    pub field: String,
    /// A stable code, e.g. `postcode-unknown`; the sentence is `field-<code>`.
    pub code: String,
    /// Values for the sentence. Never personal data.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub args: BTreeMap<String, String>,
}

impl FieldProblem {
    /// A field problem without values.
    pub fn new(field: impl Into<String>, code: impl Into<String>) -> Self {
        Self { field: field.into(), code: code.into(), args: BTreeMap::new() }
    }

    /// Adds a value for the sentence.
    #[must_use]
    pub fn with(mut self, name: &str, value: impl ToString) -> Self {
        self.args.insert(name.to_owned(), value.to_string());
        self
    }
}

/// The answer when a command or query could not be done: nothing was changed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema, thiserror::Error)]
#[error("{code} ({status:?})")]
pub struct Problem {
    /// Who must act.
    pub status: Status,
    /// A stable code, e.g. `opening-unknown`; the sentence is `problem-<code>`.
    pub code: String,
    /// What to mend, all at once.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub fields: Vec<FieldProblem>,
    /// Values for the sentence. Never personal data.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub args: BTreeMap<String, String>,
}

impl Problem {
    /// A problem by status and code.
    pub fn new(status: Status, code: impl Into<String>) -> Self {
        Self { status, code: code.into(), fields: Vec::new(), args: BTreeMap::new() }
    }

    /// Input with fields to mend.
    pub fn fields(fields: Vec<FieldProblem>) -> Self {
        Self { fields, ..Self::new(Status::Invalid, "fields-invalid") }
    }

    /// There is no such thing: `<thing>-unknown`.
    pub fn not_found(thing: &str) -> Self {
        Self::new(Status::NotFound, format!("{thing}-unknown"))
    }

    /// This actor may not do this.
    pub fn forbidden() -> Self {
        Self::new(Status::Forbidden, "forbidden")
    }

    /// A passing fault: the caller may repeat the same request.
    pub fn unavailable() -> Self {
        Self::new(Status::Unavailable, "unavailable")
    }

    /// Too much in hand, or no connection to the store in time: the caller may repeat the same request, and no
    /// sooner than a moment later.
    pub fn busy() -> Self {
        Self::new(Status::Unavailable, "busy")
    }

    /// Whether it is [`Problem::busy`].
    pub fn is_busy(&self) -> bool {
        self.status == Status::Unavailable && self.code == "busy"
    }

    /// Our fault. The cause stands in the log, never in the answer.
    pub fn internal() -> Self {
        Self::new(Status::Internal, "internal")
    }

    /// Adds a value for the sentence.
    #[must_use]
    pub fn with(mut self, name: &str, value: impl ToString) -> Self {
        self.args.insert(name.to_owned(), value.to_string());
        self
    }

    /// Whether the same request may succeed a moment later without anyone doing anything.
    pub fn is_passing(&self) -> bool {
        self.status == Status::Unavailable
    }
}
