//! Offers: to the head of the line, with an outcome that moves it on.

use chassis::harness::eventually;
use chrono::TimeDelta;
use proto::{
    Actor, Problem,
    intake::ContactChanged,
    open_hiring::{
        Answer, AnswerOffer, CallResult, CallTaskClosed, CallTaskOpened, CallTasks, ReportCall, Rung,
        TellFirstDay, TicketState, TicketStep, TicketWish, Ways, WhoBegins, WhyNot,
    },
};

use super::support::{
    YES, account_manager, answer, arrival, arrive, calls, deadline, in_a_month, line, pass, person,
    queue_for, said, seeker, shop, sign_up, sign_up_for, stage, states, tell, ticket, ticket_of, wish,
};

use TicketState::{Ended, Offered, Paused, Started, Waiting, Yes};

#[tokio::test]
async fn a_yes_a_no_and_a_later_each_move_the_line_on() {
    let test = stage(2).await;
    let tickets = sign_up(&test, 1..=5).await;
    assert_eq!(states(&test).await, [Offered, Offered, Waiting, Waiting, Waiting]);
    answer(&test, 1, tickets[0], YES).await.unwrap();
    answer(&test, 2, tickets[1], Answer::No).await.unwrap();
    assert_eq!(states(&test).await, [Yes, Ended, Offered, Waiting, Waiting]);
    answer(&test, 3, tickets[2], Answer::Later).await.unwrap();
    assert_eq!(states(&test).await, [Yes, Ended, Paused, Offered, Waiting]);
    // She undoes her no while it can be undone: at her own number, before everybody who waits.
    let back = wish(&test, 2, tickets[1], TicketWish::ComeBack).await.unwrap();
    assert_eq!((back.state, back.number), (Waiting, 2));
    answer(&test, 4, tickets[3], Answer::No).await.unwrap();
    assert_eq!(states(&test).await, [Yes, Offered, Paused, Ended, Waiting]);
    // After her yes she cannot after all.
    wish(&test, 1, tickets[0], TicketWish::GiveBack).await.unwrap();
    assert_eq!(states(&test).await, [Paused, Offered, Paused, Ended, Offered]);
    test.stop().await;
}

#[tokio::test]
async fn not_that_day_keeps_her_number_and_the_next_day_is_hers() {
    let test = stage(1).await;
    let tickets = sign_up(&test, 1..=2).await;
    answer(&test, 1, tickets[0], Answer::NotThatDay).await.unwrap();
    assert_eq!(states(&test).await, [Waiting, Offered]);
    assert_eq!(ticket(&test, 1, tickets[0]).await.why_not, WhyNot::NoPlaceFree);
    let later = in_a_month(&test) + chrono::Days::new(7);
    let more = proto::open_hiring::QueueChange::AddPlaces {
        first_days: vec![proto::open_hiring::FirstDay { on: later, places: 1 }],
    };
    super::support::change(&test, &shop(), more).await.unwrap();
    let mine = ticket(&test, 1, tickets[0]).await;
    assert_eq!((mine.state, mine.place.unwrap().first_day), (Offered, later));
    test.stop().await;
}

#[tokio::test]
async fn silence_past_the_deadline_pauses_and_a_late_yes_keeps_the_number() {
    let test = stage(1).await;
    let tickets = sign_up(&test, 1..=2).await;
    let offered = ticket(&test, 1, tickets[0]).await.place.unwrap();
    pass(&test, deadline(&test, 1, tickets[0]).await);
    eventually("the next is asked", async || states(&test).await == [Paused, Offered]).await;
    let mine = ticket(&test, 1, tickets[0]).await;
    assert_eq!((mine.step, mine.number), (TicketStep::NoAnswer, 1));
    let late = AnswerOffer { ticket_id: tickets[0], place_id: offered.place_id, answer: YES };
    let refused = test.ask(&seeker(1), &late).await.unwrap_err();
    assert_eq!(refused, Problem::new(proto::Status::Conflict, "answer-too-late").with("number", 1));
    // She takes part again, first in line at her number.
    wish(&test, 1, tickets[0], TicketWish::GoOn).await.unwrap();
    answer(&test, 2, tickets[1], Answer::No).await.unwrap();
    assert_eq!(states(&test).await, [Offered, Ended]);
    test.stop().await;
}

#[tokio::test]
async fn an_answer_to_an_earlier_offer_is_not_taken_for_one_to_a_later_one() {
    let test = stage(2).await;
    let tickets = sign_up(&test, 1..=3).await;
    let first = ticket(&test, 1, tickets[0]).await.place.unwrap().place_id;
    let second = ticket(&test, 2, tickets[1]).await.place.unwrap().place_id;
    let wrong = AnswerOffer { ticket_id: tickets[0], place_id: second, answer: YES };
    assert_eq!(test.ask(&seeker(1), &wrong).await.unwrap_err().code, "no-offer");
    let of_another = AnswerOffer { ticket_id: tickets[0], place_id: first, answer: YES };
    assert_eq!(test.ask(&seeker(2), &of_another).await.unwrap_err().code, "ticket-unknown");
    assert_eq!(test.ask(&Actor::Visitor, &of_another).await.unwrap_err().code, "ticket-unknown");
    assert_eq!(states(&test).await, [Offered, Offered, Waiting]);
    test.stop().await;
}

#[tokio::test]
async fn twenty_answers_at_one_moment_never_fill_a_place_twice() {
    let test = stage(3).await;
    let tickets = sign_up(&test, 1..=20).await;
    // Everybody says yes to every place, again and again, with and without an offer.
    let mut places = Vec::new();
    for (number, ticket_id) in (1..).zip(&tickets).take(3) {
        places.push(ticket(&test, number, *ticket_id).await.place.unwrap().place_id);
    }
    let tries = (1..=20_u128).zip(&tickets).flat_map(|(number, ticket_id)| {
        let test = &test;
        places.iter().map(move |place_id| async move {
            let yes = AnswerOffer { ticket_id: *ticket_id, place_id: *place_id, answer: YES };
            test.ask(&seeker(number), &yes).await.is_ok()
        })
    });
    let done = futures::future::join_all(tries).await.into_iter().filter(|done| *done).count();
    assert_eq!(done, 3);
    let said_yes = line(&test).await.into_iter().filter(|ticket| ticket.state == Yes).count();
    assert_eq!(said_yes, 3);
    test.stop().await;
}

#[tokio::test]
async fn after_a_yes_she_leaves_her_other_lines_and_comes_back_to_her_numbers() {
    let test = stage(1).await;
    queue_for(&test, 501, 1).await;
    sign_up_for(&test, 501, [9]).await;
    let other = sign_up_for(&test, 501, [1]).await[0];
    let mine = sign_up(&test, [1]).await[0];
    answer(&test, 1, mine, Answer::Yes { leave_others: true }).await.unwrap();
    let left = ticket(&test, 1, other).await;
    assert_eq!((left.state, left.number), (Paused, 2));
    let back = wish(&test, 1, other, TicketWish::GoOn).await.unwrap();
    assert_eq!((back.state, back.number), (Waiting, 2));
    test.stop().await;
}

#[tokio::test]
async fn who_begins_leaves_the_lines_she_left_and_a_no_show_frees_the_place() {
    let test = stage(2).await;
    queue_for(&test, 501, 1).await;
    sign_up_for(&test, 501, [9]).await;
    let other = sign_up_for(&test, 501, [1]).await[0];
    let tickets = sign_up(&test, 1..=3).await;
    answer(&test, 1, tickets[0], Answer::Yes { leave_others: true }).await.unwrap();
    answer(&test, 2, tickets[1], YES).await.unwrap();
    let came = |came| move |ticket_id| TellFirstDay { ticket_id, came };
    assert_eq!(
        test.ask(&shop(), &came(true)(tickets[0])).await.unwrap_err().code,
        "not-yet",
        "not before the day"
    );
    assert_eq!(test.ask(&shop(), &WhoBegins { opening_id: None }).await.unwrap().len(), 2);
    test.clock.advance(TimeDelta::days(31));
    assert_eq!(test.ask(&seeker(1), &came(true)(tickets[0])).await.unwrap_err().code, "forbidden");
    test.ask(&shop(), &came(true)(tickets[0])).await.unwrap();
    test.ask(&account_manager(), &came(false)(tickets[1])).await.unwrap();
    assert_eq!(states(&test).await, [Started, Ended, Waiting], "its day has come, so nobody is asked for it");
    assert_eq!(ticket(&test, 1, other).await.step, TicketStep::SteppedDown);
    test.ask(&shop(), &came(true)(tickets[0])).await.unwrap();
    let begun = test.ask(&shop(), &WhoBegins { opening_id: None }).await.unwrap();
    assert_eq!(
        begun.iter().map(|one| (one.ticket_id, one.state)).collect::<Vec<_>>(),
        [(tickets[0], Started)]
    );
    test.stop().await;
}

#[tokio::test]
async fn a_new_number_gets_no_offer_for_24_hours() {
    let test = stage(1).await;
    let tickets = sign_up(&test, 1..=3).await;
    tell(&test, ContactChanged { seeker_id: person(2), version: 1 }).await;
    eventually("it was heard", async || {
        matches!(ticket(&test, 2, tickets[1]).await.why_not, WhyNot::NewContact { .. })
    })
    .await;
    answer(&test, 1, tickets[0], Answer::No).await.unwrap();
    assert_eq!(states(&test).await, [Ended, Waiting, Offered]);
    answer(&test, 3, tickets[2], Answer::No).await.unwrap();
    assert_eq!(states(&test).await, [Ended, Waiting, Ended]);
    test.clock.advance(TimeDelta::hours(24) + TimeDelta::seconds(1));
    eventually("she is asked by the clock", async || states(&test).await == [Ended, Offered, Ended]).await;
    test.stop().await;
}

#[tokio::test]
async fn who_has_no_smartphone_is_called_and_answers_by_phone() {
    let test = stage(1).await;
    let by_phone = Ways { call: true, ..Ways::default() };
    let people = vec![proto::open_hiring::Arrival { ways: by_phone, ..arrival(1) }];
    let ticket_id = ticket_of(arrive(&test, 500, people).await.unwrap()[0]);
    let task = calls(&test).await.pop().unwrap();
    assert_eq!((task.ticket_id, task.rung, task.seeker_id), (ticket_id, Rung::Call, person(1)));
    assert_eq!(test.ask(&shop(), &CallTasks {}).await.unwrap_err().code, "forbidden");

    let yes = AnswerOffer { ticket_id, place_id: task.place.place_id, answer: YES };
    let report = ReportCall { task_id: task.task_id, result: CallResult::Reached };
    test.ask(&account_manager(), &report).await.unwrap();
    test.ask(&account_manager(), &yes).await.unwrap();
    assert_eq!(states(&test).await, [Yes]);
    assert!(calls(&test).await.is_empty());
    let closed = said::<CallTaskClosed>(&test).await;
    assert_eq!(closed.iter().map(|closed| closed.result).collect::<Vec<_>>(), [Some(CallResult::Reached)]);
    assert_eq!(said::<CallTaskOpened>(&test).await.len(), 1);
    test.stop().await;
}

#[tokio::test]
async fn a_message_has_half_of_the_time_then_somebody_calls_and_who_is_not_reached_is_paused() {
    let test = stage(1).await;
    let ways = Ways { message: true, call: true, second_number: true, adviser: true };
    let people = vec![proto::open_hiring::Arrival { ways, ..arrival(1) }, arrival(2)];
    let ticket_id = ticket_of(arrive(&test, 500, people).await.unwrap()[0]);
    assert!(calls(&test).await.is_empty(), "a message first");
    let until = deadline(&test, 1, ticket_id).await;
    let now = test.clock.machine_now();
    test.clock.advance((until - now) / 2 + TimeDelta::hours(1));
    eventually("somebody calls", async || calls(&test).await.len() == 1).await;
    for rung in [Rung::Call, Rung::SecondNumber, Rung::Adviser] {
        let task = calls(&test).await.pop().unwrap();
        assert_eq!(task.rung, rung);
        let report = ReportCall { task_id: task.task_id, result: CallResult::NoAnswer };
        test.ask(&account_manager(), &report).await.unwrap();
        test.ask(&account_manager(), &report).await.unwrap();
    }
    assert!(calls(&test).await.is_empty());
    assert_eq!(states(&test).await, [Offered, Waiting], "the place is hers until the deadline");
    pass(&test, until);
    eventually("the next is asked", async || states(&test).await == [Paused, Offered]).await;
    assert_eq!(ticket(&test, 1, ticket_id).await.step, TicketStep::NotReached);
    test.stop().await;
}
