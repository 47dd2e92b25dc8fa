//! Another number or address: who still has the old one asks by herself; otherwise a professional has her before them.

use serde::{Deserialize, Serialize};

use super::ContactPurpose;
use crate::{ChallengeId, Sealed, SeekerId, work::closed_list};

/// Sends a code to the contact that is hers now. [`super::ConfirmCode`] with it lets her give another one, for half an hour.
#[derive(Debug, Clone, Copy, Serialize, Deserialize)]
pub struct ReleaseContact {
    /// The person; only she herself may ask.
    pub seeker_id: SeekerId,
}

/// What is to be done before she gives another contact.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "released", rename_all = "snake_case")]
pub enum Released {
    /// Bring back the code that was sent to the old one.
    CodeSent {
        /// Bound to the browser that asked, by a cookie.
        challenge_id: ChallengeId,
    },
    /// Nothing: she gets letters, or shares the contact of somebody else.
    NotNeeded,
}

closed_list! {
    /// Why a professional gives somebody another contact; kept, and shown to her.
    ContactReason {
        /// Her telephone is lost or stolen.
        PhoneLost = "phone_lost",
        /// The old number or address exists no more.
        OldEnded = "old_ended",
        /// It was written down wrongly.
        Miswritten = "miswritten",
    }
}

impl ContactReason {
    /// As what it is written down among the looks at her contact data.
    pub const fn purpose(self) -> ContactPurpose {
        match self {
            Self::PhoneLost => ContactPurpose::PhoneLost,
            Self::OldEnded => ContactPurpose::OldEnded,
            Self::Miswritten => ContactPurpose::Miswritten,
        }
    }
}

/// Sends a code to the contact that is to become hers, for a professional who has her before them and has seen that it is
/// she. Helpers and account managers may.
///
/// # Errors
/// `seeker-unknown`, and field problems of `contact`.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct ChangeContactAtDesk {
    /// Who.
    pub seeker_id: SeekerId,
    /// The new contact, as typed.
    pub contact: Sealed<String>,
    /// Why.
    pub reason: ContactReason,
}

/// Brings back that code, as she read it out. The contact is hers then, the old one is told, and she reads who did it and
/// why. Only who asked for the code may; it signs nobody in.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct ConfirmContactAtDesk {
    /// Which request for a code.
    pub challenge_id: ChallengeId,
    /// The code as typed.
    pub code: Sealed<String>,
    /// The organisation, as she will read it.
    pub organisation: String,
}
