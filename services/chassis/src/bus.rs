//! Asking other services: typed calls with a deadline and retries (DESIGN rule 6).

use std::{
    collections::HashMap,
    sync::{Arc, Mutex, PoisonError},
    time::Duration,
};

use async_nats::{Event, HeaderMap, RequestErrorKind, ServerError};
use bytes::Bytes;
use proto::{Actor, Call, Kind, Problem, Request, Sealed, Service, permissions::Names};
use serde::{Deserialize, Serialize};
use tokio::{sync::watch, time::Instant};
use uuid::Uuid;

use crate::{
    chance::Chance,
    clock::Clock,
    keys::Keys,
    protocol::{self, AfterCall, Attempt, COMMAND_SECONDS, QUERY_SECONDS, Whom},
    trace::Trace,
};

/// Header names of a call.
pub(crate) mod headers {
    pub(crate) const KEY: &str = "Dbj-Key";
    pub(crate) const ACTOR: &str = "Dbj-Actor";
    pub(crate) const DEADLINE: &str = "Dbj-Deadline";
    pub(crate) const TRACE: &str = "traceparent";
}

/// When a person waits, whoever answers "too much in hand" is asked again only this long: another replica may have
/// room. After that she is told, within a second (RELIABILITY rule 18).
const BUSY: Duration = Duration::from_millis(500);

/// What the connection went through, as NATS tells it.
#[derive(Debug, Clone, Copy, Default)]
pub(crate) struct Link {
    /// Subjects that the server refused.
    pub(crate) forbidden: u64,
    /// When it last did.
    pub(crate) forbidden_at: Option<Instant>,
    /// Times that this client could not keep up and dropped messages.
    pub(crate) slow_consumers: u64,
    /// When it last did.
    pub(crate) slow_at: Option<Instant>,
    /// Since when there is no connection.
    pub(crate) away_since: Option<Instant>,
}

/// How often the server refused to have something published on a subject. As many subjects as there are calls.
type Refused = Arc<Mutex<HashMap<String, u64>>>;

impl Link {
    fn hear(&mut self, service: Service, event: &Event, refused: &Refused) {
        let now = Instant::now();
        let text = event.to_string();
        match event {
            Event::Connected => {
                self.away_since = None;
                return;
            }
            Event::Disconnected | Event::Closed => self.away_since = self.away_since.or(Some(now)),
            Event::SlowConsumer(_) | Event::ServerError(ServerError::SlowConsumer(_)) => {
                self.slow_consumers += 1;
                self.slow_at = Some(now);
            }
            // An answer that is too late: the connection it was asked on is gone, and with it the leave to answer. Whoever
            // asked has asked again, and no block of permissions would help.
            _ if is_late_answer(&text) => {}
            _ if text.to_lowercase().contains("permissions violation") => {
                self.forbidden += 1;
                self.forbidden_at = Some(now);
                if let Some(subject) = refused_subject(&text) {
                    let mut refused = refused.lock().unwrap_or_else(PoisonError::into_inner);
                    *refused.entry(subject.to_owned()).or_default() += 1;
                }
                tracing::error!(%service, "NATS forbids a subject: {text}");
                return;
            }
            _ => {}
        }
        tracing::warn!(%service, "NATS: {text}");
    }
}

/// Whether NATS refused an answer to a question of another connection. Our own inbox is never published to.
fn is_late_answer(text: &str) -> bool {
    text.to_lowercase().contains("permissions violation for publish to \"_inbox_")
}

/// The subject that NATS refused to have something published on.
fn refused_subject(text: &str) -> Option<&str> {
    const BEFORE: &str = "permissions violation for publish to \"";
    let begin = text.to_ascii_lowercase().find(BEFORE)? + BEFORE.len();
    text[begin..].split('"').next()
}

/// A connection to the bus as one service: of that service itself, of the operator, or of a test.
#[derive(Clone)]
pub struct Bus {
    inner: Arc<Inner>,
    hasty: bool,
}

struct Inner {
    service: Service,
    client: async_nats::Client,
    names: Names,
    keys: Arc<Keys>,
    clock: Clock,
    chance: Arc<dyn Chance>,
    link: watch::Receiver<Link>,
    refused: Refused,
}

impl Inner {
    /// How often the server refused to have something published on these subjects.
    fn refused_times(&self, subjects: [&str; 2]) -> u64 {
        let refused = self.refused.lock().unwrap_or_else(PoisonError::into_inner);
        subjects.into_iter().filter_map(|subject| refused.get(subject)).sum()
    }
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
        let (told, link) = watch::channel(Link::default());
        let refused = Refused::default();
        let heard = refused.clone();
        let mut options = async_nats::ConnectOptions::new()
            .name(format!("dichterbij-{service}"))
            .custom_inbox_prefix(names.inbox(service))
            .ping_interval(Duration::from_secs(2))
            .request_timeout(Some(Duration::from_secs(10)))
            .event_callback(move |event| {
                told.send_modify(|link| link.hear(service, &event, &heard));
                async {}
            });
        if use_nkey {
            options = options.nkey(keys.nats_seed().to_owned());
        }
        let client = options.connect(url).await?;
        let inner = Inner { service, client, names, keys, clock, chance, link, refused };
        Ok(Self { inner: Arc::new(inner), hasty: false })
    }

    /// The same connection for when a person waits: a service with too much in hand is not asked again until the
    /// deadline, but answered with [`Problem::busy`] within a second.
    #[must_use]
    pub fn hasty(&self) -> Self {
        Self { hasty: true, ..self.clone() }
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

    /// What the connection went through.
    pub(crate) fn link(&self) -> Link {
        *self.inner.link.borrow()
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
        self.call_at(C::TO, actor, key, call).await
    }

    /// Asks this service, among those that answer the same request.
    ///
    /// # Errors
    /// As [`Bus::call_with_key`]; `busy` when it has too much in hand until the end.
    pub async fn call_at<C: Request>(
        &self,
        to: Service,
        actor: &Actor,
        key: Uuid,
        call: &C,
    ) -> Result<C::Reply, Problem> {
        let inner = &*self.inner;
        let below_root = format!("cmd.{to}.{}", C::VERB);
        let (any_one, every_one) = (inner.names.subject(&below_root), inner.names.again(to, C::VERB));
        let body = Bytes::from(serde_json::to_vec(call).map_err(|error| {
            tracing::error!(verb = C::VERB, %error, "a call could not be written");
            Problem::internal()
        })?);
        let seconds = if C::KIND == Kind::Command { COMMAND_SECONDS } else { QUERY_SECONDS };
        let began = Instant::now();
        let deadline = began + Duration::from_secs(seconds);
        let now = inner.clock.machine_now();
        let key_text = key.to_string();
        let mut headers = HeaderMap::new();
        headers.insert(headers::KEY, key_text.as_str());
        headers.insert(headers::ACTOR, inner.keys.sign(actor, &below_root, &key_text, &body, now));
        headers.insert(headers::DEADLINE, (now.timestamp_millis() + seconds as i64 * 1_000).to_string());
        headers.insert(headers::TRACE, Trace::follow(Trace::current(), &*inner.chance).to_string());

        let forbidden_before = inner.refused_times([&any_one, &every_one]);
        let (mut last, mut before) = (Problem::unavailable(), None);
        for attempt in 0_u32.. {
            let left = deadline.saturating_duration_since(Instant::now());
            let Some(patience) = protocol::patience(attempt, left) else { break };
            let subject = match protocol::whom(C::KIND, before) {
                Whom::One => any_one.clone(),
                Whom::Every => every_one.clone(),
            };
            let sending = inner.client.request_with_headers(subject, headers.clone(), body.clone());
            let (led_to, answer) = match tokio::time::timeout(patience, sending).await {
                Ok(Ok(message)) => match serde_json::from_slice::<Answer<C::Reply>>(&message.payload) {
                    Ok(Answer::Ok(reply)) => (Attempt::Answered, Ok(reply)),
                    Ok(Answer::Problem(problem))
                        if self.hasty && problem.is_busy() && began.elapsed() > BUSY =>
                    {
                        (Attempt::Answered, Err(problem))
                    }
                    Ok(Answer::Problem(problem)) if problem.is_passing() => (Attempt::Passing, Err(problem)),
                    Ok(Answer::Problem(problem)) => (Attempt::Answered, Err(problem)),
                    Err(error) => {
                        tracing::error!(verb = C::VERB, %error, "an answer could not be read");
                        (Attempt::Answered, Err(Problem::internal()))
                    }
                },
                Ok(Err(error)) => {
                    // Nobody listens: said at once, so wait a little before asking again.
                    if error.kind() != RequestErrorKind::NoResponders {
                        tracing::warn!(verb = C::VERB, attempt, %error, "a call failed");
                    }
                    (Attempt::Nobody, Err(last))
                }
                // A killed replica looks like this. So does a forbidden subject, plus a client event.
                Err(_) => {
                    tracing::warn!(verb = C::VERB, attempt, "no answer in time");
                    let forbidden = inner.refused_times([&any_one, &every_one]) != forbidden_before;
                    (Attempt::Silence { forbidden }, Err(last))
                }
            };
            before = Some(led_to);
            last = match (protocol::after_call(led_to), answer) {
                (AfterCall::GiveUp, _) => return Err(Problem::internal()),
                (AfterCall::AskAgain, Err(problem)) => problem,
                (AfterCall::Return | AfterCall::AskAgain, answer) => return answer,
            };
            tokio::time::sleep(Duration::from_millis(inner.chance.jitter_ms(20..200))).await;
        }
        Err(last)
    }

    /// Rings a service's bell on every replica.
    pub(crate) async fn ring(&self) -> Result<(), async_nats::PublishError> {
        self.inner.client.publish(self.inner.names.wake(self.inner.service), Bytes::new()).await
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_an_answer_may_be_refused_without_alarm() {
        let refused =
            |subject: &str| format!("server error: nats: Permissions Violation for Publish to \"{subject}\"");
        assert!(is_late_answer(&refused("_INBOX_dbj_portal.a.b")));
        assert!(!is_late_answer(&refused("dbj.cmd.intake.register")));
        assert!(!is_late_answer("nats: Permissions Violation for Subscription to \"_INBOX_dbj_portal.>\""));
    }
    #[test]
    fn a_refused_subject_counts_for_its_own_calls_only() {
        let text = "server error: nats: Permissions Violation for Publish to \"dbj.cmd.intake.register\"";
        assert_eq!(refused_subject(text), Some("dbj.cmd.intake.register"));
        let text = "nats: Permissions Violation for Subscription to \"dbj.cmd.intake.>\"";
        assert_eq!(refused_subject(text), None);
    }
}
