//! The pages of helpers: registering someone together with her, and helping on until she can do without.
//!
//! Whatever is typed about a person stands in the body of a post, in the page that comes back, or sealed in
//! the helper's browser; never in an address.

pub(in crate::web) mod new_contact;
mod people;
mod person;
mod register;
mod together;

use axum::routing::{get, post};
use proto::Role;

use crate::web::{
    guard::Access::Staff,
    routes::{Route, route},
};

/// Who may register people together with them.
const HELPERS: &[Role] = &[Role::Helper, Role::AccountManager];

/// The routes of this family.
pub(crate) fn routes() -> Vec<Route> {
    vec![
        route("/hulp/aanmelden", Staff(HELPERS), || get(register::form).post(register::take)),
        route("/hulp/aanmelden/code", Staff(HELPERS), || post(register::take_code)),
        route("/hulp/kaart", Staff(HELPERS), || get(register::card)),
        route("/hulp/mensen", Staff(HELPERS), || get(people::list)),
        route("/hulp/dubbel", Staff(HELPERS), || get(people::duplicates).post(people::decide)),
        route("/hulp/nieuw-nummer/{id}", Staff(HELPERS), || get(new_contact::form).post(new_contact::take)),
        route("/hulp/mens/{id}", Staff(HELPERS), || get(person::person).post(person::act)),
        route("/hulp/mens/{id}/wensen", Staff(HELPERS), || get(person::wishes).post(person::take_wishes)),
        route("/hulp/mens/{id}/tweede-nummer", Staff(HELPERS), || {
            get(person::second).post(person::take_second)
        }),
        route("/hulp/mens/{id}/toestemming", Staff(HELPERS), || {
            get(person::consent).post(person::take_consent)
        }),
    ]
}
