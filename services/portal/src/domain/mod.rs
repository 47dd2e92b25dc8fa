//! Rules of accounts and sessions: pure.

pub mod account;
pub mod own_fit;
pub mod second_factor;
pub mod session;
