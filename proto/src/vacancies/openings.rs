//! Openings: what they say, their way from draft to closed, and who may read them.

use chrono::{DateTime, NaiveDate, Utc};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::{Requirement, SelfCheck, Terms};
use crate::{
    EmployerId, FieldProblem, OpeningId, SiteId,
    work::{Area, Cell, Dayparts, Days, Hours, Route, Support, TaskCode, closed_list},
};

/// Everything an opening says, as its writer fills it in.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct OpeningDetails {
    /// Which route, with what that route has of its own.
    pub terms: Terms,
    /// The job's name, at most 120 characters.
    pub title: String,
    /// At least one, at most 10 tasks from the vocabulary.
    pub tasks: Vec<TaskCode>,
    /// Free text, at most 2,000 characters; may be empty.
    pub description: String,
    /// At which site of the employer; `None` when the work is elsewhere.
    #[serde(default)]
    pub site_id: Option<SiteId>,
    /// Where the work is; 4 digits or 4 digits and 2 letters.
    pub postcode: String,
    /// Hours a week.
    pub hours: Hours,
    /// When the work is done; at least one.
    pub dayparts: Dayparts,
    /// On which days; empty means that it varies or does not matter.
    #[serde(default)]
    pub days: Days,
    /// First working day, if there is a fixed one; not in the past. Open hiring has its first days in its
    /// terms, and none here.
    pub starts_on: Option<NaiveDate>,
    /// Last day on which the opening is shown.
    pub closes_on: Option<NaiveDate>,
    /// How many people can start, 1 to 999.
    pub places: u16,
    /// Gross pay in euro cents an hour.
    pub pay_cents_per_hour: Option<u32>,
    /// The collective agreement that the pay follows, at most 120 characters; may be empty.
    #[serde(default)]
    pub cao: String,
    /// What is really needed.
    pub requirements: Vec<Requirement>,
    /// What people should know beforehand.
    pub self_checks: Vec<SelfCheck>,
    /// What is offered so that it works out, each once.
    #[serde(default)]
    pub support: Vec<Support>,
}

impl OpeningDetails {
    /// Which route.
    pub const fn route(&self) -> Route {
        self.terms.route()
    }
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

/// Changes what a draft, published or paused opening says. When a published one asks less, other hours or
/// another route than before, that is told as a fact ([`RequirementDropped`], [`HoursChanged`],
/// [`RouteChanged`]).
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct ChangeOpening {
    /// Which.
    pub opening_id: OpeningId,
    /// The version that the writer saw; another one means someone else changed it meanwhile.
    pub version: i64,
    /// What it says now.
    pub details: OpeningDetails,
    /// The advice the writer followed, if one did it: a code such as `wording-age` or `doors-hours`.
    #[serde(default)]
    pub after_advice: Option<String>,
}

/// Publishes a draft. Publishing twice changes nothing.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct PublishOpening {
    /// Which.
    pub opening_id: OpeningId,
}

/// Stops showing a published opening for a while. Pausing twice changes nothing; [`PublishOpening`] shows
/// it again.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct PauseOpening {
    /// Which.
    pub opening_id: OpeningId,
}

/// Answers "is it still open?": it stays, until this day.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct KeepOpen {
    /// Which.
    pub opening_id: OpeningId,
    /// The new last day; after today, within a year.
    pub until: NaiveDate,
}

closed_list! {
    /// Why an opening closed.
    CloseReason {
        /// All places are taken.
        Filled = "filled",
        /// The employer withdrew it.
        Withdrawn = "withdrawn",
        /// Its last day has passed, or nobody answered whether it is still open.
        Expired = "expired",
        /// The import that placed it was undone.
        Undone = "undone",
    }
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
    /// Not shown for a while; its page says so.
    Paused,
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
    /// When it last changed.
    pub changed_at: DateTime<Utc>,
    /// Why it closed, if it is closed.
    pub close_reason: Option<CloseReason>,
    /// "Is it still open?", while the question waits for an answer. Only for those who may change it.
    pub question: Option<ClosingQuestion>,
}

/// "Is it still open?", asked before an opening closes by itself.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct ClosingQuestion {
    /// When it was asked.
    pub asked_at: DateTime<Utc>,
    /// The last day it is shown when nobody answers.
    pub closes_on: NaiveDate,
}

/// The openings the actor may change, newest first.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct Openings {
    /// Only of this employer.
    pub employer_id: Option<EmployerId>,
    /// Only in this state.
    #[serde(default)]
    pub state: Option<OpeningState>,
    /// Only those that are asked whether they are still open, soonest to close first.
    #[serde(default)]
    pub asked: bool,
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
    /// "Is it still open?", while the question waits for an answer.
    pub question: Option<ClosingQuestion>,
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

/// Looks at what an opening would say, without keeping anything: what is wrong, and what could be said
/// better. Whoever may post may ask.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct CheckOpening {
    /// What it would say.
    pub details: OpeningDetails,
    /// The opening it changes, if it is there already: dates that were right stay right.
    pub opening_id: Option<OpeningId>,
}

/// The answer to [`CheckOpening`].
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Checked {
    /// What must be mended before it can be placed.
    pub problems: Vec<FieldProblem>,
    /// What could be said better; nothing here stops anyone.
    pub advice: Vec<Advice>,
    /// A title made of the tasks, in Dutch; empty without a known task.
    pub suggested_title: String,
}

/// One piece of advice of the vacancy check.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Advice {
    /// At which field.
    pub field: String,
    /// A stable code, e.g. `wording-age`; the reason is `advice-<code>`.
    pub code: String,
    /// The words it is about, as written.
    pub found: String,
    /// What to write instead, if there is one wording for it.
    pub instead: Option<String>,
}

/// Published openings in the order of their ids, for a sitemap. Anyone may ask.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct PublishedOpenings {
    /// Those after this one.
    pub after: Option<OpeningId>,
    /// At most 1,000.
    pub limit: u16,
}

/// A published opening in a sitemap.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct PublishedLine {
    /// Which.
    pub opening_id: OpeningId,
    /// When it last changed.
    pub changed_at: DateTime<Utc>,
}
