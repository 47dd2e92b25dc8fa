//! Somebody's number or address is hers, or is another one than before.

use std::collections::BTreeMap;

use chassis::{Fault, Tx};
use proto::{QueueId, SeekerId};

use super::answer_offer::{finish, take_all};
use crate::{
    domain::ticket::Deed,
    store::{confirmations, tickets},
};

/// What became of a contact.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Contact {
    /// It is hers.
    Confirmed,
    /// It is another one.
    Changed,
}

/// In every line in which she stands. Many events at a time take their queues in one order.
pub(crate) async fn hear_contacts(tx: &mut Tx, heard: &[(SeekerId, Contact)]) -> Result<(), Fault> {
    let now = tx.now();
    let mut tickets_of: BTreeMap<QueueId, Vec<(proto::TicketId, Contact)>> = BTreeMap::new();
    for (seeker_id, contact) in heard {
        if tx.is_forgotten(seeker_id.0).await? {
            continue;
        }
        if *contact == Contact::Confirmed {
            confirmations::note(tx.conn(), *seeker_id, now).await?;
        }
        for stored in tickets::of_seeker(tx.conn(), *seeker_id).await? {
            tickets_of.entry(stored.queue_id).or_default().push((stored.ticket.ticket_id, *contact));
        }
    }
    let mut in_hand = take_all(tx, tickets_of.keys().copied().collect()).await?;
    let chance = tx.chance();
    for (queue_id, tickets) in tickets_of {
        let queue = in_hand.get_mut(&queue_id).expect("it was taken");
        for (ticket_id, contact) in tickets {
            queue.ticket(tx, ticket_id).await?;
            let deed = match contact {
                Contact::Confirmed => Deed::Confirm,
                Contact::Changed => Deed::ChangeContact,
            };
            // A ticket that is over stays over.
            let _ = queue.deed(&*chance, ticket_id, deed);
        }
    }
    finish(tx, in_hand).await
}
