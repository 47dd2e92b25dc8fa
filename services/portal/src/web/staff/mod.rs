//! The pages of staff: account managers, employers, organisers and administrators.

pub mod accounts;
pub mod begin;
pub mod calls;
pub mod colleagues;
pub mod csv_file;
pub mod desk;
pub mod desks;
pub mod employer;
pub mod employers;
pub mod import;
pub mod interest;
pub mod invitation;
pub mod job_form;
pub mod job_posting_file;
pub mod job_terms;
pub mod open_file;
pub mod openings;
pub mod queue;
pub mod sign_in;
pub mod stuck;

use axum::extract::RawQuery;
use proto::{Problem, Role, Status};

use crate::{
    pages::failures::Happened,
    web::{fields::Fields, routes::Route, stop::Stop, visit::Visit},
};

/// Rows of a list on one page.
const PER_PAGE: u32 = 25;
/// Rows that one question to a service answers.
const MOST_ROWS: u32 = 100;

const MANAGERS: &[Role] = &[Role::AccountManager];
const WRITERS: &[Role] = &[Role::AccountManager, Role::Employer];
const EMPLOYERS: &[Role] = &[Role::Employer];
const DESK_KEEPERS: &[Role] = &[Role::AccountManager, Role::Administrator];
const ADMINISTRATORS: &[Role] = &[Role::Administrator];
const EVERYONE: &[Role] = &Role::ALL;

/// The routes of this family.
pub(crate) fn routes() -> Vec<Route> {
    [
        sign_in::routes(),
        invitation::routes(),
        desk::routes(),
        employers::routes(),
        employer::routes(),
        openings::routes(),
        queue::routes(),
        calls::routes(),
        begin::routes(),
        import::routes(),
        accounts::routes(),
        colleagues::routes(),
        interest::routes(),
        open_file::routes(),
        desks::routes(),
        stuck::routes(),
    ]
    .into_iter()
    .flatten()
    .collect()
}

/// Whether an account manager reads, and not someone of the employer.
fn by_manager(visit: &Visit) -> Result<bool, Stop> {
    Ok(visit.staff()?.roles.contains(&Role::AccountManager))
}

/// The names and values in an address.
fn query(RawQuery(query): RawQuery) -> Fields {
    Fields::parse(query.unwrap_or_default().as_bytes())
}

/// An answer with fields to mend, or the end of the request.
fn with_fields(problem: Problem) -> Result<Problem, Stop> {
    if problem.fields.is_empty() { Err(stop(problem)) } else { Ok(problem) }
}

/// The same answers as everywhere, with the door of staff.
fn stop(problem: Problem) -> Stop {
    let ended = problem.status == Status::Unauthenticated;
    let mut stop = Stop::from(problem);
    if ended {
        stop.happened = Happened::SessionEnded { staff: true };
    }
    stop
}
