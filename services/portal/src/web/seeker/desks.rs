//! Who helps me: the desks around a postcode, and letting one of them call.

use axum::{extract::Path, http::StatusCode, response::Response};
use proto::{
    DeskId, Problem, ReferralId, Service, Status,
    intake::{ConsentGiven, Desk, DesksFor, Details, ReferMe, WithdrawReferral},
};

use super::{
    details::{again, not_accepted},
    mine::{layout, told},
    near::{self, Near, USUAL_KM},
};
use crate::{
    pages::{
        Layout, Reader,
        failures::Happened,
        info::{DeskCard, Help, desk_for_whom},
        register::REFERRAL_TEXT_VERSION,
        rights::ReferralPage,
    },
    web::{
        fields::Fields,
        stop::Stop,
        view,
        visit::{Visit, Who, go_to, notice, page, page_with},
    },
};

async fn around(visit: &Visit, postcode: &str) -> Result<Vec<Desk>, Problem> {
    visit.ask(&DesksFor { postcode: visit.seal(Service::Intake, &postcode.to_owned()) }).await
}

fn card(visit: &Visit, desk: &Desk) -> DeskCard {
    let signed_in = matches!(visit.who, Who::Seeker(_));
    DeskCard {
        name: desk.name.clone(),
        for_whom: desk_for_whom(visit.t(), desk.kind),
        town: desk.town.clone(),
        phone: desk.phone.clone(),
        email: desk.email.clone(),
        website: desk.website.clone(),
        call_me: signed_in.then(|| format!("/mijn/loket/{}", desk.desk_id)),
    }
}

/// Who is signed in, by name; the page is for everyone.
async fn reader(visit: &Visit) -> Result<Option<Details>, Stop> {
    match visit.who {
        Who::Seeker(_) => told(visit).await.map(Some),
        _ => Ok(None),
    }
}

/// `/hulp`: who helps. With the postcode that this browser keeps, or hers, the desks stand there at once.
pub(super) async fn help(visit: Visit) -> Result<Response, Stop> {
    let details = reader(&visit).await?;
    let kept = Near::kept(&visit).map(|(near, _)| near.pc4.to_string());
    let hers = details.as_ref().and_then(|details| Some(details.wishes.as_ref()?.postcode.clone()));
    let known = hers.or(kept);
    let desks = match &known {
        None => None,
        // The page with the telephone number goes on without them.
        Some(postcode) => match around(&visit, postcode).await {
            Ok(desks) => Some(desks.iter().map(|desk| card(&visit, desk)).collect()),
            Err(problem) => {
                tracing::warn!(%problem, "the page of help goes without desks");
                None
            }
        },
    };
    let l = named(&visit, details);
    page(&Help { l, postcode: known.unwrap_or_default(), desks })
}

fn named(visit: &Visit, details: Option<Details>) -> Layout {
    match details {
        Some(details) => Layout { reader: Reader::Seeker { name: details.name }, ..visit.layout() },
        None => visit.layout(),
    }
}

/// Shows the desks around a postcode. It is in no address; the browser keeps its four digits, sealed.
pub(super) async fn take_postcode(visit: Visit, form: Fields) -> Result<Response, Stop> {
    let details = reader(&visit).await?;
    let typed = form.get("postcode").to_owned();
    let (cookie, refused) = match near::place(&visit, &typed) {
        Ok((postcode, _)) => {
            let km = Near::kept(&visit).map_or(USUAL_KM, |(near, _)| near.km);
            (Some(Near { pc4: postcode.pc4(), km }.keep(&visit)), None)
        }
        Err(problem) => (None, Some(problem)),
    };
    let l = named(&visit, details);
    if let Some(problem) = refused {
        let refused = visit.layout_refused(&form, &Problem::fields(vec![problem]));
        let l = Layout { reader: l.reader, ..refused };
        return page_with(StatusCode::BAD_REQUEST, &Help { l, postcode: typed, desks: None });
    }
    let desks = around(&visit, &typed).await?.iter().map(|desk| card(&visit, desk)).collect();
    let mut response = page(&Help { l, postcode: typed, desks: Some(desks) })?;
    response.headers_mut().extend(cookie.map(|cookie| (axum::http::header::SET_COOKIE, cookie)));
    Ok(response)
}

/// A desk of hers or of the postcode that this browser keeps.
async fn desk(visit: &Visit, details: &Details, id: &str) -> Result<Desk, Stop> {
    let desk_id: DeskId = id.parse().map_err(|_| Happened::NotFound)?;
    let kept = Near::kept(visit).map(|(near, _)| near.pc4.to_string());
    for postcode in
        [details.wishes.as_ref().map(|wishes| wishes.postcode.clone()), kept].into_iter().flatten()
    {
        if let Some(desk) = around(visit, &postcode).await?.into_iter().find(|desk| desk.desk_id == desk_id) {
            return Ok(desk);
        }
    }
    Err(Happened::NotFound.into())
}

fn referral_page(l: Layout, desk: &Desk, details: &Details, question: String) -> ReferralPage {
    ReferralPage {
        action: format!("/mijn/loket/{}", desk.desk_id),
        desk: desk.name.clone(),
        name: details.name.clone(),
        contact: details.contact.as_deref().map(view::spelled).unwrap_or_default(),
        question,
        l,
    }
}

/// `/mijn/loket/{id}`
pub(super) async fn referral(visit: Visit, Path(id): Path<String>) -> Result<Response, Stop> {
    let details = told(&visit).await?;
    let desk = desk(&visit, &details, &id).await?;
    page(&referral_page(layout(&visit, &details), &desk, &details, String::new()))
}

/// Passes her name and contact to the desk, which calls her.
pub(super) async fn take_referral(
    visit: Visit,
    Path(id): Path<String>,
    form: Fields,
) -> Result<Response, Stop> {
    let details = told(&visit).await?;
    let desk = desk(&visit, &details, &id).await?;
    let question = form.get("vraag").replace("\r\n", "\n");
    let command = ReferMe {
        seeker_id: visit.seeker()?,
        desk_id: desk.desk_id,
        text_version: REFERRAL_TEXT_VERSION.to_owned(),
        how: ConsentGiven::Herself,
        question: visit.seal(Service::Intake, &question),
    };
    match visit.ask(&command).await {
        Ok(_) => Ok(go_to("/mijn", [notice("notice-referred")])),
        Err(problem) if problem.status == Status::Invalid => {
            again(&visit, &details, &form, not_accepted(problem)?, |l| {
                referral_page(l, &desk, &details, question)
            })
        }
        Err(problem) => Err(problem.into()),
    }
}

/// Takes a referral back.
pub(super) async fn withdraw(visit: Visit, form: Fields) -> Result<Response, Stop> {
    let referral_id: ReferralId = form.get("id").parse().map_err(|_| Happened::NotUnderstood)?;
    visit.ask(&WithdrawReferral { referral_id }).await?;
    Ok(go_to("/mijn", [notice("notice-referral-withdrawn")]))
}
