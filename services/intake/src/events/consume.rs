//! What intake hears: that others have deleted what they kept about someone, and how places in line stand.

use chassis::{Fault, Heard, Tx};
use proto::{Fact, Service, matcher, notifier, open_hiring, portal};
use uuid::Uuid;

use crate::{App, use_cases};

/// Takes effect of events, in the order in which they came.
pub async fn apply(_: &App, tx: &mut Tx, events: &[Heard]) -> Result<(), Fault> {
    let mut confirmations = Vec::with_capacity(events.len());
    let (mut tickets, mut erased) = (Vec::new(), Vec::new());
    for event in events {
        if event.is::<matcher::SeekerForgotten>() {
            confirmations.push(confirmation::<matcher::SeekerForgotten>(event)?);
        } else if event.is::<notifier::SeekerForgotten>() {
            confirmations.push(confirmation::<notifier::SeekerForgotten>(event)?);
        } else if event.is::<open_hiring::SeekerForgotten>() {
            confirmations.push(confirmation::<open_hiring::SeekerForgotten>(event)?);
        } else if event.is::<portal::SeekerForgotten>() {
            confirmations.push(confirmation::<portal::SeekerForgotten>(event)?);
        } else if event.is::<open_hiring::TicketChanged>() {
            tickets.push(event.read()?.data);
        } else if event.is::<open_hiring::TicketErased>() {
            erased.push(event.read()?.data);
        } else {
            tracing::warn!(kind = %event.kind, "an event that intake does not know is passed over");
        }
    }
    use_cases::hear_tickets(tx, &tickets).await?;
    use_cases::forget_tickets(tx, &erased).await?;
    use_cases::confirm_erasures(tx, &confirmations).await
}

/// Whose aggregate it is is who was forgotten.
fn confirmation<T: Fact>(event: &Heard) -> Result<(Uuid, Service), Fault> {
    Ok((event.read::<T>()?.data.aggregate_id(), T::BY))
}
