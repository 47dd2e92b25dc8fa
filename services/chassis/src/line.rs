//! The line to PostgreSQL: ends connections on which no answer comes any more.
//!
//! A connection whose other side lost its power, or that a firewall forgot, stays open and carries nothing. sqlx waits
//! on it without bound, has no limit on reading, and lets nobody bring a socket; where a connection goes back to its pool
//! it waits too, so that the pool runs dry and every call is answered "busy" until the process is started again
//! (RELIABILITY T18). A bound around each query would be one in three hundred places, and none around what the pool
//! itself asks.
//!
//! PostgreSQL, however, says a word to everything within the bounds that it was given ([`BOUNDS`](crate::store)). So a
//! service reaches it through a listener of its own on loopback, which carries bytes both ways and cuts a connection on
//! which something was asked and nothing came for longer than that. Who waits sees a broken connection, and
//! everything above knows what to do about one: transactions are begun again, unclear commits looked up, the relay
//! opens another session.
//!
//! A name in a server's certificate could not be checked through this; our sqlx is built without TLS.

use std::{
    io,
    net::{Ipv4Addr, SocketAddr},
    time::Duration,
};

use sqlx::postgres::PgConnectOptions;
use tokio::{
    io::{AsyncReadExt as _, AsyncWriteExt as _},
    net::{TcpListener, TcpStream},
    task::JoinHandle,
    time::{Instant, sleep, sleep_until, timeout_at},
};

/// How long PostgreSQL may say nothing after it was asked something: longer than `statement_timeout`, within which it
/// answers or refuses, and less than the 15 s after which nobody may wait any more.
const SILENCE: Duration = Duration::from_secs(8);
/// How long a connection may take to come about. sqlx gives up earlier where a person waits.
const TO_CONNECT: Duration = Duration::from_secs(5);
/// The pause before PostgreSQL is knocked at again.
const KNOCK_AGAIN: Duration = Duration::from_millis(50);
/// Bytes carried at a time.
const PIECE: usize = 16 * 1024;

/// A way to PostgreSQL for everything in this process that asks it something as one service.
pub(crate) struct Line {
    carries: Option<JoinHandle<()>>,
}

impl Line {
    /// Lays a line to where these options lead; returns it with options that lead through it. A socket of this machine
    /// cannot be forgotten on the way and needs none.
    pub(crate) async fn lay(options: PgConnectOptions) -> io::Result<(Self, PgConnectOptions)> {
        if options.get_socket().is_some() || options.get_host().starts_with('/') {
            return Ok((Self { carries: None }, options));
        }
        let (host, port) = (options.get_host().to_owned(), options.get_port());
        let listener = TcpListener::bind(SocketAddr::from((Ipv4Addr::LOCALHOST, 0))).await?;
        let here = listener.local_addr()?;
        let carries = tokio::spawn(async move {
            loop {
                match listener.accept().await {
                    Ok((client, _)) => drop(tokio::spawn(connection(client, host.clone(), port))),
                    Err(error) => {
                        // No file handle free, most likely: accepting at once again would only turn in circles.
                        tracing::warn!(%error, "a connection to PostgreSQL could not be taken");
                        sleep(KNOCK_AGAIN).await;
                    }
                }
            }
        });
        Ok((Self { carries: Some(carries) }, options.host(&here.ip().to_string()).port(here.port())))
    }
}

impl Drop for Line {
    fn drop(&mut self) {
        if let Some(carries) = &self.carries {
            carries.abort();
        }
    }
}

async fn connection(client: TcpStream, host: String, port: u16) {
    let Some(server) = reach(&host, port).await else { return };
    if let Err(error) = carry(client, server, SILENCE).await {
        tracing::warn!(%error, "a connection to PostgreSQL is cut");
    }
}

/// Knocks until PostgreSQL opens: it may be starting.
async fn reach(host: &str, port: u16) -> Option<TcpStream> {
    let until = Instant::now() + TO_CONNECT;
    loop {
        match timeout_at(until, TcpStream::connect((host, port))).await {
            Ok(Ok(server)) => return Some(server),
            Ok(Err(error)) if Instant::now() + KNOCK_AGAIN > until => {
                tracing::warn!(%error, "PostgreSQL cannot be reached");
                return None;
            }
            Ok(Err(_)) => sleep(KNOCK_AGAIN).await,
            Err(_) => {
                tracing::warn!("PostgreSQL cannot be reached: no answer");
                return None;
            }
        }
    }
}

/// Carries bytes both ways until a side ends.
///
/// # Errors
/// The server is silent, or takes nothing more.
async fn carry(mut client: TcpStream, mut server: TcpStream, patience: Duration) -> io::Result<()> {
    client.set_nodelay(true)?;
    server.set_nodelay(true)?;
    let ((mut from_client, mut to_client), (mut from_server, mut to_server)) =
        (client.split(), server.split());
    let (mut asked, mut answered) = (vec![0; PIECE], vec![0; PIECE]);
    let mut talk = Talk::default();
    loop {
        let until = talk.waiting_since.map(|since| since + patience);
        tokio::select! {
            length = from_client.read(&mut asked) => {
                // A side that ends or breaks is met by the other, as if there were nothing in between.
                let Ok(length @ 1..) = length else { return Ok(()) };
                talk.asked(Instant::now());
                let writing = to_server.write_all(&asked[..length]);
                if timeout_at(Instant::now() + patience, writing).await.map_err(|_| silent())?.is_err() {
                    return Ok(());
                }
            }
            length = from_server.read(&mut answered) => {
                let Ok(length @ 1..) = length else { return Ok(()) };
                talk.heard(&answered[..length], Instant::now());
                if to_client.write_all(&answered[..length]).await.is_err() {
                    return Ok(());
                }
            }
            () = sleep_until(until.unwrap_or_else(Instant::now)), if until.is_some() => return Err(silent()),
        }
    }
}

fn silent() -> io::Error {
    io::Error::new(io::ErrorKind::TimedOut, "PostgreSQL was asked something and said nothing for 8 seconds")
}

/// Bytes of `ReadyForQuery`, with which PostgreSQL ends every answer: its name, its length, and one more for how the
/// transaction stands.
const READY: [u8; 5] = *b"Z\0\0\0\x05";

/// Whose turn it is.
#[derive(Default)]
struct Talk {
    /// Since when PostgreSQL has said nothing although it has not ended its answer.
    waiting_since: Option<Instant>,
    /// The end of what it said so far.
    tail: Vec<u8>,
}

impl Talk {
    fn asked(&mut self, now: Instant) {
        self.waiting_since = Some(now);
    }

    fn heard(&mut self, bytes: &[u8], now: Instant) {
        const LENGTH: usize = READY.len() + 1;
        self.tail.extend_from_slice(&bytes[bytes.len().saturating_sub(LENGTH)..]);
        self.tail.drain(..self.tail.len().saturating_sub(LENGTH));
        // What it says unasked is no answer that would have to end.
        if self.waiting_since.is_some() {
            self.waiting_since = (!self.tail.starts_with(&READY)).then_some(now);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn an_answer_is_over_when_postgresql_is_ready() {
        let now = Instant::now();
        let mut talk = Talk::default();
        talk.heard(b"S\0\0\0\x08a\0b\0", now);
        assert_eq!(talk.waiting_since, None, "told unasked");
        talk.asked(now);
        let later = now + Duration::from_secs(1);
        talk.heard(b"D\0\0\0\x06\0\0C\0\0\0\x05\0Z\0\0", later);
        assert_eq!(talk.waiting_since, Some(later), "in the middle of an answer");
        talk.heard(b"\0", later);
        talk.heard(b"\x05I", later);
        assert_eq!(talk.waiting_since, None, "at its end, in whatever pieces it came");
    }

    #[tokio::test]
    async fn a_connection_without_an_answer_is_cut() {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let pair = || async {
            let near = TcpStream::connect(listener.local_addr().unwrap()).await.unwrap();
            (near, listener.accept().await.unwrap().0)
        };
        let ((mut client, client_end), (server_end, mut server)) = (pair().await, pair().await);
        let carries = tokio::spawn(carry(client_end, server_end, Duration::from_millis(100)));
        client.write_all(b"Q").await.unwrap();
        assert_eq!(server.read_u8().await.unwrap(), b'Q');
        server.write_all(b"D").await.unwrap();
        assert_eq!(client.read_u8().await.unwrap(), b'D', "an answer begins, and goes no further");
        assert!(client.read_u8().await.is_err(), "cut, although both sides hold their ends");
        assert_eq!(carries.await.unwrap().unwrap_err().kind(), io::ErrorKind::TimedOut);
    }
}
