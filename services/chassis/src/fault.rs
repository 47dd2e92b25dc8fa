//! Why a handler stopped: the caller's problem, or ours.

use proto::{Problem, Status};

/// Why a use case did not come to an end. Nothing it did is kept.
#[derive(Debug, thiserror::Error)]
pub enum Fault {
    /// An answer for the caller.
    #[error("refused: {0}")]
    Problem(#[from] Problem),
    /// The database said no or did not answer.
    #[error("store")]
    Store(#[from] sqlx::Error),
    /// Something that should not happen.
    #[error("{what}")]
    Broken {
        /// What was being done.
        what: &'static str,
        /// Why it failed.
        #[source]
        source: Box<dyn std::error::Error + Send + Sync>,
    },
}

impl Fault {
    /// Something that should not happen, with its cause.
    pub fn broken(what: &'static str, source: impl Into<Box<dyn std::error::Error + Send + Sync>>) -> Self {
        Self::Broken { what, source: source.into() }
    }

    /// Whether the connection broke under a transaction. Whether that is committed is then known only by its
    /// idempotency key: taking it again waits until the server has decided, and finds the answer or nothing
    /// (RELIABILITY rule 19).
    pub fn is_connection_lost(&self) -> bool {
        match self {
            Self::Store(sqlx::Error::Io(_) | sqlx::Error::WorkerCrashed) => true,
            // The session was ended from outside, or the server goes down.
            Self::Store(sqlx::Error::Database(error)) => {
                error.code().is_some_and(|code| matches!(&*code, "57P01" | "57P02") || code.starts_with("08"))
            }
            _ => false,
        }
    }

    /// Whether the same transaction may succeed at once: serialization failure (40001), deadlock
    /// (40P01), lock timeout (55P03). Only before a commit was sent (RELIABILITY rule 19).
    pub fn is_worth_repeating(&self) -> bool {
        matches!(self, Self::Store(sqlx::Error::Database(error))
            if matches!(error.code().as_deref(), Some("40001" | "40P01" | "55P03")))
    }

    /// Whether the database cannot be reached or has no room: nobody's fault, wait.
    pub fn is_store_away(&self) -> bool {
        match self {
            Self::Store(
                sqlx::Error::PoolTimedOut
                | sqlx::Error::PoolClosed
                | sqlx::Error::Io(_)
                | sqlx::Error::WorkerCrashed
                | sqlx::Error::Tls(_)
                | sqlx::Error::Protocol(_),
            ) => true,
            // Class 57: shut down or starting; class 53: out of connections or disk; class 08: connection.
            Self::Store(sqlx::Error::Database(error)) => error
                .code()
                .is_some_and(|code| ["57P", "53", "08"].iter().any(|class| code.starts_with(class))),
            _ => false,
        }
    }

    /// The answer for the caller; what is ours goes to the log, with its whole chain.
    pub fn into_problem(self, doing: &str) -> Problem {
        match self {
            Self::Problem(problem) => problem,
            // Nobody waits longer for a connection than rule 18 allows, and asking again would only queue again.
            Self::Store(sqlx::Error::PoolTimedOut) => {
                tracing::warn!(doing, "no connection to the store came free in time");
                Problem::busy()
            }
            fault if fault.is_store_away() || fault.is_worth_repeating() => {
                tracing::warn!(doing, error = %Chain(&fault), "the store is away or busy");
                Problem::unavailable()
            }
            fault => {
                tracing::error!(doing, error = %Chain(&fault), "a use case failed");
                Problem::new(Status::Internal, "internal")
            }
        }
    }
}

/// Shows an error with everything that caused it, once, where it is handled.
pub struct Chain<'a>(pub &'a (dyn std::error::Error + 'static));

impl std::fmt::Display for Chain<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{}", self.0)?;
        let mut cause = self.0.source();
        while let Some(error) = cause {
            write!(f, ": {error}")?;
            cause = error.source();
        }
        Ok(())
    }
}
