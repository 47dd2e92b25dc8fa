//! Posting an opening and looking after it.

use askama::Template;
use proto::matcher::Count;
use proto::vacancies::{Firmness, OpeningState, RequirementKind};
use proto::work::Route;

use crate::pages::register::TaskGroup;
use crate::pages::staff::{JobRow, state_class, state_words};
use crate::pages::work::{
    Distance, OpeningDetail, ReasonLine, firmness_name, people_words, requirement_name, route_hint,
    route_name,
};
use crate::pages::{Choice, Layout, Pager};
use crate::texts::Texts;

/// `/banen`
#[derive(Debug, Clone, Template)]
#[template(path = "jobs.html")]
pub struct Jobs {
    /// What every page shares.
    pub l: Layout,
    /// This page of them, newest first.
    pub rows: Vec<JobRow>,
    /// How many in all.
    pub total: u64,
    /// Where in the list.
    pub pager: Pager,
}

/// One thing that can be asked, and how firmly (fields `eis_<code>` and `grond_<code>`).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NeedRow {
    /// What.
    pub kind: RequirementKind,
    /// How firm; nothing chosen means not asked.
    pub choices: Vec<Choice>,
    /// The law, when it is the law that asks.
    pub ground: String,
}

impl NeedRow {
    /// The row of one requirement.
    pub fn new(t: Texts, kind: RequirementKind, chosen: Option<Firmness>, ground: &str) -> Self {
        let offered: &[Firmness] = match kind {
            RequirementKind::Adult | RequirementKind::CertificateOfConduct => &[Firmness::Legal],
            RequirementKind::DrivingLicence
            | RequirementKind::SimpleDutch
            | RequirementKind::Diploma
            | RequirementKind::Experience => &[Firmness::Learned, Firmness::Needed, Firmness::Legal],
        };
        let choices = offered
            .iter()
            .map(|firmness| {
                Choice::new(firmness.name(), firmness_name(t, *firmness), chosen == Some(*firmness))
            })
            .collect();
        Self { kind, choices, ground: ground.to_owned() }
    }

    /// The name of its select.
    pub fn field(&self) -> String {
        format!("eis_{}", self.kind.name())
    }

    /// The name of the field for the law.
    pub fn ground_field(&self) -> String {
        format!("grond_{}", self.kind.name())
    }

    /// What is asked, in words.
    pub fn words(&self, t: Texts) -> String {
        requirement_name(t, self.kind)
    }

    /// Whether the field for the law stands open from the start.
    pub fn open(&self) -> bool {
        !self.ground.is_empty()
            || self.choices.iter().any(|choice| choice.chosen && choice.value == Firmness::Legal.name())
    }
}

/// What was typed in the form, as typed: a refused form comes back filled in.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct JobValues {
    /// Field `titel`.
    pub title: String,
    /// Field `omschrijving`.
    pub description: String,
    /// Field `postcode`.
    pub postcode: String,
    /// Field `uren_min`.
    pub hours_min: String,
    /// Field `uren_max`.
    pub hours_max: String,
    /// Field `begint`, `2026-12-07`.
    pub starts_on: String,
    /// Field `sluit`, `2026-12-31`.
    pub closes_on: String,
    /// Field `plaatsen`.
    pub places: String,
    /// Field `uurloon`, `15,20`.
    pub pay: String,
    /// Field `tillen`, kilograms.
    pub lift: String,
    /// Field `staan`, hours a day.
    pub stand: String,
    /// Field `kou`, degrees.
    pub cold: String,
}

/// `/baan/nieuw` and `/baan/{id}/wijzigen`: six parts on one page.
///
/// Fields besides [`JobValues`]: `werkgever`, `soort`, `groep` and `taak` (errors at `taken`),
/// `eis_<code>` and `grond_<code>`, `dagdeel`, `ook` (`lopen`, `buiten`, `lawaai`); the buttons send `doe`
/// = `controleer` or `concept`.
#[derive(Debug, Clone, Template)]
#[template(path = "job_form.html")]
pub struct JobForm {
    /// What every page shares.
    pub l: Layout,
    /// Where the form goes.
    pub action: String,
    /// Whether an existing opening is changed.
    pub edit: bool,
    /// The employers to choose from.
    pub employers: Vec<Choice>,
    /// The kinds of job.
    pub routes: Vec<Choice>,
    /// The 25 groups with their tasks.
    pub groups: Vec<TaskGroup>,
    /// What can be asked.
    pub needs: Vec<NeedRow>,
    /// When the work is done.
    pub dayparts: Vec<Choice>,
    /// Ticks of "Goed om te weten".
    pub also: Vec<Choice>,
    /// What was typed.
    pub values: JobValues,
    /// The version that the writer saw, when an existing opening is changed.
    pub version: Option<i64>,
}

impl JobForm {
    /// The kinds of job to choose from.
    pub fn routes(t: Texts, chosen: Option<Route>) -> Vec<Choice> {
        Route::ALL
            .into_iter()
            .map(|route| {
                Choice::new(route.name(), route_name(t, route), chosen == Some(route))
                    .hint(route_hint(t, route))
            })
            .collect()
    }

    /// The ticks of "Goed om te weten": walking, outside, noise.
    pub fn also(t: Texts, walk: bool, outside: bool, noise: bool) -> Vec<Choice> {
        vec![
            Choice::new("lopen", t.get("job-also-walk"), walk),
            Choice::new("buiten", t.get("job-also-outside"), outside),
            Choice::new("lawaai", t.get("job-also-noise"), noise),
        ]
    }
}

/// The page before placing: everything once more, and who will hear of it.
#[derive(Debug, Clone, Template)]
#[template(path = "job_check.html")]
pub struct JobCheck {
    /// What every page shares.
    pub l: Layout,
    /// Where the form goes.
    pub action: String,
    /// What people will see.
    pub o: OpeningDetail,
    /// What the vacancy check points out; the opening may be placed all the same.
    pub advice: Vec<String>,
    /// The whole form again, as hidden fields.
    pub hidden: Vec<(String, String)>,
    /// Whether it can be kept as a draft: not when people see it already.
    pub may_be_draft: bool,
}

/// Someone who fits and agreed to be seen: no name, no contact.
#[derive(Debug, Clone, PartialEq)]
pub struct PersonCard {
    /// Her code in the open file, such as `K7-3QD`.
    pub code: String,
    /// About where she lives: the municipality.
    pub municipality: String,
    /// How far.
    pub distance: Distance,
    /// When and how many hours, in words.
    pub facts: Vec<String>,
    /// Why she fits.
    pub reasons: Vec<ReasonLine>,
}

/// The people in view.
#[derive(Debug, Clone)]
pub struct PeopleInView {
    /// How many people fit in all, seen or not.
    pub all: Count,
    /// This page of those who agreed to be seen, nearest first.
    pub cards: Vec<PersonCard>,
    /// Where in the list.
    pub pager: Pager,
    /// The matcher has not caught up with the last change yet: the page looks again by itself.
    pub searching: bool,
}

/// `/baan/{id}`
#[derive(Debug, Clone, Template)]
#[template(path = "job.html")]
pub struct JobPage {
    /// What every page shares.
    pub l: Layout,
    /// Its own address.
    pub href: String,
    /// What it says.
    pub o: OpeningDetail,
    /// Where it stands.
    pub state: OpeningState,
    /// The people in view; `None` for a draft or a closed one.
    pub people: Option<PeopleInView>,
    /// Whether the reader may change it.
    pub may_change: bool,
}

impl JobPage {
    /// Where it stands, in words.
    pub fn state_words(&self) -> String {
        state_words(self.l.t, self.state)
    }

    /// The look of the state.
    pub fn state_class(&self) -> &'static str {
        state_class(self.state)
    }

    /// "30 mensen passen bij deze baan."
    pub fn count_words(&self, people: &PeopleInView) -> String {
        let t = self.l.t;
        match people.all {
            Count::FewerThanTen => t.get("people-fit-few"),
            count => t.one("people-fit", "people", people_words(t, count)),
        }
    }

    /// Whether the opening is a draft.
    pub fn draft(&self) -> bool {
        self.state == OpeningState::Draft
    }

    /// Whether people can see the opening.
    pub fn open(&self) -> bool {
        self.state == OpeningState::Published
    }
}

/// `/baan/{id}/sluiten`: asked once, because it cannot be undone. Field `reden`: `filled` or `withdrawn`.
#[derive(Debug, Clone, Template)]
#[template(path = "job_close.html")]
pub struct CloseJob {
    /// What every page shares.
    pub l: Layout,
    /// The opening's address.
    pub href: String,
    /// Its title.
    pub title: String,
    /// Why it closes.
    pub reasons: Vec<Choice>,
}

impl CloseJob {
    /// The reasons to choose from.
    pub fn reasons(t: Texts) -> Vec<Choice> {
        vec![
            Choice::new("filled", t.get("job-close-filled"), false),
            Choice::new("withdrawn", t.get("job-close-withdrawn"), false),
        ]
    }
}
