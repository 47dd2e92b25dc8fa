//! Writes down whether somebody was there on her first day.

use chassis::{Caller, Fault, Tx, clock};
use proto::{Problem, open_hiring::TellFirstDay};

use super::in_hand::{finish, take_all};
use crate::{
    domain::ticket::{Deed, Refused},
    events::publish,
    may,
    store::tickets,
};

/// From that day on, by the employer or the account manager. Whoever began leaves the other lines that she left for this
/// place; whoever did not come frees it for the next.
pub(crate) async fn tell_first_day(
    tx: &mut Tx,
    caller: &Caller,
    command: &TellFirstDay,
) -> Result<(), Fault> {
    let ticket_id = command.ticket_id;
    let found = tickets::find(tx.conn(), ticket_id).await?.ok_or_else(|| Problem::not_found("ticket"))?;
    let left = tickets::left_for(tx.conn(), ticket_id).await?;
    let mut ids = vec![found.queue_id];
    if command.came {
        ids.extend(left.iter().map(|left| left.queue_id));
    }
    let mut in_hand = take_all(tx, &ids).await?;
    let queue = in_hand.get_mut(&found.queue_id).expect("it was taken");
    may::look_after(&caller.actor, queue.queue.employer_id, &queue.queue.region)?;
    queue.by(may::account(&caller.actor));
    let stored = queue.ticket(tx, ticket_id).await?.clone();
    let not_yet = || publish::refusal(Refused::NotYet, stored.ticket.number);
    let place_id = match (stored.place(), stored.ticket.state) {
        (Some(place_id), _) => place_id,
        (None, crate::domain::State::Ended { .. }) => {
            return Err(publish::refusal(Refused::Over, stored.ticket.number).into());
        }
        (None, _) => return Err(not_yet().into()),
    };
    let first_day = queue.queue.queue.place(place_id).map(|place| place.first_day);
    if first_day.is_none_or(|first_day| clock::day(tx.now()) < first_day) {
        return Err(not_yet().into());
    }
    let chance = tx.chance();
    let deed = if command.came { Deed::Start(place_id) } else { Deed::NotCome(place_id) };
    queue.deed(&*chance, ticket_id, deed)?;
    if command.came {
        for other in left {
            let Some(queue) = in_hand.get_mut(&other.queue_id) else { continue };
            let other_id = other.ticket.ticket_id;
            let is_left = queue.ticket(tx, other_id).await?.left_for == Some(ticket_id);
            // Whoever takes part there again in the meantime is no longer one who left.
            if is_left {
                let _ = queue.deed(&*chance, other_id, Deed::StepDown);
                queue.note(other_id, |stored| stored.left_for = None);
            }
        }
    }
    finish(tx, in_hand).await
}
