//! Sees that the streams hold nothing any more about people who are erased.

use chassis::{Fault, streams};
use proto::{Service, Stream, catalogue::EVENTS};
use uuid::Uuid;

use crate::{App, domain::erasure::confirmers, store::erasures};

/// People in one pass.
const AT_ONCE: i64 = 100;

/// Takes those that are due in one transaction, looks without any, writes down in another.
pub async fn see_streams_clean(app: &App) -> Result<(), Fault> {
    let mut tx = app.chassis.store.begin().await?;
    let now = tx.now();
    let due = erasures::take_due_looks(tx.conn(), now, AT_ONCE).await?;
    tx.commit().await?;
    let mut clean = Vec::with_capacity(due.len());
    for seeker_id in due {
        if is_clean(app, seeker_id).await? {
            clean.push(seeker_id);
        }
    }
    if clean.is_empty() { Ok(()) } else { note_clean(app, &clean).await }
}

/// Writes down that the streams hold nothing about these people any more.
pub async fn note_clean(app: &App, clean: &[Uuid]) -> Result<(), Fault> {
    let mut tx = app.chassis.store.begin().await?;
    let now = tx.now();
    erasures::lock(tx.conn(), clean).await?;
    erasures::streams_are_clean(tx.conn(), clean, now).await?;
    let services: Vec<_> = confirmers().into_iter().map(Service::name).collect();
    erasures::complete(tx.conn(), clean, &services, now).await?;
    tx.commit().await?;
    Ok(())
}

/// Whether none of the facts of intake about her is there any more.
async fn is_clean(app: &App, seeker_id: Uuid) -> Result<bool, Fault> {
    let facts = EVENTS
        .iter()
        .filter(|event| event.by == Service::Intake && event.stream == Stream::Facts && !event.erases);
    for fact in facts {
        if streams::holds(&app.chassis.bus, fact, seeker_id).await? {
            return Ok(false);
        }
    }
    Ok(true)
}
