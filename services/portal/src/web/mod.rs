//! Between a request and a page.

pub(crate) mod arrivals;
pub mod assets;
pub mod cookies;
pub mod fields;
mod first_days;
pub mod guard;
pub mod helper;
pub mod info;
mod once;
pub(crate) mod pace;
pub mod routes;
pub mod seeker;
mod sms;
pub mod staff;
pub mod stop;
pub mod view;
pub mod visit;

use std::{net::SocketAddr, sync::Arc};

use axum::{
    Router,
    extract::{DefaultBodyLimit, Path, State},
    http::HeaderMap,
    middleware,
    routing::{MethodRouter, any, get},
};
use chassis::Fault;
use tokio_util::sync::CancellationToken;

use crate::{
    Portal,
    web::{
        guard::{Access, around, guard, loopback_names_only},
        stop::Stop,
    },
};

/// Bytes of a form unless its route says more.
const FORM_BYTES: usize = 64 * 1024;

/// The whole site.
pub(crate) fn site(app: &Arc<Portal>) -> Router {
    let mut router: Router<Arc<Portal>> = Router::new();
    for route in routes::routes() {
        let methods: MethodRouter<Arc<Portal>> = (route.methods)()
            .fallback(wrong_method)
            .layer(middleware::from_fn_with_state((app.clone(), route.access), guard));
        let bounded = methods.layer(DefaultBodyLimit::max(route.max_bytes.unwrap_or(FORM_BYTES)));
        router = router.route(route.path, bounded);
    }
    let not_found: MethodRouter<Arc<Portal>> =
        any(|| async { Stop::new(crate::pages::failures::Happened::NotFound) })
            .layer(middleware::from_fn_with_state((app.clone(), Access::Public), guard));
    router
        .route("/assets/{name}", get(asset))
        .fallback_service(not_found.with_state(app.clone()))
        .layer(middleware::from_fn_with_state(app.clone(), loopback_names_only))
        .layer(middleware::from_fn_with_state(app.clone(), around))
        .with_state(app.clone())
}

async fn wrong_method() -> Stop {
    Stop::new(crate::pages::failures::Happened::WrongMethod)
}

async fn asset(
    State(app): State<Arc<Portal>>,
    Path(name): Path<String>,
    headers: HeaderMap,
) -> axum::response::Response {
    assets::answer(&app.asset_files, &name, &headers)
}

/// Serves the site until told to stop; then lets visitors go.
pub(crate) async fn serve(app: Arc<Portal>, stop: CancellationToken) -> Result<(), Fault> {
    let listener = tokio::net::TcpListener::bind(app.chassis.config.http)
        .await
        .map_err(|error| Fault::broken("listening for visitors", error))?;
    let address = listener.local_addr().map_err(|error| Fault::broken("listening for visitors", error))?;
    let site = site(&app).into_make_service_with_connect_info::<SocketAddr>();
    // Ready from here on.
    let _ = app.address.set(address);
    tracing::info!(%address, "the portal listens");
    axum::serve(listener, site)
        .with_graceful_shutdown(async move { stop.cancelled().await })
        .await
        .map_err(|error| Fault::broken("serving visitors", error))
}
