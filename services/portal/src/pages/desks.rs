//! Desks that help people, the referrals to them, and the erasures that an administrator watches.

use askama::Template;
use chrono::{NaiveDate, NaiveDateTime};
use proto::intake::{DeskKind, ReferralState};

use crate::pages::Layout;
use crate::texts::Texts;

/// A kind of desk in words.
pub fn kind_words(t: Texts, kind: DeskKind) -> String {
    t.get(match kind {
        DeskKind::Wsp => "desk-kind-wsp",
        DeskKind::Rmt => "desk-kind-rmt",
        DeskKind::LearnWork => "desk-kind-lwl",
    })
}

/// A desk in the list.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DeskRow {
    /// Where it is changed; empty when the reader may not.
    pub href: String,
    /// Its name.
    pub name: String,
    /// Its kind in words.
    pub kind: String,
    /// Its region's name.
    pub region: String,
    /// Its town.
    pub town: String,
    /// Its telephone number; may be empty.
    pub phone: String,
    /// When someone last checked it.
    pub checked: Option<NaiveDate>,
}

impl DeskRow {
    /// When it was checked, in words.
    pub fn checked_words(&self, t: Texts) -> String {
        self.checked.map_or_else(|| t.get("desks-unchecked"), |day| t.date_year(day))
    }
}

/// `/loketten`
#[derive(Debug, Clone, Template)]
#[template(path = "desks.html")]
pub struct Desks {
    /// What every page shares.
    pub l: Layout,
    /// Every desk that the reader may see, by region and kind.
    pub rows: Vec<DeskRow>,
}

/// `/loket/{id}`. Fields `naam`, `plaats`, `telefoon`, `email`, `website`.
#[derive(Debug, Clone, Template)]
#[template(path = "desk_change.html")]
pub struct ChangeDesk {
    /// What every page shares.
    pub l: Layout,
    /// Its own address.
    pub action: String,
    /// Its kind and region in words.
    pub about: String,
    /// Its name as typed.
    pub name: String,
    /// Its town as typed.
    pub town: String,
    /// Its telephone number as typed.
    pub phone: String,
    /// Its e-mail address as typed.
    pub email: String,
    /// Its page as typed.
    pub website: String,
}

/// A referral that a desk follows up. Field `staat`: `not_reached`, `spoken` or `closed`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ReferralRow {
    /// Where the follow-up goes.
    pub href: String,
    /// Her name.
    pub name: String,
    /// Her number or address; empty for someone who gets letters.
    pub contact: String,
    /// What she wants to ask; may be empty.
    pub question: String,
    /// The desk.
    pub desk: String,
    /// Where it stands.
    pub state: ReferralState,
    /// Since when.
    pub since: NaiveDate,
    /// Before which moment the desk acts.
    pub answer_by: NaiveDateTime,
    /// Whether that moment has passed.
    pub overdue: bool,
    /// How often the desk tried.
    pub tries: u16,
}

impl ReferralRow {
    /// Where it stands, in words.
    pub fn state_words(&self, t: Texts) -> String {
        t.get(match self.state {
            ReferralState::Open => "referral-open",
            ReferralState::NotReached => "referral-not-reached",
            ReferralState::Spoken => "referral-spoken",
            ReferralState::Closed => "referral-closed",
            ReferralState::Withdrawn => "referral-withdrawn",
        })
    }

    /// Whether the desk still has to do something.
    pub fn waits(&self) -> bool {
        matches!(self.state, ReferralState::Open | ReferralState::NotReached)
    }

    /// Whether it is over.
    pub fn over(&self) -> bool {
        matches!(self.state, ReferralState::Closed | ReferralState::Withdrawn)
    }
}

/// `/verwijzingen`: the list comes as the answer to a button, because each name shown is written down.
/// Field `toon`: `open` or `alle`.
#[derive(Debug, Clone, Template)]
#[template(path = "referrals.html")]
pub struct Referrals {
    /// What every page shares.
    pub l: Layout,
    /// Those due first; `None` before the button.
    pub rows: Option<Vec<ReferralRow>>,
    /// Whether only those that wait are shown.
    pub only_open: bool,
}

/// An erasure.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ErasureRow {
    /// The id that was hers, now nobody's.
    pub id: String,
    /// When.
    pub at: NaiveDate,
    /// Which parts of the platform confirmed.
    pub confirmed: Vec<String>,
    /// When the messages on their way were seen to hold nothing any more.
    pub clean: Option<NaiveDate>,
    /// Whether someone is too late.
    pub overdue: bool,
}

/// `/beheer/gewist`
#[derive(Debug, Clone, Template)]
#[template(path = "erasures.html")]
pub struct Erasures {
    /// What every page shares.
    pub l: Layout,
    /// Late ones first, then newest first.
    pub rows: Vec<ErasureRow>,
}
