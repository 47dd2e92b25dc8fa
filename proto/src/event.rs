//! Events: facts in the past tense, as structured CloudEvents by the NL GOV profile 1.1
//! (STANDARDS section 5).

use chrono::{DateTime, Utc};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize, de::DeserializeOwned};
use uuid::Uuid;

use crate::{EventId, Service};

/// The two streams.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Stream {
    /// Facts for every service: `DICHTERBIJ`, subjects `evt.>`, kept 30 days.
    Facts,
    /// Background facts (benefit as told, entry point): `DBJ_BACKGROUND`, subjects `bg.>`, kept
    /// 7 days, readable only by `monitor` and `placements`.
    Background,
}

impl Stream {
    /// Both.
    pub const ALL: [Self; 2] = [Self::Facts, Self::Background];

    /// The first part of the subject below the root.
    pub const fn subject_part(self) -> &'static str {
        match self {
            Self::Facts => "evt",
            Self::Background => "bg",
        }
    }

    /// The one that captures this subject below the root.
    pub fn of_subject(below_root: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|stream| below_root.split('.').next() == Some(stream.subject_part()))
    }
}

/// A published fact about one aggregate: its version and its public state.
pub trait Fact: Serialize + DeserializeOwned + JsonSchema + Send + Sync + 'static {
    /// Who says so.
    const BY: Service;
    /// English, past tense, snake case: `opening_published`.
    const NAME: &'static str;
    /// Raised on an incompatible change; both versions are then published for a while.
    const VERSION: u16;
    /// The CloudEvents type in Dutch, reverse domain name with version:
    /// `nl.vacatures.vacature-gepubliceerd.v1`.
    const DUTCH_TYPE: &'static str;
    /// Where it is published.
    const STREAM: Stream = Stream::Facts;
    /// Whether everything published before about this aggregate is purged (DESIGN rule 4).
    const ERASES: bool = false;
    /// Whether it only confirms an erasure: it stays when its aggregate is purged.
    const CONFIRMS_ERASURE: bool = false;

    /// The aggregate it is about.
    fn aggregate_id(&self) -> Uuid;
    /// The aggregate's version after this fact; readers take only a newer one.
    fn aggregate_version(&self) -> i64;

    /// The subject below the root: `evt.vacancies.opening_published.v1.<id>`.
    fn subject(&self) -> String {
        format!(
            "{}.{}.{}.v{}.{}",
            Self::STREAM.subject_part(),
            Self::BY.name(),
            Self::NAME,
            Self::VERSION,
            self.aggregate_id()
        )
    }

    /// The filter that catches this fact about every aggregate.
    fn filter() -> String {
        format!("{}.{}.{}.v{}.*", Self::STREAM.subject_part(), Self::BY.name(), Self::NAME, Self::VERSION)
    }
}

/// The absolute URI that names the schema of an event, `urn:dichterbij:schema:opening_published.v1`; the
/// schema itself is `schemas/events/opening_published.v1.json`. A name and no address: it stays the same
/// wherever the catalogue is published.
pub fn schema_uri(name: &str, version: u16) -> String {
    format!("urn:dichterbij:schema:{name}.v{version}")
}

/// A structured CloudEvent. Attribute names are the specification's.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct CloudEvent<T> {
    /// Always `1.0`.
    pub specversion: String,
    /// UUIDv7; also the `Nats-Msg-Id` and the key of outbox and inbox.
    pub id: EventId,
    /// URN of organisation and system: `urn:nld:oin:…:systeem:dichterbij-intake`.
    pub source: String,
    /// Dutch, with version: `nl.vacatures.vacature-gepubliceerd.v1`.
    #[serde(rename = "type")]
    pub kind: String,
    /// The aggregate's id; opaque.
    pub subject: Uuid,
    /// The moment of recording, in UTC.
    pub time: DateTime<Utc>,
    /// Always `application/json`.
    pub datacontenttype: String,
    /// The URI of the event's JSON Schema: [`schema_uri`].
    pub dataschema: String,
    /// W3C trace context, so that a reader's span links to its cause.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub traceparent: Option<String>,
    /// Version and public state of the aggregate.
    pub data: T,
}

impl<T: Fact> CloudEvent<T> {
    /// Wraps a fact. `organisation` is the URN of who runs the installation.
    pub fn new(
        id: EventId,
        time: DateTime<Utc>,
        organisation: &str,
        traceparent: Option<String>,
        data: T,
    ) -> Self {
        Self {
            specversion: "1.0".to_owned(),
            id,
            source: format!("{organisation}:systeem:dichterbij-{}", T::BY.name()),
            kind: T::DUTCH_TYPE.to_owned(),
            subject: data.aggregate_id(),
            time,
            datacontenttype: "application/json".to_owned(),
            dataschema: schema_uri(T::NAME, T::VERSION),
            traceparent,
            data,
        }
    }
}
