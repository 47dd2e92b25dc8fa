//! Keeps who may reach people about their places in line.

use std::collections::HashMap;

use chassis::{Fault, Tx};
use proto::{
    TicketId,
    open_hiring::{TicketChanged, TicketErased},
};

use crate::store::tickets::{self, Kept};

/// Of each ticket only a newer version counts. Nothing is kept about who is erased. At a rush hundreds come together, and
/// cost as many statements as one.
pub async fn hear_tickets(tx: &mut Tx, told: &[TicketChanged]) -> Result<(), Fault> {
    // Nobody is offered anything before her number or address is hers, so there is no older version to outdo.
    let told: Vec<&TicketChanged> = told.iter().filter(|ticket| ticket.is_confirmed).collect();
    if told.is_empty() {
        return Ok(());
    }
    let seekers: Vec<_> = told.iter().map(|ticket| ticket.seeker_id.0).collect();
    let gone = tx.forgotten_among(&seekers).await?;
    let ids: Vec<_> = told.iter().map(|ticket| ticket.ticket_id.0).collect();
    let mut known = tickets::lock(tx.conn(), &ids).await?;
    let mut changed: HashMap<TicketId, Kept<'_>> = HashMap::new();
    for ticket in told.into_iter().filter(|ticket| !gone.contains(&ticket.seeker_id.0)) {
        let (version, open) = known.entry(ticket.ticket_id).or_default();
        if *version < ticket.version {
            (*version, *open) = (ticket.version, open.after(ticket, ticket.changed_at));
            changed.insert(ticket.ticket_id, Kept { ticket, open: *open });
        }
    }
    tickets::keep(tx.conn(), changed.into_values().collect()).await?;
    Ok(())
}

/// These tickets are gone, because their people are: an older event of one finds her tombstone.
pub async fn forget_tickets(tx: &mut Tx, erased: &[TicketErased]) -> Result<(), Fault> {
    let ids: Vec<_> = erased.iter().map(|erased| erased.ticket_id.0).collect();
    tickets::delete(tx.conn(), &ids).await?;
    Ok(())
}
