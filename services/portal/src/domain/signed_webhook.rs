//! Whether a request comes from a program that shares a secret with us, as the Standard Webhooks specification has it
//! (standardwebhooks.com): HMAC-SHA256 over id, moment and body, so that none of the three can be changed, and nothing
//! overheard can be sent again later.

use base64::{Engine as _, engine::general_purpose::STANDARD};
use chrono::{DateTime, TimeDelta, Utc};
use hmac::{Hmac, Mac as _};
use sha2::Sha256;

/// How far the clock of the sender may be from ours, and how long a request may be under way.
const TOLERATED: TimeDelta = TimeDelta::minutes(5);
/// Signatures in one request: two while a secret is being replaced, and room.
const MOST_SIGNATURES: usize = 5;

/// What stands in the headers.
#[derive(Debug, Clone, Copy)]
pub struct Signed<'a> {
    /// `webhook-id`
    pub id: &'a str,
    /// `webhook-timestamp`: seconds since 1970.
    pub timestamp: &'a str,
    /// `webhook-signature`: `v1,<base64>`, several with a space between them.
    pub signature: &'a str,
}

impl Signed<'_> {
    /// Whether whoever sent this body holds the secret, and sent it about now. Compared in constant time.
    pub fn holds(&self, secret: &[u8], body: &[u8], now: DateTime<Utc>) -> bool {
        let moment = self.timestamp.parse().ok().and_then(|seconds| DateTime::from_timestamp(seconds, 0));
        if moment.is_none_or(|moment| (now - moment).abs() > TOLERATED) {
            return false;
        }
        let signatures = self.signature.split(' ').filter_map(|one| one.strip_prefix("v1,"));
        signatures
            .take(MOST_SIGNATURES)
            .filter_map(|base64| STANDARD.decode(base64).ok())
            .any(|signature| mac(secret, self.id, self.timestamp, body).verify_slice(&signature).is_ok())
    }
}

/// The signature of a body, as it stands in the header.
pub fn sign(secret: &[u8], id: &str, timestamp: &str, body: &[u8]) -> String {
    format!("v1,{}", STANDARD.encode(mac(secret, id, timestamp, body).finalize().into_bytes()))
}

fn mac(secret: &[u8], id: &str, timestamp: &str, body: &[u8]) -> Hmac<Sha256> {
    let mut mac = Hmac::new_from_slice(secret).expect("a secret of any length will do");
    for part in [id.as_bytes(), b".", timestamp.as_bytes(), b".", body] {
        mac.update(part);
    }
    mac
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The example of the specification.
    const SECRET: &str = "MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw";
    const BODY: &[u8] = br#"{"test": 2432232314}"#;
    const EXAMPLE: Signed<'_> = Signed {
        id: "msg_p5jXN8AQM9LWM0D4loKWxJek",
        timestamp: "1614265330",
        signature: "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=",
    };

    fn secret() -> Vec<u8> {
        STANDARD.decode(SECRET).unwrap()
    }

    fn then() -> DateTime<Utc> {
        DateTime::from_timestamp(1_614_265_330, 0).unwrap()
    }

    #[test]
    fn the_example_of_the_specification_holds() {
        assert!(EXAMPLE.holds(&secret(), BODY, then()));
        assert_eq!(sign(&secret(), EXAMPLE.id, EXAMPLE.timestamp, BODY), EXAMPLE.signature);
        let replaced = format!("v1,AAAA v2,x {}", EXAMPLE.signature);
        assert!(Signed { signature: &replaced, ..EXAMPLE }.holds(&secret(), BODY, then()), "one of several");
    }

    #[test]
    fn nothing_of_it_can_be_changed() {
        let holds = |signed: Signed<'_>, body: &[u8]| signed.holds(&secret(), body, then());
        assert!(!holds(EXAMPLE, br#"{"test": 2432232315}"#));
        assert!(!holds(Signed { id: "msg_2", ..EXAMPLE }, BODY));
        assert!(!holds(Signed { timestamp: "1614265331", ..EXAMPLE }, BODY));
        assert!(!EXAMPLE.holds(b"another secret", BODY, then()));
        let bare = EXAMPLE.signature.trim_start_matches("v1,");
        let short = &EXAMPLE.signature[..EXAMPLE.signature.len() - 4];
        for signature in ["", "v1,", bare, short, "v1,not base64", "v1a,AAAA"] {
            assert!(!holds(Signed { signature, ..EXAMPLE }, BODY), "{signature}");
        }
        let many = format!("{}{}", "v1,AAAA ".repeat(MOST_SIGNATURES), EXAMPLE.signature);
        assert!(!holds(Signed { signature: &many, ..EXAMPLE }, BODY), "a bound on the work");
    }

    #[test]
    fn what_was_overheard_is_too_old_and_a_wrong_clock_is_no_reason() {
        for (passed, holds) in [(-301, false), (-300, true), (300, true), (301, false)] {
            let now = then() + TimeDelta::seconds(passed);
            assert_eq!(EXAMPLE.holds(&secret(), BODY, now), holds, "{passed}");
        }
        for timestamp in ["", "now", "-1", "99999999999999999999"] {
            assert!(!Signed { timestamp, ..EXAMPLE }.holds(&secret(), BODY, then()), "{timestamp}");
        }
    }
}
