//! Heard event → use case. Nothing else reaches it: the server knows what it reads.

use chassis::{Fault, Heard, Tx};
use proto::{
    intake::SeekerErased,
    matcher::ProposalMarked,
    open_hiring::{TicketChanged, TicketErased},
};

use crate::{App, use_cases};

/// Takes effect of events, in the order in which they came.
pub async fn apply(_: &App, tx: &mut Tx, events: &[Heard]) -> Result<(), Fault> {
    let (mut tickets, mut erased) = (Vec::new(), Vec::new());
    for event in events {
        if event.is::<SeekerErased>() {
            use_cases::forget_seeker(tx, &event.read::<SeekerErased>()?.data).await?;
        } else if event.is::<ProposalMarked>() {
            use_cases::hear_answer(tx, &event.read::<ProposalMarked>()?.data).await?;
        } else if event.is::<TicketChanged>() {
            tickets.push(event.read::<TicketChanged>()?.data);
        } else if event.is::<TicketErased>() {
            erased.push(event.read::<TicketErased>()?.data);
        } else {
            tracing::warn!(kind = %event.kind, "an event that the notifier does not know is passed over");
        }
    }
    use_cases::hear_tickets(tx, &tickets).await?;
    use_cases::forget_tickets(tx, &erased).await
}
