//! Her own work: proposals with their reasons.

use chassis::clock;
use std::collections::BTreeMap;

use axum::{
    extract::{Path, RawQuery},
    http::{HeaderMap, Method},
    response::Response,
};
use proto::{
    OpeningId, Problem, Status,
    intake::{Availability, Details, MyDetails},
    matcher::{
        Mark, MyMark, MyMarks, OpeningProposal, ProposalsForSeeker, Reason, RecordShown, SeekerProposals,
    },
    vacancies::{OpeningView, OpeningsById},
    work::Cell,
};

use super::{details::tasks_in_words, duplicates, near, openings, pause, queue};
use crate::{
    domain::own_fit::own_fit,
    pages::{
        Layout, Reader,
        failures::Happened,
        seeker::{
            Choosing, MyWork, ProposalPage, ReferralLine, Said, Wanted, WantedLine, WorkState, own_lines,
            referral_words,
        },
        work::{Distance, OpeningCard, Voice, daypart_list, hours_words, support_name},
    },
    web::{
        cookies,
        fields::Fields,
        once,
        stop::Stop,
        view,
        visit::{Visit, go_to, page},
    },
};

/// Proposals on one page.
const PER_PAGE: u32 = 5;
/// The most that the matcher tells at a time.
pub(super) const MOST: u16 = 100;
/// Openings that she wants, on her page.
const MOST_WANTED: usize = 20;
/// Referrals on her page.
const MOST_REFERRALS: usize = 5;

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
    near::place(visit, &details.wishes_so_far().postcode).ok().map(|(_, place)| place.cell())
}

/// `/mijn`
pub(super) async fn my_work(
    visit: Visit,
    method: Method,
    headers: HeaderMap,
    RawQuery(query): RawQuery,
) -> Result<Response, Stop> {
    let wanted = view::page_number(&Fields::parse(query.unwrap_or_default().as_bytes()));
    let (details, found, marks, duplicate, tickets) = tokio::join!(
        told(&visit),
        proposals(&visit, wanted.saturating_mul(PER_PAGE)),
        marks(&visit),
        duplicates::waiting(&visit),
        queue::lines(&visit)
    );
    let (details, found) = (details?, found?);
    let pager = view::pager("/mijn", wanted, u64::from(found.total.min(MOST.into())), PER_PAGE);
    if wanted > pager.pages {
        return Ok(go_to(&pager.href(pager.pages), None));
    }
    let state = match found.profile_version {
        _ if details.wishes.is_none() => WorkState::NotTold,
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
    let l = layout(&visit, &details);
    page(&MyWork {
        // Before anything else, where she lives.
        more: details.wishes.as_ref().map(|wishes| MyWork::more(l.t, wishes)).unwrap_or_default(),
        welcome: cookies::read(&headers, cookies::NOTICE).as_deref() == Some("notice-welcome"),
        paused: pause::paused(details.availability),
        still_looking: matches!(details.availability, Availability::Looking { asked_at: Some(_) }),
        duplicate,
        wanted: wanted_lines(&visit, &details, &marks).await?,
        tickets: tickets?,
        referrals: referral_lines(&visit, &details),
        name: details.name,
        l,
        state,
        total: found.total,
        proposals: cards,
        pager,
        nearby,
    })
}

pub(super) async fn proposals(visit: &Visit, limit: u32) -> Result<SeekerProposals, Stop> {
    let limit = u16::try_from(limit).unwrap_or(MOST).min(MOST);
    Ok(visit.ask(&ProposalsForSeeker { seeker_id: visit.seeker()?, limit }).await?)
}

/// What she said to openings, newest first. A page goes on when nobody can say.
async fn marks(visit: &Visit) -> Vec<MyMark> {
    let Ok(seeker_id) = visit.seeker() else { return Vec::new() };
    visit.ask(&MyMarks { seeker_id }).await.unwrap_or_else(|problem| {
        tracing::warn!(%problem, "a page goes without what she said");
        Vec::new()
    })
}

/// Openings by their ids, as far as they are there for everyone.
pub(super) async fn openings(
    visit: &Visit,
    ids: impl Iterator<Item = OpeningId>,
) -> Result<BTreeMap<OpeningId, OpeningView>, Stop> {
    let wanted: std::collections::BTreeSet<OpeningId> = ids.collect();
    let wanted: Vec<OpeningId> = wanted.into_iter().collect();
    let mut found = BTreeMap::new();
    for some in wanted.chunks(MOST.into()) {
        let answer = visit.ask(&OpeningsById { opening_ids: some.to_vec() }).await?;
        found.extend(answer.into_iter().map(|opening| (opening.opening_id, opening)));
    }
    Ok(found)
}

async fn wanted_lines(visit: &Visit, details: &Details, marks: &[MyMark]) -> Result<Vec<WantedLine>, Stop> {
    let t = visit.t();
    let marks: Vec<&MyMark> =
        marks.iter().filter(|mark| mark.mark == Mark::Wanted).take(MOST_WANTED).collect();
    if marks.is_empty() {
        return Ok(Vec::new());
    }
    let openings = openings(visit, marks.iter().map(|mark| mark.opening_id)).await?;
    let line = |mark: &MyMark| {
        let opening = openings.get(&mark.opening_id);
        let employer =
            opening.map_or_else(|| t.get("wanted-employer"), |opening| opening.employer_name.clone());
        WantedLine {
            href: href(mark.opening_id),
            title: opening.map_or_else(|| t.get("wanted-gone"), |opening| opening.details.title.clone()),
            wanted: wanted(visit, details, mark, employer),
        }
    };
    Ok(marks.into_iter().map(line).collect())
}

fn wanted(visit: &Visit, details: &Details, mark: &MyMark, employer: String) -> Wanted {
    let share = details.shares.iter().find(|share| share.proposal_id == mark.proposal_id);
    Wanted {
        employer,
        answer_by: mark.answer_by.map(|by| (clock::local(by), by < visit.now)),
        answer: mark.answer.map(|(answer, at)| (answer, clock::day(at))),
        shared_until: share.map(|share| clock::day(share.until)),
    }
}

fn referral_lines(visit: &Visit, details: &Details) -> Vec<ReferralLine> {
    use proto::intake::ReferralState::{Closed, NotReached, Open, Spoken, Withdrawn};
    let line = |referral: &proto::intake::ReferralView| {
        let by = clock::local(referral.answer_by);
        ReferralLine {
            id: referral.referral_id.to_string(),
            desk: referral.desk_name.clone(),
            state: referral_words(visit.t(), referral.state, by),
            open: match referral.state {
                Open | NotReached | Spoken => true,
                Closed | Withdrawn => false,
            },
        }
    };
    details.referrals.iter().take(MOST_REFERRALS).map(line).collect()
}

/// The page of an opening as a proposal to her.
pub(super) fn href(opening_id: OpeningId) -> String {
    format!("/mijn/voorstel/{opening_id}")
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
    let href = href(proposal.opening_id);
    let reasons = view::reasons(visit, Voice::You, &proposal.reasons);
    let by = proposal.reasons.iter().find_map(|reason| match reason {
        Reason::Near { means, minutes, .. } => Some((*means, *minutes)),
        _ => None,
    });
    view::opening_card(opening, href, Some(Distance { by, ..Distance::km(proposal.km) }), reasons)
}

/// Tells the matcher what she saw, beside the answer: a page does not wait for it, nor fail by it. A page that
/// looks again every few seconds says the same most times, and that counts once.
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
        match bus.call_with_key(&visit.actor(), key, &shown).await {
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
    let (details, found, looked, marks) = tokio::join!(
        told(&visit),
        proposals(&visit, MOST.into()),
        openings::look_up(&visit, &id),
        marks(&visit)
    );
    let (details, found) = (details?, found?);
    let opening = match looked? {
        openings::Looked::Open(opening) => opening,
        openings::Looked::Gone(around) => {
            return openings::gone(&visit, home(&visit, &details).or(around)).await;
        }
    };
    let Some(hers) = hers(&visit, &details, &found, &marks, &opening) else {
        // The page that everyone sees.
        return Ok(go_to(&near::href(opening.opening_id), None));
    };
    let Hers { proposal, card, choosing } = hers;
    let OpeningCard { reasons, .. } = card.clone();
    let o = view::opening_detail(&visit, OpeningCard { reasons: Vec::new(), ..card }, &opening.details);
    if let Some(proposal) = proposal {
        record(&visit, &method, &found, vec![proposal.clone()]);
    }
    let l = layout(&visit, &details);
    let queue = queue::part(&visit, &opening).await;
    page(&ProposalPage {
        own: own_lines(l.t, &own_fit(&details.wishes_so_far(), &details.needs, &opening.details)),
        l,
        o,
        reasons,
        choosing,
        queue,
    })
}

/// An opening as hers: it stands on her list, or she said something about it.
struct Hers<'a> {
    proposal: Option<&'a OpeningProposal>,
    card: OpeningCard,
    choosing: Choosing,
}

fn hers<'a>(
    visit: &Visit,
    details: &Details,
    found: &'a SeekerProposals,
    marks: &[MyMark],
    opening: &OpeningView,
) -> Option<Hers<'a>> {
    let mark = marks.iter().find(|mark| mark.opening_id == opening.opening_id);
    let said = match mark.map(|mark| (mark, mark.mark)) {
        Some((mark, Mark::Wanted)) => {
            Said::Wanted(wanted(visit, details, mark, opening.employer_name.clone()))
        }
        Some((_, Mark::NotForMe { .. })) => Said::NotForMe,
        Some((_, Mark::TakenBack)) | None => Said::Nothing,
    };
    let proposal = found.proposals.iter().find(|proposal| proposal.opening_id == opening.opening_id);
    let card = if let Some(proposal) = proposal {
        card_of(visit, proposal, opening)
    } else {
        // It stands on her list no more; perhaps she said something about it.
        mark?;
        let distance = home(visit, details).map(|cell| openings::distance(cell, opening));
        view::opening_card(opening, href(opening.opening_id), distance, Vec::new())
    };
    let choosing = Choosing {
        said,
        href: href(opening.opening_id),
        seen: seen(visit, details, &card),
        reasons_not: Choosing::reasons_not(visit.t()),
    };
    Some(Hers { proposal, card, choosing })
}

/// What she can say on the page of an opening that everyone sees; `None` for all others, and when nobody can
/// tell now.
pub(super) async fn choosing(visit: &Visit, method: &Method, opening: &OpeningView) -> Option<Choosing> {
    visit.seeker().ok()?;
    let (details, found, marks) = tokio::join!(told(visit), proposals(visit, MOST.into()), marks(visit));
    let (details, found) = (details.ok()?, found.ok()?);
    let Hers { proposal, choosing, .. } = hers(visit, &details, &found, &marks, opening)?;
    if let Some(proposal) = proposal {
        record(visit, method, &found, vec![proposal.clone()]);
    }
    Some(choosing)
}

/// What the employer sees of her when she says yes, in the words she reads herself.
fn seen(visit: &Visit, details: &Details, card: &OpeningCard) -> Vec<(String, String)> {
    let (t, wishes) = (visit.t(), &details.wishes_so_far());
    let support: Vec<_> = wishes.shown_support.iter().map(|support| support_name(t, *support)).collect();
    let place = near::place(visit, &wishes.postcode)
        .map(|(_, place)| view::municipality(visit, &place.municipality.to_string()))
        .unwrap_or_default();
    let distance = card.distance.map(|distance| Distance { by: None, ..distance }.words(t));
    let facts = [
        ("seen-where", place),
        ("seen-distance", distance.unwrap_or_default()),
        ("details-what", tasks_in_words(visit, t, wishes).join(", ")),
        ("details-when", daypart_list(t, wishes.dayparts)),
        ("details-hours", wishes.hours.map(|hours| hours_words(t, hours)).unwrap_or_default()),
        ("details-shown", support.join(", ")),
    ];
    let told = facts.into_iter().filter(|(_, words)| !words.is_empty());
    told.map(|(what, words)| (t.get(what), words)).collect()
}
