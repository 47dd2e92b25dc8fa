//! The canary: what was typed stands nowhere readable, neither before nor after the code came back.

use std::fmt::Write as _;

use proto::{
    Service as Name, Stream,
    intake::{Purpose, Registration},
};
use sqlx::AssertSqlSafe;

use crate::support::{Stage, samira};

/// Every text and bytea column of every table of a service, as text.
async fn dump(stage: &Stage, service: Name) -> String {
    let pool = stage.test.pool(service);
    let columns: Vec<(String, String, String)> = sqlx::query_as(
        "select table_name, column_name, data_type from information_schema.columns
         where table_schema = $1 and data_type in ('text', 'bytea', 'json', 'jsonb', 'character varying')",
    )
    .bind(service.schema())
    .fetch_all(pool)
    .await
    .unwrap();
    let mut dump = String::new();
    for (table, column, kind) in columns {
        let value =
            if kind == "bytea" { format!("encode({column}, 'escape')") } else { format!("{column}::text") };
        let query = format!("select coalesce(string_agg({value}, E'\\n'), '') from {table}");
        let text: String = sqlx::query_scalar(AssertSqlSafe(query)).fetch_one(pool).await.unwrap();
        writeln!(dump, "== {table}.{column}\n{text}").unwrap();
    }
    dump
}

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
    let waiting = dump(&stage, Name::Intake).await;
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
    let after = dump(&stage, Name::Intake).await;
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
