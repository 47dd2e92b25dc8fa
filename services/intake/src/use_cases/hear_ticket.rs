//! Keeps who may reach someone about her place in line.

use chassis::{Fault, Tx};
use proto::{
    CloudEvent,
    open_hiring::{TicketChanged, TicketErased},
};

use crate::store::tickets;

/// Only a newer version counts. Nothing is kept about who is erased.
pub async fn hear_ticket(tx: &mut Tx, event: &CloudEvent<TicketChanged>) -> Result<(), Fault> {
    let ticket = &event.data;
    // Nobody is offered anything before her number or address is hers, so there is no older version to outdo. At a rush that
    // is almost all there is to hear.
    if !ticket.is_confirmed {
        return Ok(());
    }
    if tx.is_forgotten(ticket.seeker_id.0).await? {
        return Ok(());
    }
    let (version, before) = tickets::lock(tx.conn(), ticket.ticket_id).await?.unwrap_or_default();
    if version < ticket.version {
        tickets::keep(tx.conn(), ticket, &before.after(ticket, ticket.changed_at)).await?;
    }
    Ok(())
}

/// The ticket is gone, because its person is: an older event of it finds her tombstone.
pub async fn forget_ticket(tx: &mut Tx, erased: &TicketErased) -> Result<(), Fault> {
    tickets::delete(tx.conn(), erased.ticket_id).await?;
    Ok(())
}
