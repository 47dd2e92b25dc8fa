//! The file format of age, version 1, with X25519 keys (docs/adr/0010): whoever has the public key can write a
//! backup, and only who has the secret one can read it, with this program or with any other that knows age.
//!
//! The payload is a stream of chunks of 64 KiB, each under ChaCha20-Poly1305 with its number and whether it is the
//! last one in the nonce: what is changed, left out, moved or cut off is noticed, and neither side needs more than
//! one chunk of memory.

use std::{
    fmt,
    io::{self, BufRead, Read, Write},
    str::FromStr,
};

use base64::{Engine as _, engine::general_purpose::STANDARD_NO_PAD};
use chacha20poly1305::{ChaCha20Poly1305, KeyInit as _, Nonce, aead::Aead as _};
use chassis::Chance;
use curve25519_dalek::montgomery::MontgomeryPoint;
use hmac::{Hmac, Mac as _};
use sha2::Sha256;
use zeroize::Zeroizing;

use super::bech32;

const FIRST_LINE: &str = "age-encryption.org/v1";
const PUBLIC: &str = "age";
const SECRET: &str = "age-secret-key-";
const CHUNK: usize = 64 * 1024;
const TAG: usize = 16;
/// Letters of a line of base64 in the header.
const COLUMNS: usize = 64;
/// The longest header that is read: hundreds of receivers.
const MOST_HEADER_BYTES: u64 = 64 * 1024;

/// Why a file cannot be opened.
#[derive(Debug, thiserror::Error)]
pub enum AgeError {
    /// Not a file of this format.
    #[error("this is not a file that age wrote, or its beginning was changed")]
    Malformed,
    /// Made for other keys.
    #[error("this file was not made for this key")]
    WrongKey,
    /// The text is not a key.
    #[error("{what} is not a key: {expected}")]
    NotAKey {
        /// Where it stands.
        what: String,
        /// How one looks.
        expected: &'static str,
    },
    /// The disk.
    #[error("reading or writing the file")]
    Io(#[from] io::Error),
}

/// For whom a file is: a public key, `age1…`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Recipient([u8; 32]);

impl FromStr for Recipient {
    type Err = AgeError;

    fn from_str(text: &str) -> Result<Self, AgeError> {
        let wrong = || AgeError::NotAKey { what: text.to_owned(), expected: "it looks like age1…" };
        bech32::decode(PUBLIC, text).map(Self).ok_or_else(wrong)
    }
}

impl fmt::Display for Recipient {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&bech32::encode(PUBLIC, &self.0))
    }
}

/// Who can read: a secret key, `AGE-SECRET-KEY-1…`.
pub struct Identity(Zeroizing<[u8; 32]>);

impl Identity {
    /// A new one.
    pub fn new(chance: &dyn Chance) -> Self {
        let mut secret = Zeroizing::new([0; 32]);
        chance.fill(&mut *secret);
        Self(secret)
    }

    /// Reads the lines of a key file: comments, and one key.
    ///
    /// # Errors
    /// [`AgeError::NotAKey`], without a word of what stands there.
    pub fn from_file(path: &str, text: &str) -> Result<Self, AgeError> {
        let wrong = || AgeError::NotAKey {
            what: path.to_owned(),
            expected: "a file with one line AGE-SECRET-KEY-1…, as `dichterbij backup keygen` writes it",
        };
        let mut lines = text.lines().map(str::trim).filter(|line| !line.is_empty() && !line.starts_with('#'));
        let line = lines.next().filter(|_| lines.next().is_none()).ok_or_else(wrong)?;
        bech32::decode(SECRET, line).map(|secret| Self(Zeroizing::new(secret))).ok_or_else(wrong)
    }

    /// As the line of a key file.
    pub fn secret_text(&self) -> Zeroizing<String> {
        Zeroizing::new(bech32::encode(SECRET, &self.0).to_ascii_uppercase())
    }

    /// The public half.
    pub fn recipient(&self) -> Recipient {
        Recipient(MontgomeryPoint::mul_base_clamped(*self.0).to_bytes())
    }

    /// The file key in a stanza, if it is for this identity.
    fn unwrap(&self, share: [u8; 32], body: &[u8]) -> Option<Zeroizing<Vec<u8>>> {
        let shared = Zeroizing::new(MontgomeryPoint(share).mul_clamped(*self.0).to_bytes());
        let key = wrap_key(&shared, share, self.recipient())?;
        let opened = ChaCha20Poly1305::new(key.as_ref().into()).decrypt(&Nonce::default(), body).ok()?;
        Some(Zeroizing::new(opened))
    }
}

fn hmac(key: &[u8], parts: &[&[u8]]) -> [u8; 32] {
    let mut mac = <Hmac<Sha256> as hmac::Mac>::new_from_slice(key).expect("HMAC takes keys of any length");
    for part in parts {
        mac.update(part);
    }
    mac.finalize().into_bytes().into()
}

/// HKDF with SHA-256 (RFC 5869), for one block.
fn derive(secret: &[u8], salt: &[u8], info: &[u8]) -> Zeroizing<[u8; 32]> {
    let extracted = Zeroizing::new(hmac(salt, &[secret]));
    Zeroizing::new(hmac(&*extracted, &[info, &[1]]))
}

/// `None` for a share that leads to no secret.
fn wrap_key(shared: &[u8; 32], share: [u8; 32], recipient: Recipient) -> Option<Zeroizing<[u8; 32]>> {
    let salt = [share, recipient.0].concat();
    (*shared != [0; 32]).then(|| derive(shared, &salt, b"age-encryption.org/v1/X25519"))
}

fn header_mac(file_key: &[u8], header: &str) -> [u8; 32] {
    hmac(&*derive(file_key, &[], b"header"), &[header.as_bytes()])
}

fn nonce(counter: u64, is_last: bool) -> Nonce {
    let mut nonce = Nonce::default();
    nonce[3..11].copy_from_slice(&counter.to_be_bytes());
    nonce[11] = u8::from(is_last);
    nonce
}

/// Encrypts what is written to it.
pub(super) struct Encryptor<W: Write> {
    inner: W,
    cipher: ChaCha20Poly1305,
    chunk: Zeroizing<Vec<u8>>,
    counter: u64,
}

impl<W: Write> Encryptor<W> {
    /// Writes the header: readable for each of these.
    ///
    /// # Errors
    /// When the disk does not take it.
    pub(super) fn new(mut inner: W, recipients: &[Recipient], chance: &dyn Chance) -> Result<Self, AgeError> {
        let mut file_key = Zeroizing::new([0; 16]);
        chance.fill(&mut *file_key);
        let mut header = format!("{FIRST_LINE}\n");
        for recipient in recipients {
            let ephemeral = Identity::new(chance);
            let share = ephemeral.recipient().0;
            let shared = Zeroizing::new(MontgomeryPoint(recipient.0).mul_clamped(*ephemeral.0).to_bytes());
            let key = wrap_key(&shared, share, *recipient).ok_or_else(|| AgeError::NotAKey {
                what: recipient.to_string(),
                expected: "nobody can have its secret half",
            })?;
            let body = ChaCha20Poly1305::new(key.as_ref().into()).encrypt(&Nonce::default(), &file_key[..]);
            let body = body.expect("sixteen bytes can be encrypted");
            let (share, body) = (STANDARD_NO_PAD.encode(share), STANDARD_NO_PAD.encode(body));
            header.extend(["-> X25519 ", &share, "\n", &body, "\n"]);
        }
        header += "---";
        let mac = STANDARD_NO_PAD.encode(header_mac(&*file_key, &header));
        let mut payload_nonce = [0; 16];
        chance.fill(&mut payload_nonce);
        inner.write_all(format!("{header} {mac}\n").as_bytes())?;
        inner.write_all(&payload_nonce)?;
        let key = derive(&*file_key, &payload_nonce, b"payload");
        let chunk = Zeroizing::new(Vec::with_capacity(CHUNK));
        Ok(Self { inner, cipher: ChaCha20Poly1305::new(key.as_ref().into()), chunk, counter: 0 })
    }

    fn seal(&mut self, is_last: bool) -> io::Result<()> {
        let sealed = self.cipher.encrypt(&nonce(self.counter, is_last), &self.chunk[..]);
        self.inner.write_all(&sealed.map_err(|_| io::Error::other("a chunk could not be encrypted"))?)?;
        self.counter += 1;
        self.chunk.clear();
        Ok(())
    }

    /// Writes the end, without which a file is not complete.
    ///
    /// # Errors
    /// When the disk does not take it.
    pub(super) fn finish(mut self) -> io::Result<W> {
        self.seal(true)?;
        Ok(self.inner)
    }
}

impl<W: Write> Write for Encryptor<W> {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        // A full chunk waits until more comes: the last one is marked, and may be full.
        if self.chunk.len() == CHUNK && !bytes.is_empty() {
            self.seal(false)?;
        }
        let taken = bytes.len().min(CHUNK - self.chunk.len());
        self.chunk.extend_from_slice(&bytes[..taken]);
        Ok(taken)
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

/// Decrypts as it is read. The end of the file is only told when it is the end that was written.
pub(super) struct Decryptor<R: BufRead> {
    inner: R,
    cipher: ChaCha20Poly1305,
    chunk: Zeroizing<Vec<u8>>,
    read: usize,
    counter: u64,
    ended: bool,
}

impl<R: BufRead> Decryptor<R> {
    /// Reads the header.
    ///
    /// # Errors
    /// [`AgeError`].
    pub(super) fn new(mut inner: R, identity: &Identity) -> Result<Self, AgeError> {
        let (header, stanzas, mac) = read_header(&mut inner)?;
        let mut file_key = None;
        for Stanza { share, body } in stanzas {
            file_key = file_key.or_else(|| identity.unwrap(share, &body));
        }
        let file_key = file_key.filter(|key| key.len() == 16).ok_or(AgeError::WrongKey)?;
        if header_mac(&file_key, &header) != mac {
            return Err(AgeError::Malformed);
        }
        let mut payload_nonce = [0; 16];
        inner.read_exact(&mut payload_nonce).map_err(|_| AgeError::Malformed)?;
        let key = derive(&file_key, &payload_nonce, b"payload");
        let cipher = ChaCha20Poly1305::new(key.as_ref().into());
        Ok(Self { inner, cipher, chunk: Zeroizing::default(), read: 0, counter: 0, ended: false })
    }

    fn open_next(&mut self) -> io::Result<()> {
        let wrong = |what: &str| io::Error::new(io::ErrorKind::InvalidData, what.to_owned());
        let mut sealed = Vec::with_capacity(CHUNK + TAG);
        self.inner.by_ref().take((CHUNK + TAG) as u64).read_to_end(&mut sealed)?;
        let is_last = self.inner.fill_buf()?.is_empty();
        let opened = self.cipher.decrypt(&nonce(self.counter, is_last), &sealed[..]);
        self.chunk = Zeroizing::new(opened.map_err(|_| wrong("the file was changed or is not complete"))?);
        if self.chunk.is_empty() && self.counter > 0 {
            return Err(wrong("the file has an end that nobody writes"));
        }
        (self.read, self.counter, self.ended) = (0, self.counter + 1, is_last);
        Ok(())
    }
}

impl<R: BufRead> Read for Decryptor<R> {
    fn read(&mut self, into: &mut [u8]) -> io::Result<usize> {
        if self.read == self.chunk.len() {
            if self.ended {
                return Ok(0);
            }
            self.open_next()?;
        }
        let given = into.len().min(self.chunk.len() - self.read);
        into[..given].copy_from_slice(&self.chunk[self.read..self.read + given]);
        self.read += given;
        Ok(given)
    }
}

struct Stanza {
    share: [u8; 32],
    body: Vec<u8>,
}

/// What the MAC is about, the stanzas for X25519 keys, and the MAC.
fn read_header(inner: &mut impl BufRead) -> Result<(String, Vec<Stanza>, [u8; 32]), AgeError> {
    let mut header = String::new();
    let mut limited = inner.take(MOST_HEADER_BYTES);
    let mut line = |header: &mut String| -> Result<String, AgeError> {
        let mut line = String::new();
        limited.read_line(&mut line).map_err(|_| AgeError::Malformed)?;
        header.push_str(&line);
        line.strip_suffix('\n').map(str::to_owned).ok_or(AgeError::Malformed)
    };
    if line(&mut header)? != FIRST_LINE {
        return Err(AgeError::Malformed);
    }
    let mut stanzas = Vec::new();
    let mut next = line(&mut header)?;
    loop {
        if let Some(mac) = next.strip_prefix("--- ") {
            header.truncate(header.len() - mac.len() - 2);
            let mac = STANDARD_NO_PAD.decode(mac).ok().and_then(|mac| mac.try_into().ok());
            return Ok((header, stanzas, mac.ok_or(AgeError::Malformed)?));
        }
        let arguments = next.strip_prefix("-> ").ok_or(AgeError::Malformed)?.to_owned();
        let mut body = String::new();
        loop {
            let part = line(&mut header)?;
            body.push_str(&part);
            if part.len() < COLUMNS {
                break;
            }
        }
        next = line(&mut header)?;
        let Some(share) = arguments.strip_prefix("X25519 ") else { continue };
        let share = STANDARD_NO_PAD.decode(share).ok().and_then(|share| share.try_into().ok());
        let body = STANDARD_NO_PAD.decode(body).map_err(|_| AgeError::Malformed)?;
        stanzas.push(Stanza { share: share.ok_or(AgeError::Malformed)?, body });
    }
}

#[cfg(test)]
mod tests {
    use chassis::chance::SeededChance;

    use super::*;

    fn sealed(text: &[u8], recipients: &[Recipient]) -> Vec<u8> {
        let mut writer = Encryptor::new(Vec::new(), recipients, &SeededChance::new(5)).unwrap();
        writer.write_all(text).unwrap();
        writer.finish().unwrap()
    }

    fn opened(file: &[u8], identity: &Identity) -> Result<Vec<u8>, AgeError> {
        let mut text = Vec::new();
        Decryptor::new(file, identity)?.read_to_end(&mut text)?;
        Ok(text)
    }

    fn text(length: usize) -> Vec<u8> {
        (0..length).map(|index| (index % 251) as u8).collect()
    }

    #[test]
    fn whoever_it_is_for_reads_what_was_written() {
        let (one, two) = (Identity::new(&SeededChance::new(1)), Identity::new(&SeededChance::new(2)));
        for length in [0, 1, CHUNK - 1, CHUNK, CHUNK + 1, 2 * CHUNK, 3 * CHUNK + 5] {
            let file = sealed(&text(length), &[one.recipient(), two.recipient()]);
            for identity in [&one, &two] {
                assert_eq!(opened(&file, identity).unwrap(), text(length), "{length}");
            }
            let nobody = Identity::new(&SeededChance::new(3));
            assert!(matches!(opened(&file, &nobody), Err(AgeError::WrongKey)));
        }
    }

    #[test]
    fn every_cut_and_every_flipped_bit_is_noticed() {
        let identity = Identity::new(&SeededChance::new(1));
        let file = sealed(&text(2 * CHUNK + 100), &[identity.recipient()]);
        let places = (0..300).step_by(3).chain((300..file.len()).step_by(9_973)).chain([file.len() - 1]);
        for place in places {
            let mut wrong = file.clone();
            wrong[place] ^= 1 << (place % 8);
            assert!(opened(&wrong, &identity).is_err(), "a flipped bit in byte {place}");
            assert!(opened(&file[..place], &identity).is_err(), "cut at byte {place}");
        }
        let chunk = CHUNK + TAG;
        let (head, rest) = file.split_at(file.len() - 2 * chunk - 100 - TAG);
        let swapped = [head, &rest[chunk..2 * chunk], &rest[..chunk], &rest[2 * chunk..]].concat();
        assert!(opened(&swapped, &identity).is_err(), "chunks in another order");
        assert!(opened(&[head, &rest[..chunk]].concat(), &identity).is_err(), "whole chunks cut off");
        assert!(opened(&[&file[..], b"more"].concat(), &identity).is_err(), "something behind it");
    }

    #[test]
    fn keys_are_read_from_files_as_they_are_written() {
        let identity = Identity::new(&SeededChance::new(4));
        let file = format!("# public key: {}\n{}\n", identity.recipient(), *identity.secret_text());
        let read = Identity::from_file("x", &file).unwrap();
        assert_eq!(read.recipient(), identity.recipient());
        assert_eq!(identity.recipient().to_string().parse::<Recipient>().unwrap(), identity.recipient());
        for wrong in ["", "# nothing", "AGE-SECRET-KEY-1QQQQ", &format!("{file}{file}")] {
            let error = Identity::from_file("x", wrong).err().map(|error| error.to_string()).unwrap();
            assert!(!error.contains("QQQQ") && error.contains("keygen"), "{error}");
        }
    }

    /// Written by another program that knows age (the crate `age` 0.12.1): we read it. That it reads what we write
    /// was tried when this was made.
    #[test]
    fn a_file_of_another_program_is_read() {
        let identity = Identity::from_file("x", include_str!("sample.key")).unwrap();
        assert_eq!(opened(include_bytes!("sample.age"), &identity).unwrap(), text(CHUNK + 1_000));
    }
}
