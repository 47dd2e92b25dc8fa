//! Messages between parts of the platform that are stuck: an administrator lets them through or puts them away.

use askama::Template;
use chrono::NaiveDateTime;

use crate::{pages::Layout, pages::Pager, texts::Texts};

/// A message that is stuck. Says what happened, not what it says.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StuckRow {
    /// What names it: service, reading and event.
    pub letter: String,
    /// The part that could not take it in, by its name in logs.
    pub at: String,
    /// The part that sent it; empty for what is no message of ours.
    pub from: String,
    /// Its kind, by its name in logs.
    pub kind: String,
    /// What it is about, if it says so.
    pub about: String,
    /// What went wrong, as the log says it.
    pub reason: String,
    /// How often it was tried.
    pub attempts: u32,
    /// Since when it is stuck.
    pub since: NaiveDateTime,
    /// The name of the field for the reason to put it away; no other row has it.
    pub field: String,
    /// That reason as typed.
    pub note: String,
}

impl StuckRow {
    /// What it is, in words: `opening_closed.v1`.
    pub fn title(&self, t: Texts) -> String {
        if self.kind.is_empty() { t.get("stuck-no-message") } else { self.kind.clone() }
    }
}

/// `/beheer/vastgelopen`. Each row posts to `…/{letter}/opnieuw`, or with its field to `…/{letter}/weg`; all of them
/// together, as `bericht`, to `…/opnieuw`.
#[derive(Debug, Clone, Template)]
#[template(path = "stuck.html")]
pub struct Stuck {
    /// What every page shares.
    pub l: Layout,
    /// The oldest of each part first.
    pub rows: Vec<StuckRow>,
    /// How many there are in all.
    pub total: u64,
    /// Parts that do not answer now: something may be stuck there too.
    pub away: Vec<String>,
    /// Where in the list the reader is.
    pub pager: Pager,
}
