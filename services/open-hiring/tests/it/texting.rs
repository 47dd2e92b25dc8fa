//! Answers by text message: a clear one to the one offer that is open, and nothing else.

use chassis::harness::{TestPlatform, eventually};
use chrono::TimeDelta;
use proto::{
    Service as Name, Status,
    open_hiring::{
        Answer, AnswerByText, CallResult, CallTaskOpened, QueueChange, ReportCall, Rung, TextOutcome,
        TextTaken, TicketState, TicketStep, Ways,
    },
};
use uuid::Uuid;

use super::support::{
    YES, account_manager, answer, arrival, arrive, calls, change, deadline, pass, person, portal, queue_for,
    said, seeker, shop, sign_up, sign_up_for, stage, states, ticket, ticket_of,
};

use TicketState::{Ended, Offered, Paused, Waiting, Yes};

fn message(test: &TestPlatform, people: &[u128], says: &str) -> AnswerByText {
    AnswerByText {
        people: people.iter().map(|number| person(*number)).collect(),
        text: test.keys(Name::Portal).seal(Name::OpenHiring, &says.to_owned()),
    }
}

/// What became of a text message from a number that reaches these people: the outcome, and about whom.
async fn text(test: &TestPlatform, people: &[u128], says: &str) -> (TextOutcome, u128) {
    let taken = test.ask(&portal(), &message(test, people, says)).await.unwrap();
    (taken.outcome, taken.seeker_id.0.as_u128())
}

#[tokio::test]
async fn a_yes_and_a_no_by_text_are_answers_and_move_the_line_on() {
    let test = stage(2).await;
    queue_for(&test, 501, 1).await;
    sign_up_for(&test, 501, [9]).await;
    let elsewhere = sign_up_for(&test, 501, [1]).await[0];
    let tickets = sign_up(&test, 1..=3).await;
    assert_eq!(text(&test, &[1], "Ja graag").await, (TextOutcome::Answered, 1));
    assert_eq!(text(&test, &[2], "NEE").await, (TextOutcome::Answered, 2));
    assert_eq!(states(&test).await, [Yes, Ended, Offered]);
    assert_eq!(ticket(&test, 1, tickets[0]).await.step, TicketStep::SaidYes);
    assert_eq!(ticket(&test, 1, elsewhere).await.state, Waiting, "a text leaves her other lines alone");
    assert!(calls(&test).await.is_empty());
    test.stop().await;
}

#[tokio::test]
async fn the_same_message_twice_answers_once() {
    let test = stage(1).await;
    queue_for(&test, 501, 1).await;
    let (key, no) = (Uuid::from_u128(4), message(&test, &[1], "nee"));
    sign_up(&test, [1]).await;
    let first: TextTaken = test.portal().call_with_key(&portal(), key, &no).await.unwrap();
    // By then there is another offer, to which it is no answer.
    sign_up_for(&test, 501, [1]).await;
    let again = test.portal().call_with_key(&portal(), key, &no).await.unwrap();
    assert_eq!(again, first);
    // Not even when the number reaches others by now.
    let others = AnswerByText { people: vec![person(1), person(2)], ..no };
    let refused = test.portal().call_with_key(&portal(), key, &others).await.unwrap_err();
    assert_eq!(refused.status, Status::KeyReused);
    assert_eq!(states(&test).await, [Ended]);
    assert_eq!(text(&test, &[1], "ja").await, (TextOutcome::Answered, 1), "the other offer was open");
    test.stop().await;
}

#[tokio::test]
async fn what_could_be_misread_answers_nothing_and_somebody_calls_at_once() {
    let test = stage(1).await;
    let ticket_id = sign_up(&test, [1]).await[0];
    for _ in 0..2 {
        assert_eq!(text(&test, &[1], "Wie is dit?").await, (TextOutcome::Unclear, 1));
    }
    assert_eq!(states(&test).await, [Offered]);
    let task = calls(&test).await.pop().unwrap();
    assert_eq!((task.ticket_id, task.rung), (ticket_id, Rung::Call));
    assert_eq!(said::<CallTaskOpened>(&test).await.len(), 1, "one call however often she asks");
    // She may still answer, and then nobody has to call.
    assert_eq!(text(&test, &[1], "ja").await, (TextOutcome::Answered, 1));
    assert!(calls(&test).await.is_empty());
    assert_eq!(states(&test).await, [Yes]);
    test.stop().await;
}

#[tokio::test]
async fn who_was_tried_in_every_way_and_then_writes_is_called_again() {
    let test = stage(1).await;
    let by_phone = Ways { call: true, ..Ways::default() };
    let people = vec![proto::open_hiring::Arrival { ways: by_phone, ..arrival(1) }];
    ticket_of(arrive(&test, 500, people).await.unwrap()[0]);
    let task = calls(&test).await.pop().unwrap();
    let report = ReportCall { task_id: task.task_id, result: CallResult::NoAnswer };
    test.ask(&account_manager(), &report).await.unwrap();
    assert!(calls(&test).await.is_empty(), "no way is left");
    assert_eq!(text(&test, &[1], "u belde mij").await, (TextOutcome::Unclear, 1));
    assert_eq!(calls(&test).await.pop().unwrap().rung, Rung::Call);
    test.stop().await;
}

#[tokio::test]
async fn two_open_offers_on_one_telephone_are_never_guessed() {
    let test = stage(2).await;
    queue_for(&test, 501, 1).await;
    let tickets = sign_up(&test, 1..=2).await;
    // Two people on one telephone.
    assert_eq!(text(&test, &[1, 2], "JA").await.0, TextOutcome::WhichOne);
    assert_eq!(states(&test).await, [Offered, Offered]);
    let mut called: Vec<_> = calls(&test).await.iter().map(|task| task.ticket_id).collect();
    called.sort_unstable();
    let mut both = tickets.clone();
    both.sort_unstable();
    assert_eq!(called, both);
    // One of them answers by herself; then it is clear whom the next message is of.
    answer(&test, 2, tickets[1], YES).await.unwrap();
    assert_eq!(text(&test, &[1, 2], "JA").await, (TextOutcome::Answered, 1));
    assert_eq!(states(&test).await, [Yes, Yes]);
    // One person with two offers.
    let more = QueueChange::AddPlaces {
        first_days: vec![proto::open_hiring::FirstDay { on: super::support::in_a_month(&test), places: 1 }],
    };
    change(&test, &shop(), more).await.unwrap();
    sign_up(&test, [3]).await;
    sign_up_for(&test, 501, [3]).await;
    assert_eq!(text(&test, &[3], "JA").await, (TextOutcome::WhichOne, 3));
    test.stop().await;
}

#[tokio::test]
async fn without_an_open_offer_nothing_happens_and_too_late_is_told_apart() {
    let test = stage(1).await;
    assert_eq!(text(&test, &[7], "JA").await, (TextOutcome::NothingAsked, 7), "in no line at all");
    let tickets = sign_up(&test, 1..=2).await;
    assert_eq!(text(&test, &[2], "JA").await, (TextOutcome::NothingAsked, 2), "she waits");
    pass(&test, deadline(&test, 1, tickets[0]).await);
    assert_eq!(
        text(&test, &[1], "JA").await,
        (TextOutcome::TooLate, 1),
        "before anybody looked at the clock"
    );
    eventually("the next is asked", async || states(&test).await == [Paused, Offered]).await;
    assert_eq!(text(&test, &[1], "JA").await, (TextOutcome::TooLate, 1));
    assert_eq!(states(&test).await, [Paused, Offered]);
    answer(&test, 2, tickets[1], Answer::Later).await.unwrap();
    assert_eq!(text(&test, &[2], "JA").await, (TextOutcome::NothingAsked, 2), "she paused herself");
    test.clock.advance(TimeDelta::hours(1));
    assert!(calls(&test).await.is_empty());
    test.stop().await;
}

#[tokio::test]
async fn only_the_portal_brings_text_messages_and_nothing_else_opens() {
    let test = stage(1).await;
    sign_up(&test, [1]).await;
    for actor in [seeker(1), shop(), account_manager(), proto::Actor::Visitor] {
        let refused = test.ask(&actor, &message(&test, &[1], "JA")).await.unwrap_err();
        assert_eq!(refused.code, "forbidden", "{actor:?}");
    }
    let nobody = test.ask(&portal(), &message(&test, &[], "JA")).await.unwrap_err();
    assert_eq!(nobody.code, "people-none");
    let for_another = AnswerByText {
        text: test.keys(Name::Portal).seal(Name::Intake, &"JA".to_owned()),
        ..message(&test, &[1], "JA")
    };
    assert_eq!(test.ask(&portal(), &for_another).await.unwrap_err().code, "sealed-unreadable");
    assert_eq!(states(&test).await, [Offered]);
    test.stop().await;
}
