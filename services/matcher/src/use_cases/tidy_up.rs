//! Forgets changes that every index has long read, and looks that are older than the log must be.

use chassis::{Fault, Handles};
use chrono::TimeDelta;

use crate::{
    Matcher,
    store::{changes, looks},
};

/// An index is milliseconds behind, or it starts anew.
const KEEP_CHANGES: TimeDelta = TimeDelta::days(1);
/// The law wants at least six months (STANDARDS section 8).
const KEEP_LOOKS: TimeDelta = TimeDelta::days(400);

/// Forgets what is old. Every replica may do it; twice is as once.
pub(crate) async fn tidy_up(app: &Matcher) -> Result<(), Fault> {
    let pool = app.chassis().store.pool();
    let now = app.chassis().clock.machine_now();
    let changes = changes::trim(pool, now, KEEP_CHANGES).await?;
    let looks = looks::trim(pool, now, KEEP_LOOKS).await?;
    if changes + looks > 0 {
        tracing::info!(changes, looks, "old rows were forgotten");
    }
    Ok(())
}
