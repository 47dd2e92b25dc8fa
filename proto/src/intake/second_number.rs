//! A second telephone number, of somebody who knows where she is.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use crate::{Fact, Sealed, SeekerId, Service, open_hiring::Ways};

/// A second telephone number. No message goes there and nobody signs in with it: somebody calls it about an offer when she
/// does not answer herself. Travels only inside [`Sealed`].
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct SecondNumber {
    /// The number, as typed; as told, in one spelling (E.164).
    pub number: String,
    /// Whose it is, in her words: "mijn zus"; may be empty.
    pub whose: String,
}

/// Gives a second number, another one, or takes it back.
///
/// # Errors
/// Field problems of `number` (as of a contact, `second-needs-phone`, `second-is-first`) and `whose`.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct SetSecondNumber {
    /// The person; she herself, or a helper whose access runs.
    pub seeker_id: SeekerId,
    /// The number; nothing takes it back.
    pub number: Sealed<Option<SecondNumber>>,
}

/// By which ways somebody can be reached about an offer, when that changed since she signed up.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct WaysChanged {
    /// The person, inside the platform.
    pub seeker_id: SeekerId,
    /// Raised with each of these.
    pub version: i64,
    /// All of them, as they now are.
    pub ways: Ways,
}

impl Fact for WaysChanged {
    const BY: Service = Service::Intake;
    const NAME: &'static str = "ways_changed";
    const VERSION: u16 = 1;
    const DUTCH_TYPE: &'static str = "nl.werkzoekenden.bereikbaarheid-aangepast.v1";

    fn aggregate_id(&self) -> Uuid {
        self.seeker_id.0
    }

    fn aggregate_version(&self) -> i64 {
        self.version
    }
}
