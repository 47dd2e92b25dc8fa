//! Why a request ends on a page that says so.

use axum::{
    http::StatusCode,
    response::{IntoResponse, Response},
};
use chassis::Fault;
use proto::{Problem, Status};

use crate::pages::failures::Happened;

/// A request that cannot go on. The guard around every route turns it into a page (or, for programs,
/// into problem details).
#[derive(Debug, Clone)]
pub struct Stop {
    /// What happened.
    pub happened: Happened,
    /// The service's answer behind it, if any.
    pub problem: Option<Problem>,
}

impl Stop {
    /// Without an answer of a service behind it.
    pub const fn new(happened: Happened) -> Self {
        Self { happened, problem: None }
    }
}

impl From<Happened> for Stop {
    fn from(happened: Happened) -> Self {
        Self::new(happened)
    }
}

impl From<Problem> for Stop {
    fn from(problem: Problem) -> Self {
        let happened = match problem.status {
            Status::Invalid | Status::KeyReused => Happened::NotUnderstood,
            Status::Unauthenticated => Happened::SessionEnded { staff: false },
            Status::Forbidden => Happened::NoAccess,
            Status::NotFound => Happened::NotFound,
            Status::Conflict => Happened::Changed,
            Status::Gone => Happened::Gone,
            Status::TooMany => Happened::TooOften {
                minutes: problem.args.get("minutes").and_then(|text| text.parse().ok()).unwrap_or(15),
            },
            Status::Internal => Happened::OurFault,
            Status::Unavailable => Happened::NotNow,
        };
        Self { happened, problem: Some(problem) }
    }
}

impl From<Fault> for Stop {
    fn from(fault: Fault) -> Self {
        fault.into_problem("a page").into()
    }
}

impl From<sqlx::Error> for Stop {
    fn from(error: sqlx::Error) -> Self {
        Fault::from(error).into()
    }
}

impl IntoResponse for Stop {
    fn into_response(self) -> Response {
        let status =
            StatusCode::from_u16(self.happened.status()).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
        let mut response = status.into_response();
        response.extensions_mut().insert(self);
        response
    }
}
