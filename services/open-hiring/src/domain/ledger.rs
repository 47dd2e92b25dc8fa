//! The chain of commitments of a queue: docs/queue-ledger.md.

use std::fmt::Write as _;

use chrono::{DateTime, SecondsFormat, Utc};
use ed25519_dalek::{Signature, Signer as _, SigningKey, VerifyingKey};
use proto::QueueId;
use sha2::{Digest as _, Sha256};

/// A SHA-256 hash.
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
pub struct Hash(pub [u8; 32]);

/// Randomness that hides an entry behind its commitment.
#[derive(Clone, Copy, PartialEq, Eq)]
pub struct Nonce(pub [u8; 32]);

impl std::fmt::Debug for Hash {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(&hex(&self.0))
    }
}

impl std::fmt::Debug for Nonce {
    /// A nonce is as secret as its entry.
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Nonce")
    }
}

fn hash(parts: &[&[u8]]) -> Hash {
    let mut hasher = Sha256::new();
    for part in parts {
        hasher.update(part);
    }
    Hash(hasher.finalize().into())
}

impl Hash {
    /// The head of a queue in which nothing happened yet.
    pub fn genesis(queue_id: QueueId) -> Self {
        hash(&[b"dichterbij queue v1", queue_id.0.as_bytes()])
    }

    /// The commitment of an entry.
    pub fn of_entry(nonce: &Nonce, entry: &str) -> Self {
        hash(&[b"dichterbij entry v1", &nonce.0, entry.as_bytes()])
    }

    /// The head after this one and one more commitment.
    #[must_use]
    pub fn then(self, commitment: Self) -> Self {
        hash(&[b"dichterbij head v1", &self.0, &commitment.0])
    }

    /// 64 hexadecimal digits.
    pub fn hex(&self) -> String {
        hex(&self.0)
    }

    /// From 64 hexadecimal digits.
    pub fn from_hex(text: &str) -> Option<Self> {
        unhex(text).map(Self)
    }
}

impl Nonce {
    /// 64 hexadecimal digits.
    pub fn hex(&self) -> String {
        hex(&self.0)
    }

    /// From 64 hexadecimal digits.
    pub fn from_hex(text: &str) -> Option<Self> {
        unhex(text).map(Self)
    }
}

/// A head as it is published.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Head {
    /// Of which queue.
    pub queue_id: QueueId,
    /// Entries up to and with this head.
    pub count: u64,
    /// The head itself.
    pub head: Hash,
    /// The full hour at which it is published.
    pub hour: DateTime<Utc>,
    /// The id of the key that signed it.
    pub key: String,
    /// The signature.
    pub signature: [u8; 64],
}

/// The id of a key: the beginning of its hash, 16 hexadecimal digits.
pub fn key_id(key: &VerifyingKey) -> String {
    hex(&Sha256::digest(key.as_bytes())[..8])
}

impl Head {
    /// Signs a head.
    pub fn sign(queue_id: QueueId, count: u64, head: Hash, hour: DateTime<Utc>, secret: &SigningKey) -> Self {
        let text = signed_text(queue_id, count, head, hour);
        let signature = secret.sign(text.as_bytes()).to_bytes();
        Self { queue_id, count, head, hour, key: key_id(&secret.verifying_key()), signature }
    }

    /// Whether this key signed it.
    pub fn is_signed_by(&self, key: &VerifyingKey) -> bool {
        let text = signed_text(self.queue_id, self.count, self.head, self.hour);
        self.key == key_id(key)
            && key.verify_strict(text.as_bytes(), &Signature::from_bytes(&self.signature)).is_ok()
    }
}

fn signed_text(queue_id: QueueId, count: u64, head: Hash, hour: DateTime<Utc>) -> String {
    format!(
        "dichterbij queue head v1\n{}\n{count}\n{}\n{}\n",
        queue_id.0.hyphenated(),
        head.hex(),
        hour.to_rfc3339_opts(SecondsFormat::Secs, true)
    )
}

/// An entry as the ledger keeps it; without content once its person was erased.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Kept {
    /// Its commitment.
    pub commitment: Hash,
    /// Nonce and text.
    pub content: Option<(Nonce, String)>,
}

impl Kept {
    /// An entry under its nonce.
    pub fn new(nonce: Nonce, entry: String) -> Self {
        Self { commitment: Hash::of_entry(&nonce, &entry), content: Some((nonce, entry)) }
    }

    /// Whether its content, if it has one, is what was committed to.
    pub fn is_true(&self) -> bool {
        self.content.as_ref().is_none_or(|(nonce, entry)| Hash::of_entry(nonce, entry) == self.commitment)
    }
}

/// What proves one entry without showing any other.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Receipt {
    /// Which entry, from 1.
    pub n: u64,
    /// Its nonce.
    pub nonce: Nonce,
    /// Its text.
    pub entry: String,
    /// The head before it.
    pub before: Hash,
    /// The commitments after it, up to the published head.
    pub after: Vec<Hash>,
    /// The published head.
    pub head: Head,
}

impl Receipt {
    /// Whether it leads to its head. Whether the head was published and signed, [`Head::is_signed_by`] and the public
    /// list say.
    pub fn holds(&self) -> bool {
        let commitment = Hash::of_entry(&self.nonce, &self.entry);
        let head = self.after.iter().fold(self.before.then(commitment), |head, next| head.then(*next));
        let is_genesis = self.n == 1 && self.before == Hash::genesis(self.head.queue_id);
        head == self.head.head
            && self.n.checked_add(self.after.len() as u64) == Some(self.head.count)
            && (self.n > 1 || is_genesis)
    }
}

/// Lower-case hexadecimal digits.
pub fn hex(bytes: &[u8]) -> String {
    bytes.iter().fold(String::with_capacity(bytes.len() * 2), |mut text, byte| {
        let _ = write!(text, "{byte:02x}");
        text
    })
}

fn unhex(text: &str) -> Option<[u8; 32]> {
    let digits = text.as_bytes();
    if digits.len() != 64 || !digits.iter().all(|digit| matches!(digit, b'0'..=b'9' | b'a'..=b'f')) {
        return None;
    }
    let mut bytes = [0; 32];
    for (byte, pair) in bytes.iter_mut().zip(text.as_bytes().chunks_exact(2)) {
        *byte = u8::from_str_radix(std::str::from_utf8(pair).ok()?, 16).ok()?;
    }
    Some(bytes)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use uuid::Uuid;

    use super::*;

    fn queue() -> QueueId {
        QueueId(Uuid::from_u128(7))
    }

    fn chain(texts: &[String]) -> (Vec<Kept>, Vec<Hash>) {
        let kept: Vec<_> = texts
            .iter()
            .enumerate()
            .map(|(n, text)| Kept::new(Nonce([u8::try_from(n % 251).unwrap(); 32]), text.clone()))
            .collect();
        let heads = kept.iter().scan(Hash::genesis(queue()), |head, kept| {
            *head = head.then(kept.commitment);
            Some(*head)
        });
        let heads = std::iter::once(Hash::genesis(queue())).chain(heads).collect();
        (kept, heads)
    }

    fn receipt(kept: &[Kept], heads: &[Hash], n: usize) -> Receipt {
        let secret = SigningKey::from_bytes(&[9; 32]);
        let hour = "2026-12-07T10:00:00Z".parse().unwrap();
        let head = Head::sign(queue(), kept.len() as u64, heads[kept.len()], hour, &secret);
        let (nonce, entry) = kept[n - 1].content.clone().unwrap();
        let after = kept[n..].iter().map(|kept| kept.commitment).collect();
        Receipt { n: n as u64, nonce, entry, before: heads[n - 1], after, head }
    }

    #[test]
    fn hashes_are_what_the_ledger_page_says() {
        // The bytes, written out by hand.
        assert_eq!(
            Hash::genesis(queue()).hex(),
            hex(&Sha256::digest(b"dichterbij queue v1\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\x07"))
        );
        let commitment = Hash::of_entry(&Nonce([1; 32]), "{}");
        let bytes = [b"dichterbij entry v1".as_slice(), &[1; 32], b"{}"].concat();
        assert_eq!(commitment.hex(), hex(&Sha256::digest(bytes)));
        assert_eq!(Hash::from_hex(&commitment.hex()), Some(commitment));
        for not_one in ["", "00", &"G".repeat(64), &"A".repeat(64), &"é".repeat(32)] {
            assert_eq!(Hash::from_hex(not_one), None, "{not_one}");
        }
    }

    #[test]
    fn a_head_is_signed_for_its_queue_count_and_hour_only() {
        let secret = SigningKey::from_bytes(&[9; 32]);
        let hour = "2026-12-07T10:00:00Z".parse().unwrap();
        let head = Head::sign(queue(), 3, Hash::genesis(queue()), hour, &secret);
        let key = secret.verifying_key();
        assert!(head.is_signed_by(&key));
        assert!(!head.is_signed_by(&SigningKey::from_bytes(&[8; 32]).verifying_key()));
        let others = [
            Head { count: 4, ..head.clone() },
            Head { queue_id: QueueId(Uuid::from_u128(8)), ..head.clone() },
            Head { head: head.head.then(head.head), ..head.clone() },
            Head { hour: hour + chrono::TimeDelta::hours(1), ..head.clone() },
        ];
        assert!(others.iter().all(|other| !other.is_signed_by(&key)));
    }

    #[test]
    fn a_nonce_is_not_printed() {
        assert_eq!(format!("{:?}", Nonce([7; 32])), "Nonce");
    }

    proptest! {
        #[test]
        fn a_receipt_proves_its_entry_and_no_other(
            texts in prop::collection::vec("[a-z]{0,20}", 1..40),
            which in any::<prop::sample::Index>(), what in 0..6, byte in 0..32_usize,
        ) {
            let (kept, heads) = chain(&texts);
            let n = which.index(texts.len()) + 1;
            let good = receipt(&kept, &heads, n);
            prop_assert!(good.holds());
            let mut bad = good.clone();
            match what {
                0 => bad.entry.push('!'),
                1 => bad.nonce.0[byte] ^= 1,
                2 => bad.before.0[byte] ^= 1,
                3 => bad.head.head.0[byte] ^= 1,
                4 => bad.n += 1,
                _ if bad.after.is_empty() => bad.after.push(good.before),
                _ => drop(bad.after.pop()),
            }
            prop_assert!(!bad.holds());
        }

        #[test]
        fn erasing_leaves_the_chain_as_it_was(
            texts in prop::collection::vec("[a-z]{0,20}", 1..40), which in any::<prop::sample::Index>(),
        ) {
            let (mut kept, heads) = chain(&texts);
            let erased = which.get_mut(&mut kept);
            erased.content = None;
            prop_assert!(erased.is_true());
            let head = kept.iter().fold(Hash::genesis(queue()), |head, kept| head.then(kept.commitment));
            prop_assert_eq!(head, heads[texts.len()]);
        }
    }
}
