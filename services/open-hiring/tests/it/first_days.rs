//! First days: who wants to begin on one of them is asked about that one only.

use chassis::harness::TestPlatform;
use chrono::{Days, NaiveDate};
use proto::{
    Status,
    open_hiring::{Answer, Arrival, FirstDay, QueueChange, TicketDay, TicketState, TicketStep, WhyNot},
};

use super::{
    proof::verifies,
    support::{
        answer, arrival, arrive, change, choose, in_a_month, shop, sign_up, stage, states, ticket, ticket_of,
        wish,
    },
};

use TicketState::{Offered, Paused, Waiting};

/// A line with a place on each of two days.
async fn two_days() -> (TestPlatform, [NaiveDate; 2]) {
    let test = stage(1).await;
    let first = in_a_month(&test);
    let later = first + Days::new(7);
    let more = QueueChange::AddPlaces { first_days: vec![FirstDay { on: later, places: 1 }] };
    change(&test, &shop(), more).await.unwrap();
    (test, [first, later])
}

fn who_wants(number: u128, first_days: &[NaiveDate]) -> Arrival {
    Arrival { first_days: first_days.to_vec(), ..arrival(number) }
}

fn days(first: (NaiveDate, bool), later: (NaiveDate, bool)) -> Vec<TicketDay> {
    [first, later].map(|(on, wanted)| TicketDay { on, wanted }).to_vec()
}

#[tokio::test]
async fn whoever_wants_a_day_is_asked_about_that_day_and_the_next_about_the_other() {
    let (test, [first, later]) = two_days().await;
    let people = vec![who_wants(1, &[later]), who_wants(2, &[later]), who_wants(3, &[])];
    let tickets: Vec<_> = arrive(&test, 500, people).await.unwrap().into_iter().map(ticket_of).collect();
    assert_eq!(states(&test).await, [Offered, Waiting, Offered]);
    let asked = ticket(&test, 1, tickets[0]).await;
    assert_eq!(asked.place.unwrap().first_day, later);
    assert_eq!(ticket(&test, 3, tickets[2]).await.place.unwrap().first_day, first);
    let waits = ticket(&test, 2, tickets[1]).await;
    assert_eq!(waits.first_days, days((first, false), (later, true)));
    assert_eq!(waits.why_not, WhyNot::NoPlaceFree);
    let steps: Vec<_> = waits.history.iter().map(|entry| entry.step).collect();
    assert_eq!(steps, [TicketStep::SignedUp, TicketStep::RefusesDays, TicketStep::Confirmed]);

    // The other day comes free, and she does not want it; from when she does, it is hers.
    answer(&test, 3, tickets[2], Answer::Later).await.unwrap();
    assert_eq!(states(&test).await, [Offered, Waiting, Paused]);
    assert_eq!(ticket(&test, 2, tickets[1]).await.why_not, WhyNot::OtherDays);
    let hers = choose(&test, 2, tickets[1], &[]).await.unwrap();
    assert_eq!((hers.state, hers.place.unwrap().first_day), (Offered, first));
    assert_eq!(hers.first_days, days((first, true), (later, true)));
    let refused = choose(&test, 2, tickets[1], &[later]).await.unwrap_err();
    assert_eq!(refused.code, "answer-first", "her answer says it");
    verifies(&test, 500).await;
    test.stop().await;
}

#[tokio::test]
async fn who_refused_a_day_by_her_answer_can_want_it_after_all() {
    let (test, [first, later]) = two_days().await;
    let tickets = sign_up(&test, [1]).await;
    answer(&test, 1, tickets[0], Answer::NotThatDay).await.unwrap();
    let asked = ticket(&test, 1, tickets[0]).await;
    assert_eq!((asked.state, asked.place.unwrap().first_day), (Offered, later));
    answer(&test, 1, tickets[0], Answer::NotThatDay).await.unwrap();
    assert_eq!(ticket(&test, 1, tickets[0]).await.first_days, days((first, false), (later, false)));
    let hers = choose(&test, 1, tickets[0], &[first]).await.unwrap();
    assert_eq!((hers.state, hers.place.unwrap().first_day), (Offered, first));
    test.stop().await;
}

#[tokio::test]
async fn a_day_that_nobody_begins_on_any_more_keeps_her_from_none() {
    let (test, [first, later]) = two_days().await;
    let gone = later + Days::new(30);
    let ticket_id = ticket_of(arrive(&test, 500, vec![who_wants(1, &[gone])]).await.unwrap()[0]);
    let asked = ticket(&test, 1, ticket_id).await;
    assert_eq!((asked.state, asked.place.unwrap().first_day), (Offered, first));
    test.stop().await;
}

#[tokio::test]
async fn nobody_else_chooses_the_days_of_who_stands_in_line() {
    let (test, [first, later]) = two_days().await;
    let tickets = sign_up(&test, 1..=3).await;
    let somebody = Arrival { is_confirmed: false, ..who_wants(3, &[later]) };
    assert_eq!(ticket_of(arrive(&test, 500, vec![somebody]).await.unwrap()[0]), tickets[2]);
    assert_eq!(ticket(&test, 3, tickets[2]).await.first_days, days((first, true), (later, true)));
    // She herself does, also on pause; with the same words nothing happens again.
    wish(&test, 3, tickets[2], proto::open_hiring::TicketWish::Pause).await.unwrap();
    let chosen = choose(&test, 3, tickets[2], &[later]).await.unwrap();
    assert_eq!((chosen.state, chosen.number), (Paused, 3));
    assert_eq!(chosen.first_days, days((first, false), (later, true)));
    let again = choose(&test, 3, tickets[2], &[later]).await.unwrap();
    assert_eq!((again.version, again.history.len()), (chosen.version, chosen.history.len()));
    arrive(&test, 500, vec![who_wants(3, &[first, later])]).await.unwrap();
    assert_eq!(ticket(&test, 3, tickets[2]).await.first_days, days((first, true), (later, true)));
    let refused = choose(&test, 1, tickets[2], &[later]).await.unwrap_err();
    assert_eq!(refused.status, Status::NotFound);
    verifies(&test, 500).await;
    test.stop().await;
}
