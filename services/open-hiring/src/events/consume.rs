//! Heard event → use case: one table, "ignored on purpose" included.

use chassis::{Fault, Heard, Tx};
use proto::{
    intake::{ContactChanged, ContactConfirmed, SeekerErased, WaysChanged},
    vacancies::{OpeningClosed, OpeningPaused, OpeningPublished},
    work::Route,
};

use crate::{
    store::openings::Opening,
    use_cases::{
        follow_opening::{ended, follow_opening},
        forget_seeker::forget_seeker,
        hear_contact::{Contact, hear_contacts},
        hear_ways::hear_ways,
    },
};

/// Takes effect of events that came together. Openings come in the order of their numbers, as everybody takes queues in
/// hand; what was heard of contacts and ways comes after them, and erasures last. Nothing here depends on the order between them.
pub(crate) async fn take_in(tx: &mut Tx, events: &[Heard]) -> Result<(), Fault> {
    let (mut openings, mut contacts) = (Vec::new(), Vec::new());
    let (mut ways, mut erased) = (Vec::new(), Vec::new());
    for event in events {
        if event.is::<OpeningPublished>() {
            let told = event.read::<OpeningPublished>()?.data;
            openings.push(Opening {
                id: told.opening_id.0,
                version: told.version,
                employer_id: Some(told.employer_id.0),
                region: Some(told.area.region),
                state: "published".to_owned(),
                is_route: told.route == Route::OpenHiring,
            });
        } else if event.is::<OpeningPaused>() {
            let told = event.read::<OpeningPaused>()?.data;
            openings.push(ended(told.opening_id.0, told.version, "paused"));
        } else if event.is::<OpeningClosed>() {
            let told = event.read::<OpeningClosed>()?.data;
            openings.push(ended(told.opening_id.0, told.version, "closed"));
        } else if event.is::<ContactConfirmed>() {
            contacts.push((event.read::<ContactConfirmed>()?.data.seeker_id, Contact::Confirmed));
        } else if event.is::<ContactChanged>() {
            contacts.push((event.read::<ContactChanged>()?.data.seeker_id, Contact::Changed));
        } else if event.is::<WaysChanged>() {
            ways.push(event.read::<WaysChanged>()?.data);
        } else if event.is::<SeekerErased>() {
            erased.push(event.read::<SeekerErased>()?.data);
        } else {
            tracing::warn!(kind = %event.kind, "an event that open-hiring does not know is passed over");
        }
    }
    openings.sort_by_key(|opening| (opening.id, opening.version));
    for opening in &openings {
        follow_opening(tx, opening).await?;
    }
    if !contacts.is_empty() {
        hear_contacts(tx, &contacts).await?;
    }
    // The last one of a person counts, so it is taken last.
    ways.sort_by_key(|told| (told.seeker_id, told.version));
    if !ways.is_empty() {
        hear_ways(tx, &ways).await?;
    }
    for told in &erased {
        forget_seeker(tx, told).await?;
    }
    Ok(())
}
