//! The cookies there are. All are `__Host-`: this host only, whole site, secure, not for scripts.

use axum::http::{HeaderMap, HeaderValue, header};
use cookie::{Cookie, SameSite, time::Duration};

/// The session of a job-seeker or of staff.
pub const SESSION: &str = "__Host-dbj-sessie";
/// The chosen language.
pub const LANGUAGE: &str = "__Host-dbj-taal";
/// An unfinished registration, sealed by the portal to itself.
pub const DRAFT: &str = "__Host-dbj-aanmelding";
/// The code that this browser asked for.
pub const CHALLENGE: &str = "__Host-dbj-code";
/// That the code to her old contact came back, sealed: she may give another one.
pub const RELEASED: &str = "__Host-dbj-ander";
/// The postcode around which openings are shown, sealed: never in an address.
pub const NEAR: &str = "__Host-dbj-bij";
/// The card of the person whom a helper just registered, sealed, until it is printed.
pub const HELPER_CARD: &str = "__Host-dbj-kaart";
/// Where people come in at this helper's place.
pub const HELPER_VIA: &str = "__Host-dbj-vindplaats";
/// The page of hers that she asked for before she signed in, sealed.
pub const BACK: &str = "__Host-dbj-terug";
/// What just happened, shown once.
pub const NOTICE: &str = "__Host-dbj-melding";

/// The value of a cookie the browser sent.
pub fn read(headers: &HeaderMap, name: &str) -> Option<String> {
    headers
        .get_all(header::COOKIE)
        .iter()
        .filter_map(|value| value.to_str().ok())
        .flat_map(Cookie::split_parse_encoded)
        .filter_map(Result::ok)
        .find(|cookie| cookie.name() == name)
        .map(|cookie| cookie.value().to_owned())
}

/// A header that keeps a value: for so many minutes, or until the browser closes.
pub fn keep(name: &'static str, value: &str, minutes: Option<i64>) -> HeaderValue {
    let mut cookie = Cookie::build((name, value.to_owned()))
        .path("/")
        .secure(true)
        .http_only(true)
        .same_site(SameSite::Lax);
    if let Some(minutes) = minutes {
        cookie = cookie.max_age(Duration::minutes(minutes));
    }
    header_of(&cookie.build())
}

/// A header that removes a cookie.
pub fn remove(name: &'static str) -> HeaderValue {
    keep(name, "", Some(0))
}

fn header_of(cookie: &Cookie<'_>) -> HeaderValue {
    HeaderValue::from_str(&cookie.encoded().to_string()).expect("an encoded cookie is ASCII")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_cookie_is_for_this_host_only_and_not_for_scripts() {
        let header = keep(SESSION, "a b;c", Some(5));
        let text = header.to_str().unwrap();
        for part in
            ["__Host-dbj-sessie=a%20b%3Bc", "HttpOnly", "SameSite=Lax", "Secure", "Path=/", "Max-Age=300"]
        {
            assert!(text.contains(part), "{text}");
        }
        assert!(!text.contains("Domain"));
    }

    #[test]
    fn a_cookie_reads_back() {
        let mut headers = HeaderMap::new();
        headers.insert(header::COOKIE, HeaderValue::from_static("x=1; __Host-dbj-taal=en; y"));
        assert_eq!(read(&headers, LANGUAGE).as_deref(), Some("en"));
        assert_eq!(read(&headers, SESSION), None);
    }
}
