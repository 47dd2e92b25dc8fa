//! Somebody can be reached in other ways than when she signed up: she gave a second number, or has an address now.

use std::collections::BTreeMap;

use chassis::{Fault, Tx};
use proto::{QueueId, TicketId, intake::WaysChanged, open_hiring::Ways};

use super::in_hand::{finish, take_all};
use crate::store::{tickets, ways_told};

/// In every line in which she stands. Many events at a time take their queues in one order.
pub(crate) async fn hear_ways(tx: &mut Tx, heard: &[WaysChanged]) -> Result<(), Fault> {
    let mut tickets_of: BTreeMap<QueueId, BTreeMap<TicketId, Ways>> = BTreeMap::new();
    for told in heard {
        if tx.is_forgotten(told.seeker_id.0).await? || !ways_told::keep(tx.conn(), told).await? {
            continue;
        }
        for stored in tickets::of_seeker(tx.conn(), told.seeker_id).await? {
            tickets_of.entry(stored.queue_id).or_default().insert(stored.ticket.ticket_id, told.ways);
        }
    }
    let queue_ids: Vec<_> = tickets_of.keys().copied().collect();
    let mut in_hand = take_all(tx, &queue_ids).await?;
    for (queue_id, tickets) in tickets_of {
        let queue = in_hand.get_mut(&queue_id).expect("it was taken");
        for (ticket_id, ways) in tickets {
            queue.ticket(tx, ticket_id).await?;
            queue.reach_by(tx, ticket_id, ways).await?;
        }
    }
    finish(tx, in_hand).await
}
