//! Puts people in line, in order of arrival, in one transaction.

use std::collections::{HashMap, HashSet};

use chassis::{Caller, Fault, Tx, erasure};
use chrono::TimeDelta;
use proto::{
    Problem, QueueId, SeekerId, Status, TicketId,
    open_hiring::{Arrival, SignUp, SignedUp},
};

use super::in_hand::InHand;
use crate::{
    domain::{queue::NotAdmitted, ticket::Deed},
    may,
    store::{confirmations, tickets},
};

/// People in one transaction.
const MOST: usize = 500;
/// How long before its sign-up a confirmation may have come: both leave the same form within moments, by different ways.
const OVERTAKES: TimeDelta = TimeDelta::seconds(10);

/// Under the lock of the queue, so the order of commits is the order of the line. One person has one place: again leads to
/// the same ticket.
pub(crate) async fn sign_up(tx: &mut Tx, caller: &Caller, command: &SignUp) -> Result<Vec<SignedUp>, Fault> {
    may::bring_in(&caller.actor)?;
    if command.people.len() > MOST {
        return Err(Problem::new(Status::Invalid, "too-many-people").into());
    }
    let ids: Vec<_> = command.people.iter().map(|arrival| arrival.seeker_id.0).collect();
    // Before the queue: whoever is being erased waits for no line, and no line for her.
    erasure::keep_from_erasing(tx, &ids).await?;
    let mut queue = InHand::must(tx, QueueId::of(command.opening_id)).await?;
    let gone = erasure::forgotten_among(tx.conn(), &ids).await?;
    let since = tx.now() - OVERTAKES;
    let confirmed: HashSet<_> = confirmations::since(tx.conn(), &ids, since).await?.into_iter().collect();
    let mut in_line: HashMap<SeekerId, TicketId> = HashMap::new();
    for stored in tickets::of_seekers_in(tx.conn(), queue.queue.queue.queue_id, &ids).await? {
        // Whoever is out for good (nobody confirmed it in time, she left more than a day ago) stands in line anew, behind all.
        if stored.ticket.is_out_for_good(queue.now) {
            continue;
        }
        in_line.insert(stored.seeker_id, stored.ticket.ticket_id);
        queue.read(stored);
    }
    let mut answers = Vec::with_capacity(command.people.len());
    for arrival in &command.people {
        if gone.contains(&arrival.seeker_id.0) {
            answers.push(SignedUp::Gone);
            continue;
        }
        let is_confirmed = arrival.is_confirmed || confirmed.contains(&arrival.seeker_id.0);
        answers.push(admit(tx, &mut queue, &mut in_line, arrival, is_confirmed).await?);
    }
    queue.offer_free_places(tx).await?;
    queue.save(tx).await?;
    Ok(answers)
}

async fn admit(
    tx: &mut Tx,
    queue: &mut InHand,
    in_line: &mut HashMap<SeekerId, TicketId>,
    arrival: &Arrival,
    is_confirmed: bool,
) -> Result<SignedUp, Fault> {
    let chance = tx.chance();
    queue.by(arrival.with_help_of);
    let already = in_line.get(&arrival.seeker_id).copied();
    let ticket_id = match already {
        Some(ticket_id) => ticket_id,
        None => match queue.queue.queue.admits(queue.now) {
            Ok(()) => queue.sign_up(&*chance, arrival.seeker_id, arrival.ways, arrival.with_help_of),
            Err(NotAdmitted::NotOpenYet(opens_at)) => return Ok(SignedUp::NotOpenYet { opens_at }),
            Err(NotAdmitted::Full) => return Ok(SignedUp::Full),
            Err(NotAdmitted::Closed) => return Ok(SignedUp::Closed),
        },
    };
    in_line.insert(arrival.seeker_id, ticket_id);
    if arrival.is_confirmed && already.is_some() {
        // She left less than a day ago and is here again: at her own number. Nobody else undoes it for her.
        let _ = queue.deed(&*chance, ticket_id, Deed::ComeBack);
    }
    if is_confirmed {
        // Over already, or confirmed before: nothing follows, and she is told where she stands all the same.
        let _ = queue.deed(&*chance, ticket_id, Deed::Confirm);
    }
    let number = queue.ticket(tx, ticket_id).await?.ticket.number;
    Ok(SignedUp::InLine { ticket_id, number, already: already.is_some() })
}
