//! Vacancies: employers and their openings, by hand and from files.
//!
//! What always holds:
//!
//! - **A KVK number is one employer.** The region of its first site decides which account managers
//!   may act for it; its openings may lie anywhere. [`may`] is the whole table of who may do what.
//! - **A draft is nobody's business** but its writers'. What is published is everybody's. A closed
//!   opening stays closed.
//! - **Each change of what others see raises the version and says so**: the row and its event
//!   (`OpeningPublished`, `OpeningClosed`) commit together. Nothing stored was not checked.
//! - **Of a person at an employer** only the contact is kept, apart and encrypted; it leaves this
//!   service only sealed for the portal, and only for those who may see it. No citizen service
//!   number is kept, wherever it was typed.
//! - **Each row of a file gets exactly one outcome**, whoever crashes: a chunk of rows, its
//!   openings, its events and its place in the report are one transaction. A row's outcome depends
//!   on the file and on what was there, not on the order in which replicas come to it.

pub mod domain;
pub mod events;
pub mod may;
pub mod queries;
pub mod schedule;
pub mod store;
pub mod use_cases;

use std::{sync::Arc, time::Duration};

use chassis::{Chassis, Handles, Service};
use domain::import_row::TaskNames;
use proto::vacancies::{
    AddEmployer, AddImportRows, ChangeOpening, CloseOpening, Employer, Employers, ImportReport, Opening,
    Openings, OpeningsById, OpeningsNear, PostOpening, PublishOpening, RunImport, StartImport,
};
use reference::Reference;
use sqlx::migrate::Migrator;
use use_cases as run;

/// The schema of this service.
pub static MIGRATOR: Migrator = sqlx::migrate!("./migrations");

/// What a replica does besides answering.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Work {
    /// Everything.
    All,
    /// Answers only: for an installation that places rows of imports elsewhere.
    Answers,
}

/// The service in hand.
pub struct Vacancies {
    chassis: Chassis,
    reference: Arc<Reference>,
    tasks: TaskNames,
}

impl Handles for Vacancies {
    fn chassis(&self) -> &Chassis {
        &self.chassis
    }
}

/// The service, doing all its work.
pub fn service(reference: Arc<Reference>) -> Service {
    service_with(reference, Work::All)
}

/// The service, doing this work.
pub fn service_with(reference: Arc<Reference>, work: Work) -> Service {
    Service::new(
        proto::Service::Vacancies,
        &MIGRATOR,
        |chassis| {
            Box::pin(async move {
                let tasks = TaskNames::new(&reference);
                Ok(Vacancies { chassis, reference, tasks })
            })
        },
        move |wiring| {
            let wiring = wiring
                .command::<AddEmployer>(|a, tx, c, m| Box::pin(run::add_employer::add_employer(a, tx, c, m)))
                .command::<PostOpening>(|a, tx, c, m| Box::pin(run::post_opening::post_opening(a, tx, c, m)))
                .command::<ChangeOpening>(|a, tx, c, m| {
                    Box::pin(run::change_opening::change_opening(a, tx, c, m))
                })
                .command::<PublishOpening>(|a, tx, c, m| {
                    Box::pin(run::publish_opening::publish_opening(a, tx, c, m))
                })
                .command::<CloseOpening>(|_, tx, c, m| Box::pin(run::close_opening::close_opening(tx, c, m)))
                .command::<StartImport>(|_, tx, c, m| Box::pin(run::start_import::start_import(tx, c, m)))
                .command::<AddImportRows>(|a, tx, c, m| {
                    Box::pin(run::add_import_rows::add_import_rows(a, tx, c, m))
                })
                .command::<RunImport>(|_, tx, c, m| Box::pin(run::run_import::run_import(tx, c, m)))
                .query::<Employers>(|a, c, q| Box::pin(queries::employers(a, c, q)))
                .query::<Employer>(|a, c, q| Box::pin(queries::employer(a, c, q)))
                .query::<Opening>(|a, c, q| Box::pin(queries::opening(a, c, q)))
                .query::<Openings>(|a, c, q| Box::pin(queries::openings(a, c, q)))
                .query::<OpeningsById>(|a, _, q| Box::pin(queries::openings_by_id(a, q)))
                .query::<OpeningsNear>(|a, _, q| Box::pin(queries::openings_near(a, q)))
                .query::<ImportReport>(|a, c, q| Box::pin(queries::import_report(a, c, q)));
            if work == Work::Answers {
                return wiring;
            }
            wiring
                .every_and_on_bell(Duration::from_secs(1), "place import rows", |a| {
                    Box::pin(run::place_import_rows::pass(a))
                })
                .every(Duration::from_secs(5), "close expired openings", |a| {
                    Box::pin(schedule::close_expired_openings(a))
                })
                .every(Duration::from_hours(1), "forget old imports", |a| {
                    Box::pin(schedule::forget_old_imports(a))
                })
        },
    )
}
