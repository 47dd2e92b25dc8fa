//! Asking other services: typed calls with a deadline and retries (DESIGN rule 6).

use std::{sync::Arc, time::Duration};

use async_nats::{HeaderMap, RequestErrorKind};
use bytes::Bytes;
use proto::{Actor, Call, Kind, Problem, Sealed, Service, permissions::Names};
use serde::{Deserialize, Serialize};
use tokio::{sync::watch, time::Instant};
use uuid::Uuid;

use crate::{chance::Chance, clock::Clock, keys::Keys, trace::Trace};

/// Header names of a call.
pub(crate) mod headers {
    pub(crate) const KEY: &str = "Dbj-Key";
    pub(crate) const ACTOR: &str = "Dbj-Actor";
    pub(crate) const DEADLINE: &str = "Dbj-Deadline";
    pub(crate) const TRACE: &str = "traceparent";
}

/// Seconds in all for a command; attempts of 1 s, 2 s, then the rest.
const COMMAND_SECONDS: u64 = 8;
/// Seconds in all for a query.
const QUERY_SECONDS: u64 = 3;

/// A connection to the bus as one service: of that service itself, of the operator, or of a test.
#[derive(Clone)]
pub struct Bus {
    inner: Arc<Inner>,
}

struct Inner {
    service: Service,
    client: async_nats::Client,
    names: Names,
    keys: Arc<Keys>,
    clock: Clock,
    chance: Arc<dyn Chance>,
    /// Raised when the server says that a subject is not allowed.
    forbidden: watch::Receiver<u64>,
}

/// The answer on the wire.
#[derive(Deserialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum Answer<T> {
    Ok(T),
    Problem(Problem),
}

impl Bus {
    /// Connects as the service that these keys belong to: with its nkey (not on the open server of a
    /// test), its own inbox prefix, quick pings.
    pub async fn connect(
        url: &str,
        keys: Arc<Keys>,
        use_nkey: bool,
        names: Names,
        clock: Clock,
        chance: Arc<dyn Chance>,
    ) -> Result<Self, async_nats::ConnectError> {
        let service = keys.service();
        let (told, forbidden) = watch::channel(0);
        let mut options = async_nats::ConnectOptions::new()
            .name(format!("dichterbij-{service}"))
            .custom_inbox_prefix(names.inbox(service))
            .ping_interval(Duration::from_secs(2))
            .request_timeout(Some(Duration::from_secs(10)))
            .event_callback(move |event| {
                let text = event.to_string();
                if text.to_lowercase().contains("permissions violation") {
                    tracing::error!(%service, "NATS forbids a subject: {text}");
                    told.send_modify(|count| *count += 1);
                } else if !matches!(event, async_nats::Event::Connected) {
                    tracing::warn!(%service, "NATS: {text}");
                }
                async {}
            });
        if use_nkey {
            options = options.nkey(keys.nats_seed().to_owned());
        }
        let client = options.connect(url).await?;
        Ok(Self { inner: Arc::new(Inner { service, client, names, keys, clock, chance, forbidden }) })
    }

    /// Lets what was sent leave, and closes the connection.
    pub async fn close(self) {
        let _ = tokio::time::timeout(Duration::from_secs(1), self.inner.client.drain()).await;
    }

    /// Encrypts a value so that only `to` can read it.
    pub fn seal<T: Serialize>(&self, to: Service, value: &T) -> Sealed<T> {
        self.inner.keys.seal(to, value)
    }

    pub(crate) fn client(&self) -> &async_nats::Client {
        &self.inner.client
    }

    pub(crate) fn names(&self) -> &Names {
        &self.inner.names
    }

    /// Asks as an actor, with a key of its own: for queries, and for commands that nobody repeats.
    pub async fn call<C: Call>(&self, actor: &Actor, call: &C) -> Result<C::Reply, Problem> {
        self.call_with_key(actor, self.inner.chance.uuid_v4(), call).await
    }

    /// Asks as this service itself.
    pub async fn call_as_service<C: Call>(&self, key: Uuid, call: &C) -> Result<C::Reply, Problem> {
        self.call_with_key(&Actor::Service { service: self.inner.service }, key, call).await
    }

    /// Asks with the key of a form or a job: however often it is sent, it happens once.
    ///
    /// # Errors
    /// What the service answers; `unavailable` when nobody answered in time (the caller may send
    /// the same key again); `internal` when the subject is not ours to use.
    pub async fn call_with_key<C: Call>(
        &self,
        actor: &Actor,
        key: Uuid,
        call: &C,
    ) -> Result<C::Reply, Problem> {
        let inner = &*self.inner;
        let below_root = C::subject();
        let subject = inner.names.subject(&below_root);
        let body = Bytes::from(serde_json::to_vec(call).map_err(|error| {
            tracing::error!(verb = C::VERB, %error, "a call could not be written");
            Problem::internal()
        })?);
        let seconds = if C::KIND == Kind::Command { COMMAND_SECONDS } else { QUERY_SECONDS };
        let deadline = Instant::now() + Duration::from_secs(seconds);
        let now = inner.clock.machine_now();
        let key_text = key.to_string();
        let mut headers = HeaderMap::new();
        headers.insert(headers::KEY, key_text.as_str());
        headers.insert(headers::ACTOR, inner.keys.sign(actor, &below_root, &key_text, &body, now));
        headers.insert(headers::DEADLINE, (now.timestamp_millis() + seconds as i64 * 1_000).to_string());
        headers.insert(headers::TRACE, Trace::follow(Trace::current(), &*inner.chance).to_string());

        let forbidden_before = *inner.forbidden.borrow();
        let mut last = Problem::unavailable();
        for attempt in 0_u32.. {
            let left = deadline.saturating_duration_since(Instant::now());
            if left.is_zero() {
                break;
            }
            let patience = match attempt {
                0 => Duration::from_secs(1),
                1 => Duration::from_secs(2),
                _ => left,
            }
            .min(left);
            let sending = inner.client.request_with_headers(subject.clone(), headers.clone(), body.clone());
            match tokio::time::timeout(patience, sending).await {
                Ok(Ok(message)) => match serde_json::from_slice::<Answer<C::Reply>>(&message.payload) {
                    Ok(Answer::Ok(reply)) => return Ok(reply),
                    Ok(Answer::Problem(problem)) if problem.is_passing() => last = problem,
                    Ok(Answer::Problem(problem)) => return Err(problem),
                    Err(error) => {
                        tracing::error!(verb = C::VERB, %error, "an answer could not be read");
                        return Err(Problem::internal());
                    }
                },
                // Nobody listens: said at once, so wait a little before asking again.
                Ok(Err(error)) if error.kind() == RequestErrorKind::NoResponders => {}
                Ok(Err(error)) => tracing::warn!(verb = C::VERB, attempt, %error, "a call failed"),
                // A killed replica looks like this. So does a forbidden subject, plus a client event.
                Err(_) => {
                    if *inner.forbidden.borrow() != forbidden_before {
                        return Err(Problem::internal());
                    }
                    tracing::warn!(verb = C::VERB, attempt, "no answer in time");
                }
            }
            tokio::time::sleep(Duration::from_millis(inner.chance.jitter_ms(20..200))).await;
        }
        Err(last)
    }

    /// Rings a service's bell on every replica.
    pub(crate) async fn ring(&self) -> Result<(), async_nats::PublishError> {
        self.inner.client.publish(self.inner.names.wake(self.inner.service), Bytes::new()).await
    }
}
