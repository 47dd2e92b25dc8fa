//! All events and their subjects as one `AsyncAPI` 3.0 document.

use proto::catalogue::{EVENTS, EventSpec, READINGS};
use serde_json::{Map, Value, json};

use super::events;

/// The document.
pub(super) fn document() -> Value {
    let mut channels = Map::new();
    let mut operations = Map::new();
    for event in EVENTS {
        let name = event.versioned_name();
        let channel = json!({ "$ref": format!("#/channels/{name}") });
        channels.insert(name.clone(), self::channel(event));
        let tag = |service: &str| json!([{ "name": service }]);
        operations.insert(
            format!("{}.says.{name}", event.by),
            json!({ "action": "send", "channel": channel, "tags": tag(event.by.name()) }),
        );
        for reading in READINGS.iter().filter(|reading| reads(reading, event)) {
            operations.insert(
                format!("{}.hears.{name}", reading.by),
                json!({ "action": "receive", "channel": channel, "tags": tag(reading.by.name()) }),
            );
        }
    }
    json!({
        "asyncapi": "3.0.0",
        "info": {
            "title": "Dichterbij: events",
            "version": env!("CARGO_PKG_VERSION"),
            "description": "Facts on the bus: structured CloudEvents by the NL GOV profile on NATS JetStream. \
                What each means stands in docs/events.md.",
            "license": { "name": "EUPL-1.2" },
        },
        "defaultContentType": "application/cloudevents+json",
        "channels": channels,
        "operations": operations,
    })
}

/// Whether this reading catches this event.
pub(super) fn reads(reading: &proto::catalogue::Reading, event: &EventSpec) -> bool {
    reading.stream == event.stream && reading.events.contains(&event.name)
}

fn channel(event: &EventSpec) -> Value {
    let name = event.versioned_name();
    json!({
        "address": super::catalogue::subject(event),
        "description": events::meaning(event),
        "parameters": { "aggregate": { "description": "The id of what the event is about." } },
        "messages": {
            name.clone(): {
                "name": event.dutch_type,
                "title": event.name,
                "contentType": "application/cloudevents+json",
                "payload": { "$ref": format!("./events/{name}.json") },
            },
        },
    })
}
