//! What intake says on the bus. Nothing in here says who someone is.

use chrono::NaiveDate;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use super::Benefit;
use crate::{
    BackgroundId, Fact, OpenFileId, SeekerId, Service, Stream,
    work::{Area, Dayparts, Hours, Licence, Spoken, Support, TaskCode, Travel},
};

/// The anonymous profile as it now is: published at first and at each change.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct ProfilePublished {
    /// The person, inside the platform.
    pub seeker_id: SeekerId,
    /// Raised at each change.
    pub version: i64,
    /// About where she lives.
    pub area: Area,
    /// Tasks she likes.
    pub tasks: Vec<TaskCode>,
    /// "Alles mag."
    pub any_task: bool,
    /// When she can work; empty means not told.
    pub dayparts: Dayparts,
    /// Hours a week, if told.
    pub hours: Option<Hours>,
    /// How far and by which means, if told.
    pub travel: Option<Travel>,
    /// Her id in the open file. Anyone who looks at people sees this id and no other.
    pub open_file_id: OpenFileId,
    /// Whether employers may see the profile.
    pub open_file: bool,
    /// Whether an adviser may think along.
    pub adviser: bool,
    /// Whether she takes part now. Who pauses is shown to nobody and counted nowhere.
    pub paused: bool,
    /// From which day on she can work; `None` means now.
    pub available_from: Option<NaiveDate>,
    /// Languages she speaks.
    pub languages: Vec<Spoken>,
    /// Licences and papers she has.
    pub licences: Vec<Licence>,
    /// Kinds of support that she lets employers see; empty without consent to the open file.
    pub shown_support: Vec<Support>,
}

impl Fact for ProfilePublished {
    const BY: Service = Service::Intake;
    const NAME: &'static str = "profile_published";
    const VERSION: u16 = 1;
    const DUTCH_TYPE: &'static str = "nl.werkzoekenden.profiel-gepubliceerd.v1";

    fn aggregate_id(&self) -> Uuid {
        self.seeker_id.0
    }

    fn aggregate_version(&self) -> i64 {
        self.version
    }
}

/// Where someone came in, told with her consent, under an id that joins to nothing else.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct EntryPointTold {
    /// Her id for background facts.
    pub background_id: BackgroundId,
    /// Raised at each change.
    pub version: i64,
    /// Labour-market region code.
    pub region: String,
    /// A code such as `library`.
    pub entry_point: String,
}

impl Fact for EntryPointTold {
    const BY: Service = Service::Intake;
    const NAME: &'static str = "entry_point_told";
    const VERSION: u16 = 1;
    const DUTCH_TYPE: &'static str = "nl.werkzoekenden.vindplaats-genoemd.v1";
    const STREAM: Stream = Stream::Background;

    fn aggregate_id(&self) -> Uuid {
        self.background_id.0
    }

    fn aggregate_version(&self) -> i64 {
        self.version
    }
}

/// From what someone lives, told with her consent, under an id that joins to nothing else.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct BenefitTold {
    /// Her id for background facts.
    pub background_id: BackgroundId,
    /// Raised at each change, together with [`EntryPointTold`].
    pub version: i64,
    /// Labour-market region code.
    pub region: String,
    /// What it is.
    pub benefit: Benefit,
    /// Whether an organisation confirmed it; otherwise she says so.
    pub confirmed: bool,
}

impl Fact for BenefitTold {
    const BY: Service = Service::Intake;
    const NAME: &'static str = "benefit_told";
    const VERSION: u16 = 1;
    const DUTCH_TYPE: &'static str = "nl.werkzoekenden.uitkering-genoemd.v1";
    const STREAM: Stream = Stream::Background;

    fn aggregate_id(&self) -> Uuid {
        self.background_id.0
    }

    fn aggregate_version(&self) -> i64 {
        self.version
    }
}

/// Background facts were taken back: consent withdrawn or the person erased. What was published before
/// about this id is purged.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct BackgroundErased {
    /// Her id for background facts.
    pub background_id: BackgroundId,
    /// Greater than every version before.
    pub version: i64,
}

impl Fact for BackgroundErased {
    const BY: Service = Service::Intake;
    const NAME: &'static str = "background_erased";
    const VERSION: u16 = 1;
    const DUTCH_TYPE: &'static str = "nl.werkzoekenden.achtergrond-gewist.v1";
    const STREAM: Stream = Stream::Background;
    const ERASES: bool = true;

    fn aggregate_id(&self) -> Uuid {
        self.background_id.0
    }

    fn aggregate_version(&self) -> i64 {
        self.version
    }
}

/// Somebody's number or address is hers: a code came back, or a professional confirmed it. Told when a place in line may
/// wait for it ([`super::Recognise`]), not at each sign-in.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct ContactConfirmed {
    /// The person, inside the platform.
    pub seeker_id: SeekerId,
    /// Raised with each of these.
    pub version: i64,
}

impl Fact for ContactConfirmed {
    const BY: Service = Service::Intake;
    const NAME: &'static str = "contact_confirmed";
    const VERSION: u16 = 1;
    const DUTCH_TYPE: &'static str = "nl.werkzoekenden.bereikbaarheid-bevestigd.v1";

    fn aggregate_id(&self) -> Uuid {
        self.seeker_id.0
    }

    fn aggregate_version(&self) -> i64 {
        self.version
    }
}

/// Somebody has another number or address than before. No offer of work goes to it for 24 hours.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct ContactChanged {
    /// The person, inside the platform.
    pub seeker_id: SeekerId,
    /// Raised with each of these.
    pub version: i64,
}

impl Fact for ContactChanged {
    const BY: Service = Service::Intake;
    const NAME: &'static str = "contact_changed";
    const VERSION: u16 = 1;
    const DUTCH_TYPE: &'static str = "nl.werkzoekenden.bereikbaarheid-gewijzigd.v1";

    fn aggregate_id(&self) -> Uuid {
        self.seeker_id.0
    }

    fn aggregate_version(&self) -> i64 {
        self.version
    }
}

/// A person is erased: every service deletes what it keeps about this id and confirms. What was published
/// before about her is purged; this stays, so that nothing brings her back.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct SeekerErased {
    /// Her id, now nobody's.
    pub seeker_id: SeekerId,
    /// Greater than every version before.
    pub version: i64,
}

impl Fact for SeekerErased {
    const BY: Service = Service::Intake;
    const NAME: &'static str = "seeker_erased";
    const VERSION: u16 = 1;
    const DUTCH_TYPE: &'static str = "nl.werkzoekenden.werkzoekende-gewist.v1";
    const ERASES: bool = true;

    fn aggregate_id(&self) -> Uuid {
        self.seeker_id.0
    }

    fn aggregate_version(&self) -> i64 {
        self.version
    }
}

/// Declares the fact by which a service confirms that it deleted what it kept about an erased person.
macro_rules! forgotten {
    ($by:ident, $name:literal, $dutch:literal) => {
        /// This service deleted what it kept about an erased person.
        #[derive(Debug, Clone, PartialEq, Eq, serde::Serialize, serde::Deserialize, schemars::JsonSchema)]
        pub struct SeekerForgotten {
            /// Her id, now nobody's.
            pub seeker_id: $crate::SeekerId,
            /// The version of [`crate::intake::SeekerErased`].
            pub version: i64,
        }

        impl $crate::Fact for SeekerForgotten {
            const BY: $crate::Service = $crate::Service::$by;
            const NAME: &'static str = $name;
            const VERSION: u16 = 1;
            const DUTCH_TYPE: &'static str = $dutch;
            const CONFIRMS_ERASURE: bool = true;

            fn aggregate_id(&self) -> uuid::Uuid {
                self.seeker_id.0
            }

            fn aggregate_version(&self) -> i64 {
                self.version
            }
        }
    };
}
pub(crate) use forgotten;
