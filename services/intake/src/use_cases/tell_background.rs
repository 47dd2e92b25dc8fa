//! Tells where people came in and from what they live, and what of it was taken back: on the hour, for
//! the figures.

use chassis::Fault;
use proto::BackgroundId;

use super::change_background::kept;
use crate::{
    App,
    events::publish,
    store::{backgrounds, crypt, seekers},
};

/// People in one transaction.
const AT_ONCE: i64 = 500;

/// Takes what is due. Runs by the clock, so the events carry no trace of a person's own call.
pub async fn tell_background(app: &App) -> Result<(), Fault> {
    while erase_due(app).await? {}
    while tell_due(app).await? {}
    Ok(())
}

/// Tells facts that are due; returns whether there may be more.
async fn tell_due(app: &App) -> Result<bool, Fault> {
    let mut tx = app.chassis.store.begin().await?;
    let now = tx.now();
    let due = seekers::take_due_background(tx.conn(), now, AT_ONCE).await?;
    if due.is_empty() {
        return Ok(false);
    }
    let full = due.len() == AT_ONCE as usize;
    let (mut entry_points, mut benefits) = (Vec::new(), Vec::new());
    for seeker in due {
        let id = BackgroundId(seeker.background_id);
        let key = app.vault().owner(&seeker.data_key, seeker.seeker_id)?;
        // Due only from who told where she lives: it is told with a region.
        let Some(home) = crypt::home(&key, &seeker)? else { continue };
        let background = kept(&key, &seeker)?;
        if let Some(code) = background.entry_point {
            entry_points.push(publish::entry_point(id, seeker.background_version, &home, code));
        }
        if let Some(benefit) = &background.benefit {
            benefits.push(publish::benefit(id, seeker.background_version, &home, benefit));
        }
    }
    tx.publish_all(entry_points).await?;
    tx.publish_all(benefits).await?;
    tx.commit().await?;
    Ok(full)
}

/// Erases facts that were taken back; returns whether there may be more.
async fn erase_due(app: &App) -> Result<bool, Fault> {
    let mut tx = app.chassis.store.begin().await?;
    let now = tx.now();
    let due = backgrounds::take_due(tx.conn(), now, AT_ONCE).await?;
    if due.is_empty() {
        return Ok(false);
    }
    let full = due.len() == AT_ONCE as usize;
    for (background_id, version) in due {
        tx.forget(background_id).await?;
        tx.publish(publish::background_erased(BackgroundId(background_id), version)).await?;
    }
    tx.commit().await?;
    Ok(full)
}
