//! Someone who may write for an employer changes what a draft, published or paused opening says.

use chassis::{Caller, Fault, Tx, clock};
use proto::{
    Problem,
    vacancies::{ChangeOpening, OpeningState},
};

use super::{checked, load_to_write, save};
use crate::{
    Vacancies,
    domain::{opening::Effect, search_change},
    events::publish::announce_search_changes,
    store::search_changes,
};

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
    let is_known = matches!(opening.state(), OpeningState::Published | OpeningState::Paused);
    let changes = if is_known && effect != Effect::Nothing {
        search_change::between(&before, opening.content.details())
    } else {
        Vec::new()
    };
    let now = tx.now();
    let told = opening.clone();
    save(tx, opening, effect).await?;
    for change in &changes {
        search_changes::insert(tx.conn(), &told, change, *after_advice, now).await?;
    }
    announce_search_changes(tx, &told, changes, *after_advice).await
}
