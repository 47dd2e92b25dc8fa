//! The line of an Open Hiring job, for who looks after it: opening it, its places, and its tickets in order of number.
//! Without names and contact data.

use askama::Template;
use chrono::{NaiveDate, NaiveDateTime};
use proto::open_hiring::{
    Admits, AnswerHours, ChangeReason, FirstDay, PlaceState, QueueStage, TicketState, TicketStep, WentWrong,
};

use crate::pages::posting::StartRow;
use crate::pages::{Choice, Layout};
use crate::texts::Texts;

/// The job that people stand in line for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LineJob {
    /// The line's address, without what is done there.
    pub href: String,
    /// The job's own page for staff.
    pub job_href: String,
    /// The job's title.
    pub title: String,
    /// The employer's name.
    pub employer: String,
    /// The place name.
    pub place: String,
}

impl LineJob {
    /// The page of who looks after the line.
    pub fn manage_href(&self) -> String {
        format!("{}/beheer", self.href)
    }
}

/// "24 uur op werkdagen, van 9:00 uur tot 18:00 uur."
pub fn answer_words(t: Texts, time: AnswerHours) -> String {
    t.with("line-answer-words", &[("hours", &time.hours), ("from", &time.from), ("until", &time.until)])
}

/// "ma 7 dec, 10:05 uur", for tables.
pub fn short_moment(t: Texts, moment: NaiveDateTime) -> String {
    t.two("line-moment", "date", t.date_short(moment.date()), "time", t.time(moment.time()))
}

/// "maandag 7 december: 3 plekken"
pub fn first_day_words(t: Texts, day: FirstDay) -> String {
    t.two("line-day-places", "date", t.date(day.on), "count", day.places)
}

/// Why a place was taken back, or a line makes no offers or is over; everyone reads it.
pub fn reason_words(t: Texts, reason: ChangeReason) -> String {
    t.get(match reason {
        ChangeReason::LabourConflict => "line-reason-conflict",
        ChangeReason::LessWork => "line-reason-less-work",
        ChangeReason::PlaceOfWork => "line-reason-place-of-work",
        ChangeReason::OpeningEnded => "line-reason-ended",
        ChangeReason::OpeningPaused => "line-reason-paused",
        ChangeReason::Restored => "line-reason-restored",
        ChangeReason::Mistake => "line-reason-mistake",
    })
}

/// What went wrong when something was written down, as its person reads it.
pub fn went_wrong_words(t: Texts, reason: WentWrong) -> String {
    t.get(match reason {
        WentWrong::Answer => "line-wrong-answer",
        WentWrong::LeftByMistake => "line-wrong-left",
        WentWrong::FirstDay => "line-wrong-first-day",
        WentWrong::OtherPerson => "line-wrong-person",
    })
}

/// Whose a place is, in words.
pub fn place_words(t: Texts, state: PlaceState) -> String {
    t.get(match state {
        PlaceState::Free => "line-place-free",
        PlaceState::Offered => "line-place-offered",
        PlaceState::Taken => "line-place-taken",
        PlaceState::Started => "line-place-started",
        PlaceState::Withdrawn => "line-place-withdrawn",
    })
}

/// Where a ticket stands, in words.
pub fn state_words(t: Texts, state: TicketState) -> String {
    t.get(match state {
        TicketState::Waiting => "line-state-waiting",
        TicketState::Offered => "line-state-offered",
        TicketState::Yes => "line-state-yes",
        TicketState::Paused => "line-state-paused",
        TicketState::Started => "line-state-started",
        TicketState::Ended => "line-state-ended",
    })
}

/// The look of a state; the words carry the meaning.
pub const fn state_class(state: TicketState) -> &'static str {
    match state {
        TicketState::Offered | TicketState::Yes | TicketState::Started => "active",
        TicketState::Paused => "warning",
        TicketState::Waiting | TicketState::Ended => "neutral",
    }
}

/// What happened to a ticket, in words.
pub fn step_words(t: Texts, step: TicketStep) -> String {
    t.get(match step {
        TicketStep::SignedUp => "line-step-signed-up",
        TicketStep::Confirmed => "line-step-confirmed",
        TicketStep::Unconfirmed => "line-step-unconfirmed",
        TicketStep::ContactChanged => "line-step-contact",
        TicketStep::Offered => "line-step-offered",
        TicketStep::SaidYes => "line-step-yes",
        TicketStep::SaidNo => "line-step-no",
        TicketStep::NotThatDay => "line-step-not-that-day",
        TicketStep::RefusesDays => "line-step-refuses-days",
        TicketStep::SaidLater => "line-step-later",
        TicketStep::NoAnswer => "line-step-no-answer",
        TicketStep::NotReached => "line-step-not-reached",
        TicketStep::OfferEnded => "line-step-offer-ended",
        TicketStep::Paused => "line-step-paused",
        TicketStep::GoesOn => "line-step-goes-on",
        TicketStep::SteppedDown => "line-step-stepped-down",
        TicketStep::CameBack => "line-step-came-back",
        TicketStep::GaveBack => "line-step-gave-back",
        TicketStep::Started => "line-step-started",
        TicketStep::NoShow => "line-step-not-come",
        TicketStep::Corrected => "line-step-corrected",
        TicketStep::SetRight => "line-step-set-right",
        TicketStep::QueueClosed => "line-step-closed",
    })
}

/// Why nobody can sign up; nothing when people can.
pub fn not_admitted_words(t: Texts, admits: Admits, opens_at: NaiveDateTime) -> Option<String> {
    match admits {
        Admits::Yes => None,
        Admits::NotOpenYet => Some(t.one("line-not-open-yet", "moment", t.moment(opens_at))),
        Admits::Full => Some(t.get("line-full")),
        Admits::Closed => Some(t.get("line-closed")),
    }
}

/// `/rij/{opening}/openen`: the form. Fields `dag_<n>` and `plekken_<n>`, `opent` = `nu` or `later` with `opent_dag` and
/// `opent_tijd`, `uren`, `van`, `tot`, `blijft` = `ja` or `nee`.
#[derive(Debug, Clone, Template)]
#[template(path = "line_open.html")]
pub struct OpenLine {
    /// What every page shares.
    pub l: Layout,
    /// For which job.
    pub job: LineJob,
    /// First days with places.
    pub rows: Vec<StartRow>,
    /// When it opens.
    pub opens: Vec<Choice>,
    /// On which day, as typed.
    pub opens_on: String,
    /// At which time, as typed.
    pub opens_time: String,
    /// How many hours there are to answer, as typed.
    pub hours: String,
    /// From which hour they count, as typed.
    pub from: String,
    /// Until which hour they count, as typed.
    pub until: String,
    /// Whether people may wait for places that are not there yet.
    pub standing: Vec<Choice>,
}

impl OpenLine {
    /// When it opens.
    pub fn opens(t: Texts, chosen: &str) -> Vec<Choice> {
        vec![
            Choice::new("nu", t.get("line-opens-now"), chosen == "nu"),
            Choice::new("later", t.get("line-opens-later"), chosen == "later"),
        ]
    }

    /// Whether people may wait for places that are not there yet.
    pub fn standing(t: Texts, chosen: &str) -> Vec<Choice> {
        vec![
            Choice::new("ja", t.get("line-standing-yes"), chosen == "ja")
                .hint(t.get("line-standing-yes-hint")),
            Choice::new("nee", t.get("line-standing-no"), chosen == "nee")
                .hint(t.get("line-standing-no-hint")),
        ]
    }
}

/// The page before the line opens: everything once more.
#[derive(Debug, Clone, Template)]
#[template(path = "line_check.html")]
pub struct CheckLine {
    /// What every page shares.
    pub l: Layout,
    /// For which job.
    pub job: LineJob,
    /// First days with places, in words.
    pub days: Vec<String>,
    /// When it opens; at once without.
    pub opens_at: Option<NaiveDateTime>,
    /// How long somebody has to answer.
    pub answer_hours: AnswerHours,
    /// Whether people may wait for places that are not there yet.
    pub is_standing: bool,
    /// The whole form again, as hidden fields.
    pub hidden: Vec<(String, String)>,
}

/// Places that are the same to everyone: one day, one state, one reason.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PlaceGroup {
    /// The first working day.
    pub first_day: NaiveDate,
    /// Whose they are.
    pub state: PlaceState,
    /// Why the employer took them back, if it did.
    pub reason: Option<ChangeReason>,
    /// Whether they are free and begin so soon that nobody is asked any more.
    pub too_soon: bool,
    /// How many.
    pub count: u32,
    /// Where one of them is taken back; empty when none can be.
    pub take_back: String,
}

impl PlaceGroup {
    /// Whose they are; of a place that is taken back while somebody has it, both.
    pub fn words(&self, t: Texts) -> String {
        let state = place_words(t, self.state);
        match self.reason {
            Some(reason) if self.state == PlaceState::Withdrawn => {
                t.two("line-place-because", "state", state, "reason", reason_words(t, reason))
            }
            Some(reason) => t.two("line-place-leaves", "state", state, "reason", reason_words(t, reason)),
            None if self.too_soon => t.one("line-place-too-soon", "state", state),
            None => state,
        }
    }

    /// "Neem een plek van maandag 7 december terug (vrij)"
    pub fn take_back_words(&self, t: Texts) -> String {
        t.two("line-take-back-link", "date", t.date(self.first_day), "state", place_words(t, self.state))
    }
}

/// A ticket in the line.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TicketRow {
    /// Where an account manager acts for her, when she asks by phone; empty for others.
    pub href: String,
    /// What an account manager can do about it: an address and its words.
    pub deeds: Vec<(String, String)>,
    /// Its number.
    pub number: u32,
    /// Where it stands.
    pub state: TicketState,
    /// What last happened.
    pub step: TicketStep,
    /// When.
    pub changed_at: NaiveDateTime,
    /// The first working day of the place that is offered or given.
    pub first_day: Option<NaiveDate>,
    /// Until when there is to answer.
    pub until: Option<NaiveDateTime>,
    /// Why no offer went out, in words; empty when there is nothing to say.
    pub why_not: String,
}

impl TicketRow {
    /// The look of the state.
    pub fn class(&self) -> &'static str {
        state_class(self.state)
    }
}

/// `/rij/{opening}/beheer`
#[derive(Debug, Clone, Template)]
#[template(path = "line.html")]
pub struct Line {
    /// What every page shares.
    pub l: Layout,
    /// For which job.
    pub job: LineJob,
    /// Whether the reader is an account manager, who signs people up too.
    pub by_manager: bool,
    /// Who begins at this job.
    pub begins: String,
    /// From when on people sign up.
    pub opens_at: NaiveDateTime,
    /// Whether that moment has come.
    pub is_open: bool,
    /// How long somebody has to answer.
    pub answer_hours: AnswerHours,
    /// Whether people may wait for places that are not there yet.
    pub is_standing: bool,
    /// Whether it makes offers.
    pub stage: QueueStage,
    /// Why it makes none, or is over.
    pub reason: Option<ChangeReason>,
    /// How many people wait.
    pub waiting: u32,
    /// Its places from today on, the earliest first.
    pub places: Vec<PlaceGroup>,
    /// Places whose first day has passed, and how many people began there.
    pub earlier: (u32, u32),
    /// This part of the tickets, in order of number.
    pub tickets: Vec<TicketRow>,
    /// How many there are in all.
    pub total: u32,
    /// Whether this part is not the first.
    pub is_later_part: bool,
    /// The part after it.
    pub next: Option<String>,
}

impl Line {
    /// Whether it makes offers.
    pub fn runs(&self) -> bool {
        self.stage == QueueStage::Running
    }

    /// Whether it makes no offers for now.
    pub fn is_stopped(&self) -> bool {
        self.stage == QueueStage::Stopped
    }

    /// Whether it is over.
    pub fn is_closed(&self) -> bool {
        self.stage == QueueStage::Closed
    }

    /// What became of it, when it makes no offers.
    pub fn stage_words(&self) -> Option<String> {
        let t = self.l.t;
        let id = match self.stage {
            QueueStage::Running => return None,
            QueueStage::Stopped => "line-stage-stopped",
            QueueStage::Closed => "line-stage-closed",
        };
        let reason = self.reason.map(|reason| reason_words(t, reason)).unwrap_or_default();
        Some(t.one(id, "reason", reason).trim_end().to_owned())
    }
}

/// More places: fields `dag_<n>` and `plekken_<n>`.
#[derive(Debug, Clone, Template)]
#[template(path = "line_places.html")]
pub struct AddPlaces {
    /// What every page shares.
    pub l: Layout,
    /// For which job.
    pub job: LineJob,
    /// First days with places.
    pub rows: Vec<StartRow>,
}

/// What is asked once before it is done: taking a place back, stopping offers, going on, closing; or about one ticket,
/// confirming its person and putting a mistake right. Field `reden`.
#[derive(Debug, Clone, Template)]
#[template(path = "line_change.html")]
pub struct ChangeLine {
    /// What every page shares.
    pub l: Layout,
    /// For which job.
    pub job: LineJob,
    /// Where the form goes.
    pub action: String,
    /// The way back: an address and its words.
    pub back: (String, &'static str),
    /// The question.
    pub title: String,
    /// What happens then, a sentence each.
    pub then: Vec<String>,
    /// Why; empty when nothing has to be said.
    pub reasons: Vec<Choice>,
    /// Who reads why.
    pub reason_hint: &'static str,
    /// The deed.
    pub button: String,
}

impl AddPlaces {
    fn back(&self) -> String {
        self.job.manage_href()
    }
}
