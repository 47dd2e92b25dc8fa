//! Signing up: in order of durable acceptance, once per person, and with a clear answer otherwise.

use std::collections::BTreeSet;

use chassis::harness::eventually;
use chrono::TimeDelta;
use proto::{
    Actor, OpeningId,
    intake::ContactConfirmed,
    open_hiring::{
        Arrival, ChangeReason, OpenQueue, QueueChange, SignUp, SignedUp, TicketChanged, TicketState,
        TicketStep, WhyNot,
    },
};
use uuid::Uuid;

use super::support::{
    YES, account_manager, answer, arrival, arrive, change, in_a_month, line, open_queue, opening, person,
    portal, queue, queue_for, said, seeker, sign_up, stage, start, states, tell, ticket, ticket_of, wish,
};

#[tokio::test]
async fn order_is_the_order_of_arrival_and_a_repeat_leads_to_the_same_ticket() {
    let test = stage(1).await;
    let first = sign_up(&test, 1..=3).await;
    let again = arrive(&test, 500, vec![arrival(2), arrival(4), arrival(4)]).await.unwrap();
    assert_eq!(again[0], SignedUp::InLine { ticket_id: first[1], number: 2, already: true });
    let SignedUp::InLine { ticket_id, number: 4, already: false } = again[1] else { panic!("{again:?}") };
    assert_eq!(again[2], SignedUp::InLine { ticket_id, number: 4, already: true });

    let mine = ticket(&test, 3, first[2]).await;
    assert_eq!(
        (mine.number, mine.before_her, mine.state),
        (3, 1, TicketState::Waiting),
        "the first has the offer"
    );
    assert_eq!(mine.why_not, WhyNot::NoPlaceFree);
    assert_eq!(queue(&test, 500).await.waiting, 3);
    let told: Vec<u32> =
        said::<TicketChanged>(&test).await.into_iter().map(|told| told.ticket_number).collect();
    assert_eq!(told, [1, 2, 3, 4], "each ticket is told once");
    test.stop().await;
}

#[tokio::test]
async fn one_list_is_for_many_lines_and_each_line_has_its_own_order() {
    let test = stage(1).await;
    queue_for(&test, 501, 1).await;
    let to = |opening: u128, number| Arrival {
        opening_id: OpeningId(Uuid::from_u128(opening)),
        ..arrival(number)
    };
    let people = vec![to(501, 1), to(500, 1), to(9, 1), to(501, 2), to(500, 3), to(501, 3), to(501, 1)];
    let answers: Vec<SignedUp> = test.ask(&portal(), &SignUp { people }).await.unwrap();
    let numbers: Vec<_> = answers
        .iter()
        .map(|answer| match answer {
            SignedUp::InLine { number, already, .. } => Some((*number, *already)),
            _ => None,
        })
        .collect();
    let new = |number| Some((number, false));
    assert_eq!(numbers, [new(1), new(1), None, new(2), new(2), new(3), Some((1, true))]);
    assert_eq!(answers[2], SignedUp::NoLine, "what is wrong with one is nobody else's");
    assert_eq!(answers[6], SignedUp::InLine { ticket_id: ticket_of(answers[0]), number: 1, already: true });
    // Both lines have moved on by themselves, and are counted.
    assert_eq!(ticket(&test, 1, ticket_of(answers[0])).await.state, TicketState::Offered);
    assert_eq!(ticket(&test, 1, ticket_of(answers[1])).await.state, TicketState::Offered);
    assert_eq!((queue(&test, 500).await.waiting, queue(&test, 501).await.waiting), (1, 2));
    test.stop().await;
}

#[tokio::test]
async fn nobody_loses_her_place_and_no_number_is_given_twice_when_many_batches_come_at_once() {
    let test = stage(3).await;
    let batches = (0..20_u128).map(|batch| {
        let people: Vec<Arrival> = (1..=25).map(|one| arrival(batch * 25 + one)).collect();
        let test = &test;
        async move { arrive(test, 500, people).await.unwrap() }
    });
    let answers = futures::future::join_all(batches).await;
    let mut numbers = BTreeSet::new();
    for batch in &answers {
        let within: Vec<u32> = batch
            .iter()
            .map(|answer| match answer {
                SignedUp::InLine { number, already: false, .. } => *number,
                other => panic!("{other:?}"),
            })
            .collect();
        assert!(within.is_sorted(), "in order of arrival within a batch");
        assert_eq!(within.last().unwrap() - within[0], 24, "and nobody in between");
        numbers.extend(within);
    }
    assert_eq!(numbers.len(), 500);
    assert_eq!(numbers.last(), Some(&500));
    let offered = states(&test).await.into_iter().filter(|state| *state == TicketState::Offered).count();
    assert_eq!(offered, 3);
    assert_eq!(queue(&test, 500).await.waiting, 497);
    test.stop().await;
}

#[tokio::test]
async fn who_did_not_confirm_gets_no_offer_and_her_place_counts_all_the_same() {
    let test = stage(1).await;
    let people = vec![Arrival { is_confirmed: false, ..arrival(1) }, arrival(2)];
    let tickets: Vec<_> = arrive(&test, 500, people).await.unwrap().into_iter().map(ticket_of).collect();
    assert_eq!(ticket(&test, 1, tickets[0]).await.why_not, WhyNot::NotConfirmed);
    assert_eq!(states(&test).await, [TicketState::Waiting, TicketState::Offered]);

    tell(&test, ContactConfirmed { seeker_id: person(1), version: 1 }).await;
    eventually("it is confirmed", async || ticket(&test, 1, tickets[0]).await.is_confirmed).await;
    answer(&test, 2, tickets[1], proto::open_hiring::Answer::No).await.unwrap();
    let mine = ticket(&test, 1, tickets[0]).await;
    assert_eq!((mine.number, mine.state), (1, TicketState::Offered), "she is the first now");
    test.stop().await;
}

#[tokio::test]
async fn a_confirmation_that_overtakes_its_sign_up_counts() {
    let test = stage(1).await;
    tell(&test, ContactConfirmed { seeker_id: person(1), version: 1 }).await;
    eventually("it was heard", async || {
        let count: i64 = sqlx::query_scalar("select count(*) from confirmations")
            .fetch_one(test.pool(proto::Service::OpenHiring))
            .await
            .unwrap();
        count == 1
    })
    .await;
    let people = vec![Arrival { is_confirmed: false, ..arrival(1) }];
    arrive(&test, 500, people).await.unwrap();
    assert_eq!(states(&test).await, [TicketState::Offered]);
    test.stop().await;
}

#[tokio::test]
async fn a_place_that_nobody_confirmed_ends_after_48_hours_and_not_before() {
    let test = stage(1).await;
    let people = vec![Arrival { is_confirmed: false, ..arrival(1) }];
    let ticket_id = ticket_of(arrive(&test, 500, people).await.unwrap()[0]);
    test.clock.advance(TimeDelta::hours(48) - TimeDelta::minutes(1));
    sign_up(&test, [2]).await;
    assert_eq!(states(&test).await, [TicketState::Waiting, TicketState::Offered]);
    test.clock.advance(TimeDelta::minutes(2));
    eventually("it ended", async || ticket(&test, 1, ticket_id).await.step == TicketStep::Unconfirmed).await;
    assert_eq!(ticket(&test, 1, ticket_id).await.state, TicketState::Ended);
    // Nobody is locked out by a stranger who typed her number.
    let hers = sign_up(&test, [1]).await[0];
    assert_eq!(ticket(&test, 1, hers).await.number, 3);
    test.stop().await;
}

#[tokio::test]
async fn not_yet_open_full_closed_and_unknown_have_clear_answers() {
    let test = start().await;
    tell(&test, opening(500)).await;
    let opens_at = test.clock.machine_now() + TimeDelta::hours(2);
    let first_days = vec![proto::open_hiring::FirstDay { on: in_a_month(&test), places: 1 }];
    let later = OpenQueue { opens_at, is_standing: false, ..open_queue(&test, 500, first_days) };
    eventually("the opening is known", async || test.ask(&account_manager(), &later).await.is_ok()).await;
    let early = arrive(&test, 500, vec![arrival(1)]).await.unwrap();
    assert!(matches!(early[0], SignedUp::NotOpenYet { opens_at: told } if told <= opens_at), "{early:?}");
    assert!(line(&test).await.is_empty(), "nothing is kept of it");

    test.clock.advance(TimeDelta::hours(2));
    let tickets = sign_up(&test, [1, 2]).await;
    answer(&test, 1, tickets[0], YES).await.unwrap();
    assert_eq!(arrive(&test, 500, vec![arrival(3)]).await.unwrap(), [SignedUp::Full]);
    change(&test, &account_manager(), QueueChange::Close { reason: ChangeReason::LessWork }).await.unwrap();
    let answers = arrive(&test, 500, vec![arrival(3), arrival(2)]).await.unwrap();
    assert_eq!(answers[0], SignedUp::Closed);
    assert!(
        matches!(answers[1], SignedUp::InLine { number: 2, already: true, .. }),
        "her place is told as it is"
    );
    eventually("who waited is told", async || {
        ticket(&test, 2, tickets[1]).await.step == TicketStep::QueueClosed
    })
    .await;

    assert_eq!(arrive(&test, 9, vec![arrival(1)]).await.unwrap(), [SignedUp::NoLine]);
    let by_herself = SignUp { people: vec![arrival(1)] };
    for actor in [Actor::Visitor, seeker(1), account_manager()] {
        assert_eq!(test.ask(&actor, &by_herself).await.unwrap_err().code, "forbidden");
    }
    test.stop().await;
}

#[tokio::test]
async fn somebody_stands_in_several_lines_and_pauses_and_leaves_them_one_by_one() {
    use proto::open_hiring::TicketWish::{ComeBack, GoOn, Pause, StepDown};
    let test = stage(1).await;
    queue_for(&test, 501, 1).await;
    sign_up(&test, [8, 9]).await;
    let mine = sign_up(&test, [1]).await[0];
    let other = super::support::sign_up_for(&test, 501, [1]).await[0];
    assert_eq!(ticket(&test, 1, other).await.state, TicketState::Offered);

    assert_eq!(wish(&test, 1, mine, Pause).await.unwrap().state, TicketState::Paused);
    assert_eq!(wish(&test, 1, mine, Pause).await.unwrap().number, 3, "twice changes nothing");
    assert_eq!(queue(&test, 500).await.waiting, 1);
    let back = wish(&test, 1, mine, GoOn).await.unwrap();
    assert_eq!((back.state, back.number, back.before_her), (TicketState::Waiting, 3, 1));
    let left = wish(&test, 1, mine, StepDown).await.unwrap();
    assert!(left.back_until.is_some());
    let back = wish(&test, 1, mine, ComeBack).await.unwrap();
    assert_eq!((back.state, back.number), (TicketState::Waiting, 3));
    wish(&test, 1, mine, StepDown).await.unwrap();
    test.clock.advance(TimeDelta::hours(25));
    assert_eq!(wish(&test, 1, mine, ComeBack).await.unwrap_err().code, "answer-too-late");
    let anew = sign_up(&test, [1]).await[0];
    assert_ne!(anew, mine, "she stands in line anew, behind everybody");
    assert_eq!(ticket(&test, 1, anew).await.number, 4);
    assert_eq!(sign_up(&test, [1]).await[0], anew);
    wish(&test, 1, anew, StepDown).await.unwrap();
    assert_eq!(sign_up(&test, [1]).await[0], anew, "within a day it is her own number");
    assert_eq!(ticket(&test, 1, anew).await.state, TicketState::Waiting);
    assert_eq!(
        wish(&test, 9, mine, Pause).await.unwrap_err().code,
        "ticket-unknown",
        "it is somebody else's"
    );
    test.stop().await;
}
