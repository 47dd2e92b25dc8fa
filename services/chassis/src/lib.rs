//! What every service stands on, so that a service is only its domain.
//!
//! The promises, kept here once (DESIGN section 3, RELIABILITY part 7):
//!
//! - **State and events commit together.** A command runs inside one transaction ([`store::Tx`]);
//!   its events go to the outbox of the same transaction; one relay per service sends them in order.
//! - **A repeat gets the first answer.** The idempotency key, the effect and the answer are one
//!   transaction ([`server`]).
//! - **Every reaction happens once.** The event id enters the inbox in the transaction of the
//!   effect ([`consumer`]); what fails six times becomes a dead letter.
//! - **A message to someone leaves once.** Sealed in the transaction that makes it necessary, handed to
//!   the notifier under one key however often it is tried ([`dispatches`]).
//! - **Who is erased stays erased.** [`Tx::forget`] leaves a tombstone that is asked first ([`erasure`]); the
//!   streams are purged by their [`keeper`].
//! - **What was told is known again before anything goes out.** After a restore each service first takes in what
//!   it told after the backup ([`restore`]).
//! - **Calls end.** 8 seconds for a command, 3 for a query, with retries of the same key ([`bus`]).
//! - **Time and chance are given.** [`clock::Clock`] and [`chance::Chance`]; tests bring their own.
//! - **Personal data stays put.** [`proto::Pii`], [`proto::Sealed`], [`vault::Vault`].

pub mod actor;
mod audit;
pub mod bus;
pub mod chance;
pub mod checks;
pub mod clock;
pub mod config;
pub mod consumer;
mod dead_letters;
pub mod dispatches;
pub mod erasure;
pub mod fault;
pub mod faults;
pub mod harness;
pub mod health;
pub mod keeper;
pub mod keys;
mod line;
pub mod migrate;
pub mod nats_config;
pub mod outbox;
pub mod platform;
#[cfg(feature = "faults")]
pub mod proof;
pub mod protocol;
pub mod relay;
pub mod replay;
pub mod restore;
pub mod seal;
pub mod server;
pub mod service;
pub mod store;
pub mod streams;
pub mod telemetry;
pub mod together;
pub mod trace;
pub mod vault;
pub mod watchdog;

pub use bus::Bus;
pub use chance::Chance;
pub use clock::Clock;
pub use config::{Config, Profile};
pub use consumer::Heard;
pub use fault::Fault;
pub use futures::future::BoxFuture;
pub use keys::Keys;
pub use restore::{Reconciled, Told};
pub use server::Caller;
pub use service::{Chassis, Handles, Service, Wiring};
pub use store::{Store, Tx};
pub use vault::Vault;
