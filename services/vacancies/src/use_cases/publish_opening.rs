//! Someone who may write for an employer publishes a draft, or shows a paused opening again.

use chassis::{Caller, Fault, Tx, clock};
use proto::{
    FieldProblem, Problem,
    vacancies::{OpeningState, PublishOpening},
};

use super::{checked, load_to_write, refuse_conflict, save};
use crate::{Vacancies, domain::opening::Effect};

/// Publishes the opening, if what it says is still right today; for a paused one a first day may have
/// passed, its last day not. Publishing twice changes nothing.
///
/// # Errors
/// `opening-unknown`, `forbidden`, `opening-closed`, `labour-conflict`; `fields-invalid` when a date
/// passed while it was a draft, or a task or postcode went out of use.
pub async fn publish_opening(
    app: &Vacancies,
    tx: &mut Tx,
    caller: &Caller,
    command: &PublishOpening,
) -> Result<(), Fault> {
    let (mut opening, employer) = load_to_write(tx, caller, command.opening_id).await?;
    let now = tx.now();
    let today = clock::day(now);
    let was_paused = opening.state() == OpeningState::Paused;
    let effect = opening.publish(now).map_err(Problem::from)?;
    if effect != Effect::Nothing {
        refuse_conflict(&employer)?;
        let details = opening.content.details().clone();
        let before = was_paused.then(|| details.clone());
        let (content, mut problems) =
            checked(app, tx, Some(employer.employer_id()), details, before.as_ref(), today).await?;
        if was_paused && opening.is_over(today) {
            problems.push(FieldProblem::new("closes_on", "closes-in-past"));
        }
        opening.content = content.filter(|_| problems.is_empty()).ok_or_else(|| Problem::fields(problems))?;
    }
    save(tx, opening, effect).await
}
