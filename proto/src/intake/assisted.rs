//! Registering together: a helper types, the person decides and can take over.

use chrono::{DateTime, NaiveDate, Utc};
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use super::{ConsentGiven, Purpose, Wishes};
use crate::{
    AccountId, ChallengeId, Sealed, SeekerId,
    work::{Channel, Language},
};

/// Asks for a code to someone's contact, for a helper who sits beside her. The answer is the same for
/// an unknown contact. Helpers and account managers may.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct RequestHelpedCode {
    /// Telephone number or e-mail address, as typed.
    pub contact: Sealed<String>,
    /// The language of the message.
    pub language: Language,
    /// The organisation that helps: the message names it.
    pub organisation: String,
}

/// Registers someone with her. Helpers and account managers may.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct RegisterAssisted {
    /// What was filled in, for intake's eyes only.
    pub registration: Sealed<AssistedRegistration>,
}

/// An assisted registration.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct AssistedRegistration {
    /// What she wants and can.
    pub wishes: Wishes,
    /// "Hoe mogen wij u noemen?"
    pub name: String,
    /// How she can be reached.
    pub reach: AssistedReach,
    /// The purposes she said yes to. The others are recorded as "not given".
    pub consents: Vec<Purpose>,
    /// The version of the consent texts.
    pub consent_text_version: String,
    /// How she said so. Without a yes to anything it may be [`ConsentGiven::Herself`]; a yes needs one
    /// of the others.
    pub how: ConsentGiven,
    /// Where she came in, kept only with consent for figures.
    pub entry_point: Option<String>,
    /// Her language.
    pub language: Language,
    /// Who helped.
    pub helper: HelperIntroduction,
}

/// How someone who was registered with help can be reached.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "reach", rename_all = "snake_case")]
pub enum AssistedReach {
    /// By her own telephone or e-mail.
    Contact {
        /// As typed.
        contact: String,
        /// What she likes best.
        channel: Channel,
        /// Whether others use it too (one telephone for a family). Without it, a contact that is
        /// somebody's already is refused.
        shared: bool,
    },
    /// By letter only: the card to take over is printed and sent or handed to her.
    Letter {
        /// Street and house number.
        street: String,
        /// Postcode with letters.
        postcode: String,
        /// Town.
        town: String,
    },
}

/// Who helps, as the person will read it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct HelperIntroduction {
    /// The helper's name.
    pub name: String,
    /// The organisation.
    pub organisation: String,
}

/// What became of an assisted registration.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(tag = "outcome", rename_all = "snake_case")]
pub enum AssistedOutcome {
    /// She is registered; a message or letter tells her.
    Registered {
        /// The person.
        seeker_id: SeekerId,
        /// For the card to print, when she gets a letter: the code to take over.
        take_over_code: Option<Sealed<String>>,
        /// Until when the helper may change her wishes.
        access_until: DateTime<Utc>,
    },
    /// Not that code; it may be typed again.
    WrongCode {
        /// How many tries are left, 1 to 4.
        tries_left: u8,
    },
    /// Too old, used, tried too often or never sent: ask for a new one.
    CodeExpired,
}

/// The people whom this helper may still help, newest first.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct MyPeople {}

/// Someone in the list of a helper. Travels only inside [`Sealed`].
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct HelpedPerson {
    /// The person.
    pub seeker_id: SeekerId,
    /// Her name or nickname.
    pub name: String,
    /// When she was registered.
    pub since: DateTime<Utc>,
    /// Until when the helper may change her wishes.
    pub until: DateTime<Utc>,
    /// Whether she signed in herself since.
    pub took_over: bool,
}

/// A helper's access to her data, as she sees it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct HelperAccess {
    /// The account of the helper.
    pub account_id: AccountId,
    /// Who helps.
    pub helper: HelperIntroduction,
    /// Since when.
    pub since: DateTime<Utc>,
    /// Until when; 14 days unless she extends it.
    pub until: DateTime<Utc>,
    /// When it was ended, if it was ended before its time.
    pub ended_at: Option<DateTime<Utc>>,
}

/// Lets a helper go on for 14 days from now, or ends it at once. Only she herself may.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct SetHelperAccess {
    /// The person.
    pub seeker_id: SeekerId,
    /// The helper.
    pub account_id: AccountId,
    /// Go on, or end.
    pub go_on: bool,
}

/// "Dit was ik niet": the code of the message or letter erases a registration that someone made in her
/// name. Anyone with the code may; five wrong codes from one visitor in an hour are refused.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct DisownRegistration {
    /// The code as typed; spaces and hyphens are accepted.
    pub code: Sealed<String>,
    /// From where; `None` when visitors cannot be told apart.
    #[serde(default)]
    pub network: Option<VisitorNetwork>,
}

/// Takes over with the code of a letter: a code goes to the contact that is hers from then on.
/// [`super::ConfirmCode`] finishes it and signs her in.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct TakeOver {
    /// The code of the letter as typed.
    pub code: Sealed<String>,
    /// Her telephone number or e-mail address, as typed.
    pub contact: Sealed<String>,
    /// The language of the message.
    pub language: Language,
    /// From where; `None` when visitors cannot be told apart.
    #[serde(default)]
    pub network: Option<VisitorNetwork>,
}

/// A visitor's network, so that her wrong codes are counted apart from those of others: a keyed hash that only
/// the portal can make, of an address without its last part.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct VisitorNetwork(pub Uuid);

/// What became of the code of a letter or message.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "outcome", rename_all = "snake_case")]
pub enum LetterOutcome {
    /// The registration is erased.
    Erased,
    /// A code is on its way to the contact.
    CodeSent {
        /// Bound to the browser that asked.
        challenge_id: ChallengeId,
    },
    /// No registration has this code, or it was used or is older than 60 days.
    UnknownCode,
}

/// Where a letter goes. Travels only inside [`Sealed`].
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Address {
    /// Street and house number.
    pub street: String,
    /// Postcode with letters.
    pub postcode: String,
    /// Town.
    pub town: String,
    /// For dates on the letter.
    pub written_on: NaiveDate,
}
