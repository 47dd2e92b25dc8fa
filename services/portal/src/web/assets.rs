//! The built style sheet, script, pictograms and font: read once, served with their hash in the name.

use std::path::{Path, PathBuf};

use axum::{
    body::Body,
    http::{HeaderMap, HeaderValue, StatusCode, header},
    response::{IntoResponse as _, Response},
};

use crate::pages::Assets;

/// Where assets live on the site.
pub const ROOT: &str = "/assets/";

/// Reads the manifest that the build made.
pub fn load(folder: Option<&Path>) -> Result<(Assets, PathBuf), std::io::Error> {
    let folder = folder.ok_or_else(|| std::io::Error::other("DBJ_ASSETS is not set"))?;
    let manifest = std::fs::read_to_string(folder.join("manifest.json"))?;
    let assets = Assets::from_manifest(&manifest, ROOT).map_err(std::io::Error::other)?;
    Ok((assets, folder.to_owned()))
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
pub async fn serve(folder: &Path, name: &str, headers: &HeaderMap) -> Response {
    // A name is one path part of letters the build uses; nothing can climb out of the folder.
    let safe = name.bytes().all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'.' | b'-' | b'_'));
    let Some(kind) = kind_of(name).filter(|_| safe && !name.starts_with('.')) else {
        return StatusCode::NOT_FOUND.into_response();
    };
    let accepted = headers.get(header::ACCEPT_ENCODING).and_then(|value| value.to_str().ok()).unwrap_or_default();
    for (encoding, ending) in [("br", ".br"), ("gzip", ".gz"), ("", "")] {
        if !encoding.is_empty() && !accepted.split(',').any(|part| part.trim().split(';').next() == Some(encoding)) {
            continue;
        }
        let Ok(bytes) = tokio::fs::read(folder.join(format!("{name}{ending}"))).await else { continue };
        let mut response = Response::new(Body::from(bytes));
        let answer = response.headers_mut();
        answer.insert(header::CONTENT_TYPE, HeaderValue::from_static(kind));
        answer.insert(header::VARY, HeaderValue::from_static("accept-encoding"));
        answer.insert(header::CACHE_CONTROL, HeaderValue::from_static("public, max-age=31536000, immutable"));
        if !encoding.is_empty() {
            answer.insert(header::CONTENT_ENCODING, HeaderValue::from_static(encoding));
        }
        return response;
    }
    StatusCode::NOT_FOUND.into_response()
}
