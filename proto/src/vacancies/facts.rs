//! What vacancies says on the bus.

use chrono::NaiveDate;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use super::{CloseReason, ImportCounts, ImportState, Requirement, RequirementKind};
use crate::{
    EmployerId, Fact, ImportId, OpeningId, Service,
    work::{Area, Dayparts, Hours, Route, Support, TaskCode},
};

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
    /// What is offered so that it works out.
    pub support: Vec<Support>,
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

/// An opening is not shown for a while; a newer `opening_published` shows it again.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct OpeningPaused {
    /// Which.
    pub opening_id: OpeningId,
    /// The version of the opening that says so.
    pub version: i64,
}

impl Fact for OpeningPaused {
    const BY: Service = Service::Vacancies;
    const NAME: &'static str = "opening_paused";
    const VERSION: u16 = 1;
    const DUTCH_TYPE: &'static str = "nl.vacatures.vacature-gepauzeerd.v1";

    fn aggregate_id(&self) -> Uuid {
        self.opening_id.0
    }

    fn aggregate_version(&self) -> i64 {
        self.version
    }
}

/// An employer changed its search: a published opening no longer asks something, or now teaches it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct RequirementDropped {
    /// Which.
    pub opening_id: OpeningId,
    /// The version of the opening that says so.
    pub version: i64,
    /// What it no longer asks, each once.
    pub dropped: Vec<RequirementKind>,
    /// The advice that was followed, if one was: a code such as `wording-age`.
    pub after_advice: Option<String>,
}

impl Fact for RequirementDropped {
    const BY: Service = Service::Vacancies;
    const NAME: &'static str = "requirement_dropped";
    const VERSION: u16 = 1;
    const DUTCH_TYPE: &'static str = "nl.vacatures.eis-vervallen.v1";

    fn aggregate_id(&self) -> Uuid {
        self.opening_id.0
    }

    fn aggregate_version(&self) -> i64 {
        self.version
    }
}

/// An employer changed its search: a published opening has other hours or times.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct HoursChanged {
    /// Which.
    pub opening_id: OpeningId,
    /// The version of the opening that says so.
    pub version: i64,
    /// Hours a week before.
    pub hours_before: Hours,
    /// Hours a week now.
    pub hours: Hours,
    /// When the work was done before.
    pub dayparts_before: Dayparts,
    /// When it is done now.
    pub dayparts: Dayparts,
    /// The advice that was followed, if one was: a code such as `wording-age`.
    pub after_advice: Option<String>,
}

impl Fact for HoursChanged {
    const BY: Service = Service::Vacancies;
    const NAME: &'static str = "hours_changed";
    const VERSION: u16 = 1;
    const DUTCH_TYPE: &'static str = "nl.vacatures.uren-gewijzigd.v1";

    fn aggregate_id(&self) -> Uuid {
        self.opening_id.0
    }

    fn aggregate_version(&self) -> i64 {
        self.version
    }
}

/// An employer changed its search: a published opening takes another route.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct RouteChanged {
    /// Which.
    pub opening_id: OpeningId,
    /// The version of the opening that says so.
    pub version: i64,
    /// The route before.
    pub route_before: Route,
    /// The route now.
    pub route: Route,
    /// The advice that was followed, if one was: a code such as `wording-age`.
    pub after_advice: Option<String>,
}

impl Fact for RouteChanged {
    const BY: Service = Service::Vacancies;
    const NAME: &'static str = "route_changed";
    const VERSION: u16 = 1;
    const DUTCH_TYPE: &'static str = "nl.vacatures.route-gewijzigd.v1";

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
