//! At the desk and on the phone: signing somebody up for a line, what she takes home, and what she asks later.

use askama::Template;
use chrono::{NaiveDate, NaiveDateTime};
use proto::open_hiring::TicketState;

use crate::pages::calls::AnswerPart;
use crate::pages::line::{LineJob, state_class, state_words};
use crate::pages::{Choice, Layout};
use crate::texts::Texts;

/// `/rij/{opening}/balie`: fields `naam`, `contact` (may stay empty), `gedeeld` = `ja`, `taal`.
#[derive(Debug, Clone, Template)]
#[template(path = "line_desk.html")]
pub struct LineDesk {
    /// What every page shares.
    pub l: Layout,
    /// For which job.
    pub job: LineJob,
    /// Why nobody can sign up now.
    pub closed: Option<String>,
    /// Her first name, as typed.
    pub name: String,
    /// Her number, as typed.
    pub contact: String,
    /// Whether the telephone is somebody else's.
    pub shared: Vec<Choice>,
    /// First days to choose from, field `eerste_dag`; nothing when there is one.
    pub days: Vec<Choice>,
    /// The language of messages to her.
    pub languages: Vec<Choice>,
    /// What people should know beforehand, to read aloud.
    pub checks: Vec<String>,
}

/// Another line in which she stands.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OtherTicket {
    /// Its page at the desk.
    pub href: String,
    /// The job.
    pub job: String,
    /// Her number.
    pub number: u32,
    /// Where it stands.
    pub state: TicketState,
}

impl OtherTicket {
    /// Where it stands, in words.
    pub fn state_words(&self, t: Texts) -> String {
        state_words(t, self.state)
    }
}

/// `/rij/{opening}/balie/{ticket}`: her place in line, to print and to act for her. The buttons send `doe`.
#[derive(Debug, Clone, Template)]
#[template(path = "line_ticket.html")]
pub struct DeskTicket {
    /// What every page shares.
    pub l: Layout,
    /// For which job.
    pub job: LineJob,
    /// The page's own address.
    pub href: String,
    /// Her number.
    pub number: u32,
    /// Where it stands.
    pub state: TicketState,
    /// Where a professional confirms that it is she; nothing when that is known.
    pub confirm: Option<String>,
    /// How many people are before her.
    pub before_her: u32,
    /// The first working day of the place that is offered to her or hers.
    pub first_day: Option<NaiveDate>,
    /// Until when she answers.
    pub until: Option<NaiveDateTime>,
    /// Until when she can come back.
    pub back_until: Option<NaiveDateTime>,
    /// Why she has no offer, in words; empty when there is nothing to say.
    pub why_not: String,
    /// What she answers to an offer that is out.
    pub answer: Option<AnswerPart>,
    /// On which first days she wants to begin, in words; nothing while any day will do.
    pub days: Option<String>,
    /// Where she chooses other days; nothing when there are none.
    pub days_href: Option<String>,
    /// Where she gets another number or address.
    pub contact_href: String,
    /// Other lines in which she stands.
    pub others: Vec<OtherTicket>,
}

impl DeskTicket {
    /// Where it stands, in words.
    pub fn state_words(&self) -> String {
        state_words(self.l.t, self.state)
    }

    /// The look of the state.
    pub fn class(&self) -> &'static str {
        state_class(self.state)
    }

    /// What happens now, a sentence each.
    pub fn next_words(&self) -> Vec<String> {
        let t = self.l.t;
        let day = self.first_day.map(|day| t.date(day)).unwrap_or_default();
        match self.state {
            TicketState::Waiting => vec![
                t.one("line-ticket-before", "count", self.before_her),
                t.get("line-ticket-nothing-to-do"),
                t.get("line-ticket-we-call"),
            ],
            TicketState::Offered => {
                let until = self.until.map(|until| t.moment(until)).unwrap_or_default();
                vec![t.one("line-ticket-offer", "date", day), t.one("line-ticket-answer-by", "moment", until)]
            }
            TicketState::Yes => vec![t.one("line-ticket-begins", "date", day)],
            TicketState::Paused => {
                vec![t.get("line-ticket-keeps-number"), t.get("line-ticket-paused")]
            }
            TicketState::Started => vec![t.get("line-ticket-started")],
            TicketState::Ended => match self.back_until {
                Some(until) => vec![t.one("line-ticket-back-until", "moment", t.moment(until))],
                None => vec![t.get("line-ticket-ended")],
            },
        }
    }

    /// What can be done for her: what the button sends, and its words.
    pub fn deeds(&self) -> Vec<(&'static str, String)> {
        let deeds: &[(&str, &str)] = match self.state {
            TicketState::Waiting => &[("pause", "line-deed-pause"), ("step_down", "line-deed-step-down")],
            TicketState::Paused => &[("go_on", "line-deed-go-on"), ("step_down", "line-deed-step-down")],
            TicketState::Yes => &[("give_back", "line-deed-give-back")],
            TicketState::Ended if self.back_until.is_some() => &[("come_back", "line-deed-come-back")],
            TicketState::Offered | TicketState::Started | TicketState::Ended => &[],
        };
        deeds.iter().map(|(deed, words)| (*deed, self.l.t.get(words))).collect()
    }
}
