//! Does what somebody wants of her ticket: pause, go on, leave, come back, give a place back.

use chassis::{Caller, Fault, Tx};
use proto::open_hiring::{ChangeTicket, TicketView, TicketWish};

use super::in_hand::InHand;
use crate::{domain::ticket::Deed, events::publish, queries::ticket_view};

/// Whatever place comes free goes to whoever is first, in the same transaction.
pub(crate) async fn change_ticket(
    tx: &mut Tx,
    caller: &Caller,
    command: &ChangeTicket,
) -> Result<TicketView, Fault> {
    let ticket_id = command.ticket_id;
    let mut queue = InHand::of_ticket(tx, caller, ticket_id).await?;
    let now = queue.ticket(tx, ticket_id).await?.clone();
    let deed = match command.wish {
        TicketWish::Pause => Deed::Pause,
        TicketWish::GoOn => Deed::GoOn,
        TicketWish::StepDown => Deed::StepDown,
        TicketWish::ComeBack => Deed::ComeBack,
        TicketWish::GiveBack => {
            let refused = || publish::refusal(crate::domain::ticket::Refused::NotYet, now.ticket.number);
            Deed::GiveBack(now.place().ok_or_else(refused)?)
        }
    };
    queue.deed(&*tx.chance(), ticket_id, deed)?;
    queue.note(ticket_id, |stored| stored.left_for = None);
    queue.offer_free_places(tx).await?;
    queue.save(tx).await?;
    let now = tx.now();
    ticket_view(tx.conn(), ticket_id, now).await
}
