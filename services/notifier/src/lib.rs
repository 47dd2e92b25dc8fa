//! Notifier: messages to people.
//!
//! What always holds here:
//!
//! - **A message is sent once**, however often it is asked for: the ledger is unique per cause,
//!   receiver and template, and a message ends in one transaction with the event that says so. After a
//!   restore those events say what was sent since the backup, before anything else goes out.
//! - **What cannot be sent is refused at the door**, and what came in ends as sent, expired or failed;
//!   nothing disappears without a word. In a profile without transport the service does not start.
//! - **What is too late is not sent**, and nothing wakes anybody: from 21:00 to 8:00 only codes,
//!   invitations and replies to text messages go out.
//! - **An employer's answer is told once** per proposal and version, to the address that intake names at that
//!   moment. No name or address is kept for it.
//! - **What happens to a place in line is told once** per ticket, version and template, and only while it stands: a
//!   newer version takes the place of what was not told yet, an offer is not told after its deadline, and its
//!   reminder only if that very offer still stands.
//! - **Who is erased gets nothing any more**: her messages go, those that wait too, and the tombstone that
//!   stays is asked before anything is entered.
//! - **Address and text are nobody's business**: encrypted under a key per message until it ends, then
//!   blanked with the key. Only the local mailbox of the development profile keeps them, encrypted.
//! - **A text message is one message**: 160 characters of the GSM alphabet, tested for every code.

pub mod domain;
pub mod events;
pub mod queries;
pub mod schedule;
pub mod store;
pub mod transport;
pub mod use_cases;

use std::sync::Arc;

use chassis::{Chassis, Fault, Handles, Service, Vault};
use proto::notifier as calls;
use sqlx::migrate::Migrator;

use domain::letter::House;
use transport::Transport;

/// The tables of the notifier.
pub static MIGRATOR: Migrator = sqlx::migrate!("./migrations");

/// The state of the notifier.
pub struct App {
    /// What every service has in hand.
    pub chassis: Chassis,
    /// Where messages go.
    pub transport: Arc<dyn Transport>,
    /// What every text may name.
    pub house: House,
}

impl Handles for App {
    fn chassis(&self) -> &Chassis {
        &self.chassis
    }
}

impl App {
    fn new(chassis: Chassis, transport: Arc<dyn Transport>) -> Self {
        let house = House::new(
            chassis.config.public_address.as_deref(),
            chassis.config.http,
            chassis.config.help_phone.clone(),
        );
        Self { chassis, transport, house }
    }

    /// The keys of messages.
    pub(crate) fn vault(&self) -> &Vault {
        self.chassis.keys.vault().expect("the notifier keeps addresses, so its keys hold a vault")
    }
}

/// The notifier, ready to be started with the transport of its profile.
pub fn service() -> Service {
    assemble(|chassis| {
        transport::of_profile(chassis.config.profile)
            .map_err(|none| Fault::broken("choosing how messages are sent", none))
    })
}

/// The notifier with a transport of one's own: for tests, until the real ones are there.
pub fn service_with(transport: Arc<dyn Transport>) -> Service {
    assemble(|_| Ok(transport))
}

fn assemble(
    transport: impl FnOnce(&Chassis) -> Result<Arc<dyn Transport>, Fault> + Send + 'static,
) -> Service {
    Service::new(
        proto::Service::Notifier,
        &MIGRATOR,
        move |chassis| {
            Box::pin(async move {
                let transport = transport(&chassis)?;
                Ok(App::new(chassis, transport))
            })
        },
        |wiring| {
            let wiring = wiring
                .command::<calls::SendNotice>(|app, tx, caller, command| {
                    Box::pin(use_cases::send_notice(app, tx, caller, command))
                })
                .query::<calls::Mailbox>(|app, caller, query| Box::pin(queries::mailbox(app, caller, query)))
                // Nothing is announced anew, on purpose: a message is sent at a moment, and confirming an erasure
                // follows `seeker_erased`, which intake announces.
                .moments(&["message_sent", "seeker_forgotten_by_notifier"])
                .events(|app, tx, events| Box::pin(events::consume::apply(app, tx, events)))
                .after_restore(|_, tx, told| Box::pin(use_cases::after_restore(tx, told)));
            schedule::add(wiring)
        },
    )
}
