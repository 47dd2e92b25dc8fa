//! Hearing events: each takes effect once, in the transaction that enters it in the inbox
//! (DESIGN rule 5).

use std::{
    collections::HashMap,
    sync::{Arc, LazyLock, Mutex, PoisonError},
    time::Duration,
};

use async_nats::jetstream::{
    self, AckKind,
    consumer::{PullConsumer, pull},
};
use futures::{FutureExt, StreamExt, future::BoxFuture};
use proto::{CloudEvent, Fact, catalogue::Reading};
use serde::Deserialize;
use tokio::sync::Notify;
use tokio_util::sync::CancellationToken;
use uuid::Uuid;

use crate::{
    fault::{Chain, Fault},
    faults::{Bug, CrashPoint, crash_point, planted},
    outbox,
    protocol::{self, AfterAlone, AfterAttempt, AfterTogether, Ended, TOGETHER},
    service::{Chassis, Handles},
    store::Tx,
    telemetry::ServiceLabels,
};

/// How long something that is on its way may take.
const ON_ITS_WAY: Duration = Duration::from_millis(5);

/// An event as it came, not yet read.
#[derive(Debug, Clone)]
pub struct Heard {
    /// Its id.
    pub event_id: Uuid,
    /// Its CloudEvents type.
    pub kind: String,
    subject: String,
    body: String,
}

#[derive(Deserialize)]
struct Envelope {
    id: Uuid,
    #[serde(rename = "type")]
    kind: String,
}

impl Heard {
    pub(crate) fn read_envelope(subject: &str, payload: &[u8]) -> Result<Self, String> {
        let body = std::str::from_utf8(payload).map_err(|error| error.to_string())?;
        let envelope: Envelope = serde_json::from_str(body).map_err(|error| error.to_string())?;
        Ok(Self {
            event_id: envelope.id,
            kind: envelope.kind,
            subject: subject.to_owned(),
            body: body.to_owned(),
        })
    }

    /// Whether it is this kind of fact.
    pub fn is<T: Fact>(&self) -> bool {
        self.kind == T::DUTCH_TYPE
    }

    /// Reads it as this kind of fact.
    pub fn read<T: Fact>(&self) -> Result<CloudEvent<T>, Fault> {
        serde_json::from_str(&self.body).map_err(|error| Fault::broken("reading an event", error))
    }
}

/// What a service does with events, in the order in which they came.
pub(crate) type Apply<S> =
    Arc<dyn for<'a> Fn(&'a S, &'a mut Tx, &'a [Heard]) -> BoxFuture<'a, Result<(), Fault>> + Send + Sync>;

/// Reads until told to stop. Whatever fails, it begins again.
pub(crate) async fn run<S: Handles>(
    app: Arc<S>,
    chassis: Chassis,
    reading: &'static Reading,
    apply: Apply<S>,
    begin_again: Arc<Notify>,
    stop: CancellationToken,
) {
    while !stop.is_cancelled() {
        if let Err(error) = read_on(&*app, &chassis, reading, &apply, &begin_again, &stop).await {
            tracing::warn!(consumer = %reading.durable(), error = %Chain(&*error), "reading begins again");
            let pause = Duration::from_millis(chassis.chance.jitter_ms(100..1_000));
            tokio::select! { () = tokio::time::sleep(pause) => (), () = stop.cancelled() => () }
        }
    }
}

async fn read_on<S: Handles>(
    app: &S,
    chassis: &Chassis,
    reading: &Reading,
    apply: &Apply<S>,
    begin_again: &Notify,
    stop: &CancellationToken,
) -> Result<(), Box<dyn std::error::Error + Send + Sync>> {
    let context = jetstream::new(chassis.bus.client().clone());
    let stream = context.get_stream_no_info(chassis.bus.names().stream(reading.stream)).await?;
    let consumer: PullConsumer = stream.get_consumer(&reading.durable()).await?;
    let mut messages = consumer.stream().max_messages_per_batch(TOGETHER).messages().await?;
    loop {
        let first = tokio::select! {
            first = messages.next() => first,
            () = begin_again.notified() => return Err("nothing came although events wait".into()),
            () = stop.cancelled() => {
                let brought = std::iter::from_fn(|| messages.next().now_or_never().flatten());
                let brought = brought.flatten().collect();
                drop(messages);
                return give_back(chassis, brought).await;
            }
        };
        let Some(first) = first else { return Ok(()) };
        let (came, trouble) = gather(&mut messages, first?).await;
        handle(app, chassis, reading, apply, came).await?;
        if let Some(trouble) = trouble {
            return Err(trouble.into());
        }
    }
}

/// This message and those that are there or on their way, which each says; and what went wrong meanwhile.
async fn gather(
    messages: &mut pull::Stream,
    first: jetstream::Message,
) -> (Vec<jetstream::Message>, Option<pull::MessagesError>) {
    let mut came = vec![first];
    while came.len() < TOGETHER {
        let next = match messages.next().now_or_never() {
            Some(next) => next,
            None if more_follow(&came) => match tokio::time::timeout(ON_ITS_WAY, messages.next()).await {
                Ok(next) => next,
                // Another replica has it.
                Err(_) => break,
            },
            None => break,
        };
        match next {
            Some(Ok(message)) => came.push(message),
            Some(Err(trouble)) => return (came, Some(trouble)),
            None => break,
        }
    }
    (came, None)
}

fn more_follow(came: &[jetstream::Message]) -> bool {
    came.last().and_then(|last| last.info().ok()).is_some_and(|info| info.pending > 0)
}

/// Gives back what was brought and not begun: another replica takes it at once, and not when its time to be
/// acknowledged has run out.
async fn give_back(
    chassis: &Chassis,
    brought: Vec<jetstream::Message>,
) -> Result<(), Box<dyn std::error::Error + Send + Sync>> {
    let client = chassis.bus.client();
    // The server knows first that we ask for no more, or it would bring the same to us again.
    client.flush().await?;
    for message in brought {
        message.ack_with(AckKind::Nak(None)).await?;
    }
    client.flush().await?;
    Ok(())
}

async fn handle<S: Handles>(
    app: &S,
    chassis: &Chassis,
    reading: &Reading,
    apply: &Apply<S>,
    messages: Vec<jetstream::Message>,
) -> Result<(), async_nats::Error> {
    let consumer = reading.durable();
    let mut heard = Vec::with_capacity(messages.len());
    for message in messages {
        match Heard::read_envelope(&message.subject, &message.payload) {
            Ok(event) => heard.push((event, message)),
            // Not an event at all: no attempt will mend it.
            Err(reason) => {
                let body = String::from_utf8_lossy(&message.payload);
                let id = chassis.chance.uuid_v4();
                outbox::bury(chassis.store.pool(), &consumer, id, &message.subject, &body, &reason, 1)
                    .await?;
                tracing::error!(%consumer, subject = %message.subject, "a message that is no event was put aside");
                message.ack_with(AckKind::Term).await?;
            }
        }
    }
    if planted(Bug::AckBeforeCommit) {
        for (_, message) in &heard {
            message.ack().await?;
        }
    }
    if planted(Bug::DedupBySequence) {
        heard = only_higher(heard).await?;
    }
    let events: Vec<Heard> = heard.iter().map(|(event, _)| event.clone()).collect();
    // Most of the time all is well and one transaction serves them all.
    let result = take_effect(app, chassis, &consumer, apply, &events).await;
    match protocol::after_together(ended(&result)) {
        AfterTogether::Acknowledge => {
            for (_, message) in heard {
                message.ack().await?;
            }
            crash_point(CrashPoint::ConsumerAfterAck);
            return Ok(());
        }
        AfterTogether::GiveBack(wait) => {
            if let Err(fault) = &result {
                tracing::warn!(%consumer, error = %Chain(fault), "the store is away; reading pauses");
            }
            for (_, message) in heard {
                message.ack_with(AckKind::Nak(Some(wait))).await?;
            }
            tokio::time::sleep(Duration::from_millis(chassis.chance.jitter_ms(500..1_500))).await;
            return Ok(());
        }
        AfterTogether::TryEach => {}
    }
    for (event, message) in heard {
        let alone = std::slice::from_ref(&event);
        let result = take_effect(app, chassis, &consumer, apply, alone).await;
        match (protocol::after_alone(ended(&result)), result) {
            (AfterAlone::Count, Err(fault)) => {
                give_back_or_bury(chassis, &consumer, &event, &message, &fault).await?;
            }
            (AfterAlone::GiveBack(wait), _) => message.ack_with(AckKind::Nak(Some(wait))).await?,
            (AfterAlone::Acknowledge | AfterAlone::Count, _) => message.ack().await?,
        }
    }
    Ok(())
}

fn ended(result: &Result<(), Fault>) -> Ended {
    match result {
        Ok(()) => Ended::Committed,
        Err(fault) if fault.is_store_away() => Ended::StoreAway,
        Err(_) => Ended::Failed,
    }
}

/// The mistake of [`Bug::DedupBySequence`]: those above the highest stream number so far; the others are
/// acknowledged as known.
async fn only_higher(
    heard: Vec<(Heard, jetstream::Message)>,
) -> Result<Vec<(Heard, jetstream::Message)>, async_nats::Error> {
    static HIGHEST: LazyLock<Mutex<HashMap<(String, String), u64>>> = LazyLock::new(Mutex::default);
    let mut higher = Vec::with_capacity(heard.len());
    for (event, message) in heard {
        let (number, place) = {
            let info = message.info()?;
            (info.stream_sequence, (info.stream.to_owned(), info.consumer.to_owned()))
        };
        let is_higher = {
            let mut highest = HIGHEST.lock().unwrap_or_else(PoisonError::into_inner);
            let highest = highest.entry(place).or_default();
            let is_higher = number > *highest;
            *highest = number.max(*highest);
            is_higher
        };
        if is_higher {
            higher.push((event, message));
        } else {
            message.ack().await?;
        }
    }
    Ok(higher)
}

async fn take_effect<S: Handles>(
    app: &S,
    chassis: &Chassis,
    consumer: &str,
    apply: &Apply<S>,
    events: &[Heard],
) -> Result<(), Fault> {
    let mut tx = chassis.store.begin().await?;
    let now = tx.now();
    let ids: Vec<Uuid> = events.iter().map(|event| event.event_id).collect();
    let new = if planted(Bug::NoInbox) || planted(Bug::DedupBySequence) {
        ids.clone()
    } else {
        outbox::enter(tx.conn(), consumer, &ids, now).await?
    };
    let taking = protocol::taking_effect(&ids, &new);
    let fresh: Vec<Heard> = taking.iter().map(|index| events[*index].clone()).collect();
    if !fresh.is_empty() {
        apply(app, &mut tx, &fresh).await?;
        outbox::forget_failures(tx.conn(), consumer, &new).await?;
        tx.ring();
    }
    crash_point(CrashPoint::ConsumerBeforeCommit);
    tx.commit().await?;
    crash_point(CrashPoint::ConsumerAfterCommit);
    let labels = ServiceLabels { service: chassis.service.name() };
    chassis.metrics.events_applied.get_or_create(&labels).inc_by(fresh.len() as u64);
    chassis.metrics.events_repeated.get_or_create(&labels).inc_by((events.len() - fresh.len()) as u64);
    Ok(())
}

async fn give_back_or_bury(
    chassis: &Chassis,
    consumer: &str,
    event: &Heard,
    message: &jetstream::Message,
    fault: &Fault,
) -> Result<(), async_nats::Error> {
    let reason = Chain(fault).to_string();
    let attempts = outbox::count_failure(chassis.store.pool(), consumer, event.event_id, &reason).await?;
    if let AfterAttempt::GiveBack(wait) = protocol::after_attempt(attempts) {
        tracing::warn!(consumer, event = %event.event_id, attempts, %reason, "an event failed; it comes back");
        message.ack_with(AckKind::Nak(Some(wait))).await?;
    } else {
        outbox::bury(
            chassis.store.pool(),
            consumer,
            event.event_id,
            &event.subject,
            &event.body,
            &reason,
            attempts,
        )
        .await?;
        tracing::error!(consumer, event = %event.event_id, attempts, %reason, "an event was given up");
        let labels = ServiceLabels { service: chassis.service.name() };
        chassis.metrics.dead_letters.get_or_create(&labels).inc();
        message.ack_with(AckKind::Term).await?;
    }
    Ok(())
}
