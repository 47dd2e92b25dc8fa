//! Changes what someone needs. Nothing is published: no event says that there are needs.

use chassis::{Caller, Fault, Tx};
use proto::intake::ChangeNeeds;

use super::of_person::locked;
use crate::{
    App,
    domain::{fields, may::PersonAct},
    store::{crypt, seekers},
};

/// Who needs nothing leaves no bytes either.
pub async fn change_needs(
    app: &App,
    tx: &mut Tx,
    caller: &Caller,
    command: &ChangeNeeds,
) -> Result<(), Fault> {
    let (seeker, _) = locked(tx, caller, command.seeker_id, PersonAct::ChangeNeeds).await?;
    let needs = fields::needs(&app.open(&command.needs)?);
    let (now, chance) = (tx.now(), tx.chance());
    let key = app.vault().owner(&seeker.data_key, seeker.seeker_id)?;
    let stored = (!needs.is_empty()).then(|| key.encrypt(&*chance, crypt::NEEDS, &needs));
    seekers::save_needs(tx.conn(), seeker.seeker_id, stored.as_deref(), now).await?;
    Ok(())
}
