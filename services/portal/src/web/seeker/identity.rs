//! Who she is to us: her name, how she likes to be reached, and another number or address by a code.

use axum::{http::HeaderValue, response::Response};
use proto::{
    FieldProblem, Problem, SeekerId, Service, Status,
    intake::{ChangeContact, ChangeIdentity, CodeSent, Details, ReleaseContact, Released, ToldIdentity},
    work::{self, Channel},
};

use super::{
    codes,
    details::{again, not_accepted, saved},
    mine::{layout, told},
};
use crate::{
    pages::{
        Choice, Layout,
        profile::{EditContact, EditName, OldContact},
        register::channel_choices,
    },
    texts::Language,
    web::{
        cookies,
        fields::Fields,
        once::Once,
        stop::Stop,
        view,
        visit::{Visit, go_to, page},
    },
};

fn name_page(
    l: Layout,
    details: &Details,
    name: String,
    channel: Option<Channel>,
    language: Option<work::Language>,
) -> EditName {
    let languages = Language::ALL.into_iter().map(|one| {
        let chosen = language.is_some_and(|language| language.tag() == one.code());
        Choice::new(one.code(), one.own_name().to_owned(), chosen)
    });
    let channels = if details.contact.is_some() { channel_choices(l.t, channel) } else { Vec::new() };
    EditName { name, channels, languages: languages.collect(), l }
}

/// `/mijn/gegevens/naam`
pub(super) async fn name(visit: Visit) -> Result<Response, Stop> {
    let details = told(&visit).await?;
    let l = layout(&visit, &details);
    page(&name_page(l, &details, details.name.clone(), Some(details.channel), Some(details.language)))
}

/// Changes her name, her language and how she likes to be reached.
pub(super) async fn take_name(visit: Visit, form: Fields) -> Result<Response, Stop> {
    let details = told(&visit).await?;
    let name = form.get("naam").to_owned();
    let language = work::Language::from_tag(form.get("taal"));
    let channel = match details.contact {
        Some(_) => Channel::from_name(form.get("kanaal")),
        None => Some(details.channel),
    };
    let mut problems = Vec::new();
    if name.is_empty() {
        problems.push(FieldProblem::new("naam", "name-empty"));
    }
    if channel.is_none() {
        problems.push(FieldProblem::new("kanaal", "channel-missing"));
    }
    if language.is_none() {
        problems.push(FieldProblem::new("taal", "choice-unknown"));
    }
    if let (Some(channel), Some(language)) = (channel, language)
        && problems.is_empty()
    {
        let identity = ToldIdentity { name: name.clone(), channel, language };
        let change =
            ChangeIdentity { seeker_id: visit.seeker()?, identity: visit.seal(Service::Intake, &identity) };
        match visit.ask(&change).await {
            Ok(()) => {
                let mut response = saved();
                let cookie = cookies::keep(cookies::LANGUAGE, language.tag(), Some(60 * 24 * 365));
                response.headers_mut().append(axum::http::header::SET_COOKIE, cookie);
                return Ok(response);
            }
            Err(problem) => problems = not_accepted(problem)?,
        }
    }
    again(&visit, &details, &form, problems, |l| name_page(l, &details, name, channel, language))
}

fn contact_page(l: Layout, details: &Details, contact: &str) -> EditContact {
    let now = details.contact.as_deref().map(view::spelled).unwrap_or_default();
    EditContact { l, now, contact: contact.to_owned() }
}

/// How long the browser keeps that the old contact is still hers, in minutes: less than intake does.
const RELEASED_MINUTES: i64 = 25;

/// The cookie that keeps it.
pub(super) fn released(visit: &Visit, seeker_id: SeekerId) -> HeaderValue {
    visit.keep(cookies::RELEASED, &seeker_id, Some(RELEASED_MINUTES))
}

/// Sends a code to the contact that is hers now. Who has none of her own goes on at once.
pub(super) async fn release(visit: &Visit, form: &Fields) -> Result<Response, Stop> {
    let details = told(visit).await?;
    let seeker_id = visit.seeker()?;
    let once = Once::of(visit, form, &("release contact", seeker_id));
    match codes::in_even_time(once.ask(&ReleaseContact { seeker_id })).await? {
        Released::CodeSent { challenge_id } => {
            let contact = details.contact.unwrap_or_default();
            let waits = codes::waits_for(visit, CodeSent { challenge_id }, &contact);
            Ok(go_to("/mijn/gegevens/contact/oud", [waits]))
        }
        Released::NotNeeded => Ok(go_to("/mijn/gegevens/contact", [released(visit, seeker_id)])),
    }
}

/// `/mijn/gegevens/contact`: first a code to the old one, then the question for the new one.
pub(super) async fn contact(visit: Visit) -> Result<Response, Stop> {
    let details = told(&visit).await?;
    let l = layout(&visit, &details);
    let is_released = visit.kept(cookies::RELEASED) == Some(visit.seeker()?);
    if let Some(now) = details.contact.as_deref().filter(|_| !is_released) {
        return page(&OldContact { now: view::spelled(now), l });
    }
    page(&contact_page(l, &details, ""))
}

/// Sends a code to the new number or address: the old one stays hers until it comes back.
pub(super) async fn take_contact(visit: Visit, form: Fields) -> Result<Response, Stop> {
    if form.has("oud") {
        return release(&visit, &form).await;
    }
    let details = told(&visit).await?;
    let typed = form.get("contact");
    match codes::in_even_time(send(&visit, &form, typed)).await {
        Ok(cookie) => Ok(go_to("/mijn/gegevens/contact/code", [cookie])),
        Err(problem) if problem.status == Status::Invalid => {
            again(&visit, &details, &form, not_accepted(problem)?, |l| contact_page(l, &details, typed))
        }
        // Too long ago: the old one once more.
        Err(problem) if problem.code == "old-contact-first" => {
            Ok(go_to("/mijn/gegevens/contact", [cookies::remove(cookies::RELEASED)]))
        }
        Err(problem) => Err(problem.into()),
    }
}

/// Asks for a code to a new contact.
pub(super) async fn send(visit: &Visit, form: &Fields, contact: &str) -> Result<HeaderValue, Problem> {
    let seeker_id = visit.seeker().map_err(|_| Problem::new(Status::Unauthenticated, "unauthenticated"))?;
    let once = Once::of(visit, form, &(seeker_id, contact));
    let call = ChangeContact { seeker_id, contact: once.seal(Service::Intake, &contact.to_owned()) };
    Ok(codes::waits_for(visit, once.ask(&call).await?, contact))
}
