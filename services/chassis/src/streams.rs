//! The two streams and their consumers, made by the administrator's identity at deploy time
//! (RELIABILITY rules 9 and 12) and compared with what the server says it has.

use std::time::Duration;

use async_nats::jetstream::{
    self,
    consumer::{AckPolicy, pull},
    stream::{Config, DiscardPolicy, RetentionPolicy, StorageType},
};
use async_nats::{RequestErrorKind, StatusCode};
use proto::{
    Stream,
    catalogue::{EventSpec, READINGS, Reading},
    permissions::Names,
};
use uuid::Uuid;

use crate::{bus::Bus, fault::Fault, keeper};

/// Why streams could not be made as they must be.
#[derive(Debug, thiserror::Error)]
pub enum StreamsError {
    /// The server did not do it.
    #[error("stream or consumer {name}")]
    Server {
        /// Which.
        name: String,
        /// Why.
        #[source]
        source: Box<dyn std::error::Error + Send + Sync>,
    },
    /// The server accepted it but has something else, as old servers do with settings they do not know.
    #[error("the server keeps {name} otherwise than asked: {what}; is it nats-server 2.14 or newer?")]
    Otherwise {
        /// Which.
        name: String,
        /// What differs.
        what: String,
    },
    /// A stream would store and answer requests (DESIGN section 1).
    #[error("stream {name} captures {subject}, which is not for streams: it would answer requests")]
    Overlap {
        /// Which.
        name: String,
        /// The subject.
        subject: String,
    },
}

fn days(count: u64) -> Duration {
    Duration::from_secs(count * 24 * 60 * 60)
}

/// How a stream must be.
pub fn stream_config(stream: Stream, names: &Names, replicas: usize) -> Config {
    let (max_age, description) = match stream {
        Stream::Facts => (days(30), "Facts of every service. The record is in PostgreSQL."),
        Stream::Background => (days(7), "Background facts, for figures only."),
    };
    Config {
        name: names.stream(stream),
        description: Some(description.to_owned()),
        subjects: vec![names.stream_subjects(stream)],
        retention: RetentionPolicy::Limits,
        discard: DiscardPolicy::New,
        storage: StorageType::File,
        max_age,
        max_messages: -1,
        max_bytes: -1,
        max_messages_per_subject: -1,
        max_consumers: -1,
        duplicate_window: Duration::from_mins(2),
        num_replicas: replicas,
        deny_delete: true,
        allow_atomic_publish: true,
        // So that intake can see that nothing is left about someone (`holds`).
        allow_direct: true,
        ..Config::default()
    }
}

fn consumer_config(reading: &Reading, names: &Names) -> pull::Config {
    pull::Config {
        durable_name: Some(reading.durable()),
        ack_policy: AckPolicy::Explicit,
        ack_wait: Duration::from_secs(30),
        // For ever: what fails is counted in PostgreSQL and becomes a dead letter there.
        max_deliver: -1,
        max_ack_pending: 2_000,
        filter_subjects: reading.filters().iter().map(|filter| names.subject(filter)).collect(),
        ..pull::Config::default()
    }
}

/// Makes or mends both streams and all consumers.
pub async fn ensure(client: &async_nats::Client, names: &Names, replicas: usize) -> Result<(), StreamsError> {
    let context = jetstream::new(client.clone());
    for stream in Stream::ALL {
        let wanted = stream_config(stream, names, replicas);
        let name = wanted.name.clone();
        let failed = |source: Box<dyn std::error::Error + Send + Sync>| StreamsError::Server {
            name: name.clone(),
            source,
        };
        refuse_overlap(&wanted, names)?;
        let info =
            context.create_or_update_stream(wanted.clone()).await.map_err(|error| failed(error.into()))?;
        let has = &info.config;
        if !has.allow_atomic_publish || has.subjects != wanted.subjects || !has.deny_delete {
            return Err(StreamsError::Otherwise {
                name,
                what: "atomic publish, subjects or deny_delete".to_owned(),
            });
        }
        let made = context.get_stream(&name).await.map_err(|error| failed(error.into()))?;
        made.create_consumer(keeper::consumer_config(stream, names))
            .await
            .map_err(|error| failed(error.into()))?;
        for reading in READINGS.iter().filter(|reading| reading.stream == stream) {
            let wanted = consumer_config(reading, names);
            let failed = |source: Box<dyn std::error::Error + Send + Sync>| StreamsError::Server {
                name: reading.durable(),
                source,
            };
            let consumer =
                made.create_consumer(wanted.clone()).await.map_err(|error| failed(error.into()))?;
            let has = &consumer.cached_info().config;
            let mut filters = has.filter_subjects.clone();
            filters.extend(Some(has.filter_subject.clone()).filter(|filter| !filter.is_empty()));
            if filters.len() != wanted.filter_subjects.len() {
                return Err(StreamsError::Otherwise { name: reading.durable(), what: "filters".to_owned() });
            }
        }
    }
    Ok(())
}

/// Whether a stream still holds an event of this kind about this aggregate. Only intake may ask, and only
/// about its own facts (`proto::permissions`).
///
/// # Errors
/// When the stream does not answer: ask again later.
pub async fn holds(bus: &Bus, event: &EventSpec, aggregate_id: Uuid) -> Result<bool, Fault> {
    let names = bus.names();
    let stream = names.stream(event.stream);
    let subject = format!("$JS.API.DIRECT.GET.{stream}.{}", names.subject(&event.subject(aggregate_id)));
    let answer = match bus.client().request(subject, bytes::Bytes::new()).await {
        Ok(answer) => answer,
        Err(error) if error.kind() == RequestErrorKind::NoResponders => {
            return Err(Fault::broken(
                "looking into a stream",
                "it is not there or cannot be asked directly",
            ));
        }
        Err(error) => return Err(Fault::broken("looking into a stream", error)),
    };
    match answer.status {
        None | Some(StatusCode::OK) => Ok(true),
        Some(StatusCode::NOT_FOUND) => Ok(false),
        Some(other) => Err(Fault::broken("looking into a stream", format!("the server says {other}"))),
    }
}

fn refuse_overlap(config: &Config, names: &Names) -> Result<(), StreamsError> {
    let allowed = Stream::ALL.map(|stream| names.stream_subjects(stream));
    match config.subjects.iter().find(|subject| !allowed.contains(subject)) {
        None => Ok(()),
        Some(subject) => Err(StreamsError::Overlap { name: config.name.clone(), subject: subject.clone() }),
    }
}
