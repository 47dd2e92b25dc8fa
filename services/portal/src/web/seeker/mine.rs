//! Her own work: proposals with their reasons.

use std::{sync::LazyLock, time::Duration};

use axum::{
    extract::{Path, RawQuery},
    http::{HeaderMap, Method},
    response::Response,
};
use proto::{
    Problem, Status,
    intake::{Details, MyDetails},
    matcher::{OpeningProposal, ProposalsForSeeker, Reason, RecordShown, SeekerProposals},
    vacancies::{OpeningView, OpeningsById},
    work::Cell,
};

use super::{
    near,
    once::{self, Once},
    openings,
};
use crate::{
    pages::{
        Layout, Reader,
        failures::Happened,
        seeker::{MyWork, ProposalPage, WorkState},
        work::{Distance, OpeningCard, Voice},
    },
    web::{
        cookies,
        fields::Fields,
        stop::Stop,
        view,
        visit::{Visit, go_to, page},
    },
};

/// Proposals on one page.
const PER_PAGE: u32 = 5;
/// The most that the matcher tells at a time.
const MOST: u16 = 100;

/// What she told us.
///
/// # Errors
/// Her session ends when there is nobody behind it any more.
pub(super) async fn told(visit: &Visit) -> Result<Details, Stop> {
    match visit.ask(&MyDetails { seeker_id: visit.seeker()? }).await {
        Ok(sealed) => visit.open(&sealed),
        Err(problem) if problem.status == Status::NotFound => {
            Err(Happened::SessionEnded { staff: false }.into())
        }
        Err(problem) => Err(problem.into()),
    }
}

/// The layout of a page of hers.
pub(super) fn layout(visit: &Visit, details: &Details) -> Layout {
    Layout { reader: Reader::Seeker { name: details.name.clone() }, ..visit.layout() }
}

/// Where she lives, about.
pub(super) fn home(visit: &Visit, details: &Details) -> Option<Cell> {
    near::place(visit, &details.wishes.postcode).ok().map(|(_, place)| place.cell())
}

/// `/mijn`
pub(super) async fn my_work(
    visit: Visit,
    method: Method,
    headers: HeaderMap,
    RawQuery(query): RawQuery,
) -> Result<Response, Stop> {
    let wanted = view::page_number(&Fields::parse(query.unwrap_or_default().as_bytes()));
    let (details, found) = tokio::join!(told(&visit), proposals(&visit, wanted.saturating_mul(PER_PAGE)));
    let (details, found) = (details?, found?);
    let pager = view::pager("/mijn", wanted, u64::from(found.total.min(MOST.into())), PER_PAGE);
    if wanted > pager.pages {
        return Ok(go_to(&pager.href(pager.pages), None));
    }
    let state = match found.profile_version {
        Some(version) if version >= details.profile_version && found.total > 0 => WorkState::Found,
        Some(version) if version >= details.profile_version => WorkState::Nothing,
        _ => WorkState::Searching,
    };
    let (mut cards, mut nearby) = (Vec::new(), Vec::new());
    if state == WorkState::Found {
        let shown: Vec<_> =
            found.proposals.iter().skip(((wanted - 1) * PER_PAGE) as usize).cloned().collect();
        let openings = by_id(&visit, &shown).await?;
        cards = shown.iter().filter_map(|proposal| card(&visit, proposal, &openings)).collect();
        // What closed in between was not shown.
        let shown = shown.into_iter().filter(|proposal| has(&openings, proposal)).collect();
        record(&visit, &method, &found, shown);
    } else if let Some(cell) = home(&visit, &details) {
        nearby = near::a_few(&visit, cell).await;
    }
    let wishes = &details.wishes;
    let knows_tasks = wishes.any_task || !wishes.tasks.is_empty();
    let knows_when = wishes.hours.is_some() && !wishes.dayparts.is_empty();
    let l = layout(&visit, &details);
    page(&MyWork {
        more: MyWork::more(l.t, wishes.travel.is_some(), knows_tasks, knows_when),
        welcome: cookies::read(&headers, cookies::NOTICE).as_deref() == Some("notice-welcome"),
        name: details.name,
        l,
        state,
        total: found.total,
        proposals: cards,
        pager,
        nearby,
    })
}

async fn proposals(visit: &Visit, limit: u32) -> Result<SeekerProposals, Stop> {
    let limit = u16::try_from(limit).unwrap_or(MOST).min(MOST);
    Ok(visit.ask(&ProposalsForSeeker { seeker_id: visit.seeker()?, limit }).await?)
}

async fn by_id(visit: &Visit, proposals: &[OpeningProposal]) -> Result<Vec<OpeningView>, Problem> {
    let opening_ids = proposals.iter().map(|proposal| proposal.opening_id).collect();
    visit.ask(&OpeningsById { opening_ids }).await
}

fn has(openings: &[OpeningView], proposal: &OpeningProposal) -> bool {
    openings.iter().any(|opening| opening.opening_id == proposal.opening_id)
}

fn card(visit: &Visit, proposal: &OpeningProposal, openings: &[OpeningView]) -> Option<OpeningCard> {
    let opening = openings.iter().find(|opening| opening.opening_id == proposal.opening_id)?;
    Some(card_of(visit, proposal, opening))
}

fn card_of(visit: &Visit, proposal: &OpeningProposal, opening: &OpeningView) -> OpeningCard {
    let href = format!("/mijn/voorstel/{}", proposal.opening_id);
    let reasons = view::reasons(visit, Voice::You, &proposal.reasons);
    let by = proposal.reasons.iter().find_map(|reason| match reason {
        Reason::Near { means, minutes, .. } => Some((*means, *minutes)),
        _ => None,
    });
    view::opening_card(opening, href, Some(Distance { by, ..Distance::km(proposal.km) }), reasons)
}

/// What was told to the matcher: a page that looks again every few seconds shows the same most times.
static TOLD: LazyLock<Once<()>> = LazyLock::new(|| Once::new(Duration::from_mins(10)));

/// Tells the matcher what she saw, beside the answer: a page does not wait for it, nor fail by it.
fn record(visit: &Visit, method: &Method, found: &SeekerProposals, proposals: Vec<OpeningProposal>) {
    let (Ok(seeker_id), Some(profile_version)) = (visit.seeker(), found.profile_version) else { return };
    if *method != Method::GET || proposals.is_empty() {
        return;
    }
    let key = once::key_of(visit, &(seeker_id, &proposals, profile_version, &found.made_with.rules));
    let shown = RecordShown { seeker_id, proposals, profile_version, made_with: found.made_with.clone() };
    let visit = visit.clone();
    let telling = async move {
        let bus = &visit.app.chassis.bus;
        match TOLD.ask(key, bus.call_with_key(&visit.actor(), key, &shown)).await {
            Ok(()) => {}
            // The same was told before, when the matcher had heard less of others.
            Err(problem) if problem.status == Status::KeyReused => {}
            Err(problem) => tracing::warn!(%problem, "what was shown was not recorded"),
        }
    };
    match chassis::trace::Trace::current() {
        Some(trace) => _ = tokio::spawn(trace.scope(telling)),
        None => _ = tokio::spawn(telling),
    }
}

/// `/mijn/voorstel/{id}`
pub(super) async fn proposal(visit: Visit, method: Method, Path(id): Path<String>) -> Result<Response, Stop> {
    let (details, found, looked) =
        tokio::join!(told(&visit), proposals(&visit, MOST.into()), openings::look_up(&visit, &id));
    let (details, found) = (details?, found?);
    let opening = match looked? {
        openings::Looked::Open(opening) => opening,
        openings::Looked::Gone(around) => {
            return openings::gone(&visit, home(&visit, &details).or(around)).await;
        }
    };
    let Some(proposal) = found.proposals.iter().find(|proposal| proposal.opening_id == opening.opening_id)
    else {
        // It does not stand on her list (any more): the page that everyone sees.
        return Ok(go_to(&near::href(opening.opening_id), None));
    };
    let OpeningCard { reasons, .. } = card_of(&visit, proposal, &opening);
    let card = OpeningCard { reasons: Vec::new(), ..card_of(&visit, proposal, &opening) };
    let o = view::opening_detail(&visit, card, &opening.details);
    record(&visit, &method, &found, vec![proposal.clone()]);
    page(&ProposalPage { l: layout(&visit, &details), o, reasons })
}
