//! Every event and call there is, as tables: for permissions, schemas and the catalogue page.

use schemars::{JsonSchema, Schema, generate::SchemaSettings};
use uuid::Uuid;

use crate::{
    CallSpec, Fact, Service, Stream, dead_letters, intake, matcher, notifier, open_hiring, portal, vacancies,
};

/// One kind of event.
#[derive(Debug, Clone, Copy)]
pub struct EventSpec {
    /// Who publishes it.
    pub by: Service,
    /// English name: `opening_published`.
    pub name: &'static str,
    /// Its version.
    pub version: u16,
    /// The CloudEvents type.
    pub dutch_type: &'static str,
    /// Where it is published.
    pub stream: Stream,
    /// Whether everything published before about its aggregate is purged.
    pub erases: bool,
    /// Whether it only confirms an erasure, and stays.
    pub confirms_erasure: bool,
    schema: fn() -> Schema,
    reads: fn(&str) -> Result<String, serde_json::Error>,
}

impl EventSpec {
    const fn of<T: Fact>() -> Self {
        Self {
            by: T::BY,
            name: T::NAME,
            version: T::VERSION,
            dutch_type: T::DUTCH_TYPE,
            stream: T::STREAM,
            erases: T::ERASES,
            confirms_erasure: T::CONFIRMS_ERASURE,
            schema: schema_of::<crate::CloudEvent<T>>,
            reads: |json| {
                let event: crate::CloudEvent<T> = serde_json::from_str(json)?;
                serde_json::to_string_pretty(&event)
            },
        }
    }

    /// The subject filter below the root that catches it about every aggregate.
    pub fn filter(&self) -> String {
        format!("{}.{}.{}.v{}.*", self.stream.subject_part(), self.by.name(), self.name, self.version)
    }

    /// The subject below the root about one aggregate.
    pub fn subject(&self, aggregate_id: Uuid) -> String {
        format!(
            "{}.{}.{}.v{}.{aggregate_id}",
            self.stream.subject_part(),
            self.by.name(),
            self.name,
            self.version
        )
    }

    /// Name and version as in file names: `opening_published.v1`.
    pub fn versioned_name(&self) -> String {
        format!("{}.v{}", self.name, self.version)
    }

    /// The JSON Schema of the whole CloudEvent.
    pub fn schema(&self) -> Schema {
        (self.schema)()
    }

    /// Reads an event and writes it again: golden samples must come back unchanged.
    pub fn read_and_write(&self, json: &str) -> Result<String, serde_json::Error> {
        (self.reads)(json)
    }
}

fn schema_of<T: JsonSchema>() -> Schema {
    SchemaSettings::draft2020_12().into_generator().into_root_schema_for::<T>()
}

/// Every kind of event, the map from English names to Dutch types.
pub const EVENTS: &[EventSpec] = &[
    EventSpec::of::<intake::ProfilePublished>(),
    EventSpec::of::<intake::SeekerErased>(),
    EventSpec::of::<intake::ContactConfirmed>(),
    EventSpec::of::<intake::ContactChanged>(),
    EventSpec::of::<intake::WaysChanged>(),
    EventSpec::of::<intake::EntryPointTold>(),
    EventSpec::of::<intake::BenefitTold>(),
    EventSpec::of::<intake::BackgroundErased>(),
    EventSpec::of::<vacancies::OpeningPublished>(),
    EventSpec::of::<vacancies::OpeningPaused>(),
    EventSpec::of::<vacancies::OpeningClosed>(),
    EventSpec::of::<vacancies::RequirementDropped>(),
    EventSpec::of::<vacancies::HoursChanged>(),
    EventSpec::of::<vacancies::RouteChanged>(),
    EventSpec::of::<vacancies::ImportProgressed>(),
    EventSpec::of::<open_hiring::QueueChanged>(),
    EventSpec::of::<open_hiring::TicketChanged>(),
    EventSpec::of::<open_hiring::TicketErased>(),
    EventSpec::of::<open_hiring::HeadPublished>(),
    EventSpec::of::<open_hiring::CallTaskOpened>(),
    EventSpec::of::<open_hiring::CallTaskClosed>(),
    EventSpec::of::<open_hiring::SeekerForgotten>(),
    EventSpec::of::<matcher::ProposalShown>(),
    EventSpec::of::<matcher::ProposalMarked>(),
    EventSpec::of::<matcher::ProposalErased>(),
    EventSpec::of::<matcher::SeekerForgotten>(),
    EventSpec::of::<notifier::MessageSent>(),
    EventSpec::of::<notifier::SeekerForgotten>(),
    EventSpec::of::<portal::SeekerForgotten>(),
];

/// Every call.
pub fn calls() -> impl Iterator<Item = &'static CallSpec> {
    let own =
        [intake::CALLS, vacancies::CALLS, open_hiring::CALLS, matcher::CALLS, notifier::CALLS, portal::CALLS];
    own.into_iter().flatten().chain(dead_letters::CALLS)
}

/// A service's durable reading of a stream. One consumer per row, made by the administrator.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Reading {
    /// Who reads.
    pub by: Service,
    /// From which stream.
    pub stream: Stream,
    /// Whose events, by English name.
    pub events: &'static [&'static str],
}

impl Reading {
    /// The durable consumer's name; one per service and stream.
    pub fn durable(&self) -> String {
        match self.stream {
            Stream::Facts => self.by.name().to_owned(),
            Stream::Background => format!("{}--background", self.by.name()),
        }
    }

    /// The subject filters below the root, one per event.
    pub fn filters(&self) -> Vec<String> {
        EVENTS
            .iter()
            .filter(|event| event.stream == self.stream && self.events.contains(&event.name))
            .map(EventSpec::filter)
            .collect()
    }
}

/// Who reads what. What is not here cannot be read: the permissions follow from this table.
pub const READINGS: &[Reading] = &[
    Reading {
        by: Service::Intake,
        stream: Stream::Facts,
        events: &[
            "seeker_forgotten_by_open_hiring",
            "seeker_forgotten_by_matcher",
            "seeker_forgotten_by_notifier",
            "seeker_forgotten_by_portal",
            "ticket_changed",
            "ticket_erased",
        ],
    },
    Reading {
        by: Service::OpenHiring,
        stream: Stream::Facts,
        events: &[
            "contact_confirmed",
            "contact_changed",
            "ways_changed",
            "seeker_erased",
            "opening_published",
            "opening_paused",
            "opening_closed",
        ],
    },
    Reading {
        by: Service::Matcher,
        stream: Stream::Facts,
        events: &[
            "profile_published",
            "seeker_erased",
            "opening_published",
            "opening_paused",
            "opening_closed",
        ],
    },
    Reading {
        by: Service::Notifier,
        stream: Stream::Facts,
        events: &["seeker_erased", "proposal_marked", "ticket_changed", "ticket_erased"],
    },
    Reading { by: Service::Portal, stream: Stream::Facts, events: &["seeker_erased"] },
];

/// A service's reading of its own events back from a stream, to compare them with its outbox. One consumer per row,
/// made by the administrator; without content.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Audit {
    /// Whose events.
    pub by: Service,
    /// On which stream.
    pub stream: Stream,
}

impl Audit {
    /// The durable consumer's name.
    pub fn durable(&self) -> String {
        format!("audit--{}", self.by.name())
    }

    /// The subject filter below the root: everything that the service says on this stream.
    pub fn filter(&self) -> String {
        format!("{}.{}.>", self.stream.subject_part(), self.by.name())
    }
}

/// Who says something on which stream.
pub fn audits() -> impl Iterator<Item = Audit> {
    let pairs = Service::ALL.into_iter().flat_map(|by| Stream::ALL.map(|stream| Audit { by, stream }));
    pairs.filter(|audit| EVENTS.iter().any(|event| event.by == audit.by && event.stream == audit.stream))
}

/// The services that hear this event: for an erasure, those that must confirm it.
pub fn readers_of(event: &str) -> impl Iterator<Item = Service> {
    READINGS.iter().filter(move |reading| reading.events.contains(&event)).map(|reading| reading.by)
}

/// The event with this CloudEvents type.
pub fn event_by_dutch_type(dutch_type: &str) -> Option<&'static EventSpec> {
    EVENTS.iter().find(|event| event.dutch_type == dutch_type)
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;

    #[test]
    fn every_event_and_call_has_a_name_of_its_own() {
        let names: BTreeSet<_> = EVENTS.iter().map(EventSpec::versioned_name).collect();
        let types: BTreeSet<_> = EVENTS.iter().map(|event| event.dutch_type).collect();
        assert_eq!((names.len(), types.len()), (EVENTS.len(), EVENTS.len()));
        let subjects: BTreeSet<_> = calls().map(CallSpec::subject).collect();
        assert_eq!(subjects.len(), calls().count());
    }

    #[test]
    fn every_reading_names_events_that_exist() {
        for reading in READINGS {
            assert_eq!(reading.filters().len(), reading.events.len(), "{reading:?}");
        }
    }

    #[test]
    fn dutch_types_follow_the_profile() {
        for event in EVENTS {
            assert!(event.dutch_type.starts_with("nl."), "{}", event.dutch_type);
            assert!(event.dutch_type.ends_with(&format!(".v{}", event.version)), "{}", event.dutch_type);
        }
    }
}
