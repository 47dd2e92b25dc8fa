//! Rules of accounts, sessions and who may bring something in: pure.

pub mod account;
pub mod own_fit;
pub mod second_factor;
pub mod session;
pub mod signed_webhook;
