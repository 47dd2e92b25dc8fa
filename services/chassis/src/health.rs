//! Health, readiness, alarms and metrics, on a port of their own that is not for the public (RELIABILITY rule 31).

use std::{net::SocketAddr, sync::Arc};

use axum::{Router, extract::State, http::StatusCode, routing::get};
use tokio_util::sync::CancellationToken;

use crate::platform::Platform;

/// Serves `/live`, `/ready`, `/alarms` and `/metrics` until told to stop. While the process drains, it is live and
/// not ready.
pub async fn serve(
    address: SocketAddr,
    platform: Arc<Platform>,
    stop: CancellationToken,
) -> std::io::Result<()> {
    let app = Router::new()
        .route("/live", get(|| async { "ok\n" }))
        .route("/ready", get(ready))
        .route("/alarms", get(alarms))
        .route("/metrics", get(metrics))
        .with_state(platform);
    let listener = tokio::net::TcpListener::bind(address).await?;
    axum::serve(listener, app).with_graceful_shutdown(async move { stop.cancelled().await }).await
}

fn lines(lines: impl IntoIterator<Item = String>) -> String {
    lines.into_iter().map(|line| line + "\n").collect()
}

/// Whether it can be asked; if not, one reason a line. Below "ready" stands what the start did not check.
async fn ready(State(platform): State<Arc<Platform>>) -> (StatusCode, String) {
    let reasons = platform.not_ready().await;
    if reasons.is_empty() {
        let remarks = platform.not_checked().map(str::to_owned);
        (StatusCode::OK, lines(std::iter::once("ready".to_owned()).chain(remarks)))
    } else {
        (StatusCode::SERVICE_UNAVAILABLE, lines(reasons))
    }
}

/// What needs a person, one alarm a line; nothing when all is well.
async fn alarms(State(platform): State<Arc<Platform>>) -> String {
    lines(platform.alarms())
}

/// In the form that `OpenMetrics` asks for, with its name.
async fn metrics(State(platform): State<Arc<Platform>>) -> ([(&'static str, &'static str); 1], String) {
    let form = "application/openmetrics-text; version=1.0.0; charset=utf-8";
    ([("content-type", form)], platform.metrics.text())
}
