//! Registering and signing in: a code to one's own contact, no account, no password.

use serde::{Deserialize, Serialize};

use super::{Purpose, Wishes};
use crate::{
    ChallengeId, Sealed, SeekerId,
    work::{Channel, Language},
};

/// The five answers of a registration.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Registration {
    /// Questions 1 to 3.
    pub wishes: Wishes,
    /// "Hoe mogen wij u noemen?"
    pub name: String,
    /// One telephone number or e-mail address, as typed.
    pub contact: String,
    /// What she likes best.
    pub channel: Channel,
    /// The purposes she ticked. The others are recorded as "not given".
    pub consents: Vec<Purpose>,
    /// The version of the consent texts she saw.
    pub consent_text_version: String,
    /// Where she came in ("vindplaats"), kept only with consent for figures.
    pub entry_point: Option<String>,
    /// Her language.
    pub language: Language,
}

/// Keeps a registration and sends a code to the contact that was given.
///
/// The answer is the same whoever the contact belongs to. Nothing is published until the code
/// comes back; a registration that nobody confirms is deleted after 48 hours.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct Register {
    /// The five answers, for intake's eyes only.
    pub registration: Sealed<Registration>,
}

/// Sends a code to someone who comes back. The answer is the same for an unknown contact.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct RequestCode {
    /// Telephone number or e-mail address, as typed.
    pub contact: Sealed<String>,
    /// The language of the message to someone we do not know (nothing is then sent).
    pub language: Language,
}

/// A code is on its way, if there is somebody to send it to.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct CodeSent {
    /// Bound to the browser that asked, by a cookie.
    pub challenge_id: ChallengeId,
}

/// Brings back a code.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct ConfirmCode {
    /// Which request for a code.
    pub challenge_id: ChallengeId,
    /// The code as typed; spaces are accepted.
    pub code: Sealed<String>,
}

/// What became of a code. A wrong one is an answer, not a problem: the try counts.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "outcome", rename_all = "snake_case")]
pub enum CodeOutcome {
    /// It is her.
    Confirmed {
        /// The person.
        seeker_id: SeekerId,
        /// Whether this code finished a new registration.
        new: bool,
    },
    /// Not that code.
    Wrong {
        /// How many tries are left, 1 to 4.
        tries_left: u8,
    },
    /// Too old, used, tried too often or never sent: ask for a new one.
    Expired,
}

/// Adds invented people, at most 200 a call, as if each had confirmed her code. Refused outside
/// the development profile (DESIGN rule 15). Used by the demo and by benchmarks.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct LoadDemoPeople {
    /// The invented registrations.
    pub people: Sealed<Vec<Registration>>,
}

/// How many were added.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Loaded {
    /// New people; those whose contact was known already are not counted.
    pub added: u32,
}
