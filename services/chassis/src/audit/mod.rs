//! The auditor: compares what each stream holds with what the outbox says was published, by reading, and gives
//! back to the relay what is missing (RELIABILITY rule 8, docs/adr/0009).
//!
//! `JetStream` can lose what it acknowledged and say nothing, even count on as if it were there (RELIABILITY 1.1).
//! So each service reads its own events back, numbers and ids only, by a durable consumer that it may begin again
//! anywhere. It goes on from a mark, an event at a number, which is read again first. Whatever shakes the trust in
//! what lies before the mark makes it begin at the beginning: another event or none at the mark, another server
//! than last time (one that restarted has another id), something missing last time, a night.
//!
//! Erased events and those older than the stream's age are wanted gaps. Nothing waits for an audit. The replica that
//! relays audits too, so there is one, and another as soon as that one dies; a second one by mistake is seen by the
//! numbers that the consumer counts.

mod compare;
mod rows;

use std::{collections::BTreeMap, time::Duration};

use async_nats::{
    header,
    jetstream::{self, consumer::PullConsumer},
};
use chrono::{DateTime, NaiveTime, TimeDelta, Utc};
use futures::StreamExt;
use proto::{
    Stream,
    catalogue::{Audit, audits},
};
use tokio::{sync::watch, time::timeout};
use tokio_util::sync::CancellationToken;
use uuid::Uuid;

use self::{
    compare::{Comparison, Mark, Message, Range},
    rows::{Ended, Expected, Known},
};
use crate::{
    clock,
    fault::Chain,
    faults::{CrashPoint, crash_point},
    outbox,
    service::Chassis,
    telemetry::ServiceLabels,
};

/// Messages read at a time.
const TOGETHER: usize = 1_000;
/// How long the server may take to hand over the next message.
const PATIENCE: Duration = Duration::from_secs(5);
/// What was published less than this before an audit is left for the next, because a copy of a stream may lag a
/// little; less where audits are more frequent.
const MARGIN: Duration = Duration::from_secs(2);
/// The pause after an audit that found something or failed; doubled each time, up to the normal one.
const SOON: Duration = Duration::from_secs(2);
/// How often the id of the server is looked at.
const GLANCE: Duration = Duration::from_millis(500);
/// From when on the whole stream is read once more each night, in the Netherlands.
const NIGHT: NaiveTime = NaiveTime::from_hms_opt(3, 0, 0).expect("three o'clock");

/// A little less than the stream keeps, so that what it is about to let go is not sent again.
fn kept_for(stream: Stream) -> TimeDelta {
    match stream {
        Stream::Facts => TimeDelta::days(29),
        Stream::Background => TimeDelta::days(6),
    }
}

/// Why an audit did not get to the end. It is tried again; nothing was decided.
#[derive(Debug, thiserror::Error)]
enum AuditError {
    #[error("the outbox could not be read or marked")]
    Store(#[from] sqlx::Error),
    #[error("the stream could not be read")]
    Stream(#[source] Box<dyn std::error::Error + Send + Sync>),
    #[error("the server was silent")]
    Silent,
    #[error("a message of ours has no event id")]
    NoEventId,
    #[error("somebody else read with the same consumer, or messages were lost on the way")]
    Disturbed,
    #[error("it was told to stop, or does not relay any more")]
    Stopped,
}

fn stream_error(error: impl Into<Box<dyn std::error::Error + Send + Sync>>) -> AuditError {
    AuditError::Stream(error.into())
}

/// Why a whole stream is read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Cause {
    FirstTime,
    ServerRestarted,
    SomethingWasMissing,
    Night,
    MarkIsGone,
}

impl Cause {
    const fn text(self) -> &'static str {
        match self {
            Self::FirstTime => "nothing was read before",
            Self::ServerRestarted => "the server restarted",
            Self::SomethingWasMissing => "something was missing last time",
            Self::Night => "once a night",
            Self::MarkIsGone => "the last event that was read is not where it was",
        }
    }
}

/// Where an audit begins.
fn begin(known: &Known, server: &str, now: DateTime<Utc>) -> Result<Mark, Cause> {
    let Some(mark) = known.mark() else { return Err(Cause::FirstTime) };
    if !known.is_clean {
        return Err(Cause::SomethingWasMissing);
    }
    if known.server != server {
        return Err(Cause::ServerRestarted);
    }
    if known.full_at.is_none_or(|full_at| full_at < last_night(now)) {
        return Err(Cause::Night);
    }
    Ok(mark)
}

/// The last three o'clock in the Netherlands.
fn last_night(now: DateTime<Utc>) -> DateTime<Utc> {
    let local = clock::local(now);
    let today = local.date().and_time(NIGHT);
    let night = if local < today { today - TimeDelta::days(1) } else { today };
    // At three the clock has just been put forward, or will not be put back any more: the moment is there once.
    let night = night.and_local_timezone(clock::ZONE).earliest();
    night.map_or(now, |night| night.with_timezone(&Utc))
}

pub(crate) struct Auditor {
    chassis: Chassis,
    /// Whether this replica relays.
    relays_here: watch::Receiver<bool>,
    stop: CancellationToken,
}

impl Auditor {
    pub(crate) const fn new(
        chassis: Chassis,
        relays_here: watch::Receiver<bool>,
        stop: CancellationToken,
    ) -> Self {
        Self { chassis, relays_here, stop }
    }

    /// Audits each stream on which this service says something, until told to stop.
    pub(crate) async fn run(self) {
        let every = self.chassis.config.audit_every;
        let audits: Vec<_> = audits().filter(|audit| audit.by == self.chassis.service).collect();
        let labels = ServiceLabels { service: self.chassis.service.name() };
        let mut missing = BTreeMap::new();
        let mut restless = 0_u32;
        while !audits.is_empty() && self.turn_comes().await {
            let server = self.server();
            let mut all_well = true;
            for audit in &audits {
                match self.audit(*audit, &server).await {
                    Ok(number) => {
                        all_well &= number == 0;
                        missing.insert(audit.stream, number);
                        self.chassis.metrics.audits.get_or_create(&labels).inc();
                    }
                    Err(AuditError::Stopped) => {}
                    Err(error) => {
                        all_well = false;
                        tracing::warn!(
                            service = %audit.by, stream = audit.stream.subject_part(), error = %Chain(&error),
                            "an audit did not get to the end"
                        );
                    }
                }
            }
            self.chassis.metrics.events_missing.get_or_create(&labels).set(missing.values().sum());
            restless = if all_well { 0 } else { restless.saturating_add(1) };
            let pause = match restless {
                0 => every,
                times => every.min(SOON * 2_u32.saturating_pow(times - 1)),
            };
            tokio::select! {
                () = tokio::time::sleep(pause) => (),
                () = self.server_changes(&server) => (),
                () = self.stop.cancelled() => (),
            }
            if !*self.relays_here.borrow() {
                // Another replica tells from now on.
                missing.clear();
                self.chassis.metrics.events_missing.get_or_create(&labels).set(0);
            }
        }
    }

    fn server(&self) -> String {
        self.chassis.bus.client().server_info().server_id
    }

    async fn server_changes(&self, from: &str) {
        while self.server() == from {
            tokio::time::sleep(GLANCE).await;
        }
    }

    /// Waits until this replica relays; `false` when it is told to stop.
    async fn turn_comes(&self) -> bool {
        let mut relays_here = self.relays_here.clone();
        tokio::select! {
            turn = relays_here.wait_for(|here| *here) => turn.is_ok() && !self.stop.is_cancelled(),
            () = self.stop.cancelled() => false,
        }
    }

    /// One audit of one stream; how many events were missing.
    async fn audit(&self, audit: Audit, server: &str) -> Result<i64, AuditError> {
        let pool = self.chassis.store.pool();
        let known = rows::known_of(pool, audit.stream).await?;
        let now = self.chassis.clock.read(known.began_at);
        let margin = MARGIN.min(self.chassis.config.audit_every);
        let mut pass = Pass {
            auditor: self,
            expected: Expected {
                stream: audit.stream,
                settled_before: known.began_at - margin,
                kept_since: known.began_at - kept_for(audit.stream),
            },
            reader: Reader::open(&self.chassis, audit).await?,
            found: Comparison::default(),
            missing: 0,
            highest_missing: 0,
        };
        let mut beginning = begin(&known, server, now);
        if let Ok(mark) = beginning
            && !pass.go_on(mark).await?
        {
            beginning = Err(Cause::MarkIsGone);
        }
        if let Err(cause) = beginning {
            tracing::debug!(service = %audit.by, stream = audit.stream.subject_part(), cause = cause.text(), "reading all");
            pass.read_all().await?;
        }
        let ended = Ended {
            stream: audit.stream,
            server,
            missing: pass.missing,
            full_at: beginning.is_err().then_some(now),
        };
        rows::keep(pool, ended, &pass.found).await?;
        pass.tell(audit, beginning.err());
        Ok(pass.missing)
    }
}

/// One reading of one stream.
struct Pass<'a> {
    auditor: &'a Auditor,
    expected: Expected,
    reader: Reader,
    found: Comparison,
    missing: i64,
    /// The greatest number that was acknowledged and is not there.
    highest_missing: i64,
}

impl Pass<'_> {
    /// Reads on from the mark; `false` when the stream does not hold at the mark what it held.
    async fn go_on(&mut self, mark: Mark) -> Result<bool, AuditError> {
        self.reader.begin(mark.seq).await?;
        let messages = self.reader.next().await?;
        if messages.first() != Some(&Message { event_id: mark.event_id, seq: mark.seq }) {
            return Ok(false);
        }
        self.compare_all(mark.seq - 1, messages).await?;
        Ok(true)
    }

    async fn read_all(&mut self) -> Result<(), AuditError> {
        self.found = Comparison::default();
        self.reader.begin(1).await?;
        let messages = self.reader.next().await?;
        self.compare_all(0, messages).await
    }

    async fn compare_all(&mut self, mut after: i64, mut messages: Vec<Message>) -> Result<(), AuditError> {
        loop {
            let last = messages.last().map(|message| message.seq);
            self.found.read += messages.len() as i64;
            // After the last message there is nothing: what says it is there is missing.
            self.compare(after, last.unwrap_or(i64::MAX), &messages).await?;
            let Some(last) = last else { break };
            after = last;
            if self.auditor.stop.is_cancelled() || !*self.auditor.relays_here.borrow() {
                return Err(AuditError::Stopped);
            }
            messages = self.reader.next().await?;
        }
        self.act().await
    }

    async fn compare(&mut self, after: i64, until: i64, messages: &[Message]) -> Result<(), AuditError> {
        let pool = self.auditor.chassis.store.pool();
        let mut range = Range::of(messages);
        let mut from = (after, Uuid::max());
        loop {
            let rows = rows::page(pool, self.expected, from, until).await?;
            let Some(last) = rows.last() else { break };
            from = (last.stream_seq, last.event_id);
            self.found.hold(&mut range, &rows);
            if self.found.is_full() {
                self.act().await?;
            }
        }
        let unmatched = range.unmatched();
        if !unmatched.is_empty() {
            let known = rows::known(pool, &unmatched).await?;
            self.found.explain(&range, &known);
        }
        Ok(())
    }

    /// Gives back what is missing so far.
    async fn act(&mut self) -> Result<(), AuditError> {
        let pool = self.auditor.chassis.store.pool();
        let findings = self.found.take_findings();
        if !findings.moved.is_empty() {
            rows::renumber(pool, &findings.moved).await?;
        }
        let Some(last) = findings.missing.last() else { return Ok(()) };
        crash_point(CrashPoint::AuditBeforeRefill);
        let given = rows::refill(pool, &findings.missing, self.expected.settled_before).await?;
        self.missing += i64::try_from(given).unwrap_or(i64::MAX);
        self.highest_missing = self.highest_missing.max(last.stream_seq);
        let service = self.auditor.chassis.service;
        let labels = ServiceLabels { service: service.name() };
        self.auditor.chassis.metrics.events_refilled.get_or_create(&labels).inc_by(given);
        if let Err(error) = self.auditor.chassis.bus.ring().await {
            tracing::debug!(%error, "the relay was not woken; it looks within a second");
        }
        Ok(())
    }

    /// Says what was found: numbers, never what an event says.
    fn tell(&self, audit: Audit, cause: Option<Cause>) {
        let (service, stream) = (audit.by, audit.stream.subject_part());
        let Comparison { read, unknown, numbers_given_twice, .. } = self.found;
        let why = cause.map_or("reading on", Cause::text);
        let last = self.reader.last;
        if unknown > 0 {
            tracing::warn!(%service, stream, unknown, "the stream holds events that the outbox does not know");
        }
        if self.missing == 0 {
            tracing::debug!(%service, stream, read, why, "the stream holds what was published");
            return;
        }
        tracing::error!(
            %service, stream, missing = self.missing, read, why,
            "events are not on the stream; they are sent again"
        );
        if numbers_given_twice > 0 || self.highest_missing > last {
            tracing::error!(
                %service, stream, acknowledged = self.highest_missing, last, numbers_given_twice,
                "the numbers of the stream fell back, or its end was taken away: it had acknowledged more than it holds"
            );
        }
    }
}

/// Reads a service's own events back, from any number on.
struct Reader {
    consumer: PullConsumer,
    /// What the consumer has counted since it began: a gap means that somebody else was handed the rest.
    counted: u64,
    /// The number of the last message.
    last: i64,
    at_end: bool,
}

impl Reader {
    async fn open(chassis: &Chassis, audit: Audit) -> Result<Self, AuditError> {
        let context = jetstream::new(chassis.bus.client().clone());
        let stream = context
            .get_stream_no_info(chassis.bus.names().stream(audit.stream))
            .await
            .map_err(stream_error)?;
        let consumer = stream.get_consumer(&audit.durable()).await.map_err(stream_error)?;
        Ok(Self { consumer, counted: 0, last: 0, at_end: false })
    }

    async fn begin(&mut self, seq: i64) -> Result<(), AuditError> {
        let seq = u64::try_from(seq).map_err(stream_error)?;
        // The server does not answer for a consumer that is not there.
        let reset =
            timeout(PATIENCE, self.consumer.reset(Some(seq))).await.map_err(|_| AuditError::Silent)?;
        reset.map_err(stream_error)?;
        (self.counted, self.last, self.at_end) = (0, 0, false);
        Ok(())
    }

    /// The next messages; none at the end, where new ones may come meanwhile and are left for the next time.
    async fn next(&mut self) -> Result<Vec<Message>, AuditError> {
        if self.at_end {
            return Ok(Vec::new());
        }
        let mut batch =
            self.consumer.fetch().max_messages(TOGETHER).messages().await.map_err(stream_error)?;
        let mut messages = Vec::new();
        while let Some(message) = timeout(PATIENCE, batch.next()).await.map_err(|_| AuditError::Silent)? {
            let message = message.map_err(stream_error)?;
            let info = message.info().map_err(stream_error)?;
            self.counted += 1;
            if info.consumer_sequence != self.counted {
                return Err(AuditError::Disturbed);
            }
            let id = message.headers.as_ref().and_then(|headers| headers.get(header::NATS_MESSAGE_ID));
            let event_id =
                id.and_then(|id| outbox::event_of_message(id.as_str())).ok_or(AuditError::NoEventId)?;
            let seq = i64::try_from(info.stream_sequence).map_err(stream_error)?;
            messages.push(Message { event_id, seq });
            self.last = seq;
            self.at_end = info.pending == 0;
        }
        self.at_end |= messages.len() < TOGETHER;
        Ok(messages)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(text: &str) -> DateTime<Utc> {
        text.parse().unwrap()
    }

    #[test]
    fn each_night_begins_at_three_also_when_the_clocks_change() {
        for (now, night) in [
            ("2026-11-22T12:00:00Z", "2026-11-22T02:00:00Z"),
            ("2026-11-22T01:59:59Z", "2026-11-21T02:00:00Z"),
            ("2026-07-01T00:30:00Z", "2026-06-30T01:00:00Z"),
            // The nights in which summer time begins and ends.
            ("2026-03-29T01:30:00Z", "2026-03-29T01:00:00Z"),
            ("2026-10-25T02:30:00Z", "2026-10-25T02:00:00Z"),
        ] {
            assert_eq!(last_night(at(now)), at(night), "{now}");
        }
    }
}
