//! A line of Open Hiring as everyone sees it: on the page of its opening, signing up for it, and how to check it.

use askama::Template;
use chrono::{NaiveDate, NaiveDateTime};
use proto::matcher::Count;
use proto::open_hiring::{ChangeReason, PlaceState};
use proto::vacancies::{Firmness, RequirementKind, SelfCheck};

use crate::pages::line::reason_words;
use crate::pages::sign_in::partly_hidden;
use crate::pages::work::{Need, people_words};
use crate::pages::{Choice, Layout};
use crate::texts::{Html, Texts};

/// Whether somebody can go and stand in line.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Door {
    /// Yes.
    Open,
    /// Not yet; from then on.
    OpensAt(NaiveDateTime),
    /// Every place is given away.
    Full,
    /// It is over, and why.
    Closed(Option<ChangeReason>),
}

/// A first day on which people can begin.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct StartDay {
    /// The first working day.
    pub on: NaiveDate,
    /// Places that are nobody's yet.
    pub free: u32,
}

/// The line, on the page of its opening.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct QueuePart {
    /// Where it can be checked; signing up is below it.
    pub href: String,
    /// How many people wait.
    pub waiting: Count,
    /// First days, the earliest first.
    pub days: Vec<StartDay>,
    /// Whether somebody can sign up.
    pub door: Door,
    /// Why nobody is asked for now.
    pub stopped: Option<ChangeReason>,
    /// The reader's own place in it, when she stands in it.
    pub hers: Option<String>,
    /// Where the reader signs people up, when that is her work and the line is open.
    pub desk: Option<String>,
}

impl QueuePart {
    /// "Nu wachten minder dan 10 mensen."
    pub fn waiting_words(&self, t: Texts) -> String {
        t.one("queue-waiting", "people", people_words(t, self.waiting))
    }

    /// Why nobody can sign up, if so.
    pub fn door_words(&self, t: Texts) -> Option<String> {
        match self.door {
            Door::Open => None,
            Door::OpensAt(moment) => Some(t.one("queue-opens", "moment", t.moment(moment))),
            Door::Full => Some(t.get("queue-full")),
            Door::Closed(Some(reason)) => Some(t.one("queue-closed-why", "reason", reason_words(t, reason))),
            Door::Closed(None) => Some(t.get("queue-closed")),
        }
    }

    /// Why nobody is asked for now, if so.
    pub fn stopped_words(&self, t: Texts) -> Option<String> {
        self.stopped.map(|reason| t.one("queue-stopped", "reason", reason_words(t, reason)))
    }
}

/// What the law asks, in sentences: told before, confirmed by her yes, never stored.
pub fn law_lines(t: Texts, needs: &[Need]) -> Vec<String> {
    let legal = needs.iter().filter(|need| need.firmness == Firmness::Legal);
    let line = |need: &Need| match (need.kind, &need.ground) {
        (RequirementKind::Adult, Some(ground)) => t.one("signup-law-adult", "ground", ground),
        _ => need.words(t),
    };
    legal.map(line).collect()
}

/// How word about an offer reaches somebody, with her number or address partly hidden.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Reached {
    /// By text message.
    Sms(String),
    /// By e-mail.
    Mail(String),
    /// Somebody calls her.
    Call(String),
    /// She has neither.
    Nowhere,
}

impl Reached {
    /// How this telephone number (E.164) or e-mail address is reached.
    pub fn by(contact: Option<&str>) -> Self {
        match contact {
            None => Self::Nowhere,
            Some(address) if address.contains('@') => Self::Mail(partly_hidden(address)),
            Some(mobile) if mobile.starts_with("+316") => Self::Sms(partly_hidden(mobile)),
            Some(number) => Self::Call(partly_hidden(number)),
        }
    }

    /// "Bent u aan de beurt? Dan krijgt u een sms op 06 •••• 56 78."
    pub fn words(&self, t: Texts) -> Html {
        match self {
            Self::Sms(number) => t.html_one("ticket-reached-sms", "contact", number),
            Self::Mail(address) => t.html_one("ticket-reached-mail", "contact", address),
            Self::Call(number) => t.html_one("ticket-reached-call", "contact", number),
            Self::Nowhere => t.html("ticket-reached-nowhere"),
        }
    }
}

/// An opening, as a line names it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Work {
    /// The job's name.
    pub title: String,
    /// The employer's name.
    pub employer: String,
    /// The place name.
    pub place: String,
    /// Where its page is.
    pub href: String,
}

impl Work {
    /// "Medewerker keuken, De Linde, Almere"
    pub fn words(&self, t: Texts) -> String {
        t.with("queue-work", &[("title", &self.title), ("employer", &self.employer), ("place", &self.place)])
    }
}

/// Who signs up.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Newcomer {
    /// Somebody who is not signed in. Fields `naam` and `contact`, as typed.
    Unknown {
        /// Her first name.
        name: String,
        /// Her telephone number or e-mail address.
        contact: String,
    },
    /// Somebody who is signed in.
    Known {
        /// How she hears that it is her turn.
        reached: Reached,
        /// What the portal knows of how to reach her, sealed by it to itself: the button asks nobody. Field `hoe`.
        sealed: String,
    },
}

/// `/rij/{opening}/aanmelden`
#[derive(Debug, Clone, Template)]
#[template(path = "queue_sign_up.html")]
pub struct SignUpPage {
    /// What every page shares.
    pub l: Layout,
    /// For what.
    pub work: Work,
    /// The address of this page.
    pub action: String,
    /// What to know beforehand: read, not answered.
    pub checks: Vec<SelfCheck>,
    /// What the law asks.
    pub laws: Vec<String>,
    /// Who signs up.
    pub newcomer: Newcomer,
    /// First days to choose from, field `eerste_dag`; nothing when there is one.
    pub days: Vec<Choice>,
}

/// Places of work with one first day that stand the same.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct PlacesRow {
    /// The first working day.
    pub on: NaiveDate,
    /// Whose they are.
    pub state: PlaceState,
    /// Whether they are free and nobody is asked any more.
    pub too_soon: bool,
    /// Why the employer took them back.
    pub withdrawn_for: Option<ChangeReason>,
    /// How many.
    pub count: u32,
}

impl PlacesRow {
    /// "Vrij", or "Weg: er is minder werk dan verwacht"
    pub fn words(&self, t: Texts) -> String {
        let state = match (self.state, self.withdrawn_for) {
            (PlaceState::Withdrawn, Some(reason)) => {
                return t.one("proof-place-withdrawn-why", "reason", reason_words(t, reason));
            }
            (PlaceState::Free, _) if self.too_soon => "proof-place-too-soon",
            (PlaceState::Free, _) => "proof-place-free",
            (PlaceState::Offered, _) => "proof-place-offered",
            (PlaceState::Taken, _) => "proof-place-taken",
            (PlaceState::Started, _) => "proof-place-started",
            (PlaceState::Withdrawn, None) => "proof-place-withdrawn",
        };
        t.get(state)
    }
}

/// The last published head of a line's ledger.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LastHead {
    /// The full hour.
    pub at: NaiveDateTime,
    /// Entries up to and with it.
    pub count: u64,
    /// The head, in hexadecimal digits.
    pub head: String,
}

/// `/rij/{opening}` De rij is te controleren
#[derive(Debug, Clone, Template)]
#[template(path = "queue_proof.html")]
pub struct ProofPage {
    /// What every page shares.
    pub l: Layout,
    /// For what people stand in line; nothing when the opening is not there any more.
    pub work: Option<Work>,
    /// The line.
    pub queue: QueuePart,
    /// How many were asked in a week, on average of the last four; nothing before there are four.
    pub per_week: Option<u32>,
    /// Its places of work, the earliest first day first.
    pub places: Vec<PlacesRow>,
    /// The last head; nothing before the first.
    pub head: Option<LastHead>,
    /// Whether the reader is an auditor, who reads every entry.
    pub audits: bool,
}
