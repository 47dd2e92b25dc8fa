//! Takes in, after a restore, what was told about an opening after the backup (docs/adr/0010).

use chassis::{Fault, Heard, Reconciled, Told, Tx};
use proto::{
    OpeningId,
    vacancies::{ImportProgressed, OpeningClosed, OpeningPaused, OpeningPublished},
};

use crate::{
    domain::opening::{Effect, Opening, Stage},
    events::publish::{announce, withdraw},
    store::openings,
};

/// What was changed after the backup is lost, but that it was closed or paused is taken over: nobody is shown what
/// is gone. Then the opening goes out as it is now, under a version above all that was told.
///
/// An import's progress has no reader, and an import that is lost is sent in again.
pub async fn after_restore(tx: &mut Tx, told: &Told) -> Result<Reconciled, Fault> {
    if told.has::<ImportProgressed>() {
        return Ok(Reconciled::NOTHING);
    }
    let (opening_id, now) = (OpeningId(told.aggregate_id), tx.now());
    let Some((mut opening, _)) = openings::lock(tx.conn(), opening_id).await? else {
        // Made after the backup: the others are told that it is gone, unless they were.
        if !told.has::<OpeningClosed>() {
            withdraw(tx, opening_id, told.version + 1).await?;
        }
        return Ok(Reconciled::LOST);
    };
    if opening.version < told.version {
        openings::raise(tx.conn(), opening_id, told.version).await?;
        opening.version = told.version;
    }
    let effect = step(&mut opening, told)?;
    if opening.version == told.version {
        opening.version += 1;
    }
    openings::save(tx.conn(), std::slice::from_ref(&opening), now).await?;
    if matches!(opening.stage, Stage::Draft) && told.has::<OpeningPublished>() {
        // Published after the backup, and a draft again: not shown until its writer publishes it.
        tx.publish(OpeningPaused { opening_id, version: opening.version }).await?;
        return Ok(Reconciled::TAKEN_OVER);
    }
    announce(tx, &[(opening, effect)]).await?;
    Ok(Reconciled::TAKEN_OVER)
}

/// Takes the last step that was told, if it is one out of sight; answers what the public is to hear.
fn step(opening: &mut Opening, told: &Told) -> Result<Effect, Fault> {
    if let Some(closed) = told.last::<OpeningClosed>()? {
        opening.close(closed.reason);
    } else if is_paused_last(told) && matches!(opening.stage, Stage::Published { .. }) {
        opening.pause(false).map_err(|refused| Fault::broken("pausing again after a restore", refused))?;
    }
    Ok(match opening.stage {
        Stage::Draft => Effect::Unheard,
        Stage::Published { .. } => Effect::Published,
        Stage::Paused { .. } => Effect::Paused,
        Stage::Closed { reason, .. } => Effect::Closed(reason),
    })
}

/// Whether it was paused, and not published again since.
fn is_paused_last(told: &Told) -> bool {
    let public =
        told.facts.iter().rev().find(|fact| fact.is::<OpeningPublished>() || fact.is::<OpeningPaused>());
    public.is_some_and(Heard::is::<OpeningPaused>)
}
