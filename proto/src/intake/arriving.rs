//! People who come for a place in line: a first name and a telephone number, nothing more.

use serde::{Deserialize, Serialize};

use crate::{AccountId, ChallengeId, FieldProblem, Sealed, SeekerId, open_hiring::Ways, work::Language};

/// Finds or keeps the people behind names and contacts, at most 500, and sends each a code. Answered one for one: what is
/// wrong with one is her answer and nobody else's. The portal itself asks, for what came in together.
///
/// Whoever is not known yet gets an id at once, which is hers from then on: when the code comes back she is a person
/// under it ([`super::ContactConfirmed`]); when nobody confirms within 48 hours, name and contact are deleted. The same
/// contact always leads to the same id.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct Recognise {
    /// Who, in order of arrival.
    pub people: Sealed<Vec<Newcomer>>,
}

/// Somebody who comes for a place in line.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Newcomer {
    /// "Voornaam", as typed.
    pub name: String,
    /// Telephone number or e-mail address, as typed; empty only at a desk, for who has neither.
    pub contact: String,
    /// Her language.
    pub language: Language,
    /// A professional who has her at the desk or on the phone, and so confirms that it is she.
    pub desk: Option<AtDesk>,
}

/// A professional who signs somebody up.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct AtDesk {
    /// Who.
    pub account_id: AccountId,
    /// The organisation, as she will read it.
    pub organisation: String,
    /// Whether the contact is somebody else's, who shares it with her: then she is a person of her own.
    pub shared: bool,
}

/// Who somebody is.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "outcome", rename_all = "snake_case")]
pub enum Recognised {
    /// She has an id.
    Person {
        /// Hers.
        seeker_id: SeekerId,
        /// How she can be reached.
        ways: Ways,
        /// The request for a code that was sent; at a desk none is needed. The same answer whoever the contact belongs to.
        challenge_id: Option<ChallengeId>,
    },
    /// Something in the form is wrong.
    Refused {
        /// What.
        problems: Vec<FieldProblem>,
    },
}

/// Confirms that somebody who waits for her code is she: she stands at the desk, or was reached by phone. Helpers and
/// account managers may; it is written down and shown to her.
///
/// # Errors
/// `seeker-unknown`. Confirming twice changes nothing.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct ConfirmArrival {
    /// Who.
    pub seeker_id: SeekerId,
    /// The organisation, as she will read it.
    pub organisation: String,
}
