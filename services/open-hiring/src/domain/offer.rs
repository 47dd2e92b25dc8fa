//! Who is asked next. Order is the order of durable acceptance and nothing else: whoever has the lowest number among
//! those who could take a place is asked first, and nobody is passed over who could.

use std::collections::BTreeSet;

use chassis::clock::at_hour;
use chrono::{DateTime, NaiveDate, Utc};

use super::{Place, PlaceState, Queue, Stage, State, Ticket, What};

/// Offers of all places that are free now, to a line in order of number. Each person is offered the earliest first day
/// that she did not refuse. Stops reading the line once no free place is left.
pub fn offers<'a>(
    queue: &Queue,
    line: impl IntoIterator<Item = &'a Ticket>,
    now: DateTime<Utc>,
) -> Vec<What> {
    let mut free = free_places(queue, now);
    let mut made = Vec::new();
    let deadline = queue.answer_time.deadline(now);
    for ticket in line {
        if free.is_empty() {
            break;
        }
        if let Some(found) = free.iter().position(|place| ticket.could_take(place, now)) {
            let place = free.remove(found);
            let until = deadline.min(begins(place));
            made.push(What::Offered { ticket: ticket.ticket_id, place: place.place_id, until });
        }
    }
    made
}

/// Places that can be offered now, the earliest first day first.
fn free_places(queue: &Queue, now: DateTime<Utc>) -> Vec<&Place> {
    if queue.stage != Stage::Running {
        return Vec::new();
    }
    let mut free: Vec<&Place> =
        queue.places.iter().filter(|place| is_offered_now(queue, place, now)).collect();
    free.sort_by_key(|place| place.first_day);
    free
}

/// First days of the places that can be offered now.
pub fn free_days(queue: &Queue, now: DateTime<Utc>) -> BTreeSet<NaiveDate> {
    free_places(queue, now).into_iter().map(|place| place.first_day).collect()
}

fn is_offered_now(queue: &Queue, place: &Place, now: DateTime<Utc>) -> bool {
    place.state == PlaceState::Free && !place.leaves && queue.answer_time.fits_before(begins(place), now)
}

/// Whether a place is free and begins so soon that nobody is asked any more. Whoever was asked on a Friday evening about
/// Monday would be passed over for not answering in a weekend.
pub fn is_too_soon(queue: &Queue, place: &Place, now: DateTime<Utc>) -> bool {
    let is_free = place.state == PlaceState::Free && !place.leaves;
    is_free && now < begins(place) && !is_offered_now(queue, place, now)
}

/// Nobody is asked about a day that has come.
fn begins(place: &Place) -> DateTime<Utc> {
    at_hour(place.first_day, 0)
}

/// Why somebody has no offer at this moment, as she and everyone who looks after the queue reads it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum WhyNot {
    /// She has one, said yes, began, or is out of the line.
    NotInLine,
    /// She stands on pause.
    Paused,
    /// Nobody confirmed her number or address yet.
    NotConfirmed,
    /// A new number or address waits until then.
    NewContact(DateTime<Utc>),
    /// A labour conflict.
    Stopped,
    /// It is over.
    Closed,
    /// Places are free, and she cannot begin on any of their days.
    OtherDays,
    /// Places are free, and begin so soon that nobody could answer in time.
    TooSoon,
    /// No place is free.
    NoPlaceFree,
    /// A place is free, and she is asked within moments.
    Soon,
}

/// Why this ticket has no offer now.
pub fn why_not(queue: &Queue, ticket: &Ticket, now: DateTime<Utc>) -> WhyNot {
    match (ticket.state, ticket.no_offer_before) {
        (State::Paused, _) => WhyNot::Paused,
        (State::Waiting, _) if queue.stage == Stage::Closed => WhyNot::Closed,
        (State::Waiting, _) if !ticket.is_confirmed => WhyNot::NotConfirmed,
        (State::Waiting, Some(moment)) if now < moment => WhyNot::NewContact(moment),
        (State::Waiting, _) if queue.stage == Stage::Stopped => WhyNot::Stopped,
        (State::Waiting, _) => {
            let free = free_places(queue, now);
            if free.iter().any(|place| ticket.could_take(place, now)) {
                WhyNot::Soon
            } else if !free.is_empty() {
                WhyNot::OtherDays
            } else if queue.places.iter().any(|place| is_too_soon(queue, place, now)) {
                WhyNot::TooSoon
            } else {
                WhyNot::NoPlaceFree
            }
        }
        _ => WhyNot::NotInLine,
    }
}

#[cfg(test)]
mod tests {
    use chrono::{Days, TimeDelta};
    use proto::{PlaceId, QueueId, TicketId};
    use uuid::Uuid;

    use super::*;
    use crate::domain::answer_time::AnswerTime;

    /// Tuesday 1 December 2026, 9:00 in the Netherlands.
    fn now() -> DateTime<Utc> {
        "2026-12-01T08:00:00Z".parse().unwrap()
    }

    fn monday() -> NaiveDate {
        NaiveDate::from_ymd_opt(2026, 12, 7).unwrap()
    }

    fn place(n: u128, first_day: NaiveDate) -> Place {
        Place::new(PlaceId(Uuid::from_u128(n)), first_day)
    }

    fn queue(places: Vec<Place>) -> Queue {
        Queue {
            queue_id: QueueId(Uuid::from_u128(1)),
            opens_at: now(),
            answer_time: AnswerTime::new(18, 9, 18).unwrap(),
            is_standing: true,
            stage: Stage::Running,
            places,
        }
    }

    fn ticket(number: u32) -> Ticket {
        let ticket_id = TicketId(Uuid::from_u128(u128::from(number)));
        Ticket { is_confirmed: true, ..Ticket::sign_up(ticket_id, number, now()) }
    }

    /// Who is offered the place of which day, and until when.
    fn asked(queue: &Queue, line: &[Ticket], now: DateTime<Utc>) -> Vec<(u128, NaiveDate, String)> {
        offers(queue, line, now)
            .into_iter()
            .map(|what| match what {
                What::Offered { ticket, place, until } => {
                    let day = queue.place(place).unwrap().first_day;
                    (ticket.0.as_u128(), day, chassis::clock::local(until).to_string())
                }
                other => panic!("{other:?} is no offer"),
            })
            .collect()
    }

    #[test]
    fn the_head_of_the_line_is_asked_for_the_earliest_day() {
        let tuesday = monday() + Days::new(1);
        let queue = queue(vec![place(11, tuesday), place(12, monday())]);
        let line = [ticket(1), ticket(2), ticket(3)];
        let until = "2026-12-02 18:00:00".to_owned();
        assert_eq!(asked(&queue, &line, now()), [(1, monday(), until.clone()), (2, tuesday, until)]);
        assert_eq!(why_not(&queue, &line[0], now()), WhyNot::Soon);
    }

    #[test]
    fn who_cannot_take_a_place_now_keeps_her_number_and_the_next_is_asked() {
        let queue = queue(vec![place(11, monday())]);
        let paused = Ticket { state: State::Paused, ..ticket(1) };
        let unconfirmed = Ticket { is_confirmed: false, ..ticket(2) };
        let other_days = Ticket { refused_days: BTreeSet::from([monday()]), ..ticket(3) };
        let tomorrow = now() + TimeDelta::days(1);
        let new_contact = Ticket { no_offer_before: Some(tomorrow), ..ticket(4) };
        let line = [paused, unconfirmed, other_days, new_contact, ticket(5)];
        assert_eq!(asked(&queue, &line, now())[0].0, 5);
        let reasons: Vec<_> = line.iter().map(|ticket| why_not(&queue, ticket, now())).collect();
        let expected = [
            WhyNot::Paused,
            WhyNot::NotConfirmed,
            WhyNot::OtherDays,
            WhyNot::NewContact(tomorrow),
            WhyNot::Soon,
        ];
        assert_eq!(reasons, expected);
        // The new number has waited long enough.
        assert_eq!(asked(&queue, &line, tomorrow)[0].0, 4);
    }

    #[test]
    fn nobody_is_asked_in_a_conflict_after_the_end_or_about_a_day_that_has_come() {
        let mut queue = queue(vec![place(11, monday())]);
        let line = [ticket(1)];
        for (stage, why) in [(Stage::Stopped, WhyNot::Stopped), (Stage::Closed, WhyNot::Closed)] {
            queue.stage = stage;
            assert!(asked(&queue, &line, now()).is_empty());
            assert_eq!(why_not(&queue, &line[0], now()), why);
        }
        queue.stage = Stage::Running;
        let on_the_day = "2026-12-06T23:00:00Z".parse().unwrap();
        assert!(asked(&queue, &line, on_the_day).is_empty());
        assert_eq!(why_not(&queue, &line[0], on_the_day), WhyNot::NoPlaceFree);
    }

    #[test]
    fn an_offer_ends_before_the_first_day_begins() {
        let queue = queue(vec![place(11, monday())]);
        // Friday at noon: eighteen hours on working days would run until Tuesday.
        let friday = "2026-12-04T11:00:00Z".parse().unwrap();
        assert_eq!(asked(&queue, &[ticket(1)], friday)[0].2, "2026-12-07 00:00:00");
    }

    #[test]
    fn nobody_is_asked_on_a_friday_evening_about_monday_and_the_line_says_why() {
        let mut queue = queue(vec![place(11, monday())]);
        let friday = "2026-12-04T19:00:00Z".parse().unwrap();
        assert!(asked(&queue, &[ticket(1)], friday).is_empty() && free_days(&queue, friday).is_empty());
        assert!(is_too_soon(&queue, &queue.places[0], friday));
        assert_eq!(why_not(&queue, &ticket(1), friday), WhyNot::TooSoon);
        // A later day is offered as ever.
        let tuesday = monday() + Days::new(1);
        queue.places.push(place(12, tuesday));
        assert_eq!(asked(&queue, &[ticket(1), ticket(2)], friday).len(), 1);
        assert!(!is_too_soon(&queue, &queue.places[1], friday));
        // What is somebody's, or has come, is not free too soon.
        queue.places[0].state = PlaceState::Taken(ticket(3).ticket_id);
        assert!(!is_too_soon(&queue, &queue.places[0], friday));
        queue.places[0].state = PlaceState::Free;
        assert!(!is_too_soon(&queue, &queue.places[0], "2026-12-07T08:00:00Z".parse().unwrap()));
    }
}
