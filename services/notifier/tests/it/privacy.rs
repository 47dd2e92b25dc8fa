//! The canary: address, code and text stand nowhere readable, neither before nor after sending.

use chassis::harness::eventually;
use notifier::transport::NotHanded;
use proto::Service as Name;

use crate::support::{Carrier, Stage, code, invitation};

fn assert_silent(place: &str, text: &str) {
    let lower = text.to_lowercase();
    for secret in ["kanarie", "12345678", "482913", "ab12-cd34", "nodigt u uit", "uw code"] {
        assert!(!lower.contains(secret), "{secret} stands in {place}");
    }
}

#[tokio::test]
async fn address_and_text_stand_nowhere_readable() {
    let stage = Stage::open().await;
    stage.send(1, &code()).await.unwrap();
    stage.send(2, &invitation()).await.unwrap();
    stage.until_all_ended().await;
    assert_eq!(stage.mailbox(10).await.len(), 2);
    let tables = stage.test.dump_of(Name::Notifier).await;
    assert!(tables.contains("== messages.body") && tables.contains("== answers.answer"));
    assert_silent("the tables", &tables);
    for message in stage.stream().await {
        assert_silent("the stream", &message);
    }
    assert_silent("the metrics", &stage.test.metrics());
    stage.test.stop().await;
}

#[tokio::test]
async fn a_message_that_waits_is_silent_too() {
    let stage = Stage::open_with(Carrier::with(u32::MAX, || Err(NotHanded::Later))).await;
    stage.send(1, &code()).await.unwrap();
    stage.send(2, &invitation()).await.unwrap();
    eventually("both wait", async || {
        stage.number("select count(*) from messages where attempts > 0 and notice is not null").await == 2
    })
    .await;
    assert_silent("the tables", &stage.test.dump_of(Name::Notifier).await);
    stage.test.stop().await;
}
