//! All SQL of the portal.

pub mod accounts;
pub mod invitations;
pub mod sessions;
