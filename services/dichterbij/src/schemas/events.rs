//! The JSON Schema of one kind of event: the whole CloudEvent as it stands on the bus.

use proto::catalogue::EventSpec;
use serde_json::{Value, json};

/// The schema with everything that is fixed for this event said as such.
pub(super) fn schema(event: &EventSpec) -> Value {
    let mut schema = event.schema().to_value();
    let uri = proto::event::schema_uri(event.name, event.version);
    schema["$id"] = json!(uri);
    schema["title"] = json!(event.dutch_type);
    schema["description"] = json!(meaning(event));
    for (name, rule) in [
        ("specversion", json!({ "const": "1.0" })),
        ("type", json!({ "const": event.dutch_type })),
        ("datacontenttype", json!({ "const": "application/json" })),
        ("dataschema", json!({ "const": uri })),
        ("source", json!({ "pattern": format!("^urn:nld:[a-z]+:.+:systeem:dichterbij-{}$", event.by) })),
        ("time", json!({ "pattern": "Z$" })),
    ] {
        let property = schema["properties"][name].as_object_mut().expect("a CloudEvent has this attribute");
        property.extend(rule.as_object().expect("a rule is an object").clone());
    }
    schema
}

/// What the event states, in the words of its type's documentation.
pub(super) fn meaning(event: &EventSpec) -> String {
    let schema = event.schema().to_value();
    let text = data(&schema)["description"].as_str().expect("every fact is documented");
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// The schema of the fact itself, within the schema of its event.
pub(super) fn data(schema: &Value) -> &Value {
    follow(schema, &schema["properties"]["data"])
}

/// What a reference within the schema points to.
pub(super) fn follow<'a>(schema: &'a Value, property: &'a Value) -> &'a Value {
    match property["$ref"].as_str().and_then(|reference| reference.strip_prefix('#')) {
        Some(pointer) => schema.pointer(pointer).expect("references point into the schema"),
        None => property,
    }
}

/// The fields of the fact, by name, with whether each must be there.
pub(super) fn fields(schema: &Value) -> Vec<(&str, &Value, bool)> {
    let data = data(schema);
    let is_required = |name: &str| {
        data["required"].as_array().is_some_and(|names| names.iter().any(|required| required == name))
    };
    let properties = data["properties"].as_object().expect("a fact is an object");
    let mut fields: Vec<_> =
        properties.iter().map(|(name, value)| (name.as_str(), value, is_required(name))).collect();
    fields.sort_unstable_by_key(|(name, ..)| *name);
    fields
}
