//! What open-hiring says on the bus: settings and counts of a queue, number and state of a ticket. No names, no contact.

use chrono::{DateTime, NaiveDate, Utc};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use super::{CallResult, ChangeReason, QueueStage, Rung, TicketState, TicketStep};
use crate::{CallTaskId, EmployerId, Fact, PlaceId, QueueId, SeekerId, Service, TicketId};

macro_rules! facts {
    ($($fact:ident: $name:literal, $dutch:literal, of $id:ident;)+) => {$(
        impl Fact for $fact {
            const BY: Service = Service::OpenHiring;
            const NAME: &'static str = $name;
            const VERSION: u16 = 1;
            const DUTCH_TYPE: &'static str = $dutch;

            fn aggregate_id(&self) -> Uuid {
                self.$id.0
            }

            fn aggregate_version(&self) -> i64 {
                self.version
            }
        }
    )+};
}

facts! {
    QueueChanged: "queue_changed", "nl.openhiring.rij-gewijzigd.v1", of queue_id;
    TicketChanged: "ticket_changed", "nl.openhiring.plek-gewijzigd.v1", of ticket_id;
    HeadPublished: "head_published", "nl.openhiring.stand-gepubliceerd.v1", of queue;
    CallTaskOpened: "call_task_opened", "nl.openhiring.belverzoek-geopend.v1", of task_id;
    CallTaskClosed: "call_task_closed", "nl.openhiring.belverzoek-gesloten.v1", of task_id;
}

/// How a queue now stands: published when its settings or places change.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct QueueChanged {
    /// Which; the number of its opening.
    pub queue_id: QueueId,
    /// Raised at each change.
    pub version: i64,
    /// Whose opening it is.
    pub employer_id: EmployerId,
    /// Labour-market region of the work.
    pub region: String,
    /// From when on people sign up.
    pub opens_at: DateTime<Utc>,
    /// Whether people may stand in line for places that are not there yet.
    pub is_standing: bool,
    /// Whether it makes offers.
    pub stage: QueueStage,
    /// Why it makes none, or is over.
    pub reason: Option<ChangeReason>,
    /// Places that are not taken back.
    pub places: u32,
    /// Those of them that are nobody's.
    pub free: u32,
}

/// How a ticket now stands.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct TicketChanged {
    /// Which.
    pub ticket_id: TicketId,
    /// Raised at each change.
    pub version: i64,
    /// Whose, inside the platform.
    pub seeker_id: SeekerId,
    /// Which queue; the number of its opening.
    pub queue_id: QueueId,
    /// Whose opening it is.
    pub employer_id: EmployerId,
    /// Its number: given once, never changed.
    pub ticket_number: u32,
    /// Where it stands.
    pub state: TicketState,
    /// What last happened.
    pub step: TicketStep,
    /// When that was: what is told anew later is no news.
    pub changed_at: DateTime<Utc>,
    /// Whether her number or address is hers.
    pub is_confirmed: bool,
    /// The place that is offered to her or hers.
    pub place: Option<PlaceId>,
    /// Its first working day.
    pub first_day: Option<NaiveDate>,
    /// Until when she answers.
    pub answer_until: Option<DateTime<Utc>>,
    /// When she is reminded, if messages reach her: half of the time to answer is over.
    pub remind_at: Option<DateTime<Utc>>,
}

/// A ticket is gone, because its person is. What was published before about it is purged.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct TicketErased {
    /// Which.
    pub ticket_id: TicketId,
    /// Greater than every version before.
    pub version: i64,
}

impl Fact for TicketErased {
    const BY: Service = Service::OpenHiring;
    const NAME: &'static str = "ticket_erased";
    const VERSION: u16 = 1;
    const DUTCH_TYPE: &'static str = "nl.openhiring.plek-gewist.v1";
    const ERASES: bool = true;

    fn aggregate_id(&self) -> Uuid {
        self.ticket_id.0
    }

    fn aggregate_version(&self) -> i64 {
        self.version
    }
}

/// The head of a queue's ledger at a full hour, signed (docs/queue-ledger.md).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct HeadPublished {
    /// Which queue.
    pub queue: QueueId,
    /// Raised with each head.
    pub version: i64,
    /// Entries up to and with this head.
    pub count: u64,
    /// The head, 64 hexadecimal digits.
    pub head: String,
    /// The full hour.
    pub hour: DateTime<Utc>,
    /// The id of the key that signed it, 16 hexadecimal digits.
    pub key: String,
    /// The signature, 128 hexadecimal digits.
    pub signature: String,
}

/// Somebody has to be called about an offer.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct CallTaskOpened {
    /// Which.
    pub task_id: CallTaskId,
    /// 1.
    pub version: i64,
    /// Her place in line.
    pub ticket_id: TicketId,
    /// Labour-market region of the work: whose account managers call.
    pub region: String,
    /// Which way is tried.
    pub rung: Rung,
    /// Until when she answers.
    pub answer_until: DateTime<Utc>,
}

/// That call is over: somebody was reached or not, or it is not needed any more.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct CallTaskClosed {
    /// Which.
    pub task_id: CallTaskId,
    /// 2.
    pub version: i64,
    /// What came of it; nothing when the offer was answered or over before anybody called.
    pub result: Option<CallResult>,
}

crate::intake::forgotten!(
    OpenHiring,
    "seeker_forgotten_by_open_hiring",
    "nl.openhiring.werkzoekende-vergeten.v1"
);
