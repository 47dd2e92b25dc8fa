//! What stands encrypted in which column (RELIABILITY 5.2), and what is found or recognised unread.

use chassis::{Vault, vault::Column};

use super::accounts::Personal;

/// Under the key of an account or of an invitation: whose it is.
pub(crate) const PERSONAL: Column<Personal> = Column::new("accounts.personal");
/// Under the same key: the secret of her second factor, also while the invitation is being accepted.
pub(crate) const SECOND_FACTOR: Column<[u8]> = Column::new("accounts.totp_secret");

/// How an account or invitation is found by its address without reading it. The address comes normalised.
pub(crate) fn email_index(vault: &Vault, email: &str) -> Vec<u8> {
    vault.blind_index("staff e-mail", email).to_vec()
}
