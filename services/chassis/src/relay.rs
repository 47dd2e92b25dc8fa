//! The relay: the only thing that publishes events (DESIGN rule 1, RELIABILITY rules 4 and 5).
//!
//! One relay per schema works at a time, held by a session advisory lock. It reads unpublished rows
//! by state, in order, sends them as one ordered atomic batch, awaits the acknowledgement, marks.
//! A crash between sending and marking sends again; the stream knows the ids for two minutes and
//! every consumer has an inbox, so two relays for a moment are harmless.
//!
//! The lock must not stay with a replica that cannot relay. One that holds it says so to PostgreSQL each second, also
//! while it sends; a session that says nothing for [`FROZEN`] (its process stands still, or the line to it is dead) is
//! ended by PostgreSQL, and its lock goes. One that has lost NATS lets go by itself, and does not come back before it
//! is connected.

use std::{pin::pin, sync::Arc, time::Duration};

use async_nats::{HeaderMap, connection::State, header};
use proto::{Service, Stream, permissions::Names};
use serde::Deserialize;
use sqlx::{Connection, PgConnection, postgres::PgConnectOptions};
use tokio::sync::watch;
use tokio_util::sync::CancellationToken;

use crate::{
    chance::Chance,
    fault::Chain,
    faults::{Bug, CrashPoint, crash_point, planted},
    outbox::{self, Unpublished},
    protocol::{self, AfterBatch, BATCH, Sending},
    telemetry::{Metrics, ServiceLabels},
};

/// How often an idle relay looks by itself.
const POLL: Duration = Duration::from_secs(1);
/// After how long PostgreSQL ends a relay's session that asks nothing: many times what a live one takes, and soon
/// enough for everything to be sent 15 s after a relay was lost.
const FROZEN: &str = "10s";
/// How often a relay looks whether NATS is there again.
const KNOCK_AGAIN: Duration = Duration::from_millis(50);

pub(crate) struct Relay {
    pub(crate) service: Service,
    pub(crate) client: async_nats::Client,
    pub(crate) names: Names,
    pub(crate) options: PgConnectOptions,
    pub(crate) chance: Arc<dyn Chance>,
    pub(crate) metrics: Arc<Metrics>,
    /// Whether the lock is held here: the replica that relays is the one that audits.
    pub(crate) holds: watch::Sender<bool>,
}

#[derive(Debug, thiserror::Error)]
enum RelayError {
    #[error("the outbox could not be read or marked")]
    Store(#[from] sqlx::Error),
    #[error("the stream did not answer")]
    Request(#[from] async_nats::RequestError),
    #[error("the event could not be sent")]
    Publish(#[from] async_nats::PublishError),
    #[error("the stream's answer could not be read")]
    Unreadable(#[from] serde_json::Error),
    #[error("the stream refused: {description} ({code})")]
    Refused { code: u64, description: String },
    #[error("NATS is not connected")]
    NatsAway,
    #[error("another replica relays now")]
    LockLost,
}

#[derive(Deserialize)]
struct Ack {
    error: Option<AckError>,
    seq: Option<i64>,
}

#[derive(Deserialize)]
struct AckError {
    err_code: u64,
    #[serde(default)]
    description: String,
}

impl Relay {
    /// Works until told to stop; then sends what is there and ends.
    pub(crate) async fn run(self, mut woken: watch::Receiver<u64>, stop: CancellationToken) {
        let mut failures = 0;
        while self.nats_is_there(&stop).await {
            let session = self.session(&mut woken, &stop, &mut failures).await;
            self.holds.send_replace(false);
            if let Err(error) = session {
                tracing::warn!(service = %self.service, error = %Chain(&error), "the relay starts again");
                let wait =
                    Duration::from_millis(self.chance.jitter_ms(0..protocol::relay_pause_ms(failures)) + 20);
                failures = failures.saturating_add(1);
                tokio::select! { () = tokio::time::sleep(wait) => (), () = stop.cancelled() => () }
            }
        }
    }

    /// Waits for NATS without the lock, so that a replica that has it can relay; `false` when told to stop.
    async fn nats_is_there(&self, stop: &CancellationToken) -> bool {
        while !self.is_connected() && !stop.is_cancelled() {
            tokio::time::sleep(KNOCK_AGAIN).await;
        }
        !stop.is_cancelled()
    }

    fn is_connected(&self) -> bool {
        self.client.connection_state() == State::Connected
    }

    /// One database session: wait for the lock, then relay until something fails.
    async fn session(
        &self,
        woken: &mut watch::Receiver<u64>,
        stop: &CancellationToken,
        failures: &mut u32,
    ) -> Result<(), RelayError> {
        let options = self.options.clone().options([("idle_session_timeout", FROZEN)]);
        let mut conn = PgConnection::connect_with(&options).await?;
        loop {
            if !self.is_connected() {
                return Err(RelayError::NatsAway);
            }
            let began = tokio::time::Instant::now();
            // Asked again before each batch: a session that lost its lock must not go on sending.
            // The lock is re-entrant, so a held one is taken again and given back once.
            let holds = self.take_lock(&mut conn).await?;
            self.holds.send_if_modified(|held| std::mem::replace(held, holds) != holds);
            if holds {
                let sent = self.relay_all(&mut conn).await?;
                // Failures in a row are counted: this was none.
                *failures = 0;
                if sent == 0 && stop.is_cancelled() {
                    conn.close().await?;
                    return Ok(());
                }
                tokio::select! {
                    () = tokio::time::sleep_until(began + protocol::gathers(sent)) => (),
                    () = stop.cancelled() => (),
                }
            } else if stop.is_cancelled() {
                return Ok(());
            }
            tokio::select! {
                _ = woken.changed() => (),
                () = tokio::time::sleep(POLL) => (),
                () = stop.cancelled() => (),
            }
        }
    }

    async fn take_lock(&self, conn: &mut PgConnection) -> Result<bool, sqlx::Error> {
        if planted(Bug::TwoRelays) {
            return Ok(true);
        }
        sqlx::query_scalar(
            "select case when exists (
                 select 1 from pg_locks where locktype = 'advisory' and pid = pg_backend_pid()
                   and classid = hashtext('relay')::oid and objid = hashtext(current_schema())::oid and granted)
             then true else pg_try_advisory_lock(hashtext('relay'), hashtext(current_schema())) end",
        )
        .fetch_one(conn)
        .await
    }

    /// Sends everything that waits; returns how many.
    async fn relay_all(&self, conn: &mut PgConnection) -> Result<usize, RelayError> {
        let labels = ServiceLabels { service: self.service.name() };
        let mut sent = 0;
        loop {
            if planted(Bug::TwoRelays) {
                sqlx::raw_sql("rollback; begin").execute(&mut *conn).await?;
            }
            let rows = outbox::unpublished(conn, BATCH as i64).await?;
            let age = rows.first().map_or(0.0, |next| next.age_seconds);
            self.metrics.outbox_age_seconds.get_or_create(&labels).set(age);
            if rows.is_empty() {
                return Ok(sent);
            }
            let together = protocol::together(&rows, |row| &row.subject);
            let is_last = together == rows.len() && rows.len() < BATCH;
            let rows = &rows[..together];
            crash_point(CrashPoint::RelayBeforePublish);
            let seqs = self.while_it_holds(conn, self.send(rows)).await?;
            crash_point(CrashPoint::RelayAfterPublish);
            let ids: Vec<_> = rows.iter().map(|row| row.event_id).collect();
            outbox::mark_published(conn, &ids, &seqs).await?;
            if planted(Bug::TwoRelays) {
                sqlx::raw_sql("commit").execute(&mut *conn).await?;
            }
            crash_point(CrashPoint::RelayAfterMark);
            self.metrics.events_published.get_or_create(&labels).inc_by(ids.len() as u64);
            sent += ids.len();
            // Whoever committed meanwhile has rung: at a rush this would be asked for nothing after each batch.
            if is_last {
                self.metrics.outbox_age_seconds.get_or_create(&labels).set(0.0);
                return Ok(sent);
            }
        }
    }

    /// Sends, and looks each second whether it still may and can.
    async fn while_it_holds<T>(
        &self,
        conn: &mut PgConnection,
        sending: impl Future<Output = Result<T, RelayError>>,
    ) -> Result<T, RelayError> {
        let mut sending = pin!(sending);
        loop {
            tokio::select! {
                sent = &mut sending => return sent,
                () = tokio::time::sleep(POLL) => (),
            }
            if !self.is_connected() {
                return Err(RelayError::NatsAway);
            }
            if !self.take_lock(conn).await? {
                return Err(RelayError::LockLost);
            }
        }
    }

    fn headers(&self, row: &Unpublished) -> HeaderMap {
        let mut headers = HeaderMap::new();
        headers.insert(header::NATS_MESSAGE_ID, row.message_id());
        if let Some(stream) = Stream::of_subject(&row.subject) {
            headers.insert(header::NATS_EXPECTED_STREAM, self.names.stream(stream));
        }
        headers.insert("Content-Type", "application/cloudevents+json");
        headers
    }

    /// Sends rows of one stream, in order; returns their stream sequences.
    async fn send(&self, rows: &[Unpublished]) -> Result<Vec<i64>, RelayError> {
        if protocol::sending(rows.len()) == Sending::Singly {
            return self.send_singly(rows).await;
        }
        let (answer, refused) = match self.send_batch(rows).await {
            Err(RelayError::Refused { code, description }) => (Err(code), Some(description)),
            last => (Ok(last?), None),
        };
        match protocol::after_batch(answer, rows.len()) {
            AfterBatch::Mark(seqs) => Ok(seqs),
            AfterBatch::SendSingly => self.send_singly(rows).await,
            AfterBatch::BeginAgain => Err(RelayError::Refused {
                code: answer.err().unwrap_or_default(),
                description: refused.unwrap_or_default(),
            }),
        }
    }

    /// All rows or none, in order; returns the stream sequence of the last.
    async fn send_batch(&self, rows: &[Unpublished]) -> Result<i64, RelayError> {
        let [rest @ .., last] = rows else { return Ok(0) };
        let batch = self.chance.token();
        let with_batch = |row: &Unpublished, sequence: usize| {
            let mut headers = self.headers(row);
            headers.insert(header::NATS_BATCH_ID, batch.as_str());
            headers.insert(header::NATS_BATCH_SEQUENCE, sequence.to_string());
            headers
        };
        for (index, row) in rest.iter().enumerate() {
            let headers = with_batch(row, index + 1);
            self.client
                .publish_with_headers(self.names.subject(&row.subject), headers, row.body.clone().into())
                .await?;
        }
        let mut headers = with_batch(last, rows.len());
        headers.insert(header::NATS_BATCH_COMMIT, header::NATS_BATCH_COMMIT_FINAL);
        self.request(last, headers).await
    }

    /// One by one, each acknowledged; a known id is acknowledged with its first sequence.
    async fn send_singly(&self, rows: &[Unpublished]) -> Result<Vec<i64>, RelayError> {
        let mut seqs = Vec::with_capacity(rows.len());
        for row in rows {
            seqs.push(self.request(row, self.headers(row)).await?);
        }
        Ok(seqs)
    }

    async fn request(&self, row: &Unpublished, headers: HeaderMap) -> Result<i64, RelayError> {
        let reply = self
            .client
            .request_with_headers(self.names.subject(&row.subject), headers, row.body.clone().into())
            .await?;
        let ack: Ack = serde_json::from_slice(&reply.payload)?;
        match ack {
            Ack { error: Some(error), .. } => {
                Err(RelayError::Refused { code: error.err_code, description: error.description })
            }
            Ack { seq, .. } => Ok(seq.unwrap_or_default()),
        }
    }
}
