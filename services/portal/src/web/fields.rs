//! A form as it was sent: names and values, in order, several values a name allowed.

use axum::{
    body::Bytes,
    extract::{FromRequest, Request, rejection::BytesRejection},
    http::header,
};
use chrono::{Datelike as _, NaiveDate};

use crate::{pages::failures::Happened, web::stop::Stop};

/// `2026-12-07` as browsers send it, or `7-12-2026` as people type it; a year that can be meant.
pub fn day(text: &str) -> Option<NaiveDate> {
    let day = NaiveDate::parse_from_str(text, "%Y-%m-%d")
        .or_else(|_| NaiveDate::parse_from_str(&text.replace(['/', '.', ' '], "-"), "%d-%m-%Y"));
    day.ok().filter(|day| (2000..=2100).contains(&day.year()))
}

/// The fields of a form.
#[derive(Debug, Clone, Default)]
pub struct Fields(Vec<(String, String)>);

impl Fields {
    /// Reads `name=value&…`.
    pub fn parse(body: &[u8]) -> Self {
        let decode = |part: &[u8]| {
            let spaced: Vec<u8> = part.iter().map(|byte| if *byte == b'+' { b' ' } else { *byte }).collect();
            percent_encoding::percent_decode(&spaced).decode_utf8_lossy().into_owned()
        };
        let pairs = body.split(|byte| *byte == b'&').filter(|pair| !pair.is_empty()).map(|pair| {
            let mut parts = pair.splitn(2, |byte| *byte == b'=');
            (decode(parts.next().unwrap_or_default()), decode(parts.next().unwrap_or_default()))
        });
        Self(pairs.collect())
    }

    /// The first value of a field, trimmed; empty when it was not sent.
    pub fn get(&self, name: &str) -> &str {
        self.0.iter().find(|(field, _)| field == name).map_or("", |(_, value)| value.trim())
    }

    /// Every value of a field, trimmed, without empty ones.
    pub fn all<'a>(&'a self, name: &'a str) -> impl Iterator<Item = &'a str> {
        self.0
            .iter()
            .filter(move |(field, _)| field == name)
            .map(|(_, value)| value.trim())
            .filter(|value| !value.is_empty())
    }

    /// Whether a field was sent with a value.
    pub fn has(&self, name: &str) -> bool {
        !self.get(name).is_empty()
    }

    /// The pairs as sent.
    pub fn pairs(&self) -> &[(String, String)] {
        &self.0
    }
}

impl FromIterator<(String, String)> for Fields {
    fn from_iter<I: IntoIterator<Item = (String, String)>>(pairs: I) -> Self {
        Self(pairs.into_iter().collect())
    }
}

impl<S: Send + Sync> FromRequest<S> for Fields {
    type Rejection = Stop;

    async fn from_request(request: Request, state: &S) -> Result<Self, Stop> {
        let kind = request.headers().get(header::CONTENT_TYPE).and_then(|value| value.to_str().ok());
        if !kind.is_none_or(|kind| kind.starts_with("application/x-www-form-urlencoded")) {
            return Err(Happened::NotUnderstood.into());
        }
        let body = Bytes::from_request(request, state).await.map_err(|rejection| match rejection {
            BytesRejection::FailedToBufferBody(error) if error.status() == 413 => Happened::TooLarge,
            _ => Happened::NotUnderstood,
        })?;
        Ok(Self::parse(&body))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_day_reads_as_browsers_send_it_and_as_people_type_it() {
        let monday = NaiveDate::from_ymd_opt(2026, 12, 7);
        for typed in ["2026-12-07", "7-12-2026", "07/12/2026", "7.12.2026", "7 12 2026"] {
            assert_eq!(day(typed), monday, "{typed}");
        }
        for typed in ["", "morgen", "31-2-2026", "7-12-26", "12-7", "0001-01-01"] {
            assert_eq!(day(typed), None, "{typed}");
        }
    }

    #[test]
    fn a_form_reads_as_it_was_typed() {
        let fields = Fields::parse(b"naam=Samira+%C3%89&taak=a.b&taak=c.d&leeg=&los");
        assert_eq!(fields.get("naam"), "Samira É");
        assert_eq!(fields.all("taak").collect::<Vec<_>>(), ["a.b", "c.d"]);
        assert!(!fields.has("leeg") && !fields.has("los") && !fields.has("anders"));
    }
}
