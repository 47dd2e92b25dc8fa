//! The ledger of a line, for auditors: what happened, entry by entry, and the files to check it with.

use askama::Template;
use chrono::{NaiveDate, NaiveDateTime};
use proto::open_hiring::{ChangeReason, LedgerWhat, QueueStep, TicketStep, WentWrong};

use crate::pages::Layout;
use crate::pages::line::{LineJob, reason_words, short_moment, step_words, went_wrong_words};
use crate::texts::Texts;

/// Who did something.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum By {
    /// A member of staff: the page of the account, and whose it is; without a name when the account is gone.
    Account(String, Option<String>),
    /// The person herself.
    Herself,
    /// The rule or the clock.
    Rule,
}

impl By {
    /// Whose deed it is when no member of staff did it.
    pub const fn without_account(what: LedgerWhat) -> Self {
        match what {
            LedgerWhat::Ticket {
                step:
                    TicketStep::Offered
                    | TicketStep::NoAnswer
                    | TicketStep::NotReached
                    | TicketStep::Unconfirmed
                    | TicketStep::OfferEnded
                    | TicketStep::Corrected
                    | TicketStep::QueueClosed,
                ..
            }
            | LedgerWhat::Queue { .. } => Self::Rule,
            LedgerWhat::Ticket { .. } => Self::Herself,
        }
    }
}

/// What an entry tells.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Told {
    /// When.
    pub at: NaiveDateTime,
    /// What happened.
    pub what: LedgerWhat,
    /// The first working day of the place that it is about.
    pub first_day: Option<NaiveDate>,
    /// Why, where everyone reads why.
    pub reason: Option<ChangeReason>,
    /// What had gone wrong, when it was set right.
    pub went_wrong: Option<WentWrong>,
    /// Who did it.
    pub by: By,
}

impl Told {
    /// "Nummer 3. Kreeg een aanbod. Eerste dag: ma 7 dec." and the like, a sentence each.
    pub fn words(&self, t: Texts) -> Vec<String> {
        let mut words = match self.what {
            LedgerWhat::Ticket { step, number: Some(number) } => {
                vec![t.two("ledger-ticket", "number", number, "step", step_words(t, step))]
            }
            LedgerWhat::Ticket { step, number: None } => vec![step_words(t, step)],
            LedgerWhat::Queue { step } => vec![queue_words(t, step)],
        };
        words.extend(self.first_day.map(|day| t.one("line-first-day", "date", t.date_short(day))));
        words.extend(self.reason.map(|reason| reason_words(t, reason)));
        words.extend(self.went_wrong.map(|reason| went_wrong_words(t, reason)));
        words
    }
}

fn queue_words(t: Texts, step: QueueStep) -> String {
    t.get(match step {
        QueueStep::QueueOpened => "ledger-queue-opened",
        QueueStep::PlaceAdded => "ledger-place-added",
        QueueStep::PlaceWithdrawn => "ledger-place-withdrawn",
        QueueStep::OffersStopped => "ledger-offers-stopped",
        QueueStep::OffersGoOn => "ledger-offers-go-on",
        QueueStep::QueueClosed => "ledger-queue-closed",
        QueueStep::PlaceFreed => "ledger-place-freed",
    })
}

/// An entry.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LedgerRow {
    /// Which, from 1.
    pub n: u64,
    /// What it tells; nothing when its person was erased.
    pub told: Option<Told>,
}

/// `/rij/{opening}/boek`; `?na=` shows the entries after a number.
#[derive(Debug, Clone, Template)]
#[template(path = "ledger.html")]
pub struct Ledger {
    /// What every page shares.
    pub l: Layout,
    /// For which job.
    pub job: LineJob,
    /// This part of the entries, in order.
    pub rows: Vec<LedgerRow>,
    /// Whether this part is not the first.
    pub is_later_part: bool,
    /// The part after it.
    pub next: Option<String>,
}

impl Ledger {
    /// "ma 7 dec, 10:05 uur"
    fn when(&self, told: &Told) -> String {
        short_moment(self.l.t, told.at)
    }
}
