//! Rows from before the whole person are still there after the migrations, and mean the same.

use sqlx::{AssertSqlSafe, ConnectOptions as _, Connection as _, PgConnection, postgres::PgConnectOptions};
use uuid::Uuid;

const BEFORE: [&str; 3] = [
    include_str!("../../migrations/0001_people.sql"),
    include_str!("../../migrations/0002_codes.sql"),
    include_str!("../../migrations/0003_dispatches.sql"),
];
const NOW: &str = include_str!("../../migrations/0004_whole_person.sql");

/// Someone with an entry point that waits, a code under way with its message, and a yes.
const ROWS: &str = "
    insert into seekers (seeker_id, open_file_id, background_id, version, contact_index, data_key, identity, wishes,
                         language, entry_point, entry_point_due_at, created_at, changed_at)
    values (gen_random_uuid(), gen_random_uuid(), gen_random_uuid(), 3, decode(repeat('ab', 32), 'hex'), 'k', 'i', 'w',
            'nl', 'e', now(), now() - interval '1 day', now());
    insert into consents (seeker_id, purpose, given, text_version, channel, at)
    select seeker_id, 'open_file', true, '2026-11', 'self', now() from seekers;
    insert into challenges (challenge_id, contact_index, code_hash, sends, created_at, expires_at)
    values (gen_random_uuid(), decode(repeat('ab', 32), 'hex'), decode(repeat('cd', 32), 'hex'), true, now(), now());
    insert into dispatches (key, cause, recipient, notice, expires_at, due_at)
    select gen_random_uuid(), challenge_id, challenge_id, 'n', now(), now() from challenges;";

async fn run(conn: &mut PgConnection, statements: String) {
    sqlx::raw_sql(AssertSqlSafe(statements)).execute(conn).await.unwrap();
}

#[tokio::test]
async fn what_was_kept_before_is_kept_and_means_the_same() {
    #[expect(clippy::disallowed_methods, reason = "the test is told by make where the server is")]
    let address: PgConnectOptions = std::env::var("DBJ_TEST_DATABASE_URL").unwrap().parse().unwrap();
    let mut conn = address.connect().await.unwrap();
    let schema = format!("upgrading_{}", std::process::id());
    run(
        &mut conn,
        format!(
            "drop schema if exists {schema} cascade; create schema {schema}; set search_path to {schema}"
        ),
    )
    .await;
    for migration in BEFORE {
        run(&mut conn, migration.to_owned()).await;
    }
    run(&mut conn, ROWS.to_owned()).await;
    // As the migrator does: in one transaction.
    run(&mut conn, format!("begin; {NOW}; commit")).await;

    let person: (bool, bool, bool) = sqlx::query_as(
        "select background_due_at is not null, last_heard_at = changed_at, took_over_at = created_at from seekers",
    )
    .fetch_one(&mut conn)
    .await
    .unwrap();
    assert_eq!(person, (true, true, true));
    let said: (String, Option<Vec<u8>>) =
        sqlx::query_as("select channel, evidence from consents").fetch_one(&mut conn).await.unwrap();
    assert_eq!(said, ("herself".to_owned(), None));
    let rewritten = sqlx::query("update consents set given = false").execute(&mut conn).await;
    assert!(rewritten.unwrap_err().to_string().contains("append-only"), "the trigger is back");
    let purpose: String =
        sqlx::query_scalar("select purpose from challenges").fetch_one(&mut conn).await.unwrap();
    assert_eq!(purpose, "sign_in");
    // A message needs no request for a code any more.
    sqlx::query(
        "insert into dispatches (key, cause, recipient, notice, expires_at, due_at)
         values ($1, $1, $1, 'n', now(), now())",
    )
    .bind(Uuid::from_u128(1))
    .execute(&mut conn)
    .await
    .unwrap();
    run(&mut conn, format!("drop schema {schema} cascade")).await;
    conn.close().await.unwrap();
}
