//! The pages that everyone sees, and those of job-seekers.

mod codes;
mod details;
mod draft;
mod home;
mod mailbox;
mod mine;
mod near;
mod once;
mod openings;
mod register;
mod rules;

use axum::routing::{get, post};
use proto::work;

use crate::web::{
    guard::Access::{Development, Public, Seeker},
    routes::{Route, route},
    visit::Visit,
};

/// The routes of this family.
pub(crate) fn routes() -> Vec<Route> {
    vec![
        route("/", Public, || get(home::home)),
        route("/werk", Public, || get(openings::list).post(openings::choose_place)),
        route("/werk/{id}", Public, || get(openings::opening)),
        route("/zo-werkt-het", Public, || get(rules::how_it_works)),
        route("/aanmelden", Public, || get(register::begin)),
        route("/aanmelden/1", Public, || get(register::place).post(register::take_place)),
        route("/aanmelden/2", Public, || get(register::tasks).post(register::take_tasks)),
        route("/aanmelden/3", Public, || get(register::when).post(register::take_when)),
        route("/aanmelden/4", Public, || get(register::reach).post(register::take_reach)),
        route("/aanmelden/5", Public, || get(register::consent).post(register::take_consent)),
        route("/aanmelden/code", Public, || get(codes::of_registering).post(codes::finish_registering)),
        route("/inloggen", Public, || get(codes::sign_in).post(codes::ask_for_code)),
        route("/inloggen/code", Public, || get(codes::of_signing_in).post(codes::finish_signing_in)),
        route("/uitloggen", Public, || post(codes::sign_out)),
        route("/mijn", Seeker, || get(mine::my_work)),
        route("/mijn/voorstel/{id}", Seeker, || get(mine::proposal)),
        route("/mijn/gegevens", Seeker, || get(details::details)),
        route("/mijn/gegevens/waar", Seeker, || get(details::place).post(details::take_place)),
        route("/mijn/gegevens/wat", Seeker, || get(details::tasks).post(details::take_tasks)),
        route("/mijn/gegevens/wanneer", Seeker, || get(details::when).post(details::take_when)),
        route("/mijn/gegevens/vervoer", Seeker, || get(details::travel).post(details::take_travel)),
        route("/mijn/toestemming", Seeker, || get(details::consent).post(details::take_consent)),
        route("/mailbox", Development, || get(mailbox::mailbox)),
    ]
}

/// The visitor's language, for the services.
fn language(visit: &Visit) -> work::Language {
    work::Language::from_tag(visit.language.code()).unwrap_or_default()
}
