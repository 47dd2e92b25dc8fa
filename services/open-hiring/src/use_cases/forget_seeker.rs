//! Forgets a person who was erased: her tickets go, her entries are readable no more, her places are free again.

use chassis::{Fault, Tx};
use proto::{
    intake::SeekerErased,
    open_hiring::{SeekerForgotten, TicketErased},
};

use super::in_hand::{finish, take_all};
use crate::store::{confirmations, tickets, ways_told};

/// A repeated or replayed erasure is confirmed again: who heard nothing of the first one waits for it.
pub(crate) async fn forget_seeker(tx: &mut Tx, told: &SeekerErased) -> Result<(), Fault> {
    // First of all: from here on nobody begins to write about her.
    tx.forget(told.seeker_id.0).await?;
    let hers = tickets::of_seeker(tx.conn(), told.seeker_id).await?;
    let queue_ids: Vec<_> = hers.iter().map(|stored| stored.queue_id).collect();
    let mut in_hand = take_all(tx, &queue_ids).await?;
    let mut gone = Vec::with_capacity(hers.len());
    for stored in &hers {
        let ticket_id = stored.ticket.ticket_id;
        let queue = in_hand.get_mut(&stored.queue_id).expect("it was taken");
        let version = queue.erase(tx, ticket_id).await?;
        gone.push(TicketErased { ticket_id, version: version + 1 });
    }
    confirmations::forget(tx.conn(), told.seeker_id).await?;
    ways_told::forget(tx.conn(), told.seeker_id).await?;
    tx.forget_parts(&gone.iter().map(|erased| erased.ticket_id.0).collect::<Vec<_>>()).await?;
    if !gone.is_empty() {
        tx.publish_all(gone).await?;
    }
    finish(tx, in_hand).await?;
    tx.publish(SeekerForgotten { seeker_id: told.seeker_id, version: told.version }).await?;
    Ok(())
}
