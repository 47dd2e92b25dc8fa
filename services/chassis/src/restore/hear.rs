//! Reads from the streams what was told after the backup: as the administrator, while no service works.

use std::{collections::BTreeMap, time::Duration};

use async_nats::jetstream::{
    self,
    consumer::{AckPolicy, PullConsumer, pull},
};
use chrono::{DateTime, Utc};
use futures::StreamExt as _;
use proto::{
    CloudEvent, Fact as _, Service, Stream,
    catalogue::{EVENTS, EventSpec, READINGS, readers_of},
    intake::SeekerErased,
    permissions::Names,
};
use serde::Deserialize;
use sqlx::{AssertSqlSafe, Connection as _, PgConnection};
use uuid::Uuid;

use crate::streams;

/// Messages in one transaction.
const AT_ONCE: usize = 500;
/// How long the server keeps a reading that nobody goes on with.
const INACTIVE: Duration = Duration::from_mins(5);
/// "No such consumer", as the server says it.
const NO_SUCH_CONSUMER: u64 = 10014;

/// Why it is not known what was told after the backup. The same command may be repeated.
#[derive(Debug, thiserror::Error)]
pub enum HearFailed {
    /// The server did not answer as it should.
    #[error("reading stream {stream}")]
    Stream {
        /// Which.
        stream: String,
        /// Why.
        #[source]
        source: Box<dyn std::error::Error + Send + Sync>,
    },
    /// The database did not take it.
    #[error("entering what was told after the backup")]
    Store(#[from] sqlx::Error),
    /// Streams or consumers could not be made anew.
    #[error(transparent)]
    Streams(#[from] streams::StreamsError),
    /// An event that this version does not know: it must not be passed over in silence.
    #[error("the stream holds {subject}, which this version of the program does not know")]
    UnknownEvent {
        /// Its subject.
        subject: String,
    },
}

/// What was found, for the report.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Report {
    /// Messages on the streams.
    pub heard: u64,
    /// Facts told after the backup, by service and kind.
    pub told: BTreeMap<(Service, &'static str), u64>,
    /// Messages that are no event; the auditor names them.
    pub unreadable: u64,
}

/// An event on a stream, as an outbox keeps it.
struct Fact {
    event: &'static EventSpec,
    id: Uuid,
    aggregate_id: Uuid,
    version: i64,
    subject: String,
    body: String,
    at: DateTime<Utc>,
    stream_seq: i64,
}

#[derive(Deserialize)]
struct Envelope {
    id: Uuid,
    subject: Uuid,
    time: DateTime<Utc>,
    data: Versioned,
}

#[derive(Deserialize)]
struct Versioned {
    version: i64,
}

/// Reads both streams from their beginning and enters what the restored tables do not know. Safe to repeat.
///
/// # Errors
/// [`HearFailed`]; what was entered until then stays, and is not entered twice.
pub async fn hear(
    client: &async_nats::Client,
    names: &Names,
    conn: &mut PgConnection,
) -> Result<Report, HearFailed> {
    let mut report = Report::default();
    for stream in Stream::ALL {
        let name = names.stream(stream);
        let failed = |source: Box<dyn std::error::Error + Send + Sync>| HearFailed::Stream {
            stream: name.clone(),
            source,
        };
        let context = jetstream::new(client.clone());
        let handle = context.get_stream(&name).await.map_err(|error| failed(error.into()))?;
        let config = pull::Config {
            description: Some("Reads what was told after a backup.".to_owned()),
            ack_policy: AckPolicy::None,
            inactive_threshold: INACTIVE,
            ..pull::Config::default()
        };
        let mut consumer: PullConsumer =
            handle.create_consumer(config).await.map_err(|error| failed(error.into()))?;
        loop {
            let batch = consumer.fetch().max_messages(AT_ONCE).messages().await;
            let mut messages = batch.map_err(|error| failed(error.into()))?;
            let (mut facts, mut count) = (Vec::new(), 0);
            while let Some(message) = messages.next().await {
                let message = message.map_err(failed)?;
                count += 1;
                match fact(names, &message) {
                    Ok(Some(fact)) => facts.push(fact),
                    Ok(None) => {
                        return Err(HearFailed::UnknownEvent { subject: message.subject.to_string() });
                    }
                    Err(Unreadable) => report.unreadable += 1,
                }
            }
            if count == 0 {
                let info = consumer.info().await.map_err(|error| failed(error.into()))?;
                if info.num_pending == 0 {
                    break;
                }
            }
            report.heard += count;
            enter(conn, &facts, &mut report).await?;
        }
        let ours = consumer.cached_info().name.clone();
        if let Err(error) = handle.delete_consumer(&ours).await {
            tracing::debug!(%error, "the server forgets the reading by itself");
        }
    }
    Ok(report)
}

/// Not an event: what wrote it is not ours.
struct Unreadable;

/// The event in a message; `None` when this version does not know it.
fn fact(names: &Names, message: &jetstream::Message) -> Result<Option<Fact>, Unreadable> {
    let envelope: Envelope = serde_json::from_slice(&message.payload).map_err(|_| Unreadable)?;
    let body = std::str::from_utf8(&message.payload).map_err(|_| Unreadable)?;
    let stream_seq = message.info().map_err(|_| Unreadable)?.stream_sequence as i64;
    let known = EVENTS.iter().find_map(|event| {
        let below_root = event.subject(envelope.subject);
        (*message.subject == *names.subject(&below_root)).then_some((event, below_root))
    });
    Ok(known.map(|(event, subject)| Fact {
        event,
        id: envelope.id,
        aggregate_id: envelope.subject,
        version: envelope.data.version,
        subject,
        body: body.to_owned(),
        at: envelope.time,
        stream_seq,
    }))
}

/// Enters a batch for every service, in one transaction.
async fn enter(conn: &mut PgConnection, facts: &[Fact], report: &mut Report) -> Result<(), sqlx::Error> {
    let mut tx = conn.begin().await?;
    for service in Service::ALL {
        let own: Vec<&Fact> = facts.iter().filter(|fact| fact.event.by == service).collect();
        if own.is_empty() {
            continue;
        }
        use_schema(&mut tx, service).await?;
        let new = enter_own(&mut tx, &own).await?;
        for fact in own.iter().filter(|fact| new.contains(&fact.id)) {
            *report.told.entry((service, fact.event.name)).or_default() += 1;
        }
        let new: Vec<&Fact> = own.into_iter().filter(|fact| new.contains(&fact.id)).collect();
        // A confirmation of what the restored tables have not done holds no more: they do it again and confirm
        // again. Entered as heard, the old one is let pass.
        for fact in new.iter().filter(|fact| fact.event.confirms_erasure) {
            for reader in readers_of(fact.event.name) {
                use_schema(&mut tx, reader).await?;
                sqlx::query(
                    "insert into inbox (event_id, consumer, processed_at) values ($1, $2, now()) on conflict do nothing",
                )
                .bind(fact.id)
                .bind(durable(reader, fact.event))
                .execute(&mut *tx)
                .await?;
            }
        }
    }
    for fact in facts.iter().filter(|fact| fact.event.erases) {
        for reader in readers_of(fact.event.name).filter(|reader| *reader != fact.event.by) {
            use_schema(&mut tx, reader).await?;
            enter_heard(&mut tx, reader, fact).await?;
        }
    }
    tx.commit().await
}

async fn use_schema(conn: &mut PgConnection, service: Service) -> Result<(), sqlx::Error> {
    let statement = format!("set local search_path = {}", service.schema());
    sqlx::raw_sql(AssertSqlSafe(statement)).execute(conn).await?;
    Ok(())
}

fn durable(reader: Service, event: &EventSpec) -> String {
    let reading = READINGS.iter().find(|reading| {
        reading.by == reader && reading.stream == event.stream && reading.events.contains(&event.name)
    });
    reading.expect("who reads an event has a reading").durable()
}

/// Facts of the service itself: those that its outbox does not know go there, as sent, and wait for the hook;
/// those that it was about to send are sent. Returns which are new.
async fn enter_own(conn: &mut PgConnection, own: &[&Fact]) -> Result<Vec<Uuid>, sqlx::Error> {
    sqlx::query_scalar(
        "with heard as (
             select * from unnest($1::uuid[], $2::uuid[], $3::bigint[], $4::text[], $5::text[], $6::text[],
                                  $7::timestamptz[], $8::bigint[])
                 as t (event_id, aggregate_id, version, type, subject, body, occurred_at, stream_seq)
         ), sent as (
             update outbox set published_at = now(), stream_seq = heard.stream_seq
             from heard where outbox.event_id = heard.event_id and outbox.published_at is null
         ), new as (
             insert into outbox (event_id, aggregate_id, version, type, subject, body, occurred_at, published_at,
                                 stream_seq)
             select event_id, aggregate_id, version, type, subject, body, occurred_at, now(), stream_seq from heard
             where not exists (select 1 from outbox known where known.event_id = heard.event_id)
             order by stream_seq
             on conflict do nothing
             returning event_id, stream_seq
         )
         insert into told_after_backup (event_id, aggregate_id, version, subject, body)
         select event_id, aggregate_id, version, subject, body from heard join new using (event_id, stream_seq)
         order by stream_seq
         on conflict do nothing
         returning event_id",
    )
    .bind(own.iter().map(|fact| fact.id).collect::<Vec<_>>())
    .bind(own.iter().map(|fact| fact.aggregate_id).collect::<Vec<_>>())
    .bind(own.iter().map(|fact| fact.version).collect::<Vec<_>>())
    .bind(own.iter().map(|fact| fact.event.dutch_type.to_owned()).collect::<Vec<_>>())
    .bind(own.iter().map(|fact| fact.subject.clone()).collect::<Vec<_>>())
    .bind(own.iter().map(|fact| fact.body.clone()).collect::<Vec<_>>())
    .bind(own.iter().map(|fact| fact.at).collect::<Vec<_>>())
    .bind(own.iter().map(|fact| fact.stream_seq).collect::<Vec<_>>())
    .fetch_all(conn)
    .await
}

/// An event of another service that erases, unless it took effect here before the backup.
async fn enter_heard(conn: &mut PgConnection, reader: Service, fact: &Fact) -> Result<(), sqlx::Error> {
    sqlx::query(
        "insert into told_after_backup (event_id, aggregate_id, version, subject, body)
         select $1, $2, $3, $4, $5
         where not exists (select 1 from inbox where event_id = $1 and consumer = $6)
         on conflict do nothing",
    )
    .bind(fact.id)
    .bind(fact.aggregate_id)
    .bind(fact.version)
    .bind(&fact.subject)
    .bind(&fact.body)
    .bind(durable(reader, fact.event))
    .execute(conn)
    .await?;
    Ok(())
}

/// An erasure that only the ledger kept elsewhere knows: it waits for the hooks like one that was heard, and is
/// told to everybody. Returns false when the tables or the streams know it.
///
/// # Errors
/// When the database does not answer.
pub async fn say_erased(
    conn: &mut PgConnection,
    event: &CloudEvent<SeekerErased>,
) -> Result<bool, sqlx::Error> {
    let spec = EVENTS.iter().find(|spec| spec.dutch_type == SeekerErased::DUTCH_TYPE);
    let spec = spec.expect("the catalogue has every event");
    let body = serde_json::to_string(event).map_err(|error| sqlx::Error::Encode(Box::new(error)))?;
    let fact = Fact {
        event: spec,
        id: event.id.0,
        aggregate_id: event.subject,
        version: event.data.version,
        subject: event.data.subject(),
        body,
        at: event.time,
        stream_seq: 0,
    };
    let mut tx = conn.begin().await?;
    use_schema(&mut tx, spec.by).await?;
    let known: bool = sqlx::query_scalar(
        "select exists (select 1 from erased_aggregates where aggregate_id = $1)
             or exists (select 1 from outbox where aggregate_id = $1 and type = $2)",
    )
    .bind(fact.aggregate_id)
    .bind(spec.dutch_type)
    .fetch_one(&mut *tx)
    .await?;
    if known {
        return Ok(false);
    }
    sqlx::query(
        "with said as (
             insert into outbox (event_id, aggregate_id, version, type, subject, body, occurred_at)
             values ($1, $2, $3, $4, $5, $6, $7)
         )
         insert into told_after_backup (event_id, aggregate_id, version, subject, body) values ($1, $2, $3, $5, $6)",
    )
    .bind(fact.id)
    .bind(fact.aggregate_id)
    .bind(fact.version)
    .bind(spec.dutch_type)
    .bind(&fact.subject)
    .bind(&fact.body)
    .bind(fact.at)
    .execute(&mut *tx)
    .await?;
    for reader in readers_of(spec.name).filter(|reader| *reader != spec.by) {
        use_schema(&mut tx, reader).await?;
        enter_heard(&mut tx, reader, &fact).await?;
    }
    tx.commit().await?;
    Ok(true)
}

/// Deletes the durable consumers and makes them again: each hears everything that the streams hold. The restored
/// inbox knows what took effect before the backup, versions refuse what is old, and the rest was forgotten.
///
/// # Errors
/// [`HearFailed`].
pub async fn start_consumers_anew(
    client: &async_nats::Client,
    names: &Names,
    replicas: usize,
) -> Result<(), HearFailed> {
    let context = jetstream::new(client.clone());
    for reading in READINGS {
        let stream = names.stream(reading.stream);
        let failed = |source: Box<dyn std::error::Error + Send + Sync>| HearFailed::Stream {
            stream: stream.clone(),
            source,
        };
        let handle = context.get_stream(&stream).await.map_err(|error| failed(error.into()))?;
        match handle.delete_consumer(&reading.durable()).await {
            Ok(_) => {}
            Err(error) if is_unknown_consumer(&error) => {}
            Err(error) => return Err(failed(error.into())),
        }
    }
    streams::ensure(client, names, replicas).await?;
    Ok(())
}

fn is_unknown_consumer(error: &jetstream::stream::ConsumerError) -> bool {
    matches!(error.kind(), jetstream::stream::ConsumerErrorKind::JetStream(error)
        if error.error_code().0 == NO_SUCH_CONSUMER)
}
