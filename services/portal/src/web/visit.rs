//! One visit to one page: who, in which language, with which key; and what she may ask.

use std::{net::IpAddr, sync::Arc};

use axum::{
    extract::FromRequestParts,
    http::{HeaderMap, HeaderValue, Method, StatusCode, header, request::Parts},
    response::{IntoResponse as _, Response},
};
use chassis::{
    Chassis, Fault,
    together::{Bounds, Together},
};
use chrono::{DateTime, Utc};
use proto::{AccountId, Actor, Call, EmployerId, Problem, Request, Role, SeekerId, Service};
use serde::{Serialize, de::DeserializeOwned};
use uuid::Uuid;

use crate::{
    Portal,
    pages::{self, FieldError, Layout, Notice, Reader, failures::Happened},
    store::{accounts, crypt, sessions},
    texts::{Language, Texts},
    web::{cookies, fields::Fields, stop::Stop},
};

/// Where the pages of a job-seeker lie.
const HERS: &str = "/mijn/";

/// Who visits, as far as her session says.
#[derive(Debug, Clone)]
pub enum Who {
    /// Nobody we know.
    Visitor,
    /// A job-seeker.
    Seeker(SeekerId),
    /// Staff.
    Staff(Staff),
    /// Staff after the password, before the code.
    HalfWay(AccountId),
    /// Someone accepting an invitation: its id and the secret for her app, encrypted.
    Invited(Uuid, Vec<u8>),
}

/// A member of staff.
#[derive(Debug, Clone)]
pub struct Staff {
    /// Her account.
    pub account_id: AccountId,
    /// Her name.
    pub name: String,
    /// What she may do.
    pub roles: Vec<Role>,
    /// Whose openings, for the employer role.
    pub employer_id: Option<EmployerId>,
    /// The regions she works for.
    pub regions: Vec<String>,
    /// The organisation she works for, as people read it; may be empty for employers and organisers.
    pub organisation: String,
}

/// One visit.
#[derive(Clone)]
pub struct Visit {
    /// The portal.
    pub app: Arc<Portal>,
    /// Who visits.
    pub who: Who,
    /// In which language.
    pub language: Language,
    /// The page's path, without a query.
    pub path: String,
    /// To find this visit in the log.
    pub request_id: String,
    /// Her session's token.
    pub token: Option<String>,
    /// Her network: an address without its last part. Empty when visitors cannot be told apart.
    pub network: String,
    /// The time of this visit.
    pub now: DateTime<Utc>,
    /// Whether she wants data rather than a page.
    pub wants_json: bool,
    notice: Option<String>,
    headers: HeaderMap,
}

impl Visit {
    /// Reads a visit from a request, without asking anyone: nobody has said yet whose session it is.
    pub(crate) fn read(app: Arc<Portal>, parts: &Parts) -> Self {
        let headers = &parts.headers;
        let accept_language = headers.get(header::ACCEPT_LANGUAGE).and_then(|value| value.to_str().ok());
        let language =
            Language::choose(cookies::read(headers, cookies::LANGUAGE).as_deref(), accept_language);
        let now = app.chassis.clock.machine_now();
        let token = cookies::read(headers, cookies::SESSION).filter(|token| !token.is_empty());
        let accept = headers.get(header::ACCEPT).and_then(|value| value.to_str().ok()).unwrap_or_default();
        let peer = parts.extensions.get::<axum::extract::ConnectInfo<std::net::SocketAddr>>();
        let network = address_of(headers, peer.map(|info| info.0.ip()), app.chassis.config.proxies)
            .map_or_else(String::new, network_of);
        Self {
            who: Who::Visitor,
            language,
            path: parts.uri.path().to_owned(),
            request_id: chassis::trace::Trace::current().map(chassis::trace::Trace::id).unwrap_or_default(),
            token,
            network,
            now,
            wants_json: accept.contains("application/problem+json") || accept.starts_with("application/json"),
            notice: cookies::read(headers, cookies::NOTICE),
            headers: headers.clone(),
            app,
        }
    }

    /// Asks the store whose session it is. A token that is no good any more is no session.
    pub(crate) async fn recognise(&mut self) -> Result<(), Stop> {
        if let Some(token) = &self.token {
            self.who = who(&self.app, token, self.now).await?;
        }
        Ok(())
    }

    /// The words of this visitor.
    pub fn t(&self) -> Texts {
        Texts::new(self.language)
    }

    /// Who acts, for the services.
    pub fn actor(&self) -> Actor {
        match &self.who {
            Who::Seeker(seeker_id) => Actor::Seeker { seeker_id: *seeker_id },
            Who::Staff(staff) => Actor::Account {
                account_id: staff.account_id,
                roles: staff.roles.clone(),
                employer_id: staff.employer_id,
                regions: staff.regions.clone(),
            },
            Who::Visitor | Who::HalfWay(_) | Who::Invited(..) => Actor::Visitor,
        }
    }

    /// Asks a service.
    pub async fn ask<C: Call>(&self, call: &C) -> Result<C::Reply, Problem> {
        self.app.chassis.bus.hasty().call(&self.actor(), call).await
    }

    /// Asks this service, among those that answer the same request.
    pub async fn ask_at<R: Request>(
        &self,
        service: Service,
        key: Uuid,
        request: &R,
    ) -> Result<R::Reply, Problem> {
        self.app.chassis.bus.hasty().call_at(service, &self.actor(), key, request).await
    }

    /// A key that nobody used.
    pub fn new_key(&self) -> Uuid {
        self.app.chassis.chance.uuid_v4()
    }

    /// Asks a service with the key of a form, so that sending it twice does it once.
    ///
    /// Only for calls without sealed parts: a box of [`Visit::seal`] never looks the same twice. Those use
    /// [`super::once::Once`], or [`Visit::ask`] where their service recognises a repeat by what it says.
    pub async fn ask_with_key<C: Call>(&self, form: &Fields, call: &C) -> Result<C::Reply, Problem> {
        let key = form.get("key").parse().unwrap_or_else(|_| self.app.chassis.chance.uuid_v4());
        self.app.chassis.bus.hasty().call_with_key(&self.actor(), key, call).await
    }

    /// Seals something for a service.
    pub fn seal<T: Serialize>(&self, to: Service, value: &T) -> proto::Sealed<T> {
        self.app.chassis.keys.seal(to, value)
    }

    /// Opens what a service sealed for the portal.
    pub fn open<T: DeserializeOwned>(&self, sealed: &proto::Sealed<T>) -> Result<T, Stop> {
        self.app.chassis.keys.open(sealed).map_err(|error| {
            tracing::error!(%error, "an answer could not be opened");
            Stop::new(Happened::OurFault)
        })
    }

    /// What the browser keeps for us in a cookie, sealed by the portal to itself.
    pub fn kept<T: DeserializeOwned>(&self, cookie: &str) -> Option<T> {
        let base64 = cookies::read(&self.headers, cookie).filter(|value| !value.is_empty())?;
        self.app.chassis.keys.open(&proto::Sealed::from_base64(base64)).ok()
    }

    /// A cookie in which the browser keeps something for us, sealed.
    pub fn keep<T: Serialize>(&self, cookie: &'static str, value: &T, minutes: Option<i64>) -> HeaderValue {
        cookies::keep(cookie, &self.seal(Service::Portal, value).base64, minutes)
    }

    /// The cookie that brings her back to the page that she asked for.
    pub(crate) fn back_to(&self, method: &Method) -> Option<HeaderValue> {
        let is_hers = method == Method::GET && self.path.starts_with(HERS);
        is_hers.then(|| self.keep(cookies::BACK, &self.path, Some(60)))
    }

    /// The page of hers that she asked for before she signed in.
    pub(crate) fn back(&self) -> Option<String> {
        self.kept(cookies::BACK).filter(|path: &String| path.starts_with(HERS))
    }

    /// What every page shares.
    pub fn layout(&self) -> Layout {
        let t = self.t();
        Layout {
            t,
            reader: self.reader(),
            path: self.path.clone(),
            phone: self.app.chassis.config.help_phone.clone(),
            assets: self.app.assets.clone(),
            key: self.app.chassis.chance.uuid_v4().to_string(),
            errors: Vec::new(),
            // Only our own sentences: the cookie names one.
            notice: self
                .notice
                .as_deref()
                .filter(|id| id.starts_with("notice-"))
                .and_then(|id| t.find(id, &[]))
                .map(Notice::Done),
            demo: self.app.chassis.config.profile == chassis::Profile::Development,
            stuck: self.app.stuck.load(std::sync::atomic::Ordering::Relaxed),
        }
    }

    /// The layout of a form that was refused, with the reasons and the same key.
    pub fn layout_refused(&self, form: &Fields, problem: &Problem) -> Layout {
        let errors =
            problem.fields.iter().map(|field| (field.field.clone(), FieldError::from(field.clone())));
        let mut layout = Layout { errors: errors.collect(), ..self.layout() };
        if let Ok(key) = form.get("key").parse::<Uuid>() {
            layout.key = key.to_string();
        }
        layout
    }

    fn reader(&self) -> Reader {
        match &self.who {
            Who::Seeker(_) => Reader::Seeker { name: String::new() },
            Who::Staff(staff) => Reader::Staff {
                name: staff.name.clone(),
                roles: staff.roles.iter().copied().map(Into::into).collect(),
            },
            Who::Visitor | Who::HalfWay(_) | Who::Invited(..) => Reader::Visitor,
        }
    }

    /// Whether a notice is being shown, so that its cookie can go.
    pub(crate) fn shows_notice(&self) -> bool {
        self.notice.is_some()
    }

    /// The account manager or other staff behind this visit.
    pub fn staff(&self) -> Result<&Staff, Stop> {
        match &self.who {
            Who::Staff(staff) => Ok(staff),
            _ => Err(Happened::SessionEnded { staff: true }.into()),
        }
    }

    /// The job-seeker behind this visit.
    pub fn seeker(&self) -> Result<SeekerId, Stop> {
        match &self.who {
            Who::Seeker(seeker_id) => Ok(*seeker_id),
            _ => Err(Happened::SessionEnded { staff: false }.into()),
        }
    }
}

/// Looks up whose sessions these are: in a rush, those of hundreds of visits in one question.
pub(crate) type Sessions = Together<String, Option<sessions::SessionRow>>;

/// More than come in at the moment that a line opens.
const LOOKING: Bounds = Bounds { together: 1_000, waiting: 16_000 };

/// Asks the store for sessions.
pub(crate) fn sessions(chassis: &Chassis) -> Sessions {
    let store = chassis.store.clone();
    Together::new(LOOKING, move |tokens: Vec<String>| {
        let store = store.clone();
        Box::pin(async move {
            let found = sessions::find(store.pool(), &tokens).await;
            found.map_err(|error| Fault::from(error).into_problem("looking up sessions"))
        })
    })
}

async fn who(app: &Portal, token: &str, now: DateTime<Utc>) -> Result<Who, Stop> {
    let pool = app.chassis.store.pool();
    let session = app.sessions.ask(token.to_owned()).await?;
    let Some(session) = session.filter(|session| session.is_good(now)) else { return Ok(Who::Visitor) };
    if session.is_to_be_noted(now) {
        sessions::seen(pool, token, now).await?;
    }
    if let Some(id) = session.seeker_id {
        return Ok(Who::Seeker(SeekerId(id)));
    }
    if let (Some(id), Some(secret)) = (session.invitation_id, session.totp_secret) {
        return Ok(Who::Invited(id, secret));
    }
    let Some(account_id) = session.account_id.map(AccountId) else { return Ok(Who::Visitor) };
    if session.kind == "half_way" {
        return Ok(Who::HalfWay(account_id));
    }
    let account = accounts::by_id(pool, account_id).await?.filter(|account| account.ended_at.is_none());
    let Some(account) = account else { return Ok(Who::Visitor) };
    let key = app.vault().owner(&account.data_key, account.account_id)?;
    let personal = key.decrypt(crypt::PERSONAL, &account.personal)?;
    Ok(Who::Staff(Staff {
        account_id,
        name: personal.name,
        roles: account.roles(),
        employer_id: account.employer(),
        regions: account.regions,
        organisation: account.organisation,
    }))
}

/// An address without its last part: /24 for IPv4, /48 for IPv6.
/// The address of a visitor. Behind so many proxies of our own it is the one that the first of them wrote down;
/// what stands before it anyone can write. A request that came through a proxy we know nothing of tells nothing.
fn address_of(headers: &HeaderMap, peer: Option<IpAddr>, proxies: usize) -> Option<IpAddr> {
    let forwarded = headers.get_all("x-forwarded-for");
    if proxies == 0 {
        return peer.filter(|_| forwarded.iter().next().is_none());
    }
    let written: Vec<&str> =
        forwarded.iter().filter_map(|value| value.to_str().ok()).flat_map(|value| value.split(',')).collect();
    written.len().checked_sub(proxies).and_then(|at| written[at].trim().parse().ok())
}

fn network_of(address: IpAddr) -> String {
    match address.to_canonical() {
        IpAddr::V4(v4) => {
            let [a, b, c, _] = v4.octets();
            format!("{a}.{b}.{c}")
        }
        IpAddr::V6(v6) => {
            let [a, b, c, ..] = v6.segments();
            format!("{a:x}:{b:x}:{c:x}")
        }
    }
}

impl<S: Send + Sync> FromRequestParts<S> for Visit {
    type Rejection = Stop;

    /// The guard around every route has put it there.
    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Stop> {
        parts.extensions.get::<Self>().cloned().ok_or_else(|| Stop::new(Happened::OurFault))
    }
}

impl From<Role> for pages::Role {
    fn from(role: Role) -> Self {
        match role {
            Role::AccountManager => Self::Manager,
            Role::Employer => Self::Employer,
            Role::Helper => Self::Helper,
            Role::Organiser => Self::Organiser,
            Role::Administrator => Self::Administrator,
        }
    }
}

impl From<pages::Role> for Role {
    fn from(role: pages::Role) -> Self {
        match role {
            pages::Role::Manager => Self::AccountManager,
            pages::Role::Employer => Self::Employer,
            pages::Role::Helper => Self::Helper,
            pages::Role::Organiser => Self::Organiser,
            pages::Role::Administrator => Self::Administrator,
        }
    }
}

/// A page.
pub fn page(template: &impl askama::Template) -> Result<Response, Stop> {
    page_with(StatusCode::OK, template)
}

/// A page with another status: a refused form is 400, a closed opening 410.
pub fn page_with(status: StatusCode, template: &impl askama::Template) -> Result<Response, Stop> {
    let html = template.render().map_err(|error| {
        tracing::error!(%error, "a page could not be rendered");
        Stop::new(Happened::OurFault)
    })?;
    let mut response = (status, html).into_response();
    response.headers_mut().insert(header::CONTENT_TYPE, HeaderValue::from_static("text/html; charset=utf-8"));
    Ok(response)
}

/// To another page after a form was taken, with cookies to set.
pub fn go_to(path: &str, cookies: impl IntoIterator<Item = HeaderValue>) -> Response {
    let mut response = StatusCode::SEE_OTHER.into_response();
    let target = HeaderValue::from_str(path).unwrap_or_else(|_| HeaderValue::from_static("/"));
    response.headers_mut().insert(header::LOCATION, target);
    for cookie in cookies {
        response.headers_mut().append(header::SET_COOKIE, cookie);
    }
    response
}

/// The cookie that shows a sentence once, on the next page: the id of a message that starts with `notice-`.
pub fn notice(id: &'static str) -> HeaderValue {
    debug_assert!(id.starts_with("notice-"), "{id}");
    cookies::keep(cookies::NOTICE, id, Some(5))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_is_taken_only_from_who_knows_it() {
        let peer: Option<IpAddr> = "192.0.2.7".parse().ok();
        let network = |forwarded: &[&'static str], proxies| {
            let mut headers = HeaderMap::new();
            for value in forwarded {
                headers.append("x-forwarded-for", HeaderValue::from_static(value));
            }
            address_of(&headers, peer, proxies).map(network_of)
        };
        let known = |network: &str| Some(network.to_owned());
        assert_eq!(network(&[], 0), known("192.0.2"));
        assert_eq!(network(&["203.0.113.9"], 0), None, "a proxy that nobody told us of");
        assert_eq!(network(&["203.0.113.9"], 1), known("203.0.113"));
        assert_eq!(network(&["198.51.100.1, 203.0.113.9"], 1), known("203.0.113"), "the first one she wrote");
        assert_eq!(network(&["198.51.100.1, 203.0.113.9", "10.0.0.1"], 2), known("203.0.113"));
        assert_eq!(network(&["2001:db8:1:2::3"], 1), known("2001:db8:1"));
        for odd in [&[][..], &["unknown"], &["203.0.113.9, "]] {
            assert_eq!(network(odd, 1), None, "{odd:?}");
        }
    }
}
