//! The operator at the command line: asks the services over the bus, as the portal does for people.
//!
//! It holds the portal's keys, so it runs only where those are. It serves nothing and has no tables.

use std::sync::Arc;

use chassis::{Bus, Clock, Config, Keys, chance::OsChance};
use proto::{Service, permissions::Names};

use crate::Failure;

/// Connects with the portal's keys in `DBJ_SECRETS`.
pub async fn connect(config: &Config) -> Result<Bus, Failure> {
    let keys = Arc::new(Keys::load(&config.secrets, Service::Portal)?);
    Bus::connect(&config.nats_url, keys, true, Names::default(), Clock::default(), Arc::new(OsChance))
        .await
        .map_err(|error| format!("NATS at NATS_URL does not let the operator in: {error}").into())
}
