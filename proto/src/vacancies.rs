//! Vacancies: employers and their openings.

use chrono::{DateTime, NaiveDate, Utc};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use crate::{
    EmployerId, Fact, FieldProblem, ImportId, OpeningId, Sealed, Service,
    call::calls,
    work::{Area, Cell, Dayparts, Hours, Route, TaskCode},
};

calls! { Vacancies {
    command "add_employer": AddEmployer => EmployerId, from Portal;
    query "employers": Employers => Page<EmployerLine>, from Portal;
    query "employer": Employer => EmployerView, from Portal;
    command "post_opening": PostOpening => OpeningId, from Portal;
    command "change_opening": ChangeOpening => (), from Portal;
    command "publish_opening": PublishOpening => (), from Portal;
    command "close_opening": CloseOpening => (), from Portal;
    query "opening": Opening => OpeningView, from Portal;
    query "openings": Openings => Page<OpeningLine>, from Portal;
    query "openings_by_id": OpeningsById => Vec<OpeningView>, from Portal;
    query "openings_near": OpeningsNear => Page<NearOpening>, from Portal;
    command "start_import": StartImport => ImportId, from Portal;
    command "add_import_rows": AddImportRows => (), from Portal;
    command "run_import": RunImport => (), from Portal;
    query "import_report": ImportReport => ImportReportView, from Portal;
} }

/// One page of a long list, in a stated order.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Page<T> {
    /// The rows of this page.
    pub rows: Vec<T>,
    /// How many rows there are in all.
    pub total: u64,
}

/// Adds an employer. Only an account manager may, for her own regions.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct AddEmployer {
    /// The name people know it by.
    pub name: String,
    /// KVK number, 8 digits; checked by format only and shown as "not verified".
    pub kvk_number: String,
    /// The postcode of its first site.
    pub postcode: String,
    /// Whom to ask for; encrypted at rest.
    pub contact: Option<Sealed<EmployerContact>>,
}

/// A person at an employer. Travels only inside [`Sealed`].
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct EmployerContact {
    /// Her name.
    pub name: String,
    /// Her telephone number or e-mail address.
    pub reach: String,
}

/// The employers of the actor's regions (or her own), by name.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct Employers {
    /// Part of the name or the KVK number; empty for all.
    pub search: String,
    /// From 0.
    pub page: u32,
    /// At most 100.
    pub per_page: u32,
}

/// An employer in a list.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct EmployerLine {
    /// Its id.
    pub employer_id: EmployerId,
    /// Its name.
    pub name: String,
    /// Its KVK number.
    pub kvk_number: String,
    /// The place of its first site.
    pub place: String,
    /// How many openings are published.
    pub open_openings: u32,
}

/// One employer.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct Employer {
    /// Which.
    pub employer_id: EmployerId,
}

/// One employer as its account manager sees it.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct EmployerView {
    /// The facts of the list.
    pub line: EmployerLine,
    /// The postcode of its first site.
    pub postcode: String,
    /// The labour-market region of its first site.
    pub region: String,
    /// Whom to ask for, for the portal's eyes only.
    pub contact: Option<Sealed<EmployerContact>>,
}

/// How firm a requirement is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Firmness {
    /// The law asks it; `ground` says which law.
    Legal,
    /// Needed from the first day.
    Needed,
    /// Learned here.
    Learned,
}

impl Firmness {
    /// The name in storage and forms.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Legal => "legal",
            Self::Needed => "needed",
            Self::Learned => "learned",
        }
    }

    /// The firmness with this name.
    pub fn from_name(name: &str) -> Option<Self> {
        [Self::Legal, Self::Needed, Self::Learned].into_iter().find(|firmness| firmness.name() == name)
    }
}

/// What an opening can ask. A closed list: what is not in it cannot be asked.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum RequirementKind {
    /// 18 years or older. Legal only: night work, dangerous work, selling alcohol.
    Adult,
    /// A certificate of conduct (VOG). Legal only.
    CertificateOfConduct,
    /// A driving licence (B).
    DrivingLicence,
    /// Dutch at a simple level, to understand instructions.
    SimpleDutch,
    /// A diploma or certificate for this trade. Never with open hiring unless legal.
    Diploma,
    /// Experience in this work. Never with open hiring.
    Experience,
}

impl RequirementKind {
    /// Everything that can be asked.
    pub const ALL: [Self; 6] = [
        Self::Adult,
        Self::CertificateOfConduct,
        Self::DrivingLicence,
        Self::SimpleDutch,
        Self::Diploma,
        Self::Experience,
    ];

    /// The name in storage, forms and files.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Adult => "adult",
            Self::CertificateOfConduct => "certificate_of_conduct",
            Self::DrivingLicence => "driving_licence",
            Self::SimpleDutch => "simple_dutch",
            Self::Diploma => "diploma",
            Self::Experience => "experience",
        }
    }

    /// The requirement with this name.
    pub fn from_name(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|kind| kind.name() == name)
    }
}

/// One requirement.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Requirement {
    /// What.
    pub kind: RequirementKind,
    /// How firm.
    pub firmness: Firmness,
    /// The law, when legal: shown to the reader.
    pub ground: Option<String>,
}

/// A physical or practical fact that people read and check for themselves; never a question.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(tag = "fact", content = "amount", rename_all = "snake_case")]
pub enum SelfCheck {
    /// Lifting up to so many kilograms.
    LiftKg(u8),
    /// Standing so many hours a day.
    StandHours(u8),
    /// Walking a lot.
    WalkALot,
    /// Working outside.
    Outside,
    /// Working in the cold, to so many degrees Celsius.
    Cold(i8),
    /// Much noise.
    Noise,
}

/// Everything an opening says, as its writer fills it in.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct OpeningDetails {
    /// Which route.
    pub route: Route,
    /// The job's name, at most 120 characters.
    pub title: String,
    /// At least one, at most 10 tasks from the vocabulary.
    pub tasks: Vec<TaskCode>,
    /// Free text, at most 2,000 characters; may be empty.
    pub description: String,
    /// Where the work is; 4 digits or 4 digits and 2 letters.
    pub postcode: String,
    /// Hours a week.
    pub hours: Hours,
    /// When the work is done; at least one.
    pub dayparts: Dayparts,
    /// First working day, if there is a fixed one; not in the past.
    pub starts_on: Option<NaiveDate>,
    /// Last day on which the opening is shown.
    pub closes_on: Option<NaiveDate>,
    /// How many people can start, 1 to 999.
    pub places: u16,
    /// Gross pay in euro cents an hour.
    pub pay_cents_per_hour: Option<u32>,
    /// What is really needed.
    pub requirements: Vec<Requirement>,
    /// What people should know beforehand.
    pub self_checks: Vec<SelfCheck>,
}

/// Adds an opening, as a draft or published at once.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct PostOpening {
    /// Whose.
    pub employer_id: EmployerId,
    /// What it says.
    pub details: OpeningDetails,
    /// Published at once, or kept as a draft.
    pub publish: bool,
}

/// Changes what a draft or published opening says.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct ChangeOpening {
    /// Which.
    pub opening_id: OpeningId,
    /// The version that the writer saw; another one means someone else changed it meanwhile.
    pub version: i64,
    /// What it says now.
    pub details: OpeningDetails,
}

/// Publishes a draft. Publishing twice changes nothing.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct PublishOpening {
    /// Which.
    pub opening_id: OpeningId,
}

/// Why an opening closed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum CloseReason {
    /// All places are taken.
    Filled,
    /// The employer withdrew it.
    Withdrawn,
    /// Its last day has passed.
    Expired,
}

/// Closes an opening. Closing twice changes nothing.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct CloseOpening {
    /// Which.
    pub opening_id: OpeningId,
    /// Why.
    pub reason: CloseReason,
}

/// Where an opening stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum OpeningState {
    /// Only its writers see it.
    Draft,
    /// Everyone sees it.
    Published,
    /// Gone for the public; its page answers 410.
    Closed,
}

/// One opening. A draft is answered only to those who may change it.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct Opening {
    /// Which.
    pub opening_id: OpeningId,
}

/// One opening with all it says.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct OpeningView {
    /// Which.
    pub opening_id: OpeningId,
    /// Raised at each change.
    pub version: i64,
    /// Where it stands.
    pub state: OpeningState,
    /// Whose.
    pub employer_id: EmployerId,
    /// The employer's name.
    pub employer_name: String,
    /// The place name of its postcode.
    pub place: String,
    /// Where, for distances.
    pub area: Area,
    /// What it says.
    pub details: OpeningDetails,
    /// When it was first published.
    pub published_at: Option<DateTime<Utc>>,
}

/// The openings the actor may change, newest first.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct Openings {
    /// Only of this employer.
    pub employer_id: Option<EmployerId>,
    /// From 0.
    pub page: u32,
    /// At most 100.
    pub per_page: u32,
}

/// An opening in a list of staff.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct OpeningLine {
    /// Which.
    pub opening_id: OpeningId,
    /// Its title.
    pub title: String,
    /// Whose.
    pub employer_id: EmployerId,
    /// The employer's name.
    pub employer_name: String,
    /// Which route.
    pub route: Route,
    /// The place name.
    pub place: String,
    /// Where it stands.
    pub state: OpeningState,
}

/// Published openings by id, at most 100; unknown and unpublished ones are left out.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct OpeningsById {
    /// Which.
    pub opening_ids: Vec<OpeningId>,
}

/// Published openings around a place, nearest first. Anyone may ask.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct OpeningsNear {
    /// Around here.
    pub cell: Cell,
    /// Within so many kilometres, 1 to 300.
    pub km: u16,
    /// Only this route.
    pub route: Option<Route>,
    /// From 0.
    pub page: u32,
    /// At most 100.
    pub per_page: u32,
}

/// A published opening at a distance.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct NearOpening {
    /// The opening.
    pub opening: OpeningView,
    /// Kilometres as the crow flies.
    pub km: f64,
}

/// The columns of an import file.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum ImportColumn {
    /// The sender's own key of the opening; a second import with it changes the same opening.
    Kenmerk,
    /// The employer's KVK number.
    Kvk,
    /// The employer's name, used when the KVK number is new.
    Werkgever,
    /// The job's name.
    Functie,
    /// `gewoon` or `open hiring`.
    Soort,
    /// Task codes or labels, separated by `|`.
    Taken,
    /// Free text.
    Omschrijving,
    /// Where the work is.
    Postcode,
    /// Fewest hours a week.
    UrenMin,
    /// Most hours a week.
    UrenMax,
    /// `ochtend|middag|avond|nacht|weekend`.
    Dagdelen,
    /// First day, `2026-12-07` or `7-12-2026`.
    Begint,
    /// Last day shown.
    Sluit,
    /// How many people.
    Plaatsen,
    /// Euros an hour, `15,20` or `15.20`.
    Uurloon,
}

impl ImportColumn {
    /// Every column, in the order of the example file.
    pub const ALL: [Self; 15] = [
        Self::Kenmerk,
        Self::Kvk,
        Self::Werkgever,
        Self::Functie,
        Self::Soort,
        Self::Taken,
        Self::Omschrijving,
        Self::Postcode,
        Self::UrenMin,
        Self::UrenMax,
        Self::Dagdelen,
        Self::Begint,
        Self::Sluit,
        Self::Plaatsen,
        Self::Uurloon,
    ];

    /// The heading in the file.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Kenmerk => "kenmerk",
            Self::Kvk => "kvk",
            Self::Werkgever => "werkgever",
            Self::Functie => "functie",
            Self::Soort => "soort",
            Self::Taken => "taken",
            Self::Omschrijving => "omschrijving",
            Self::Postcode => "postcode",
            Self::UrenMin => "uren_min",
            Self::UrenMax => "uren_max",
            Self::Dagdelen => "dagdelen",
            Self::Begint => "begint",
            Self::Sluit => "sluit",
            Self::Plaatsen => "plaatsen",
            Self::Uurloon => "uurloon",
        }
    }

    /// Whether a file without it is refused.
    pub const fn is_required(self) -> bool {
        matches!(
            self,
            Self::Kenmerk
                | Self::Kvk
                | Self::Werkgever
                | Self::Functie
                | Self::Soort
                | Self::Taken
                | Self::Postcode
                | Self::UrenMin
                | Self::UrenMax
                | Self::Dagdelen
        )
    }

    /// The column with this heading; case and spaces do not matter.
    pub fn from_name(heading: &str) -> Option<Self> {
        let heading = heading.trim().to_lowercase().replace([' ', '-'], "_");
        Self::ALL.into_iter().find(|column| column.name() == heading)
    }
}

/// Begins an import. Rows follow in chunks; nothing is placed before [`RunImport`].
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct StartImport {
    /// The columns of the rows that follow, in their order.
    pub columns: Vec<ImportColumn>,
    /// How many rows will follow, at most 100,000.
    pub rows: u32,
}

/// Adds at most 200 rows. Adding the same rows again changes nothing.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct AddImportRows {
    /// Which import.
    pub import_id: ImportId,
    /// The number of the first row, from 1, not counting the heading.
    pub first_row: u32,
    /// Cells as given, one list a row.
    pub rows: Vec<Vec<String>>,
}

/// Places what is right and reports what is not, as a job. All rows must be there.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct RunImport {
    /// Which import.
    pub import_id: ImportId,
}

/// What became of an import so far.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct ImportReport {
    /// Which import.
    pub import_id: ImportId,
    /// Only the rows that were refused, or all.
    pub only_refused: bool,
    /// From 0.
    pub page: u32,
    /// At most 200.
    pub per_page: u32,
}

/// Where an import stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum ImportState {
    /// Rows are coming in.
    Receiving,
    /// Rows are being placed.
    Running,
    /// Every row has its outcome.
    Finished,
}

/// How many rows had which outcome.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize, JsonSchema)]
pub struct ImportCounts {
    /// New openings.
    pub placed: u32,
    /// Openings that were there and changed.
    pub changed: u32,
    /// Openings that were there and say the same.
    pub unchanged: u32,
    /// Rows with a reason why not.
    pub refused: u32,
    /// Rows not looked at yet.
    pub waiting: u32,
}

/// What became of one row.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum RowOutcome {
    /// Not looked at yet.
    Waiting,
    /// A new opening.
    Placed,
    /// An opening that changed.
    Changed,
    /// An opening that says the same.
    Unchanged,
    /// Not placed; `problems` say why.
    Refused,
}

/// One row of the report.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ImportRow {
    /// From 1, not counting the heading.
    pub row: u32,
    /// What became of it.
    pub outcome: RowOutcome,
    /// The opening, when there is one.
    pub opening_id: Option<OpeningId>,
    /// Why not: column, code, and the value as given under `value`.
    pub problems: Vec<FieldProblem>,
}

/// The report.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct ImportReportView {
    /// Where it stands.
    pub state: ImportState,
    /// How many rows had which outcome.
    pub counts: ImportCounts,
    /// The rows asked for.
    pub rows: Page<ImportRow>,
}

/// The public state of an opening: published at first and at each change.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct OpeningPublished {
    /// Which.
    pub opening_id: OpeningId,
    /// Raised at each change.
    pub version: i64,
    /// Whose.
    pub employer_id: EmployerId,
    /// Which route.
    pub route: Route,
    /// Tasks from the vocabulary.
    pub tasks: Vec<TaskCode>,
    /// Where the work is.
    pub area: Area,
    /// Hours a week.
    pub hours: Hours,
    /// When the work is done.
    pub dayparts: Dayparts,
    /// First working day, if fixed.
    pub starts_on: Option<NaiveDate>,
    /// How many people can start.
    pub places: u16,
    /// What is really needed.
    pub requirements: Vec<Requirement>,
}

impl Fact for OpeningPublished {
    const BY: Service = Service::Vacancies;
    const NAME: &'static str = "opening_published";
    const VERSION: u16 = 1;
    const DUTCH_TYPE: &'static str = "nl.vacatures.vacature-gepubliceerd.v1";

    fn aggregate_id(&self) -> Uuid {
        self.opening_id.0
    }

    fn aggregate_version(&self) -> i64 {
        self.version
    }
}

/// An opening is gone for the public.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct OpeningClosed {
    /// Which.
    pub opening_id: OpeningId,
    /// Raised at each change.
    pub version: i64,
    /// Why.
    pub reason: CloseReason,
}

impl Fact for OpeningClosed {
    const BY: Service = Service::Vacancies;
    const NAME: &'static str = "opening_closed";
    const VERSION: u16 = 1;
    const DUTCH_TYPE: &'static str = "nl.vacatures.vacature-gesloten.v1";

    fn aggregate_id(&self) -> Uuid {
        self.opening_id.0
    }

    fn aggregate_version(&self) -> i64 {
        self.version
    }
}

/// How far an import is: said every thousand rows and at the end.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct ImportProgressed {
    /// Which.
    pub import_id: ImportId,
    /// Raised at each step.
    pub version: i64,
    /// Where it stands.
    pub state: ImportState,
    /// How many rows had which outcome.
    pub counts: ImportCounts,
}

impl Fact for ImportProgressed {
    const BY: Service = Service::Vacancies;
    const NAME: &'static str = "import_progressed";
    const VERSION: u16 = 1;
    const DUTCH_TYPE: &'static str = "nl.vacatures.import-gevorderd.v1";

    fn aggregate_id(&self) -> Uuid {
        self.import_id.0
    }

    fn aggregate_version(&self) -> i64 {
        self.version
    }
}
