//! All SQL of the portal, and how staff is kept encrypted.

pub mod accounts;
pub(crate) mod crypt;
pub mod invitations;
pub mod sessions;
