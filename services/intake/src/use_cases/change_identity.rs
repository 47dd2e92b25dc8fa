//! Changes her name, language or how she likes to be reached.

use chassis::{Caller, Fault, Tx};
use proto::{Problem, intake::ChangeIdentity};

use super::of_person::locked;
use crate::{
    App,
    domain::{contact::Contact, fields, may::PersonAct, person::Identity},
    store::{crypt, seekers},
};

/// Nothing of it is on the bus, so nothing is published.
pub async fn change_identity(
    app: &App,
    tx: &mut Tx,
    caller: &Caller,
    command: &ChangeIdentity,
) -> Result<(), Fault> {
    let (seeker, _) = locked(tx, caller, command.seeker_id, PersonAct::ChangeIdentity).await?;
    let told = app.open(&command.identity)?;
    let (now, chance) = (tx.now(), tx.chance());
    let key = app.vault().owner(&seeker.data_key, seeker.seeker_id)?;
    let before = key.decrypt(crypt::IDENTITY, &seeker.identity)?;
    let contact = before.contact.as_deref().and_then(|contact| Contact::parse(contact).ok());
    let name = fields::identity(&told, contact.as_ref()).map_err(Problem::fields)?;
    let name_index = crypt::name_index(app.vault(), &name);
    let identity = Identity { name, contact: before.contact, channel: told.channel };
    let identity = key.encrypt(&*chance, crypt::IDENTITY, &identity);
    seekers::save_identity(tx.conn(), seeker.seeker_id, &identity, &name_index, told.language, now).await?;
    Ok(())
}
