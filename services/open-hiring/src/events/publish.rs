//! What happened in a queue → what others hear of it, and how a refusal reads.

use proto::{
    Problem, Status,
    open_hiring::{CallTaskOpened, QueueChanged, QueueStep, TicketChanged, TicketStep},
};

use crate::{
    domain::{Place, PlaceState, State, What, ticket::Refused},
    store::{
        call_tasks,
        queues::{self, Stored as Queue},
        tickets::{self, Stored as Ticket},
    },
};

/// What happened to a ticket, if it is about one.
pub(crate) const fn step(what: &What) -> Option<TicketStep> {
    Some(match what {
        What::SignedUp { .. } => TicketStep::SignedUp,
        What::Confirmed { .. } => TicketStep::Confirmed,
        What::Unconfirmed { .. } => TicketStep::Unconfirmed,
        What::ContactChanged { .. } => TicketStep::ContactChanged,
        What::Offered { .. } => TicketStep::Offered,
        What::SaidYes { .. } => TicketStep::SaidYes,
        What::SaidNo { .. } => TicketStep::SaidNo,
        What::NotThatDay { .. } => TicketStep::NotThatDay,
        What::RefusesDays { .. } => TicketStep::RefusesDays,
        What::SaidLater { .. } => TicketStep::SaidLater,
        What::NoAnswer { .. } => TicketStep::NoAnswer,
        What::NotReached { .. } => TicketStep::NotReached,
        What::OfferEnded { .. } => TicketStep::OfferEnded,
        What::Paused { .. } => TicketStep::Paused,
        What::GoesOn { .. } => TicketStep::GoesOn,
        What::SteppedDown { .. } => TicketStep::SteppedDown,
        What::CameBack { .. } => TicketStep::CameBack,
        What::GaveBack { .. } => TicketStep::GaveBack,
        What::Started { .. } => TicketStep::Started,
        What::NoShow { .. } => TicketStep::NoShow,
        What::Corrected { .. } => TicketStep::Corrected,
        What::SetRight { .. } => TicketStep::SetRight,
        What::QueueOpened { .. }
        | What::PlaceAdded { .. }
        | What::PlaceWithdrawn { .. }
        | What::OffersStopped { .. }
        | What::OffersGoOn {}
        | What::QueueClosed { .. }
        | What::PlaceFreed { .. } => return None,
    })
}

/// What happened to a queue or a place, if it is about no ticket.
pub(crate) const fn queue_step(what: &What) -> Option<QueueStep> {
    Some(match what {
        What::QueueOpened { .. } => QueueStep::QueueOpened,
        What::PlaceAdded { .. } => QueueStep::PlaceAdded,
        What::PlaceWithdrawn { .. } => QueueStep::PlaceWithdrawn,
        What::OffersStopped { .. } => QueueStep::OffersStopped,
        What::OffersGoOn {} => QueueStep::OffersGoOn,
        What::QueueClosed { .. } => QueueStep::QueueClosed,
        What::PlaceFreed { .. } => QueueStep::PlaceFreed,
        _ => return None,
    })
}

/// What happened, in a word.
pub(crate) const fn name(what: &What) -> &'static str {
    match step(what) {
        Some(step) => step.name(),
        None => "of_the_queue",
    }
}

/// How a ticket now stands.
pub(crate) fn ticket_changed(queue: &Queue, ticket: &Ticket, place: Option<&Place>) -> TicketChanged {
    let answer_until = match ticket.ticket.state {
        State::Offered { until, .. } => Some(until),
        _ => None,
    };
    let remind_at = ticket.offered_at.map(|at| queue.queue.answer_time.halfway(at));
    TicketChanged {
        ticket_id: ticket.ticket.ticket_id,
        version: ticket.version,
        seeker_id: ticket.seeker_id,
        queue_id: ticket.queue_id,
        employer_id: queue.employer_id,
        ticket_number: ticket.ticket.number,
        state: tickets::named(ticket.ticket.state),
        step: ticket.step,
        changed_at: ticket.changed_at,
        is_confirmed: ticket.ticket.is_confirmed,
        place: place.map(|place| place.place_id),
        first_day: place.map(|place| place.first_day),
        answer_until,
        remind_at: remind_at.filter(|at| answer_until.is_some_and(|until| *at < until)),
    }
}

/// How a queue now stands.
pub(crate) fn queue_changed(stored: &Queue) -> QueueChanged {
    let places = &stored.queue.places;
    let stays = places.iter().filter(|place| place.state != PlaceState::Withdrawn);
    let free = places.iter().filter(|place| place.state == PlaceState::Free);
    QueueChanged {
        queue_id: stored.queue.queue_id,
        version: stored.version,
        employer_id: stored.employer_id,
        region: stored.region.clone(),
        opens_at: stored.queue.opens_at,
        is_standing: stored.queue.is_standing,
        stage: queues::stage(stored.queue.stage),
        reason: stored.reason,
        places: stays.count() as u32,
        free: free.count() as u32,
    }
}

/// A call to make.
pub(crate) fn call_task_opened(task: &call_tasks::New) -> CallTaskOpened {
    CallTaskOpened {
        task_id: task.task_id,
        version: 1,
        ticket_id: task.ticket_id,
        region: task.region.clone(),
        rung: task.rung,
        answer_until: task.answer_until,
    }
}

/// Why something cannot be done to a ticket, in a word.
pub(crate) const fn code(refused: Refused) -> &'static str {
    match refused {
        Refused::TooLate => "answer-too-late",
        Refused::NoOffer => "no-offer",
        Refused::AnswerFirst => "answer-first",
        Refused::SaidYes => "said-yes",
        Refused::Over => "ticket-over",
        Refused::NotYet => "not-yet",
        Refused::NothingToSetRight => "nothing-to-set-right",
    }
}

/// The same as an answer. Her number is hers whatever the answer.
pub(crate) fn refusal(refused: Refused, number: u32) -> Problem {
    Problem::new(Status::Conflict, code(refused)).with("number", number)
}
