//! Sealed boxes: personal data between services, readable by the addressee only (DESIGN rule 3).

use base64::{Engine as _, engine::general_purpose::STANDARD};
use crypto_box::aead::rand_core::CryptoRngCore;
use proto::{Sealed, Service};
use rand::{SeedableRng as _, rngs::OsRng};
use rand_chacha::ChaCha20Rng;
use serde::{Serialize, de::DeserializeOwned};
use uuid::Uuid;
use zeroize::Zeroizing;

use crate::{
    chance::OsChance,
    keys::Keys,
    vault::{self, fingerprint},
};

/// Plain texts are filled up to a multiple of this, so that the length of a box says little: a
/// short name and a long one look the same.
const BLOCK: usize = 64;
/// What a box that a service seals to itself begins with, and what it is bound to.
const OWN_VERSION: u8 = 1;
const OWN: &[u8] = b"own box";

/// Why a box stays closed. Says nothing about the content, not even where the JSON went wrong:
/// serde quotes the value it stumbled over.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum OpenError {
    /// Not even base64.
    #[error("the sealed box is not base64")]
    NotBase64,
    /// For another service, or changed on the way.
    #[error("the sealed box is not for this service or was changed")]
    NotForUs,
    /// For us, but not what we expected in it: sender and receiver disagree on the type.
    #[error("the sealed box holds something else than expected")]
    OtherContent,
}

impl Keys {
    /// Encrypts a value so that only `to` can read it; not even the sender can open it again, unless it is its own.
    ///
    /// The one-time key of the box comes from the operating system and never from a seeded
    /// [`crate::chance::Chance`]: a test has no reason to compare boxes byte by byte.
    pub fn seal<T: Serialize>(&self, to: Service, value: &T) -> Sealed<T> {
        let plain = plain(value);
        if to == self.service() {
            let sealed = vault::encrypt(&self.own_key(), &OsChance, OWN_VERSION, OWN, &plain);
            return Sealed::from_base64(STANDARD.encode(sealed));
        }
        self.seal_with(&mut OsRng, to, &plain)
    }

    /// The key of boxes that a service seals to itself, as what a browser keeps for the portal. That needs no pair of keys,
    /// and without one it takes a hundredth of the time: at a rush everybody brings such a box.
    fn own_key(&self) -> Zeroizing<[u8; 32]> {
        let secret = Zeroizing::new(self.box_secret().to_bytes());
        Zeroizing::new(fingerprint(b"key of own boxes", &secret[..]))
    }

    /// The same box for the same value with the same key, on every replica of this service: so that a form
    /// that comes twice is the same call twice, with the first answer (DESIGN rule 10).
    ///
    /// The one-time key of the box is made from our own secret, the receiver, the key and the value. Whoever
    /// has not that secret learns from two equal boxes that it is one call, which its key says too, and nothing
    /// from two others.
    pub fn seal_again<T: Serialize>(&self, to: Service, key: Uuid, value: &T) -> Sealed<T> {
        let plain = plain(value);
        let what = [b"box of a key".as_slice(), to.name().as_bytes(), &[0], key.as_bytes(), &plain].concat();
        let seed = fingerprint(&Zeroizing::new(what), &Zeroizing::new(self.box_secret().to_bytes())[..]);
        self.seal_with(&mut ChaCha20Rng::from_seed(seed), to, &plain)
    }

    fn seal_with<T>(&self, chance: &mut impl CryptoRngCore, to: Service, plain: &[u8]) -> Sealed<T> {
        let sealed = self.public().of(to).sealing().seal(chance, plain);
        Sealed::from_base64(STANDARD.encode(sealed.expect("a message is far below 256 GiB")))
    }

    /// Opens a box that was sealed for this service.
    pub fn open<T: DeserializeOwned>(&self, sealed: &Sealed<T>) -> Result<T, OpenError> {
        let bytes = STANDARD.decode(&sealed.base64).map_err(|_| OpenError::NotBase64)?;
        let plain = match vault::decrypt(&self.own_key(), OWN_VERSION, OWN, &bytes) {
            Ok(plain) => plain,
            // Of another service, or what we sealed to ourselves before there were own boxes.
            Err(_) => self.box_secret().unseal(&bytes).map_err(|_| OpenError::NotForUs)?,
        };
        let plain = Zeroizing::new(plain);
        serde_json::from_slice(&plain).map_err(|_| OpenError::OtherContent)
    }
}

/// As JSON, filled up.
fn plain<T: Serialize>(value: &T) -> Zeroizing<Vec<u8>> {
    let mut plain = Zeroizing::new(serde_json::to_vec(value).expect("messages are plain JSON"));
    // Space after JSON is still JSON, so nothing needs to be taken off again.
    let whole_blocks = plain.len().div_ceil(BLOCK) * BLOCK;
    plain.resize(whole_blocks, b' ');
    plain
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn a_box_with_something_else_in_it_is_refused_without_quoting_it() {
        let portal = Keys::for_testing(Service::Portal);
        let intake = Keys::for_testing(Service::Intake);
        let sealed = portal.seal(Service::Intake, &"Samira");
        let as_number: Sealed<u64> = Sealed::from_base64(sealed.base64);
        let error = intake.open(&as_number).unwrap_err();
        assert_eq!(error, OpenError::OtherContent);
        assert!(!format!("{error} {error:?}").contains("Samira"));
        assert_eq!(
            intake.open(&Sealed::<u64>::from_base64("één".to_owned())).unwrap_err(),
            OpenError::NotBase64
        );
        assert_eq!(intake.open(&Sealed::<u64>::from_base64(String::new())).unwrap_err(), OpenError::NotForUs);
    }

    #[test]
    fn names_of_usual_length_give_boxes_of_one_length() {
        let keys = Keys::for_testing(Service::Portal);
        let length = |name: &str| keys.seal(Service::Intake, &name).base64.len();
        assert_eq!(length("Bo"), length("Maximiliaan van der Wetering-Oosterhout"));
    }

    #[test]
    fn the_same_value_twice_gives_two_different_boxes() {
        let keys = Keys::for_testing(Service::Portal);
        let sealed = || keys.seal(Service::Intake, &1).base64;
        assert_ne!(sealed(), sealed());
    }

    #[test]
    fn what_was_sealed_to_ourselves_with_a_pair_of_keys_opens_too() {
        let portal = Keys::for_testing(Service::Portal);
        let before = portal.seal_with(&mut OsRng, Service::Portal, &plain(&"Samira"));
        assert_eq!(portal.open::<String>(&before), Ok("Samira".to_owned()));
    }

    #[test]
    fn a_box_of_a_key_is_the_same_for_the_same_value_and_for_nothing_else() {
        let (portal, key) = (Keys::for_testing(Service::Portal), Uuid::from_u128(1));
        let sealed = |to, key, value: &str| portal.seal_again(to, key, &value.to_owned());
        let first = sealed(Service::Intake, key, "Samira");
        assert_eq!(first.base64, sealed(Service::Intake, key, "Samira").base64);
        assert_eq!(Keys::for_testing(Service::Intake).open(&first), Ok("Samira".to_owned()));
        // Not even the one-time key, with which the box begins, is the same.
        let begin = |sealed: &Sealed<String>| STANDARD.decode(&sealed.base64).unwrap()[..32].to_vec();
        for other in [
            sealed(Service::Intake, key, "Samir"),
            sealed(Service::Intake, Uuid::from_u128(2), "Samira"),
            sealed(Service::Vacancies, key, "Samira"),
            Keys::for_testing(Service::Matcher).seal_again(Service::Intake, key, &"Samira".to_owned()),
        ] {
            assert_ne!(begin(&first), begin(&other));
        }
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(64))]

        #[test]
        fn a_box_opens_only_for_its_addressee(from in 0..Service::ALL.len(), to in 0..Service::ALL.len(), value: String) {
            let sealed = Keys::for_testing(Service::ALL[from]).seal(Service::ALL[to], &value);
            for service in Service::ALL {
                let opened = Keys::for_testing(service).open(&sealed);
                if service == Service::ALL[to] {
                    prop_assert_eq!(opened.as_ref(), Ok(&value));
                } else {
                    prop_assert_eq!(opened, Err(OpenError::NotForUs));
                }
            }
        }

        #[test]
        fn a_changed_box_does_not_open(value: String, at: prop::sample::Index, bit in 0..8_u8) {
            let intake = Keys::for_testing(Service::Intake);
            let mut bytes = STANDARD.decode(intake.seal(Service::Intake, &value).base64).unwrap();
            // The top bit of the one-time public key (byte 31) is masked away by X25519 itself,
            // but it counts in the nonce, so that too is caught.
            let at = at.index(bytes.len());
            bytes[at] ^= 1 << bit;
            let changed = Sealed::<String>::from_base64(STANDARD.encode(bytes));
            prop_assert_eq!(intake.open(&changed), Err(OpenError::NotForUs));
        }

        #[test]
        fn any_text_in_place_of_a_box_is_refused_without_panic(text: String) {
            let intake = Keys::for_testing(Service::Intake);
            prop_assert!(intake.open(&Sealed::<String>::from_base64(text)).is_err());
        }
    }
}
