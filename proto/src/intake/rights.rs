//! What a person may always do: pause, say that she still looks, get a copy, disappear; and decide
//! whether two records are one person.

use std::collections::BTreeMap;

use chrono::{DateTime, NaiveDate, Utc};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::{Consent, ContactLook, Details};
use crate::{DuplicateId, Sealed, SeekerId, Service, work::Channel};

/// Stops taking part for a while. Nobody is shown her profile; what she told stays.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct Pause {
    /// The person; she herself, or a helper whose access runs.
    pub seeker_id: SeekerId,
    /// The day on which she takes part again by herself; after today, within a year. `None`: until she
    /// says so.
    pub until: Option<NaiveDate>,
}

/// Takes part again. Also the answer "yes" to "still looking?", and the way back after a pause by
/// silence.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct StillLooking {
    /// The person; she herself, or a helper whose access runs.
    pub seeker_id: SeekerId,
}

/// Chooses how the weekly digest of new proposals comes. On by itself for e-mail; by SMS only on
/// request.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct SetDigest {
    /// The person; only she herself may.
    pub seeker_id: SeekerId,
    /// E-mail or SMS, matching her contact; `None` turns it off.
    pub by: Option<Channel>,
}

/// Asks for a copy of everything intake keeps about a person (AVG art. 15 and 20). Other services add
/// what they keep; the portal joins them.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct MyExport {
    /// The person; only she herself may ask.
    pub seeker_id: SeekerId,
}

/// Everything intake keeps about a person.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Export {
    /// What she told.
    pub details: Details,
    /// Every yes and no she ever said, oldest first.
    pub consents: Vec<Consent>,
    /// Who looked at her contact data, oldest first.
    pub contact_looks: Vec<ContactLook>,
    /// Where her letters go, as on an envelope, while she gets letters.
    #[serde(default)]
    pub letter: Option<String>,
    /// What she asked desks, in the order of the referrals among her details.
    #[serde(default)]
    pub questions: Vec<String>,
    /// When she was registered.
    pub registered_at: DateTime<Utc>,
    /// When we last heard from her.
    pub last_heard_at: DateTime<Utc>,
}

/// Who looked at her contact data, newest first.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct MyLooks {
    /// The person; only she herself may ask.
    pub seeker_id: SeekerId,
}

/// Erases everything about a person, at once and for good (DESIGN rule 4). Doing it twice changes
/// nothing.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct EraseMe {
    /// The person; only she herself may.
    pub seeker_id: SeekerId,
}

/// How far erasures are. The portal asks it for administrators; no name is in it.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct Erasures {
    /// Only those that somebody did not confirm yet.
    pub only_open: bool,
    /// At most 200, newest first.
    pub limit: u16,
}

/// One erasure: all that is left of someone.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Erasure {
    /// Her id, now nobody's.
    pub seeker_id: SeekerId,
    /// When.
    pub at: DateTime<Utc>,
    /// Who confirmed, and when.
    pub confirmed: BTreeMap<Service, DateTime<Utc>>,
    /// When the streams were seen to hold nothing about her any more.
    pub streams_clean_at: Option<DateTime<Utc>>,
    /// Whether somebody is later than seven days.
    pub overdue: bool,
}

/// Suggestions that two records are one person, oldest first. She herself sees those that concern her;
/// account managers those of their regions with people who agreed that an adviser thinks along, and
/// helpers those they caused.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct Duplicates {
    /// Decided ones of the last 30 days too.
    pub decided: bool,
}

/// A suggestion. Travels only inside [`Sealed`].
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Duplicate {
    /// Which suggestion.
    pub duplicate_id: DuplicateId,
    /// The record that was there first; it stays when the two are merged.
    pub keep: DuplicateSide,
    /// The other.
    pub other: DuplicateSide,
    /// What became of it.
    pub state: DuplicateState,
}

/// One of the two.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct DuplicateSide {
    /// Her name or nickname.
    pub name: String,
    /// When she was registered.
    pub since: DateTime<Utc>,
    /// With whose help, if with help.
    pub with_help_of: Option<String>,
}

/// What became of a suggestion.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(tag = "state", rename_all = "snake_case")]
pub enum DuplicateState {
    /// Nobody decided yet.
    Open,
    /// They are one person; can be undone until then.
    Merged {
        /// 30 days after the decision.
        undo_until: DateTime<Utc>,
    },
    /// They are two people; not suggested again.
    Different,
}

/// Decides about a suggestion, or undoes a merge.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct DecideDuplicate {
    /// Which suggestion.
    pub duplicate_id: DuplicateId,
    /// What it is.
    pub decision: DuplicateDecision,
}

/// What people decide.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum DuplicateDecision {
    /// One person: the other record joins the first.
    Merge,
    /// Two people.
    Different,
    /// Undoes a merge within 30 days: both are there again as they were.
    Undo,
}

/// Everything about suggestions, sealed to the portal.
pub type SealedDuplicates = Sealed<Vec<Duplicate>>;
