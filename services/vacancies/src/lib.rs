//! Vacancies: employers and their openings, by hand and from files.
//!
//! What always holds:
//!
//! - **A KVK number is one employer.** The regions of its sites decide which account managers may act
//!   for it; its openings may lie anywhere. [`may`] is the whole table of who may do what.
//! - **A draft is nobody's business** but its writers'. What is published is everybody's. A paused
//!   opening is known but not shown; a closed one stays closed. While an employer has a labour
//!   conflict, nothing of it is shown.
//! - **Each change of what others see raises the version and says so**: the row and its event
//!   (`OpeningPublished`, `OpeningPaused`, `OpeningClosed`) commit together, and with them what an
//!   employer changed in its search. Nothing stored was not checked.
//! - **No opening stays by being forgotten**: it is asked whether it is still open, and closes when
//!   nobody answers ([`domain::course`]).
//! - **Of a person at an employer** only the contact is kept, apart and encrypted; it leaves this
//!   service only sealed for the portal, and only for those who may see it. No citizen service
//!   number is kept, wherever it was typed.
//! - **Each row of a file gets exactly one outcome**, whoever crashes: a chunk of rows, its
//!   openings, its events and its place in the report are one transaction. A row's outcome depends
//!   on the file and on what was there, not on the order in which replicas come to it.
//! - **A file places nothing before someone saw what it will do**, and can be taken back for a day;
//!   what someone changed since is left alone.

pub mod domain;
pub mod events;
pub mod may;
#[cfg(feature = "faults")]
pub mod proof;
pub mod queries;
pub mod schedule;
pub mod store;
pub mod use_cases;

use std::{sync::Arc, time::Duration};

use chassis::{Chassis, Handles, Service};
use domain::{import_row::TaskNames, wording::Wording};
use proto::vacancies::{
    AddEmployer, AddImportRows, ChangeEmployer, ChangeOpening, CheckOpening, CloseOpening, DeleteContact,
    Employer, Employers, EndSite, ImportReport, KeepOpen, MapColumns, MendRows, MyImports, Opening,
    OpeningClosed, OpeningPaused, OpeningPublished, Openings, OpeningsById, OpeningsNear, PauseOpening,
    PostOpening, PublishOpening, PublishedOpenings, RunImport, SaveContact, SaveSite, SetAccountManager,
    ShowContact, StartImport, UndoImport,
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
    wording: &'static Wording,
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
                Ok(Vacancies { chassis, reference, tasks, wording: Wording::built_in() })
            })
        },
        move |wiring| {
            let wiring = wiring
                .announces::<OpeningPublished>(|a, tx, after| {
                    Box::pin(events::announce::published(a, tx, after))
                })
                .announces::<OpeningPaused>(|a, tx, after| Box::pin(events::announce::paused(a, tx, after)))
                .announces::<OpeningClosed>(|a, tx, after| Box::pin(events::announce::closed(a, tx, after)))
                .moments(events::announce::MOMENTS)
                .command::<AddEmployer>(|a, tx, c, m| Box::pin(run::add_employer::add_employer(a, tx, c, m)))
                .command::<ChangeEmployer>(|_, tx, c, m| {
                    Box::pin(run::change_employer::change_employer(tx, c, m))
                })
                .command::<SaveSite>(|a, tx, c, m| Box::pin(run::save_site::save_site(a, tx, c, m)))
                .command::<EndSite>(|_, tx, c, m| Box::pin(run::end_site::end_site(tx, c, m)))
                .command::<SaveContact>(|a, tx, c, m| Box::pin(run::save_contact::save_contact(a, tx, c, m)))
                .command::<DeleteContact>(|_, tx, c, m| {
                    Box::pin(run::delete_contact::delete_contact(tx, c, m))
                })
                .command::<ShowContact>(|a, tx, c, m| Box::pin(run::show_contact::show_contact(a, tx, c, m)))
                .command::<SetAccountManager>(|_, tx, c, m| {
                    Box::pin(run::set_account_manager::set_account_manager(tx, c, m))
                })
                .command::<PostOpening>(|a, tx, c, m| Box::pin(run::post_opening::post_opening(a, tx, c, m)))
                .command::<ChangeOpening>(|a, tx, c, m| {
                    Box::pin(run::change_opening::change_opening(a, tx, c, m))
                })
                .command::<PublishOpening>(|a, tx, c, m| {
                    Box::pin(run::publish_opening::publish_opening(a, tx, c, m))
                })
                .command::<PauseOpening>(|_, tx, c, m| Box::pin(run::pause_opening::pause_opening(tx, c, m)))
                .command::<KeepOpen>(|_, tx, c, m| Box::pin(run::keep_open::keep_open(tx, c, m)))
                .command::<CloseOpening>(|_, tx, c, m| Box::pin(run::close_opening::close_opening(tx, c, m)))
                .command::<StartImport>(|_, tx, c, m| Box::pin(run::start_import::start_import(tx, c, m)))
                .command::<AddImportRows>(|_, tx, c, m| {
                    Box::pin(run::add_import_rows::add_import_rows(tx, c, m))
                })
                .command::<MapColumns>(|_, tx, c, m| Box::pin(run::map_columns::map_columns(tx, c, m)))
                .command::<MendRows>(|a, tx, c, m| Box::pin(run::mend_rows::mend_rows(a, tx, c, m)))
                .command::<RunImport>(|_, tx, c, m| Box::pin(run::run_import::run_import(tx, c, m)))
                .command::<UndoImport>(|_, tx, c, m| Box::pin(run::undo_import::undo_import(tx, c, m)))
                .query::<Employers>(|a, c, q| Box::pin(queries::employers(a, c, q)))
                .query::<Employer>(|a, c, q| Box::pin(queries::employer(a, c, q)))
                .query::<Opening>(|a, c, q| Box::pin(queries::opening(a, c, q)))
                .query::<Openings>(|a, c, q| Box::pin(queries::openings(a, c, q)))
                .query::<OpeningsById>(|a, _, q| Box::pin(queries::openings_by_id(a, q)))
                .query::<OpeningsNear>(|a, _, q| Box::pin(queries::openings_near(a, q)))
                .query::<PublishedOpenings>(|a, _, q| Box::pin(queries::published_openings(a, q)))
                .query::<CheckOpening>(|a, c, q| Box::pin(queries::check_opening(a, c, q)))
                .query::<ImportReport>(|a, c, q| Box::pin(queries::import_report(a, c, q)))
                .query::<MyImports>(|a, c, _| Box::pin(queries::my_imports(a, c)));
            if work == Work::Answers {
                return wiring;
            }
            wiring
                .after_restore(|_, tx, told| Box::pin(run::after_restore::after_restore(tx, told)))
                .every_and_on_bell(Duration::from_secs(1), "judge import rows", |a| {
                    Box::pin(run::judge_import_rows::pass(a))
                })
                .every_and_on_bell(Duration::from_secs(1), "place import rows", |a| {
                    Box::pin(run::place_import_rows::pass(a))
                })
                .every_and_on_bell(Duration::from_secs(1), "undo import rows", |a| {
                    Box::pin(run::undo_import_rows::pass(a))
                })
                .every(Duration::from_secs(5), "empty import cells", |a| {
                    Box::pin(schedule::empty_import_cells(a))
                })
                .every(Duration::from_secs(5), "close expired openings", |a| {
                    Box::pin(schedule::close_expired_openings(a))
                })
                .every(Duration::from_secs(5), "ask whether openings are still open", |a| {
                    Box::pin(schedule::ask_whether_open(a))
                })
                .every_and_on_bell(Duration::from_secs(5), "follow labour conflicts", |a| {
                    Box::pin(schedule::follow_labour_conflicts(a))
                })
                .every(Duration::from_hours(1), "forget old looks at contacts", |a| {
                    Box::pin(schedule::forget_old_looks(a))
                })
                .every(Duration::from_hours(1), "forget old imports", |a| {
                    Box::pin(schedule::forget_old_imports(a))
                })
        },
    )
}
