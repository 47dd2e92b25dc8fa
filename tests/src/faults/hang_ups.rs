//! Visitors who hang up at any moment (RELIABILITY T20): their browser has sent something, and is gone.

use std::time::Duration;

use futures::{StreamExt as _, stream};
use tokio::{
    io::{AsyncReadExt as _, AsyncWriteExt as _},
    net::TcpStream,
};

use super::{Dice, Observer};

/// At a time.
const AT_ONCE: usize = 64;
const PATHS: [&str; 5] = ["/", "/werk", "/inloggen", "/aanmelden", "/mijn"];

/// So many visitors ask for a page and hang up; how many of them did so before they had an answer.
pub async fn hang_up(address: &str, count: u64, dice: &Dice) -> u64 {
    let host = address.trim_start_matches("http://").to_owned();
    let visits = (0..count).map(|_| {
        let (host, path) = (host.clone(), *dice.one(&PATHS));
        let stays = dice.pause(Duration::from_millis(25));
        let session = format!("__Host-dbj={:032x}", dice.below(u64::MAX));
        async move {
            let Ok(mut visitor) = TcpStream::connect(&host).await else { return 0 };
            let asks = format!(
                "GET {path} HTTP/1.1\r\nHost: {host}\r\nCookie: {session}\r\nConnection: close\r\n\r\n"
            );
            if visitor.write_all(asks.as_bytes()).await.is_err() {
                return 0;
            }
            let mut answer = [0; 1];
            let answered = tokio::time::timeout(stays, visitor.read(&mut answer)).await;
            u64::from(answered.is_err())
        }
    });
    stream::iter(visits).buffer_unordered(AT_ONCE).fold(0, async |sum, hung_up| sum + hung_up).await
}

/// So many visitors ask for a page and wait; how many got it.
pub async fn visit(address: &str, count: u64) -> u64 {
    let client = reqwest::Client::new();
    let visits = (0..count).map(|number| {
        let request = client.get(format!("{address}{}", PATHS[number as usize % 4]));
        async move { u64::from(matches!(request.send().await, Ok(answer) if answer.status().is_success())) }
    });
    stream::iter(visits).buffer_unordered(AT_ONCE / 4).fold(0, async |sum, got| sum + got).await
}

/// Transactions that somebody began and forgot.
///
/// # Panics
/// When PostgreSQL does not answer.
pub async fn forgotten_transactions(observer: &Observer) -> i64 {
    sqlx::query_scalar(
        "select count(*) from pg_stat_activity
         where state like 'idle in transaction%' and state_change < clock_timestamp() - interval '1 second'",
    )
    .fetch_one(&observer.pool)
    .await
    .expect("PostgreSQL answers")
}
