//! Takes in what came of a call, and tries the next way when nobody was reached.

use chassis::{Caller, Fault, Tx};
use proto::{
    Problem, QueueId, TicketId,
    open_hiring::{CallResult, ReportCall},
};

use super::in_hand::InHand;
use crate::{domain::State, may, store::call_tasks};

/// A call that was closed before stays as it was: two people may have had the same list.
pub(crate) async fn report_call(tx: &mut Tx, caller: &Caller, command: &ReportCall) -> Result<(), Fault> {
    let (account_id, regions) = may::call(&caller.actor)?;
    let unknown = || Problem::not_found("call-task");
    let task = call_tasks::find(tx.conn(), command.task_id).await?;
    let task = task.filter(|task| regions.contains(&task.region)).ok_or_else(unknown)?;
    let mut queue = InHand::must(tx, QueueId(task.queue_id)).await?;
    // Again, under the lock.
    let task = call_tasks::find(tx.conn(), command.task_id).await?.ok_or_else(unknown)?;
    if task.closed_at.is_some() {
        return Ok(());
    }
    let ticket_id = TicketId(task.ticket_id);
    let stored = queue.ticket(tx, ticket_id).await?.clone();
    queue.close_call(tx, ticket_id, Some(command.result), Some(account_id)).await?;
    if command.result != CallResult::Reached && matches!(stored.ticket.state, State::Offered { .. }) {
        queue.note(ticket_id, |stored| stored.called = true);
        queue.climb(tx, ticket_id).await?;
    }
    queue.save(tx).await?;
    Ok(())
}
