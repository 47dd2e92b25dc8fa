//! Her first working day as a file for a calendar (RFC 5545).

use axum::{extract::Path, response::Response};
use chrono::{DateTime, Days, NaiveDate, Utc};
use proto::{TicketId, open_hiring::TicketState};

use super::ticket::{file as as_file, find, opening_of};
use crate::{
    pages::failures::Happened,
    web::{stop::Stop, visit::Visit},
};

/// Bytes on one line of such a file.
const LINE: usize = 75;

/// `/mijn/rij/{id}/agenda.ics`
pub(super) async fn file(visit: Visit, Path(id): Path<String>) -> Result<Response, Stop> {
    let ticket = find(&visit, &id).await?;
    let place = ticket.place.filter(|_| ticket.state == TicketState::Yes).ok_or(Happened::NotFound)?;
    let opening = opening_of(&visit, ticket.opening_id).await;
    let t = visit.t();
    let (title, whereabouts) = match &opening {
        Some(opening) => (
            t.two(
                "ticket-yes-calendar-title",
                "title",
                &opening.details.title,
                "employer",
                &opening.employer_name,
            ),
            format!("{} {}", opening.details.postcode, opening.place),
        ),
        None => (t.one("ticket-line-begins", "date", t.date(place.first_day)), String::new()),
    };
    let text = event(ticket.ticket_id, ticket.now, place.first_day, &title, &whereabouts);
    Ok(as_file(text, "text/calendar; charset=utf-8", "attachment; filename=\"eerste-werkdag.ics\""))
}

/// A whole day: which hours she works the employer tells her.
fn event(
    ticket_id: TicketId,
    now: DateTime<Utc>,
    first_day: NaiveDate,
    title: &str,
    whereabouts: &str,
) -> String {
    let day = |day: NaiveDate| day.format("%Y%m%d");
    let next = first_day.checked_add_days(Days::new(1)).unwrap_or(first_day);
    let lines = [
        "BEGIN:VCALENDAR".to_owned(),
        "VERSION:2.0".to_owned(),
        "PRODID:-//Dichterbij//NL".to_owned(),
        "BEGIN:VEVENT".to_owned(),
        format!("UID:{ticket_id}@dichterbij"),
        format!("DTSTAMP:{}", now.format("%Y%m%dT%H%M%SZ")),
        format!("DTSTART;VALUE=DATE:{}", day(first_day)),
        format!("DTEND;VALUE=DATE:{}", day(next)),
        format!("SUMMARY:{}", escaped(title)),
        format!("LOCATION:{}", escaped(whereabouts)),
        "END:VEVENT".to_owned(),
        "END:VCALENDAR".to_owned(),
    ];
    lines.iter().flat_map(|line| [folded(line), "\r\n".to_owned()]).collect()
}

/// Marks that mean something in such a file, as text.
fn escaped(text: &str) -> String {
    let mut written = String::with_capacity(text.len());
    for letter in text.chars() {
        match letter {
            '\\' | ';' | ',' => written.extend(['\\', letter]),
            '\n' => written.push_str("\\n"),
            '\r' => {}
            other => written.push(other),
        }
    }
    written
}

/// A long line goes on after a line end and a space.
fn folded(line: &str) -> String {
    let (mut written, mut bytes) = (String::with_capacity(line.len()), 0);
    for letter in line.chars() {
        if bytes + letter.len_utf8() > LINE {
            written.push_str("\r\n ");
            bytes = 1;
        }
        written.push(letter);
        bytes += letter.len_utf8();
    }
    written
}

#[cfg(test)]
mod tests {
    use uuid::Uuid;

    use super::*;

    fn written(title: &str) -> String {
        let now = "2026-12-01T09:00:00Z".parse().unwrap();
        let first_day = "2026-12-31".parse().unwrap();
        event(TicketId(Uuid::from_u128(15)), now, first_day, title, "1315 RC Almere")
    }

    #[test]
    fn a_first_working_day_is_a_whole_day() {
        let file = written("Eerste werkdag: keuken, De Linde");
        assert!(file.contains("DTSTART;VALUE=DATE:20261231\r\nDTEND;VALUE=DATE:20270101\r\n"), "{file}");
        assert!(file.contains("SUMMARY:Eerste werkdag: keuken\\, De Linde\r\n"), "{file}");
        assert!(file.ends_with("END:VEVENT\r\nEND:VCALENDAR\r\n"));
    }

    #[test]
    fn nothing_in_a_title_adds_a_line() {
        let file = written("Een\r\nBEGIN:VALARM; \\");
        assert!(file.contains("SUMMARY:Een\\nBEGIN:VALARM\\; \\\\\r\n"), "{file}");
    }

    #[test]
    fn long_lines_are_folded_between_letters() {
        let title = "é".repeat(100);
        let file = written(&title);
        assert!(file.split("\r\n").all(|line| line.len() <= LINE), "{file}");
        assert!(file.replace("\r\n ", "").contains(&title));
    }
}
