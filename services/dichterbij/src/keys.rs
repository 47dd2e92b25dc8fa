//! `keys` and `nats-config`: who is who on the servers.

use std::path::Path;

use chassis::{
    Keys,
    chance::OsChance,
    keys::{KeysError, PublicKeys},
    nats_config,
};
use proto::permissions::Names;

/// Makes the keys that are missing. What it did goes to standard error: scripts read standard output.
pub fn make(dir: &Path) -> Result<(), KeysError> {
    let made = Keys::generate(dir, &OsChance)?;
    if !made.created.is_empty() {
        eprintln!(
            "New keys in {} for {}. Keep a copy elsewhere: without them encrypted data cannot be read.",
            dir.display(),
            made.created.join(", ")
        );
    }
    Ok(())
}

/// Prints who may do what, for the configuration of nats-server.
pub fn print_nats_config(secrets: &Path) -> Result<(), KeysError> {
    print!("{}", nats_config::authorization(&PublicKeys::load(secrets)?, &Names::default()));
    Ok(())
}
