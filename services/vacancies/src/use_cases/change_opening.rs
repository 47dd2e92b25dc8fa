//! Someone who may write for an employer changes what a draft, published or paused opening says.

use chassis::{Caller, Fault, Tx, clock};
use proto::{Problem, vacancies::ChangeOpening};

use super::{checked, load_to_write, record_search_changes, save};
use crate::{Vacancies, domain::search_change};

/// Changes the opening. Saying the same changes nothing. When others know the opening and it now asks
/// less, other hours or another route, that is told as well.
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
    let (mut opening, employer) = load_to_write(tx, caller, command.opening_id).await?;
    let today = clock::day(tx.now());
    let before = opening.content.details().clone();
    let (content, mut problems) =
        checked(app, tx, Some(employer.employer_id()), command.details.clone(), Some(&before), today).await?;
    let after_advice = search_change::advice(command.after_advice.as_deref());
    let (Some(content), Ok(after_advice)) = (content, &after_advice) else {
        problems.extend(after_advice.err());
        return Err(Problem::fields(problems).into());
    };
    let effect = opening.change(command.version, content).map_err(Problem::from)?;
    let changes = search_change::told(&opening, effect, &before);
    let told = opening.clone();
    save(tx, opening, effect).await?;
    record_search_changes(tx, &[(told, changes)], *after_advice).await
}
