//! Changes what someone wants and can; her profile follows at once.

use chassis::{Caller, Fault, Tx};
use proto::{Problem, intake::ChangeWishes};

use crate::{
    App,
    domain::{
        fields,
        may::{Act, may},
    },
    events::publish,
    store::{consents, crypt, seekers},
};

/// Saying the same again changes nothing and publishes nothing.
pub async fn change_wishes(
    app: &App,
    tx: &mut Tx,
    caller: &Caller,
    command: &ChangeWishes,
) -> Result<(), Fault> {
    may(&caller.actor, Act::ChangeWishes(command.seeker_id), app.chassis.config.profile)?;
    let given = app.open(&command.wishes)?;
    let home = fields::home(&given, &app.reference).map_err(Problem::fields)?;

    let now = tx.now();
    let seeker =
        seekers::lock(tx.conn(), command.seeker_id.0).await?.ok_or_else(|| Problem::not_found("seeker"))?;
    let key = app.vault().owner(&seeker.data_key, seeker.seeker_id)?;
    if key.decrypt(crypt::WISHES, &seeker.wishes)? == home {
        return Ok(());
    }
    let version = seeker.version + 1;
    let wishes = key.encrypt(&*tx.chance(), crypt::WISHES, &home);
    seekers::save_wishes(tx.conn(), seeker.seeker_id, version, &wishes, now).await?;
    let said = consents::said(&consents::latest(tx.conn(), seeker.seeker_id).await?);
    let ids = publish::ids(seeker.seeker_id, seeker.open_file_id, seeker.background_id);
    tx.publish(publish::profile(ids, version, &home, &said)).await?;
    Ok(())
}
