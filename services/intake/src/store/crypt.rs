//! What stands encrypted in which column (RELIABILITY 5.2), and what is found or recognised unread.

use chassis::{
    Fault, Vault,
    vault::{Column, OwnerKey},
};
use proto::intake::{Background, HelperIntroduction, Need, SecondNumber};
use uuid::Uuid;

use super::seekers::SeekerRow;
use crate::domain::{
    arrival::Arrival,
    assisted::Letter,
    consent::Evidence,
    duplicate::Before,
    name,
    person::{Applicant, Home, Identity},
};

/// Under the key of a person: who she is.
pub const IDENTITY: Column<Identity> = Column::new("seekers.identity");
/// A number of somebody who knows where she is.
pub const SECOND_NUMBER: Column<SecondNumber> = Column::new("seekers.second_number");
/// What she wants and where she lives.
pub const WISHES: Column<Home> = Column::new("seekers.wishes");
/// What she needs.
pub const NEEDS: Column<Vec<Need>> = Column::new("seekers.needs");
/// From what she lives.
pub const BACKGROUND: Column<Background> = Column::new("seekers.background");
/// Where she came in.
pub const ENTRY_POINT: Column<String> = Column::new("seekers.entry_point");
/// Where her letters go.
pub const LETTER: Column<Letter> = Column::new("seekers.letter");
/// How she said yes or no.
pub const EVIDENCE: Column<Evidence> = Column::new("consents.evidence");
/// Who helped her.
pub const HELPER: Column<HelperIntroduction> = Column::new("helpers.helper");
/// A contact that is to become hers.
pub const NEW_CONTACT: Column<String> = Column::new("challenges.contact");
/// What she asks a desk.
pub const QUESTION: Column<String> = Column::new("referrals.question");
/// How she said yes to a referral.
pub const REFERRAL_EVIDENCE: Column<Evidence> = Column::new("referral_consents.evidence");
/// What merging changed about her record.
pub const DUPLICATE_BEFORE: Column<Before> = Column::new("duplicates.before");
/// Under the key of a registration: all of it.
pub const REGISTRATION: Column<Applicant> = Column::new("registrations.body");

/// Under the key of somebody who is expected: what she told.
pub const ARRIVAL: Column<Arrival> = Column::new("arrivals.body");

/// What she wants and where she lives, if she told.
pub fn home(key: &OwnerKey, seeker: &SeekerRow) -> Result<Option<Home>, Fault> {
    seeker.wishes.as_deref().map(|stored| key.decrypt(WISHES, stored)).transpose()
}

/// Her second number, if she gave one.
pub fn second_number(key: &OwnerKey, seeker: &SeekerRow) -> Result<Option<SecondNumber>, Fault> {
    seeker.second_number.as_deref().map(|stored| key.decrypt(SECOND_NUMBER, stored)).transpose()
}

/// How a person is found by her contact without reading it.
pub fn contact_index(vault: &Vault, normalised: &str) -> [u8; 32] {
    vault.blind_index("intake.contact", normalised)
}

/// How records with the same first name are found without reading it.
pub fn name_index(vault: &Vault, typed: &str) -> [u8; 32] {
    vault.blind_index("intake.first_name", &name::first_name(typed))
}

/// What is kept of a code: bound to its request, so that equal codes look different.
pub fn code_hash(vault: &Vault, challenge_id: Uuid, code: &str) -> [u8; 32] {
    vault.keyed_hash(&[b"intake code".as_slice(), challenge_id.as_bytes(), code.as_bytes()].concat())
}

/// What is kept of the code of a letter: it is found by it.
pub fn letter_code_hash(vault: &Vault, code: &str) -> [u8; 32] {
    vault.blind_index("intake.letter_code", code)
}
