//! Dead letters: events that a service gave up after six attempts (DESIGN rule 5). Every service answers these
//! about its own, by the chassis, to administrators and to nobody else.
//!
//! An answer tells what happened and not what the event says: kind, id, reason.

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use crate::{CallSpec, Kind, Request, Service};

/// Letters in one answer, at most.
pub const MOST_LETTERS: u16 = 100;
/// Letters of the reason with which one is put away, at most.
pub const LONGEST_NOTE: usize = 500;

/// Asks for the open dead letters of a service, the oldest first. The portal itself may ask for their number,
/// with a limit of 0.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct DeadLetters {
    /// How many to pass over.
    pub skip: u32,
    /// How many to show; [`MOST_LETTERS`] at most.
    pub limit: u16,
}

/// Some of the open dead letters of a service.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct DeadLetterPage {
    /// How many are open in all.
    pub open: u32,
    /// Those asked for.
    pub letters: Vec<DeadLetter>,
}

/// An event that was given up.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct DeadLetter {
    /// Which event; one of its own for a message that was no event.
    pub event_id: Uuid,
    /// Which reading gave it up: together with the event, what it is known by.
    pub consumer: String,
    /// Whose event, by name of the service; empty for a message that was no event.
    pub from: String,
    /// Its kind and version, e.g. `opening_closed.v1`.
    pub kind: String,
    /// What it is about, if the subject says so.
    pub about: Option<Uuid>,
    /// Why the last attempt failed.
    pub reason: String,
    /// How many attempts failed, those by hand included.
    pub attempts: u32,
    /// When it was given up.
    pub died_at: DateTime<Utc>,
}

/// Lets an event take effect after all, when its cause is mended.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct RetryDeadLetter {
    /// Which event.
    pub event_id: Uuid,
    /// Which reading.
    pub consumer: String,
}

/// How it went.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "result", rename_all = "snake_case")]
pub enum Retried {
    /// It took effect, once.
    TookEffect,
    /// It had taken effect before; nothing changed.
    HadTakenEffect,
    /// It failed again and stays.
    FailedAgain {
        /// Why.
        reason: String,
    },
}

/// Puts an event away for good: it will not take effect.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct DiscardDeadLetter {
    /// Which event.
    pub event_id: Uuid,
    /// Which reading.
    pub consumer: String,
    /// Why, in the words of the administrator; [`LONGEST_NOTE`] letters at most, and no names.
    pub note: String,
}

impl Request for DeadLetters {
    type Reply = DeadLetterPage;
    const VERB: &'static str = "dead_letters";
    const KIND: Kind = Kind::Query;
}

impl Request for RetryDeadLetter {
    type Reply = Retried;
    const VERB: &'static str = "retry_dead_letter";
    const KIND: Kind = Kind::Command;
}

impl Request for DiscardDeadLetter {
    type Reply = ();
    const VERB: &'static str = "discard_dead_letter";
    const KIND: Kind = Kind::Command;
}

const fn calls_of(service: Service) -> [CallSpec; 3] {
    [
        CallSpec::common::<DeadLetters>(service),
        CallSpec::common::<RetryDeadLetter>(service),
        CallSpec::common::<DiscardDeadLetter>(service),
    ]
}

const ALL_CALLS: [[CallSpec; 3]; Service::ALL.len()] = {
    let mut calls = [calls_of(Service::ALL[0]); Service::ALL.len()];
    let mut at = 0;
    while at < calls.len() {
        calls[at] = calls_of(Service::ALL[at]);
        at += 1;
    }
    calls
};

/// These calls, as every service answers them.
pub const CALLS: &[CallSpec] = ALL_CALLS.as_flattened();
