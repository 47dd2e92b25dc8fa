//! The operator at the command line: asks the services over the bus, as the portal does for people.
//!
//! It holds the portal's keys, so it runs only where those are. It serves nothing and has no tables.

use std::{future::Future, sync::Arc, time::Duration};

use async_nats::{Client, ConnectOptions, HeaderMap, RequestErrorKind};
use bytes::Bytes;
use chassis::{Bus, Chance as _, Clock, Config, Keys, chance::OsChance};
use proto::{Actor, Call, Kind, Problem, Sealed, Service, permissions::Names};
use serde::{Deserialize, Serialize};
use tokio::time::{Instant, timeout, timeout_at};
use uuid::Uuid;

use crate::Failure;

/// Someone who can ask the services: the operator, or a test as the portal.
pub trait Asks: Sync {
    /// Asks for an actor; the same key is done once, however often it is sent.
    fn ask<C: Call>(
        &self,
        actor: &Actor,
        key: Uuid,
        call: &C,
    ) -> impl Future<Output = Result<C::Reply, Problem>> + Send;

    /// Encrypts for one service.
    fn seal<T: Serialize>(&self, to: Service, value: &T) -> Sealed<T>;
}

/// A test's side of the bus, with the portal's keys.
impl Asks for (&Bus, &Keys) {
    async fn ask<C: Call>(&self, actor: &Actor, key: Uuid, call: &C) -> Result<C::Reply, Problem> {
        self.0.call_with_key(actor, key, call).await
    }

    fn seal<T: Serialize>(&self, to: Service, value: &T) -> Sealed<T> {
        self.1.seal(to, value)
    }
}

/// A connection with the portal's identity.
pub struct Operator {
    client: Client,
    names: Names,
    keys: Arc<Keys>,
    clock: Clock,
}

/// The answer on the wire.
#[derive(Deserialize)]
#[serde(rename_all = "snake_case")]
enum Answer<T> {
    Ok(T),
    Problem(Problem),
}

impl Operator {
    /// Connects with the keys in `DBJ_SECRETS`.
    pub async fn connect(config: &Config) -> Result<Self, Failure> {
        let keys = Arc::new(Keys::load(&config.secrets, Service::Portal)?);
        let names = Names::default();
        let client = ConnectOptions::new()
            .name("dichterbij-operator")
            .custom_inbox_prefix(names.inbox(Service::Portal))
            .request_timeout(None)
            .nkey(keys.nats_seed().to_owned())
            .connect(&config.nats_url)
            .await
            .map_err(|error| format!("NATS at NATS_URL does not let the operator in: {error}"))?;
        Ok(Self { client, names, keys, clock: Clock::default() })
    }

    /// One request and its answer, as long as the deadline allows.
    async fn attempt<C: Call>(
        &self,
        headers: &HeaderMap,
        body: &Bytes,
        until: Instant,
    ) -> Option<Result<C::Reply, Problem>> {
        let subject = self.names.subject(&C::subject());
        let sending = self.client.request_with_headers(subject, headers.clone(), body.clone());
        match timeout_at(until, sending).await {
            Ok(Ok(message)) => match serde_json::from_slice::<Answer<C::Reply>>(&message.payload) {
                Ok(Answer::Ok(reply)) => Some(Ok(reply)),
                Ok(Answer::Problem(problem)) if problem.is_passing() => None,
                Ok(Answer::Problem(problem)) => Some(Err(problem)),
                Err(_) => Some(Err(Problem::internal())),
            },
            Ok(Err(error)) if error.kind() == RequestErrorKind::NoResponders => None,
            Ok(Err(_)) | Err(_) => None,
        }
    }
}

impl Asks for Operator {
    /// As [`Bus::call_with_key`], which only a running service has.
    async fn ask<C: Call>(&self, actor: &Actor, key: Uuid, call: &C) -> Result<C::Reply, Problem> {
        let seconds = if C::KIND == Kind::Command { 8 } else { 3 };
        let body = Bytes::from(serde_json::to_vec(call).map_err(|_| Problem::internal())?);
        let (key, now) = (key.to_string(), self.clock.machine_now());
        let mut headers = HeaderMap::new();
        headers.insert("Dbj-Key", key.as_str());
        headers.insert("Dbj-Actor", self.keys.sign(actor, &C::subject(), &key, &body, now));
        headers.insert("Dbj-Deadline", (now.timestamp_millis() + seconds * 1_000).to_string());
        let until = Instant::now() + Duration::from_secs(seconds.unsigned_abs());
        let mut patience = Duration::from_secs(1);
        while Instant::now() < until {
            let attempt_until = (Instant::now() + patience).min(until);
            if let Some(result) = self.attempt::<C>(&headers, &body, attempt_until).await {
                return result;
            }
            patience = until.saturating_duration_since(Instant::now()).min(patience * 2);
            tokio::time::sleep(Duration::from_millis(OsChance.jitter_ms(20..200))).await;
        }
        Err(Problem::unavailable())
    }

    fn seal<T: Serialize>(&self, to: Service, value: &T) -> Sealed<T> {
        self.keys.seal(to, value)
    }
}

impl Operator {
    /// Lets what was sent leave, and closes the connection.
    pub async fn close(self) {
        let _ = timeout(Duration::from_secs(1), self.client.drain()).await;
    }
}
