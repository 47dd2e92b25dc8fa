//! Intake: job-seekers, how to reach them, what they want, what they agreed to.
//!
//! What always holds here:
//!
//! - **Nothing is published before a code came back.** A registration is only encrypted bytes until
//!   then, and gone after 48 hours.
//! - **One contact, one person.** A unique index over a keyed hash of the contact decides, also when
//!   two confirmations come at one moment; the second signs in and brings her wishes along.
//! - **Nobody learns whose contact is known.** Registering and asking for a code give the same answer,
//!   do the same work and leave the same rows; a code that was never sent answers to guesses like
//!   any other, and cannot be guessed, because it is no code.
//! - **A code works once, for ten minutes and five tries; three messages an hour per contact.** What
//!   goes beyond is silent.
//! - **Who someone is stands encrypted under her own key**; she is found by a keyed hash. What goes out
//!   is the anonymous profile: square kilometre, municipality, region, wishes. Never the postcode.
//! - **Consent is a row, never an update.** Yes and no per purpose, with text version, moment and
//!   channel; the last one counts, at once.
//! - **A message is handed over at least once and accepted once.** The sealed notice and its key are
//!   made with the request for a code, so that a repeat after a crash is the same request.
//! - **The entry point joins to nothing.** It is told under an id of its own, on the hour, together
//!   with those of everyone else of that hour, without a trace.

pub mod domain;
pub mod events;
pub mod queries;
pub mod schedule;
pub mod store;
pub mod use_cases;

use std::sync::Arc;

use chassis::{Chassis, Fault, Handles, Service, Vault};
use proto::{Problem, Sealed, Status, intake as calls};
use reference::Reference;
use serde::de::DeserializeOwned;
use sqlx::migrate::Migrator;

/// The tables of intake.
pub static MIGRATOR: Migrator = sqlx::migrate!("./migrations");

/// The state of intake.
pub struct App {
    /// What every service has in hand.
    pub chassis: Chassis,
    /// Postcodes and tasks.
    pub reference: Arc<Reference>,
}

impl Handles for App {
    fn chassis(&self) -> &Chassis {
        &self.chassis
    }
}

impl App {
    /// The keys of people's data.
    pub(crate) fn vault(&self) -> &Vault {
        self.chassis.keys.vault().expect("intake keeps personal data, so its keys hold a vault")
    }

    /// Opens what was sealed for intake.
    pub(crate) fn open<T: DeserializeOwned>(&self, sealed: &Sealed<T>) -> Result<T, Fault> {
        self.chassis.keys.open(sealed).map_err(|error| {
            tracing::warn!(%error, "a sealed box stays closed");
            Problem::new(Status::Invalid, "sealed-unreadable").into()
        })
    }
}

/// Intake, ready to be started.
pub fn service(reference: Arc<Reference>) -> Service {
    Service::new(
        proto::Service::Intake,
        &MIGRATOR,
        move |chassis| Box::pin(async move { Ok(App { chassis, reference }) }),
        |wiring| {
            let wiring = wiring
                .command::<calls::Register>(|app, tx, caller, command| {
                    Box::pin(use_cases::register(app, tx, caller, command))
                })
                .command::<calls::RequestCode>(|app, tx, caller, command| {
                    Box::pin(use_cases::request_code(app, tx, caller, command))
                })
                .command::<calls::ConfirmCode>(|app, tx, caller, command| {
                    Box::pin(use_cases::confirm_code(app, tx, caller, command))
                })
                .query::<calls::MyDetails>(|app, caller, query| {
                    Box::pin(queries::my_details(app, caller, query))
                })
                .command::<calls::ChangeWishes>(|app, tx, caller, command| {
                    Box::pin(use_cases::change_wishes(app, tx, caller, command))
                })
                .command::<calls::SetConsent>(|app, tx, caller, command| {
                    Box::pin(use_cases::set_consent(app, tx, caller, command))
                })
                .command::<calls::LoadDemoPeople>(|app, tx, caller, command| {
                    Box::pin(use_cases::load_demo_people(app, tx, caller, command))
                });
            schedule::add(wiring)
        },
    )
}
