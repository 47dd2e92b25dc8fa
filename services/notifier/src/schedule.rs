//! What happens by the clock.

use std::time::Duration;

use chassis::Wiring;

use crate::{App, use_cases};

/// Adds the work by the clock. Every replica runs it and claims its rows.
#[must_use]
pub fn add(wiring: Wiring<App>) -> Wiring<App> {
    wiring
        .every_and_on_bell(Duration::from_secs(1), "hand over messages", |app| {
            Box::pin(use_cases::hand_over_messages(app))
        })
        .every_and_on_bell(Duration::from_secs(5), "tell employers' answers", |app| {
            Box::pin(use_cases::tell_answers(app))
        })
        .every_and_on_bell(Duration::from_secs(2), "tell news of places in line", |app| {
            Box::pin(use_cases::tell_tickets(app))
        })
}
