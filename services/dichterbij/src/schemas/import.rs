//! The file in which openings are brought in, as the JSON Schema of one row.

use proto::vacancies::ImportColumn;
use serde_json::{Map, Value, json};

/// The schema. Cells are text as typed; what is looser than a pattern says (spaces, capitals) is accepted all the same.
pub(super) fn openings() -> Value {
    let mut properties = Map::new();
    for column in ImportColumn::ALL {
        let mut rules = form(column);
        rules["type"] = json!("string");
        rules["description"] = json!(meaning(column));
        properties.insert(column.name().to_owned(), rules);
    }
    let names = |wanted: &dyn Fn(&ImportColumn) -> bool| {
        let columns = ImportColumn::ALL.into_iter().filter(wanted);
        columns.map(ImportColumn::name).collect::<Vec<_>>()
    };
    json!({
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "$id": "/schemas/import/openings.json",
        "title": "A row of a file with openings",
        "description": "A CSV file in UTF-8 (with or without byte order mark) or Windows-1252, separated by \
            semicolons, commas or tabs. The first row has the headings; their order, capitals and spaces do not matter, and columns with other headings are \
            confirmed or left unused when the file is brought in. Every row gets its own \
            outcome in the report; a row that is refused keeps no other row out. Bringing in the same file again changes \
            nothing.",
        "type": "object",
        "properties": properties,
        "required": names(&|column| column.is_required()),
        "additionalProperties": true,
        "x-columns": names(&|_| true),
    })
}

/// What stands in the column, in the words of its type's documentation.
fn meaning(column: ImportColumn) -> String {
    let schema = schemars::schema_for!(ImportColumn).to_value();
    let choices = schema["oneOf"].as_array().expect("every column is documented");
    let choice = choices.iter().find(|choice| choice["const"] == column.name());
    let text = choice.and_then(|choice| choice["description"].as_str()).expect("every column is documented");
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// What a cell looks like. An empty cell of a column that may be left out means "not told".
fn form(column: ImportColumn) -> Value {
    let day = r"^(\d{4}-\d{2}-\d{2}|\d{1,2}-\d{1,2}-\d{4})?$";
    match column {
        ImportColumn::Kenmerk => json!({ "minLength": 1, "maxLength": 100, "examples": ["W-2026-0417"] }),
        ImportColumn::Kvk => json!({ "pattern": r"^\d{8}$", "examples": ["90001234"] }),
        ImportColumn::Werkgever => json!({ "minLength": 1, "examples": ["Bakkerij De Korenbloem"] }),
        ImportColumn::Functie => {
            json!({ "minLength": 1, "maxLength": 120, "examples": ["Medewerker bakkerij"] })
        }
        ImportColumn::Soort => json!({ "enum": ["gewoon", "open hiring"] }),
        ImportColumn::Taken => {
            json!({ "minLength": 1, "examples": ["schoonmaken.ramen|schoonmaken.vloeren"] })
        }
        ImportColumn::Omschrijving => json!({ "maxLength": 2000 }),
        ImportColumn::Postcode => {
            json!({ "pattern": r"^[1-9]\d{3}( ?[A-Za-z]{2})?$", "examples": ["1315", "1315 RC"] })
        }
        ImportColumn::UrenMin | ImportColumn::UrenMax => {
            json!({ "pattern": r"^\d{1,2}$", "examples": ["24"] })
        }
        ImportColumn::Dagdelen => json!({
            "pattern": r"^(ochtend|middag|avond|nacht|weekend)(\|(ochtend|middag|avond|nacht|weekend))*$",
            "examples": ["ochtend|middag"],
        }),
        ImportColumn::Begint | ImportColumn::Sluit => {
            json!({ "pattern": day, "examples": ["2026-12-07", "7-12-2026"] })
        }
        ImportColumn::Plaatsen => json!({ "pattern": r"^(\d{1,3})?$", "examples": ["2"] }),
        ImportColumn::Uurloon => json!({ "pattern": r"^(\d{1,3}([,.]\d{1,2})?)?$", "examples": ["15,20"] }),
    }
}
