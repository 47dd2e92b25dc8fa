//! A person is erased: her tickets and entries go, her place is the next one's, and the ledger still verifies.

use chassis::harness::eventually;
use proto::{
    Service as Name,
    intake::SeekerErased,
    open_hiring::{SeekerForgotten, SignedUp, TicketErased, TicketState},
};

use super::support::{YES, answer, arrival, arrive, person, queue, said, sign_up, stage, states, tell};

#[tokio::test]
async fn erasing_frees_her_place_takes_her_entries_and_confirms_it() {
    let test = stage(2).await;
    let tickets = sign_up(&test, 1..=4).await;
    answer(&test, 1, tickets[0], YES).await.unwrap();
    for number in [1, 2] {
        tell(&test, SeekerErased { seeker_id: person(number), version: 3 }).await;
    }
    eventually("both are confirmed", async || said::<SeekerForgotten>(&test).await.len() == 2).await;
    assert_eq!(states(&test).await, [TicketState::Offered, TicketState::Offered], "of those who are left");
    assert_eq!(queue(&test, 500).await.waiting, 0);
    let erased = said::<TicketErased>(&test).await;
    assert_eq!(erased.len(), 2);
    let dump = test.dump_of(Name::OpenHiring).await;
    for number in [1, 2] {
        let kept = "erased_aggregates";
        for part in dump.split("== ").filter(|part| !part.starts_with(kept)) {
            let is_hers = part.contains(&person(number).0.to_string());
            let confirms = part.starts_with("outbox") || part.starts_with("inbox");
            assert!(!is_hers || confirms, "{part}");
        }
    }
    for ticket_id in &tickets[..2] {
        let left: i64 =
            sqlx::query_scalar("select count(*) from ledger where ticket_id = $1 or entry like $2")
                .bind(ticket_id.0)
                .bind(format!("%{}%", ticket_id.0))
                .fetch_one(test.pool(Name::OpenHiring))
                .await
                .unwrap();
        assert_eq!(left, 0);
    }
    assert_eq!(
        arrive(&test, 500, vec![arrival(1)]).await.unwrap(),
        [SignedUp::Gone],
        "nothing brings her back"
    );
    super::proof::verifies(&test, 500).await;
    test.stop().await;
}
