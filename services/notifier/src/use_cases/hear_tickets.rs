//! Keeps what happened to places in line, to be told.

use std::collections::HashMap;

use chassis::{Fault, Tx};
use proto::{
    TicketId,
    open_hiring::{TicketChanged, TicketErased},
};

use crate::{
    domain::ticket,
    store::ticket_news::{self, Heard},
};

/// Of each ticket only a newer version counts, also when there is nothing to tell of it: what stands no more is not told. At
/// a rush hundreds come together, and cost as many statements as one.
pub async fn hear_tickets(tx: &mut Tx, told: &[TicketChanged]) -> Result<(), Fault> {
    // Before her number or address is hers, nothing is told to it; so there is no older version either.
    let told: Vec<&TicketChanged> = told.iter().filter(|ticket| ticket.is_confirmed).collect();
    if told.is_empty() {
        return Ok(());
    }
    let seekers: Vec<_> = told.iter().map(|ticket| ticket.seeker_id.0).collect();
    let gone = tx.forgotten_among(&seekers).await?;
    let mut newest: HashMap<TicketId, &TicketChanged> = HashMap::new();
    for ticket in told.into_iter().filter(|ticket| !gone.contains(&ticket.seeker_id.0)) {
        let known = newest.entry(ticket.ticket_id).or_insert(ticket);
        if known.version < ticket.version {
            *known = ticket;
        }
    }
    let now = tx.now();
    let heard = newest.into_values().map(|ticket| Heard {
        ticket,
        at: ticket.changed_at,
        due_at: ticket::is_told(ticket).then_some(now),
        expires_at: ticket::expires_at(ticket, ticket.changed_at),
    });
    ticket_news::keep(tx.conn(), heard.collect()).await?;
    Ok(())
}

/// These tickets are gone, because their people are.
pub async fn forget_tickets(tx: &mut Tx, erased: &[TicketErased]) -> Result<(), Fault> {
    let ids: Vec<_> = erased.iter().map(|erased| erased.ticket_id.0).collect();
    ticket_news::delete(tx.conn(), &ids).await?;
    Ok(())
}
