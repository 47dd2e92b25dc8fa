//! Takes in what somebody says to an offer.

use std::collections::BTreeMap;

use chassis::{Caller, Fault, Tx};
use proto::{
    Problem, QueueId, TicketId,
    open_hiring::{Answer, AnswerOffer, TicketState, TicketView},
};

use super::in_hand::{self, InHand};
use crate::{domain::ticket::Deed, may, queries::ticket_view, store::tickets};

/// An answer counts until the deadline by the clock of the database. Whatever it is, the queue moves on in the same
/// transaction.
pub(crate) async fn answer_offer(
    tx: &mut Tx,
    caller: &Caller,
    command: &AnswerOffer,
) -> Result<TicketView, Fault> {
    let ticket_id = command.ticket_id;
    let found = tickets::find(tx.conn(), ticket_id).await?.ok_or_else(|| Problem::not_found("ticket"))?;
    let account = may::act_for(&caller.actor, found.seeker_id)?;
    let mut in_hand = take(tx, &found, command).await?;
    let chance = tx.chance();
    let queue = in_hand.get_mut(&found.queue_id).expect("it was taken");
    queue.by(account);
    queue.ticket(tx, ticket_id).await?;
    let place_id = command.place_id;
    let deed = match command.answer {
        Answer::Yes { .. } => Deed::Yes(place_id),
        Answer::No => Deed::No(place_id),
        Answer::Later => Deed::Later(place_id),
        Answer::NotThatDay => {
            let place = queue.queue.queue.place(place_id).ok_or_else(|| Problem::not_found("place"))?;
            Deed::NotThatDay(place_id, place.first_day)
        }
    };
    queue.deed(&*chance, ticket_id, deed)?;
    if matches!(command.answer, Answer::Yes { leave_others: true }) {
        leave_others(tx, &mut in_hand, &found).await?;
    }
    in_hand::finish(tx, in_hand).await?;
    let now = tx.now();
    ticket_view(tx.conn(), ticket_id, now).await
}

/// The queue of the offer, and all her others when she leaves those.
async fn take(
    tx: &mut Tx,
    found: &tickets::Stored,
    command: &AnswerOffer,
) -> Result<BTreeMap<QueueId, InHand>, Fault> {
    let mut ids = vec![found.queue_id];
    if matches!(command.answer, Answer::Yes { leave_others: true }) {
        let others = tickets::of_seeker(tx.conn(), found.seeker_id).await?;
        ids.extend(others.iter().filter(|other| waits(other)).map(|other| other.queue_id));
    }
    in_hand::take_all(tx, &ids).await
}

fn waits(stored: &tickets::Stored) -> bool {
    tickets::named(stored.ticket.state) == TicketState::Waiting
}

/// She pauses in the lines in which she waits: her numbers stay hers, and until her first day she comes back to them
/// whenever she wants. On that day she leaves them ([`super::tell_first_day`]).
async fn leave_others(
    tx: &mut Tx,
    in_hand: &mut BTreeMap<QueueId, InHand>,
    found: &tickets::Stored,
) -> Result<(), Fault> {
    let chance = tx.chance();
    // Read again, under the locks.
    for other in tickets::of_seeker(tx.conn(), found.seeker_id).await? {
        let other_id: TicketId = other.ticket.ticket_id;
        let Some(queue) = in_hand.get_mut(&other.queue_id) else { continue };
        if other_id == found.ticket.ticket_id || !waits(&other) {
            continue;
        }
        queue.read(other);
        if queue.deed(&*chance, other_id, Deed::Pause)? {
            queue.note(other_id, |stored| stored.left_for = Some(found.ticket.ticket_id));
        }
    }
    Ok(())
}
