//! Changes a queue: more places, one less, no offers for now, offers again, the end.

use chassis::{Caller, Fault, Tx, clock};
use proto::{
    Problem, QueueId, Status,
    open_hiring::{ChangeQueue, ChangeReason, QueueChange, QueueView},
};

use super::{
    in_hand::InHand,
    open_queue::{add_places, days_problems},
};
use crate::{
    domain::{PlaceState, queue::ChangeRefused, ticket::Deed},
    may,
    queries::view,
};

/// Its account manager or its employer. Nothing in it moves anybody in the line.
pub(crate) async fn change_queue(
    tx: &mut Tx,
    caller: &Caller,
    command: &ChangeQueue,
) -> Result<QueueView, Fault> {
    let mut queue = InHand::must(tx, QueueId::of(command.opening_id)).await?;
    may::look_after(&caller.actor, queue.queue.employer_id, &queue.queue.region)?;
    queue.by(may::account(&caller.actor));
    match &command.change {
        QueueChange::AddPlaces { first_days } => {
            let problems = days_problems(first_days, clock::day(tx.now()));
            if !problems.is_empty() {
                return Err(Problem::fields(problems).into());
            }
            add_places(tx, &mut queue, first_days)?;
        }
        QueueChange::WithdrawPlace { place_id, reason } => {
            let withdrawn = queue.queue.queue.withdraw_place(*place_id, reason.name()).map_err(refusal)?;
            if let Some(what) = withdrawn {
                queue.enter(&*tx.chance(), what);
            }
        }
        QueueChange::StopOffers { reason } => stop_offers(tx, &mut queue, *reason).await?,
        QueueChange::GoOn {} => go_on(tx, &mut queue)?,
        QueueChange::Close { reason } => close(tx, &mut queue, *reason),
    }
    queue.offer_free_places(tx).await?;
    let saved = queue.save(tx).await?;
    let now = tx.now();
    view(tx.conn(), saved, now).await
}

/// No offers for now. While there is a labour conflict nobody may be sent there, so offers that are out end too, and whoever
/// had one stands in line again at her number (Waadi art. 10).
pub(super) async fn stop_offers(tx: &mut Tx, queue: &mut InHand, reason: ChangeReason) -> Result<(), Fault> {
    let chance = tx.chance();
    let Some(what) = queue.queue.queue.stop_offers(reason.name()).map_err(refusal)? else {
        return Ok(());
    };
    queue.because(Some(reason));
    queue.enter(&*chance, what);
    if reason != ChangeReason::LabourConflict {
        return Ok(());
    }
    let offered: Vec<_> = queue
        .queue
        .queue
        .places
        .iter()
        .filter_map(|place| match place.state {
            PlaceState::Offered(ticket) => Some((ticket, place.place_id)),
            _ => None,
        })
        .collect();
    for (ticket_id, place_id) in offered {
        queue.ticket(tx, ticket_id).await?;
        queue.deed(&*chance, ticket_id, Deed::EndOffer(place_id))?;
    }
    Ok(())
}

/// Offers are made again.
pub(super) fn go_on(tx: &Tx, queue: &mut InHand) -> Result<(), Fault> {
    if let Some(what) = queue.queue.queue.go_on_offering().map_err(refusal)? {
        queue.because(None);
        queue.enter(&*tx.chance(), what);
    }
    Ok(())
}

/// It is over. Whoever waits is told by and by (`move_on`).
pub(super) fn close(tx: &mut Tx, queue: &mut InHand, reason: ChangeReason) {
    if let Some(what) = queue.queue.queue.close(reason.name()) {
        queue.because(Some(reason));
        queue.queue.to_tell = true;
        queue.enter(&*tx.chance(), what);
    }
}

/// Why a change cannot be made, as an answer.
pub(super) fn refusal(refused: ChangeRefused) -> Problem {
    match refused {
        ChangeRefused::Closed => Problem::new(Status::Conflict, "queue-closed"),
        ChangeRefused::NoSuchPlace => Problem::not_found("place"),
        ChangeRefused::Started => Problem::new(Status::Conflict, "place-started"),
        ChangeRefused::DayHasCome => {
            Problem::fields(vec![proto::FieldProblem::new("first_days", "first-day-past")])
        }
    }
}
