//! Takes in what somebody says to an offer by text message. What could be misread is not guessed: somebody calls.

use std::collections::BTreeMap;

use chassis::{Caller, Fault, Tx};
use chrono::{DateTime, Utc};
use proto::{
    PlaceId, Problem, QueueId, SeekerId, Status,
    open_hiring::{AnswerByText, TextOutcome, TextTaken, TicketStep},
};

use super::in_hand::{InHand, finish, take_all};
use crate::{
    OpenHiring,
    domain::{
        State,
        sms_answer::{self, Said},
        ticket::Deed,
    },
    may,
    store::tickets::{self, Stored},
};

/// A telephone may be shared, so all offers of everybody whom it reaches are looked at: only when one is open, a yes or a no
/// is the answer to it. A yes leaves her other lines as they are.
pub(crate) async fn answer_by_text(
    app: &OpenHiring,
    tx: &mut Tx,
    caller: &Caller,
    command: &AnswerByText,
) -> Result<TextTaken, Fault> {
    may::pass_on(&caller.actor)?;
    let text: String = app.chassis.keys.open(&command.text).map_err(|error| {
        tracing::warn!(%error, "a sealed text stays closed");
        Problem::new(Status::Invalid, "sealed-unreadable")
    })?;
    let Some(first) = command.people.first().copied() else {
        return Err(Problem::new(Status::Invalid, "people-none").into());
    };
    let people: Vec<_> = command.people.iter().map(|seeker_id| seeker_id.0).collect();
    let before = tickets::of_seekers(tx.conn(), &people).await?;
    let offered = before.iter().filter(|stored| is_offered(stored));
    let queue_ids: Vec<_> = offered.map(|stored| stored.queue_id).collect();
    let mut in_hand = take_all(tx, &queue_ids).await?;
    // Read again, under the locks.
    let now_theirs = tickets::of_seekers(tx.conn(), &people).await?;
    let (open, late) = offers(&in_hand, now_theirs);
    let taken = |outcome, of: SeekerId| TextTaken { outcome, seeker_id: of };
    let answer = match (open.as_slice(), sms_answer::read(&text)) {
        ([], _) => match late {
            Some(seeker_id) => taken(TextOutcome::TooLate, seeker_id),
            None => taken(TextOutcome::NothingAsked, first),
        },
        ([one], Said::Yes) => {
            say(tx, &mut in_hand, one, Deed::Yes)?;
            taken(TextOutcome::Answered, one.seeker_id)
        }
        ([one], Said::No) => {
            say(tx, &mut in_hand, one, Deed::No)?;
            taken(TextOutcome::Answered, one.seeker_id)
        }
        ([one], Said::Unclear) => {
            call_about(tx, &mut in_hand, &open).await?;
            taken(TextOutcome::Unclear, one.seeker_id)
        }
        ([one, ..], _) => {
            call_about(tx, &mut in_hand, &open).await?;
            taken(TextOutcome::WhichOne, one.seeker_id)
        }
    };
    finish(tx, in_hand).await?;
    Ok(answer)
}

fn is_offered(stored: &Stored) -> bool {
    matches!(stored.ticket.state, State::Offered { .. })
}

/// The offers that are open, of queues in hand; and whose time to answer was over, if there is somebody.
fn offers(in_hand: &BTreeMap<QueueId, InHand>, theirs: Vec<Stored>) -> (Vec<Stored>, Option<SeekerId>) {
    let (mut open, mut late) = (Vec::new(), None);
    for stored in theirs {
        let now: Option<DateTime<Utc>> = in_hand.get(&stored.queue_id).map(|queue| queue.now);
        match (stored.ticket.state, now) {
            (State::Offered { until, .. }, Some(now)) if now < until => open.push(stored),
            (State::Offered { .. }, Some(_)) => late = late.or(Some(stored.seeker_id)),
            (State::Paused, _) if matches!(stored.step, TicketStep::NoAnswer | TicketStep::NotReached) => {
                late = late.or(Some(stored.seeker_id));
            }
            // Nothing asked; or an offer of this very moment, of which she has not heard, so this does not answer it.
            _ => {}
        }
    }
    (open, late)
}

fn say(
    tx: &mut Tx,
    in_hand: &mut BTreeMap<QueueId, InHand>,
    offered: &Stored,
    deed: fn(PlaceId) -> Deed,
) -> Result<(), Fault> {
    let place = offered.place().expect("an offer is of a place");
    let queue = in_hand.get_mut(&offered.queue_id).expect("it was taken");
    let ticket_id = offered.ticket.ticket_id;
    queue.read(offered.clone());
    queue.deed(&*tx.chance(), ticket_id, deed(place))?;
    Ok(())
}

/// Somebody calls about each of these offers, unless a call is to be made already.
async fn call_about(
    tx: &mut Tx,
    in_hand: &mut BTreeMap<QueueId, InHand>,
    offers: &[Stored],
) -> Result<(), Fault> {
    for offered in offers {
        let queue = in_hand.get_mut(&offered.queue_id).expect("it was taken");
        queue.read(offered.clone());
        queue.call_now(tx, offered.ticket.ticket_id).await?;
    }
    Ok(())
}
