//! The pages that everyone sees, and those of job-seekers.

mod choose;
mod codes;
mod consent;
mod copy;
mod desks;
mod details;
pub(in crate::web) mod draft;
mod duplicates;
mod home;
mod identity;
mod mailbox;
mod mine;
mod near;
mod openings;
mod pause;
mod profile;
pub(in crate::web) mod queue;
mod register;
mod rules;
pub(in crate::web) mod second_number;
mod sitemap;
mod take_over;

use axum::routing::{get, post};
use proto::work;

use crate::web::{
    guard::Access::{Development, Public, Seeker},
    routes::{Route, route},
    visit::Visit,
};

/// The routes of this family.
pub(crate) fn routes() -> Vec<Route> {
    let mut routes = vec![
        route("/", Public, || get(home::home)),
        route("/werk", Public, || get(openings::list).post(openings::choose_place)),
        route("/werk/{id}", Public, || get(openings::opening)),
        route("/zo-werkt-het", Public, || get(rules::how_it_works)),
        route("/robots.txt", Public, || get(sitemap::robots)),
        route("/sitemap.xml", Public, || get(sitemap::index)),
        route("/sitemap/{part}", Public, || get(sitemap::part)),
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
        route("/mijn/voorstel/{id}", Seeker, || get(mine::proposal).post(choose::take_choice)),
        route("/mijn/voorstel/{id}/contact", Seeker, || post(choose::take_contact)),
        route("/mijn/gegevens", Seeker, || get(details::details)),
        route("/mijn/gegevens/waar", Seeker, || get(details::place).post(details::take_place)),
        route("/mijn/gegevens/wat", Seeker, || get(details::tasks).post(details::take_tasks)),
        route("/mijn/gegevens/wanneer", Seeker, || get(details::when).post(details::take_when)),
        route("/mijn/gegevens/vervoer", Seeker, || get(details::travel).post(details::take_travel)),
        route("/mijn/gegevens/vanaf", Seeker, || get(profile::start).post(profile::take_start)),
        route("/mijn/gegevens/talen", Seeker, || get(profile::languages).post(profile::take_languages)),
        route("/mijn/gegevens/papieren", Seeker, || get(profile::licences).post(profile::take_licences)),
        route("/mijn/gegevens/niet", Seeker, || get(profile::cannot).post(profile::take_cannot)),
        route("/mijn/gegevens/hulp", Seeker, || get(profile::needs).post(profile::take_needs)),
        route("/mijn/gegevens/laten-zien", Seeker, || get(profile::shown).post(profile::take_shown)),
        route("/mijn/gegevens/achtergrond", Seeker, || {
            get(profile::background).post(profile::take_background)
        }),
        route("/mijn/gegevens/opmerking", Seeker, || get(profile::remark).post(profile::take_remark)),
        route("/mijn/gegevens/naam", Seeker, || get(identity::name).post(identity::take_name)),
        route("/mijn/gegevens/contact", Seeker, || get(identity::contact).post(identity::take_contact)),
        route("/mijn/gegevens/contact/oud", Seeker, || {
            get(codes::of_old_contact).post(codes::finish_old_contact)
        }),
        route("/mijn/gegevens/contact/code", Seeker, || {
            get(codes::of_new_contact).post(codes::finish_new_contact)
        }),
        route("/mijn/gegevens/tweede-nummer", Seeker, || get(second_number::form).post(second_number::take)),
        route("/mijn/toestemming", Seeker, || get(consent::consent).post(consent::take_consent)),
        route("/mijn/helper", Seeker, || post(consent::take_helper)),
        route("/mijn/gedeeld", Seeker, || post(consent::stop_sharing)),
        route("/mijn/pauze", Seeker, || get(pause::pause).post(pause::take_pause)),
        route("/mijn/meedoen", Seeker, || post(pause::resume)),
        route("/mijn/weekbericht", Seeker, || post(pause::take_digest)),
        route("/mijn/download", Seeker, || get(copy::copy)),
        route("/mijn/download/bestand", Seeker, || get(copy::file)),
        route("/mijn/wissen", Seeker, || get(copy::erase).post(copy::take_erase)),
        route("/gewist", Public, || get(copy::erased)),
        route("/mijn/dubbel", Seeker, || get(duplicates::duplicates).post(duplicates::decide)),
        route("/hulp", Public, || get(desks::help).post(desks::take_postcode)),
        route("/mijn/loket/{id}", Seeker, || get(desks::referral).post(desks::take_referral)),
        route("/mijn/verwijzing", Seeker, || post(desks::withdraw)),
        route("/overnemen", Public, || get(take_over::form).post(take_over::take)),
        route("/overnemen/niet-ik", Public, || post(take_over::not_me)),
        route("/mailbox", Development, || get(mailbox::mailbox)),
    ];
    routes.extend(queue::routes());
    routes
}

/// The visitor's language, for the services.
fn language(visit: &Visit) -> work::Language {
    work::Language::from_tag(visit.language.code()).unwrap_or_default()
}
