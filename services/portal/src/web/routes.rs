//! Every route: its address, who may enter, what answers. A test walks this table.

use std::sync::Arc;

use axum::routing::MethodRouter;

use crate::{
    Portal,
    web::{guard::Access, helper, info, seeker, sms, staff},
};

/// One address.
pub struct Route {
    /// Its pattern.
    pub path: &'static str,
    /// Who may enter.
    pub access: Access,
    /// Bytes of a form, when more than usual.
    pub max_bytes: Option<usize>,
    /// What answers.
    pub methods: fn() -> MethodRouter<Arc<Portal>>,
}

/// A route with forms of the usual size.
pub(crate) const fn route(
    path: &'static str,
    access: Access,
    methods: fn() -> MethodRouter<Arc<Portal>>,
) -> Route {
    Route { path, access, max_bytes: None, methods }
}

/// Every route there is, family by family.
pub fn routes() -> Vec<Route> {
    [info::routes(), seeker::routes(), helper::routes(), staff::routes(), sms::routes()]
        .into_iter()
        .flatten()
        .collect()
}
