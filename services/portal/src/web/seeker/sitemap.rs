//! For search engines: which pages there are. Nothing in here is about a person.

use std::fmt::Write as _;

use axum::{
    extract::Path,
    http::{HeaderValue, StatusCode, header},
    response::{IntoResponse as _, Response},
};
use proto::{
    OpeningId,
    vacancies::{PublishedLine, PublishedOpenings},
};

use super::near;
use crate::{
    pages::failures::Happened,
    web::{stop::Stop, visit::Visit},
};

/// Openings in one part: what the protocol allows.
const PER_PART: usize = 50_000;
/// Openings that one question answers.
const AT_A_TIME: u16 = 1_000;
/// Ids are random, so their first digit divides the openings evenly into 16 parts: room for 800,000, more
/// than there are vacancies in the country.
const PARTS: &str = "0123456789abcdef";
/// The 31 digits after the first, all at their highest.
const LAST: u128 = (1 << 124) - 1;
/// The pages that explain, and the doors.
const PAGES: [&str; 6] = ["/", "/werk", "/zo-werkt-het", "/hulp", "/privacy", "/toegankelijkheid"];

const HEAD: &str = "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n";
const XMLNS: &str = "xmlns=\"http://www.sitemaps.org/schemas/sitemap/0.9\"";
/// Search engines may keep it for an hour.
const FOR_AN_HOUR: &str = "public, max-age=3600";

fn answer(kind: &'static str, body: String) -> Response {
    let headers = [
        (header::CONTENT_TYPE, HeaderValue::from_static(kind)),
        (header::CACHE_CONTROL, HeaderValue::from_static(FOR_AN_HOUR)),
    ];
    (StatusCode::OK, headers, body).into_response()
}

/// What search engines need not ask for: what is hers, or staff's. Public pages that begin alike stay open.
const CLOSED: [&str; 20] = [
    "/mijn",
    "/aanmelden",
    "/inloggen",
    "/overnemen",
    "/uitnodiging",
    "/mailbox",
    "/personeel",
    "/werkplek",
    "/werkgever",
    "/baan",
    "/bedrijf/",
    "/mens",
    "/interesse",
    "/verwijzingen",
    "/loket",
    "/hulp/aanmelden",
    "/hulp/kaart",
    "/hulp/mens",
    "/hulp/dubbel",
    "/beheer",
];

/// `/robots.txt`
pub(super) async fn robots(visit: Visit) -> Response {
    let mut body = String::from("User-agent: *\n");
    for path in CLOSED {
        let _ = writeln!(body, "Disallow: {path}");
    }
    let _ = writeln!(body, "Sitemap: {}/sitemap.xml", visit.app.public_address());
    answer("text/plain; charset=utf-8", body)
}

/// `/sitemap.xml`: the parts.
pub(super) async fn index(visit: Visit) -> Response {
    let site = visit.app.public_address();
    let mut body = format!("{HEAD}<sitemapindex {XMLNS}>\n");
    let names = PARTS.chars().map(String::from).chain([String::from("paginas")]);
    for name in names {
        let _ = writeln!(body, "<sitemap><loc>{site}/sitemap/{name}</loc></sitemap>");
    }
    body.push_str("</sitemapindex>\n");
    answer("application/xml; charset=utf-8", body)
}

/// `/sitemap/{part}`: the pages that explain, or the openings whose id begins with that digit.
pub(super) async fn part(visit: Visit, Path(part): Path<String>) -> Result<Response, Stop> {
    let site = visit.app.public_address();
    let mut body = format!("{HEAD}<urlset {XMLNS}>\n");
    if part == "paginas" {
        for page in PAGES {
            let _ = writeln!(body, "<url><loc>{site}{page}</loc></url>");
        }
    } else {
        let digit = PARTS.find(&part).filter(|_| part.len() == 1).ok_or(Happened::NotFound)?;
        for line in openings(&visit, digit as u128).await? {
            let (path, day) = (near::href(line.opening_id), line.changed_at.date_naive());
            let _ = writeln!(body, "<url><loc>{site}{path}</loc><lastmod>{day}</lastmod></url>");
        }
    }
    body.push_str("</urlset>\n");
    Ok(answer("application/xml; charset=utf-8", body))
}

/// The published openings whose id begins with a digit.
async fn openings(visit: &Visit, digit: u128) -> Result<Vec<PublishedLine>, Stop> {
    let is_ours = |id: OpeningId| id.0.as_u128() >> 124 == digit;
    let before = digit.checked_sub(1).map(|before| OpeningId(uuid::Uuid::from_u128((before << 124) | LAST)));
    let (mut after, mut found) = (before, Vec::new());
    while found.len() < PER_PART {
        let lines = visit.ask(&PublishedOpenings { after, limit: AT_A_TIME }).await?;
        let is_last = lines.len() < usize::from(AT_A_TIME);
        after = lines.last().map(|line| line.opening_id);
        let until = lines.iter().position(|line| !is_ours(line.opening_id)).unwrap_or(lines.len());
        let ends = is_last || until < lines.len();
        found.extend(lines.into_iter().take(until));
        if ends {
            break;
        }
    }
    Ok(found)
}
