//! The first page.

use axum::response::Response;

use super::near::{self, Near};
use crate::{
    pages::home::Home,
    web::{
        stop::Stop,
        visit::{Visit, page},
    },
};

/// `/`
pub(super) async fn home(visit: Visit) -> Result<Response, Stop> {
    let (postcode, nearby) = match Near::kept(&visit) {
        Some((near, place)) => (near.pc4.to_string(), near::a_few(&visit, place.cell()).await),
        None => Default::default(),
    };
    page(&Home { l: visit.layout(), postcode, nearby })
}
