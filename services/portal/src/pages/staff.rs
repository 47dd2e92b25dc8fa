//! Start pages of staff and of visitors who look for people, and the employers.

use askama::Template;
use chrono::NaiveDate;
use proto::vacancies::OpeningState;
use proto::work::Route;

use crate::pages::work::{people_words, route_name};
use crate::pages::{Layout, Pager};
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
        OpeningState::Closed => "job-state-closed",
    })
}

/// The look of a state; the words carry the meaning.
pub const fn state_class(state: OpeningState) -> &'static str {
    match state {
        OpeningState::Draft => "warning",
        OpeningState::Published => "active",
        OpeningState::Closed => "neutral",
    }
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
    /// Field `zoek`, part of a name or KVK number.
    pub search: String,
    /// This page of them, by name.
    pub rows: Vec<EmployerRow>,
    /// How many in all.
    pub total: u64,
    /// Where in the list.
    pub pager: Pager,
}

/// `/werkgever/nieuw`. Fields `naam`, `kvk`, `postcode`, `contact_naam`, `contact`.
#[derive(Debug, Clone, Template)]
#[template(path = "new_employer.html")]
pub struct NewEmployer {
    /// What every page shares.
    pub l: Layout,
    /// Name of the employer.
    pub name: String,
    /// KVK number as typed.
    pub kvk: String,
    /// Postcode of the first site.
    pub postcode: String,
    /// Whom to ask for.
    pub contact_name: String,
    /// Her telephone number or e-mail address.
    pub contact: String,
}

/// `/werkgever/{id}`
#[derive(Debug, Clone, Template)]
#[template(path = "employer.html")]
pub struct EmployerPage {
    /// What every page shares.
    pub l: Layout,
    /// What its list says.
    pub row: EmployerRow,
    /// The postcode of its first site.
    pub postcode: String,
    /// The region's name.
    pub region: String,
    /// Whom to ask for: name, and number or address.
    pub contact: Option<(String, String)>,
    /// The address to post an opening for it.
    pub new_job: String,
    /// Its openings, newest first.
    pub jobs: Vec<JobRow>,
}

/// `/bedrijf`: for employers, signed in or not; says what can be done today.
#[derive(Debug, Clone, Template)]
#[template(path = "company.html")]
pub struct Company {
    /// What every page shares.
    pub l: Layout,
    /// The employer's name, when one is signed in.
    pub organisation: Option<String>,
    /// Its openings.
    pub jobs: Vec<JobRow>,
}

/// `/organisator`: for organisers, signed in or not; says what can be done today.
#[derive(Debug, Clone, Template)]
#[template(path = "organiser.html")]
pub struct Organiser {
    /// What every page shares.
    pub l: Layout,
}
