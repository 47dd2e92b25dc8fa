//! What stands encrypted in which column, under the key of its message (RELIABILITY 5.2).

use chassis::{
    Chance, Fault, Vault,
    vault::{DataKey, WrappedKey},
};
use serde::{Serialize, de::DeserializeOwned};
use uuid::Uuid;

/// An encrypted column, named with its table: the name is bound into the cipher text.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Column {
    /// [`proto::notifier::Notice`].
    Notice,
    /// [`crate::domain::letter::Letter`].
    Body,
}

impl Column {
    const fn name(self) -> &'static str {
        match self {
            Self::Notice => "messages.notice",
            Self::Body => "messages.body",
        }
    }
}

/// The columns of one message.
pub struct Columns {
    key: DataKey,
}

impl Columns {
    /// A new message: its key as it is stored, and the use of it.
    pub fn new(vault: &Vault, chance: &dyn Chance, message_id: Uuid) -> Result<(WrappedKey, Self), Fault> {
        let wrapped = vault.new_data_key(chance, message_id);
        let columns = Self::open(vault, &wrapped, message_id)?;
        Ok((wrapped, columns))
    }

    /// The use of a stored key.
    pub fn open(vault: &Vault, wrapped: &WrappedKey, message_id: Uuid) -> Result<Self, Fault> {
        let key = vault
            .open_data_key(wrapped, message_id)
            .map_err(|error| Fault::broken("opening a message's key", error))?;
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
