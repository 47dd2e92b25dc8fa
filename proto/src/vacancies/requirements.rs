//! What an opening asks, and what people read and check for themselves.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::work::closed_list;

closed_list! {
    /// How firm a requirement is.
    Firmness {
        /// The law asks it; `ground` says which law.
        Legal = "legal",
        /// Needed from the first day.
        Needed = "needed",
        /// Learned here.
        Learned = "learned",
    }
}

closed_list! {
    /// What an opening can ask. A closed list: what is not in it cannot be asked.
    RequirementKind {
        /// 18 years or older. Legal only: night work, dangerous work, selling alcohol.
        Adult = "adult",
        /// A certificate of conduct (VOG). Legal only.
        CertificateOfConduct = "certificate_of_conduct",
        /// A driving licence (B).
        DrivingLicence = "driving_licence",
        /// A car of one's own.
        OwnCar = "own_car",
        /// A certificate for a forklift truck.
        Forklift = "forklift",
        /// A safety certificate for building and industry (VCA).
        Vca = "vca",
        /// Dutch at a simple level (A2), to understand instructions. Needs a reason.
        SimpleDutch = "simple_dutch",
        /// Dutch at a good level (B1), to speak with customers or patients. Needs a reason.
        GoodDutch = "good_dutch",
        /// A diploma or certificate for this trade. Never with open hiring unless legal.
        Diploma = "diploma",
        /// Experience in this work. Never with open hiring.
        Experience = "experience",
    }
}

impl RequirementKind {
    /// Whether it distinguishes people indirectly (by origin or age), so that the writer must say why
    /// the work needs it (AWGB, WGBL art. 9).
    pub const fn needs_reason(self) -> bool {
        matches!(self, Self::Adult | Self::SimpleDutch | Self::GoodDutch)
    }
}

/// One requirement.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Requirement {
    /// What.
    pub kind: RequirementKind,
    /// How firm.
    pub firmness: Firmness,
    /// The law, when legal; otherwise why the work needs it. Shown to the reader.
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
