//! The place around which openings are shown. Only the browser keeps it, sealed; it is in no address
//! and no table.

use axum::http::HeaderValue;
use proto::{
    FieldProblem, Problem,
    vacancies::{NearOpening, OpeningsNear, Page},
    work::Cell,
};
use reference::{Place, Postcode, PostcodeError};
use serde::{Deserialize, Serialize};

use crate::{
    pages::work::{Distance, OpeningCard},
    web::{cookies, view, visit::Visit},
};

/// How far, when nothing was chosen, in km.
pub(super) const USUAL_KM: u16 = 10;
/// The furthest that openings can be asked for, in km.
pub(super) const FURTHEST_KM: u16 = 300;
/// How long the browser keeps the place: 30 days.
const MINUTES: i64 = 60 * 24 * 30;

/// A postcode and a distance.
#[derive(Clone, Copy, Serialize, Deserialize)]
pub(super) struct Near {
    /// The four digits.
    pub(super) pc4: u16,
    /// Within so many kilometres.
    pub(super) km: u16,
}

impl Near {
    /// What this browser keeps, with its place; nothing when our table does not know it (any more).
    pub(super) fn kept(visit: &Visit) -> Option<(Self, &Place)> {
        let near: Self = visit.kept(cookies::NEAR)?;
        Some((near, visit.app.reference.places.locate_pc4(near.pc4)?))
    }

    /// The cookie that keeps it.
    pub(super) fn keep(self, visit: &Visit) -> HeaderValue {
        visit.keep(cookies::NEAR, &self, Some(MINUTES))
    }
}

/// The place of a postcode as typed; the codes are those of intake.
pub(super) fn place<'a>(visit: &'a Visit, typed: &str) -> Result<(Postcode, &'a Place), FieldProblem> {
    let wrong = |code: &str| FieldProblem::new("postcode", code);
    let postcode: Postcode = typed.parse().map_err(|error| match error {
        PostcodeError::Empty => wrong("postcode-empty"),
        PostcodeError::Malformed => wrong("postcode-malformed"),
        PostcodeError::StartsWithZero | PostcodeError::LettersNotIssued => wrong("postcode-unknown"),
    })?;
    let place = visit.app.reference.places.locate(&postcode).ok_or_else(|| wrong("postcode-unknown"))?;
    Ok((postcode, place))
}

/// A page of openings around a place, nearest first.
pub(super) async fn openings(
    visit: &Visit,
    cell: Cell,
    km: u16,
    page: u32,
    per_page: u32,
) -> Result<Page<NearOpening>, Problem> {
    visit.ask(&OpeningsNear { cell, km, route: None, page, per_page }).await
}

/// The cards of openings around a place.
pub(super) fn cards(openings: &[NearOpening]) -> Vec<OpeningCard> {
    let card = |near: &NearOpening| {
        view::opening_card(
            &near.opening,
            href(near.opening.opening_id),
            Some(Distance::km(near.km)),
            Vec::new(),
        )
    };
    openings.iter().map(card).collect()
}

/// The page of an opening.
pub(super) fn href(opening_id: proto::OpeningId) -> String {
    format!("/werk/{opening_id}")
}

/// Three openings nearby, as something extra: a page goes on without them.
pub(super) async fn a_few(visit: &Visit, cell: Cell) -> Vec<OpeningCard> {
    match openings(visit, cell, FURTHEST_KM, 0, 3).await {
        Ok(found) => cards(&found.rows),
        Err(problem) => {
            tracing::warn!(%problem, "a page goes without openings nearby");
            Vec::new()
        }
    }
}
