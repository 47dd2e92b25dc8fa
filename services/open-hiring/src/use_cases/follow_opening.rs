//! A queue follows its opening: paused it makes no offers, ended it is over.

use chassis::{Fault, Tx};
use proto::{QueueId, open_hiring::ChangeReason};
use uuid::Uuid;

use super::{
    change_queue::{close, go_on, stop_offers},
    in_hand::InHand,
};
use crate::store::openings::{self, Opening};

/// Only what is newer counts. An opening without a queue is only remembered.
pub(crate) async fn follow_opening(tx: &mut Tx, told: &Opening) -> Result<(), Fault> {
    let queue_id = QueueId(told.id);
    let Some(mut queue) = InHand::take(tx, queue_id).await? else {
        openings::keep(tx.conn(), told).await?;
        return Ok(());
    };
    if !openings::keep(tx.conn(), told).await? {
        return Ok(());
    }
    let reason = queue.queue.reason;
    match told.state.as_str() {
        "published" if told.is_route => {
            if reason == Some(ChangeReason::OpeningPaused) {
                go_on(tx, &mut queue)?;
            }
        }
        "paused" => {
            if reason.is_none() {
                stop_offers(tx, &mut queue, ChangeReason::OpeningPaused).await?;
            }
        }
        // Closed, or on another route from now on.
        _ => close(tx, &mut queue, ChangeReason::OpeningEnded),
    }
    queue.offer_free_places(tx).await?;
    queue.save(tx).await?;
    Ok(())
}

/// What an event says of an opening.
pub(crate) fn ended(opening_id: Uuid, version: i64, state: &str) -> Opening {
    Opening {
        id: opening_id,
        version,
        employer_id: None,
        region: None,
        state: state.to_owned(),
        is_route: false,
    }
}
