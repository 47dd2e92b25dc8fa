//! Sets right what was written down wrongly about how it ended for somebody.

use chassis::{Caller, Fault, Tx};
use proto::{Problem, Status, open_hiring::SetRight};

use super::{change_queue, in_hand::InHand};
use crate::{
    domain::{Stage, State, queue::ChangeRefused, ticket::Deed},
    may,
    store::tickets,
};

/// She stands in line again at her own number; a place that she was said to have begun at is the next one's by the rule.
pub(crate) async fn set_right(tx: &mut Tx, caller: &Caller, command: &SetRight) -> Result<(), Fault> {
    let ticket_id = command.ticket_id;
    let found = tickets::find(tx.conn(), ticket_id).await?.ok_or_else(|| Problem::not_found("ticket"))?;
    let mut queue = InHand::must(tx, found.queue_id).await?;
    let account_id = may::set_right(&caller.actor, &queue.queue.region)?;
    if queue.queue.queue.stage == Stage::Closed {
        return Err(change_queue::refusal(ChangeRefused::Closed).into());
    }
    // Under the lock. Who signed up again is in line by that already, and one person has one place.
    let hers = tickets::of_seeker(tx.conn(), found.seeker_id).await?;
    let anew = hers.iter().find(|other| {
        other.queue_id == found.queue_id
            && other.ticket.ticket_id != ticket_id
            && !matches!(other.ticket.state, State::Ended { .. })
    });
    if let Some(anew) = anew {
        let problem = Problem::new(Status::Conflict, "stands-anew");
        return Err(problem.with("number", anew.ticket.number).into());
    }
    queue.by(Some(account_id));
    queue.ticket(tx, ticket_id).await?;
    queue.deed(&*tx.chance(), ticket_id, Deed::SetRight(command.reason))?;
    queue.note(ticket_id, |stored| stored.left_for = None);
    queue.offer_free_places(tx).await?;
    queue.save(tx).await?;
    Ok(())
}
