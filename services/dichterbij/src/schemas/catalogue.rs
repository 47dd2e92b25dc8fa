//! The catalogue page of events: what each means, who says it, who hears it.

use std::fmt::Write as _;

use proto::{
    Stream,
    catalogue::{EVENTS, EventSpec, READINGS},
    permissions::Names,
};
use serde_json::Value;

use super::{asyncapi::reads, events};

const OPENING: &str = "\
# Events

Facts that services state on the bus, each as a structured CloudEvent by the NL GOV profile 1.1. This page is written by
`make generate` from `proto` and its documentation; change it there.

How to read one:

- `type` is the Dutch name below; `id` is a UUIDv7 and the message id of the stream; `subject` is the id of what the event is
  about; `time` is the moment of recording in UTC, not of the occurrence.
- `data` is the version and the public state *after* the fact. A reader that keeps state takes only a newer `version` and
  knows each `id` once: an event can come twice, and out of order across subjects.
- A version number changes only when a reader could break; both versions are then sent for a while.
- No event holds a name, contact data, an address, a postcode or a need. Events about background go on a stream of their
  own, `DBJ_BACKGROUND`, for figures only.

Schemas stand in `schemas/events/`, an example of each in `schemas/samples/`, all subjects in `schemas/asyncapi.json`.
";

/// The page.
pub(super) fn page() -> String {
    let mut page = String::from(OPENING);
    page.push_str("\n| event | type | says | hears |\n|---|---|---|---|\n");
    for event in EVENTS {
        let anchor = event.versioned_name().replace('.', "");
        let line = format!(
            "| [`{}`](#{anchor}) | `{}` | {} | {} |",
            event.versioned_name(),
            event.dutch_type,
            event.by,
            hearers(event)
        );
        writeln!(page, "{line}").expect("writing to a String");
    }
    for event in EVENTS {
        page.push_str(&section(event));
    }
    page
}

/// The subject on the bus, with a place for the aggregate's id.
pub(super) fn subject(event: &EventSpec) -> String {
    let filter = Names::default().subject(&event.filter());
    filter.strip_suffix('*').expect("a filter ends with the aggregate").to_owned() + "{aggregate}"
}

fn hearers(event: &EventSpec) -> String {
    let names: Vec<_> =
        READINGS.iter().filter(|reading| reads(reading, event)).map(|reading| reading.by.name()).collect();
    if names.is_empty() { "nobody yet".to_owned() } else { names.join(", ") }
}

fn section(event: &EventSpec) -> String {
    let schema = event.schema().to_value();
    let stream = match event.stream {
        Stream::Facts => "kept 30 days",
        Stream::Background => "kept 7 days, for figures only",
    };
    let mut text = format!(
        "\n## {name}\n\n{meaning}\n\n- type: `{dutch}`\n- subject: `{subject}`, on `{stream_name}` ({stream})\n- said by: \
         {by}; heard by: {hears}\n- schema: [`{name}.json`](../schemas/events/{name}.json), example: \
         [`{name}.json`](../schemas/samples/{name}.json)\n\n| field | form | always there | meaning |\n|---|---|---|---|\n",
        name = event.versioned_name(),
        meaning = events::meaning(event),
        dutch = event.dutch_type,
        subject = subject(event),
        stream_name = Names::default().stream(event.stream),
        by = event.by,
        hears = hearers(event),
    );
    for (name, field, required) in events::fields(&schema) {
        let said = field["description"].as_str().unwrap_or_default();
        let meaning = said.split_whitespace().collect::<Vec<_>>().join(" ").replace('|', "\\|");
        let required = if required { "yes" } else { "no" };
        writeln!(text, "| `{name}` | {} | {required} | {meaning} |", form(&schema, field))
            .expect("writing to a String");
    }
    text
}

/// The form of a field in a few words.
fn form(schema: &Value, field: &Value) -> String {
    let target = events::follow(schema, field);
    if let Some(options) = field["anyOf"].as_array() {
        let forms: Vec<_> = options
            .iter()
            .filter(|option| option["type"] != "null")
            .map(|option| form(schema, option))
            .collect();
        return forms.join(" or ") + ", or null";
    }
    if let Some(choices) = target["enum"].as_array() {
        let names: Vec<_> =
            choices.iter().filter_map(Value::as_str).map(|name| format!("`{name}`")).collect();
        return format!("one of {}", names.join(", "));
    }
    if let Some(choices) = target["oneOf"].as_array() {
        let name = |choice: &Value| {
            let tagged =
                choice["properties"].as_object().into_iter().flat_map(|properties| properties.values());
            let consts = std::iter::once(choice).chain(tagged).filter_map(|part| part["const"].as_str());
            consts.map(|name| format!("`{name}`")).next()
        };
        let names: Vec<_> = choices.iter().filter_map(name).collect();
        return format!("one of {}", names.join(", "));
    }
    let nullable = target["type"].as_array().is_some_and(|types| types.iter().any(|kind| kind == "null"));
    let kind = match &target["type"] {
        Value::Array(types) => types.iter().find_map(|kind| kind.as_str().filter(|kind| *kind != "null")),
        kind => kind.as_str(),
    };
    let text = match (kind, target["format"].as_str()) {
        (Some("string"), Some("uuid")) => "UUID".to_owned(),
        (Some("string"), Some("date")) => "date".to_owned(),
        (Some("string"), Some("date-time")) => "moment (RFC 3339, UTC)".to_owned(),
        (Some("integer"), _) => "whole number".to_owned(),
        (Some("number"), _) => "number".to_owned(),
        (Some("boolean"), _) => "true or false".to_owned(),
        (Some("array"), _) => format!("list of {}", form(schema, &target["items"])),
        (Some("object"), _) => {
            let names: Vec<_> = target["properties"].as_object().map_or_else(Vec::new, |properties| {
                let mut names: Vec<_> = properties.keys().map(|name| format!("`{name}`")).collect();
                names.sort_unstable();
                names
            });
            format!("object of {}", names.join(", "))
        }
        _ => "text".to_owned(),
    };
    if nullable { text + ", or null" } else { text }
}
