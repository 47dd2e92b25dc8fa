//! Who helps me: desks by postcode, and referrals that are followed up.

use chrono::{DateTime, Utc};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::{DeskId, ReferralId, Sealed, SeekerId, work::closed_list};

closed_list! {
    /// Which kind of desk.
    DeskKind {
        /// Employer service point (WSP): employers and job-seekers with an adviser.
        Wsp = "wsp",
        /// Regional mobility team (RMT): job-seekers, with or without benefit.
        Rmt = "rmt",
        /// Learn-work desk (leerwerkloket): learning and working.
        LearnWork = "lwl",
    }
}

/// A desk.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Desk {
    /// Which.
    pub desk_id: DeskId,
    /// Of which kind.
    pub kind: DeskKind,
    /// Its labour-market region.
    pub region: String,
    /// Its name.
    pub name: String,
    /// Its town.
    pub town: String,
    /// Its telephone number; empty when not known.
    pub phone: String,
    /// Its e-mail address; empty when not known.
    pub email: String,
    /// Its page; empty when not known.
    pub website: String,
    /// When someone last checked it.
    pub checked_at: Option<DateTime<Utc>>,
}

/// The desks of the region of a postcode. Anyone may ask.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct DesksFor {
    /// As typed; sealed, because it can be someone's home.
    pub postcode: Sealed<String>,
}

/// All desks, by region and kind. Administrators and account managers may ask.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct Desks {}

/// Mends a desk. Administrators may, and account managers for their regions.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct ChangeDesk {
    /// Which.
    pub desk_id: DeskId,
    /// Its name.
    pub name: String,
    /// Its town.
    pub town: String,
    /// Its telephone number; may be empty.
    pub phone: String,
    /// Its e-mail address; may be empty.
    pub email: String,
    /// Its page, `https://…`; may be empty.
    pub website: String,
}

/// Passes her name and contact to a desk, because she asks for it. Two working days to answer.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct ReferMe {
    /// The person; she herself, or a helper whose access runs and who shows how she agreed.
    pub seeker_id: SeekerId,
    /// To which desk.
    pub desk_id: DeskId,
    /// Which consent text she saw.
    pub text_version: String,
    /// How she agreed.
    pub how: super::ConsentGiven,
    /// What she wants to ask, at most 300 characters; may be empty. Refused when it looks like a BSN.
    pub question: Sealed<String>,
}

/// Takes a referral back. Only she herself may.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct WithdrawReferral {
    /// Which.
    pub referral_id: ReferralId,
}

/// Where a referral stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum ReferralState {
    /// The desk has to act.
    Open,
    /// The desk tried and did not reach her; it tries again.
    NotReached,
    /// They spoke and go on together.
    Spoken,
    /// Done.
    Closed,
    /// She took it back.
    Withdrawn,
}

/// A referral as she sees it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ReferralView {
    /// Which.
    pub referral_id: ReferralId,
    /// To which desk.
    pub desk_name: String,
    /// Where it stands.
    pub state: ReferralState,
    /// Since when.
    pub since: DateTime<Utc>,
    /// Before which moment the desk acts.
    pub answer_by: DateTime<Utc>,
}

/// The referrals to the desks of the actor's regions, those due first. Account managers may ask; each
/// name shown is written down.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct Referrals {
    /// Only those that wait for the desk.
    pub only_open: bool,
}

/// A referral as the desk sees it. Travels only inside [`Sealed`].
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ReferralLine {
    /// The facts.
    pub referral: ReferralView,
    /// Her name or nickname.
    pub name: String,
    /// How to reach her.
    pub contact: Option<String>,
    /// What she wants to ask.
    pub question: String,
    /// Whether the moment has passed.
    pub overdue: bool,
    /// How often the desk tried.
    pub tries: u16,
}

/// Writes down what a desk did.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct FollowUpReferral {
    /// Which.
    pub referral_id: ReferralId,
    /// What became of it: `not_reached`, `spoken` or `closed`.
    pub state: ReferralState,
}
