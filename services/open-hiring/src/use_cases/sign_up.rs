//! Puts people in line, in order of arrival, in one transaction.

use std::collections::{HashMap, HashSet};

use chassis::{Caller, Chance, Fault, Tx};
use chrono::TimeDelta;
use proto::{
    Problem, QueueId, SeekerId, Status, TicketId,
    open_hiring::{Arrival, SignUp, SignedUp},
};

use super::in_hand::{InHand, finish, take_all};
use crate::{
    domain::{queue::NotAdmitted, ticket::Deed},
    may,
    store::{confirmations, tickets, ways_told},
};

/// People in one transaction.
const MOST: usize = 500;
/// How long before its sign-up a confirmation may have come: both leave the same form within moments, by different ways.
pub(crate) const OVERTAKES: TimeDelta = TimeDelta::seconds(10);

/// Under the locks of the queues, so the order of commits is the order of each line. One person has one place in one: again
/// leads to the same ticket. What one of them may not have is her answer, and nobody else's.
pub(crate) async fn sign_up(tx: &mut Tx, caller: &Caller, command: &SignUp) -> Result<Vec<SignedUp>, Fault> {
    may::bring_in(&caller.actor)?;
    if command.people.len() > MOST {
        return Err(Problem::new(Status::Invalid, "too-many-people").into());
    }
    let ids: Vec<_> = command.people.iter().map(|arrival| arrival.seeker_id.0).collect();
    // Before the queues: whoever is being erased waits for no line, and no line for her.
    let gone = tx.forgotten_among(&ids).await?;
    let queue_ids: Vec<_> = command.people.iter().map(|arrival| QueueId::of(arrival.opening_id)).collect();
    let mut in_hand = take_all(tx, &queue_ids).await?;
    let since = tx.now() - OVERTAKES;
    let confirmed: HashSet<_> = confirmations::since(tx.conn(), &ids, since).await?.into_iter().collect();
    // What intake told of somebody since is newer than what her form was made from.
    let ways: HashMap<_, _> = ways_told::of(tx.conn(), &ids).await?.into_iter().collect();
    let mut in_line: InLine = HashMap::new();
    for stored in tickets::of_seekers(tx.conn(), &ids).await? {
        let Some(queue) = in_hand.get_mut(&stored.queue_id) else { continue };
        // Whoever is out for good (nobody confirmed it in time, she left more than a day ago) stands in line anew, behind all.
        if stored.ticket.is_out_for_good(queue.now) {
            continue;
        }
        in_line.insert((stored.queue_id, stored.seeker_id), stored.ticket.ticket_id);
        queue.read(stored);
    }
    let chance = tx.chance();
    let mut answers = Vec::with_capacity(command.people.len());
    for arrival in &command.people {
        let is_confirmed = arrival.is_confirmed || confirmed.contains(&arrival.seeker_id.0);
        let ways = ways.get(&arrival.seeker_id).copied().unwrap_or(arrival.ways);
        let arrival = Arrival { ways, ..arrival.clone() };
        answers.push(match in_hand.get_mut(&QueueId::of(arrival.opening_id)) {
            None => SignedUp::NoLine,
            Some(_) if gone.contains(&arrival.seeker_id.0) => SignedUp::Gone,
            Some(queue) => admit(&*chance, queue, &mut in_line, &arrival, is_confirmed),
        });
    }
    finish(tx, in_hand).await?;
    Ok(answers)
}

/// Which ticket somebody has in a queue.
pub(crate) type InLine = HashMap<(QueueId, SeekerId), TicketId>;

/// Puts one of them in line, if she does not stand there and it admits anybody.
pub(crate) fn admit(
    chance: &dyn Chance,
    queue: &mut InHand,
    in_line: &mut InLine,
    arrival: &Arrival,
    is_confirmed: bool,
) -> SignedUp {
    queue.by(arrival.with_help_of);
    let place = (queue.queue.queue.queue_id, arrival.seeker_id);
    let already = in_line.get(&place).copied();
    let ticket_id = match already {
        Some(ticket_id) => ticket_id,
        None => match queue.queue.queue.admits(queue.now) {
            Ok(()) => queue.sign_up(chance, arrival.seeker_id, arrival.ways, arrival.with_help_of),
            Err(NotAdmitted::NotOpenYet(opens_at)) => return SignedUp::NotOpenYet { opens_at },
            Err(NotAdmitted::Full) => return SignedUp::Full,
            Err(NotAdmitted::Closed) => return SignedUp::Closed,
        },
    };
    in_line.insert(place, ticket_id);
    if arrival.is_confirmed && already.is_some() {
        // She left less than a day ago and is here again: at her own number. Nobody else undoes it for her.
        let _ = queue.deed(chance, ticket_id, Deed::ComeBack);
    }
    // Of somebody who stands there already nobody else changes anything.
    if !arrival.first_days.is_empty() && (arrival.is_confirmed || already.is_none()) {
        // An offer waits for her answer, or she said yes: she is told where she stands all the same.
        let _ = queue.choose_days(chance, ticket_id, &arrival.first_days);
    }
    if is_confirmed {
        // Over already, or confirmed before: nothing follows, and she is told where she stands all the same.
        let _ = queue.deed(chance, ticket_id, Deed::Confirm);
    }
    let number = queue.seen(ticket_id).expect("she stands in it").ticket.number;
    SignedUp::InLine { ticket_id, number, already: already.is_some() }
}
