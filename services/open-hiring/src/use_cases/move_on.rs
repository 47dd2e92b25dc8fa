//! What happens by the clock in queues: offers run out, sign-ups that nobody confirmed end, new numbers may be asked,
//! somebody calls, and whoever waited in a line that is over hears it.

use chassis::{Fault, Tx};
use chrono::TimeDelta;
use proto::{QueueId, TicketId};

use super::in_hand::InHand;
use crate::{
    OpenHiring,
    domain::{
        State,
        ticket::{CONFIRMED_WITHIN, Deed},
    },
    store::{confirmations, queues, tickets},
};

/// Queues in one pass, and tickets of one queue in one transaction.
const QUEUES: i64 = 100;
const TICKETS: i64 = 500;
/// How long a confirmation waits for its sign-up.
pub(crate) const KEPT: TimeDelta = TimeDelta::hours(1);

/// Goes on until nothing is due.
pub(crate) async fn move_on(app: &OpenHiring) -> Result<(), Fault> {
    loop {
        let mut tx = app.chassis.store.begin().await?;
        let now = tx.now();
        let due = queues::due(tx.conn(), now, now - CONFIRMED_WITHIN, QUEUES).await?;
        confirmations::forget_before(tx.conn(), now - KEPT).await?;
        tx.commit().await?;
        for queue_id in &due {
            let mut tx = app.chassis.store.begin().await?;
            move_queue_on(&mut tx, *queue_id).await?;
            tx.commit().await?;
        }
        if due.is_empty() {
            return Ok(());
        }
    }
}

/// One queue, in one transaction. What an answer decided a moment ago is seen under the lock, so nothing is decided twice.
pub(crate) async fn move_queue_on(tx: &mut Tx, queue_id: QueueId) -> Result<(), Fault> {
    let Some(mut queue) = InHand::take(tx, queue_id).await? else { return Ok(()) };
    let now = queue.now;
    let due = tickets::due(tx.conn(), queue_id, now, now - CONFIRMED_WITHIN, TICKETS).await?;
    for stored in due {
        let ticket_id = stored.ticket.ticket_id;
        let is_unconfirmed = !stored.ticket.is_confirmed;
        let state = stored.ticket.state;
        let called = stored.called;
        queue.read(stored);
        if let State::Offered { place, until } = state {
            if until <= now {
                // Whoever was called and not reached is told so, and not that she did not answer.
                let deed = if called { Deed::NotReached(place) } else { Deed::RunOut(place) };
                queue.deed(&*tx.chance(), ticket_id, deed)?;
            } else {
                queue.climb(tx, ticket_id).await?;
            }
        } else if is_unconfirmed {
            let _ = queue.deed(&*tx.chance(), ticket_id, Deed::ForgetUnconfirmed);
        }
        release(&mut queue, ticket_id);
    }
    if queue.queue.to_tell {
        let to_tell = tickets::to_tell_closed(tx.conn(), queue_id, TICKETS).await?;
        queue.are_told(to_tell.len() < TICKETS as usize);
        for stored in to_tell {
            let ticket_id = stored.ticket.ticket_id;
            queue.read(stored);
            queue.tell_closed(ticket_id);
        }
    }
    queue.offer_free_places(tx).await?;
    queue.save(tx).await?;
    Ok(())
}

/// A number that may be asked again is not due any more.
pub(crate) fn release(queue: &mut InHand, ticket_id: TicketId) {
    let now = queue.now;
    queue.note(ticket_id, |stored| {
        if stored.ticket.no_offer_before.is_some_and(|moment| moment <= now) {
            stored.ticket.no_offer_before = None;
        }
    });
}
