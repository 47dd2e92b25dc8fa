//! A queue follows its opening: paused it makes no offers, ended it is over.

use chassis::{Fault, Tx};
use proto::{QueueId, open_hiring::ChangeReason};
use uuid::Uuid;

use super::{
    change_queue::{close, refusal, stop_offers},
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
    match follows(told, queue.queue.reason) {
        Follows::Nothing => {}
        Follows::GoOn => queue.go_on(&*tx.chance(), false).map_err(refusal)?,
        Follows::Stop => stop_offers(tx, &mut queue, ChangeReason::OpeningPaused).await?,
        Follows::Close => close(tx, &mut queue, ChangeReason::OpeningEnded),
    }
    queue.offer_free_places(tx).await?;
    queue.save(tx).await?;
    Ok(())
}

/// What a queue does when its opening stands otherwise.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Follows {
    Nothing,
    GoOn,
    Stop,
    Close,
}

/// What follows for a queue that makes no offers for this reason, if it makes none.
pub(crate) fn follows(told: &Opening, reason: Option<ChangeReason>) -> Follows {
    match told.state.as_str() {
        "published" if told.is_route => match reason {
            Some(ChangeReason::OpeningPaused) => Follows::GoOn,
            _ => Follows::Nothing,
        },
        "paused" if reason.is_none() => Follows::Stop,
        "paused" => Follows::Nothing,
        // Closed, or on another route from now on.
        _ => Follows::Close,
    }
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
