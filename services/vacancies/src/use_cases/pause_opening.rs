//! Someone who may write for an employer stops showing an opening for a while.

use chassis::{Caller, Fault, Tx};
use proto::{Problem, vacancies::PauseOpening};

use super::{load_to_write, save};

/// Pauses the opening. Pausing twice changes nothing.
///
/// # Errors
/// `opening-unknown`, `forbidden`, `opening-is-draft`, `opening-closed`.
pub async fn pause_opening(tx: &mut Tx, caller: &Caller, command: &PauseOpening) -> Result<(), Fault> {
    let (mut opening, _) = load_to_write(tx, caller, command.opening_id).await?;
    let effect = opening.pause(false).map_err(Problem::from)?;
    save(tx, opening, effect).await
}
