//! The form of a line as typed: first days with places, the moment of opening, the time to answer. Pure.
//!
//! What it says is wrong, the service says in the same codes: who fills it in reads it before "Klopt dit?".

use chassis::clock::ZONE;
use chrono::{DateTime, LocalResult, NaiveDate, NaiveDateTime, NaiveTime, TimeZone as _, Utc};
use proto::{
    FieldProblem,
    open_hiring::{AnswerHours, FirstDay},
};

use crate::{
    pages::posting::StartRow,
    web::fields::{self, Fields},
};

/// Most first days in one form.
const MOST_DAYS: usize = 20;
/// The usual time to answer, in hours that count.
pub(super) const USUAL_HOURS: &str = "24";
/// The usual part of the day in which they count.
pub(super) const USUAL_PART: [&str; 2] = ["9", "18"];

/// A line as it can be opened.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Typed {
    /// First days, the earliest first.
    pub first_days: Vec<FirstDay>,
    /// When it opens; at once without.
    pub opens_at: Option<DateTime<Utc>>,
    /// How long somebody has to answer.
    pub answer_hours: AnswerHours,
    /// Whether people may wait for places that are not there yet.
    pub is_standing: bool,
}

/// The rows in which something was typed, numbered from 1 without gaps.
fn typed_rows(form: &Fields) -> Vec<StartRow> {
    let typed = (1..=MOST_DAYS).filter_map(|number| {
        let (on, places) = (form.get(&format!("dag_{number}")), form.get(&format!("plekken_{number}")));
        (!on.is_empty() || !places.is_empty()).then(|| (on.to_owned(), places.to_owned()))
    });
    typed.enumerate().map(|(at, (on, places))| StartRow { number: at + 1, on, places }).collect()
}

/// The rows as the page shows them: what was typed, and one or more to fill in.
pub(super) fn rows(form: &Fields) -> Vec<StartRow> {
    let mut rows = typed_rows(form);
    let more = if form.get("doe") == "regel" { 2 } else { 1 };
    let wanted = (rows.len() + more).min(MOST_DAYS);
    while rows.len() < wanted {
        rows.push(StartRow { number: rows.len() + 1, ..StartRow::default() });
    }
    rows
}

/// First days as the fields of a form.
pub(super) fn day_fields(days: impl IntoIterator<Item = FirstDay>) -> Vec<(String, String)> {
    let pair = |(at, day): (usize, FirstDay)| {
        [
            (format!("dag_{}", at + 1), day.on.to_string()),
            (format!("plekken_{}", at + 1), day.places.to_string()),
        ]
    };
    days.into_iter().enumerate().flat_map(pair).collect()
}

/// Reads first days with places, the earliest first.
pub(super) fn first_days(form: &Fields, today: NaiveDate, wrong: &mut Vec<FieldProblem>) -> Vec<FirstDay> {
    let mut days: Vec<FirstDay> = Vec::new();
    let rows = typed_rows(form);
    if rows.is_empty() {
        wrong.push(FieldProblem::new("dag_1", "first-days-empty"));
    }
    for row in rows {
        let (day_field, places_field) = (format!("dag_{}", row.number), format!("plekken_{}", row.number));
        let on = fields::day(&row.on);
        let mistake = match on {
            None => Some("date-malformed"),
            Some(on) if on <= today => Some("first-day-past"),
            Some(on) if days.iter().any(|day| day.on == on) => Some("first-day-twice"),
            Some(_) => None,
        };
        wrong.extend(mistake.map(|code| FieldProblem::new(day_field, code)));
        let places: Option<u16> = row.places.parse().ok();
        match places {
            None if row.places.is_empty() => wrong
                .push(FieldProblem::new(places_field, "first-day-places-missing").with("row", row.number)),
            Some(1..=999) => {}
            _ => wrong.push(FieldProblem::new(places_field, "places-out-of-range")),
        }
        days.extend(on.zip(places).map(|(on, places)| FirstDay { on, places }));
    }
    days.sort_by_key(|day| day.on);
    days
}

/// `10:00`, `10.00`, `10`, `10 uur`.
fn time(text: &str) -> Option<NaiveTime> {
    let bare = text.trim_end_matches("uur").trim();
    let (hour, minute) = bare.split_once([':', '.']).unwrap_or((bare, "0"));
    NaiveTime::from_hms_opt(hour.parse().ok()?, minute.parse().ok()?, 0)
}

/// The moment at which clocks in the Netherlands show this: the first one of an hour that is there twice, and none in the
/// hour that the clock skips.
fn moment(local: NaiveDateTime) -> Option<DateTime<Utc>> {
    match ZONE.from_local_datetime(&local) {
        LocalResult::Single(moment) | LocalResult::Ambiguous(moment, _) => Some(moment.with_timezone(&Utc)),
        LocalResult::None => None,
    }
}

fn opens_at(form: &Fields, now: DateTime<Utc>, wrong: &mut Vec<FieldProblem>) -> Option<DateTime<Utc>> {
    let mut problem = |field: &str, code: &str| {
        wrong.push(FieldProblem::new(field, code));
        None
    };
    match form.get("opent") {
        "nu" => return None,
        "later" => {}
        _ => return problem("opent", "choice-missing"),
    }
    if !form.has("opent_dag") {
        return problem("opent_dag", "opens-at-empty");
    }
    let Some(day) = fields::day(form.get("opent_dag")) else { return problem("opent_dag", "date-malformed") };
    let Some(time) = time(form.get("opent_tijd")) else {
        return problem("opent_tijd", "opens-at-time-malformed");
    };
    let Some(moment) = moment(day.and_time(time)) else {
        return problem("opent_tijd", "opens-at-no-such-hour");
    };
    if moment > now + chrono::TimeDelta::days(365) {
        return problem("opent_dag", "opens-at-too-late");
    }
    Some(moment)
}

fn answer_hours(form: &Fields, wrong: &mut Vec<FieldProblem>) -> AnswerHours {
    let mut problem = |field: &str, code: &str| wrong.push(FieldProblem::new(field, code));
    let hours = form.get("uren").parse().unwrap_or(0);
    if !(1..=120).contains(&hours) {
        problem("uren", "answer-hours-out-of-range");
    }
    let hour = |field: &str| form.get(field).parse::<u8>().ok().filter(|hour| *hour <= 24);
    let (from, until) = (hour("van"), hour("tot"));
    for (field, hour) in [("van", from), ("tot", until)] {
        if hour.is_none() {
            problem(field, "answer-hour-malformed");
        }
    }
    if from.zip(until).is_some_and(|(from, until)| from >= until) {
        problem("tot", "answer-part-empty");
    }
    AnswerHours { hours, from: from.unwrap_or_default(), until: until.unwrap_or_default() }
}

/// Reads the whole form.
///
/// # Errors
/// Everything that is wrong with it, at its fields.
pub(super) fn read(form: &Fields, today: NaiveDate, now: DateTime<Utc>) -> Result<Typed, Vec<FieldProblem>> {
    let mut wrong = Vec::new();
    let first_days = first_days(form, today, &mut wrong);
    let opens_at = opens_at(form, now, &mut wrong);
    let answer_hours = answer_hours(form, &mut wrong);
    let is_standing = form.get("blijft") == "ja";
    if !is_standing && form.get("blijft") != "nee" {
        wrong.push(FieldProblem::new("blijft", "choice-missing"));
    }
    if wrong.is_empty() { Ok(Typed { first_days, opens_at, answer_hours, is_standing }) } else { Err(wrong) }
}

/// The field of our form behind a field of the command.
pub(super) fn field_of(problem: &FieldProblem) -> String {
    match problem.field.as_str() {
        "opens_at" => "opent_dag".to_owned(),
        "first_days" | "change.first_days" => "dag_1".to_owned(),
        "answer_hours" if problem.code == "answer-part-empty" => "tot".to_owned(),
        "answer_hours" => "uren".to_owned(),
        other => other.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const GOOD: [(&str, &str); 8] = [
        ("dag_1", "2026-12-14"),
        ("plekken_1", "3"),
        ("opent", "later"),
        ("opent_dag", "2026-12-07"),
        ("opent_tijd", "10:00"),
        ("uren", "24"),
        ("van", "9"),
        ("tot", "18"),
    ];

    fn typed(pairs: &[(&str, &str)]) -> Fields {
        let base = GOOD.iter().filter(|(name, _)| !pairs.iter().any(|(other, _)| other == name));
        base.chain(pairs)
            .chain(&[("blijft", "nee")])
            .map(|(name, value)| ((*name).to_owned(), (*value).to_owned()))
            .collect()
    }

    fn answer(pairs: &[(&str, &str)]) -> Result<Typed, Vec<String>> {
        let now: DateTime<Utc> = "2026-11-22T12:00:00Z".parse().unwrap();
        read(&typed(pairs), chassis::clock::day(now), now).map_err(|problems| {
            problems.into_iter().map(|problem| format!("{}: {}", problem.field, problem.code)).collect()
        })
    }

    fn opens(day: &str, time: &str) -> Result<String, Vec<String>> {
        let typed = answer(&[("opent_dag", day), ("opent_tijd", time)])?;
        Ok(typed.opens_at.unwrap().to_rfc3339_opts(chrono::SecondsFormat::Secs, true))
    }

    #[test]
    fn a_line_opens_when_clocks_in_the_netherlands_say_so() {
        assert_eq!(opens("2026-12-07", "10:00").unwrap(), "2026-12-07T09:00:00Z");
        for time in ["10.00", "10", "10 uur", "10:00 uur"] {
            assert_eq!(opens("7-12-2026", time).unwrap(), "2026-12-07T09:00:00Z", "{time}");
        }
        assert_eq!(answer(&[("opent", "nu")]).unwrap().opens_at, None);
    }

    #[test]
    fn the_hour_that_a_clock_skips_is_none_and_the_one_it_shows_twice_is_the_first() {
        assert_eq!(opens("2027-03-28", "02:30"), Err(vec!["opent_tijd: opens-at-no-such-hour".to_owned()]));
        assert_eq!(opens("2027-03-28", "03:00").unwrap(), "2027-03-28T01:00:00Z");
        assert_eq!(opens("2027-10-31", "02:30").unwrap(), "2027-10-31T00:30:00Z");
    }

    #[test]
    fn what_cannot_be_meant_is_said_at_its_field() {
        let wrong = |pairs: &[(&str, &str)]| answer(pairs).unwrap_err();
        assert_eq!(wrong(&[("opent", "")]), ["opent: choice-missing"]);
        assert_eq!(wrong(&[("opent_dag", "")]), ["opent_dag: opens-at-empty"]);
        assert_eq!(wrong(&[("opent_dag", "straks")]), ["opent_dag: date-malformed"]);
        assert_eq!(wrong(&[("opent_tijd", "25:00")]), ["opent_tijd: opens-at-time-malformed"]);
        assert_eq!(wrong(&[("opent_dag", "2028-01-01")]), ["opent_dag: opens-at-too-late"]);
        assert_eq!(wrong(&[("uren", "121")]), ["uren: answer-hours-out-of-range"]);
        assert_eq!(wrong(&[("uren", "een dag")]), ["uren: answer-hours-out-of-range"]);
        assert_eq!(wrong(&[("van", "18"), ("tot", "18")]), ["tot: answer-part-empty"]);
        assert_eq!(
            wrong(&[("van", "negen"), ("tot", "25")]),
            ["van: answer-hour-malformed", "tot: answer-hour-malformed"]
        );
        assert_eq!(wrong(&[("blijft", "")]), ["blijft: choice-missing"]);
    }

    #[test]
    fn first_days_lie_after_today_once_each_and_come_in_order() {
        let wrong = |pairs: &[(&str, &str)]| answer(pairs).unwrap_err();
        assert_eq!(wrong(&[("dag_1", ""), ("plekken_1", "")]), ["dag_1: first-days-empty"]);
        assert_eq!(wrong(&[("dag_1", "2026-11-22")]), ["dag_1: first-day-past"]);
        assert_eq!(wrong(&[("dag_1", "maandag")]), ["dag_1: date-malformed"]);
        assert_eq!(wrong(&[("plekken_1", "")]), ["plekken_1: first-day-places-missing"]);
        assert_eq!(wrong(&[("plekken_1", "1000")]), ["plekken_1: places-out-of-range"]);
        assert_eq!(wrong(&[("dag_7", "2026-12-14"), ("plekken_7", "1")]), ["dag_2: first-day-twice"]);
        let days = answer(&[("dag_4", "2026-12-01"), ("plekken_4", "2")]).unwrap().first_days;
        let days: Vec<String> = days.iter().map(|day| format!("{} {}", day.on, day.places)).collect();
        assert_eq!(days, ["2026-12-01 2", "2026-12-14 3"]);
    }

    #[test]
    fn the_form_comes_back_with_a_row_to_fill_in() {
        let numbers = |pairs: &[(&str, &str)]| rows(&typed(pairs)).len();
        assert_eq!(numbers(&[]), 2);
        assert_eq!(numbers(&[("doe", "regel")]), 3);
        let twenty: Vec<FirstDay> = (1..=20)
            .map(|day| FirstDay { on: NaiveDate::from_ymd_opt(2026, 12, day).unwrap(), places: 1 })
            .collect();
        assert_eq!(rows(&day_fields(twenty).into_iter().collect()).len(), MOST_DAYS);
    }
}
