//! Around every route: who may enter, where the request came from, and what a failure looks like.

use std::sync::Arc;

use axum::{
    extract::{MatchedPath, Request, State},
    http::{HeaderMap, HeaderName, HeaderValue, Method, StatusCode, header},
    middleware::Next,
    response::{IntoResponse as _, Response},
};
use chassis::{telemetry::PageLabels, trace::Trace};
use proto::Role;

use crate::{
    Portal,
    pages::failures::{Failure, Happened},
    web::{
        cookies,
        stop::Stop,
        visit::{Visit, Who, go_to, page_with},
    },
};

/// Who may enter a route.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Access {
    /// Everyone.
    Public,
    /// Job-seekers who signed in.
    Seeker,
    /// Staff with one of these roles.
    Staff(&'static [Role]),
    /// Staff after the password, before the code.
    HalfWay,
    /// Someone accepting an invitation.
    Invited,
    /// Everyone, in the development profile only.
    Development,
    /// A program that signs what it sends; the route itself looks at the signature. It has no session, and comes from no
    /// page of ours.
    Program,
}

impl Access {
    fn admits(self, visit: &Visit) -> Result<(), Stop> {
        let is_development = visit.app.chassis.config.profile == chassis::Profile::Development;
        match (self, &visit.who) {
            (Self::Public | Self::Program, _)
            | (Self::Seeker, Who::Seeker(_))
            | (Self::HalfWay, Who::HalfWay(_))
            | (Self::Invited, Who::Invited(..)) => Ok(()),
            (Self::Development, _) if is_development => Ok(()),
            (Self::Development, _) => Err(Happened::NotFound.into()),
            (Self::Staff(roles), Who::Staff(staff))
                if roles.iter().any(|role| staff.roles.contains(role)) =>
            {
                Ok(())
            }
            // Someone else's room: said plainly, without saying what is in it.
            (Self::Staff(_) | Self::Seeker, Who::Staff(_)) | (Self::Staff(_), Who::Seeker(_)) => {
                Err(Happened::NoAccess.into())
            }
            (Self::Seeker, _) => Err(Happened::SessionEnded { staff: false }.into()),
            (Self::Staff(_) | Self::HalfWay | Self::Invited, _) => {
                Err(Happened::SessionEnded { staff: true }.into())
            }
        }
    }
}

/// Lets a request in, or answers with the page that says why not.
pub(crate) async fn guard(
    State((app, access)): State<(Arc<Portal>, Access)>,
    request: Request,
    next: Next,
) -> Response {
    let (mut parts, body) = request.into_parts();
    let mut visit = Visit::read(app, &parts);
    if let Err(stop) = visit.recognise().await {
        // The page that says "not now" needs no session.
        return failure(&visit, &stop);
    }
    let is_program = access == Access::Program;
    visit.wants_json |= is_program;
    let allowed = (is_program || comes_from_our_page(&parts.method, &parts.headers))
        .then_some(())
        .ok_or(Stop::new(Happened::NoAccess))
        .and_then(|()| access.admits(&visit));
    // Whoever asked for a page of hers comes back to it once she is signed in: a link in a message leads to it.
    let back = matches!(allowed, Err(Stop { happened: Happened::SessionEnded { staff: false }, .. }))
        .then(|| visit.back_to(&parts.method));
    let mut response = match allowed {
        Ok(()) => {
            parts.extensions.insert(visit.clone());
            next.run(Request::from_parts(parts, body)).await
        }
        // Someone who asks for a page of hers and is not signed in is taken to the door.
        Err(Stop { happened: Happened::SessionEnded { staff }, .. })
            if parts.method == Method::GET && visit.token.is_none() =>
        {
            go_to(if staff { "/personeel/inloggen" } else { "/inloggen" }, None)
        }
        Err(stop) => stop.into_response(),
    };
    if let Some(stop) = response.extensions_mut().remove::<Stop>() {
        response = failure(&visit, &stop);
    }
    if let Some(back) = back.flatten() {
        response.headers_mut().append(header::SET_COOKIE, back);
    }
    if visit.shows_notice() && response.status() == StatusCode::OK {
        response.headers_mut().append(header::SET_COOKIE, cookies::remove(cookies::NOTICE));
    }
    response
}

/// Whether a request that changes something was made by a page of ours (RELIABILITY rule 37):
/// refused unless the browser says so.
fn comes_from_our_page(method: &Method, headers: &HeaderMap) -> bool {
    if method.is_safe() {
        return true;
    }
    let text = |name: HeaderName| headers.get(name).and_then(|value| value.to_str().ok());
    match text(HeaderName::from_static("sec-fetch-site")) {
        Some(site) => site == "same-origin",
        // Older browsers send only an origin.
        None => match (text(header::ORIGIN), text(header::HOST)) {
            (Some(origin), Some(host)) => origin.split_once("://").is_some_and(|(_, from)| from == host),
            _ => false,
        },
    }
}

/// The page, or the problem details, for a request that could not go on.
fn failure(visit: &Visit, stop: &Stop) -> Response {
    let status = StatusCode::from_u16(stop.happened.status()).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
    let code = stop.problem.as_ref().map(|problem| problem.code.clone()).unwrap_or_default();
    let page =
        Failure { l: visit.layout(), happened: stop.happened, code, request_id: visit.request_id.clone() };
    let mut response = if visit.wants_json {
        let code = if page.code.is_empty() { "page" } else { page.code.as_str() };
        let details = serde_json::json!({
            "type": format!("/problemen/{code}"),
            "title": page.title(),
            "status": status.as_u16(),
            "detail": page.text(),
            "instance": format!("urn:dichterbij:verzoek:{}", visit.request_id),
        });
        let mut response = (status, details.to_string()).into_response();
        response
            .headers_mut()
            .insert(header::CONTENT_TYPE, HeaderValue::from_static("application/problem+json"));
        response
    } else {
        page_with(status, &page).unwrap_or_else(|_| status.into_response())
    };
    if matches!(stop.happened, Happened::NotNow | Happened::TooOften { .. }) {
        let seconds = if let Happened::TooOften { minutes } = stop.happened { minutes * 60 } else { 2 };
        response.headers_mut().insert(header::RETRY_AFTER, HeaderValue::from(seconds));
    }
    response
}

const CSP: &str = "default-src 'none'; style-src 'self'; script-src 'self'; img-src 'self' data:; font-src 'self'; \
                   connect-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'";

/// Around everything: a task of its own, a trace, the same headers on every answer, a line in the log.
pub(crate) async fn around(State(app): State<Arc<Portal>>, request: Request, next: Next) -> Response {
    let trace = Trace::start(&*app.chassis.chance);
    let method = request.method().clone();
    let route = request.extensions().get::<MatchedPath>().map_or("other", MatchedPath::as_str).to_owned();
    let started = tokio::time::Instant::now();
    // A visitor who hangs up does not cancel what she began (RELIABILITY rule 17).
    let answer = tokio::spawn(trace.scope(next.run(request))).await;
    let mut response = answer.unwrap_or_else(|error| {
        tracing::error!(%route, panicked = error.is_panic(), "a page broke off");
        StatusCode::INTERNAL_SERVER_ERROR.into_response()
    });
    let status = response.status().as_u16();
    let headers = response.headers_mut();
    for (name, value) in [
        (header::CONTENT_SECURITY_POLICY, CSP),
        (header::STRICT_TRANSPORT_SECURITY, "max-age=31536000; includeSubDomains"),
        (header::X_CONTENT_TYPE_OPTIONS, "nosniff"),
        (header::X_FRAME_OPTIONS, "DENY"),
        (header::REFERRER_POLICY, "same-origin"),
        (HeaderName::from_static("cross-origin-opener-policy"), "same-origin"),
        (HeaderName::from_static("cross-origin-resource-policy"), "same-origin"),
        (HeaderName::from_static("permissions-policy"), "camera=(), microphone=(), geolocation=()"),
    ] {
        headers.insert(name, HeaderValue::from_static(value));
    }
    if !headers.contains_key(header::CACHE_CONTROL) {
        headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
    }
    // A connection that stays open would bring more visitors to one who is leaving.
    if app.chassis.stopping.is_cancelled() {
        headers.insert(header::CONNECTION, HeaderValue::from_static("close"));
    }
    // The route's pattern, never the address: addresses are other people's business.
    tracing::info!(%method, %route, status, duration_ms = started.elapsed().as_millis() as u64, trace = %trace.id(), "page");
    app.chassis.metrics.pages.get_or_create(&PageLabels { route, status }).inc();
    response
}

/// In development the portal answers to loopback names only, so that a page elsewhere cannot reach
/// the demo through a name of its own (DNS rebinding).
pub(crate) async fn loopback_names_only(
    State(app): State<Arc<Portal>>,
    request: Request,
    next: Next,
) -> Response {
    let host = request.headers().get(header::HOST).and_then(|value| value.to_str().ok()).unwrap_or_default();
    let name = host.rsplit_once(':').map_or(host, |(name, _)| name);
    let is_ours = matches!(name, "127.0.0.1" | "localhost" | "[::1]");
    if app.chassis.config.profile == chassis::Profile::Development && !is_ours {
        return StatusCode::MISDIRECTED_REQUEST.into_response();
    }
    next.run(request).await
}

#[cfg(test)]
mod tests {
    use super::*;

    fn headers(pairs: &[(&'static str, &'static str)]) -> HeaderMap {
        pairs
            .iter()
            .map(|(name, value)| (HeaderName::from_static(name), HeaderValue::from_static(value)))
            .collect()
    }

    #[test]
    fn only_our_own_pages_may_change_something() {
        let post =
            |pairs: &[(&'static str, &'static str)]| comes_from_our_page(&Method::POST, &headers(pairs));
        assert!(post(&[("sec-fetch-site", "same-origin")]));
        assert!(post(&[("origin", "http://127.0.0.1:8080"), ("host", "127.0.0.1:8080")]));
        assert!(!post(&[]), "deny by default");
        assert!(!post(&[("sec-fetch-site", "cross-site"), ("origin", "http://h"), ("host", "h")]));
        assert!(!post(&[("sec-fetch-site", "same-site")]));
        assert!(!post(&[("origin", "http://evil.example"), ("host", "127.0.0.1:8080")]));
        assert!(!post(&[("origin", "null"), ("host", "127.0.0.1:8080")]));
        assert!(comes_from_our_page(&Method::GET, &headers(&[("sec-fetch-site", "cross-site")])));
    }
}
