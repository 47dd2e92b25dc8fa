//! Data at rest: one key per person, columns under that key, look-up without reading
//! (RELIABILITY 5.2).
//!
//! A person's [`OwnerKey`] stands in the database wrapped by the service's key-encryption key,
//! which does not. Erasing the wrapped key makes what is left of her in backups unreadable.
//! Every cipher text is bound to its place: table, column, person and key version.
//!
//! A service names its encrypted columns once, each with what is in it, and then reads and writes:
//!
//! ```
//! use chassis::vault::{Column, Vault};
//! # use chassis::chance::SeededChance;
//!
//! /// What she wants and can.
//! const WISHES: Column<Vec<String>> = Column::new("seekers.wishes");
//!
//! # let (vault, chance, seeker_id) = (Vault::for_testing(), SeededChance::new(1), uuid::Uuid::from_u128(1));
//! // The wrapped key is stored beside what is encrypted with the other.
//! let (wrapped, key) = vault.new_owner(&chance, seeker_id);
//! let stored = key.encrypt(&chance, WISHES, &vec!["bakken".to_owned()]);
//!
//! let wishes = vault.owner(&wrapped, seeker_id)?.decrypt(WISHES, &stored)?;
//! assert_eq!(wishes, ["bakken"]);
//! # Ok::<(), chassis::Fault>(())
//! ```

use std::{fmt, marker::PhantomData};

use chacha20poly1305::{
    Key, KeyInit as _, XChaCha20Poly1305, XNonce,
    aead::{Aead as _, Payload},
};
use hmac::{Hmac, Mac};
use serde::{Serialize, de::DeserializeOwned};
use sha2::Sha256;
use uuid::Uuid;
use zeroize::{Zeroize, ZeroizeOnDrop, Zeroizing};

use crate::{chance::Chance, fault::Fault};

/// Which key-encryption key wraps new data keys. A next one gets the next number; rewrapping the
/// data keys then leaves the columns as they are.
const KEK_VERSION: u8 = 1;
/// The version of data keys and of the way columns are encrypted with them.
const DATA_KEY_VERSION: u8 = 1;
const NONCE_BYTES: usize = 24;

/// Why stored data cannot be read. Says nothing about the content.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum VaultError {
    /// Not of the form that a vault writes.
    #[error("the stored bytes were not written by a vault")]
    Malformed,
    /// Written under a key that this program does not have.
    #[error("the stored bytes need key version {0}, which is not here")]
    UnknownKeyVersion(u8),
    /// Another key, another owner, another column, or changed bytes.
    #[error("the stored bytes do not belong to this key, owner and column, or were changed")]
    Refused,
    /// Decrypted, but not the JSON that was expected.
    #[error("the stored bytes hold something else than expected")]
    OtherContent,
}

/// The keys under which one service keeps personal data.
#[derive(Clone, Zeroize, ZeroizeOnDrop)]
pub struct Vault {
    kek: [u8; 32],
    index_key: [u8; 32],
}

impl Vault {
    /// A vault with this key-encryption key and this key for look-up.
    pub fn new(kek: [u8; 32], index_key: [u8; 32]) -> Self {
        Self { kek, index_key }
    }

    /// A vault whose keys everybody knows. Equal to that of [`crate::keys::Keys::for_testing`].
    pub fn for_testing() -> Self {
        Self::new([0x4b; 32], [0x49; 32])
    }

    pub(crate) fn kek(&self) -> &[u8; 32] {
        &self.kek
    }

    pub(crate) fn index_key(&self) -> &[u8; 32] {
        &self.index_key
    }

    /// A key for a new owner (a person, an account, a message): wrapped, to be stored beside what it
    /// opens, and ready for use.
    pub fn new_owner(&self, chance: &dyn Chance, owner: Uuid) -> (WrappedKey, OwnerKey) {
        let mut key = OwnerKey { key: [0; 32], owner };
        chance.fill(&mut key.key);
        let associated = wrapping_data(KEK_VERSION, owner);
        (WrappedKey(encrypt(&self.kek, chance, KEK_VERSION, &associated, &key.key)), key)
    }

    /// The stored key of this owner, ready for use.
    ///
    /// # Errors
    /// [`VaultError`], as a [`Fault`] that is ours and not the caller's.
    pub fn owner(&self, wrapped: &WrappedKey, owner: Uuid) -> Result<OwnerKey, Fault> {
        self.open_data_key(wrapped, owner)
            .map_err(|error| Fault::broken("opening the key of an owner", error))
    }

    fn open_data_key(&self, wrapped: &WrappedKey, owner: Uuid) -> Result<OwnerKey, VaultError> {
        let associated = wrapping_data(KEK_VERSION, owner);
        let key = Zeroizing::new(decrypt(&self.kek, KEK_VERSION, &associated, &wrapped.0)?);
        let key = key.as_slice().try_into().map_err(|_| VaultError::Malformed)?;
        Ok(OwnerKey { key, owner })
    }

    /// Finds a value without storing it readably: equal values give equal bytes. `purpose` keeps
    /// the indexes of two columns apart (`"intake.seeker.email"`); the value comes normalised.
    pub fn blind_index(&self, purpose: &str, normalised: &str) -> [u8; 32] {
        keyed(&self.index_key, &[b"blind index", purpose.as_bytes(), normalised.as_bytes()])
    }

    /// A hash that nobody without the key can compare with guesses: for tokens, codes and bodies
    /// that are kept only to be recognised.
    pub fn keyed_hash(&self, bytes: &[u8]) -> [u8; 32] {
        keyed(&self.index_key, &[b"keyed hash", bytes])
    }
}

impl fmt::Debug for Vault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Vault(…)")
    }
}

/// An owner's key as it stands in the database (`bytea`): key version, nonce, cipher text.
#[derive(Clone, PartialEq, Eq, sqlx::Type)]
#[sqlx(transparent)]
pub struct WrappedKey(pub Vec<u8>);

impl WrappedKey {
    /// For binding to a query.
    pub fn as_bytes(&self) -> &[u8] {
        &self.0
    }
}

impl fmt::Debug for WrappedKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("WrappedKey(…)")
    }
}

/// An encrypted column: its name with its table, which is bound into the cipher text, and what is in
/// it. `[u8]` stands for bytes as they are, everything else for JSON.
pub struct Column<T: ?Sized> {
    name: &'static str,
    holds: PhantomData<fn(&T)>,
}

impl<T: ?Sized> Column<T> {
    /// The column of this name: `"seekers.wishes"`.
    pub const fn new(name: &'static str) -> Self {
        Self { name, holds: PhantomData }
    }
}

impl<T: ?Sized> Clone for Column<T> {
    fn clone(&self) -> Self {
        *self
    }
}

impl<T: ?Sized> Copy for Column<T> {}

impl<T: ?Sized> fmt::Debug for Column<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Column({})", self.name)
    }
}

/// The key of one owner, ready for use. Lives as long as the request that needs it.
#[derive(Zeroize, ZeroizeOnDrop)]
pub struct OwnerKey {
    key: [u8; 32],
    #[zeroize(skip)]
    owner: Uuid,
}

impl OwnerKey {
    /// Encrypts a value of this column.
    pub fn encrypt<T: Serialize>(&self, chance: &dyn Chance, column: Column<T>, value: &T) -> Vec<u8> {
        let plain = Zeroizing::new(serde_json::to_vec(value).expect("stored values are plain JSON"));
        self.seal(chance, column.name, &plain)
    }

    /// Decrypts what [`OwnerKey::encrypt`] wrote for the same owner and column.
    ///
    /// # Errors
    /// [`VaultError`], as a [`Fault`] that names the column and nothing of its content.
    pub fn decrypt<T: DeserializeOwned>(&self, column: Column<T>, stored: &[u8]) -> Result<T, Fault> {
        let broken = |error| Fault::broken(column.name, error);
        let plain = Zeroizing::new(self.open(column.name, stored).map_err(broken)?);
        // Without serde's words: they quote the value.
        serde_json::from_slice(&plain).map_err(|_| broken(VaultError::OtherContent))
    }

    /// Encrypts bytes as they are.
    pub fn encrypt_bytes(&self, chance: &dyn Chance, column: Column<[u8]>, plain: &[u8]) -> Vec<u8> {
        self.seal(chance, column.name, plain)
    }

    /// Decrypts what [`OwnerKey::encrypt_bytes`] wrote for the same owner and column.
    ///
    /// # Errors
    /// As [`OwnerKey::decrypt`].
    pub fn decrypt_bytes(&self, column: Column<[u8]>, stored: &[u8]) -> Result<Vec<u8>, Fault> {
        self.open(column.name, stored).map_err(|error| Fault::broken(column.name, error))
    }

    fn seal(&self, chance: &dyn Chance, column: &str, plain: &[u8]) -> Vec<u8> {
        encrypt(&self.key, chance, DATA_KEY_VERSION, &self.place(column), plain)
    }

    fn open(&self, column: &str, stored: &[u8]) -> Result<Vec<u8>, VaultError> {
        decrypt(&self.key, DATA_KEY_VERSION, &self.place(column), stored)
    }

    fn place(&self, column: &str) -> Vec<u8> {
        [&[DATA_KEY_VERSION], self.owner.as_bytes().as_slice(), b"column ", column.as_bytes()].concat()
    }
}

impl fmt::Debug for OwnerKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("OwnerKey(…)")
    }
}

/// HMAC-SHA-256 of a body: recognises the repeat of a request without keeping the request.
pub fn fingerprint(body: &[u8], key: &[u8]) -> [u8; 32] {
    let mut mac = hmac(key);
    mac.update(body);
    mac.finalize().into_bytes().into()
}

fn keyed(key: &[u8], parts: &[&[u8]]) -> [u8; 32] {
    let mut mac = hmac(key);
    for part in parts {
        // With its length in front, so that no byte can move from one part to the next.
        mac.update(&(part.len() as u64).to_be_bytes());
        mac.update(part);
    }
    mac.finalize().into_bytes().into()
}

fn hmac(key: &[u8]) -> Hmac<Sha256> {
    <Hmac<Sha256> as Mac>::new_from_slice(key).expect("HMAC takes keys of any length")
}

fn wrapping_data(version: u8, owner: Uuid) -> Vec<u8> {
    [&[version], owner.as_bytes().as_slice(), b"data key"].concat()
}

/// Version, nonce, cipher text with its tag.
pub(crate) fn encrypt(
    key: &[u8; 32],
    chance: &dyn Chance,
    version: u8,
    associated: &[u8],
    plain: &[u8],
) -> Vec<u8> {
    // 24 random bytes do not repeat, so no counter needs to be kept.
    let mut nonce = [0; NONCE_BYTES];
    chance.fill(&mut nonce);
    let encrypted = XChaCha20Poly1305::new(Key::from_slice(key))
        .encrypt(XNonce::from_slice(&nonce), Payload { msg: plain, aad: associated })
        .expect("a column is far below 256 GiB");
    [&[version], nonce.as_slice(), &encrypted].concat()
}

pub(crate) fn decrypt(
    key: &[u8; 32],
    version: u8,
    associated: &[u8],
    stored: &[u8],
) -> Result<Vec<u8>, VaultError> {
    let (&written, rest) = stored.split_first().ok_or(VaultError::Malformed)?;
    if written != version {
        return Err(VaultError::UnknownKeyVersion(written));
    }
    let (nonce, encrypted) = rest.split_at_checked(NONCE_BYTES).ok_or(VaultError::Malformed)?;
    XChaCha20Poly1305::new(Key::from_slice(key))
        .decrypt(XNonce::from_slice(nonce), Payload { msg: encrypted, aad: associated })
        .map_err(|_| VaultError::Refused)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use sha2::digest::generic_array::GenericArray;

    use super::*;
    use crate::chance::SeededChance;

    const OWNER: Uuid = Uuid::from_u128(1);
    const OTHER: Uuid = Uuid::from_u128(2);

    fn owner_key(vault: &Vault, chance: &dyn Chance, owner: Uuid) -> OwnerKey {
        let (wrapped, key) = vault.new_owner(chance, owner);
        assert_eq!(vault.owner(&wrapped, owner).unwrap().key, key.key);
        key
    }

    #[test]
    fn a_wrapped_key_opens_only_for_its_owner_and_under_its_vault() {
        let (vault, chance) = (Vault::for_testing(), SeededChance::new(1));
        let wrapped = vault.new_owner(&chance, OWNER).0;
        assert_eq!(vault.open_data_key(&wrapped, OTHER).unwrap_err(), VaultError::Refused);
        let another = Vault::new([1; 32], [0x49; 32]);
        assert_eq!(another.open_data_key(&wrapped, OWNER).unwrap_err(), VaultError::Refused);
    }

    #[test]
    fn moving_a_cell_to_another_column_or_person_fails() {
        let (vault, chance) = (Vault::for_testing(), SeededChance::new(1));
        let key = owner_key(&vault, &chance, OWNER);
        let stored = key.seal(&chance, "seeker.email", b"s@example.org");
        assert_eq!(key.open("seeker.phone", &stored), Err(VaultError::Refused));
        // Even with the very same key under another owner's name.
        let stolen = OwnerKey { key: key.key, owner: OTHER };
        assert_eq!(stolen.open("seeker.email", &stored), Err(VaultError::Refused));
        assert_eq!(key.open("seeker.email", &stored).unwrap(), b"s@example.org");
    }

    #[test]
    fn a_wrapped_key_is_no_cell_and_a_cell_no_wrapped_key() {
        let (vault, chance) = (Vault::for_testing(), SeededChance::new(1));
        let kek_as_data_key = OwnerKey { key: vault.kek, owner: OWNER };
        let wrapped = vault.new_owner(&chance, OWNER).0;
        assert_eq!(kek_as_data_key.open("", &wrapped.0), Err(VaultError::Refused));
    }

    #[test]
    fn bytes_of_another_version_or_none_are_named_as_such() {
        let (vault, chance) = (Vault::for_testing(), SeededChance::new(1));
        let key = owner_key(&vault, &chance, OWNER);
        assert_eq!(key.open("a.b", &[]), Err(VaultError::Malformed));
        assert_eq!(key.open("a.b", &[1, 2, 3]), Err(VaultError::Malformed));
        assert_eq!(key.open("a.b", &[9; 60]), Err(VaultError::UnknownKeyVersion(9)));
        assert_eq!(
            vault.open_data_key(&WrappedKey(vec![2; 80]), OWNER).unwrap_err(),
            VaultError::UnknownKeyVersion(2)
        );
    }

    #[test]
    fn json_of_another_shape_is_refused_without_quoting_it() {
        const NAME: Column<String> = Column::new("seekers.name");
        let (vault, chance) = (Vault::for_testing(), SeededChance::new(1));
        let key = owner_key(&vault, &chance, OWNER);
        let stored = key.encrypt(&chance, NAME, &"Samira".to_owned());
        assert_eq!(key.decrypt(NAME, &stored).unwrap(), "Samira");
        let fault = key.decrypt(Column::<u64>::new("seekers.name"), &stored).unwrap_err();
        let Fault::Broken { what, source } = &fault else { panic!("{fault:?}") };
        assert_eq!((*what, source.downcast_ref()), ("seekers.name", Some(&VaultError::OtherContent)));
        assert!(!format!("{fault} {fault:?} {source}").contains("Samira"));
    }

    #[test]
    fn bytes_are_kept_as_they_are() {
        const SECRET: Column<[u8]> = Column::new("accounts.secret");
        let (vault, chance) = (Vault::for_testing(), SeededChance::new(1));
        let key = owner_key(&vault, &chance, OWNER);
        let stored = key.encrypt_bytes(&chance, SECRET, &[0, 255]);
        assert_eq!(key.decrypt_bytes(SECRET, &stored).unwrap(), [0, 255]);
        assert_eq!(key.open("accounts.secret", &stored).unwrap(), [0, 255]);
    }

    #[test]
    fn debug_shows_no_key() {
        let (vault, chance) = (Vault::for_testing(), SeededChance::new(1));
        let wrapped = vault.new_owner(&chance, OWNER).0;
        let key = owner_key(&vault, &chance, OWNER);
        assert_eq!(format!("{vault:?} {wrapped:?} {key:?}"), "Vault(…) WrappedKey(…) OwnerKey(…)");
    }

    /// These bytes stand in databases: a change here makes people unfindable.
    #[test]
    fn a_blind_index_is_the_same_in_every_release() {
        let vault = Vault::for_testing();
        let hex = |bytes: [u8; 32]| format!("{:x}", GenericArray::from(bytes));
        assert_eq!(
            hex(vault.blind_index("intake.seeker.email", "s@example.org")),
            "2bd94603cfe608865febe7ac839937f638a152792d6114263969ed2af1278349"
        );
        assert_eq!(
            hex(vault.keyed_hash(b"s@example.org")),
            "34225a770f56fa846f12192d22636162256c9b0c500e1d9e46af1309cf70a115"
        );
        // RFC 4231, test case 2.
        assert_eq!(
            hex(fingerprint(b"what do ya want for nothing?", b"Jefe")),
            "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843"
        );
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(64))]

        #[test]
        fn what_was_encrypted_comes_back(seed: u64, owner: u128, column: String, plain: Vec<u8>) {
            let (vault, chance) = (Vault::for_testing(), SeededChance::new(seed));
            let key = owner_key(&vault, &chance, Uuid::from_u128(owner));
            let stored = key.seal(&chance, &column, &plain);
            prop_assert_eq!(key.open(&column, &stored), Ok(plain.clone()));
            prop_assert_ne!(&stored, &key.seal(&chance, &column, &plain));
        }

        #[test]
        fn a_changed_byte_is_noticed(seed: u64, plain: Vec<u8>, at: prop::sample::Index, bit in 0..8_u8) {
            let (vault, chance) = (Vault::for_testing(), SeededChance::new(seed));
            let key = owner_key(&vault, &chance, OWNER);
            let mut stored = key.seal(&chance, "a.b", &plain);
            let at = at.index(stored.len());
            stored[at] ^= 1 << bit;
            prop_assert!(key.open("a.b", &stored).is_err());
        }

        #[test]
        fn cells_cannot_be_swapped(seed: u64, owners: (u128, u128), columns: (String, String)) {
            let (vault, chance) = (Vault::for_testing(), SeededChance::new(seed));
            let written = owner_key(&vault, &chance, Uuid::from_u128(owners.0));
            let stored = written.seal(&chance, &columns.0, b"plain");
            let read = OwnerKey { key: written.key, owner: Uuid::from_u128(owners.1) };
            let same = owners.0 == owners.1 && columns.0 == columns.1;
            prop_assert_eq!(read.open(&columns.1, &stored).is_ok(), same);
        }

        #[test]
        fn indexes_tell_purposes_values_and_vaults_apart(a: (String, String), b: (String, String), key: [u8; 32]) {
            let vault = Vault::for_testing();
            let of = |vault: &Vault, (purpose, value): &(String, String)| vault.blind_index(purpose, value);
            prop_assert_eq!(of(&vault, &a), of(&vault.clone(), &a));
            prop_assert_eq!(of(&vault, &a) == of(&vault, &b), a == b);
            prop_assert_ne!(of(&vault, &a), of(&Vault::new([0x4b; 32], key), &a));
            prop_assert_ne!(of(&vault, &a), vault.keyed_hash(a.1.as_bytes()));
        }
    }
}
