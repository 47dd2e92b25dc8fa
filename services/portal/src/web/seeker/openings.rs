//! Openings around a place, and one opening.

use axum::{
    extract::{Path, RawQuery},
    http::{Method, StatusCode},
    response::Response,
};
use proto::{
    FieldProblem, OpeningId, Problem, Status,
    vacancies::{Opening, OpeningState, OpeningView},
    work::Cell,
};

use super::{
    mine,
    near::{self, FURTHEST_KM, Near, USUAL_KM},
    queue,
};
use crate::{
    pages::{
        Layout,
        failures::Happened,
        job_posting,
        openings::{Found, OpeningGone, OpeningPage, Openings},
        work::Distance,
    },
    web::{
        fields::Fields,
        stop::Stop,
        view,
        visit::{Visit, go_to, page, page_with},
    },
};

/// Openings on one page.
const PER_PAGE: u32 = 25;
/// How far there is to choose, in km.
const DISTANCES: [u16; 4] = [5, 10, 20, 50];

/// `/werk`
pub(super) async fn list(visit: Visit, RawQuery(query): RawQuery) -> Result<Response, Stop> {
    let Some((near, place)) = Near::kept(&visit) else {
        return page(&form(visit.layout(), String::new(), USUAL_KM));
    };
    let wanted = view::page_number(&Fields::parse(query.unwrap_or_default().as_bytes()));
    let found = near::openings(&visit, place.cell(), near.km, wanted - 1, PER_PAGE).await?;
    let pager = view::pager("/werk", wanted, found.total, PER_PAGE);
    if wanted > pager.pages {
        return Ok(go_to(&pager.href(pager.pages), None));
    }
    let outside = if found.total == 0 { near::a_few(&visit, place.cell()).await } else { Vec::new() };
    let found = Found {
        place: place.name.clone(),
        km: near.km,
        total: found.total,
        cards: near::cards(&found.rows),
        outside,
        pager,
    };
    page(&Openings { found: Some(found), ..form(visit.layout(), near.pc4.to_string(), near.km) })
}

fn form(l: Layout, postcode: String, km: u16) -> Openings {
    Openings { distances: Openings::distances(l.t, km), l, postcode, found: None }
}

/// Keeps the place in the browser and shows what is around it.
pub(super) async fn choose_place(visit: Visit, form: Fields) -> Result<Response, Stop> {
    let mut problems = Vec::new();
    let kept = Near::kept(&visit).map_or(USUAL_KM, |(near, _)| near.km);
    let km = match form.get("km") {
        "" => kept,
        typed => typed.parse().ok().filter(|km| DISTANCES.contains(km)).unwrap_or_else(|| {
            problems.push(FieldProblem::new("km", "choice-unknown"));
            kept
        }),
    };
    let typed = form.get("postcode");
    match near::place(&visit, typed) {
        Ok((postcode, _)) if problems.is_empty() => {
            Ok(go_to("/werk", [Near { pc4: postcode.pc4(), km }.keep(&visit)]))
        }
        Ok(_) => refuse(&visit, &form, problems, km),
        Err(problem) => {
            problems.insert(0, problem);
            refuse(&visit, &form, problems, km)
        }
    }
}

fn refuse(visit: &Visit, sent: &Fields, problems: Vec<FieldProblem>, km: u16) -> Result<Response, Stop> {
    let l = visit.layout_refused(sent, &Problem::fields(problems));
    page_with(StatusCode::BAD_REQUEST, &form(l, sent.get("postcode").to_owned(), km))
}

/// `/werk/{id}`
pub(super) async fn opening(visit: Visit, method: Method, Path(id): Path<String>) -> Result<Response, Stop> {
    match look_up(&visit, &id).await? {
        Looked::Open(opening) => {
            let distance = Near::kept(&visit).map(|(_, place)| distance(place.cell(), &opening));
            let card = view::opening_card(&opening, near::href(opening.opening_id), distance, Vec::new());
            let mut o = view::opening_detail(&visit, card, &opening.details);
            let paused = opening.state == OpeningState::Paused;
            let markup = (!paused).then(|| job_posting::markup(&opening, &visit.app.public_address()));
            let markup = markup.unwrap_or_default();
            let (choosing, queue) =
                tokio::join!(mine::choosing(&visit, &method, &opening), queue::part(&visit, &opening));
            if queue.is_some() {
                // The line says on which days, and how many places are left.
                o.terms.clear();
            }
            page(&OpeningPage { l: visit.layout(), o, paused, markup, choosing, queue })
        }
        Looked::Gone(around) => {
            let here = Near::kept(&visit).map(|(_, place)| place.cell());
            gone(&visit, here.or(around)).await
        }
    }
}

/// How far an opening is, as the crow flies.
pub(super) fn distance(from: Cell, opening: &OpeningView) -> Distance {
    Distance::km(from.distance_km(opening.area.cell))
}

/// What became of an opening.
pub(super) enum Looked {
    /// It is there for everyone.
    Open(Box<OpeningView>),
    /// It was there; with where it was, for those who may know.
    Gone(Option<Cell>),
}

/// Finds an opening by the id in an address.
///
/// # Errors
/// Not found: also for a draft, whoever asks. A draft has a page of its own.
pub(super) async fn look_up(visit: &Visit, id: &str) -> Result<Looked, Stop> {
    let opening_id: OpeningId = id.parse().map_err(|_| Happened::NotFound)?;
    match visit.ask(&Opening { opening_id }).await {
        Ok(opening) => match opening.state {
            // One that is not shown for a while says so on its own page.
            OpeningState::Published | OpeningState::Paused => Ok(Looked::Open(Box::new(opening))),
            OpeningState::Closed => Ok(Looked::Gone(Some(opening.area.cell))),
            OpeningState::Draft => Err(Happened::NotFound.into()),
        },
        Err(problem) if problem.status == Status::Gone => Ok(Looked::Gone(None)),
        Err(problem) => Err(problem.into()),
    }
}

/// The page of an opening that is not there any more, with a few others.
pub(super) async fn gone(visit: &Visit, around: Option<Cell>) -> Result<Response, Stop> {
    let nearby = match around {
        Some(cell) => near::a_few(visit, cell).await,
        None => Vec::new(),
    };
    page_with(StatusCode::GONE, &OpeningGone { l: visit.layout(), nearby })
}

const _: () = assert!(DISTANCES[DISTANCES.len() - 1] <= FURTHEST_KM);
