//! Takes in on which first days somebody wants to begin.

use chassis::{Caller, Fault, Tx};
use proto::open_hiring::{ChooseDays, TicketView};

use super::in_hand::InHand;
use crate::{events::publish, queries::ticket_view};

/// A place that is free on a day that she wants now is hers in the same transaction, if nobody stands before her who could
/// take it.
pub(crate) async fn choose_days(
    tx: &mut Tx,
    caller: &Caller,
    command: &ChooseDays,
) -> Result<TicketView, Fault> {
    let ticket_id = command.ticket_id;
    let mut queue = InHand::of_ticket(tx, caller, ticket_id).await?;
    let number = queue.ticket(tx, ticket_id).await?.ticket.number;
    queue
        .choose_days(&*tx.chance(), ticket_id, &command.first_days)
        .map_err(|refused| publish::refusal(refused, number))?;
    queue.offer_free_places(tx).await?;
    queue.save(tx).await?;
    let now = tx.now();
    ticket_view(tx.conn(), ticket_id, now).await
}
