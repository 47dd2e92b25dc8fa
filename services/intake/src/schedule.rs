//! What happens by the clock.

use std::time::Duration;

use chassis::{Handles as _, Wiring, dispatches};

use crate::{App, use_cases};

/// Adds the work by the clock. Every replica runs all of it and claims its rows.
#[must_use]
pub fn add(wiring: Wiring<App>) -> Wiring<App> {
    wiring
        .every_and_on_bell(Duration::from_secs(1), "hand codes to the notifier", |app| {
            Box::pin(dispatches::hand_over(app.chassis()))
        })
        .every(Duration::from_secs(5), "tell entry points", |app| Box::pin(use_cases::tell_entry_points(app)))
        .every(Duration::from_secs(10), "forget what was not confirmed", |app| {
            Box::pin(use_cases::forget_unconfirmed(app))
        })
}
