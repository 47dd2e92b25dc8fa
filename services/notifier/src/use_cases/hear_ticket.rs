//! Keeps what happened to a place in line, to be told.

use chassis::{Fault, Tx};
use proto::{
    CloudEvent,
    open_hiring::{TicketChanged, TicketErased},
};

use crate::{
    domain::ticket,
    store::ticket_news::{self, Heard},
};

/// Only a newer version counts, also when there is nothing to tell of it: what stands no more is not told.
pub async fn hear_ticket(tx: &mut Tx, event: &CloudEvent<TicketChanged>) -> Result<(), Fault> {
    let ticket = &event.data;
    // Before her number or address is hers, nothing is told to it; so there is no older version either. At a rush that is
    // almost all there is to hear.
    if !ticket.is_confirmed {
        return Ok(());
    }
    if tx.is_forgotten(ticket.seeker_id.0).await? {
        return Ok(());
    }
    let now = tx.now();
    let heard = Heard {
        ticket,
        at: ticket.changed_at,
        due_at: ticket::is_told(ticket).then_some(now),
        expires_at: ticket::expires_at(ticket, ticket.changed_at),
    };
    ticket_news::keep(tx.conn(), &heard).await?;
    tx.ring();
    Ok(())
}

/// The ticket is gone, because its person is.
pub async fn forget_ticket(tx: &mut Tx, erased: &TicketErased) -> Result<(), Fault> {
    ticket_news::delete(tx.conn(), erased.ticket_id.0).await?;
    Ok(())
}
