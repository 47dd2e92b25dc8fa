//! The line of an Open Hiring job, for who looks after it, for who signs people up at a desk or by phone, and for auditors.

mod confirm;
mod days;
mod desk;
mod form;
mod ledger;
mod line;
mod open;
mod set_right;

use std::collections::BTreeMap;

use axum::routing::get;
use chassis::clock;
use futures::future::join_all;
use proto::{
    OpeningId, Problem, Role,
    open_hiring::{QueueOf, QueueView, WhyNot},
    vacancies::{Firmness, Opening, OpeningState, OpeningView},
    work,
};

use crate::{
    pages::{
        line::LineJob,
        work::{Need, self_check_words},
    },
    texts::Texts,
    web::{
        guard::Access::Staff,
        routes::{Route, route},
        staff::{ADMINISTRATORS, MANAGERS, WRITERS, desk::opening_href, stop},
        stop::Stop,
        visit::Visit,
    },
};

/// Who may sign people up.
pub(crate) const DESK: &[Role] = &[Role::Helper, Role::AccountManager];

/// The routes of this part.
pub(crate) fn routes() -> Vec<Route> {
    vec![
        route("/rij/{id}/openen", Staff(WRITERS), || get(open::form).post(open::take)),
        route("/rij/{id}/beheer", Staff(WRITERS), || get(line::show)),
        route("/rij/{id}/plekken", Staff(WRITERS), || get(line::ask_places).post(line::add_places)),
        route("/rij/{id}/wijzig/{what}", Staff(WRITERS), || get(line::ask_change).post(line::change)),
        route("/rij/{id}/balie", Staff(DESK), || get(desk::form).post(desk::take)),
        route("/rij/{id}/balie/{ticket}", Staff(DESK), || get(desk::ticket).post(desk::act)),
        route("/rij/{id}/balie/{ticket}/bevestigen", Staff(DESK), || get(confirm::ask).post(confirm::take)),
        route("/rij/{id}/balie/{ticket}/dagen", Staff(DESK), || get(days::ask).post(days::take)),
        route("/rij/{id}/herstel/{ticket}", Staff(MANAGERS), || get(set_right::ask).post(set_right::take)),
        route("/rij/{id}/boek", Staff(ADMINISTRATORS), || get(ledger::show)),
        route("/rij/{id}/boek/ledger.jsonl", Staff(ADMINISTRATORS), || get(ledger::file)),
    ]
}

/// The address of a line.
pub(crate) fn href(opening_id: OpeningId) -> String {
    format!("/rij/{opening_id}")
}

/// Where people are signed up for a line at the desk or by phone.
pub(crate) fn desk_href(opening_id: OpeningId) -> String {
    format!("{}/balie", href(opening_id))
}

/// The line of a job that can have one; a draft has none yet.
pub(crate) fn of_job(opening: &OpeningView) -> Option<String> {
    let can = opening.details.route() == work::Route::OpenHiring && opening.state != OpeningState::Draft;
    can.then(|| job(opening).manage_href())
}

fn job(opening: &OpeningView) -> LineJob {
    LineJob {
        href: href(opening.opening_id),
        job_href: opening_href(opening.opening_id),
        title: opening.details.title.clone(),
        employer: opening.employer_name.clone(),
        place: opening.place.clone(),
    }
}

async fn queue_of(visit: &Visit, opening_id: OpeningId) -> Result<QueueView, Stop> {
    let queue = visit.ask(&QueueOf { opening_id }).await.map_err(stop)?;
    queue.ok_or_else(|| stop(Problem::not_found("queue")))
}

/// Openings by id. One that does not answer is left out: the page about its people still is of use.
pub(crate) async fn openings(
    visit: &Visit,
    ids: impl IntoIterator<Item = OpeningId>,
) -> BTreeMap<OpeningId, OpeningView> {
    let mut ids: Vec<OpeningId> = ids.into_iter().collect();
    ids.sort_unstable();
    ids.dedup();
    let found =
        join_all(ids.into_iter().map(async |opening_id| visit.ask(&Opening { opening_id }).await.ok()));
    found.await.into_iter().flatten().map(|opening| (opening.opening_id, opening)).collect()
}

/// What the law asks, to read out before a yes.
pub(crate) fn legal(t: Texts, opening: &OpeningView) -> Vec<String> {
    let of_law = opening.details.requirements.iter().filter(|need| need.firmness == Firmness::Legal);
    of_law
        .map(|need| Need { kind: need.kind, firmness: need.firmness, ground: need.ground.clone() }.words(t))
        .collect()
}

/// What people should know before they sign up: facts that they check for themselves, and what the law asks.
fn read_first(t: Texts, opening: &OpeningView) -> Vec<String> {
    let checks = opening.details.self_checks.iter().map(|check| self_check_words(t, *check));
    checks.chain(legal(t, opening)).collect()
}

/// Why somebody has no offer, in words; empty when she has one or is out of the line.
fn why_not_words(t: Texts, why: WhyNot) -> String {
    match why {
        WhyNot::NotInLine => String::new(),
        WhyNot::Paused => t.get("line-why-paused"),
        WhyNot::NotConfirmed => t.get("line-why-unconfirmed"),
        WhyNot::NewContact { until } => t.one("line-why-contact", "moment", t.moment(clock::local(until))),
        WhyNot::Stopped => t.get("line-why-stopped"),
        WhyNot::Closed => t.get("line-why-closed"),
        WhyNot::OtherDays => t.get("line-why-other-days"),
        WhyNot::TooSoon => t.get("line-why-too-soon"),
        WhyNot::NoPlaceFree => t.get("line-why-no-place"),
        WhyNot::Soon => t.get("line-why-soon"),
    }
}
