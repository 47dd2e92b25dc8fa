//! Days and moments as people say them, in the Netherlands.

use chassis::clock::ZONE;
use chrono::{DateTime, Datelike as _, NaiveDate, Timelike as _, Utc};
use proto::work::Language;

const MONTHS: [[&str; 12]; 2] = [
    [
        "januari",
        "februari",
        "maart",
        "april",
        "mei",
        "juni",
        "juli",
        "augustus",
        "september",
        "oktober",
        "november",
        "december",
    ],
    [
        "January",
        "February",
        "March",
        "April",
        "May",
        "June",
        "July",
        "August",
        "September",
        "October",
        "November",
        "December",
    ],
];
/// As text messages write them: three letters, but for March in Dutch.
const SHORT_MONTHS: [[&str; 12]; 2] = [
    ["jan", "feb", "mrt", "apr", "mei", "jun", "jul", "aug", "sep", "okt", "nov", "dec"],
    ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"],
];
const DAYS: [[&str; 7]; 2] = [
    ["maandag", "dinsdag", "woensdag", "donderdag", "vrijdag", "zaterdag", "zondag"],
    ["Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"],
];
const SHORT_DAYS: [[&str; 7]; 2] =
    [["ma", "di", "wo", "do", "vr", "za", "zo"], ["Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"]];

const fn of(language: Language) -> usize {
    match language {
        Language::Nl => 0,
        Language::En => 1,
    }
}

/// Day and month.
pub fn day_and_month(date: NaiveDate, language: Language) -> String {
    format!("{} {}", date.day(), MONTHS[of(language)][date.month0() as usize])
}

/// Day of the week, day and month; short for a text message.
pub fn day(date: NaiveDate, language: Language, short: bool) -> String {
    let (days, months) = if short { (SHORT_DAYS, SHORT_MONTHS) } else { (DAYS, MONTHS) };
    let weekday = days[of(language)][date.weekday().num_days_from_monday() as usize];
    format!("{weekday} {} {}", date.day(), months[of(language)][date.month0() as usize])
}

/// The same with the hour. The date is always there: some have three weeks to answer.
pub fn moment(at: DateTime<Utc>, language: Language, short: bool) -> String {
    let local = at.with_timezone(&ZONE);
    let day = day(local.date_naive(), language, short);
    let comma = if short { "" } else { "," };
    let hour = format!("{}:{:02}", local.hour(), local.minute());
    match language {
        Language::Nl => format!("{day}{comma} {hour} uur"),
        Language::En => format!("{day}{comma} {hour}"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn days_and_moments_are_those_of_the_netherlands() {
        let date = NaiveDate::from_ymd_opt(2026, 3, 2).unwrap();
        assert_eq!(day_and_month(date, Language::Nl), "2 maart");
        assert_eq!(day(date, Language::Nl, true), "ma 2 mrt");
        assert_eq!(day(date, Language::En, false), "Monday 2 March");
        let summer = "2026-07-01T22:05:00Z".parse().unwrap();
        assert_eq!(moment(summer, Language::Nl, true), "do 2 jul 0:05 uur");
        assert_eq!(moment(summer, Language::En, false), "Thursday 2 July, 0:05");
    }
}
