//! Changes what someone wants and can, or takes it in for the first time; her profile follows at once.

use chassis::{Caller, Fault, Tx, clock};
use proto::{Problem, intake::ChangeWishes};

use super::of_person::{locked, republish};
use crate::{
    App,
    domain::{fields, may::PersonAct},
    store::{crypt, seekers},
};

/// Saying the same again changes nothing and publishes nothing.
pub async fn change_wishes(
    app: &App,
    tx: &mut Tx,
    caller: &Caller,
    command: &ChangeWishes,
) -> Result<(), Fault> {
    let (seeker, _) = locked(tx, caller, command.seeker_id, PersonAct::ChangeWishes).await?;
    let given = app.open(&command.wishes)?;
    let (now, chance) = (tx.now(), tx.chance());
    let key = app.vault().owner(&seeker.data_key, seeker.seeker_id)?;
    let before = crypt::home(&key, &seeker)?;
    let from = before.as_ref().and_then(|before| before.wishes.available_from);
    let home = fields::home(&given, &app.reference, clock::day(now), from).map_err(Problem::fields)?;
    if before.as_ref() == Some(&home) {
        return Ok(());
    }
    let wishes = key.encrypt(&*chance, crypt::WISHES, &home);
    seekers::save_wishes(tx.conn(), seeker.seeker_id, &wishes, now).await?;
    republish(app, tx, seeker.seeker_id).await
}
