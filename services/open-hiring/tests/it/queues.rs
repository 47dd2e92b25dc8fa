//! Opening and changing a queue: what an employer can and cannot do, and what everyone reads of it.

use chassis::harness::eventually;
use chrono::{Days, TimeDelta};
use proto::{
    Actor, EmployerId, Role,
    open_hiring::{
        AnswerHours, ChangeReason, FirstDay, OpenQueue, PlaceState, QueueChange, QueueChanged, QueueStage,
        TicketState,
    },
    vacancies::{CloseReason, OpeningClosed, OpeningPaused, OpeningPublished},
    work::Route,
};
use uuid::Uuid;

use super::support::{
    YES, account, account_manager, answer, change, in_a_month, open_queue, opening, queue, queue_for, said,
    seeker, shop, sign_up, stage, start, states, tell, ticket,
};

#[tokio::test]
async fn bad_input_is_told_all_at_once_and_nothing_is_half_done() {
    let test = start().await;
    tell(&test, opening(500)).await;
    tell(&test, OpeningPublished { route: Route::Regular, ..opening(501) }).await;
    let good = vec![FirstDay { on: in_a_month(&test), places: 1 }];
    eventually("both are known", async || {
        let asked = open_queue(&test, 501, good.clone());
        test.ask(&shop(), &asked).await.is_err_and(|problem| problem.code == "opening-not-open")
    })
    .await;
    let today = chassis::clock::day(test.clock.machine_now());
    let bad = OpenQueue {
        opens_at: test.clock.machine_now() + TimeDelta::days(400),
        answer_hours: AnswerHours { hours: 24, from: 18, until: 9 },
        ..open_queue(&test, 500, vec![FirstDay { on: today, places: 0 }, FirstDay { on: today, places: 1 }])
    };
    let problem = test.ask(&shop(), &bad).await.unwrap_err();
    let codes: Vec<_> = problem.fields.iter().map(|field| field.code.as_str()).collect();
    assert_eq!(
        codes,
        [
            "first-day-past",
            "first-day-twice",
            "places-out-of-range",
            "opens-at-too-late",
            "answer-part-empty"
        ]
    );
    let unknown = open_queue(&test, 9, good.clone());
    assert_eq!(test.ask(&shop(), &unknown).await.unwrap_err().code, "opening-unknown");
    let bakery = account(Role::Employer, Some(EmployerId(Uuid::from_u128(1))));
    for actor in [bakery, Actor::Visitor, seeker(1), account(Role::Helper, None)] {
        let asked = open_queue(&test, 500, good.clone());
        assert_eq!(test.ask(&actor, &asked).await.unwrap_err().code, "forbidden");
    }
    let asked = open_queue(&test, 500, good);
    test.ask(&shop(), &asked).await.unwrap();
    assert_eq!(test.ask(&shop(), &asked).await.unwrap_err().code, "queue-exists");
    test.stop().await;
}

#[tokio::test]
async fn a_place_that_is_taken_back_is_honoured_where_it_is_out_and_gone_when_it_is_free() {
    let test = stage(2).await;
    let tickets = sign_up(&test, 1..=1).await;
    let offered = ticket(&test, 1, tickets[0]).await.place.unwrap().place_id;
    let free =
        queue(&test, 500).await.places.iter().find(|place| place.place_id != offered).unwrap().place_id;
    for place_id in [free, offered] {
        let back = QueueChange::WithdrawPlace { place_id, reason: ChangeReason::LessWork };
        change(&test, &shop(), back).await.unwrap();
    }
    let places = queue(&test, 500).await.places;
    let of = |id| places.iter().find(|place| place.place_id == id).copied().unwrap();
    assert_eq!(
        (of(free).state, of(free).withdrawn_for),
        (PlaceState::Withdrawn, Some(ChangeReason::LessWork))
    );
    assert_eq!(
        (of(offered).state, of(offered).withdrawn_for),
        (PlaceState::Offered, Some(ChangeReason::LessWork))
    );
    answer(&test, 1, tickets[0], YES).await.unwrap();
    assert_eq!(states(&test).await, [TicketState::Yes], "the offer that was out is honoured");
    let unknown =
        QueueChange::WithdrawPlace { place_id: Uuid::from_u128(1).into(), reason: ChangeReason::LessWork };
    assert_eq!(change(&test, &shop(), unknown).await.unwrap_err().code, "place-unknown");
    test.stop().await;
}

#[tokio::test]
async fn a_labour_conflict_ends_offers_and_everybody_goes_on_where_they_were() {
    let test = stage(1).await;
    sign_up(&test, 1..=2).await;
    let stop = QueueChange::StopOffers { reason: ChangeReason::LabourConflict };
    let view = change(&test, &account_manager(), stop).await.unwrap();
    assert_eq!((view.stage, view.reason), (QueueStage::Stopped, Some(ChangeReason::LabourConflict)));
    assert_eq!(states(&test).await, [TicketState::Waiting, TicketState::Waiting]);
    sign_up(&test, [3]).await;
    change(&test, &account_manager(), QueueChange::GoOn {}).await.unwrap();
    assert_eq!(states(&test).await, [TicketState::Offered, TicketState::Waiting, TicketState::Waiting]);
    let told = said::<QueueChanged>(&test).await;
    assert!(told.windows(2).all(|two| two[0].version < two[1].version));
    test.stop().await;
}

/// A queue that makes no offers already, for whatever reason, is no excuse to leave offers out in a conflict.
#[tokio::test]
async fn a_labour_conflict_counts_also_where_offers_were_stopped_before() {
    let test = stage(1).await;
    sign_up(&test, 1..=2).await;
    let stop = |reason| QueueChange::StopOffers { reason };
    change(&test, &shop(), stop(ChangeReason::PlaceOfWork)).await.unwrap();
    assert_eq!(states(&test).await, [TicketState::Offered, TicketState::Waiting], "hers is honoured");
    let view = change(&test, &account_manager(), stop(ChangeReason::LabourConflict)).await.unwrap();
    assert_eq!((view.stage, view.reason), (QueueStage::Stopped, Some(ChangeReason::LabourConflict)));
    assert_eq!(states(&test).await, [TicketState::Waiting, TicketState::Waiting]);
    assert_eq!(said::<QueueChanged>(&test).await.last().unwrap().reason, view.reason);
    change(&test, &account_manager(), QueueChange::GoOn {}).await.unwrap();
    assert_eq!(states(&test).await, [TicketState::Offered, TicketState::Waiting]);
    test.stop().await;
}

/// Whoever stopped it says when it goes on; and then it waits for its opening.
#[tokio::test]
async fn what_somebody_stopped_does_not_go_on_with_its_opening_nor_before_it() {
    let test = stage(1).await;
    let opening_id = opening(500).opening_id;
    let reason = async || queue(&test, 500).await.reason;
    tell(&test, OpeningPaused { opening_id, version: 2 }).await;
    eventually("offers stop", async || reason().await == Some(ChangeReason::OpeningPaused)).await;
    sign_up(&test, [1]).await;
    let stop = QueueChange::StopOffers { reason: ChangeReason::LabourConflict };
    change(&test, &account_manager(), stop).await.unwrap();
    tell(&test, OpeningPublished { version: 3, ..opening(500) }).await;
    let version = || async {
        let known = "select version from openings where opening_id = $1";
        let pool = test.pool(proto::Service::OpenHiring);
        sqlx::query_scalar::<_, i64>(known).bind(opening_id.0).fetch_one(pool).await.unwrap()
    };
    eventually("it is public again", async || version().await == 3).await;
    assert_eq!(reason().await, Some(ChangeReason::LabourConflict));
    assert_eq!(states(&test).await, [TicketState::Waiting]);

    tell(&test, OpeningPaused { opening_id, version: 4 }).await;
    eventually("it is paused again", async || version().await == 4).await;
    let view = change(&test, &account_manager(), QueueChange::GoOn {}).await.unwrap();
    assert_eq!((view.stage, view.reason), (QueueStage::Stopped, Some(ChangeReason::OpeningPaused)));
    assert_eq!(states(&test).await, [TicketState::Waiting]);
    tell(&test, OpeningPublished { version: 5, ..opening(500) }).await;
    eventually("offers go on", async || states(&test).await == [TicketState::Offered]).await;
    test.stop().await;
}

#[tokio::test]
async fn a_queue_follows_its_opening() {
    let test = stage(1).await;
    tell(&test, OpeningPaused { opening_id: opening(500).opening_id, version: 2 }).await;
    eventually("offers stop", async || queue(&test, 500).await.reason == Some(ChangeReason::OpeningPaused))
        .await;
    sign_up(&test, [1]).await;
    assert_eq!(states(&test).await, [TicketState::Waiting]);
    tell(&test, OpeningPublished { version: 3, ..opening(500) }).await;
    eventually("offers go on", async || states(&test).await == [TicketState::Offered]).await;
    tell(&test, OpeningPaused { opening_id: opening(500).opening_id, version: 2 }).await;
    let closed =
        OpeningClosed { opening_id: opening(500).opening_id, version: 4, reason: CloseReason::Filled };
    tell(&test, closed).await;
    eventually("the line is over", async || queue(&test, 500).await.stage == QueueStage::Closed).await;
    assert_eq!(states(&test).await, [TicketState::Offered], "an offer that is out is honoured");
    let more = QueueChange::AddPlaces {
        first_days: vec![FirstDay { on: in_a_month(&test) + Days::new(1), places: 1 }],
    };
    assert_eq!(change(&test, &shop(), more).await.unwrap_err().code, "queue-closed");
    test.stop().await;
}

#[tokio::test]
async fn a_place_belongs_to_one_queue_and_one_person_whatever_the_code_says() {
    let test = stage(1).await;
    queue_for(&test, 501, 1).await;
    sign_up(&test, 1..=2).await;
    let pool = test.pool(proto::Service::OpenHiring);
    let second =
        "update tickets set state = 'yes', place_id = (select place_id from tickets where number = 1)
                  where number = 2";
    let error = sqlx::query(second).execute(pool).await.unwrap_err().to_string();
    assert!(error.contains("tickets_of_place"), "{error}");
    let elsewhere = "update tickets set state = 'yes', place_id =
                         (select place_id from places where queue_id <> tickets.queue_id limit 1) where number = 2";
    assert!(sqlx::query(elsewhere).execute(pool).await.is_err());
    for rewritten in ["update ledger set entry = 'x' where n = 1", "delete from ledger where n = 1"] {
        let error = sqlx::query(rewritten).execute(pool).await.unwrap_err().to_string();
        assert!(error.contains("only added to"), "{error}");
    }
    test.stop().await;
}
