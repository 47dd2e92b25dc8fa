//! The keeper of the streams: purges what a stream holds about an aggregate that is erased (DESIGN rule 4,
//! docs/adr/0007).
//!
//! It works under the administrator's identity, because no service may purge. It hears every event that
//! erases, by a durable consumer per stream, and purges by subject each *other* event about the same id;
//! what erases and what confirms an erasure stays. It does so at once and again when nobody sends
//! any more what was under way at that moment, which it sees by the age of the event: how often one was brought says
//! nothing, because an answer can be lost. Purging twice changes nothing, and what was heard is
//! acknowledged only after the last time: so it may die at any moment, and two of them may work together.
//!
//! It also makes streams and consumers again that are gone, as after a lost disk (docs/adr/0009): the auditors of
//! the services then fill them from their outboxes.

use std::{sync::Arc, time::Duration};

use async_nats::jetstream::{
    self, AckKind,
    consumer::{AckPolicy, PullConsumer, pull},
};
use chrono::TimeDelta;
use futures::StreamExt;
use proto::{
    Stream,
    catalogue::{EVENTS, EventSpec},
    permissions::Names,
};
use tokio_util::{sync::CancellationToken, task::TaskTracker};
use uuid::Uuid;

use crate::{
    chance::Chance,
    clock::Clock,
    fault::Chain,
    protocol::{self, AfterPurge},
    streams,
};

/// The name of its consumers, on each stream.
pub const DURABLE: &str = "streams";

/// How often it looks whether a stream or a consumer is gone.
const LOOK_EVERY: Duration = Duration::from_secs(5);
/// How long work in hand gets to finish.
const DRAIN: Duration = Duration::from_secs(5);

type Failed = Box<dyn std::error::Error + Send + Sync>;

/// A keeper at work.
#[derive(Debug)]
pub struct Keeper {
    stop: CancellationToken,
    tasks: TaskTracker,
}

impl Keeper {
    /// Begins, over a connection of the administrator. Whatever fails, it begins again. Streams that are gone are
    /// made again with so many copies.
    pub fn start(
        client: &async_nats::Client,
        names: &Names,
        chance: &Arc<dyn Chance>,
        replicas: usize,
    ) -> Self {
        let (stop, tasks) = (CancellationToken::new(), TaskTracker::new());
        for stream in Stream::ALL {
            let work = Work { client: client.clone(), names: names.clone(), stream };
            tasks.spawn(work.run(chance.clone(), stop.clone()));
        }
        tasks.spawn(keep_streams(client.clone(), names.clone(), replicas, stop.clone()));
        tasks.close();
        Self { stop, tasks }
    }

    /// Finishes what is in hand and ends.
    pub async fn stop(self) {
        self.stop.cancel();
        if tokio::time::timeout(DRAIN, self.tasks.wait()).await.is_err() {
            tracing::warn!("a purge was left unfinished; it will be done again");
        }
    }
}

/// Makes again what is gone. What somebody changed by hand stays as it is until the next deployment.
async fn keep_streams(client: async_nats::Client, names: Names, replicas: usize, stop: CancellationToken) {
    while !stop.is_cancelled() {
        match streams::missing(&client, &names).await {
            Ok(None) => {}
            Ok(Some(gone)) => {
                tracing::error!(
                    gone,
                    "a stream or consumer is gone; it is made again and filled from the outboxes"
                );
                match streams::ensure(&client, &names, replicas).await {
                    Ok(()) => tracing::info!("streams and consumers are complete again"),
                    Err(error) => tracing::error!(error = %Chain(&error), "they could not be made"),
                }
            }
            Err(error) => {
                tracing::warn!(error = %Chain(&error), "nobody could look whether all streams are there");
            }
        }
        tokio::select! { () = tokio::time::sleep(LOOK_EVERY) => (), () = stop.cancelled() => () }
    }
}

/// The events that stay when this aggregate is purged do not stand here.
fn purged(stream: Stream) -> impl Iterator<Item = &'static EventSpec> {
    EVENTS.iter().filter(move |event| event.stream == stream && !event.erases && !event.confirms_erasure)
}

fn erasing(stream: Stream) -> impl Iterator<Item = &'static EventSpec> {
    EVENTS.iter().filter(move |event| event.stream == stream && event.erases)
}

/// How its consumer on a stream must be.
pub(crate) fn consumer_config(stream: Stream, names: &Names) -> pull::Config {
    pull::Config {
        durable_name: Some(DURABLE.to_owned()),
        description: Some("Purges what the stream holds about what is erased.".to_owned()),
        ack_policy: AckPolicy::Explicit,
        ack_wait: Duration::from_secs(30),
        max_deliver: -1,
        // Each stays open until its second purge, and a day of many erasures must not hold up the next.
        max_ack_pending: -1,
        filter_subjects: erasing(stream).map(|event| names.subject(&event.filter())).collect(),
        ..pull::Config::default()
    }
}

struct Work {
    client: async_nats::Client,
    names: Names,
    stream: Stream,
}

impl Work {
    async fn run(self, chance: Arc<dyn Chance>, stop: CancellationToken) {
        while !stop.is_cancelled() {
            if let Err(error) = self.keep(&stop).await {
                tracing::warn!(stream = %self.names.stream(self.stream), error = %Chain(&*error), "purging begins again");
                let pause = Duration::from_millis(chance.jitter_ms(200..2_000));
                tokio::select! { () = tokio::time::sleep(pause) => (), () = stop.cancelled() => () }
            }
        }
    }

    async fn keep(&self, stop: &CancellationToken) -> Result<(), Failed> {
        let context = jetstream::new(self.client.clone());
        let stream = context.get_stream_no_info(self.names.stream(self.stream)).await?;
        let consumer: PullConsumer =
            stream.create_consumer(consumer_config(self.stream, &self.names)).await?;
        let mut messages = consumer.messages().await?;
        loop {
            let message = tokio::select! {
                message = messages.next() => message,
                () = stop.cancelled() => return Ok(()),
            };
            let Some(message) = message else { return Ok(()) };
            let message = message?;
            let Some(id) = message.subject.rsplit('.').next().and_then(|id| id.parse::<Uuid>().ok()) else {
                tracing::error!(subject = %message.subject, "an event that erases names nobody");
                message.ack_with(AckKind::Term).await?;
                continue;
            };
            // Read before it purges: what arrives meanwhile is younger than it seems. The server's clock and ours may
            // differ by a little, the moved clock of a test by days.
            let now = Clock::default().machine_now().timestamp();
            let age = TimeDelta::seconds(now - message.info()?.published.unix_timestamp());
            let gone = self.purge(&stream, id).await?;
            tracing::info!(aggregate.id = %id, gone, age = age.num_seconds(), "purged");
            let answer = match protocol::after_purge(age) {
                AfterPurge::Again(wait) => AckKind::Nak(Some(wait)),
                AfterPurge::Acknowledge => AckKind::Ack,
            };
            message.ack_with(answer).await?;
        }
    }

    async fn purge<I>(&self, stream: &jetstream::stream::Stream<I>, id: Uuid) -> Result<u64, Failed>
    where
        I: Send + Sync,
    {
        let mut gone = 0;
        for event in purged(self.stream) {
            gone += stream.purge().filter(self.names.subject(&event.subject(id))).await?.purged;
        }
        Ok(gone)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_erases_and_what_confirms_stays() {
        for stream in Stream::ALL {
            assert!(erasing(stream).next().is_some(), "{stream:?} can be cleaned");
            for event in purged(stream) {
                assert!(
                    !event.name.contains("erased") && !event.name.contains("forgotten"),
                    "{}",
                    event.name
                );
            }
        }
        let named: Vec<_> = purged(Stream::Facts).map(|event| event.name).collect();
        assert!(named.contains(&"profile_published") && named.contains(&"proposal_shown"));
    }
}
