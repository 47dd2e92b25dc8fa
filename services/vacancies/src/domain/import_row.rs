//! One row of a file: Dutch cells to an opening, with a reason for each cell that is not right.

use std::collections::{BTreeMap, HashMap};

use chrono::NaiveDate;
use proto::{
    FieldProblem,
    vacancies::{ImportColumn, OpeningDetails, Start, Terms},
    work::{Daypart, Dayparts, Days, Hours, TaskCode},
};
use reference::Reference;

use super::{
    employer,
    opening::{self, Content},
    site,
    text::{Text, looks_like_bsn},
};

const KENMERK: Text = Text { thing: "kenmerk", max_chars: 100, may_be_empty: false, lines: false };
/// A value in a report is cut at this many characters.
const LONGEST_VALUE: usize = 100;
/// Stands for each digit of a cell that held a citizen service number.
const MASK: char = '•';
/// The field of a problem with the row as a whole.
pub const WHOLE_ROW: &str = "row";

/// Tasks by code and by label in either language, in small letters.
#[derive(Debug)]
pub struct TaskNames(HashMap<String, TaskCode>);

impl TaskNames {
    /// From the vocabulary. A label that two tasks share names neither.
    pub fn new(reference: &Reference) -> Self {
        let mut names: HashMap<String, Option<TaskCode>> = HashMap::new();
        for task in reference.tasks.tasks() {
            let code = TaskCode(task.code.clone());
            for name in [&task.code, &task.label_nl, &task.label_en] {
                let known = names.entry(name.to_lowercase()).or_insert_with(|| Some(code.clone()));
                if known.as_ref() != Some(&code) {
                    *known = None;
                }
            }
        }
        Self(names.into_iter().filter_map(|(name, code)| Some((name, code?))).collect())
    }

    fn find(&self, name: &str) -> Option<&TaskCode> {
        self.0.get(&name.to_lowercase())
    }
}

/// What is wrong in a row, by column.
type Problems = BTreeMap<ImportColumn, Vec<FieldProblem>>;

/// A row as far as its cells can be read by themselves.
#[derive(Debug)]
pub struct ReadRow {
    cells: HashMap<ImportColumn, String>,
    /// What every cell that could be read says; the others hold something harmless.
    details: OpeningDetails,
    /// The sender's own key.
    pub kenmerk: String,
    /// The employer's KVK number, when it is one.
    pub kvk: Option<String>,
    problems: Problems,
    whole_row: Vec<FieldProblem>,
}

/// What questions about the file as a whole need to know of a row.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Glance {
    /// The KVK number, when it is one.
    pub kvk: Option<String>,
    /// The sender's key, when it can be one.
    pub kenmerk: Option<String>,
    /// The postcode in its usual spelling, when it exists.
    pub postcode: Option<String>,
    /// The region of the postcode.
    pub region: Option<String>,
}

/// Looks at a row as it comes in.
pub fn glance(columns: &[Option<ImportColumn>], cells: &[String], reference: &Reference) -> Glance {
    let cell = |wanted: ImportColumn| {
        let index = columns.iter().position(|column| *column == Some(wanted))?;
        cells.get(index).map(|cell| cell.trim())
    };
    let kenmerk = cell(ImportColumn::Kenmerk).filter(|text| KENMERK.check("", text).is_empty());
    let site = cell(ImportColumn::Postcode).and_then(|text| site("", text, reference).ok());
    Glance {
        kvk: cell(ImportColumn::Kvk).and_then(employer::kvk),
        kenmerk: kenmerk.map(str::to_owned),
        postcode: site.as_ref().map(|site| site.postcode.clone()),
        region: site.map(|site| site.area.region),
    }
}

/// Reads the cells of a row. The file itself has `file_columns` columns; what comes after those was
/// added by mending, and a row may lack it.
pub fn read(
    columns: &[Option<ImportColumn>],
    file_columns: usize,
    cells: &[String],
    tasks: &TaskNames,
) -> ReadRow {
    let used =
        columns.iter().zip(cells).filter_map(|(column, cell)| Some(((*column)?, cell.trim().to_owned())));
    let mut row = ReadRow {
        cells: used.collect(),
        details: OpeningDetails {
            terms: Terms::Regular {},
            title: String::new(),
            tasks: Vec::new(),
            description: String::new(),
            site_id: None,
            postcode: String::new(),
            hours: Hours { min: 1, max: 1 },
            dayparts: Dayparts::ALL,
            days: Days::default(),
            starts_on: None,
            closes_on: None,
            places: 1,
            pay_cents_per_hour: None,
            cao: String::new(),
            requirements: Vec::new(),
            self_checks: Vec::new(),
            support: Vec::new(),
        },
        kenmerk: String::new(),
        kvk: None,
        problems: Problems::new(),
        whole_row: Vec::new(),
    };
    if !(file_columns..=columns.len()).contains(&cells.len()) {
        let wrong = FieldProblem::new(WHOLE_ROW, "row-cells");
        row.whole_row.push(wrong.with("expected", file_columns).with("found", cells.len()));
        return row;
    }
    for column in ImportColumn::ALL {
        if column != ImportColumn::Kenmerk && is_masked(&row.text(column)) {
            row.refuse_code(column, "looks-like-bsn");
        }
    }
    row.kenmerk = row.text(ImportColumn::Kenmerk);
    for problem in KENMERK.check(ImportColumn::Kenmerk.name(), &row.kenmerk.clone()) {
        // A key of nine digits is a key, whatever else it could be.
        if problem.code != "looks-like-bsn" {
            row.refuse(ImportColumn::Kenmerk, problem);
        }
    }
    row.kvk = employer::kvk(&row.text(ImportColumn::Kvk));
    if row.kvk.is_none() {
        row.refuse_code(ImportColumn::Kvk, "kvk-malformed");
    }
    row.details.title = row.text(ImportColumn::Functie);
    row.details.description = row.text(ImportColumn::Omschrijving);
    row.details.postcode = row.text(ImportColumn::Postcode);
    match route(&row.text(ImportColumn::Soort)) {
        Some(terms) => row.details.terms = terms,
        None => row.refuse_code(ImportColumn::Soort, "route-unknown"),
    }
    row.read_tasks(tasks);
    row.read_hours();
    row.read_dayparts();
    row.details.starts_on = row.read_date(ImportColumn::Begint);
    row.details.closes_on = row.read_date(ImportColumn::Sluit);
    let places = row.text(ImportColumn::Plaatsen);
    if !places.is_empty() {
        match whole_number(&places) {
            // Whatever does not fit is out of range as well.
            Some(number) => row.details.places = u16::try_from(number).unwrap_or(u16::MAX),
            None => row.refuse_code(ImportColumn::Plaatsen, "number-malformed"),
        }
    }
    let pay = row.text(ImportColumn::Uurloon);
    if !pay.is_empty() {
        match cents(&pay) {
            Some(cents) => row.details.pay_cents_per_hour = Some(cents),
            None => row.refuse_code(ImportColumn::Uurloon, "pay-malformed"),
        }
    }
    row
}

impl ReadRow {
    /// The employer's name as given.
    pub fn employer_name(&self) -> String {
        self.text(ImportColumn::Werkgever)
    }

    /// Whether the postcode exists.
    pub fn has_place(&self, reference: &Reference) -> bool {
        site("", &self.details.postcode, reference).is_ok()
    }

    /// Whether the file has this column; an absent column says nothing, an empty cell says "none".
    fn has(&self, column: ImportColumn) -> bool {
        self.cells.contains_key(&column)
    }

    fn text(&self, column: ImportColumn) -> String {
        self.cells.get(&column).cloned().unwrap_or_default()
    }

    fn refuse_code(&mut self, column: ImportColumn, code: &str) {
        self.refuse(column, FieldProblem::new(column.name(), code));
    }

    /// Adds a problem with a cell, and the value as given unless that must not be repeated.
    pub fn refuse(&mut self, column: ImportColumn, mut problem: FieldProblem) {
        column.name().clone_into(&mut problem.field);
        let value = self.text(column);
        if !looks_like_bsn(&value) {
            let shown: String = value.chars().take(LONGEST_VALUE).collect();
            problem.args.insert("value".to_owned(), shown);
        }
        self.problems.entry(column).or_default().push(problem);
    }

    fn read_tasks(&mut self, names: &TaskNames) {
        let text = self.text(ImportColumn::Taken);
        for part in text.split(['|', ';']).map(str::trim).filter(|part| !part.is_empty()) {
            if let Some(code) = names.find(part) {
                self.details.tasks.push(code.clone());
            } else {
                let shown: String = part.chars().take(LONGEST_VALUE).collect();
                let task = if looks_like_bsn(&text) { String::new() } else { shown };
                let problem = FieldProblem::new("", "task-unknown").with("task", task);
                self.refuse(ImportColumn::Taken, problem);
            }
        }
    }

    fn read_hours(&mut self) {
        let (min, max) = (ImportColumn::UrenMin, ImportColumn::UrenMax);
        let only = match (self.has(min), self.has(max)) {
            (true, false) => Some(min),
            (false, true) => Some(max),
            _ => None,
        };
        if let Some(only) = only {
            match hours_range(&self.text(only)) {
                Some(hours) => self.details.hours = hours,
                None => self.refuse_code(only, "hours-malformed"),
            }
            return;
        }
        let mut read = |column| {
            let number = whole_number(&self.text(column));
            if number.is_none() {
                self.refuse_code(column, "hours-malformed");
            }
            number.map(|hours| u8::try_from(hours).unwrap_or(u8::MAX))
        };
        if let (Some(min), Some(max)) = (read(min), read(max)) {
            self.details.hours = Hours { min, max };
        }
    }

    fn read_dayparts(&mut self) {
        let text = self.text(ImportColumn::Dagdelen);
        let mut parts = Vec::new();
        for word in text.split(['|', ';', ',']).map(str::trim).filter(|word| !word.is_empty()) {
            match daypart(word) {
                Some(part) => parts.push(part),
                None => return self.refuse_code(ImportColumn::Dagdelen, "dayparts-malformed"),
            }
        }
        self.details.dayparts = parts.into_iter().collect();
    }

    fn read_date(&mut self, column: ImportColumn) -> Option<NaiveDate> {
        let text = self.text(column);
        if text.is_empty() {
            return None;
        }
        match date(&text) {
            Ok(date) => Some(date),
            Err(code) => {
                self.refuse_code(column, code);
                None
            }
        }
    }

    /// With open hiring first days stand among the terms: the file's one for all places, or those
    /// that were there when the file says nothing of them.
    fn move_first_day(&self, details: &mut OpeningDetails, before: Option<&OpeningDetails>) {
        let Terms::OpenHiring { starts } = &mut details.terms else { return };
        if let Some(Terms::OpenHiring { starts: known }) = before.map(|before| &before.terms)
            && !self.has(ImportColumn::Begint)
        {
            starts.clone_from(known);
        } else if let Some(on) = details.starts_on {
            starts.push(Start { on, places: details.places });
        }
        details.starts_on = None;
    }

    /// What the opening says with this row. `before` is what it said until now: columns that the
    /// file does not have, and what no file can say, stay as they are.
    ///
    /// # Errors
    /// Everything that is wrong in the row, in the order of the columns.
    pub fn settle(
        mut self,
        before: Option<&OpeningDetails>,
        today: NaiveDate,
        reference: &Reference,
    ) -> Result<Content, Vec<FieldProblem>> {
        if !self.whole_row.is_empty() {
            return Err(self.whole_row);
        }
        let mut details = self.details.clone();
        if let Some(before) = before {
            details.requirements.clone_from(&before.requirements);
            details.self_checks.clone_from(&before.self_checks);
            details.support.clone_from(&before.support);
            details.cao.clone_from(&before.cao);
            details.days = before.days;
            // At the same site while the work is still in the same place.
            let spelled = site("postcode", &details.postcode, reference).map(|site| site.postcode);
            details.site_id = before.site_id.filter(|_| spelled.as_ref() == Ok(&before.postcode));
            if !self.has(ImportColumn::Omschrijving) {
                details.description.clone_from(&before.description);
            }
            if !self.has(ImportColumn::Begint) {
                details.starts_on = before.starts_on;
            }
            if !self.has(ImportColumn::Sluit) {
                details.closes_on = before.closes_on;
            }
            if !self.has(ImportColumn::Plaatsen) {
                details.places = before.places;
            }
            if !self.has(ImportColumn::Uurloon) {
                details.pay_cents_per_hour = before.pay_cents_per_hour;
            }
        }
        self.move_first_day(&mut details, before);
        let checked = opening::check(details, before, today, reference);
        if let Err(problems) = &checked {
            // A cell that could not be read has its reason already; two reasons that were found
            // in one readable cell both stand.
            let read = |column| !self.problems.contains_key(&column);
            let new = problems.iter().filter(|problem| match column_of(&problem.field) {
                ImportColumn::UrenMin => read(ImportColumn::UrenMin) && read(ImportColumn::UrenMax),
                column => read(column),
            });
            let only_most = !self.has(ImportColumn::UrenMin);
            for problem in new.cloned().collect::<Vec<_>>() {
                let column = match column_of(&problem.field) {
                    ImportColumn::UrenMin if only_most => ImportColumn::UrenMax,
                    column => column,
                };
                self.refuse(column, problem);
            }
        }
        match checked {
            Ok(content) if self.problems.is_empty() => Ok(content),
            _ => Err(self.problems.into_values().flatten().collect()),
        }
    }
}

/// The column in which a field of an opening stands. What no column says (requirements that were
/// added by hand) can only clash with the kind of job.
fn column_of(field: &str) -> ImportColumn {
    match field {
        _ if field.starts_with("terms.starts") => ImportColumn::Begint,
        "title" => ImportColumn::Functie,
        "tasks" => ImportColumn::Taken,
        "description" => ImportColumn::Omschrijving,
        "postcode" => ImportColumn::Postcode,
        "hours" => ImportColumn::UrenMin,
        "dayparts" => ImportColumn::Dagdelen,
        "starts_on" => ImportColumn::Begint,
        "closes_on" => ImportColumn::Sluit,
        "places" => ImportColumn::Plaatsen,
        "pay_cents_per_hour" => ImportColumn::Uurloon,
        _ => ImportColumn::Soort,
    }
}

/// `gewoon` or `open hiring`; case, spaces, hyphens and underscores do not matter.
fn route(text: &str) -> Option<Terms> {
    let bare: String =
        text.chars().filter(|letter| !letter.is_whitespace() && !matches!(letter, '-' | '_')).collect();
    match bare.to_lowercase().as_str() {
        "gewoon" | "gewonebaan" => Some(Terms::Regular {}),
        "openhiring" => Some(Terms::OpenHiring { starts: Vec::new() }),
        _ => None,
    }
}

/// `ochtend`, `'s ochtends`, `ochtenden`; case does not matter.
fn daypart(word: &str) -> Option<Daypart> {
    let word = word.to_lowercase().replace(['’', '‘', '`'], "'");
    let word = ["'s ", "s ", "in het "].iter().find_map(|front| word.strip_prefix(front)).unwrap_or(&word);
    match word {
        "ochtend" | "ochtends" | "ochtenden" => Some(Daypart::Morning),
        "middag" | "middags" | "middagen" => Some(Daypart::Afternoon),
        "avond" | "avonds" | "avonden" => Some(Daypart::Evening),
        "nacht" | "nachts" | "nachten" => Some(Daypart::Night),
        "weekend" | "weekenden" | "weekends" => Some(Daypart::Weekend),
        _ => None,
    }
}

/// `2026-12-07` or `7-12-2026`, also with slashes or dots.
///
/// # Errors
/// `date-malformed`, or `date-impossible` for a day that no calendar has.
fn date(text: &str) -> Result<NaiveDate, &'static str> {
    const MALFORMED: &str = "date-malformed";
    let separator = text.chars().find(|letter| !letter.is_ascii_digit()).ok_or(MALFORMED)?;
    if !matches!(separator, '-' | '/' | '.') {
        return Err(MALFORMED);
    }
    let parts: Vec<&str> = text.split(separator).collect();
    let (year, month, day) = match parts.as_slice() {
        [year, month, day] if year.len() == 4 => (year, month, day),
        [day, month, year] if year.len() == 4 => (year, month, day),
        _ => return Err(MALFORMED),
    };
    let number = |part: &str, most: usize| {
        let is_number = (1..=most).contains(&part.len()) && part.bytes().all(|digit| digit.is_ascii_digit());
        part.parse::<u32>().ok().filter(|_| is_number).ok_or(MALFORMED)
    };
    let (year, month, day) = (number(year, 4)?, number(month, 2)?, number(day, 2)?);
    NaiveDate::from_ymd_opt(year as i32, month, day)
        .filter(|_| (2000..=2100).contains(&year))
        .ok_or("date-impossible")
}

/// A whole number, also as a spreadsheet writes it: `24`, `24,0`, `24.00`.
fn whole_number(text: &str) -> Option<u32> {
    let (whole, fraction) = text.split_once([',', '.']).unwrap_or((text, "0"));
    let is_whole = !fraction.is_empty() && fraction.bytes().all(|digit| digit == b'0');
    let digits = whole.bytes().all(|digit| digit.is_ascii_digit());
    if is_whole && digits { whole.parse().ok() } else { None }
}

/// Hours a week in one cell: `24`, `16-24`, `16 tot 24`, `16 – 24 uur`.
fn hours_range(text: &str) -> Option<Hours> {
    let text = text.to_lowercase().replace("tot", "-").replace(['–', '—'], "-");
    let text = ["per week", "uur", "u"]
        .iter()
        .fold(text, |text, word| text.trim().trim_end_matches(word).to_owned());
    let (min, max) = text.split_once('-').unwrap_or((&text, &text));
    let hours = |text: &str| Some(u8::try_from(whole_number(text.trim())?).unwrap_or(u8::MAX));
    Some(Hours { min: hours(min)?, max: hours(max)? })
}

fn is_masked(text: &str) -> bool {
    text.contains("•••") && text.chars().filter(|letter| *letter == MASK).count() >= 9
}

/// The cells of a refused row as they may be kept: a citizen service number is not, and the cell stays
/// refused until someone writes something else there. Nothing when they may be kept as they are.
pub fn without_bsn(
    columns: &[Option<ImportColumn>],
    cells: &[String],
    problems: &[FieldProblem],
) -> Option<Vec<String>> {
    let refused = |index: usize| {
        let column = columns.get(index).copied().flatten();
        column.is_some_and(|column| problems.iter().any(|problem| problem.field == column.name()))
    };
    let hides = |index: usize, cell: &str| {
        columns.get(index) != Some(&Some(ImportColumn::Kenmerk)) && refused(index) && looks_like_bsn(cell)
    };
    if !cells.iter().enumerate().any(|(index, cell)| hides(index, cell)) {
        return None;
    }
    let mask = |letter: char| if letter.is_ascii_digit() { MASK } else { letter };
    let kept = cells.iter().enumerate().map(|(index, cell)| {
        if hides(index, cell) { cell.chars().map(mask).collect() } else { cell.clone() }
    });
    Some(kept.collect())
}

/// The cells of a row with some of them mended. A row with cells too few or too many is laid out anew.
/// Columns must be known to the import; others are left out.
pub fn mended(
    columns: &[Option<ImportColumn>],
    file_columns: usize,
    cells: &[String],
    new: &[(ImportColumn, String)],
) -> Vec<String> {
    let mut cells = cells.to_vec();
    if !(file_columns..=columns.len()).contains(&cells.len()) {
        cells.resize(file_columns, String::new());
    }
    for (column, value) in new {
        let Some(index) = columns.iter().position(|known| *known == Some(*column)) else { continue };
        if cells.len() <= index {
            cells.resize(index + 1, String::new());
        }
        cells[index].clone_from(value);
    }
    cells
}

/// Euros with a comma or a point to cents: `15,20`, `€ 15.2`, `15`.
fn cents(text: &str) -> Option<u32> {
    let text = text.trim();
    let text = ["€", "EUR", "eur"].iter().find_map(|sign| text.strip_prefix(sign)).unwrap_or(text).trim();
    let (euros, cents) = text.split_once([',', '.']).unwrap_or((text, "00"));
    let digits = |part: &str| !part.is_empty() && part.bytes().all(|digit| digit.is_ascii_digit());
    if !digits(euros) || !digits(cents) || cents.len() > 2 {
        return None;
    }
    let cents = if cents.len() == 1 { format!("{cents}0") } else { cents.to_owned() };
    euros.parse::<u32>().ok()?.checked_mul(100)?.checked_add(cents.parse().ok()?)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use proto::work::Route;

    use super::*;
    use crate::domain::tests::REFERENCE;

    static TASKS: std::sync::LazyLock<TaskNames> = std::sync::LazyLock::new(|| TaskNames::new(&REFERENCE));

    fn day(text: &str) -> NaiveDate {
        text.parse().unwrap()
    }

    /// A good row, with these cells instead.
    fn row(changes: &[(ImportColumn, &str)]) -> Vec<String> {
        let good = |column: ImportColumn| match column {
            ImportColumn::Kenmerk => "A-1",
            ImportColumn::Kvk => "12345678",
            ImportColumn::Werkgever => "De Linde",
            ImportColumn::Functie => "Medewerker keuken",
            ImportColumn::Soort => "gewoon",
            ImportColumn::Taken => "schoonmaken.vloeren",
            ImportColumn::Omschrijving => "Leuk werk",
            ImportColumn::Postcode => "1315 RC",
            ImportColumn::UrenMin => "16",
            ImportColumn::UrenMax => "24",
            ImportColumn::Dagdelen => "ochtend",
            ImportColumn::Begint => "7-12-2026",
            ImportColumn::Sluit => "",
            ImportColumn::Plaatsen => "2",
            ImportColumn::Uurloon => "15,20",
        };
        let cell = |column| {
            changes.iter().find(|(changed, _)| *changed == column).map_or(good(column), |(_, value)| value)
        };
        ImportColumn::ALL.into_iter().map(|column| cell(column).to_owned()).collect()
    }

    fn settle(cells: &[String]) -> Result<Content, Vec<FieldProblem>> {
        let reference = &*REFERENCE;
        read(&ImportColumn::ALL.map(Some), 15, cells, &TASKS).settle(None, day("2026-11-22"), reference)
    }

    #[test]
    fn a_row_in_dutch_becomes_an_opening() {
        let content = settle(&row(&[
            (ImportColumn::Soort, "Open-Hiring"),
            (ImportColumn::Taken, "schoonmaken.ramen | Vloeren vegen, dweilen en stofzuigen;RAMEN WASSEN"),
            (ImportColumn::Dagdelen, "'s ochtends|Avond; in het weekend"),
            (ImportColumn::Omschrijving, "=SOM(A1)"),
            (ImportColumn::Uurloon, "€ 15.2"),
            (ImportColumn::UrenMax, "24,0"),
        ]))
        .unwrap();
        let details = content.details();
        assert_eq!(details.route(), Route::OpenHiring);
        assert_eq!(details.tasks, ["schoonmaken.ramen", "schoonmaken.vloeren"].map(TaskCode::from));
        let parts: Vec<Daypart> = details.dayparts.iter().collect();
        assert_eq!(parts, [Daypart::Morning, Daypart::Evening, Daypart::Weekend]);
        assert_eq!(details.description, "=SOM(A1)", "kept as it is; export escapes it");
        assert_eq!((details.pay_cents_per_hour, details.hours.max), (Some(1_520), 24));
        let starts = vec![Start { on: day("2026-12-07"), places: 2 }];
        assert_eq!((details.starts_on, &details.terms), (None, &Terms::OpenHiring { starts }));
    }

    #[test]
    fn each_bad_cell_names_column_code_and_value() {
        use ImportColumn::*;
        let table = [
            (Kenmerk, "", "kenmerk-empty"),
            (Kvk, "1234567", "kvk-malformed"),
            (Functie, "", "title-empty"),
            (Functie, "=1+1", "title-formula-like"),
            (Functie, "@som", "title-formula-like"),
            (Soort, "stage", "route-unknown"),
            (Taken, "", "tasks-empty"),
            (Taken, "kopstaan", "task-unknown"),
            (Postcode, "", "postcode-empty"),
            (Postcode, "13 15 RCX", "postcode-malformed"),
            (Postcode, "1310", "postcode-unknown"),
            (UrenMin, "twaalf", "hours-malformed"),
            (UrenMin, "30", "hours-unsound"),
            (UrenMax, "24,5", "hours-malformed"),
            (Dagdelen, "", "dayparts-empty"),
            (Dagdelen, "ochtend|schemer", "dayparts-malformed"),
            (Begint, "31-2-2027", "date-impossible"),
            (Begint, "volgende week", "date-malformed"),
            (Begint, "7-12-26", "date-malformed"),
            (Begint, "2026-11-21", "starts-in-past"),
            (Sluit, "2026-13-01", "date-impossible"),
            (Sluit, "21/11/2026", "closes-in-past"),
            (Plaatsen, "veel", "number-malformed"),
            (Plaatsen, "0", "places-out-of-range"),
            (Plaatsen, "99999999", "places-out-of-range"),
            (Uurloon, "15,205", "pay-malformed"),
            (Uurloon, "1520", "pay-out-of-range"),
            (Uurloon, "-15", "pay-malformed"),
        ];
        for (column, value, code) in table {
            let problems = settle(&row(&[(column, value)])).unwrap_err();
            assert_eq!(problems.len(), 1, "{column:?} {value}: {problems:?}");
            let FieldProblem { field, code: found, args } = &problems[0];
            assert_eq!((field.as_str(), found.as_str()), (column.name(), code), "{value}");
            assert_eq!(args["value"], value.trim());
        }
    }

    #[test]
    fn everything_wrong_in_a_row_is_told_at_once_and_in_order() {
        let problems = settle(&row(&[
            (ImportColumn::Uurloon, "?"),
            (ImportColumn::UrenMin, "?"),
            (ImportColumn::Functie, ""),
            (ImportColumn::Kvk, ""),
        ]))
        .unwrap_err();
        let codes: Vec<_> = problems.iter().map(|problem| problem.code.as_str()).collect();
        assert_eq!(codes, ["kvk-malformed", "title-empty", "hours-malformed", "pay-malformed"]);
    }

    #[test]
    fn a_value_is_cut_and_a_bsn_is_never_repeated() {
        let long = "x".repeat(300);
        let problems = settle(&row(&[(ImportColumn::Functie, &long)])).unwrap_err();
        assert_eq!(problems[0].args["value"].len(), 100);
        for (column, value) in [
            (ImportColumn::Omschrijving, "bsn 111222333"),
            (ImportColumn::Taken, "111222333"),
            (ImportColumn::Uurloon, "111222333"),
        ] {
            let problems = settle(&row(&[(column, value)])).unwrap_err();
            assert!(!format!("{problems:?}").contains("111222333"), "{problems:?}");
        }
    }

    #[test]
    fn a_row_with_too_few_cells_is_refused_as_a_whole() {
        let mut cells = row(&[]);
        cells.pop();
        let problems = settle(&cells).unwrap_err();
        assert_eq!((problems[0].field.as_str(), problems[0].code.as_str()), (WHOLE_ROW, "row-cells"));
        assert_eq!(problems[0].args["found"], "14");
    }

    #[test]
    fn a_bsn_is_not_kept_and_stays_refused_until_it_is_mended() {
        let columns = ImportColumn::ALL.map(Some);
        let cells = row(&[
            (ImportColumn::Omschrijving, "bel 111.222.333 om 9 uur"),
            (ImportColumn::Kenmerk, "111222333"),
        ]);
        let problems = settle(&cells).unwrap_err();
        let kept = without_bsn(&columns, &cells, &problems).unwrap();
        assert_eq!((kept[0].as_str(), kept[6].as_str()), ("111222333", "bel •••.•••.••• om • uur"));
        let again = settle(&kept).unwrap_err();
        assert_eq!(again.len(), 1);
        assert_eq!((again[0].field.as_str(), again[0].code.as_str()), ("omschrijving", "looks-like-bsn"));
        let good = mended(&columns, 15, &kept, &[(ImportColumn::Omschrijving, "Bel ons".into())]);
        assert!(settle(&good).is_ok());
        assert_eq!(without_bsn(&columns, &good, &[]), None);
        assert!(
            settle(&row(&[(ImportColumn::Omschrijving, "• vegen • dweilen •• ramen • • • • •")])).is_ok()
        );
    }

    #[test]
    fn a_column_that_the_file_lacks_can_be_added_row_by_row() {
        let (file, all) = (14, ImportColumn::ALL.map(Some));
        let cells = row(&[])[..file].to_vec();
        let pay = |cells: &[String]| {
            let content =
                read(&all, file, cells, &TASKS).settle(None, day("2026-11-22"), &REFERENCE).unwrap();
            content.details().pay_cents_per_hour
        };
        assert_eq!(pay(&cells), None);
        let more = mended(&all, file, &cells, &[(ImportColumn::Uurloon, "16".into())]);
        assert_eq!((more.len(), pay(&more)), (15, Some(1_600)));
        let short = mended(&all, file, &cells[..2], &[(ImportColumn::Functie, "Kok".into())]);
        assert_eq!((short.len(), short[1].as_str(), short[3].as_str()), (14, cells[1].as_str(), "Kok"));
    }

    #[test]
    fn one_column_can_hold_the_hours() {
        let columns: Vec<_> = ImportColumn::ALL
            .into_iter()
            .filter(|column| *column != ImportColumn::UrenMin)
            .map(Some)
            .collect();
        let hours = |text: &str| {
            let mut cells = row(&[(ImportColumn::UrenMax, text)]);
            cells.remove(8);
            let content = read(&columns, 14, &cells, &TASKS).settle(None, day("2026-11-22"), &REFERENCE);
            content.map(|content| (content.details().hours.min, content.details().hours.max))
        };
        for (text, expected) in [
            ("24", (24, 24)),
            ("16-24", (16, 24)),
            ("16 tot 24 uur", (16, 24)),
            ("16 – 24 uur per week", (16, 24)),
        ] {
            assert_eq!(hours(text), Ok(expected), "{text}");
        }
        for (text, code) in
            [("veel", "hours-malformed"), ("24-16", "hours-unsound"), ("16-", "hours-malformed")]
        {
            let problems = hours(text).unwrap_err();
            assert_eq!((problems[0].field.as_str(), problems[0].code.as_str()), ("uren_max", code), "{text}");
        }
    }

    #[test]
    fn what_the_file_does_not_say_stays_as_it_was() {
        let reference = &*REFERENCE;
        let columns: Vec<_> =
            ImportColumn::ALL.into_iter().filter(|column| column.is_required()).map(Some).collect();
        let all = row(&[]);
        let cells: Vec<String> = ImportColumn::ALL
            .into_iter()
            .zip(all)
            .filter(|(column, _)| column.is_required())
            .map(|(_, cell)| cell)
            .collect();
        let mut before = settle(&row(&[])).unwrap().details().clone();
        before.self_checks = vec![proto::vacancies::SelfCheck::Outside];
        let read = read(&columns, columns.len(), &cells, &TASKS);
        let after = read.settle(Some(&before), day("2026-11-22"), reference).unwrap();
        assert_eq!(after.details(), &before);
    }

    #[test]
    fn a_glance_sees_key_and_region() {
        let glance = glance(&ImportColumn::ALL.map(Some), &row(&[]), &REFERENCE);
        let expected = Glance {
            kvk: Some("12345678".into()),
            kenmerk: Some("A-1".into()),
            postcode: Some("1315 RC".into()),
            region: Some("AM11".into()),
        };
        assert_eq!(glance, expected);
        assert_eq!(super::glance(&[], &row(&[]), &REFERENCE), Glance::default());
    }

    proptest! {
        #[test]
        fn any_cells_are_read_without_panic(cells in proptest::collection::vec(".{0,30}", 0..20)) {
            let _ = settle(&cells);
            let _ = glance(&ImportColumn::ALL.map(Some), &cells, &REFERENCE);
            let columns = ImportColumn::ALL.map(Some);
            if let Err(problems) = settle(&cells) {
                let kept = without_bsn(&columns, &cells, &problems).unwrap_or_else(|| cells.clone());
                prop_assert_eq!(kept.len(), cells.len());
            }
            let laid_out = mended(&columns, 15, &cells, &[(ImportColumn::Sluit, String::from("x"))]);
            prop_assert_eq!(laid_out.len(), 15);
        }

        #[test]
        fn every_day_is_read_in_both_orders(days in 0..36_000_i32) {
            let date_of = day("2000-01-01") + chrono::TimeDelta::days(days.into());
            for form in ["%Y-%m-%d", "%d-%m-%Y", "%-d-%-m-%Y", "%-d/%-m/%Y", "%d.%m.%Y"] {
                prop_assert_eq!(date(&date_of.format(form).to_string()), Ok(date_of));
            }
        }

        #[test]
        fn cents_come_back(amount in 0..1_000_000_u32, comma: bool) {
            let point = if comma { ',' } else { '.' };
            let text = format!("{}{point}{:02}", amount / 100, amount % 100);
            prop_assert_eq!(cents(&text), Some(amount));
        }
    }
}
