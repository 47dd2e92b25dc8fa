//! Health, readiness and metrics, on a port of their own that is not for the public.

use std::{net::SocketAddr, sync::Arc};

use axum::{Router, extract::State, http::StatusCode, routing::get};
use tokio_util::sync::CancellationToken;

use crate::platform::Platform;

/// Serves `/live`, `/ready` and `/metrics` until told to stop.
pub async fn serve(
    address: SocketAddr,
    platform: Arc<Platform>,
    stop: CancellationToken,
) -> std::io::Result<()> {
    let app = Router::new()
        .route("/live", get(|| async { "ok\n" }))
        .route("/ready", get(ready))
        .route(
            "/metrics",
            get(|State(platform): State<Arc<Platform>>| async move { platform.metrics.text() }),
        )
        .with_state(platform);
    let listener = tokio::net::TcpListener::bind(address).await?;
    axum::serve(listener, app).with_graceful_shutdown(async move { stop.cancelled().await }).await
}

async fn ready(State(platform): State<Arc<Platform>>) -> (StatusCode, String) {
    let reasons = platform.not_ready().await;
    if reasons.is_empty() {
        (StatusCode::OK, "ready\n".to_owned())
    } else {
        (StatusCode::SERVICE_UNAVAILABLE, reasons.join("\n") + "\n")
    }
}
