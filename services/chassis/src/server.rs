//! Answering: commands inside one transaction with their idempotency key, queries beside it.

use std::{collections::HashMap, sync::Arc, time::Duration};

use async_nats::HeaderMap;
use bytes::Bytes;
use futures::{FutureExt, StreamExt, future::BoxFuture};
use proto::{Actor, Kind, Problem, Request, Status};
use serde::Serialize;
use tokio::sync::Semaphore;
use tokio_util::{sync::CancellationToken, task::TaskTracker};
use uuid::Uuid;

use crate::{
    bus::{Answer, headers},
    fault::Fault,
    faults::{CrashPoint, crash_point},
    outbox,
    protocol::{self, Key},
    service::{Chassis, Handles},
    store::Tx,
    telemetry::{CallLabels, ServiceLabels},
    trace::Trace,
    vault,
};

/// Calls in hand at a time; one more is answered "not now" at once (RELIABILITY rule 18).
const IN_HAND: usize = 256;

/// Who asks, as verified.
#[derive(Debug, Clone)]
pub struct Caller {
    /// Who acts.
    pub actor: Actor,
    /// The idempotency key.
    pub key: Uuid,
    /// Until when somebody waits for the answer, in milliseconds since 1970.
    pub(crate) deadline: Option<i64>,
}

type Handler<S> = Arc<
    dyn for<'a> Fn(&'a S, &'a Chassis, &'a Caller, &'a [u8]) -> BoxFuture<'a, Result<String, Fault>>
        + Send
        + Sync,
>;

struct Entry<S> {
    verb: &'static str,
    run: Handler<S>,
}

/// What a service answers, by verb.
pub struct Router<S> {
    entries: HashMap<&'static str, Entry<S>>,
}

impl<S> Default for Router<S> {
    fn default() -> Self {
        Self { entries: HashMap::new() }
    }
}

#[derive(Serialize)]
#[serde(rename_all = "snake_case")]
enum AnswerRef<'a, T> {
    Ok(&'a T),
}

fn read<C: Request>(body: &[u8]) -> Result<C, Problem> {
    serde_json::from_slice(body).map_err(|error| {
        // The message of serde can quote the input, so only its place is told.
        tracing::warn!(
            verb = C::VERB,
            line = error.line(),
            column = error.column(),
            "a call could not be read"
        );
        Problem::new(Status::Invalid, "unreadable")
    })
}

fn write<T: Serialize>(reply: &T) -> Result<String, Fault> {
    serde_json::to_string(&AnswerRef::Ok(reply)).map_err(|error| Fault::broken("writing an answer", error))
}

impl<S: Handles> Router<S> {
    /// Answers a query.
    pub(crate) fn query<C: Request>(
        &mut self,
        handler: impl for<'a> Fn(&'a S, &'a Caller, &'a C) -> BoxFuture<'a, Result<C::Reply, Fault>>
        + Send
        + Sync
        + 'static,
    ) {
        assert!(C::KIND == Kind::Query, "{} is a command", C::VERB);
        let handler = Arc::new(handler);
        self.add::<C>(Arc::new(move |app, _, caller, body| {
            let handler = handler.clone();
            async move {
                let query: C = read(body)?;
                write(&handler(app, caller, &query).await?)
            }
            .boxed()
        }));
    }

    /// Answers a command: one transaction holds the key, the effect, the events and the answer.
    pub(crate) fn command<C: Request>(
        &mut self,
        handler: impl for<'a> Fn(&'a S, &'a mut Tx, &'a Caller, &'a C) -> BoxFuture<'a, Result<C::Reply, Fault>>
        + Send
        + Sync
        + 'static,
    ) {
        assert!(C::KIND == Kind::Command, "{} is a query", C::VERB);
        let handler = Arc::new(handler);
        self.add::<C>(Arc::new(move |app, chassis, caller, body| {
            let handler = handler.clone();
            async move {
                let command: C = read(body)?;
                // A keyed hash, so that the table of answers tells nothing about bodies.
                let body_hash = vault::fingerprint(body, chassis.keys.postgres_password().as_bytes());
                let mut repeats = 0;
                loop {
                    match once(&*handler, app, chassis, caller, &command, &body_hash).await {
                        Err(fault)
                            if (fault.is_worth_repeating() || fault.is_connection_lost())
                                && protocol::repeats(repeats) =>
                        {
                            repeats += 1;
                            let pause = chassis.chance.jitter_ms(5..50);
                            tokio::time::sleep(Duration::from_millis(pause)).await;
                        }
                        result => return result,
                    }
                }
            }
            .boxed()
        }));
    }

    fn add<C: Request>(&mut self, run: Handler<S>) {
        let before = self.entries.insert(C::VERB, Entry { verb: C::VERB, run });
        assert!(before.is_none(), "{} is answered twice", C::VERB);
    }

    /// The verbs it answers.
    pub(crate) fn verbs(&self) -> Vec<&'static str> {
        self.entries.keys().copied().collect()
    }
}

async fn once<S: Handles, C: Request>(
    handler: &(
         impl for<'a> Fn(&'a S, &'a mut Tx, &'a Caller, &'a C) -> BoxFuture<'a, Result<C::Reply, Fault>>
         + Send
         + Sync
     ),
    app: &S,
    chassis: &Chassis,
    caller: &Caller,
    command: &C,
    body_hash: &[u8],
) -> Result<String, Fault> {
    let mut tx = chassis.store.begin().await?;
    let now = tx.now();
    // A process that stood still may come back to a call that another one has refused long ago.
    if protocol::is_late(caller.deadline, chassis.clock.machine_now().timestamp_millis()) {
        return Err(Problem::unavailable().into());
    }
    match outbox::take_key(tx.conn(), caller.key, C::VERB, body_hash, now).await? {
        Key::Answered(answer) => return first_answer(answer),
        Key::OtherBody => return Err(Problem::new(Status::KeyReused, "key-reused").into()),
        Key::Fresh => {}
    }
    let reply = match handler(app, &mut tx, caller, command).await {
        Err(Fault::Problem(problem)) if protocol::is_kept(&problem) => {
            tx.undo().await?;
            return refuse(chassis, caller, C::VERB, body_hash, problem).await;
        }
        result => result?,
    };
    let answer = write(&reply)?;
    outbox::keep_answer(tx.conn(), caller.key, C::VERB, body_hash, &answer, now).await?;
    crash_point(CrashPoint::CommandBeforeCommit);
    if let Err(error) = tx.commit().await {
        let fault = Fault::from(error);
        if fault.is_connection_lost() {
            // Perhaps it is committed. The key knows; whoever repeats this asks it first.
            let labels = ServiceLabels { service: chassis.service.name() };
            chassis.metrics.watch.commits_unclear.get_or_create(&labels).inc();
            tracing::warn!(verb = C::VERB, "the outcome of a commit is not known; its key is asked");
        }
        return Err(fault);
    }
    crash_point(CrashPoint::CommandAfterCommit);
    Ok(answer)
}

/// Keeps a refusal under the key and the body of its call, in a transaction of its own: the one that refused is undone. Several
/// replicas may have the same call in hand, and whoever is the first to commit under the key is right.
async fn refuse(
    chassis: &Chassis,
    caller: &Caller,
    verb: &'static str,
    body_hash: &[u8],
    problem: Problem,
) -> Result<String, Fault> {
    let mut tx = chassis.store.begin().await?;
    let now = tx.now();
    match outbox::take_key(tx.conn(), caller.key, verb, body_hash, now).await? {
        Key::Answered(answer) => first_answer(answer),
        Key::OtherBody => Err(problem.into()),
        Key::Fresh => {
            let refusal = problem_text(&problem);
            outbox::keep_refusal(tx.conn(), caller.key, verb, body_hash, &refusal, now).await?;
            crash_point(CrashPoint::CommandBeforeCommit);
            tx.commit().await?;
            crash_point(CrashPoint::CommandAfterCommit);
            Err(problem.into())
        }
    }
}

/// A first answer once more.
fn first_answer(answer: String) -> Result<String, Fault> {
    if !is_refusal(&answer) {
        return Ok(answer);
    }
    match serde_json::from_str::<Answer<serde::de::IgnoredAny>>(&answer) {
        Ok(Answer::Problem(problem)) => Err(problem.into()),
        Ok(Answer::Ok(_)) => Ok(answer),
        Err(error) => Err(Fault::broken("reading a refusal", error)),
    }
}

/// How a refusal begins on the wire.
const REFUSAL: &str = r#"{"problem":"#;

/// Whether a first answer, as it is stored, is a refusal.
fn is_refusal(answer: &str) -> bool {
    answer.starts_with(REFUSAL)
}

/// What callers send here.
pub(crate) struct Calls {
    /// Each goes to one of the replicas.
    once: async_nats::Subscriber,
    /// What one of them was silent about goes to all.
    again: async_nats::Subscriber,
}

impl Calls {
    /// The next call; `None` when it was drained.
    async fn next(&mut self) -> Option<async_nats::Message> {
        futures::stream::select(&mut self.once, &mut self.again).next().await
    }

    /// Nothing new arrives after this; what had arrived is still there.
    async fn drain(&mut self) -> Result<(), async_nats::UnsubscribeError> {
        self.once.drain().await?;
        self.again.drain().await
    }
}

/// Subscribes to the calls of a service. When this returns, the server knows: nobody who is told that
/// the service is ready meets silence.
pub(crate) async fn subscribe(chassis: &Chassis) -> Result<Calls, Fault> {
    let (service, client, names) = (chassis.service, chassis.bus.client(), chassis.bus.names());
    let broken = |error| Fault::broken("subscribing to calls", error);
    let once = names.subject(&format!("cmd.{service}.>"));
    let once = client.queue_subscribe(once, service.name().to_owned()).await.map_err(broken)?;
    let again = client.subscribe(names.again(service, ">")).await.map_err(broken)?;
    client.flush().await.map_err(|error| Fault::broken("subscribing to calls", error))?;
    Ok(Calls { once, again })
}

/// Serves calls until told to stop; then finishes what is in hand.
pub(crate) async fn serve<S: Handles>(
    mut calls: Calls,
    app: Arc<S>,
    chassis: Chassis,
    router: Router<S>,
    stop: CancellationToken,
) {
    let client = chassis.bus.client().clone();
    let router = Arc::new(router);
    let room = Arc::new(Semaphore::new(IN_HAND));
    let in_hand = TaskTracker::new();
    let labels = ServiceLabels { service: chassis.service.name() };
    let mut draining = false;
    loop {
        let message = tokio::select! {
            message = calls.next() => message,
            () = stop.cancelled(), if !draining => {
                draining = true;
                if calls.drain().await.is_err() { break; }
                continue;
            }
        };
        let Some(message) = message else { break };
        let Some(reply_to) = message.reply.clone() else { continue };
        let Ok(seat) = room.clone().try_acquire_owned() else {
            chassis.metrics.watch.calls_turned_away.get_or_create(&labels).inc();
            let _ = client.publish(reply_to, problem_body(&Problem::busy())).await;
            continue;
        };
        let (app, chassis, router) = (app.clone(), chassis.clone(), router.clone());
        // Each call runs in a task of its own that nobody cancels (RELIABILITY rule 17).
        in_hand.spawn(async move {
            let _seat = seat;
            let client = chassis.bus.client().clone();
            if let Some(answer) = answer(&*app, &chassis, &router, &message).await {
                let _ = client.publish(reply_to, answer).await;
            }
        });
    }
    in_hand.close();
    in_hand.wait().await;
    let _ = client.flush().await;
}

fn problem_text(problem: &Problem) -> String {
    serde_json::json!({ "problem": problem }).to_string()
}

fn problem_body(problem: &Problem) -> Bytes {
    Bytes::from(problem_text(problem))
}

/// The answer to one call; `None` when nobody waits for it any more.
async fn answer<S: Handles>(
    app: &S,
    chassis: &Chassis,
    router: &Router<S>,
    message: &async_nats::Message,
) -> Option<Bytes> {
    let no_headers = HeaderMap::new();
    let given = message.headers.as_ref().unwrap_or(&no_headers);
    let header = |name: &str| given.get(name).map(async_nats::HeaderValue::as_str);
    let now = chassis.clock.machine_now();
    let deadline: Option<i64> = header(headers::DEADLINE).and_then(|text| text.parse().ok());
    if protocol::is_late(deadline, now.timestamp_millis()) {
        return None;
    }
    let verb = message.subject.rsplit('.').next().unwrap_or_default();
    let Some(entry) = router.entries.get(verb) else {
        return Some(problem_body(&Problem::not_found("verb")));
    };
    let below_root = format!("cmd.{}.{}", chassis.service, entry.verb);
    let key_text = header(headers::KEY).unwrap_or_default();
    let caller = key_text.parse::<Uuid>().ok().and_then(|key| {
        let claims = header(headers::ACTOR)?;
        match chassis.keys.verify(claims, &below_root, key_text, &message.payload, now) {
            Ok(actor) => Some(Caller { actor, key, deadline }),
            Err(error) => {
                tracing::warn!(verb = entry.verb, %error, "an actor was not believed");
                None
            }
        }
    });
    let Some(caller) = caller else {
        return Some(problem_body(&Problem::new(Status::Unauthenticated, "actor-not-proven")));
    };
    let trace = Trace::follow(header(headers::TRACE).and_then(|text| text.parse().ok()), &*chassis.chance);
    let started = tokio::time::Instant::now();
    let running =
        std::panic::AssertUnwindSafe(trace.scope((entry.run)(app, chassis, &caller, &message.payload)));
    let result = running
        .catch_unwind()
        .await
        .unwrap_or_else(|_| Err(Fault::broken("answering a call", "it panicked")));
    let (answer, outcome) = match result {
        Ok(answer) => (Bytes::from(answer), "ok"),
        Err(fault) => {
            let problem = fault.into_problem(entry.verb);
            tracing::info!(verb = entry.verb, code = %problem.code, trace = %trace.id(), "refused");
            (problem_body(&problem), outcome_name(problem.status))
        }
    };
    let service = chassis.service.name();
    chassis.metrics.calls.get_or_create(&CallLabels { service, verb: entry.verb, outcome }).inc();
    chassis
        .metrics
        .call_seconds
        .get_or_create(&ServiceLabels { service })
        .observe(started.elapsed().as_secs_f64());
    tracing::debug!(verb = entry.verb, outcome, trace = %trace.id(), "answered");
    Some(answer)
}

const fn outcome_name(status: Status) -> &'static str {
    match status {
        Status::Invalid => "invalid",
        Status::Unauthenticated => "unauthenticated",
        Status::Forbidden => "forbidden",
        Status::NotFound => "not_found",
        Status::Conflict => "conflict",
        Status::Gone => "gone",
        Status::KeyReused => "key_reused",
        Status::TooMany => "too_many",
        Status::Internal => "internal",
        Status::Unavailable => "unavailable",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_refusal_is_known_by_its_beginning() {
        let refusal = problem_text(&Problem::new(Status::Conflict, "opening-closed"));
        assert!(is_refusal(&refusal), "{refusal}");
        assert!(
            matches!(first_answer(refusal), Err(Fault::Problem(problem)) if problem.code == "opening-closed")
        );
        let done = write(&7).unwrap();
        assert!(!is_refusal(&done), "{done}");
        assert_eq!(first_answer(done.clone()).unwrap(), done);
    }
}
