//! What the clock brings: with two replicas, across nights and weekends.

use chassis::harness::eventually;
use chrono::{TimeDelta, Timelike as _};
use proto::open_hiring::{AnswerHours, FirstDay, OpenQueue, TicketState};

use super::support::{
    account_manager, deadline, in_a_month, open_queue, opening, pass, sign_up, start, states, tell,
};

#[tokio::test]
async fn two_replicas_move_a_line_on_once_for_each_deadline() {
    let test = super::support::stage(1).await;
    let other = test.replica(vec![open_hiring::service()]).await;
    let tickets = sign_up(&test, 1..=4).await;
    for (number, ticket_id) in (1..).zip(&tickets).take(3) {
        pass(&test, deadline(&test, number, *ticket_id).await);
        let mut expected = vec![TicketState::Paused; number as usize];
        expected.push(TicketState::Offered);
        expected.resize(4, TicketState::Waiting);
        eventually("the next is asked", async || states(&test).await == expected).await;
    }
    let offered: i64 = sqlx::query_scalar("select count(*) from ledger where step = 'offered'")
        .fetch_one(test.pool(proto::Service::OpenHiring))
        .await
        .unwrap();
    assert_eq!(offered, 4);
    other.stop().await;
    test.stop().await;
}

#[tokio::test]
async fn hours_to_answer_count_only_while_people_can_be_expected_to_answer() {
    let test = start().await;
    tell(&test, opening(500)).await;
    let first_days = vec![FirstDay { on: in_a_month(&test), places: 1 }];
    let by_day = OpenQueue {
        answer_hours: AnswerHours { hours: 9, from: 9, until: 18 },
        ..open_queue(&test, 500, first_days)
    };
    eventually("the opening is known", async || test.ask(&account_manager(), &by_day).await.is_ok()).await;
    let tickets = sign_up(&test, [1]).await;
    let until = chassis::clock::local(deadline(&test, 1, tickets[0]).await);
    assert!((9..=18).contains(&until.hour()), "{until}");
    assert!(deadline(&test, 1, tickets[0]).await - test.clock.machine_now() >= TimeDelta::hours(8));
    test.stop().await;
}
