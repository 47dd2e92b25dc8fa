//! Takes part again, or goes on: the answer "yes" to "still looking?".

use chassis::{Caller, Fault, Tx};
use proto::intake::StillLooking;

use super::of_person::{locked, republish};
use crate::{
    App,
    domain::may::PersonAct,
    store::{availability, seekers},
};

/// A sign of life, which takes back every question. Her profile follows only when she paused.
pub async fn still_looking(
    app: &App,
    tx: &mut Tx,
    caller: &Caller,
    command: &StillLooking,
) -> Result<(), Fault> {
    let now = tx.now();
    let (seeker, _) = locked(tx, caller, command.seeker_id, PersonAct::ChangeAvailability).await?;
    seekers::hear(tx.conn(), seeker.seeker_id, now).await?;
    if seeker.paused_at.is_some() {
        availability::resume(tx.conn(), seeker.seeker_id, None).await?;
        republish(app, tx, seeker.seeker_id).await?;
    }
    Ok(())
}
