//! Rules of accounts and sessions: pure.

pub mod account;
pub mod second_factor;
pub mod session;
