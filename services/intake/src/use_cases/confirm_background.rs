//! Writes down that an organisation which can know confirms someone's benefit.

use chassis::{Caller, Fault, Tx};
use proto::{
    FieldProblem, Problem, Status,
    intake::{ConfirmBackground, ConfirmedBenefit, Purpose},
};

use super::change_background::{keep, kept};
use crate::{
    App,
    domain::{
        may::{Act, may, works_for},
        text,
    },
    store::{consents, crypt, seekers},
};

/// Only for someone of the account manager's region who agreed that an adviser thinks along, and who
/// told from what she lives: what is confirmed stands beside what she says, never alone.
pub async fn confirm_background(
    app: &App,
    tx: &mut Tx,
    caller: &Caller,
    command: &ConfirmBackground,
) -> Result<(), Fault> {
    may(&caller.actor, Act::ConfirmBackground, app.chassis.config.profile)?;
    let benefit = app.open(&command.benefit)?;
    let organisation = text::line(&command.organisation, text::ORGANISATION)
        .map_err(|code| Problem::fields(vec![FieldProblem::new("organisation", code)]))?;
    let seeker = seekers::lock_by_open_file(tx.conn(), command.open_file_id.0).await?;
    let Some(seeker) = seeker.filter(|seeker| seeker.merged_into.is_none()) else {
        return Err(Problem::forbidden().into());
    };
    let key = app.vault().owner(&seeker.data_key, seeker.seeker_id)?;
    // Who told nothing about where she lives is of no region.
    let Some(home) = crypt::home(&key, &seeker)? else { return Err(Problem::forbidden().into()) };
    let said = consents::said_by(tx.conn(), seeker.seeker_id).await?;
    if !said.yes(Purpose::Adviser) || !works_for(&caller.actor, &home.area.region) {
        return Err(Problem::forbidden().into());
    }
    let before = kept(&key, &seeker)?;
    let confirmed = ConfirmedBenefit { benefit, by: organisation, at: tx.now() };
    let Some(now) = before.confirm(confirmed) else {
        return Err(Problem::new(Status::Conflict, "background-not-told").into());
    };
    keep(tx, &key, &seeker, &now, false).await
}
