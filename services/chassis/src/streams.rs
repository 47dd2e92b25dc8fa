//! The streams and their consumers, made by the administrator's identity at deploy time and again by the keeper
//! when they are gone (RELIABILITY rules 9 and 12), and compared with what the server says it has.

use std::{collections::BTreeSet, time::Duration};

use async_nats::jetstream::{
    self,
    consumer::{AckPolicy, pull},
    stream::{Config, DiscardPolicy, PersistenceMode, RetentionPolicy, StorageType},
};
use async_nats::{RequestErrorKind, StatusCode};
use futures::TryStreamExt;
use proto::{
    Stream,
    catalogue::{Audit, EventSpec, READINGS, Reading, audits},
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
    /// The server has something else than asked, as old servers do with settings they do not know, and as all do
    /// with what cannot be changed any more.
    #[error("the server keeps {name} otherwise than asked: {what}; is it nats-server 2.14 or newer?")]
    Otherwise {
        /// Which.
        name: String,
        /// What differs.
        what: String,
    },
    /// A stream would store and answer requests (DESIGN section 1), ours or anybody's on this server.
    #[error("stream {name} captures {subject}, which is not for streams: it would answer requests")]
    Overlap {
        /// Which.
        name: String,
        /// The subject.
        subject: String,
    },
}

impl StreamsError {
    fn server(name: &str, source: impl Into<Box<dyn std::error::Error + Send + Sync>>) -> Self {
        Self::Server { name: name.to_owned(), source: source.into() }
    }
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
        // What a replica had in hand when it died, froze or was cut off waits this long for another one
        // (RELIABILITY T6: all is well within 10 s). Longer than any statement may run; and if it is over too
        // early all the same, the inbox makes the repeat harmless.
        ack_wait: Duration::from_secs(8),
        // For ever: what fails is counted in PostgreSQL and becomes a dead letter there.
        max_deliver: -1,
        max_ack_pending: 2_000,
        filter_subjects: reading.filters().iter().map(|filter| names.subject(filter)).collect(),
        ..pull::Config::default()
    }
}

/// How the consumer of an auditor must be: it may begin again wherever it likes, sees numbers and ids only, and
/// leaves nothing to acknowledge.
fn audit_config(audit: Audit, names: &Names) -> pull::Config {
    pull::Config {
        durable_name: Some(audit.durable()),
        description: Some("Compares what the stream holds with an outbox.".to_owned()),
        ack_policy: AckPolicy::None,
        headers_only: true,
        filter_subject: names.subject(&audit.filter()),
        ..pull::Config::default()
    }
}

/// Every consumer that a stream must have.
fn consumers(stream: Stream, names: &Names) -> Vec<pull::Config> {
    let readings = READINGS.iter().filter(|reading| reading.stream == stream);
    let readings = readings.map(|reading| consumer_config(reading, names));
    let audits = audits().filter(|audit| audit.stream == stream).map(|audit| audit_config(audit, names));
    std::iter::once(keeper::consumer_config(stream, names)).chain(readings).chain(audits).collect()
}

fn name_of(consumer: &pull::Config) -> &str {
    consumer.durable_name.as_deref().unwrap_or_default()
}

/// How the stream of advisories must be: a net under everything that the server says about streams and consumers
/// by itself, such as a message that was given up. Not what it says about each call of its API: there are too many.
pub fn advisories_config(names: &Names, replicas: usize) -> Config {
    Config {
        name: names.advisories(),
        description: Some("What the server says about streams and consumers.".to_owned()),
        subjects: names.advisory_subjects(),
        retention: RetentionPolicy::Limits,
        // A net: the oldest goes when it is full, and nobody is held up.
        discard: DiscardPolicy::Old,
        storage: StorageType::File,
        max_age: days(14),
        max_bytes: 64 * 1024 * 1024,
        num_replicas: replicas,
        deny_delete: true,
        ..Config::default()
    }
}

/// Makes or mends all streams and consumers, in so many copies: 3 where there are three machines. With one copy
/// they are not highly available.
///
/// # Errors
/// When the server does not do it, has something else in the end, or lets a stream of anybody capture requests.
pub async fn ensure(client: &async_nats::Client, names: &Names, replicas: usize) -> Result<(), StreamsError> {
    let context = jetstream::new(client.clone());
    refuse_overlap(&context, names).await?;
    for stream in Stream::ALL {
        let made = ensure_stream(&context, stream_config(stream, names, replicas)).await?;
        for wanted in consumers(stream, names) {
            let name = name_of(&wanted).to_owned();
            let consumer = made
                .create_consumer(wanted.clone())
                .await
                .map_err(|error| StreamsError::server(&name, error))?;
            let has = &consumer.cached_info().config;
            let single = |filter: &String| Some(filter.clone()).filter(|filter| !filter.is_empty());
            let filters: BTreeSet<_> =
                has.filter_subjects.iter().cloned().chain(single(&has.filter_subject)).collect();
            let asked: BTreeSet<_> =
                wanted.filter_subjects.iter().cloned().chain(single(&wanted.filter_subject)).collect();
            if filters != asked || has.ack_policy != wanted.ack_policy {
                return Err(StreamsError::Otherwise { name, what: "filters, acknowledging".to_owned() });
            }
        }
    }
    ensure_stream(&context, advisories_config(names, replicas)).await?;
    Ok(())
}

async fn ensure_stream(
    context: &jetstream::Context,
    wanted: Config,
) -> Result<jetstream::stream::Stream, StreamsError> {
    let name = wanted.name.clone();
    let made = context
        .create_or_update_stream(wanted.clone())
        .await
        .map_err(|error| StreamsError::server(&name, error))?;
    let differences = differences(&made.config, &wanted);
    if !differences.is_empty() {
        return Err(StreamsError::Otherwise { name, what: differences.join(", ") });
    }
    context.get_stream(&name).await.map_err(|error| StreamsError::server(&name, error))
}

/// In what a stream is not as it must be, in words (RELIABILITY rule 9).
pub fn differences(has: &Config, wanted: &Config) -> Vec<&'static str> {
    let same = [
        ("subjects", has.subjects == wanted.subjects),
        ("retention", has.retention == wanted.retention),
        ("discard", has.discard == wanted.discard),
        ("storage", has.storage == wanted.storage),
        ("max age", has.max_age == wanted.max_age),
        // Where nothing is asked, the server fills in its own.
        (
            "duplicate window",
            wanted.duplicate_window.is_zero() || has.duplicate_window == wanted.duplicate_window,
        ),
        ("replicas", has.num_replicas == wanted.num_replicas),
        ("deny_delete", has.deny_delete == wanted.deny_delete),
        ("atomic publish", has.allow_atomic_publish == wanted.allow_atomic_publish),
        // It would acknowledge before it has written, whatever `sync_interval` says.
        ("persist_mode async", !matches!(has.persist_mode, Some(PersistenceMode::Async))),
    ];
    same.into_iter().filter(|(_, same)| !same).map(|(what, _)| what).collect()
}

/// The first stream or consumer that is not there; `None` when none is missing.
///
/// # Errors
/// When the server does not say.
pub async fn missing(client: &async_nats::Client, names: &Names) -> Result<Option<String>, StreamsError> {
    let context = jetstream::new(client.clone());
    let there: BTreeSet<String> = context
        .stream_names()
        .try_collect()
        .await
        .map_err(|error| StreamsError::server("names of streams", error))?;
    let mut wanted = Stream::ALL.map(|stream| names.stream(stream)).to_vec();
    wanted.push(names.advisories());
    if let Some(gone) = wanted.into_iter().find(|name| !there.contains(name)) {
        return Ok(Some(gone));
    }
    for stream in Stream::ALL {
        let name = names.stream(stream);
        let made =
            context.get_stream_no_info(&name).await.map_err(|error| StreamsError::server(&name, error))?;
        let there: BTreeSet<String> =
            made.consumer_names().try_collect().await.map_err(|error| StreamsError::server(&name, error))?;
        let wanted = consumers(stream, names);
        if let Some(gone) = wanted.iter().map(name_of).find(|consumer| !there.contains(*consumer)) {
            return Ok(Some(format!("{gone} on {name}")));
        }
    }
    Ok(None)
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

/// No stream on this server, ours or anybody's, may capture what is asked: it would answer before the service does.
async fn refuse_overlap(context: &jetstream::Context, names: &Names) -> Result<(), StreamsError> {
    let asked = ["cmd.>", "again.>", "wake.>"].map(|below_root| names.subject(below_root));
    let mut streams = context.streams();
    while let Some(stream) =
        streams.try_next().await.map_err(|error| StreamsError::server("list of streams", error))?
    {
        let captures = &stream.config.subjects;
        if let Some(subject) =
            captures.iter().find(|subject| asked.iter().any(|asked| overlap(subject, asked)))
        {
            return Err(StreamsError::Overlap { name: stream.config.name, subject: subject.clone() });
        }
    }
    Ok(())
}

/// Whether there is a subject that both patterns catch.
fn overlap(one: &str, another: &str) -> bool {
    let (mut one, mut another) = (one.split('.'), another.split('.'));
    loop {
        match (one.next(), another.next()) {
            (None, None) => return true,
            (None, _) | (_, None) => return false,
            (Some(">"), _) | (_, Some(">")) => return true,
            (Some(left), Some(right)) if left == "*" || right == "*" || left == right => {}
            _ => return false,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn patterns_that_catch_a_common_subject_overlap() {
        for (one, another, expected) in [
            ("dbj.cmd.>", "dbj.cmd.>", true),
            (">", "dbj.cmd.>", true),
            ("*.cmd.intake.*", "dbj.cmd.>", true),
            ("dbj.>", "dbj.cmd.>", true),
            ("dbj.cmd", "dbj.cmd.>", false),
            ("dbj.evt.>", "dbj.cmd.>", false),
            ("dbj.*", "dbj.cmd.>", false),
            ("other.cmd.>", "dbj.cmd.>", false),
        ] {
            assert_eq!(overlap(one, another), expected, "{one} {another}");
            assert_eq!(overlap(another, one), expected, "{another} {one}");
        }
    }

    #[test]
    fn no_stream_of_ours_overlaps_requests_or_another() {
        for names in [Names::default(), Names::under("t7")] {
            let mut configs: Vec<_> =
                Stream::ALL.into_iter().map(|stream| stream_config(stream, &names, 1)).collect();
            configs.push(advisories_config(&names, 1));
            let of = |config: &Config| config.subjects.clone();
            for (index, config) in configs.iter().enumerate() {
                let others = configs.iter().skip(index + 1).flat_map(of);
                let asked = ["cmd.>", "again.>", "wake.>"].map(|below_root| names.subject(below_root));
                for other in others.chain(asked) {
                    let clash = config.subjects.iter().find(|subject| overlap(subject, &other));
                    assert_eq!(clash, None, "{other}");
                }
            }
        }
    }

    #[test]
    fn each_setting_that_loses_data_is_a_difference() {
        let wanted = stream_config(Stream::Facts, &Names::default(), 1);
        assert_eq!(differences(&wanted, &wanted), Vec::<&str>::new());
        let unlike = |change: fn(&mut Config)| {
            let mut has = wanted.clone();
            change(&mut has);
            differences(&has, &wanted)
        };
        assert_eq!(unlike(|has| has.persist_mode = Some(PersistenceMode::Async)), ["persist_mode async"]);
        assert_eq!(unlike(|has| has.retention = RetentionPolicy::WorkQueue), ["retention"]);
        assert_eq!(unlike(|has| has.max_age = days(1)), ["max age"]);
        assert_eq!(unlike(|has| has.duplicate_window = Duration::from_secs(1)), ["duplicate window"]);
        assert_eq!(unlike(|has| has.num_replicas = 3), ["replicas"]);
    }
}
