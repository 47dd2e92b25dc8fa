//! The queue as a model of its own: explored exhaustively, and the implementation and the verifiers of its
//! ledger held to it.

mod explorer;
mod implementation;
mod verifiers;
mod world;
