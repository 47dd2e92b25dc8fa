//! Start pages of staff and of visitors who look for people.

use askama::Template;
use chrono::NaiveDate;
use proto::vacancies::OpeningState;
use proto::work::Route;

use crate::pages::work::{people_words, route_hint, route_name};
use crate::pages::{Choice, Layout, Pager};
use crate::texts::Texts;

/// An opening in a table of staff.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct JobRow {
    /// Its page.
    pub href: String,
    /// Its title.
    pub title: String,
    /// The employer's name.
    pub employer: String,
    /// The place name.
    pub place: String,
    /// The kind of job.
    pub route: Route,
    /// Where it stands.
    pub state: OpeningState,
    /// People in view, as they may be counted; `None` when not open or not known.
    pub people: Option<proto::matcher::Count>,
}

impl JobRow {
    /// The kind of job in words.
    pub fn route_words(&self, t: Texts) -> String {
        route_name(t, self.route)
    }

    /// "minder dan 10 mensen"; a dash where there is nothing to count.
    pub fn people_words(&self, t: Texts) -> String {
        self.people.map_or_else(|| t.get("jobs-no-count"), |count| people_words(t, count))
    }

    /// Where it stands in words.
    pub fn state_words(&self, t: Texts) -> String {
        state_words(t, self.state)
    }

    /// The look of the state.
    pub fn state_class(&self) -> &'static str {
        state_class(self.state)
    }
}

/// Where an opening stands, in words.
pub fn state_words(t: Texts, state: OpeningState) -> String {
    t.get(match state {
        OpeningState::Draft => "job-state-draft",
        OpeningState::Published => "job-state-open",
        OpeningState::Paused => "job-state-paused",
        OpeningState::Closed => "job-state-closed",
    })
}

/// The look of a state; the words carry the meaning.
pub const fn state_class(state: OpeningState) -> &'static str {
    match state {
        OpeningState::Draft | OpeningState::Paused => "warning",
        OpeningState::Published => "active",
        OpeningState::Closed => "neutral",
    }
}

/// "Is it still open?", asked before an opening closes by itself. Field `tot`; the buttons send `antwoord` =
/// `open`, `vervuld` or `gestopt`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StillOpen {
    /// The opening's page.
    pub href: String,
    /// Its title.
    pub title: String,
    /// The employer's name.
    pub employer: String,
    /// The last day it is shown when nobody answers.
    pub closes_on: NaiveDate,
    /// The new last day that is proposed.
    pub until: NaiveDate,
    /// Its place on the page, so that fields have names of their own.
    pub number: usize,
}

impl StillOpen {
    /// The id of its date field.
    pub fn field(&self) -> String {
        if self.number == 0 { "tot".to_owned() } else { format!("tot-{}", self.number) }
    }
}

/// Employers to choose from, in a list that may hold only some of them.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct EmployerChoices {
    /// Those in the list, the chosen one among them.
    pub choices: Vec<Choice>,
    /// How many there are in all.
    pub total: u64,
    /// Field `zoek_werkgever`: part of a name or KVK number.
    pub search: String,
}

impl EmployerChoices {
    /// Whether there are more than the list holds, so that searching helps.
    pub fn searchable(&self) -> bool {
        !self.search.is_empty() || self.total > self.choices.len() as u64
    }
}

/// People who wait for an answer of an employer.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Waiting {
    /// How many.
    pub people: u64,
    /// Whether one of them waits longer than agreed.
    pub overdue: bool,
}

/// An import that runs or ran.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ImportLine {
    /// Its report.
    pub href: String,
    /// Rows in all.
    pub rows: u32,
    /// Rows refused.
    pub refused: u32,
    /// Whether it is done.
    pub finished: bool,
}

/// `/werkplek`: what is late, what is today, what is new.
#[derive(Debug, Clone, Template)]
#[template(path = "desk.html")]
pub struct Desk {
    /// What every page shares.
    pub l: Layout,
    /// Today in the Netherlands.
    pub today: NaiveDate,
    /// People who wait for an answer; `None` when nobody does or it is not known.
    pub waiting: Option<Waiting>,
    /// Calls to make about an offer.
    pub calls: usize,
    /// Openings that close soon unless someone says that they are open.
    pub asked: Vec<StillOpen>,
    /// Drafts that nobody sees yet.
    pub drafts: Vec<JobRow>,
    /// Open, but fewer than ten people in view.
    pub quiet: Vec<JobRow>,
    /// The last import, if it runs or has refused rows.
    pub import: Option<ImportLine>,
}

/// An employer in a list.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct EmployerRow {
    /// Its page.
    pub href: String,
    /// Its name.
    pub name: String,
    /// KVK number.
    pub kvk: String,
    /// The place of its first site.
    pub place: String,
    /// How many openings are open.
    pub open: u32,
}

/// `/werkgevers`
#[derive(Debug, Clone, Template)]
#[template(path = "employers.html")]
pub struct Employers {
    /// What every page shares.
    pub l: Layout,
    /// Only those that the reader looks after.
    pub own: bool,
    /// Field `zoek`, part of a name or KVK number.
    pub search: String,
    /// This page of them, by name.
    pub rows: Vec<EmployerRow>,
    /// How many in all.
    pub total: u64,
    /// Where in the list.
    pub pager: Pager,
}

/// `/bedrijf`: for employers, signed in or not; says what can be done today.
#[derive(Debug, Clone, Template)]
#[template(path = "company.html")]
pub struct Company {
    /// What every page shares.
    pub l: Layout,
    /// The employer, when one is signed in.
    pub own: Option<OwnCompany>,
}

/// What an employer sees of itself.
#[derive(Debug, Clone)]
pub struct OwnCompany {
    /// Its name.
    pub name: String,
    /// The page with its sites and contact persons.
    pub href: String,
    /// People who wait for an answer.
    pub waiting: Option<Waiting>,
    /// Openings that close soon unless someone says that they are open.
    pub asked: Vec<StillOpen>,
    /// Its openings, newest first.
    pub jobs: Vec<JobRow>,
    /// Where in the list.
    pub pager: Pager,
}

impl Company {
    /// Every kind of job with its line of explanation.
    pub fn kinds(&self) -> Vec<(String, String)> {
        Route::ALL
            .into_iter()
            .map(|route| (route_name(self.l.t, route), route_hint(self.l.t, route)))
            .collect()
    }
}

/// `/organisator`: for organisers, signed in or not; says what can be done today.
#[derive(Debug, Clone, Template)]
#[template(path = "organiser.html")]
pub struct Organiser {
    /// What every page shares.
    pub l: Layout,
}
