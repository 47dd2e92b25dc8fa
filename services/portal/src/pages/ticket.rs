//! A place in line as its person sees it: her number, what happens now, an offer, and why she stands there.

use askama::Template;
use chrono::{NaiveDate, NaiveDateTime};
use proto::open_hiring::{TicketStep, WentWrong};
use proto::work::{Dayparts, Hours};

use crate::pages::line::went_wrong_words;
use crate::pages::queue::{Reached, Work};
use crate::pages::{Choice, Layout};
use crate::texts::{Html, Texts};

/// Where a place in line stands.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Stand {
    /// Nobody confirmed her number or address yet.
    Unconfirmed,
    /// In line.
    Waiting {
        /// How many people are before her.
        before: u32,
        /// In how many weeks she is probably asked, if there is enough to look back on.
        weeks: Option<u32>,
        /// How many were asked in a week, on average of the last four.
        per_week: Option<u32>,
    },
    /// A place is hers until a moment.
    Offered(Offer),
    /// She begins.
    Yes {
        /// The first working day.
        first_day: NaiveDate,
        /// Whether she can still say that she cannot after all.
        can_give_back: bool,
    },
    /// Not now.
    Paused(Pause),
    /// She had her first day.
    Started,
    /// It is over, and by what.
    Ended(TicketStep),
}

/// Why a place in line is on pause.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Pause {
    /// She wanted it.
    Herself,
    /// Nobody could reach her.
    NotReached,
    /// The time to answer was over.
    TooLate,
}

/// Work that is offered.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Offer {
    /// Which place of work it is: an answer goes to this offer and to no later one.
    pub place: String,
    /// The first working day.
    pub first_day: NaiveDate,
    /// Until when she answers.
    pub until: NaiveDateTime,
    /// Minutes until then.
    pub minutes_left: u32,
    /// What the law asks; her yes confirms it.
    pub laws: Vec<String>,
    /// In how many other lines she stands.
    pub others: u32,
}

const ONE_DAY: u32 = 24 * 60;
const TWO_DAYS: u32 = 2 * ONE_DAY;

impl Offer {
    /// "U hebt nog 5 uur." From two days on in days: nobody counts in 61 hours.
    pub fn left(&self, t: Texts) -> String {
        match self.minutes_left {
            minutes @ 0..60 => t.one("offer-left-minutes", "count", minutes.max(1)),
            minutes @ 60..TWO_DAYS => t.one("offer-left-hours", "count", minutes / 60),
            minutes => t.one("offer-left-days", "count", minutes / ONE_DAY),
        }
    }

    /// What becomes of her other places: field `andere`. They stay unless she says otherwise.
    pub fn others_choices(t: Texts) -> Vec<Choice> {
        vec![
            Choice::new("houden", t.get("offer-others-stay"), true),
            Choice::new("uit", t.get("offer-others-leave"), false),
        ]
    }
}

/// When and for how much somebody works.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct WorkFacts {
    /// Hours a week.
    pub hours: Hours,
    /// When the work is done.
    pub dayparts: Dayparts,
    /// Gross pay in euro cents an hour.
    pub pay_cents: Option<u32>,
    /// Postcode and place name.
    pub where_to: String,
}

/// How long somebody has to answer an offer.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct AnswerTime {
    /// Hours that count.
    pub hours: u16,
    /// From which hour of a working day they count.
    pub from: u8,
    /// Until which hour.
    pub until: u8,
}

impl AnswerTime {
    /// "U hebt dan 24 uur om ja of nee te zeggen."
    pub fn words(&self, t: Texts) -> String {
        t.one("ticket-answer-hours", "hours", self.hours)
    }

    /// "Alleen uren op werkdagen tellen, van 9:00 tot 18:00 uur."
    pub fn counting(&self, t: Texts) -> String {
        let hour = |hour: u8| format!("{hour}:00");
        t.two("ticket-answer-counting", "from", hour(self.from), "until", hour(self.until))
    }
}

/// Why she has no offer at this moment.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Why {
    /// A new number or address waits until then.
    NewContact(NaiveDateTime),
    /// The line asks nobody for now.
    Stopped,
    /// It is over.
    Closed,
    /// Places are free, and she cannot begin on any of their days.
    OtherDays,
    /// Places are free, and begin so soon that nobody could answer in time.
    TooSoon,
    /// No place is free.
    NoPlaceFree,
    /// A place is free.
    Soon,
}

impl Why {
    /// In a sentence.
    pub fn words(self, t: Texts) -> String {
        match self {
            Self::NewContact(until) => t.one("ticket-why-new-contact", "moment", t.moment(until)),
            Self::Stopped => t.get("ticket-why-stopped"),
            Self::Closed => t.get("ticket-why-closed"),
            Self::OtherDays => t.get("ticket-why-other-days"),
            Self::TooSoon => t.get("ticket-why-too-soon"),
            Self::NoPlaceFree => t.get("ticket-why-no-place-free"),
            Self::Soon => t.get("ticket-why-soon"),
        }
    }
}

/// Something that happened to a place in line.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Entry {
    /// When.
    pub at: NaiveDateTime,
    /// What.
    pub step: TicketStep,
    /// What had gone wrong, when it was set right.
    pub went_wrong: Option<WentWrong>,
}

impl Entry {
    /// In a sentence, or two.
    pub fn words(&self, t: Texts) -> String {
        let step = step_words(t, self.step);
        match self.went_wrong {
            Some(reason) => t.two("ticket-step-because", "step", step, "reason", went_wrong_words(t, reason)),
            None => step,
        }
    }
}

fn step_words(t: Texts, step: TicketStep) -> String {
    t.get(match step {
        TicketStep::SignedUp => "ticket-step-signed-up",
        TicketStep::Confirmed => "ticket-step-confirmed",
        TicketStep::Unconfirmed => "ticket-step-unconfirmed",
        TicketStep::ContactChanged => "ticket-step-contact-changed",
        TicketStep::Offered => "ticket-step-offered",
        TicketStep::SaidYes => "ticket-step-said-yes",
        TicketStep::SaidNo => "ticket-step-said-no",
        TicketStep::NotThatDay => "ticket-step-not-that-day",
        TicketStep::RefusesDays => "ticket-step-refuses-days",
        TicketStep::SaidLater => "ticket-step-said-later",
        TicketStep::NoAnswer => "ticket-step-no-answer",
        TicketStep::NotReached => "ticket-step-not-reached",
        TicketStep::OfferEnded => "ticket-step-offer-ended",
        TicketStep::Paused => "ticket-step-paused",
        TicketStep::GoesOn => "ticket-step-goes-on",
        TicketStep::SteppedDown => "ticket-step-stepped-down",
        TicketStep::CameBack => "ticket-step-came-back",
        TicketStep::GaveBack => "ticket-step-gave-back",
        TicketStep::Started => "ticket-step-started",
        TicketStep::NoShow => "ticket-step-not-come",
        TicketStep::Corrected => "ticket-step-corrected",
        TicketStep::SetRight => "ticket-step-set-right",
        TicketStep::QueueClosed => "ticket-step-queue-closed",
    })
}

/// `/mijn/rij/{ticket}` Uw plek in de rij. Posts `doe`; `/antwoord` below it posts `plaats`, `antwoord` and `andere`.
#[derive(Debug, Clone, Template)]
#[template(path = "queue_ticket.html")]
pub struct TicketPage {
    /// What every page shares.
    pub l: Layout,
    /// The address of this page.
    pub href: String,
    /// For what; nothing when the opening is not there any more.
    pub work: Option<Work>,
    /// When and for how much.
    pub facts: Option<WorkFacts>,
    /// Where the line can be checked.
    pub proof: String,
    /// Her number.
    pub number: u32,
    /// Where it stands.
    pub stand: Stand,
    /// How she hears that it is her turn.
    pub reached: Reached,
    /// How long she then has.
    pub answer_time: Option<AnswerTime>,
    /// Why nobody is asked for now, in words.
    pub stopped: Option<String>,
    /// Until when she can undo that she left, or her no.
    pub back_until: Option<NaiveDateTime>,
    /// Why she has no offer at this moment, when she waits for one.
    pub why: Option<Why>,
    /// On which first days she wants to begin, in words; nothing while any day will do.
    pub days: Option<String>,
    /// Whether she can choose other days: `/dagen` below this page.
    pub can_choose_days: bool,
    /// Everything that happened, the first first.
    pub history: Vec<Entry>,
    /// When she signed up.
    pub signed_up_at: NaiveDateTime,
    /// Whether there can be a proof already: not before the first full hour.
    pub has_receipt: bool,
}

impl TicketPage {
    /// The heading.
    pub fn title(&self) -> String {
        let t = self.l.t;
        match &self.stand {
            Stand::Offered(_) => t.get("offer-title"),
            Stand::Yes { first_day, .. } => t.one("ticket-yes-title", "date", t.date(*first_day)),
            _ => t.get("ticket-title"),
        }
    }

    /// The employer, or that word when the opening is not there any more.
    pub fn employer(&self) -> String {
        self.work.as_ref().map_or_else(|| self.l.t.get("wanted-employer"), |work| work.employer.clone())
    }

    /// What the employer gets of her when she says yes.
    pub fn gives(&self) -> String {
        let what = match self.reached {
            Reached::Mail(_) => "offer-gives-mail",
            Reached::Sms(_) | Reached::Call(_) => "offer-gives-phone",
            Reached::Nowhere => "offer-gives-name",
        };
        self.l.t.one(what, "employer", self.employer())
    }

    /// Her place in one sentence, to print.
    pub fn receipt_words(&self) -> String {
        let t = self.l.t;
        t.two("ticket-receipt-sentence", "number", self.number, "moment", t.moment(self.signed_up_at))
    }

    /// "ma 30 nov om 10:00 uur"
    pub fn when(&self, at: &NaiveDateTime) -> String {
        let t = self.l.t;
        t.two("date-moment", "date", t.date_short(at.date()), "time", t.time(at.time()))
    }

    /// "U bent waarschijnlijk over 3 weken aan de beurt."
    pub fn weeks_words(&self, weeks: &u32) -> String {
        self.l.t.one("ticket-weeks", "count", *weeks)
    }

    /// "Er zijn 14 mensen voor u."
    pub fn before_words(&self, before: &u32) -> Html {
        self.l.t.html_one("ticket-before", "count", *before)
    }
}

/// What is asked once more before it is done.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Deed {
    /// "Uit de rij gaan."
    StepDown,
    /// "Kunt u toch niet?"
    GiveBack,
}

impl Deed {
    /// The words of its page: question, what it does, button, and the way back.
    pub const fn texts(self) -> [&'static str; 4] {
        match self {
            Self::StepDown => {
                ["ticket-down-question", "ticket-down-text", "ticket-down-button", "ticket-down-no"]
            }
            Self::GiveBack => {
                ["ticket-give-question", "ticket-give-text", "ticket-give-button", "ticket-give-no"]
            }
        }
    }

    /// Field `doe`.
    pub const fn value(self) -> &'static str {
        match self {
            Self::StepDown => "step_down",
            Self::GiveBack => "give_back",
        }
    }
}

/// `/mijn/rij/{ticket}/uit` and `/mijn/rij/{ticket}/toch-niet`: asked once more.
#[derive(Debug, Clone, Template)]
#[template(path = "queue_sure.html")]
pub struct SurePage {
    /// What every page shares.
    pub l: Layout,
    /// The address of her place.
    pub href: String,
    /// What she is about to do.
    pub deed: Deed,
    /// Her number.
    pub number: u32,
}

/// A place in line, on her own page.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TicketLine {
    /// Where it is.
    pub href: String,
    /// The job and its employer, or that it is gone.
    pub title: String,
    /// Her number.
    pub number: u32,
    /// Where it stands.
    pub stand: LineStand,
}

/// Where a place in line stands, in short.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum LineStand {
    /// In line, behind so many.
    Waiting(u32),
    /// Nobody confirmed her number or address yet.
    Unconfirmed,
    /// She answers before then.
    Offered(NaiveDateTime),
    /// She begins that day.
    Begins(NaiveDate),
    /// Not now.
    Paused,
    /// Over; it can be undone until then.
    Left(NaiveDateTime),
}

impl TicketLine {
    /// "Plek 15. Er zijn 14 mensen voor u."
    pub fn words(&self, t: Texts) -> String {
        let number = self.number;
        match self.stand {
            LineStand::Waiting(before) => t.two("ticket-line-waiting", "number", number, "count", before),
            LineStand::Unconfirmed => t.one("ticket-line-unconfirmed", "number", number),
            LineStand::Offered(until) => t.one("ticket-line-offered", "moment", t.moment(until)),
            LineStand::Begins(day) => t.one("ticket-line-begins", "date", t.date(day)),
            LineStand::Paused => t.one("ticket-line-paused", "number", number),
            LineStand::Left(until) => t.one("ticket-line-left", "moment", t.moment(until)),
        }
    }

    /// Whether there is work that waits for her yes or no.
    pub fn is_offered(&self) -> bool {
        matches!(self.stand, LineStand::Offered(_))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::texts::Language;

    #[test]
    fn the_time_to_answer_is_told_in_minutes_then_hours_then_days() {
        let left = |minutes_left| {
            let day = "2026-12-07".parse().unwrap();
            let until = NaiveDate::and_hms_opt(&day, 0, 0, 0).unwrap();
            let (place, laws) = (String::new(), Vec::new());
            Offer { place, first_day: day, until, minutes_left, laws, others: 0 }
                .left(Texts::new(Language::Dutch))
        };
        for (minutes, words) in [
            (0, "U hebt nog 1 minuut."),
            (59, "U hebt nog 59 minuten."),
            (60, "U hebt nog 1 uur."),
            (48 * 60 - 1, "U hebt nog 47 uur."),
            (48 * 60, "U hebt nog 2 dagen."),
            (61 * 60, "U hebt nog 2 dagen."),
            (72 * 60, "U hebt nog 3 dagen."),
        ] {
            assert_eq!(left(minutes), words, "{minutes} minutes");
        }
    }
}
