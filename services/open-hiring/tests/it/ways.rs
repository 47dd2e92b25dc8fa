//! Ways to reach somebody that change after she signed up.

use chassis::harness::{TestPlatform, eventually};
use proto::{
    intake::WaysChanged,
    open_hiring::{Arrival, CallResult, ReportCall, Rung, TicketState, Ways},
};

use super::support::{
    account_manager, arrival, arrive, calls, deadline, person, sign_up, stage, states, tell, ticket_of,
};

const BY_PHONE: Ways = Ways { message: false, call: true, second_number: false, adviser: false };

async fn ways_of(test: &TestPlatform, number: u128, version: i64, ways: Ways) {
    tell(test, WaysChanged { seeker_id: person(number), version, ways }).await;
}

async fn nobody_picks_up(test: &TestPlatform) {
    let task = calls(test).await.pop().unwrap();
    let report = ReportCall { task_id: task.task_id, result: CallResult::NoAnswer };
    test.ask(&account_manager(), &report).await.unwrap();
}

#[tokio::test]
async fn a_second_number_that_comes_later_is_called_too() {
    let test = stage(1).await;
    let ticket_id =
        ticket_of(arrive(&test, 500, vec![Arrival { ways: BY_PHONE, ..arrival(1) }]).await.unwrap()[0]);
    nobody_picks_up(&test).await;
    assert!(calls(&test).await.is_empty(), "no way is left");
    ways_of(&test, 1, 2, Ways { second_number: true, ..BY_PHONE }).await;
    eventually("somebody calls it", async || !calls(&test).await.is_empty()).await;
    let task = calls(&test).await.pop().unwrap();
    assert_eq!((task.ticket_id, task.rung), (ticket_id, Rung::SecondNumber));
    // An older word changes nothing, nor does the same again.
    ways_of(&test, 1, 1, BY_PHONE).await;
    nobody_picks_up(&test).await;
    assert!(calls(&test).await.is_empty());
    assert_eq!(states(&test).await, [TicketState::Offered]);
    test.stop().await;
}

#[tokio::test]
async fn a_number_that_was_taken_back_is_not_called() {
    let test = stage(1).await;
    let ways = Ways { second_number: true, adviser: true, ..BY_PHONE };
    arrive(&test, 500, vec![Arrival { ways, ..arrival(1) }]).await.unwrap();
    ways_of(&test, 1, 1, Ways { adviser: true, ..BY_PHONE }).await;
    // What was told before a sign-up is newer than its form: the word has come when somebody who signs up now has it.
    eventually("it is known", async || {
        let told: i64 = sqlx::query_scalar("select count(*) from ways_told")
            .fetch_one(test.pool(proto::Service::OpenHiring))
            .await
            .unwrap();
        told == 1
    })
    .await;
    nobody_picks_up(&test).await;
    assert_eq!(calls(&test).await.pop().unwrap().rung, Rung::Adviser);
    test.stop().await;
}

#[tokio::test]
async fn who_had_a_message_only_is_called_in_time_once_somebody_can() {
    let test = stage(1).await;
    let by_mail = Ways { message: true, call: false, second_number: false, adviser: false };
    let ticket_id =
        ticket_of(arrive(&test, 500, vec![Arrival { ways: by_mail, ..arrival(1) }]).await.unwrap()[0]);
    ways_of(&test, 1, 1, Ways { second_number: true, ..by_mail }).await;
    let due = async || {
        let due: Option<i32> =
            sqlx::query_scalar("select 1 from tickets where rung_due_at is not null and ticket_id = $1")
                .bind(ticket_id.0)
                .fetch_optional(test.pool(proto::Service::OpenHiring))
                .await
                .unwrap();
        due.is_some()
    };
    eventually("a call is due", due).await;
    assert!(calls(&test).await.is_empty(), "a message has half of the time");
    let until = deadline(&test, 1, ticket_id).await;
    test.clock.advance((until - test.clock.machine_now()) / 2 + chrono::TimeDelta::hours(1));
    eventually("somebody calls", async || !calls(&test).await.is_empty()).await;
    assert_eq!(calls(&test).await.pop().unwrap().rung, Rung::SecondNumber);
    test.stop().await;
}

#[tokio::test]
async fn what_was_told_of_her_goes_with_her() {
    let test = stage(1).await;
    sign_up(&test, [1]).await;
    ways_of(&test, 1, 1, BY_PHONE).await;
    let kept = async || {
        sqlx::query_scalar::<_, i64>("select count(*) from ways_told")
            .fetch_one(test.pool(proto::Service::OpenHiring))
            .await
            .unwrap()
    };
    eventually("it is known", async || kept().await == 1).await;
    tell(&test, proto::intake::SeekerErased { seeker_id: person(1), version: 9 }).await;
    eventually("she is forgotten", async || kept().await == 0).await;
    test.stop().await;
}
