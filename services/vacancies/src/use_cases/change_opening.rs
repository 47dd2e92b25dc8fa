//! Someone who may write for an employer changes what a draft or published opening says.

use chassis::{Caller, Fault, Tx, clock};
use proto::{Problem, vacancies::ChangeOpening};

use super::{load_to_write, save};
use crate::{Vacancies, domain::opening};

/// Changes the opening. Saying the same changes nothing.
///
/// # Errors
/// `opening-unknown`, `forbidden`, `fields-invalid`; `opening-changed-meanwhile` when the writer
/// saw another version; `opening-closed`.
pub async fn change_opening(
    app: &Vacancies,
    tx: &mut Tx,
    caller: &Caller,
    command: &ChangeOpening,
) -> Result<(), Fault> {
    let mut opening = load_to_write(tx, caller, command.opening_id).await?;
    let today = clock::day(tx.now());
    let before = opening.content.details();
    let content = opening::check(command.details.clone(), Some(before), today, &app.reference)
        .map_err(Problem::fields)?;
    let effect = opening.change(command.version, content).map_err(Problem::from)?;
    save(tx, opening, effect).await
}
