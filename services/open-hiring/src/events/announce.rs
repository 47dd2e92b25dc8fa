//! What this service announces anew when an operator asks: queues and tickets as they now are, and tickets that went with
//! their person.

use chassis::{
    Fault, Tx,
    replay::{self, AFTER_ALL, PAGE, Page},
};
use proto::{
    TicketId,
    open_hiring::{QueueChanged, TicketChanged, TicketErased},
};
use uuid::Uuid;

use super::publish;
use crate::store::{queues, tickets};

/// Events that are not announced anew, on purpose. Published heads stand in the tables for everyone to read, a call is made at
/// a moment, and `seeker_forgotten_by_open_hiring` follows `seeker_erased`, which intake announces.
pub(crate) const MOMENTS: &[&str] =
    &["head_published", "call_task_opened", "call_task_closed", "seeker_forgotten_by_open_hiring"];

/// Queues as they now are.
pub(crate) async fn queues(tx: &mut Tx, after: Uuid) -> Result<Page<QueueChanged>, Fault> {
    let mut facts = Vec::new();
    for queue_id in queues::page(tx.conn(), after, PAGE).await? {
        if let Some(stored) = queues::find(tx.conn(), queue_id).await? {
            facts.push(publish::queue_changed(&stored));
        }
    }
    Ok(Page::of(facts))
}

/// Tickets as they now are.
pub(crate) async fn tickets(tx: &mut Tx, after: Uuid) -> Result<Page<TicketChanged>, Fault> {
    let mut facts = Vec::new();
    let mut known: Option<queues::Stored> = None;
    for stored in tickets::page(tx.conn(), after, PAGE).await? {
        if known.as_ref().is_none_or(|queue| queue.queue.queue_id != stored.queue_id) {
            known = queues::find(tx.conn(), stored.queue_id).await?;
        }
        if let Some(queue) = &known {
            let place = stored.place().and_then(|place| queue.queue.place(place));
            facts.push(publish::ticket_changed(queue, &stored, place));
        }
    }
    Ok(Page::of(facts))
}

/// Tickets that are erased.
pub(crate) async fn erased(tx: &mut Tx, after: Uuid) -> Result<Page<TicketErased>, Fault> {
    let erased = replay::tombstones(tx, true, after).await?;
    let facts = erased.into_iter().map(|id| TicketErased { ticket_id: TicketId(id), version: AFTER_ALL });
    Ok(Page::of(facts.collect()))
}
