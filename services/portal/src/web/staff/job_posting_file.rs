//! A file of job postings as websites publish them (schema.org `JobPosting` in JSON-LD), made rows of the
//! columns we know. Pure.
//!
//! What such a file does not say stays empty and is asked afterwards: the times of day, and the tasks
//! unless the name of the job *is* the name of an occupation or a task. Nothing is guessed. Three
//! things are worked out, and told to the sender: those tasks, texts that were too long, and pay by the month or
//! another time than the hour, which goes into the text.

use proto::{FieldProblem, vacancies::ImportColumn};
use reference::{Lang, Reference};
use serde_json::Value;

use super::csv_file::{FIELD, MOST_BYTES, MOST_ROWS, cut};

/// How deep postings may stand in lists and graphs.
const DEEPEST: usize = 12;
/// Characters of a description that we keep.
const LONGEST_TEXT: usize = 2_000;
/// Tasks taken over from one occupation.
const MOST_TASKS: usize = 3;
/// Hours a week of a full-time job: Statistics Netherlands (CBS) counts 35 hours or more; 40 is the usual
/// most.
const FULL_TIME: (&str, &str) = ("35", "40");

/// A file of postings.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct JobPostingFile {
    /// The rows, with a cell for each of [`ImportColumn::ALL`].
    pub rows: Vec<Vec<String>>,
    /// In how many rows we chose the tasks by the name of the job.
    pub tasks_by_name: u32,
    /// In how many rows we cut the text.
    pub texts_cut: u32,
    /// In how many rows we put the pay into the text.
    pub pay_in_text: u32,
}

/// Whether these bytes are JSON rather than a table: their first character says so.
pub fn is_json(bytes: &[u8]) -> bool {
    let bytes = bytes.strip_prefix(b"\xef\xbb\xbf").unwrap_or(bytes);
    matches!(bytes.iter().find(|byte| !byte.is_ascii_whitespace()), Some(b'{' | b'['))
}

impl JobPostingFile {
    /// Reads a file: one posting, a list of them, or a graph.
    ///
    /// # Errors
    /// `file-large`; `file-json` with the line and the column where it goes wrong; `file-json-no-job`;
    /// `file-rows`.
    pub fn read(bytes: &[u8], reference: &Reference) -> Result<Self, FieldProblem> {
        let wrong = |code: &str| FieldProblem::new(FIELD, code);
        if bytes.len() > MOST_BYTES {
            return Err(wrong("file-large"));
        }
        let bytes = bytes.strip_prefix(b"\xef\xbb\xbf").unwrap_or(bytes);
        let value: Value = serde_json::from_slice(bytes)
            .map_err(|error| wrong("file-json").with("line", error.line()).with("column", error.column()))?;
        let mut found = Vec::new();
        collect(&value, 0, &mut found);
        if found.is_empty() {
            return Err(wrong("file-json-no-job"));
        }
        if found.len() > MOST_ROWS as usize {
            return Err(wrong("file-rows").with("max", MOST_ROWS));
        }
        let mut file = Self::default();
        for posting in found {
            let cells = file.row(posting, reference);
            file.rows.push(cells);
        }
        Ok(file)
    }

    fn row(&mut self, posting: &Value, reference: &Reference) -> Vec<String> {
        let title = first_text(posting, &["title", "name"]);
        let tasks = tasks(posting, &title, reference);
        self.tasks_by_name += u32::from(!tasks.is_empty());
        let (pay, pay_line) = match pay(posting) {
            Some(Pay { unit: PayUnit::Hour, from, .. }) => (from, String::new()),
            Some(pay) => (String::new(), pay.line()),
            None => Default::default(),
        };
        self.pay_in_text += u32::from(!pay_line.is_empty());
        let (description, is_cut) = fitting(&plain(&first_text(posting, &["description"])), &pay_line);
        self.texts_cut += u32::from(is_cut);
        let (hours_min, hours_max) = hours(posting);
        let organisation = one(&posting["hiringOrganization"]);
        let cell = |column: ImportColumn| match column {
            ImportColumn::Kenmerk => key(posting),
            ImportColumn::Kvk => kvk(organisation),
            ImportColumn::Werkgever => match organisation {
                Value::String(name) => name.trim().to_owned(),
                organisation => first_text(organisation, &["name", "legalName"]),
            },
            ImportColumn::Functie => plain(&title),
            ImportColumn::Soort => "gewoon".to_owned(),
            ImportColumn::Taken => tasks.clone(),
            ImportColumn::Omschrijving => description.clone(),
            ImportColumn::Postcode => postcode(posting),
            ImportColumn::UrenMin => hours_min.clone(),
            ImportColumn::UrenMax => hours_max.clone(),
            ImportColumn::Dagdelen => dayparts(posting),
            ImportColumn::Begint => day(&text(&posting["jobStartDate"])),
            ImportColumn::Sluit => day(&text(&posting["validThrough"])),
            ImportColumn::Plaatsen => text(&posting["totalJobOpenings"]),
            ImportColumn::Uurloon => pay.clone(),
        };
        ImportColumn::ALL.map(cell).to_vec()
    }
}

/// Every posting in a value, in order, wherever it stands.
fn collect<'a>(value: &'a Value, depth: usize, found: &mut Vec<&'a Value>) {
    if depth > DEEPEST {
        return;
    }
    match value {
        Value::Array(items) => items.iter().for_each(|item| collect(item, depth + 1, found)),
        Value::Object(_) if has_type(value, "JobPosting") => found.push(value),
        Value::Object(fields) => fields.values().for_each(|field| collect(field, depth + 1, found)),
        _ => {}
    }
}

/// Types are written bare, with a prefix, or as an address.
fn has_type(value: &Value, wanted: &str) -> bool {
    let names: Vec<&str> = match &value["@type"] {
        Value::String(name) => vec![name],
        Value::Array(names) => names.iter().filter_map(Value::as_str).collect(),
        _ => Vec::new(),
    };
    names.iter().any(|name| name.rsplit(['/', ':', '#']).next() == Some(wanted))
}

/// The first of several, where one is meant.
fn one(value: &Value) -> &Value {
    match value {
        Value::Array(items) => items.first().unwrap_or(&Value::Null),
        value => value,
    }
}

/// A value as text; numbers count, and `{"@value": …}`.
fn text(value: &Value) -> String {
    match one(value) {
        Value::String(text) => text.trim().to_owned(),
        Value::Number(number) => number.to_string(),
        Value::Object(fields) => fields.get("@value").map(text).unwrap_or_default(),
        _ => String::new(),
    }
}

fn first_text(value: &Value, names: &[&str]) -> String {
    names.iter().map(|name| text(&value[*name])).find(|text| !text.is_empty()).unwrap_or_default()
}

/// The sender's key: the identifier, or where the posting stands.
fn key(posting: &Value) -> String {
    let identifier = one(&posting["identifier"]);
    let own = match identifier {
        Value::Object(_) => first_text(identifier, &["value", "@value", "@id", "name"]),
        identifier => text(identifier),
    };
    let key = if own.is_empty() { first_text(posting, &["@id", "url"]) } else { own };
    // An address without what it begins with is as unique, and shorter.
    let bare = ["https://", "http://"].iter().find_map(|front| key.strip_prefix(front)).unwrap_or(&key);
    bare.to_owned()
}

/// The KVK number: an identifier of eight digits that says it is one, or that stands there by itself.
fn kvk(organisation: &Value) -> String {
    let candidates = match &organisation["identifier"] {
        Value::Array(items) => items.iter().collect(),
        Value::Null => Vec::new(),
        value => vec![value],
    };
    let digits = |text: String| {
        let digits: String =
            text.chars().filter(|letter| !letter.is_whitespace() && *letter != '.').collect();
        (digits.len() == 8 && digits.bytes().all(|digit| digit.is_ascii_digit())).then_some(digits)
    };
    let read = |candidate: &Value| match candidate {
        Value::Object(_) => {
            let says =
                format!("{} {}", text(&candidate["propertyID"]), text(&candidate["name"])).to_lowercase();
            let is_kvk = says.contains("kvk") || says.contains("koophandel") || says.trim().is_empty();
            digits(text(&candidate["value"])).filter(|_| is_kvk)
        }
        value => digits(text(value)),
    };
    candidates.into_iter().find_map(read).unwrap_or_default()
}

/// The postcode of the first place that has one.
fn postcode(posting: &Value) -> String {
    let places = match &posting["jobLocation"] {
        Value::Array(items) => items.iter().collect(),
        value => vec![value],
    };
    let of = |place: &Value| {
        let address = one(&place["address"]);
        let code = text(&address["postalCode"]);
        if code.is_empty() { text(&place["postalCode"]) } else { code }
    };
    places.into_iter().map(of).find(|code| !code.is_empty()).unwrap_or_default()
}

/// Hours a week: the numbers in `workHours`, or those of a full-time job where nothing else is said.
fn hours(posting: &Value) -> (String, String) {
    let said = text(&posting["workHours"]);
    // Hours of the clock (8:00) and numbers that no week has are no hours a week.
    let numbers: Vec<u32> = said
        .split(|letter: char| !letter.is_ascii_digit() && !matches!(letter, ':' | '.' | ','))
        .filter_map(|word| word.trim_matches([',', '.']).parse().ok())
        .filter(|number| (1..=48).contains(number))
        .collect();
    let is_week = !said.contains(':');
    match (numbers.as_slice(), is_week) {
        ([only], true) => (only.to_string(), only.to_string()),
        ([min, max], true) if min <= max => (min.to_string(), max.to_string()),
        _ => {
            let kinds = match &posting["employmentType"] {
                Value::Array(kinds) => kinds.iter().map(text).collect(),
                kind => vec![text(kind)],
            };
            let is_full = kinds.len() == 1 && kinds[0].to_uppercase().replace(['-', ' '], "_") == "FULL_TIME";
            if is_full { (FULL_TIME.0.to_owned(), FULL_TIME.1.to_owned()) } else { Default::default() }
        }
    }
}

/// The times of day that `workHours` names in words.
fn dayparts(posting: &Value) -> String {
    const WORDS: [(&str, &[&str]); 5] = [
        ("ochtend", &["ochtend", "morning"]),
        ("middag", &["middag", "afternoon"]),
        ("avond", &["avond", "evening"]),
        ("nacht", &["nacht", "night"]),
        ("weekend", &["weekend"]),
    ];
    let said = text(&posting["workHours"]).to_lowercase();
    let named = WORDS.iter().filter(|(_, words)| words.iter().any(|word| said.contains(word)));
    named.map(|(part, _)| *part).collect::<Vec<_>>().join("|")
}

/// The day of a moment (ISO 8601). A word like "immediately" is no day: the job then begins when one can.
fn day(moment: &str) -> String {
    let is_day = |letter: (usize, char)| match letter {
        (4 | 7, letter) => letter == '-',
        (_, letter) => letter.is_ascii_digit(),
    };
    let day = cut(moment, 10);
    if day.len() == 10 && day.char_indices().all(is_day) { day.to_owned() } else { String::new() }
}

/// Per what pay is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum PayUnit {
    Hour,
    Day,
    Week,
    Month,
    Year,
}

/// Pay in euros, as the file writes the numbers.
struct Pay {
    unit: PayUnit,
    from: String,
    to: String,
}

impl Pay {
    /// As it stands in the text of the opening: what it is an hour depends on hours that the file need not say.
    fn line(&self) -> String {
        let per = match self.unit {
            PayUnit::Hour => "per uur",
            PayUnit::Day => "per dag",
            PayUnit::Week => "per week",
            PayUnit::Month => "per maand",
            PayUnit::Year => "per jaar",
        };
        if self.to.is_empty() || self.to == self.from {
            format!("Loon: {} euro {per}.", self.from)
        } else {
            format!("Loon: {} tot {} euro {per}.", self.from, self.to)
        }
    }
}

/// What is paid, if the file says it in euros and per what. A number that is none says nothing.
fn pay(posting: &Value) -> Option<Pay> {
    let salary = one(&posting["baseSalary"]);
    let amount = one(&salary["value"]);
    let first = |values: &[&Value]| values.iter().map(|value| text(value)).find(|text| !text.is_empty());
    let currency =
        first(&[&salary["currency"], &amount["currency"], &posting["salaryCurrency"]]).unwrap_or_default();
    if !(currency.is_empty() || currency.to_uppercase() == "EUR") {
        return None;
    }
    let unit = match first(&[&amount["unitText"], &salary["unitText"]])?.to_uppercase().as_str() {
        "HOUR" => PayUnit::Hour,
        "DAY" => PayUnit::Day,
        "WEEK" => PayUnit::Week,
        "MONTH" => PayUnit::Month,
        "YEAR" => PayUnit::Year,
        _ => return None,
    };
    let (from, to) = match amount {
        Value::Object(_) => (first_text(amount, &["value", "minValue"]), first_text(amount, &["maxValue"])),
        amount => (text(amount), String::new()),
    };
    let euros = |text: String| text.replace('.', ",");
    let is_number = |text: &str| {
        text.starts_with(|letter: char| letter.is_ascii_digit())
            && text.len() <= 12
            && text.bytes().all(|byte| byte.is_ascii_digit() || byte == b'.')
    };
    // An hourly amount is judged with its row; a text takes numbers only.
    let known = unit == PayUnit::Hour || is_number(&from);
    let to = if is_number(&to) { to } else { String::new() };
    known.then(|| Pay { unit, from: euros(from), to: euros(to) })
}

/// The tasks of a job whose name, or the name of whose occupation, is that of a task or of an occupation
/// in the vocabulary; nothing when it only looks like one.
fn tasks(posting: &Value, title: &str, reference: &Reference) -> String {
    let named = |value: &Value| match one(value) {
        Value::Object(_) => first_text(one(value), &["name", "title"]),
        value => text(value),
    };
    let names =
        [title.to_owned(), named(&posting["relevantOccupation"]), named(&posting["occupationalCategory"])];
    for name in names.iter().map(|name| bare(name)).filter(|name| !name.is_empty()) {
        for lang in [Lang::Nl, Lang::En] {
            let is_it = |text: &str| bare(text) == name;
            let hits = reference.search(&name, lang, 10);
            let sure: Vec<&str> = hits
                .iter()
                .filter(|hit| {
                    hit.via.is_some_and(is_it) || is_it(&hit.task.label_nl) || is_it(&hit.task.label_en)
                })
                .map(|hit| hit.task.code.as_str())
                .take(MOST_TASKS)
                .collect();
            if !sure.is_empty() {
                return sure.join("|");
            }
        }
    }
    String::new()
}

/// A name without what is written around it: `Kok (m/v)`, `Kok m/v/x - fulltime`.
fn bare(name: &str) -> String {
    let name = name.to_lowercase();
    let name = name.split(['(', '[', '|']).next().unwrap_or_default();
    let name = name.split(" - ").next().unwrap_or_default().trim();
    let name = ["m/v/x", "m/v", "v/m"].iter().fold(name, |name, end| name.trim_end_matches(end).trim());
    name.trim_matches(|letter: char| !letter.is_alphanumeric()).to_owned()
}

/// Text without its markup. Blocks and line breaks become lines.
fn plain(html: &str) -> String {
    const BLOCKS: [&str; 12] = ["p", "br", "div", "li", "ul", "ol", "h1", "h2", "h3", "h4", "tr", "section"];
    let mut text = String::with_capacity(html.len());
    let mut rest = html;
    while let Some(at) = rest.find('<') {
        text.push_str(&rest[..at]);
        let inside = &rest[at + 1..];
        let is_tag =
            inside.starts_with(|letter: char| letter.is_ascii_alphabetic() || matches!(letter, '/' | '!'));
        if let Some(end) = inside.find('>').filter(|_| is_tag) {
            let name = inside[..end].trim_start_matches('/');
            let name = name.split(|letter: char| !letter.is_ascii_alphanumeric()).next().unwrap_or_default();
            if BLOCKS.contains(&name.to_lowercase().as_str()) {
                text.push('\n');
            }
            rest = &inside[end + 1..];
        } else {
            text.push('<');
            rest = inside;
        }
    }
    text.push_str(rest);
    let text = [
        ("&nbsp;", " "),
        ("&lt;", "<"),
        ("&gt;", ">"),
        ("&quot;", "\""),
        ("&#39;", "'"),
        ("&apos;", "'"),
        ("&euro;", "€"),
        ("&eacute;", "é"),
        ("&euml;", "ë"),
        ("&iuml;", "ï"),
        ("&ouml;", "ö"),
        ("&bull;", "•"),
        ("\u{a0}", " "),
        ("&amp;", "&"),
    ]
    .iter()
    .fold(text, |text, (entity, letter)| text.replace(entity, letter));
    let lines = text.lines().map(|line| line.split_whitespace().collect::<Vec<_>>().join(" "));
    lines.filter(|line| !line.is_empty()).collect::<Vec<_>>().join("\n")
}

/// A text that fits together with a last line, and whether it was cut: between two words, with dots.
fn fitting(text: &str, last_line: &str) -> (String, bool) {
    let end =
        if last_line.is_empty() || text.is_empty() { last_line.to_owned() } else { format!("\n{last_line}") };
    let room = LONGEST_TEXT - end.chars().count();
    if text.chars().count() <= room {
        return (format!("{text}{end}"), false);
    }
    let start = cut(text, room - 2);
    let whole = start.rfind(char::is_whitespace).map_or(start, |at| &start[..at]);
    (format!("{} …{end}", whole.trim_end()), true)
}

#[cfg(test)]
mod tests {
    use std::sync::LazyLock;

    use proptest::prelude::*;
    use serde_json::json;

    use super::*;

    static REFERENCE: LazyLock<Reference> = LazyLock::new(Reference::small);

    fn read(value: &Value) -> JobPostingFile {
        JobPostingFile::read(value.to_string().as_bytes(), &REFERENCE).unwrap()
    }

    fn cell(row: &[String], column: ImportColumn) -> &str {
        let at = ImportColumn::ALL.iter().position(|known| *known == column).unwrap();
        &row[at]
    }

    fn posting() -> Value {
        json!({
            "@context": "https://schema.org",
            "@type": "JobPosting",
            "title": "Medewerker bediening &amp; keuken (m/v)",
            "description": "<p>U werkt in een <b>klein</b> team.</p><ul><li>Vegen &lt; 1 uur</li><li>Dweilen</li></ul>",
            "identifier": { "@type": "PropertyValue", "name": "De Linde", "value": 4711 },
            "hiringOrganization": {
                "@type": "Organization",
                "name": "De Linde",
                "identifier": [
                    { "@type": "PropertyValue", "propertyID": "vestigingsnummer", "value": "87654321" },
                    { "@type": "PropertyValue", "propertyID": "KVK", "value": "1234 5678" }
                ]
            },
            "jobLocation": [
                { "@type": "Place", "address": { "addressLocality": "Almere" } },
                { "@type": "Place", "address": { "@type": "PostalAddress", "postalCode": "1315 RC" } }
            ],
            "workHours": "16 tot 24 uur per week, 's ochtends of in het weekend",
            "employmentType": ["PART_TIME", "TEMPORARY"],
            "jobStartDate": "2026-12-07",
            "validThrough": "2027-01-31T23:59:00+01:00",
            "totalJobOpenings": 2,
            "baseSalary": {
                "@type": "MonetaryAmount", "currency": "EUR",
                "value": { "@type": "QuantitativeValue", "minValue": 15.2, "maxValue": 17, "unitText": "HOUR" }
            }
        })
    }

    #[test]
    fn a_posting_becomes_a_row() {
        use ImportColumn::{
            Begint, Dagdelen, Functie, Kenmerk, Kvk, Omschrijving, Plaatsen, Postcode, Sluit, Soort, Taken,
            UrenMax, UrenMin, Uurloon, Werkgever,
        };
        let file = read(&posting());
        let expected = [
            (Kenmerk, "4711"),
            (Kvk, "12345678"),
            (Werkgever, "De Linde"),
            (Functie, "Medewerker bediening & keuken (m/v)"),
            (Soort, "gewoon"),
            (Taken, ""),
            (Omschrijving, "U werkt in een klein team.\nVegen < 1 uur\nDweilen"),
            (Postcode, "1315 RC"),
            (UrenMin, "16"),
            (UrenMax, "24"),
            (Dagdelen, "ochtend|weekend"),
            (Begint, "2026-12-07"),
            (Sluit, "2027-01-31"),
            (Plaatsen, "2"),
            (Uurloon, "15,2"),
        ];
        for (column, value) in expected {
            assert_eq!(cell(&file.rows[0], column), value, "{column:?}");
        }
        assert_eq!((file.tasks_by_name, file.texts_cut), (0, 0));
    }

    #[test]
    fn what_is_not_said_stays_empty_and_is_not_guessed() {
        use ImportColumn::{
            Begint, Dagdelen, Kenmerk, Kvk, Omschrijving, Postcode, UrenMax, UrenMin, Uurloon, Werkgever,
        };
        let bare = read(&json!({
            "@type": ["Thing", "http://schema.org/JobPosting"],
            "name": "Iets",
            "url": "https://voorbeeld.nl/banen/12",
            "hiringOrganization": "De Eik",
            "jobStartDate": "per direct",
            "workHours": "8:00 tot 17:00",
            "employmentType": "PART_TIME",
            "baseSalary": { "currency": "EUR", "value": { "value": 2600, "unitText": "MONTH" } }
        }));
        let row = &bare.rows[0];
        for column in [Kvk, Postcode, UrenMin, UrenMax, Dagdelen, Begint, Uurloon] {
            assert_eq!(cell(row, column), "", "{column:?}");
        }
        assert_eq!((cell(row, Werkgever), cell(row, Kenmerk)), ("De Eik", "voorbeeld.nl/banen/12"));
        assert_eq!((cell(row, Omschrijving), bare.pay_in_text), ("Loon: 2600 euro per maand.", 1));
        let full = read(&json!({ "@type": "JobPosting", "employmentType": "FULL_TIME" }));
        assert_eq!((cell(&full.rows[0], UrenMin), cell(&full.rows[0], UrenMax)), ("35", "40"));
    }

    #[test]
    fn pay_that_is_not_by_the_hour_stands_in_the_text() {
        use ImportColumn::{Omschrijving, Uurloon};
        let read_pay = |salary: Value, description: &str| {
            let file =
                read(&json!({ "@type": "JobPosting", "description": description, "baseSalary": salary }));
            let row = &file.rows[0];
            let is_told = file.pay_in_text == 1;
            (cell(row, Uurloon).to_owned(), cell(row, Omschrijving).to_owned(), is_told, file.texts_cut)
        };
        let salary = |value: Value| json!({ "currency": "EUR", "value": value });
        let range = salary(json!({ "minValue": 2450.5, "maxValue": "2900", "unitText": "MONTH" }));
        let line = "Loon: 2450,5 tot 2900 euro per maand.";
        assert_eq!(
            read_pay(range.clone(), "Fijn werk"),
            (String::new(), format!("Fijn werk\n{line}"), true, 0)
        );
        let (_, long, is_told, is_cut) = read_pay(range, &"woord ".repeat(500));
        assert!(is_told && is_cut == 1 && long.ends_with(&format!("woord …\n{line}")), "{long}");
        assert!(long.chars().count() <= LONGEST_TEXT);
        let year = json!({ "value": 31000, "unitText": "YEAR" });
        assert_eq!(read_pay(salary(year), "").1, "Loon: 31000 euro per jaar.");
        let hour = json!({ "value": 15.2, "unitText": "HOUR" });
        assert_eq!(read_pay(salary(hour), "x"), ("15,2".to_owned(), "x".to_owned(), false, 0));
        for odd in [
            json!({ "currency": "USD", "value": { "value": 2600, "unitText": "MONTH" } }),
            salary(json!({ "value": "marktconform", "unitText": "MONTH" })),
            salary(json!({ "value": 2600 })),
            salary(json!({ "value": 2600, "unitText": "SHIFT" })),
        ] {
            assert_eq!(read_pay(odd, "x"), (String::new(), "x".to_owned(), false, 0));
        }
    }

    #[test]
    fn postings_are_found_in_lists_and_graphs() {
        let named = |name: &str| json!({ "@type": "JobPosting", "title": name });
        let titles = |value: Value| -> Vec<String> {
            read(&value).rows.iter().map(|row| cell(row, ImportColumn::Functie).to_owned()).collect()
        };
        assert_eq!(titles(json!([named("a"), [named("b")]])), ["a", "b"]);
        assert_eq!(titles(json!({ "@graph": [{ "@type": "WebSite" }, named("a"), named("b")] })), ["a", "b"]);
        let list =
            json!({ "@type": "ItemList", "itemListElement": [{ "@type": "ListItem", "item": named("c") }] });
        assert_eq!(titles(list), ["c"]);
    }

    #[test]
    fn the_name_of_a_task_or_an_occupation_gives_its_tasks() {
        let task = REFERENCE.tasks.tasks().first().unwrap();
        let file = read(&json!({ "@type": "JobPosting", "title": format!("{} (m/v)", task.label_nl) }));
        assert_eq!(cell(&file.rows[0], ImportColumn::Taken).split('|').next(), Some(task.code.as_str()));
        assert_eq!(file.tasks_by_name, 1);
        let by_occupation = json!({
            "@type": "JobPosting", "title": "Topper gezocht",
            "relevantOccupation": { "@type": "Occupation", "name": task.label_en }
        });
        assert!(cell(&read(&by_occupation).rows[0], ImportColumn::Taken).contains(&task.code));
        let vague = read(&json!({ "@type": "JobPosting", "title": "Topper voor van alles" }));
        assert_eq!((cell(&vague.rows[0], ImportColumn::Taken), vague.tasks_by_name), ("", 0));
    }

    #[test]
    fn long_texts_are_cut_between_words() {
        let file = read(&json!({ "@type": "JobPosting", "description": "fijn werk ".repeat(400) }));
        let text = cell(&file.rows[0], ImportColumn::Omschrijving);
        assert!(text.chars().count() <= 2_000, "{text}");
        assert!(text.ends_with("fijn …") || text.ends_with("werk …"), "{text}");
        assert_eq!(file.texts_cut, 1);
    }

    #[test]
    fn what_is_no_job_is_refused_with_the_place() {
        let wrong = |text: &str| JobPostingFile::read(text.as_bytes(), &REFERENCE).unwrap_err();
        let broken = wrong("{\n  \"@type\": \"JobPosting\",\n  \"title\": \"Kok\" \"x\"\n}");
        assert_eq!(broken.code, "file-json");
        assert_eq!((broken.args["line"].as_str(), broken.args["column"].as_str()), ("3", "18"));
        assert_eq!(wrong("[]").code, "file-json-no-job");
        assert_eq!(wrong("{\"@type\": \"Person\"}").code, "file-json-no-job");
        assert!(is_json(b"\xef\xbb\xbf  [") && is_json(b"\n{") && !is_json(b"kenmerk;kvk") && !is_json(b""));
    }

    proptest! {
        #[test]
        fn any_text_loses_its_markup_without_panic(text in "(?s)[a-z<>/&; é\n\"!-]{0,200}") {
            let plain = plain(&text);
            prop_assert!(plain.lines().all(|line| line.trim() == line && !line.is_empty()));
        }

        #[test]
        fn any_values_are_read(title in ".{0,40}", hours in "[0-9a-z :.,-]{0,30}", day in ".{0,20}") {
            let value = json!({ "@type": "JobPosting", "title": title, "workHours": hours, "jobStartDate": day });
            prop_assert_eq!(read(&value).rows[0].len(), 15);
        }
    }
}
