//! What happens by the clock.

use std::time::Duration;

use chassis::{Handles as _, Wiring, dispatches};

use crate::{App, use_cases};

/// Adds the work by the clock. Every replica runs all of it and claims its rows.
#[must_use]
pub fn add(wiring: Wiring<App>) -> Wiring<App> {
    wiring
        .every_and_on_bell(Duration::from_secs(1), "hand messages to the notifier", |app| {
            Box::pin(dispatches::hand_over(app.chassis()))
        })
        .every(Duration::from_secs(5), "tell background", |app| Box::pin(use_cases::tell_background(app)))
        .every_and_on_bell(Duration::from_secs(2), "see that the streams are clean", |app| {
            Box::pin(use_cases::see_streams_clean(app))
        })
        .every(Duration::from_secs(2), "end pauses", |app| Box::pin(use_cases::end_pauses(app)))
        .every(Duration::from_secs(2), "watch silence", |app| Box::pin(use_cases::watch_silence(app)))
        .every(Duration::from_secs(2), "send digests", |app| Box::pin(use_cases::send_digests(app)))
        .every(Duration::from_secs(5), "finish merges", |app| Box::pin(use_cases::finish_merges(app)))
        .every(Duration::from_mins(1), "watch erasures", |app| Box::pin(use_cases::watch_erasures(app)))
        .every(Duration::from_secs(10), "forget what was not confirmed", |app| {
            Box::pin(use_cases::forget_unconfirmed(app))
        })
}
