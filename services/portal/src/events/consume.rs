//! Heard event → use case. The portal hears one kind: that someone is erased.

use chassis::{Fault, Heard, Tx};
use proto::intake::SeekerErased;

use crate::{Portal, use_cases::forget_seeker::forget_seeker};

/// Takes effect of events, in the order in which they came.
pub(crate) async fn apply(_: &Portal, tx: &mut Tx, events: &[Heard]) -> Result<(), Fault> {
    for event in events {
        if event.is::<SeekerErased>() {
            forget_seeker(tx, &event.read::<SeekerErased>()?.data).await?;
        } else {
            tracing::warn!(kind = %event.kind, "an event that the portal does not know is passed over");
        }
    }
    Ok(())
}
