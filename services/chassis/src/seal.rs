//! Sealed boxes: personal data between services, readable by the addressee only (DESIGN rule 3).

use base64::{Engine as _, engine::general_purpose::STANDARD};
use proto::{Sealed, Service};
use rand::rngs::OsRng;
use serde::{Serialize, de::DeserializeOwned};
use zeroize::Zeroizing;

use crate::keys::Keys;

/// Plain texts are filled up to a multiple of this, so that the length of a box says little: a
/// short name and a long one look the same.
const BLOCK: usize = 64;

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
    /// Encrypts a value so that only `to` can read it; not even the sender can open it again.
    ///
    /// The one-time key of the box comes from the operating system and never from a seeded
    /// [`crate::chance::Chance`]: a test has no reason to compare boxes byte by byte.
    pub fn seal<T: Serialize>(&self, to: Service, value: &T) -> Sealed<T> {
        let mut plain = Zeroizing::new(serde_json::to_vec(value).expect("messages are plain JSON"));
        // Space after JSON is still JSON, so nothing needs to be taken off again.
        let whole_blocks = plain.len().div_ceil(BLOCK) * BLOCK;
        plain.resize(whole_blocks, b' ');
        let sealed =
            self.public().of(to).sealing().seal(&mut OsRng, &plain).expect("a message is far below 256 GiB");
        Sealed::from_base64(STANDARD.encode(sealed))
    }

    /// Opens a box that was sealed for this service.
    pub fn open<T: DeserializeOwned>(&self, sealed: &Sealed<T>) -> Result<T, OpenError> {
        let bytes = STANDARD.decode(&sealed.base64).map_err(|_| OpenError::NotBase64)?;
        let plain = self.box_secret().unseal(&bytes).map(Zeroizing::new).map_err(|_| OpenError::NotForUs)?;
        serde_json::from_slice(&plain).map_err(|_| OpenError::OtherContent)
    }
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
