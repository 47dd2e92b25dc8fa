//! Somebody's number or address is hers, or is another one than before.

use std::collections::HashMap;

use chassis::{Fault, Tx};
use proto::{QueueId, SeekerId};
use uuid::Uuid;

use super::in_hand::{finish, take_all};
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

/// In every line in which they stand. After a rush hundreds come together, and cost as many statements as one.
pub(crate) async fn hear_contacts(tx: &mut Tx, heard: &[(SeekerId, Contact)]) -> Result<(), Fault> {
    let now = tx.now();
    let ids: Vec<Uuid> = heard.iter().map(|(seeker_id, _)| seeker_id.0).collect();
    let gone = tx.forgotten_among(&ids).await?;
    let heard: Vec<_> = heard.iter().filter(|(seeker_id, _)| !gone.contains(&seeker_id.0)).collect();
    let confirmed = heard.iter().filter(|(_, contact)| *contact == Contact::Confirmed);
    let confirmed: Vec<Uuid> = confirmed.map(|(seeker_id, _)| seeker_id.0).collect();
    confirmations::note(tx.conn(), &confirmed, now).await?;

    let ids: Vec<Uuid> = heard.iter().map(|(seeker_id, _)| seeker_id.0).collect();
    let stand = tickets::of_seekers(tx.conn(), &ids).await?;
    let queue_ids: Vec<QueueId> = stand.iter().map(|stored| stored.queue_id).collect();
    let mut in_hand = take_all(tx, &queue_ids).await?;
    // Read again, under the locks.
    let mut hers: HashMap<SeekerId, Vec<_>> = HashMap::new();
    for stored in tickets::of_seekers(tx.conn(), &ids).await? {
        let Some(queue) = in_hand.get_mut(&stored.queue_id) else { continue };
        hers.entry(stored.seeker_id).or_default().push((stored.queue_id, stored.ticket.ticket_id));
        queue.read(stored);
    }
    let chance = tx.chance();
    for (seeker_id, contact) in heard {
        for (queue_id, ticket_id) in hers.get(seeker_id).into_iter().flatten() {
            let queue = in_hand.get_mut(queue_id).expect("it was taken");
            let deed = match contact {
                Contact::Confirmed => Deed::Confirm,
                Contact::Changed => Deed::ChangeContact,
            };
            // A ticket that is over stays over.
            let _ = queue.deed(&*chance, *ticket_id, deed);
        }
    }
    finish(tx, in_hand).await
}
