//! What happened can be proved: the ledger verifies, heads are signed and published once an hour, receipts lead to them.

use chassis::harness::{TestPlatform, eventually};
use chrono::TimeDelta;
use open_hiring::verify::{self, HeadLine};
use proto::{
    Actor, OpeningId, Role,
    open_hiring::{Answer, HeadPublished, HeadsOf, LedgerOf, Receipt, ReceiptOf, TicketWish},
};
use uuid::Uuid;

use super::support::{
    YES, account, answer, deadline, pass, said, seeker, shop, sign_up, stage, states, wish,
};

fn read<T: serde::de::DeserializeOwned>(text: &str) -> Vec<T> {
    text.lines().map(|line| serde_json::from_str(line).expect("a line as the page says")).collect()
}

/// What `dichterbij verify-queue` says of a queue, from what is public and what auditors get.
pub(crate) async fn verifies(test: &TestPlatform, opening: u128) -> verify::Verdict {
    let opening_id = OpeningId(Uuid::from_u128(opening));
    let auditor = account(Role::Administrator, None);
    let mut ledger =
        format!("{{\"ledger\":\"dichterbij queue v1\",\"queue\":\"{}\"}}\n", opening_id.0.hyphenated());
    let mut after = 0;
    loop {
        let page = test.ask(&auditor, &LedgerOf { opening_id, after, limit: 20 }).await.unwrap();
        for entry in &page.entries {
            ledger.push_str(&entry.line);
            ledger.push('\n');
        }
        match page.next {
            Some(next) => after = next,
            None => break,
        }
    }
    let heads = test.ask(&Actor::Visitor, &HeadsOf { opening_id, before: None, limit: 500 }).await.unwrap();
    let lines: Vec<HeadLine> = heads.heads.iter().rev().map(HeadLine::told).collect();
    let keys: Vec<String> = heads
        .keys
        .iter()
        .map(|key| format!("{{\"key\":\"{}\",\"ed25519\":\"{}\"}}\n", key.key, key.ed25519))
        .collect();
    let verdict = verify::verify(&read(&keys.concat()), &lines, &read(&ledger));
    assert_eq!(verdict.wrong, Vec::<String>::new());
    verdict
}

async fn heads_are(test: &TestPlatform, count: usize) {
    eventually("a head is published", async || said::<HeadPublished>(test).await.len() == count).await;
}

#[tokio::test]
async fn a_whole_course_verifies_and_every_receipt_leads_to_a_published_head() {
    let test = stage(2).await;
    heads_are(&test, 1).await;
    let tickets = sign_up(&test, 1..=30).await;
    answer(&test, 1, tickets[0], YES).await.unwrap();
    answer(&test, 2, tickets[1], Answer::Later).await.unwrap();
    answer(&test, 3, tickets[2], Answer::NotThatDay).await.unwrap();
    wish(&test, 5, tickets[4], TicketWish::Pause).await.unwrap();
    pass(&test, deadline(&test, 4, tickets[3]).await);
    eventually("the next is asked", async || {
        states(&test).await[5] == proto::open_hiring::TicketState::Offered
    })
    .await;
    let ask = |ticket_id| ReceiptOf { ticket_id, after: None };
    heads_are(&test, 2).await;
    test.clock.advance(TimeDelta::hours(1));
    wish(&test, 5, tickets[4], TicketWish::GoOn).await.unwrap();
    heads_are(&test, 3).await;
    let verdict = verifies(&test, 500).await;
    assert_eq!(verdict.heads, 3);

    let Receipt { json, next } =
        test.ask(&seeker(30), &ask(tickets[29])).await.unwrap().expect("an hour passed");
    assert_eq!(next, None);
    let receipt: serde_json::Value = serde_json::from_str(&json).unwrap();
    assert_eq!(receipt["receipt"], "dichterbij queue v1");
    assert!(receipt["entry"].as_str().unwrap().contains("\"number\":30"), "{receipt}");
    for stranger in [seeker(1), shop(), Actor::Visitor] {
        assert_eq!(test.ask(&stranger, &ask(tickets[29])).await.unwrap_err().code, "ticket-unknown");
    }
    let last = sign_up(&test, [31]).await[0];
    assert_eq!(test.ask(&seeker(31), &ask(last)).await.unwrap(), None, "not before the hour");
    for stranger in [seeker(1), shop(), Actor::Visitor] {
        let ledger = LedgerOf { opening_id: OpeningId(Uuid::from_u128(500)), after: 0, limit: 500 };
        assert_eq!(test.ask(&stranger, &ledger).await.unwrap_err().code, "forbidden");
    }
    test.stop().await;
}
