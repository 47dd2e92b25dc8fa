//! What the portal itself does: accounts, invitations, sessions. Everything else is other services'.

pub mod accept_invitation;
pub(crate) mod after_restore;
pub mod change_invitation;
pub mod end_account;
pub(crate) mod forget_seeker;
pub mod invite;
pub mod invite_colleague;
pub mod prepare_demo;
pub mod sign_in_staff;
