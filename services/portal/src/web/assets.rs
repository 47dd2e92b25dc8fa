//! The built style sheet, script, pictograms and font: read once, served with their hash in the name.

use std::{collections::HashMap, path::Path};

use axum::{
    body::Bytes,
    http::{HeaderMap, HeaderValue, StatusCode, header},
    response::{IntoResponse as _, Response},
};

use crate::pages::Assets;

/// Where assets live on the site.
pub const ROOT: &str = "/assets/";

/// The files, by name. A few hundred kilobytes, kept in memory: a build of the next version on the same
/// machine does not pull the style sheet from under the pages of this one.
pub type Files = HashMap<String, Bytes>;

/// Reads the manifest that the build made, and the files beside it.
pub fn load(folder: Option<&Path>) -> Result<(Assets, Files), std::io::Error> {
    let folder = folder.ok_or_else(|| std::io::Error::other("DBJ_ASSETS is not set"))?;
    let manifest = std::fs::read_to_string(folder.join("manifest.json"))?;
    let assets = Assets::from_manifest(&manifest, ROOT).map_err(std::io::Error::other)?;
    let mut files = Files::new();
    for entry in std::fs::read_dir(folder)? {
        let entry = entry?;
        if entry.file_type()?.is_file() {
            files.insert(
                entry.file_name().to_string_lossy().into_owned(),
                std::fs::read(entry.path())?.into(),
            );
        }
    }
    Ok((assets, files))
}

fn kind_of(name: &str) -> Option<&'static str> {
    match name.rsplit('.').next()? {
        "css" => Some("text/css; charset=utf-8"),
        "js" => Some("text/javascript; charset=utf-8"),
        "svg" => Some("image/svg+xml"),
        "woff2" => Some("font/woff2"),
        _ => None,
    }
}

/// Answers one file: the smallest stored form that the browser reads, for a year.
pub fn answer(files: &Files, name: &str, headers: &HeaderMap) -> Response {
    let Some(kind) = kind_of(name) else { return StatusCode::NOT_FOUND.into_response() };
    let accepted =
        headers.get(header::ACCEPT_ENCODING).and_then(|value| value.to_str().ok()).unwrap_or_default();
    let accepts =
        |encoding: &str| accepted.split(',').any(|part| part.trim().split(';').next() == Some(encoding));
    let stored = [("br", ".br"), ("gzip", ".gz"), ("", "")]
        .into_iter()
        .filter(|(encoding, _)| encoding.is_empty() || accepts(encoding))
        .find_map(|(encoding, ending)| Some((encoding, files.get(&format!("{name}{ending}"))?)));
    let Some((encoding, bytes)) = stored else { return StatusCode::NOT_FOUND.into_response() };
    let mut response = bytes.clone().into_response();
    let answer = response.headers_mut();
    answer.insert(header::CONTENT_TYPE, HeaderValue::from_static(kind));
    answer.insert(header::VARY, HeaderValue::from_static("accept-encoding"));
    answer.insert(header::CACHE_CONTROL, HeaderValue::from_static("public, max-age=31536000, immutable"));
    if !encoding.is_empty() {
        answer.insert(header::CONTENT_ENCODING, HeaderValue::from_static(encoding));
    }
    response
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_smallest_form_the_browser_reads_is_answered_and_nothing_outside() {
        let files: Files = [("a.css", "plain"), ("a.css.br", "small"), ("manifest.json", "{}")]
            .into_iter()
            .map(|(name, text)| (name.to_owned(), Bytes::from_static(text.as_bytes())))
            .collect();
        let ask = |name: &str, accepted: &'static str| {
            let mut headers = HeaderMap::new();
            headers.insert(header::ACCEPT_ENCODING, HeaderValue::from_static(accepted));
            answer(&files, name, &headers)
        };
        assert_eq!(ask("a.css", "gzip, br;q=1").headers()[header::CONTENT_ENCODING], "br");
        assert!(!ask("a.css", "gzip").headers().contains_key(header::CONTENT_ENCODING));
        for absent in ["manifest.json", "../Cargo.toml", "b.css", ""] {
            assert_eq!(ask(absent, "").status(), StatusCode::NOT_FOUND, "{absent}");
        }
    }
}
