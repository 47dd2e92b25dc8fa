//! Stops taking part for a while. Nobody is shown her profile; what she told stays.

use chassis::{Caller, Fault, Tx};
use proto::{FieldProblem, Problem, intake::Pause};

use super::of_person::{locked, republish};
use crate::{
    App,
    domain::{availability::unsound_pause, may::PersonAct},
    store::{availability, seekers},
};

/// Pausing again sets the new end; the same pause again changes nothing.
pub async fn pause(app: &App, tx: &mut Tx, caller: &Caller, command: &Pause) -> Result<(), Fault> {
    let now = tx.now();
    let (seeker, _) = locked(tx, caller, command.seeker_id, PersonAct::ChangeAvailability).await?;
    if let Some(code) = command.until.and_then(|until| unsound_pause(until, now)) {
        return Err(Problem::fields(vec![FieldProblem::new("until", code)]).into());
    }
    // Of a helper too: she sits beside her.
    seekers::hear(tx.conn(), seeker.seeker_id, now).await?;
    if seeker.paused_at.is_some() && seeker.paused_until == command.until && !seeker.paused_by_silence {
        return Ok(());
    }
    availability::pause(tx.conn(), seeker.seeker_id, command.until, false, now).await?;
    republish(app, tx, seeker.seeker_id).await
}
