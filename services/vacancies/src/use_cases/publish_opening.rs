//! Someone who may write for an employer publishes a draft.

use chassis::{Caller, Fault, Tx, clock};
use proto::{Problem, vacancies::PublishOpening};

use super::{load_to_write, save};
use crate::{
    Vacancies,
    domain::opening::{self, Effect},
};

/// Publishes the draft, if what it says is still right today. Publishing twice changes nothing.
///
/// # Errors
/// `opening-unknown`, `forbidden`, `opening-closed`; `fields-invalid` when a date passed while it
/// was a draft, or a task or postcode went out of use.
pub async fn publish_opening(
    app: &Vacancies,
    tx: &mut Tx,
    caller: &Caller,
    command: &PublishOpening,
) -> Result<(), Fault> {
    let mut opening = load_to_write(tx, caller, command.opening_id).await?;
    let now = tx.now();
    let effect = opening.publish(now).map_err(Problem::from)?;
    if effect != Effect::Nothing {
        let details = opening.content.details().clone();
        opening.content =
            opening::check(details, None, clock::day(now), &app.reference).map_err(Problem::fields)?;
    }
    save(tx, opening, effect).await
}
