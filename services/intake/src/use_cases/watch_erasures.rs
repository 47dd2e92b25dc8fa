//! Tells when somebody did not confirm an erasure within seven days.

use chassis::Fault;

use crate::{App, domain::erasure::CONFIRMED_WITHIN, store::erasures};

/// Keeps the metric `dbj_erasures_overdue` up to date, and an error in the log for as long as it is not 0.
pub async fn watch_erasures(app: &App) -> Result<(), Fault> {
    let mut tx = app.chassis.store.begin().await?;
    let before = tx.now() - CONFIRMED_WITHIN;
    let overdue = erasures::open_since(tx.conn(), before).await?;
    tx.commit().await?;
    app.chassis.metrics.erasures_overdue.set(overdue);
    if overdue > 0 {
        tracing::error!(
            overdue,
            "erasures are not confirmed by everybody within seven days; `dichterbij doctor` and the \
             administrator's page say by whom"
        );
    }
    Ok(())
}
