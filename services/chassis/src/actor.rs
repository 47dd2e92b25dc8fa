//! Who acts, signed: made by the portal for one request, verified by every service (DESIGN rule 7).

use base64::{Engine as _, engine::general_purpose::URL_SAFE_NO_PAD};
use chrono::{DateTime, TimeDelta, Utc};
use ed25519_dalek::{Signature, Signer as _};
use proto::{Actor, Service, actor::ActorClaims};
use sha2::{Digest as _, Sha256};

use crate::keys::Keys;

/// How long a signature holds: longer than any call with its retries, shorter than a session.
pub const VALIDITY: TimeDelta = TimeDelta::minutes(5);
/// How far the clocks of two machines may lie apart.
pub const CLOCK_TOLERANCE: TimeDelta = TimeDelta::seconds(30);

/// Signed in front of the claims, so that no signature for another purpose passes for one of these.
const PURPOSE: &[u8] = b"dichterbij actor v1\0";
/// Far above any true header: an account with every role and region stays below 2 KiB.
const LONGEST_HEADER_BYTES: usize = 8 * 1024;

/// Why an actor is not believed. Nothing is done for such a request.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum ActorError {
    /// Not of the form that [`Keys::sign`] makes.
    #[error("the actor header cannot be read")]
    Malformed,
    /// Not signed by the service that it names, or changed since.
    #[error("the signature of the actor is not one of {issuer}")]
    BadSignature {
        /// Who is said to have signed.
        issuer: Service,
    },
    /// Validly signed by a service that may not speak for this actor.
    #[error("{issuer} may not speak for this actor")]
    NotAllowed {
        /// Who signed.
        issuer: Service,
    },
    /// Signed for another subject, key or body.
    #[error("the actor was signed for another request")]
    OtherRequest,
    /// Too old: the caller signs again.
    #[error("the signature of the actor has expired")]
    Expired,
    /// From the future by more than the tolerance, or valid for too long: look at the clocks.
    #[error("the signature of the actor is not valid yet, or for longer than allowed")]
    NotYetValid,
}

impl Keys {
    /// The header that says who asks for exactly this request. `key` is the idempotency key, empty
    /// for a query.
    pub fn sign(&self, actor: &Actor, subject: &str, key: &str, body: &[u8], now: DateTime<Utc>) -> String {
        let claims = ActorClaims {
            issuer: self.service(),
            actor: actor.clone(),
            issued_at: now,
            expires_at: now + VALIDITY,
            request: request_hash(subject, key, body),
        };
        self.sign_claims(&claims)
    }

    fn sign_claims(&self, claims: &ActorClaims) -> String {
        let claims = serde_json::to_vec(claims).expect("claims are plain JSON");
        let signature = self.signing_secret().sign(&signed_bytes(&claims));
        format!("{}.{}", URL_SAFE_NO_PAD.encode(claims), URL_SAFE_NO_PAD.encode(signature.to_bytes()))
    }

    /// Who asks, if the header was signed for exactly this request by who may say so.
    pub fn verify(
        &self,
        header: &str,
        subject: &str,
        key: &str,
        body: &[u8],
        now: DateTime<Utc>,
    ) -> Result<Actor, ActorError> {
        let (claims_bytes, signature) = parts(header).ok_or(ActorError::Malformed)?;
        let claims: ActorClaims = serde_json::from_slice(&claims_bytes).map_err(|_| ActorError::Malformed)?;
        let issuer = claims.issuer;
        // Strict: no weak public keys, one signature per message.
        self.public()
            .of(issuer)
            .verifying()
            .verify_strict(&signed_bytes(&claims_bytes), &signature)
            .map_err(|_| ActorError::BadSignature { issuer })?;
        if !may_speak_for(issuer, &claims.actor) {
            return Err(ActorError::NotAllowed { issuer });
        }
        if claims.request != request_hash(subject, key, body) {
            return Err(ActorError::OtherRequest);
        }
        check_times(&claims, now)?;
        Ok(claims.actor)
    }
}

/// Only the portal knows who signed in; a service by itself is only ever itself.
fn may_speak_for(issuer: Service, actor: &Actor) -> bool {
    match actor {
        Actor::Visitor | Actor::Seeker { .. } | Actor::Account { .. } => issuer == Service::Portal,
        Actor::Service { service } => issuer == *service,
    }
}

fn check_times(claims: &ActorClaims, now: DateTime<Utc>) -> Result<(), ActorError> {
    // Differences of two moments cannot overflow, sums of hostile moments could.
    if claims.issued_at.signed_duration_since(now) > CLOCK_TOLERANCE
        || claims.expires_at.signed_duration_since(claims.issued_at) > VALIDITY
    {
        return Err(ActorError::NotYetValid);
    }
    if now.signed_duration_since(claims.expires_at) >= CLOCK_TOLERANCE {
        return Err(ActorError::Expired);
    }
    Ok(())
}

fn parts(header: &str) -> Option<(Vec<u8>, Signature)> {
    if header.len() > LONGEST_HEADER_BYTES {
        return None;
    }
    let (claims, signature) = header.split_once('.')?;
    let signature = URL_SAFE_NO_PAD.decode(signature).ok()?;
    Some((URL_SAFE_NO_PAD.decode(claims).ok()?, Signature::from_slice(&signature).ok()?))
}

fn signed_bytes(claims: &[u8]) -> Vec<u8> {
    [PURPOSE, claims].concat()
}

/// SHA-256 in hex; each part with its length in front, so that no byte can move from one part to
/// the next.
fn request_hash(subject: &str, key: &str, body: &[u8]) -> String {
    let mut hash = Sha256::new();
    for part in [subject.as_bytes(), key.as_bytes(), body] {
        hash.update((part.len() as u64).to_be_bytes());
        hash.update(part);
    }
    format!("{:x}", hash.finalize())
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use proto::{AccountId, Role, SeekerId};
    use uuid::Uuid;

    use super::*;

    const SUBJECT: &str = "cmd.vacancies.publish_opening";

    fn noon() -> DateTime<Utc> {
        "2026-03-02T12:00:00Z".parse().unwrap()
    }

    fn manager() -> Actor {
        Actor::Account {
            account_id: AccountId(Uuid::from_u128(1)),
            roles: vec![Role::AccountManager],
            employer_id: None,
            regions: vec!["AM11".to_owned()],
        }
    }

    fn people() -> [Actor; 3] {
        [Actor::Visitor, Actor::Seeker { seeker_id: SeekerId(Uuid::from_u128(2)) }, manager()]
    }

    #[test]
    fn every_service_believes_the_portal_about_people() {
        let portal = Keys::for_testing(Service::Portal);
        for actor in people() {
            let header = portal.sign(&actor, SUBJECT, "k", b"{}", noon());
            for service in Service::ALL {
                let verified = Keys::for_testing(service).verify(&header, SUBJECT, "k", b"{}", noon());
                assert_eq!(verified.as_ref(), Ok(&actor), "{service}");
            }
        }
    }

    #[test]
    fn no_other_service_speaks_for_people_and_none_for_another() {
        let vacancies = Keys::for_testing(Service::Vacancies);
        for issuer in Service::ALL {
            let keys = Keys::for_testing(issuer);
            let verified = |actor: &Actor| {
                vacancies.verify(&keys.sign(actor, SUBJECT, "k", b"{}", noon()), SUBJECT, "k", b"{}", noon())
            };
            for actor in people() {
                if issuer != Service::Portal {
                    assert_eq!(verified(&actor), Err(ActorError::NotAllowed { issuer }));
                }
            }
            for service in Service::ALL {
                let allowed = verified(&Actor::Service { service }).is_ok();
                assert_eq!(allowed, service == issuer, "{issuer} as {service}");
            }
        }
    }

    #[test]
    fn signing_with_ones_own_key_in_the_portals_name_fails() {
        let intake = Keys::for_testing(Service::Intake);
        let mut claims = ActorClaims {
            issuer: Service::Portal,
            actor: manager(),
            issued_at: noon(),
            expires_at: noon() + VALIDITY,
            request: request_hash(SUBJECT, "k", b"{}"),
        };
        let issuer = Service::Portal;
        let forged = intake.sign_claims(&claims);
        assert_eq!(
            intake.verify(&forged, SUBJECT, "k", b"{}", noon()),
            Err(ActorError::BadSignature { issuer })
        );
        // Nor may the portal itself make one that holds for longer.
        claims.expires_at = noon() + VALIDITY + TimeDelta::seconds(1);
        let long = Keys::for_testing(issuer).sign_claims(&claims);
        assert_eq!(intake.verify(&long, SUBJECT, "k", b"{}", noon()), Err(ActorError::NotYetValid));
    }

    #[test]
    fn a_signature_holds_five_minutes_with_half_a_minute_for_the_clocks() {
        let portal = Keys::for_testing(Service::Portal);
        let header = portal.sign(&manager(), SUBJECT, "k", b"{}", noon());
        let after = |ms| {
            portal.verify(&header, SUBJECT, "k", b"{}", noon() + TimeDelta::milliseconds(ms)).map(|_| ())
        };
        assert_eq!(after(-30_001), Err(ActorError::NotYetValid));
        assert_eq!(after(-30_000), Ok(()));
        assert_eq!(after(329_999), Ok(()));
        assert_eq!(after(330_000), Err(ActorError::Expired));
    }

    #[test]
    fn claims_may_not_be_exchanged_under_a_signature() {
        let portal = Keys::for_testing(Service::Portal);
        let ours = portal.sign(&Actor::Visitor, SUBJECT, "k", b"{}", noon());
        let theirs = portal.sign(&manager(), SUBJECT, "k", b"{}", noon());
        let mixed = format!("{}.{}", theirs.split_once('.').unwrap().0, ours.split_once('.').unwrap().1);
        let issuer = Service::Portal;
        assert_eq!(
            portal.verify(&mixed, SUBJECT, "k", b"{}", noon()),
            Err(ActorError::BadSignature { issuer })
        );
    }

    #[test]
    fn a_header_of_absurd_length_is_not_even_decoded() {
        let portal = Keys::for_testing(Service::Portal);
        let header = format!("{}.{}", "A".repeat(LONGEST_HEADER_BYTES), "A".repeat(86));
        assert_eq!(portal.verify(&header, "", "", b"", noon()), Err(ActorError::Malformed));
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(64))]

        #[test]
        fn a_signature_cannot_move_to_another_request(
            made in (".{0,9}", ".{0,9}", any::<Vec<u8>>()),
            used in (".{0,9}", ".{0,9}", any::<Vec<u8>>()),
        ) {
            let portal = Keys::for_testing(Service::Portal);
            let header = portal.sign(&manager(), &made.0, &made.1, &made.2, noon());
            prop_assert_eq!(portal.verify(&header, &made.0, &made.1, &made.2, noon()), Ok(manager()));
            let moved = portal.verify(&header, &used.0, &used.1, &used.2, noon());
            prop_assert_eq!(moved.is_ok(), made == used);
        }

        #[test]
        fn no_byte_can_slide_from_one_part_to_the_next(text in "[a-z]{2,12}", cut in 1..11_usize) {
            let cut = cut.min(text.len() - 1);
            let whole = request_hash(&text, "", b"");
            prop_assert_ne!(&whole, &request_hash(&text[..cut], &text[cut..], b""));
            prop_assert_ne!(&whole, &request_hash("", &text[..cut], &text.as_bytes()[cut..]));
        }

        #[test]
        fn an_edited_header_fails(at: prop::sample::Index, to in "[A-Za-z0-9_.=-]") {
            let portal = Keys::for_testing(Service::Portal);
            let header = portal.sign(&manager(), SUBJECT, "k", b"{}", noon());
            let at = at.index(header.len());
            let edited = format!("{}{to}{}", &header[..at], &header[at + 1..]);
            prop_assert_eq!(portal.verify(&edited, SUBJECT, "k", b"{}", noon()).is_ok(), edited == header);
        }

        #[test]
        fn any_text_in_place_of_a_header_is_refused_without_panic(header in ".{0,200}") {
            prop_assert!(Keys::for_testing(Service::Intake).verify(&header, "", "", b"", noon()).is_err());
        }
    }
}
