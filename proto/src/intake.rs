//! Intake: job-seekers, their contact data and consent, their anonymous profile.

use chrono::{DateTime, Utc};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use crate::{
    BackgroundId, ChallengeId, Fact, OpenFileId, Sealed, SeekerId, Service, Stream,
    call::calls,
    work::{Area, Channel, Dayparts, Hours, Language, TaskCode, Travel},
};

calls! { Intake {
    command "register": Register => CodeSent, from Portal;
    command "request_code": RequestCode => CodeSent, from Portal;
    command "confirm_code": ConfirmCode => CodeOutcome, from Portal;
    query "my_details": MyDetails => Sealed<Details>, from Portal;
    command "change_wishes": ChangeWishes => (), from Portal;
    command "set_consent": SetConsent => (), from Portal;
    command "load_demo_people": LoadDemoPeople => Loaded, from Portal;
} }

/// What someone wants and can, without who she is. Everything but the postcode may be left open.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Wishes {
    /// As typed: `1315`, `1315 RC`. Personal data, so this type travels only inside [`Sealed`].
    pub postcode: String,
    /// Tasks she likes; empty with `any_task` false means "I do not know yet".
    pub tasks: Vec<TaskCode>,
    /// "Alles mag."
    pub any_task: bool,
    /// When she can work; empty means not told.
    pub dayparts: Dayparts,
    /// Hours a week; `None` means "I do not know".
    pub hours: Option<Hours>,
    /// How far and by which means; `None` means not told.
    pub travel: Option<Travel>,
}

/// Purposes a person says yes or no to, each by itself.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Purpose {
    /// "Werkgevers mogen mijn profiel zien, zonder naam."
    OpenFile,
    /// "Een adviseur mag met mij meedenken."
    Adviser,
    /// "Bewaar hoe ik hier kwam, voor de cijfers."
    Figures,
}

impl Purpose {
    /// Every purpose, in the order of the form.
    pub const ALL: [Self; 3] = [Self::OpenFile, Self::Adviser, Self::Figures];

    /// The name in storage and forms.
    pub const fn name(self) -> &'static str {
        match self {
            Self::OpenFile => "open_file",
            Self::Adviser => "adviser",
            Self::Figures => "figures",
        }
    }

    /// The purpose with this name.
    pub fn from_name(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|purpose| purpose.name() == name)
    }
}

/// The five answers of a registration.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Registration {
    /// Questions 1 to 3.
    pub wishes: Wishes,
    /// "Hoe mogen wij u noemen?"
    pub name: String,
    /// One telephone number or e-mail address, as typed.
    pub contact: String,
    /// What she likes best.
    pub channel: Channel,
    /// The purposes she ticked. The others are recorded as "not given".
    pub consents: Vec<Purpose>,
    /// The version of the consent texts she saw.
    pub consent_text_version: String,
    /// Where she came in ("vindplaats"), kept only with consent for figures.
    pub entry_point: Option<String>,
    /// Her language.
    pub language: Language,
}

/// Keeps a registration and sends a code to the contact that was given.
///
/// The answer is the same whoever the contact belongs to. Nothing is published until the code
/// comes back; a registration that nobody confirms is deleted after 48 hours.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct Register {
    /// The five answers, for intake's eyes only.
    pub registration: Sealed<Registration>,
}

/// Sends a code to someone who comes back. The answer is the same for an unknown contact.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct RequestCode {
    /// Telephone number or e-mail address, as typed.
    pub contact: Sealed<String>,
    /// The language of the message to someone we do not know (nothing is then sent).
    pub language: Language,
}

/// A code is on its way, if there is somebody to send it to.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct CodeSent {
    /// Bound to the browser that asked, by a cookie.
    pub challenge_id: ChallengeId,
}

/// Brings back a code.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct ConfirmCode {
    /// Which request for a code.
    pub challenge_id: ChallengeId,
    /// The code as typed; spaces are accepted.
    pub code: Sealed<String>,
}

/// What became of a code. A wrong one is an answer, not a problem: the try counts.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "outcome", rename_all = "snake_case")]
pub enum CodeOutcome {
    /// It is her.
    Confirmed {
        /// The person.
        seeker_id: SeekerId,
        /// Whether this code finished a new registration.
        new: bool,
    },
    /// Not that code.
    Wrong {
        /// How many tries are left, 1 to 4.
        tries_left: u8,
    },
    /// Too old, used, tried too often or never sent: ask for a new one.
    Expired,
}

/// Asks for everything a person told us, for her own page.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct MyDetails {
    /// The person; only she herself may ask.
    pub seeker_id: SeekerId,
}

/// What a person told us.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Details {
    /// Her name or nickname.
    pub name: String,
    /// Her telephone number (E.164) or e-mail address.
    pub contact: String,
    /// What she likes best.
    pub channel: Channel,
    /// Her language.
    pub language: Language,
    /// What she wants and can.
    pub wishes: Wishes,
    /// Her yes and no per purpose, as last given.
    pub consents: Vec<Consent>,
    /// The version of the profile that the matcher works with; compare with a list of proposals.
    pub profile_version: i64,
}

/// A yes or no.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Consent {
    /// For what.
    pub purpose: Purpose,
    /// Yes or no.
    pub given: bool,
    /// Since when.
    pub at: DateTime<Utc>,
    /// Which text she saw.
    pub text_version: String,
}

/// Changes what someone wants and can. Her profile follows at once.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct ChangeWishes {
    /// The person; only she herself may change it.
    pub seeker_id: SeekerId,
    /// All of her wishes as they are now.
    pub wishes: Sealed<Wishes>,
}

/// Says yes or no to one purpose, with effect at once.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct SetConsent {
    /// The person; only she herself may say so.
    pub seeker_id: SeekerId,
    /// For what.
    pub purpose: Purpose,
    /// Yes or no.
    pub given: bool,
    /// Which text she saw.
    pub text_version: String,
}

/// Adds invented people, at most 200 a call, as if each had confirmed her code. Refused outside
/// the development profile (DESIGN rule 15). Used by the demo and by benchmarks.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct LoadDemoPeople {
    /// The invented registrations.
    pub people: Sealed<Vec<Registration>>,
}

/// How many were added.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Loaded {
    /// New people; those whose contact was known already are not counted.
    pub added: u32,
}

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
