//! What stands encrypted in which column, and under whose key (RELIABILITY 5.2).

use chassis::{
    Chance, Fault, Vault,
    vault::{DataKey, WrappedKey},
};
use serde::{Serialize, de::DeserializeOwned};
use uuid::Uuid;

/// An encrypted column, named with its table: the name is bound into the cipher text.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Column {
    /// [`crate::domain::person::Identity`].
    Identity,
    /// [`crate::domain::person::Home`].
    Wishes,
    /// A text.
    EntryPoint,
    /// [`crate::domain::person::Applicant`].
    Registration,
}

impl Column {
    const fn name(self) -> &'static str {
        match self {
            Self::Identity => "seekers.identity",
            Self::Wishes => "seekers.wishes",
            Self::EntryPoint => "seekers.entry_point",
            Self::Registration => "registrations.body",
        }
    }
}

/// The columns of one owner: a person or a waiting registration.
pub struct Columns {
    key: DataKey,
}

impl Columns {
    /// A new owner: her key as it is stored, and the use of it.
    pub fn new(vault: &Vault, chance: &dyn Chance, owner: Uuid) -> Result<(WrappedKey, Self), Fault> {
        let wrapped = vault.new_data_key(chance, owner);
        let columns = Self::open(vault, &wrapped, owner)?;
        Ok((wrapped, columns))
    }

    /// The use of a stored key.
    pub fn open(vault: &Vault, wrapped: &WrappedKey, owner: Uuid) -> Result<Self, Fault> {
        let key = vault
            .open_data_key(wrapped, owner)
            .map_err(|error| Fault::broken("opening a person's key", error))?;
        Ok(Self { key })
    }

    /// Encrypts a value.
    pub fn write<T: Serialize>(&self, chance: &dyn Chance, column: Column, value: &T) -> Vec<u8> {
        self.key.encrypt_json(chance, column.name(), value)
    }

    /// Decrypts a value.
    pub fn read<T: DeserializeOwned>(&self, column: Column, stored: &[u8]) -> Result<T, Fault> {
        self.key
            .decrypt_json(column.name(), stored)
            .map_err(|error| Fault::broken("reading an encrypted column", error))
    }
}

/// How a person is found by her contact without reading it.
pub fn contact_index(vault: &Vault, normalised: &str) -> [u8; 32] {
    vault.blind_index("intake.contact", normalised)
}

/// What is kept of a code: bound to its request, so that equal codes look different.
pub fn code_hash(vault: &Vault, challenge_id: Uuid, code: &str) -> [u8; 32] {
    vault.keyed_hash(&[b"intake code".as_slice(), challenge_id.as_bytes(), code.as_bytes()].concat())
}

/// The idempotency key under which the code of a request is handed to the notifier: always the same
/// for the same request, and not to be guessed from outside.
pub fn dispatch_key(vault: &Vault, challenge_id: Uuid) -> Uuid {
    let hash = vault.keyed_hash(&[b"intake dispatch".as_slice(), challenge_id.as_bytes()].concat());
    let mut bytes = [0; 16];
    bytes.copy_from_slice(&hash[..16]);
    uuid::Builder::from_custom_bytes(bytes).into_uuid()
}
