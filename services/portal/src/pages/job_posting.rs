//! An opening for search engines: a schema.org `JobPosting` (30.0), by the mapping of STANDARDS section 9.

use chassis::clock;
use chrono::{NaiveDate, NaiveTime, TimeZone as _};
use chrono_tz::Europe::Amsterdam;
use proto::{
    vacancies::{OpeningView, RequirementKind, Terms},
    work::Route,
};
use serde_json::{Value, json};

use crate::texts::escape_into;

/// Hours a week from which work counts as full time in the Netherlands.
const FULL_TIME: u8 = 36;

/// The markup, safe inside a `<script type="application/ld+json">`: no text of an employer can end the
/// element or begin another. `site` is the public address without a slash at its end.
pub fn markup(opening: &OpeningView, site: &str) -> String {
    // In JSON a `<` can only stand in a string, where its escape means the same.
    job_posting(opening, site)
        .to_string()
        .replace('<', "\\u003c")
        .replace('>', "\\u003e")
        .replace('&', "\\u0026")
        .replace('\u{2028}', "\\u2028")
        .replace('\u{2029}', "\\u2029")
}

/// The `JobPosting` of a published opening.
pub fn job_posting(opening: &OpeningView, site: &str) -> Value {
    let details = &opening.details;
    let mut posting = json!({
        "@context": "https://schema.org",
        "@type": "JobPosting",
        "url": format!("{site}/werk/{}", opening.opening_id),
        "identifier": { "@type": "PropertyValue", "name": "Dichterbij", "value": opening.opening_id.to_string() },
        "title": details.title,
        "description": description(&details.description, &details.title),
        "datePosted": clock::day(opening.published_at.unwrap_or(opening.changed_at)),
        "hiringOrganization": { "@type": "Organization", "name": opening.employer_name },
        "jobLocation": {
            "@type": "Place",
            "address": {
                "@type": "PostalAddress",
                "postalCode": details.postcode,
                "addressLocality": opening.place,
                "addressCountry": "NL",
            },
        },
        "employmentType": employment_type(details.route(), details.hours.max),
        "workHours": workload(details.hours.min, details.hours.max),
        "totalJobOpenings": details.places,
        "inLanguage": "nl",
    });
    let mut add = |name: &str, value: Value| posting[name] = value;
    if let Some(last) = details.closes_on {
        add("validThrough", json!(end_of(last)));
    }
    if let Some(first) = first_day(&details.terms).or(details.starts_on) {
        add("jobStartDate", json!(first));
    }
    if let Some(cents) = details.pay_cents_per_hour {
        let value = json!({
            "@type": "QuantitativeValue",
            "value": f64::from(cents) / 100.0,
            "unitText": "HOUR",
        });
        add("baseSalary", json!({ "@type": "MonetaryAmount", "currency": "EUR", "value": value }));
    }
    if details.route() == Route::OpenHiring {
        // A diploma can only be asked here when the law does; then it is said.
        if details.requirements.iter().all(|asked| asked.kind != RequirementKind::Diploma) {
            add("educationRequirements", json!("no requirements"));
        }
        add("experienceRequirements", json!("no requirements"));
        add("directApply", json!(true));
    }
    posting
}

/// Free text as the HTML that the standard wants: paragraphs, and nothing of the writer's own.
fn description(text: &str, title: &str) -> String {
    let text = if text.trim().is_empty() { title } else { text };
    let paragraphs = text.lines().map(str::trim).filter(|line| !line.is_empty());
    let mut html = String::new();
    for line in paragraphs {
        html.push_str("<p>");
        escape_into(&mut html, line);
        html.push_str("</p>");
    }
    html
}

fn employment_type(route: Route, most_hours: u8) -> Value {
    let size = if most_hours >= FULL_TIME { "FULL_TIME" } else { "PART_TIME" };
    match route {
        Route::Regular | Route::OpenHiring | Route::Jobcarving | Route::BasicJob => json!(size),
        Route::LearnWork => json!([size, "OTHER"]),
        Route::ParticipationJob | Route::TrialPlacement => json!([size, "TEMPORARY", "OTHER"]),
    }
}

fn workload(min: u8, max: u8) -> String {
    if min == max { format!("{min} uur per week") } else { format!("{min} tot {max} uur per week") }
}

/// The first day on which somebody begins, of a job that says several.
pub(crate) fn first_day(terms: &Terms) -> Option<NaiveDate> {
    match terms {
        Terms::OpenHiring { starts } => starts.iter().map(|start| start.on).min(),
        _ => None,
    }
}

/// The last second of a day in Amsterdam, with its offset.
fn end_of(day: NaiveDate) -> String {
    let end = NaiveTime::from_hms_opt(23, 59, 59).unwrap_or_default();
    // 23:59:59 exists once on every day: clocks change at night between 2 and 3.
    Amsterdam
        .from_local_datetime(&day.and_time(end))
        .latest()
        .map_or_else(|| day.to_string(), |moment| moment.to_rfc3339())
}

#[cfg(test)]
mod tests {
    use proto::{
        EmployerId, OpeningId,
        vacancies::{OpeningDetails, OpeningState, Start},
        work::{Area, Cell, Daypart, Days, Hours},
    };
    use uuid::Uuid;

    use super::*;

    fn opening(change: impl FnOnce(&mut OpeningDetails)) -> OpeningView {
        let mut details = OpeningDetails {
            terms: Terms::Regular {},
            title: "Hulp bij de tulpen".into(),
            tasks: vec!["schoonmaken.ramen".into()],
            description: "Buiten werken.\n\nLunch < 30 minuten & koffie.".into(),
            site_id: None,
            postcode: "1324 QZ".into(),
            hours: Hours { min: 16, max: 24 },
            dayparts: [Daypart::Morning].into_iter().collect(),
            days: Days::default(),
            starts_on: None,
            closes_on: "2026-12-07".parse().ok(),
            places: 3,
            pay_cents_per_hour: Some(1_520),
            cao: String::new(),
            requirements: Vec::new(),
            self_checks: Vec::new(),
            support: Vec::new(),
        };
        change(&mut details);
        OpeningView {
            opening_id: OpeningId(Uuid::from_u128(7)),
            version: 1,
            state: OpeningState::Published,
            employer_id: EmployerId(Uuid::from_u128(8)),
            employer_name: "Kwekerij Morgenrood".into(),
            place: "Almere".into(),
            area: Area { cell: Cell { x: 1, y: 1 }, municipality: "GM0034".into(), region: "AM11".into() },
            details,
            published_at: "2026-11-20T23:30:00Z".parse().ok(),
            changed_at: "2026-11-20T23:30:00Z".parse().unwrap_or_default(),
            close_reason: None,
            question: None,
        }
    }

    #[test]
    fn it_has_what_search_engines_require_and_advise() {
        let posting = job_posting(&opening(|_| {}), "https://dichterbij.example");
        for required in ["title", "description", "datePosted", "hiringOrganization", "jobLocation"] {
            assert!(posting.get(required).is_some_and(|value| !value.is_null()), "{required}");
        }
        // Half past midnight in Amsterdam: the day there counts.
        assert_eq!(posting["datePosted"], "2026-11-21");
        assert_eq!(posting["validThrough"], "2026-12-07T23:59:59+01:00");
        assert_eq!(posting["employmentType"], "PART_TIME");
        assert_eq!(posting["baseSalary"]["value"]["value"], 15.2);
        assert_eq!(posting["description"], "<p>Buiten werken.</p><p>Lunch &lt; 30 minuten &amp; koffie.</p>");
        assert!(posting.get("directApply").is_none(), "only open hiring is one step");
    }

    #[test]
    fn open_hiring_asks_nothing_and_starts_on_its_first_day() {
        let on = |text: &str| text.parse().unwrap_or_default();
        let posting = job_posting(
            &opening(|details| {
                let starts = vec![
                    Start { on: on("2026-12-14"), places: 1 },
                    Start { on: on("2026-12-07"), places: 2 },
                ];
                details.terms = Terms::OpenHiring { starts };
            }),
            "https://dichterbij.example",
        );
        assert_eq!(posting["educationRequirements"], "no requirements");
        assert_eq!(posting["directApply"], true);
        assert_eq!(posting["jobStartDate"], "2026-12-07");
    }

    #[test]
    fn no_text_of_an_employer_leaves_the_element() {
        let nasty = "</script><script>alert(1)</script><!-- \u{2028} &amp;";
        let text = markup(&opening(|details| details.title = nasty.into()), "https://dichterbij.example");
        assert!(!text.contains(['<', '>', '&', '\u{2028}']), "{text}");
        let read: Value = serde_json::from_str(&text).unwrap_or_default();
        assert_eq!(read["title"], nasty, "and search engines read the same");
    }
}
