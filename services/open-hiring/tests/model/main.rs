//! The queue as a model of its own: explored exhaustively, and the implementation and the verifiers of its
//! ledger held to it.

#![expect(clippy::unwrap_used, reason = "a test stops at the first surprise")]

mod explorer;
mod implementation;
mod verifiers;
mod world;
