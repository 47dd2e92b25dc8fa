//! Mends a desk's entry; from then on it counts as checked.

use chassis::{Caller, Fault, Tx};
use proto::{Problem, intake::ChangeDesk};

use crate::{
    App,
    domain::{
        desk,
        may::{Act, may, works_for},
    },
    store::desks,
};

/// Saying the same again says that it was checked.
pub async fn change_desk(app: &App, tx: &mut Tx, caller: &Caller, command: &ChangeDesk) -> Result<(), Fault> {
    may(&caller.actor, Act::MaintainDesks, app.chassis.config.profile)?;
    let entry = desk::entry(command).map_err(Problem::fields)?;
    let now = tx.now();
    let desk = desks::find(tx.conn(), command.desk_id).await?.ok_or_else(|| Problem::not_found("desk"))?;
    if !works_for(&caller.actor, &desk.region) {
        return Err(Problem::forbidden().into());
    }
    desks::save(tx.conn(), desk.desk_id, &entry, now).await?;
    Ok(())
}
