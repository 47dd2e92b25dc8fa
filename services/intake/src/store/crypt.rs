//! What stands encrypted in which column (RELIABILITY 5.2), and what is found or recognised unread.

use chassis::{Vault, vault::Column};
use uuid::Uuid;

use crate::domain::person::{Applicant, Home, Identity};

/// Under the key of a person: who she is.
pub const IDENTITY: Column<Identity> = Column::new("seekers.identity");
/// What she wants and where she lives.
pub const WISHES: Column<Home> = Column::new("seekers.wishes");
/// Where she came in.
pub const ENTRY_POINT: Column<String> = Column::new("seekers.entry_point");
/// Under the key of a registration: all of it.
pub const REGISTRATION: Column<Applicant> = Column::new("registrations.body");

/// How a person is found by her contact without reading it.
pub fn contact_index(vault: &Vault, normalised: &str) -> [u8; 32] {
    vault.blind_index("intake.contact", normalised)
}

/// What is kept of a code: bound to its request, so that equal codes look different.
pub fn code_hash(vault: &Vault, challenge_id: Uuid, code: &str) -> [u8; 32] {
    vault.keyed_hash(&[b"intake code".as_slice(), challenge_id.as_bytes(), code.as_bytes()].concat())
}
