//! Posting an opening and looking after it.

use askama::Template;
use proto::matcher::Count;
use proto::vacancies::{Firmness, LearnWorkKind, OpeningState, RequirementKind, ResultDocument};
use proto::work::Route;

use crate::pages::register::TaskGroup;
use crate::pages::staff::{EmployerChoices, JobRow, StillOpen, state_class, state_words};
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
    /// The law, when it is the law that asks; otherwise why the work needs it.
    pub ground: String,
}

impl NeedRow {
    /// The row of one requirement.
    pub fn new(t: Texts, kind: RequirementKind, chosen: Option<Firmness>, ground: &str) -> Self {
        let offered: &[Firmness] = match kind {
            RequirementKind::Adult | RequirementKind::CertificateOfConduct => &[Firmness::Legal],
            _ => &[Firmness::Learned, Firmness::Needed, Firmness::Legal],
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

    /// Whether the field for the law or reason stands open from the start.
    pub fn open(&self) -> bool {
        !self.ground.is_empty()
            || self.choices.iter().any(|choice| {
                choice.chosen && (self.kind.needs_reason() || choice.value == Firmness::Legal.name())
            })
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
    /// Field `cao`.
    pub cao: String,
    /// Field `tillen`, kilograms.
    pub lift: String,
    /// Field `staan`, hours a day.
    pub stand: String,
    /// Field `kou`, degrees.
    pub cold: String,
}

/// A row of first days. Fields `start_dag_<n>` and `start_plaatsen_<n>`.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct StartRow {
    /// From 1.
    pub number: usize,
    /// The first working day, as typed.
    pub on: String,
    /// How many people can start that day, as typed.
    pub places: String,
}

/// A job that tasks were split off. Fields `bron_naam_<n>` and `bron_mensen_<n>`.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct SourceRow {
    /// From 1.
    pub number: usize,
    /// Its name, as typed.
    pub title: String,
    /// How many people do it, as typed.
    pub people: String,
}

/// A task of a carved job: one row a chosen task. Fields `van_<code>`, `uren_<code>`, `bevoegd_<code>`.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct TaskRow {
    /// Its code.
    pub code: String,
    /// Its words.
    pub label: String,
    /// The number of the job it comes from.
    pub source: String,
    /// Hours a week, as typed.
    pub hours: String,
    /// Whether only someone with a diploma may do it.
    pub qualified: bool,
}

impl TaskRow {
    /// The name of a field of this row.
    pub fn field(&self, part: &str) -> String {
        format!("{part}_{}", self.code)
    }
}

/// What a kind of job has of its own, as typed.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct TermsValues {
    /// The kind of job.
    pub route: Option<Route>,
    /// Open hiring: first days.
    pub starts: Vec<StartRow>,
    /// Learn-work: how learning and working go together.
    pub kind: String,
    /// Learn-work: the school.
    pub school: String,
    /// Learn-work: whether the company is recognised.
    pub recognised: bool,
    /// Learn-work: what someone has in hand at the end.
    pub result: String,
    /// How many months it takes.
    pub months: String,
    /// Hours of learning a week.
    pub learning_hours: String,
    /// Hours of working a week.
    pub working_hours: String,
    /// Carved job: the jobs the tasks come from.
    pub sources: Vec<SourceRow>,
    /// Carved job: its tasks.
    pub tasks: Vec<TaskRow>,
    /// What it relieves, what is made fit, what someone learns, or what is tried: one text a kind of job.
    pub text: String,
    /// Hours of guidance a week.
    pub guidance: String,
    /// Whether there is a premium.
    pub premium: bool,
    /// Weeks of trying.
    pub weeks: String,
    /// Months of the contract that follows.
    pub contract_months: String,
}

impl TermsValues {
    /// Whether this is the kind of job with this name.
    pub fn is(&self, name: &str) -> bool {
        self.route.is_some_and(|route| route.name() == name)
    }

    /// How many rows there are now, so that one more can be asked.
    pub fn rows(&self) -> usize {
        self.starts.len().max(self.sources.len())
    }

    /// How learning and working go together.
    pub fn kinds(&self, t: Texts) -> Vec<Choice> {
        let id = |kind: LearnWorkKind| match kind {
            LearnWorkKind::Sequential => "learn-kind-sequential",
            LearnWorkKind::Bbl => "learn-kind-bbl",
            LearnWorkKind::ThirdPath => "learn-kind-third-path",
            LearnWorkKind::Branch => "learn-kind-branch",
            LearnWorkKind::Other => "learn-kind-other",
        };
        LearnWorkKind::ALL
            .iter()
            .map(|kind| Choice::new(kind.name(), t.get(id(*kind)), self.kind == kind.name()))
            .collect()
    }

    /// What someone has in hand at the end.
    pub fn results(&self, t: Texts) -> Vec<Choice> {
        let id = |result: ResultDocument| match result {
            ResultDocument::Diploma => "learn-result-diploma",
            ResultDocument::Certificate => "learn-result-certificate",
            ResultDocument::PracticalStatement => "learn-result-practical",
            ResultDocument::BranchCertificate => "learn-result-branch",
            ResultDocument::None => "learn-result-none",
        };
        ResultDocument::ALL
            .iter()
            .map(|result| Choice::new(result.name(), t.get(id(*result)), self.result == result.name()))
            .collect()
    }

    /// One box that is ticked or not.
    pub fn tick(&self, t: Texts, id: &str, chosen: &bool) -> Vec<Choice> {
        vec![Choice::new("ja", t.get(id), *chosen)]
    }

    /// The jobs a task can come from.
    pub fn sources_for(&self, t: Texts, task: &TaskRow) -> Vec<Choice> {
        self.sources
            .iter()
            .map(|source| {
                let number = source.number.to_string();
                let words = if source.title.is_empty() {
                    t.one("job-source-number", "number", source.number)
                } else {
                    source.title.clone()
                };
                Choice::new(&number, words, task.source == number)
            })
            .collect()
    }
}

/// The first question of posting: for whom, and which kind of job. Fields `werkgever`, `soort`.
#[derive(Debug, Clone, Template)]
#[template(path = "job_route.html")]
pub struct JobRoute {
    /// What every page shares.
    pub l: Layout,
    /// Where the form goes.
    pub action: String,
    /// Whether an existing opening is changed: its employer stays.
    pub edit: bool,
    /// The employers to choose from.
    pub employers: EmployerChoices,
    /// The kinds of job.
    pub routes: Vec<Choice>,
    /// What was filled in already, as hidden fields.
    pub hidden: Vec<(String, String)>,
}

impl JobRoute {
    /// The kind of job with this name.
    pub fn chosen(name: &str) -> Option<Route> {
        Route::from_name(name)
    }
}

/// One piece of advice of the vacancy check.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AdviceLine {
    /// The field of the form it is about.
    pub field: String,
    /// Its stable code.
    pub code: String,
    /// Why, in words.
    pub reason: String,
    /// The words it is about; may be empty.
    pub found: String,
    /// What to write instead, if there is one wording for it.
    pub instead: Option<String>,
    /// Its place in the answer of the check.
    pub number: usize,
}

/// `/baan/nieuw` and `/baan/{id}/wijzigen`: what is asked for this kind of job, in parts on one page.
///
/// Fields besides [`JobValues`] and [`TermsValues`]: `werkgever`, `soort`, `groep` and `taak` (errors at
/// `taken`), `eis_<code>` and `grond_<code>`, `dagdeel`, `dag`, `vestiging`, `biedt`, `ook` (`lopen`,
/// `buiten`, `lawaai`), `gezien`; the buttons send `doe` = `controleer`, `concept`, `soort` or `regel`.
#[derive(Debug, Clone, Template)]
#[template(path = "job_form.html")]
pub struct JobForm {
    /// What every page shares.
    pub l: Layout,
    /// Where the form goes.
    pub action: String,
    /// Whether an existing opening is changed.
    pub edit: bool,
    /// The employer: id and name.
    pub employer: (String, String),
    /// The kind of job in words.
    pub route: String,
    /// The 25 groups with their tasks.
    pub groups: Vec<TaskGroup>,
    /// What can be asked.
    pub needs: Vec<NeedRow>,
    /// When the work is done.
    pub dayparts: Vec<Choice>,
    /// On which days.
    pub days: Vec<Choice>,
    /// The sites of the employer.
    pub sites: Vec<Choice>,
    /// What is offered.
    pub support: Vec<Choice>,
    /// Ticks of "Goed om te weten".
    pub also: Vec<Choice>,
    /// What was typed.
    pub values: JobValues,
    /// What this kind of job has of its own.
    pub terms: TermsValues,
    /// What the vacancy check says, at its field.
    pub advice: Vec<AdviceLine>,
    /// The advice that the writer saw so far: codes. One that is gone at the end was followed.
    pub seen: Vec<String>,
    /// The version that the writer saw, when an existing opening is changed.
    pub version: Option<i64>,
}

impl JobForm {
    /// What the vacancy check says about a field.
    pub fn advice_at(&self, field: &str) -> Vec<&AdviceLine> {
        self.advice.iter().filter(|line| line.field == field).collect()
    }

    /// The name of the kind of job in forms.
    pub fn route_code(&self) -> &'static str {
        self.terms.route.map_or("", Route::name)
    }
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
    pub advice: Vec<AdviceLine>,
    /// The whole form again, as hidden fields.
    pub hidden: Vec<(String, String)>,
    /// Whether it can be kept as a draft: not when people see it already.
    pub may_be_draft: bool,
    /// Whether people see it already, so that placing it again is keeping the change.
    pub open_already: bool,
}

/// Someone who fits and agreed to be seen: no name, no contact.
#[derive(Debug, Clone, PartialEq)]
pub struct PersonCard {
    /// Her code in the open file, such as `K7-3QD`.
    pub code: String,
    /// Where an account manager asks for her contact data.
    pub href: String,
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
    /// Whether the reader is an account manager, who may ask someone's contact data.
    pub by_manager: bool,
    /// "Is it still open?", while that waits for an answer.
    pub still_open: Option<StillOpen>,
    /// The page with people who want this job.
    pub interest: String,
    /// Its line, for who looks after an open-hiring job that was placed.
    pub line: Option<String>,
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

    /// Whether it is not shown for a while.
    pub fn paused(&self) -> bool {
        self.state == OpeningState::Paused
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
