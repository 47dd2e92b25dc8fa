//! The checked-in schemas, samples and catalogue page say what the Rust types say.

use std::{
    fs,
    path::{Path, PathBuf},
};

use dichterbij::schemas;
use jsonschema::Validator;
use portal::web::staff::csv_file::{self, CsvFile};
use proto::catalogue::{EVENTS, EventSpec, event_by_dutch_type};
use reference::Vocabulary;
use serde_json::Value;

/// Words that name something about one person. None may be a field of an event or of an example.
const PERSONAL: [&str; 22] = [
    "address",
    "age",
    "birth",
    "bsn",
    "call_me",
    "city",
    "code",
    "contact",
    "date_of_birth",
    "description",
    "email",
    "first_name",
    "gender",
    "health",
    "name",
    "needs",
    "number",
    "phone",
    "postcode",
    "street",
    "text",
    "to",
];

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../..")
}

fn read(path: &str) -> String {
    let path = root().join(path);
    fs::read_to_string(&path).unwrap_or_else(|error| panic!("{}: {error}", path.display()))
}

fn json(path: &str) -> Value {
    serde_json::from_str(&read(path)).unwrap()
}

fn sample(event: &EventSpec) -> String {
    read(&format!("schemas/samples/{}.json", event.versioned_name()))
}

fn schema(event: &EventSpec) -> Value {
    json(&format!("schemas/events/{}.json", event.versioned_name()))
}

fn validator(schema: &Value) -> Validator {
    jsonschema::options().should_validate_formats(true).build(schema).unwrap()
}

fn problems(validator: &Validator, instance: &Value) -> Vec<String> {
    validator.iter_errors(instance).map(|error| format!("{}: {error}", error.instance_path())).collect()
}

#[test]
fn what_is_checked_in_is_what_the_types_say() {
    schemas::check(&root().join("schemas")).unwrap_or_else(|error| panic!("{error}"));
}

#[test]
fn drift_is_told_by_file_and_with_what_to_do() {
    let folder = std::env::temp_dir().join(format!("dbj-schemas-{}", std::process::id()));
    let dir = folder.join("schemas");
    let arguments = |check| schemas::Arguments { dir: dir.clone(), check };
    fs::create_dir_all(folder.join("docs")).unwrap();
    schemas::run(&arguments(false)).unwrap();
    schemas::run(&arguments(true)).unwrap();
    fs::write(dir.join("events/opening_closed.v1.json"), "{}").unwrap();
    fs::write(dir.join("events/opening_dreamt.v1.json"), "{}").unwrap();
    let error = schemas::run(&arguments(true)).unwrap_err().to_string();
    for part in ["make generate", "opening_closed.v1.json", "opening_dreamt.v1.json"] {
        assert!(error.contains(part), "{error}");
    }
    schemas::run(&arguments(false)).unwrap();
    assert!(!dir.join("events/opening_dreamt.v1.json").exists());
    schemas::run(&arguments(true)).unwrap();
    fs::remove_dir_all(folder).unwrap();
}

#[test]
fn every_event_has_a_sample_and_no_sample_is_left_over() {
    let mut there: Vec<String> = fs::read_dir(root().join("schemas/samples"))
        .unwrap()
        .map(|entry| entry.unwrap().file_name().into_string().unwrap())
        .collect();
    there.sort();
    let mut wanted: Vec<String> =
        EVENTS.iter().map(|event| format!("{}.json", event.versioned_name())).collect();
    wanted.sort();
    assert_eq!(there, wanted);
}

#[test]
fn every_sample_fits_its_schema_and_a_spoiled_one_does_not() {
    for event in EVENTS {
        let validator = validator(&schema(event));
        let mut instance: Value = serde_json::from_str(&sample(event)).unwrap();
        assert_eq!(problems(&validator, &instance), Vec::<String>::new(), "{}", event.name);
        for (attribute, wrong) in
            [("type", "nl.vacatures.vacature-gedroomd.v1"), ("time", "2026-11-20T09:14:33+01:00")]
        {
            let right = instance[attribute].take();
            instance[attribute] = wrong.into();
            assert!(!validator.is_valid(&instance), "{} with another {attribute}", event.name);
            instance[attribute] = right;
        }
        let version = instance["data"].as_object_mut().unwrap().remove("version");
        assert!(version.is_some() && !validator.is_valid(&instance), "{} without a version", event.name);
    }
}

#[test]
fn every_sample_is_read_and_written_back_unchanged() {
    for event in EVENTS {
        let sample = sample(event);
        assert_eq!(event.read_and_write(&sample).unwrap(), sample.trim_end(), "{}", event.name);
    }
}

#[test]
fn every_sample_is_a_cloud_event_of_the_standard_and_of_the_dutch_profile() {
    let standard = root().join("../shared/data/standards/cloudevents/cloudevents-1.0.json-schema.json");
    let text = fs::read_to_string(&standard).ok();
    if text.is_none() {
        eprintln!("{} is not on this machine: the standard's own schema was not asked", standard.display());
    }
    let standard = text.map(|text| validator(&serde_json::from_str(&text).unwrap()));
    for event in EVENTS {
        let instance: Value = serde_json::from_str(&sample(event)).unwrap();
        if let Some(standard) = &standard {
            assert_eq!(problems(standard, &instance), Vec::<String>::new(), "{}", event.name);
        }
        let attribute =
            |name: &str| instance[name].as_str().unwrap_or_else(|| panic!("{}: no {name}", event.name));
        assert_eq!(event_by_dutch_type(attribute("type")).unwrap().name, event.name);
        assert!(attribute("source").starts_with("urn:nld:oin:"), "{}", event.name);
        assert!(
            attribute("source").ends_with(&format!(":systeem:dichterbij-{}", event.by)),
            "{}",
            event.name
        );
        assert_eq!(attribute("dataschema"), schema(event)["$id"], "{}", event.name);
        assert!(attribute("time").ends_with('Z'), "{}: time is UTC", event.name);
        for name in instance.as_object().unwrap().keys() {
            let fits = name.len() <= 20 && name.chars().all(|c| c.is_ascii_lowercase() || c.is_ascii_digit());
            assert!(fits, "{}: attribute {name}", event.name);
        }
        let id = attribute("id");
        assert_eq!((id.len(), &id[14..15]), (36, "7"), "{}: an event's id is a UUIDv7", event.name);
        assert!(sample(event).len() < 64 * 1024, "{}: not every intermediary forwards more", event.name);
    }
}

#[test]
fn samples_use_tasks_that_exist() {
    let vocabulary = Vocabulary::built_in();
    for event in EVENTS {
        let instance: Value = serde_json::from_str(&sample(event)).unwrap();
        for task in instance["data"]["tasks"].as_array().into_iter().flatten() {
            assert!(vocabulary.task(task.as_str().unwrap()).is_some(), "{}: {task}", event.name);
        }
    }
}

fn keys<'a>(value: &'a Value, found: &mut Vec<&'a str>) {
    match value {
        Value::Object(map) => {
            for (key, value) in map {
                found.push(key);
                keys(value, found);
            }
        }
        Value::Array(items) => items.iter().for_each(|item| keys(item, found)),
        _ => {}
    }
}

#[test]
fn no_event_has_a_field_for_personal_data() {
    for event in EVENTS {
        let instance: Value = serde_json::from_str(&sample(event)).unwrap();
        let mut found = Vec::new();
        keys(&instance["data"], &mut found);
        // The schema knows fields that this sample happens not to use.
        let schema = schema(event);
        let definitions = schema["$defs"].as_object().unwrap().values();
        let objects = definitions.flat_map(|each| {
            let variants = each["oneOf"].as_array().into_iter().flatten();
            std::iter::once(each).chain(variants)
        });
        let properties = objects.filter_map(|each| each["properties"].as_object());
        found.extend(properties.flat_map(|properties| properties.keys().map(String::as_str)));
        assert!(!found.is_empty());
        for field in found {
            assert!(!PERSONAL.contains(&field), "{} has a field {field}", event.name);
        }
    }
}

#[test]
fn the_asyncapi_document_names_every_event_and_points_to_files_that_exist() {
    let document = json("schemas/asyncapi.json");
    assert_eq!(document["channels"].as_object().unwrap().len(), EVENTS.len());
    for event in EVENTS {
        let name = event.versioned_name();
        let channel = &document["channels"][&name];
        let address = channel["address"].as_str().unwrap();
        assert!(address.starts_with(&format!("dbj.{}.", event.stream.subject_part())), "{address}");
        let file = channel["messages"][&name]["payload"]["$ref"].as_str().unwrap();
        assert!(root().join("schemas").join(file).is_file(), "{file}");
        assert!(document["operations"][format!("{}.says.{name}", event.by)].is_object(), "{name}");
    }
}

#[test]
fn a_row_of_the_example_file_fits_and_one_without_a_required_cell_does_not() {
    let schema = json("schemas/import/openings.json");
    let validator = validator(&schema);
    let mut row = serde_json::json!({
        "kenmerk": "W-1", "kvk": "90001234", "werkgever": "Bakkerij De Korenbloem", "functie": "Medewerker bakkerij",
        "soort": "open hiring", "taken": "schoonmaken.ramen", "omschrijving": "", "postcode": "1315 RC", "uren_min": "16",
        "uren_max": "24", "dagdelen": "ochtend|weekend", "begint": "7-12-2026", "sluit": "", "plaatsen": "2",
        "uurloon": "15,20",
    });
    assert_eq!(problems(&validator, &row), Vec::<String>::new());
    row.as_object_mut().unwrap().remove("kvk");
    assert!(!validator.is_valid(&row));
}

#[test]
fn the_catalogue_page_tells_of_every_event() {
    let page = read("docs/events.md");
    for event in EVENTS {
        for part in [event.dutch_type, &format!("## {}", event.versioned_name())] {
            assert!(page.contains(part), "{part}");
        }
    }
}

#[test]
fn the_example_file_that_the_portal_gives_fits_the_schema() {
    let validator = validator(&json("schemas/import/openings.json"));
    let today = chrono::NaiveDate::from_ymd_opt(2026, 12, 7).unwrap();
    let file = CsvFile::read(&csv_file::example(today)).unwrap();
    let mut rows = 0;
    for (_, portion) in file.portions() {
        for cells in portion {
            let names = file.headings.iter().cloned();
            let row: serde_json::Map<String, Value> = names.zip(cells.into_iter().map(Value::from)).collect();
            assert_eq!(problems(&validator, &Value::Object(row)), Vec::<String>::new());
            rows += 1;
        }
    }
    assert!(rows > 0);
}
