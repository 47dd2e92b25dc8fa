//! What each kind of job has of its own, on the form of an opening. Pure.
//!
//! Rows (first days, jobs that tasks come from) are fields with a number, from 1. A form is read
//! [`without_gaps`], so that a row has the same number on the page and in the command.

use chrono::NaiveDate;
use proto::{
    FieldProblem,
    vacancies::{
        Carved, CarvedTask, LearnWork, LearnWorkKind, OpeningDetails, ResultDocument, SourceJob, Start, Terms,
    },
    work::{Route, TaskCode},
};

use crate::{
    pages::posting::{SourceRow, StartRow, TaskRow, TermsValues},
    web::fields::{self, Fields},
};

/// Most rows of first days.
const MOST_STARTS: usize = 20;
/// Most rows of jobs that tasks come from.
const MOST_SOURCES: usize = 10;
/// Rows that stand ready to be filled in.
const READY: usize = 2;

/// A form being read, with what could not be read so far.
pub struct Reading<'a> {
    /// What was typed.
    pub form: &'a Fields,
    /// What could not be read, at the fields of the form.
    pub problems: Vec<FieldProblem>,
}

impl<'a> Reading<'a> {
    /// Nothing read yet.
    pub const fn new(form: &'a Fields) -> Self {
        Self { form, problems: Vec::new() }
    }

    /// Notes what is wrong with a field.
    pub fn wrong(&mut self, field: &str, code: &str) {
        self.problems.push(FieldProblem::new(field, code));
    }

    /// A day that may be left open.
    pub fn date(&mut self, field: &str) -> Option<NaiveDate> {
        let text = self.form.get(field);
        let day = fields::day(text);
        if day.is_none() && !text.is_empty() {
            self.wrong(field, "date-malformed");
        }
        day
    }

    /// A whole number; 0 when it is none. The code names what is asked: several stand in one list.
    fn number<N: std::str::FromStr + Default>(&mut self, field: &str, code: &str) -> N {
        self.form.get(field).parse().unwrap_or_else(|_| {
            self.wrong(field, code);
            N::default()
        })
    }

    /// The same of a row with a number, which the sentence names.
    fn number_of_row<N: std::str::FromStr + Default>(&mut self, field: &str, row: usize, code: &str) -> N {
        let field = format!("{field}_{row}");
        self.form.get(&field).parse().unwrap_or_else(|_| {
            self.problems.push(FieldProblem::new(&field, code).with("row", row));
            N::default()
        })
    }

    /// Text of one or more lines.
    fn text(&self, field: &str) -> String {
        self.form.get(field).replace("\r\n", "\n")
    }
}

/// Reads what this kind of job has of its own.
pub fn read(reading: &mut Reading<'_>, route: Route) -> Terms {
    match route {
        Route::Regular => Terms::Regular {},
        Route::OpenHiring => Terms::OpenHiring { starts: starts(reading) },
        Route::LearnWork => {
            let kind = LearnWorkKind::from_name(reading.form.get("leer_soort"));
            if kind.is_none() {
                reading.wrong("leer_soort", "learn-kind-missing");
            }
            let result = ResultDocument::from_name(reading.form.get("resultaat"));
            if result.is_none() {
                reading.wrong("resultaat", "learn-result-missing");
            }
            Terms::LearnWork(LearnWork {
                kind: kind.unwrap_or(LearnWorkKind::Other),
                school: reading.text("school"),
                recognised_company: reading.form.has("erkend"),
                result: result.unwrap_or(ResultDocument::None),
                months: reading.number("maanden", "months-missing"),
                learning_hours: reading.number("leeruren", "learning-hours-missing"),
                working_hours: reading.number("werkuren", "working-hours-missing"),
            })
        }
        Route::Jobcarving => Terms::Jobcarving(Carved {
            sources: sources(reading),
            tasks: carved_tasks(reading),
            relieves: reading.text("verlicht"),
        }),
        Route::BasicJob => Terms::BasicJob {
            made_fit: reading.text("passend"),
            guidance_hours: reading.number("begeleiding", "guidance-missing"),
        },
        Route::ParticipationJob => Terms::ParticipationJob {
            learns: reading.text("leert"),
            months: reading.number("maanden", "months-missing"),
            premium: reading.form.has("premie"),
        },
        Route::TrialPlacement => Terms::TrialPlacement {
            weeks: reading.number("weken", "weeks-missing"),
            contract_months: reading.number("contract_maanden", "contract-missing"),
            goal: reading.text("doel_proef"),
        },
    }
}

/// The same form with its rows numbered from 1 without gaps, as the command will number them.
pub fn without_gaps(form: &Fields) -> Fields {
    let starts = rows(form, ["start_dag", "start_plaatsen"], MOST_STARTS);
    let sources = rows(form, ["bron_naam", "bron_mensen"], MOST_SOURCES);
    let renumbered = |rows: &[usize], number: &str| {
        let number: usize = number.parse().ok()?;
        rows.iter().position(|row| *row == number).map(|at| (at + 1).to_string())
    };
    let pair = |(name, value): &(String, String)| {
        for (field, rows) in [
            ("start_dag_", &starts),
            ("start_plaatsen_", &starts),
            ("bron_naam_", &sources),
            ("bron_mensen_", &sources),
        ] {
            if let Some(number) = name.strip_prefix(field) {
                return Some((format!("{field}{}", renumbered(rows, number)?), value.clone()));
            }
        }
        if name.starts_with("van_") {
            return Some((name.clone(), renumbered(&sources, value.trim()).unwrap_or_default()));
        }
        Some((name.clone(), value.clone()))
    };
    form.pairs().iter().filter_map(pair).collect()
}

/// The numbers of the rows in which something was typed.
fn rows(form: &Fields, fields: [&str; 2], most: usize) -> Vec<usize> {
    (1..=most).filter(|number| fields.iter().any(|field| form.has(&format!("{field}_{number}")))).collect()
}

fn starts(reading: &mut Reading<'_>) -> Vec<Start> {
    let form = reading.form;
    let mut starts = Vec::new();
    for number in rows(form, ["start_dag", "start_plaatsen"], MOST_STARTS) {
        let field = format!("start_dag_{number}");
        let on = reading.date(&field);
        if on.is_none() && !form.has(&field) {
            reading.wrong(&field, "date-missing");
        }
        let places = reading.number_of_row("start_plaatsen", number, "start-places-missing");
        starts.extend(on.map(|on| Start { on, places }));
    }
    starts
}

fn sources(reading: &mut Reading<'_>) -> Vec<SourceJob> {
    rows(reading.form, ["bron_naam", "bron_mensen"], MOST_SOURCES)
        .into_iter()
        .map(|number| SourceJob {
            title: reading.text(&format!("bron_naam_{number}")),
            people: reading.number_of_row("bron_mensen", number, "people-missing"),
        })
        .collect()
}

fn carved_tasks(reading: &mut Reading<'_>) -> Vec<CarvedTask> {
    let form = reading.form;
    let known = rows(form, ["bron_naam", "bron_mensen"], MOST_SOURCES).len();
    let mut tasks = Vec::new();
    for code in form.all("taak") {
        let (source, hours) = (format!("van_{code}"), format!("uren_{code}"));
        let from = form.get(&source).parse::<usize>().ok().filter(|number| (1..=known).contains(number));
        if from.is_none() {
            reading.wrong(&source, "source-missing");
        }
        let tenths = tenths(form.get(&hours));
        if tenths.is_none() {
            reading.wrong(&hours, "hours-malformed");
        }
        tasks.push(CarvedTask {
            task: TaskCode::from(code),
            source: from.and_then(|number| u8::try_from(number - 1).ok()).unwrap_or_default(),
            tenths_of_hours: tenths.unwrap_or_default(),
            qualified_only: form.has(&format!("bevoegd_{code}")),
        });
    }
    tasks
}

/// `2,5` hours as 25 tenths.
fn tenths(text: &str) -> Option<u16> {
    let (whole, part) = text.split_once([',', '.']).unwrap_or((text, "0"));
    let digit = part.parse::<u8>().ok().filter(|_| part.len() == 1)?;
    whole.parse::<u16>().ok()?.checked_mul(10)?.checked_add(u16::from(digit))
}

fn hours_of(tenths: u16) -> String {
    if tenths.is_multiple_of(10) {
        (tenths / 10).to_string()
    } else {
        format!("{},{}", tenths / 10, tenths % 10)
    }
}

/// How many people can start, when the terms say so themselves.
pub fn places(terms: &Terms) -> Option<u16> {
    match terms {
        Terms::OpenHiring { starts } if !starts.is_empty() => {
            Some(starts.iter().fold(0, |sum, start| sum.saturating_add(start.places)))
        }
        _ => None,
    }
}

/// Terms as their form would send them.
pub fn fields(terms: &Terms, add: &mut impl FnMut(&str, String)) {
    match terms {
        Terms::Regular {} => {}
        Terms::OpenHiring { starts } => {
            for (at, start) in starts.iter().enumerate() {
                add(&format!("start_dag_{}", at + 1), start.on.to_string());
                add(&format!("start_plaatsen_{}", at + 1), start.places.to_string());
            }
        }
        Terms::LearnWork(learn) => {
            add("leer_soort", learn.kind.name().to_owned());
            add("school", learn.school.clone());
            if learn.recognised_company {
                add("erkend", "ja".to_owned());
            }
            add("resultaat", learn.result.name().to_owned());
            add("maanden", learn.months.to_string());
            add("leeruren", learn.learning_hours.to_string());
            add("werkuren", learn.working_hours.to_string());
        }
        Terms::Jobcarving(carved) => {
            for (at, source) in carved.sources.iter().enumerate() {
                add(&format!("bron_naam_{}", at + 1), source.title.clone());
                add(&format!("bron_mensen_{}", at + 1), source.people.to_string());
            }
            for task in &carved.tasks {
                add(&format!("van_{}", task.task), (task.source + 1).to_string());
                add(&format!("uren_{}", task.task), hours_of(task.tenths_of_hours));
                if task.qualified_only {
                    add(&format!("bevoegd_{}", task.task), "ja".to_owned());
                }
            }
            add("verlicht", carved.relieves.clone());
        }
        Terms::BasicJob { made_fit, guidance_hours } => {
            add("passend", made_fit.clone());
            add("begeleiding", guidance_hours.to_string());
        }
        Terms::ParticipationJob { learns, months, premium } => {
            add("leert", learns.clone());
            add("maanden", months.to_string());
            if *premium {
                add("premie", "ja".to_owned());
            }
        }
        Terms::TrialPlacement { weeks, contract_months, goal } => {
            add("weken", weeks.to_string());
            add("contract_maanden", contract_months.to_string());
            add("doel_proef", goal.clone());
        }
    }
}

/// The field of the form for a field of the terms, such as `sources.0.people`.
pub fn form_name(term: &str, details: &OpeningDetails) -> String {
    let mut parts = term.split('.');
    let (list, at, part) = (parts.next().unwrap_or_default(), parts.next(), parts.next().unwrap_or_default());
    let at = at.and_then(|at| at.parse::<usize>().ok());
    let row = at.unwrap_or_default() + 1;
    match (list, part) {
        ("starts", "places") => return format!("start_plaatsen_{row}"),
        ("starts", _) => return format!("start_dag_{row}"),
        ("sources", "people") => return format!("bron_mensen_{row}"),
        ("sources", _) => return format!("bron_naam_{row}"),
        ("tasks", part) => {
            let Terms::Jobcarving(carved) = &details.terms else { return "taken".to_owned() };
            let Some(task) = at.and_then(|at| carved.tasks.get(at)) else { return "taken".to_owned() };
            return match part {
                "source" => format!("van_{}", task.task),
                "qualified_only" => format!("bevoegd_{}", task.task),
                "task" => "taken".to_owned(),
                _ => format!("uren_{}", task.task),
            };
        }
        _ => {}
    }
    match list {
        "kind" => "leer_soort",
        "recognised_company" => "erkend",
        "result" => "resultaat",
        "months" => "maanden",
        "learning_hours" => "leeruren",
        "working_hours" => "werkuren",
        "relieves" => "verlicht",
        "made_fit" => "passend",
        "guidance_hours" => "begeleiding",
        "learns" => "leert",
        "premium" => "premie",
        "weeks" => "weken",
        "contract_months" => "contract_maanden",
        "goal" => "doel_proef",
        other => other,
    }
    .to_owned()
}

/// The part of the form for this kind of job, as typed; `label` gives a task its words.
pub fn values(form: &Fields, route: Route, label: impl Fn(&str) -> String) -> TermsValues {
    let typed = |name: &str| form.get(name).to_owned();
    // "Nog een regel": one row more than were there.
    let more = usize::from(form.get("doe") == "regel");
    let shown = |filled: &[usize], most: usize| {
        let last = filled.last().copied().unwrap_or_default();
        let asked = form.get("regels").parse::<usize>().unwrap_or_default() + more;
        (last + READY).max(asked).min(most)
    };
    let mut values = TermsValues { route: Some(route), ..TermsValues::default() };
    match route {
        Route::Regular => {}
        Route::OpenHiring => {
            let filled = rows(form, ["start_dag", "start_plaatsen"], MOST_STARTS);
            values.starts = (1..=shown(&filled, MOST_STARTS))
                .map(|number| StartRow {
                    number,
                    on: typed(&format!("start_dag_{number}")),
                    places: typed(&format!("start_plaatsen_{number}")),
                })
                .collect();
        }
        Route::LearnWork => {
            values.kind = typed("leer_soort");
            values.school = typed("school");
            values.recognised = form.has("erkend");
            values.result = typed("resultaat");
            values.months = typed("maanden");
            values.learning_hours = typed("leeruren");
            values.working_hours = typed("werkuren");
        }
        Route::Jobcarving => {
            let filled = rows(form, ["bron_naam", "bron_mensen"], MOST_SOURCES);
            values.sources = (1..=shown(&filled, MOST_SOURCES))
                .map(|number| SourceRow {
                    number,
                    title: typed(&format!("bron_naam_{number}")),
                    people: typed(&format!("bron_mensen_{number}")),
                })
                .collect();
            values.tasks = form
                .all("taak")
                .map(|code| TaskRow {
                    code: code.to_owned(),
                    label: label(code),
                    source: typed(&format!("van_{code}")),
                    hours: typed(&format!("uren_{code}")),
                    qualified: form.has(&format!("bevoegd_{code}")),
                })
                .collect();
            values.text = typed("verlicht");
        }
        Route::BasicJob => {
            values.text = typed("passend");
            values.guidance = typed("begeleiding");
        }
        Route::ParticipationJob => {
            values.text = typed("leert");
            values.months = typed("maanden");
            values.premium = form.has("premie");
        }
        Route::TrialPlacement => {
            values.text = typed("doel_proef");
            values.weeks = typed("weken");
            values.contract_months = typed("contract_maanden");
        }
    }
    values
}

#[cfg(test)]
mod tests {
    use std::collections::HashSet;

    use super::*;
    use crate::{
        pages::form::FieldError,
        texts::{Language, Texts},
    };

    #[test]
    fn hours_are_read_in_tenths() {
        for (text, number) in [("2,5", Some(25)), ("2.5", Some(25)), ("8", Some(80)), ("0,1", Some(1))] {
            assert_eq!(tenths(text), number, "{text}");
            assert_eq!(tenths(&hours_of(number.unwrap())), number, "{text}");
        }
        for text in ["", "veel", "2,55", "-1", "2,x", "99999"] {
            assert_eq!(tenths(text), None, "{text}");
        }
    }

    #[test]
    fn what_is_missing_is_named_each_in_its_own_words() {
        let rows = [("start_dag_1", "2099-01-05"), ("start_dag_2", "2099-02-02"), ("bron_naam_1", "Kok")];
        let form: Fields = rows
            .into_iter()
            .chain([("bron_naam_2", "Bakker")])
            .map(|(name, value)| (name.to_owned(), value.to_owned()))
            .collect();
        let told = |route, language| -> Vec<String> {
            let mut reading = Reading::new(&form);
            read(&mut reading, route);
            let t = Texts::new(language);
            reading.problems.into_iter().map(|problem| FieldError::from(problem).words(t)).collect()
        };
        assert_eq!(told(Route::LearnWork, Language::Dutch).len(), 5);
        for (route, language) in Route::ALL.iter().flat_map(|route| Language::ALL.map(|one| (*route, one))) {
            let words = told(route, language);
            let different: HashSet<&String> = words.iter().collect();
            assert_eq!(different.len(), words.len(), "{words:?}");
        }
    }

    #[test]
    fn empty_rows_in_between_do_not_count() {
        let form: Fields =
            [("bron_naam_2", "Kok"), ("bron_mensen_4", "3"), ("van_a.b", "4"), ("van_c.d", "1")]
                .into_iter()
                .map(|(name, value)| (name.to_owned(), value.to_owned()))
                .collect();
        let closed = without_gaps(&form);
        let of = |name: &str| closed.get(name).to_owned();
        assert_eq!((of("bron_naam_1"), of("bron_mensen_2")), ("Kok".to_owned(), "3".to_owned()));
        assert_eq!((of("van_a.b"), of("van_c.d")), ("2".to_owned(), String::new()));
    }

    #[test]
    fn a_row_more_stands_ready_when_asked() {
        let rows = |pairs: &[(&str, &str)]| {
            let form = pairs.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect();
            values(&form, Route::OpenHiring, str::to_owned).starts.len()
        };
        assert_eq!(rows(&[]), READY);
        assert_eq!(rows(&[("start_dag_3", "2026-12-07")]), 3 + READY);
        assert_eq!(rows(&[("regels", "4"), ("doe", "regel")]), 5);
        assert_eq!(rows(&[("start_dag_20", "2026-12-07")]), MOST_STARTS);
    }
}
