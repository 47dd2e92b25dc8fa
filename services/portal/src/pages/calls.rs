//! Calls to make about an offer, and who begins.

use askama::Template;
use chrono::{NaiveDate, NaiveDateTime};
use proto::open_hiring::{Rung, TicketState};

use crate::pages::interest::Reached;
use crate::pages::line::{state_class, state_words};
use crate::pages::{Choice, Layout};
use crate::texts::Texts;

/// Which way is tried, in words.
pub fn rung_words(t: Texts, rung: Rung) -> String {
    t.get(match rung {
        Rung::Message => "call-rung-message",
        Rung::Call => "call-rung-call",
        Rung::SecondNumber => "call-rung-second",
        Rung::Adviser => "call-rung-adviser",
    })
}

/// A call to make.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CallRow {
    /// Its page.
    pub href: String,
    /// The job's title.
    pub job: String,
    /// The employer's name.
    pub employer: String,
    /// The place name.
    pub place: String,
    /// The first working day that is offered.
    pub first_day: NaiveDate,
    /// Until when she answers.
    pub until: Option<NaiveDateTime>,
    /// Which way is tried.
    pub rung: Rung,
    /// Since when it waits.
    pub since: NaiveDateTime,
}

impl CallRow {
    /// Which way is tried, in words.
    pub fn rung_words(&self, t: Texts) -> String {
        rung_words(t, self.rung)
    }

    /// Whether it goes to the second number.
    pub fn is_second(&self) -> bool {
        self.rung == Rung::SecondNumber
    }

    /// "De Linde, Almere"
    pub fn where_words(&self) -> String {
        format!("{}, {}", self.employer, self.place)
    }

    /// What there is to offer, as who calls says it.
    pub fn script_words(&self, t: Texts) -> String {
        let date = t.date(self.first_day);
        t.with("call-script-2", &[("job", &self.job), ("employer", &self.employer), ("date", &date)])
    }

    /// "Bel over Medewerker keuken, voor woensdag 9 december om 18:00 uur"
    pub fn link_words(&self, t: Texts) -> String {
        match self.until {
            Some(until) => t.two("call-link-until", "job", &self.job, "moment", t.moment(until)),
            None => t.one("call-link", "job", &self.job),
        }
    }
}

/// `/werkplek/bellen`
#[derive(Debug, Clone, Template)]
#[template(path = "calls.html")]
pub struct Calls {
    /// What every page shares.
    pub l: Layout,
    /// The earliest deadline first.
    pub rows: Vec<CallRow>,
}

/// What somebody answers to an offer, as who has her on the phone or at the desk fills it in. Fields `antwoord` and, with a
/// yes, `andere` = `weg`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AnswerPart {
    /// Her place in line, hidden in the form.
    pub ticket: String,
    /// The place that is offered, hidden in the form.
    pub place: String,
    /// The employer's name.
    pub employer: String,
    /// What the law asks, to read out before a yes.
    pub legal: Vec<String>,
    /// The answers.
    pub answers: Vec<Choice>,
    /// Whether she leaves the other lines in which she stands; empty without other lines.
    pub others: Vec<Choice>,
}

impl AnswerPart {
    /// What she can say.
    pub fn answers(t: Texts, chosen: &str) -> Vec<Choice> {
        [
            ("ja", "call-answer-yes"),
            ("nee", "call-answer-no"),
            ("later", "call-answer-later"),
            ("niet_die_dag", "call-answer-not-that-day"),
        ]
        .into_iter()
        .map(|(value, words)| Choice::new(value, t.get(words), chosen == value))
        .collect()
    }

    /// The same, with what can come of a call.
    pub fn results(t: Texts, chosen: &str) -> Vec<Choice> {
        let not_reached = [
            ("no_answer", "call-result-no-answer", "call-result-no-answer-hint"),
            ("wrong_number", "call-result-wrong-number", "call-result-wrong-number-hint"),
        ];
        let not_reached = not_reached
            .into_iter()
            .map(|(value, words, hint)| Choice::new(value, t.get(words), chosen == value).hint(t.get(hint)));
        Self::answers(t, chosen).into_iter().chain(not_reached).collect()
    }

    /// Whether she leaves the other lines.
    pub fn others(t: Texts, chosen: bool) -> Vec<Choice> {
        vec![Choice::new("weg", t.get("call-others-leave"), chosen).hint(t.get("call-others-leave-hint"))]
    }
}

/// `/werkplek/bellen/{task}`: one call.
#[derive(Debug, Clone, Template)]
#[template(path = "call.html")]
pub struct CallPage {
    /// What every page shares.
    pub l: Layout,
    /// Which call.
    pub row: CallRow,
    /// Her number, once it was asked for.
    pub reached: Option<Reached>,
    /// Her number again, sealed by the portal to itself, so that a form that was refused shows it still.
    pub kept: String,
    /// Whether the number was asked for and may not be seen.
    pub refused: bool,
    /// What comes of it.
    pub answer: AnswerPart,
}

/// Somebody who begins.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct BeginRow {
    /// Below it her name and number are asked, and is told whether she came.
    pub href: String,
    /// The job's title.
    pub job: String,
    /// The employer's name.
    pub employer: String,
    /// Her number.
    pub number: u32,
    /// Whether she began.
    pub state: TicketState,
    /// The first working day.
    pub first_day: NaiveDate,
    /// Whether that day has come, so that can be told whether she came.
    pub has_come: bool,
}

impl BeginRow {
    /// Whether it waits to be told whether she came.
    pub fn asks(&self) -> bool {
        self.state == TicketState::Yes && self.has_come
    }

    /// Where it stands, in words.
    pub fn state_words(&self, t: Texts) -> String {
        state_words(t, self.state)
    }

    /// The look of the state.
    pub fn class(&self) -> &'static str {
        state_class(self.state)
    }
}

/// `/bedrijf/begonnen` and `/werkplek/begonnen`
#[derive(Debug, Clone, Template)]
#[template(path = "begin.html")]
pub struct Begin {
    /// What every page shares.
    pub l: Layout,
    /// Whether the reader is an account manager, who sees whose job it is.
    pub by_manager: bool,
    /// Who begins, the earliest day first.
    pub rows: Vec<BeginRow>,
    /// Whether the list is about one job only.
    pub one_job: bool,
    /// The whole list.
    pub all: String,
}

/// Asks before showing who begins, and shows it once.
#[derive(Debug, Clone, Template)]
#[template(path = "begin_contact.html")]
pub struct BeginContact {
    /// What every page shares.
    pub l: Layout,
    /// Who begins.
    pub row: BeginRow,
    /// The list.
    pub back: String,
    /// Whether it was asked.
    pub asked: bool,
    /// Her name and number, if the reader may see them.
    pub reached: Option<Reached>,
}

/// Asks once more whether she came or not, because it cannot be undone.
#[derive(Debug, Clone, Template)]
#[template(path = "begin_told.html")]
pub struct BeginTold {
    /// What every page shares.
    pub l: Layout,
    /// Who begins.
    pub row: BeginRow,
    /// The list.
    pub back: String,
    /// Whether she came.
    pub came: bool,
}
