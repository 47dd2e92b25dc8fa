//! Takes in, after a restore, what was told about a queue or a ticket after the backup (docs/adr/0010).
//!
//! What people were told is true: their numbers, their offers and their yeses are taken over from the events. The entries of
//! that time are lost with their nonces, so the ledger no longer leads to the heads that were published, and a verifier says so.
//! No offer goes out in such a queue before somebody who looks after it has looked, and says that it goes on.

use chassis::{Fault, Reconciled, Told, Tx};
use proto::{
    QueueId, TicketId,
    intake::SeekerErased,
    open_hiring::{
        CallTaskClosed, CallTaskOpened, ChangeReason, HeadPublished, QueueChanged, TicketChanged,
        TicketErased, TicketState, Ways,
    },
};

use super::{change_queue::stop_offers, forget_seeker::forget_seeker, in_hand::InHand};
use crate::{
    domain::{Entry, PlaceState, Stage, State, Ticket, What},
    store::{heads, tickets},
};

pub(crate) async fn after_restore(tx: &mut Tx, told: &Told) -> Result<Reconciled, Fault> {
    if let Some(erased) = told.last::<SeekerErased>()? {
        forget_seeker(tx, &erased).await?;
        return Ok(Reconciled::ERASED);
    }
    if told.has::<TicketErased>() {
        // Its person comes as erased, and takes with her what is still here of it.
        return Ok(Reconciled::NOTHING);
    }
    if let Some(ticket) = told.last::<TicketChanged>()? {
        return take_over(tx, told, &ticket).await;
    }
    if let Some(task) = told.last::<CallTaskOpened>()?
        && !told.has::<CallTaskClosed>()
    {
        // Calls are made anew where an offer still stands.
        let closed = CallTaskClosed { task_id: task.task_id, version: told.version + 1, result: None };
        tx.publish(closed).await?;
        return Ok(Reconciled::LOST);
    }
    let queue_id = QueueId(told.aggregate_id);
    if !told.has::<QueueChanged>() && !told.has::<HeadPublished>() {
        return Ok(Reconciled::NOTHING);
    }
    let Some(mut queue) = InHand::take(tx, queue_id).await? else { return Ok(Reconciled::LOST) };
    if let Some(head) = told.last::<HeadPublished>()? {
        heads::raise_to(tx.conn(), queue_id, head.version).await?;
    }
    if told.has::<QueueChanged>() {
        queue.queue.version = queue.queue.version.max(told.version);
    }
    stop(tx, &mut queue).await?;
    queue.save(tx).await?;
    Ok(Reconciled::TAKEN_OVER)
}

/// Nobody is asked before somebody has looked at it.
async fn stop(tx: &mut Tx, queue: &mut InHand) -> Result<(), Fault> {
    match queue.queue.queue.stage {
        Stage::Running | Stage::Stopped => stop_offers(tx, queue, ChangeReason::Restored).await,
        Stage::Closed => Ok(()),
    }
}

/// A ticket as its person was told last that it stands.
async fn take_over(tx: &mut Tx, told: &Told, last: &TicketChanged) -> Result<Reconciled, Fault> {
    let chance = tx.chance();
    let is_gone = tx.is_forgotten(last.seeker_id.0).await?;
    let queue = if is_gone { None } else { InHand::take(tx, last.queue_id).await? };
    let Some(mut queue) = queue else {
        // Of a queue that was opened after the backup.
        tx.forget_parts(&[last.ticket_id.0]).await?;
        tx.publish(TicketErased { ticket_id: last.ticket_id, version: told.version + 1 }).await?;
        return Ok(Reconciled::LOST);
    };
    stop(tx, &mut queue).await?;
    let ticket_id = last.ticket_id;
    if let Some(stored) = tickets::find(tx.conn(), ticket_id).await? {
        queue.read(stored);
    } else {
        let first = told.events::<TicketChanged>()?.into_iter().next();
        let at = first.map_or(queue.now, |first| Entry::moment(first.time));
        queue.sign_up_again(&*chance, last, at);
    }
    let state = state(&queue, ticket_id, last);
    queue.put_back(ticket_id, last, state, told.version);
    queue.enter(&*chance, What::Corrected { ticket: ticket_id, reason: "restored".to_owned() });
    queue.save(tx).await?;
    Ok(Reconciled::TAKEN_OVER)
}

/// The state that was told, if its place is there and nobody else's; otherwise she pauses and keeps her number.
fn state(queue: &InHand, ticket_id: TicketId, last: &TicketChanged) -> State {
    let place = last.place.and_then(|place| queue.queue.queue.place(place));
    let hers = place.filter(|place| match place.state {
        PlaceState::Free => true,
        PlaceState::Offered(whose) | PlaceState::Taken(whose) | PlaceState::Started(whose) => {
            whose == ticket_id
        }
        PlaceState::Withdrawn => false,
    });
    match (last.state, hers, last.answer_until) {
        (TicketState::Waiting, ..) => State::Waiting,
        (TicketState::Ended, ..) => State::Ended { back_until: None },
        (TicketState::Offered, Some(place), Some(until)) => State::Offered { place: place.place_id, until },
        (TicketState::Yes, Some(place), _) => State::Yes { place: place.place_id },
        (TicketState::Started, Some(place), _) => State::Started { place: place.place_id },
        _ => State::Paused,
    }
}

/// How somebody is reached is not told: by message first, and by whoever knows her.
pub(super) const UNKNOWN_WAYS: Ways =
    Ways { message: true, call: true, second_number: false, adviser: false };

/// A ticket that is known by its number again.
pub(super) fn again(last: &TicketChanged, at: chrono::DateTime<chrono::Utc>) -> Ticket {
    let mut ticket = Ticket::sign_up(last.ticket_id, last.ticket_number, at);
    ticket.is_confirmed = last.is_confirmed;
    ticket
}
