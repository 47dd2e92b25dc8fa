//! Codes by the clock (RFC 6238): six digits, 30 seconds, one step of tolerance, each used once.

use chrono::{DateTime, Utc};
use totp_rs::{Algorithm, Secret, TOTP};

const STEP_SECONDS: u64 = 30;

/// A secret that someone's app and we share.
pub struct SecondFactor {
    totp: TOTP,
}

/// A secret that is none.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("not a secret for codes")]
pub struct NotASecret;

impl SecondFactor {
    /// From 20 bytes or more; `account` is what the app shows.
    pub fn new(secret: Vec<u8>, account: &str) -> Result<Self, NotASecret> {
        // The app's label may not hold a colon.
        let account = account.replace(':', " ");
        TOTP::new(Algorithm::SHA1, 6, 1, STEP_SECONDS, secret, Some("Dichterbij".to_owned()), account)
            .map(|totp| Self { totp })
            .map_err(|_| NotASecret)
    }

    /// From base32, as typed or printed.
    pub fn from_base32(text: &str, account: &str) -> Result<Self, NotASecret> {
        let bytes = Secret::Encoded(text.replace(' ', "")).to_bytes().map_err(|_| NotASecret)?;
        Self::new(bytes, account)
    }

    /// The secret in base32, to type into an app.
    pub fn base32(&self) -> String {
        self.totp.get_secret_base32()
    }

    /// The secret itself, for encrypting.
    pub fn secret(&self) -> Vec<u8> {
        self.totp.secret.clone()
    }

    /// The address for an app: `otpauth://…`.
    pub fn address(&self) -> String {
        self.totp.get_url()
    }

    /// The code of this moment, for the demo.
    pub fn code(&self, now: DateTime<Utc>) -> String {
        self.totp.generate(seconds(now))
    }

    /// The time step whose code this is, if it is one of now, the step before or the step after, and
    /// later than the last one used.
    pub fn check(&self, code: &str, now: DateTime<Utc>, last_step: i64) -> Option<i64> {
        let code: String = code.chars().filter(char::is_ascii_digit).collect();
        let current = seconds(now) / STEP_SECONDS;
        [current, current.saturating_sub(1), current + 1]
            .into_iter()
            .find(|step| {
                use subtle::ConstantTimeEq as _;
                let expected = self.totp.generate(step * STEP_SECONDS);
                *step as i64 > last_step && bool::from(expected.as_bytes().ct_eq(code.as_bytes()))
            })
            .map(|step| step as i64)
    }
}

fn seconds(moment: DateTime<Utc>) -> u64 {
    u64::try_from(moment.timestamp()).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_code_works_now_and_a_step_around_and_only_once() {
        let factor = SecondFactor::new(vec![7; 20], "fatima@wsp.example").unwrap();
        let now: DateTime<Utc> = "2026-11-22T10:00:05Z".parse().unwrap();
        let code = factor.code(now);
        let step = factor.check(&code, now, 0).unwrap();
        assert_eq!(factor.check(&code, now, step), None, "a second time");
        let spaced = format!("{} {}", &code[..3], &code[3..]);
        assert!(factor.check(&spaced, now + chrono::TimeDelta::seconds(30), 0).is_some());
        assert_eq!(factor.check(&code, now + chrono::TimeDelta::seconds(90), 0), None);
    }

    #[test]
    fn a_secret_reads_back_from_base32() {
        let factor = SecondFactor::new(vec![9; 20], "a@b.nl").unwrap();
        let again = SecondFactor::from_base32(&factor.base32(), "a@b.nl").unwrap();
        let now = "2026-11-22T10:00:05Z".parse().unwrap();
        assert_eq!(factor.code(now), again.code(now));
        assert!(SecondFactor::from_base32("!!", "a").is_err());
    }
}
