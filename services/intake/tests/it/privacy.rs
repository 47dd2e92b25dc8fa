//! The canary: what was typed stands nowhere readable, neither before nor after the code came back.

use proto::{
    Service as Name, Stream,
    intake::{Purpose, Registration},
};

use crate::support::{Stage, samira};

fn assert_silent(place: &str, text: &str) {
    let lower = text.to_lowercase();
    for typed in ["kanarie", "12345678", "1315rc", "1315 rc", "\"1315"] {
        assert!(!lower.contains(typed), "{typed} stands in {place}");
    }
}

#[tokio::test]
async fn what_was_typed_stands_nowhere_readable() {
    let stage = Stage::open().await;
    let canary = Registration {
        name: "Kanarie".to_owned(),
        contact: "06 12 34 56 78".to_owned(),
        consents: Purpose::ALL.to_vec(),
        entry_point: Some("library".to_owned()),
        ..samira()
    };
    let challenge = stage.register(&canary).await;
    let waiting = stage.test.dump_of(Name::Intake).await;
    assert!(waiting.contains("== registrations.body") && waiting.contains("== dispatches.notice"));
    assert_silent("the tables while the code is on its way", &waiting);
    let code = stage.code(challenge).await;
    stage.confirm(challenge, &code).await;
    stage.register(&canary).await;
    stage.test.clock.advance(chrono::TimeDelta::hours(1));
    chassis::harness::eventually("all is told", async || {
        !stage.stream(Stream::Background).await.is_empty() && !stage.stream(Stream::Facts).await.is_empty()
    })
    .await;
    let after = stage.test.dump_of(Name::Intake).await;
    assert!(after.contains("== outbox.body") && after.contains("nl.werkzoekenden.profiel-gepubliceerd.v1"));
    assert_silent("the tables", &after);
    // Not in the outbox: the moments in there have six digits that could be anything.
    let without_moments = after.split("== ").filter(|column| !column.starts_with("outbox"));
    assert!(without_moments.into_iter().all(|column| !column.contains(&code)), "the code stands in a table");
    for stream in Stream::ALL {
        for message in stage.stream(stream).await {
            assert_silent("a stream", &message);
        }
    }
    assert_silent("the metrics", &stage.test.metrics());
    stage.close().await;
}
