//! A stand-in for the matcher: it counts openings as the test says, and remembers who was asked about.

use std::sync::{
    Arc, Mutex,
    atomic::{AtomicBool, AtomicU32, Ordering},
};

use chassis::{Caller, Chassis, Fault, Handles, Service};
use chrono::{DateTime, Utc};
use proto::{Actor, Problem, SeekerId, Service as Name, matcher as calls};
use sqlx::migrate::Migrator;

/// What the stand-in says, and what it was asked.
#[derive(Default)]
pub(crate) struct Openings {
    /// How many are new for everyone.
    pub(crate) new: AtomicU32,
    /// Whether it says "not now".
    pub(crate) away: AtomicBool,
    asked: Mutex<Vec<(SeekerId, DateTime<Utc>)>>,
}

impl Openings {
    pub(crate) fn asked(&self) -> Vec<(SeekerId, DateTime<Utc>)> {
        self.asked.lock().unwrap().clone()
    }
}

struct StandIn {
    chassis: Chassis,
    openings: Arc<Openings>,
}

impl Handles for StandIn {
    fn chassis(&self) -> &Chassis {
        &self.chassis
    }
}

fn new_proposals(
    app: &StandIn,
    caller: &Caller,
    query: &calls::NewProposals,
) -> Result<calls::NewCount, Fault> {
    assert_eq!(caller.actor, Actor::Service { service: Name::Intake });
    app.openings.asked.lock().unwrap().push((query.seeker_id, query.since));
    if app.openings.away.load(Ordering::SeqCst) {
        return Err(Problem::forbidden().into());
    }
    Ok(calls::NewCount { openings: app.openings.new.load(Ordering::SeqCst) })
}

pub(crate) fn matcher(openings: Arc<Openings>) -> Service {
    Service::new(
        Name::Matcher,
        Box::leak(Box::new(Migrator::with_migrations(Vec::new()))),
        move |chassis| Box::pin(async move { Ok(StandIn { chassis, openings }) }),
        |wiring| {
            wiring
                .stands_in()
                .query::<calls::NewProposals>(|app, caller, query| {
                    Box::pin(async move { new_proposals(app, caller, query) })
                })
                .events(|_, _, _| Box::pin(async { Ok(()) }))
        },
    )
}
