//! Changes a queue: more places, one less, no offers for now, offers again, the end.

use chassis::{Caller, Fault, Tx, clock};
use proto::{
    OpeningId, Problem, QueueId, Status,
    open_hiring::{ChangeQueue, ChangeReason, QueueChange, QueueView},
};

use super::{
    in_hand::InHand,
    open_queue::{add_places, days_problems},
};
use crate::{
    domain::{queue::ChangeRefused, ticket::Deed},
    may,
    queries::view,
    store::openings,
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
        QueueChange::GoOn {} => go_on(tx, &mut queue, command.opening_id).await?,
        QueueChange::Close { reason } => close(tx, &mut queue, *reason),
    }
    queue.offer_free_places(tx).await?;
    let saved = queue.save(tx).await?;
    let now = tx.now();
    view(tx.conn(), saved, now).await
}

/// No offers for now. Whoever had one that ends with it stands in line again at her number.
pub(super) async fn stop_offers(tx: &mut Tx, queue: &mut InHand, reason: ChangeReason) -> Result<(), Fault> {
    let chance = tx.chance();
    for (ticket_id, place_id) in queue.stop_offers(&*chance, reason).map_err(refusal)? {
        queue.ticket(tx, ticket_id).await?;
        queue.deed(&*chance, ticket_id, Deed::EndOffer(place_id))?;
    }
    Ok(())
}

/// Offers are made again, unless the employer shows its opening to nobody.
async fn go_on(tx: &mut Tx, queue: &mut InHand, opening_id: OpeningId) -> Result<(), Fault> {
    let opening = openings::find(tx.conn(), opening_id).await?;
    let is_paused = opening.is_some_and(|opening| opening.is_paused());
    queue.go_on(&*tx.chance(), is_paused).map_err(refusal)?;
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
