//! The portal: the pages of Dichterbij, sign-in, and staff accounts.
//!
//! What it promises:
//! - `GET` changes nothing; every form carries a key, so that sending it twice does it once;
//! - it keeps no answer of a job-seeker: an unfinished registration lives in her own browser, sealed;
//! - it is the only one that signs who acts, and it signs for one request and five minutes;
//! - every route says who may enter, in one table ([`web::routes`]); a test walks that table.
//!
//! Rooms: [`texts`] every word a page shows; [`pages`] one file per family of pages, each page a plain
//! struct that renders itself; [`web`] what happens between a request and a page; [`use_cases`],
//! [`domain`] and [`store`] accounts, invitations and sessions.

pub mod domain;
mod events;
pub mod pages;
pub mod store;
pub mod texts;
pub mod use_cases;
pub mod web;

use std::{sync::Arc, time::Duration};

use chassis::{Chassis, Fault, Handles, Service, Vault, dispatches, together::Bounds};
use proto::portal::{Invite, PrepareDemo};
use reference::Reference;
use sqlx::migrate::Migrator;

/// The migrations of the portal's schema.
pub static MIGRATOR: Migrator = sqlx::migrate!("./migrations");

/// The portal's state.
pub struct Portal {
    pub(crate) chassis: Chassis,
    pub(crate) reference: Arc<Reference>,
    pub(crate) assets: pages::Assets,
    pub(crate) asset_files: web::assets::Files,
    pub(crate) address: std::sync::OnceLock<std::net::SocketAddr>,
    /// Messages between services that are stuck, as last counted.
    pub(crate) stuck: std::sync::atomic::AtomicU32,
    pub(crate) arrivals: web::arrivals::Arrivals,
    pub(crate) pace: web::pace::Pace,
    pub(crate) sessions: web::visit::Sessions,
}

impl Handles for Portal {
    fn chassis(&self) -> &Chassis {
        &self.chassis
    }

    fn is_ready(&self) -> bool {
        self.address.get().is_some()
    }
}

impl Portal {
    /// The keys of staff's data.
    pub(crate) fn vault(&self) -> &Vault {
        self.chassis.keys.vault().expect("the portal keeps names of staff, so its keys hold a vault")
    }

    /// Where people find it, without a slash at the end.
    pub(crate) fn public_address(&self) -> String {
        self.chassis.config.public_address.clone().unwrap_or_else(|| {
            let address = self.address.get().copied().unwrap_or(self.chassis.config.http);
            format!("http://{address}")
        })
    }
}

/// The portal, wired.
pub fn service(reference: Arc<Reference>) -> Service {
    service_with(reference, web::arrivals::BOUNDS)
}

/// The same with other bounds on how many people who come for a place in line are asked about together: one at a time is
/// what a benchmark compares with.
pub fn service_with(reference: Arc<Reference>, arrivals: Bounds) -> Service {
    Service::new(
        proto::Service::Portal,
        &MIGRATOR,
        move |chassis| {
            Box::pin(async move {
                let (assets, asset_files) = web::assets::load(chassis.config.assets.as_deref())
                    .map_err(|error| Fault::broken("reading the built assets (make setup)", error))?;
                let address = std::sync::OnceLock::new();
                Ok(Portal {
                    arrivals: web::arrivals::Arrivals::new(&chassis, arrivals),
                    sessions: web::visit::sessions(&chassis),
                    chassis,
                    reference,
                    assets,
                    asset_files,
                    address,
                    stuck: 0.into(),
                    pace: web::pace::Pace::default(),
                })
            })
        },
        |wiring| {
            wiring
                .command::<Invite>(|app, tx, caller, command| {
                    Box::pin(use_cases::invite::invite(app, tx, caller, command))
                })
                .command::<PrepareDemo>(|app, tx, caller, command| {
                    Box::pin(use_cases::prepare_demo::prepare_demo(app, tx, caller, command))
                })
                // It follows `seeker_erased`, which intake announces anew.
                .moments(&["seeker_forgotten_by_portal"])
                .events(|app, tx, events| Box::pin(events::consume::apply(app, tx, events)))
                .after_restore(|_, tx, told| Box::pin(use_cases::after_restore::after_restore(tx, told)))
                .before_opening(|_, tx| Box::pin(use_cases::after_restore::end_sessions(tx)))
                .every_and_on_bell(Duration::from_secs(5), "send invitations", |app| {
                    Box::pin(dispatches::hand_over(app.chassis()))
                })
                .every(Duration::from_mins(10), "sweep sessions", |app| {
                    Box::pin(async move {
                        let now = app.chassis.clock.machine_now();
                        Ok(store::sessions::sweep(app.chassis.store.pool(), now).await?)
                    })
                })
                .every(Duration::from_secs(30), "count stuck messages", |app| {
                    Box::pin(web::staff::stuck::count(app))
                })
                .background("http", |app, stop| Box::pin(web::serve(app, stop)))
        },
    )
}
