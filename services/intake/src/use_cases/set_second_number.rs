//! Keeps a second number, or forgets it.

use chassis::{Caller, Fault, Tx};
use proto::{
    Problem,
    intake::{Purpose, SetSecondNumber, WaysChanged},
};
use uuid::Uuid;

use super::of_person::locked;
use crate::{
    App,
    domain::{
        arrival::ways, contact::Contact, may::PersonAct, person::Identity, second_number::second_number,
    },
    store::{
        consents, crypt,
        seekers::{self, SeekerRow},
    },
};

/// No code goes there: it is not hers, it signs nobody in and gets no messages.
pub async fn set_second_number(
    app: &App,
    tx: &mut Tx,
    caller: &Caller,
    command: &SetSecondNumber,
) -> Result<(), Fault> {
    let (seeker, _) = locked(tx, caller, command.seeker_id, PersonAct::SetSecondNumber).await?;
    let given = app.open(&command.number)?;
    let (now, chance) = (tx.now(), tx.chance());
    let key = app.vault().owner(&seeker.data_key, seeker.seeker_id)?;
    if let Some(given) = given {
        let identity: Identity = key.decrypt(crypt::IDENTITY, &seeker.identity)?;
        let checked = second_number(&given, identity.contact.as_deref()).map_err(Problem::fields)?;
        let stored = key.encrypt(&*chance, crypt::SECOND_NUMBER, &checked.kept);
        let index = crypt::contact_index(app.vault(), checked.number.normalised());
        let second = Some((stored.as_slice(), index.as_slice()));
        seekers::save_second_number(tx.conn(), seeker.seeker_id, second, now).await?;
    } else {
        seekers::save_second_number(tx.conn(), seeker.seeker_id, None, now).await?;
    }
    tell_ways(app, tx, seeker.seeker_id).await
}

/// Tells how she can be reached as it now stands in the tables, with the next version. The caller has locked her.
pub(super) async fn tell_ways(app: &App, tx: &mut Tx, seeker_id: Uuid) -> Result<(), Fault> {
    seekers::next_ways_version(tx.conn(), seeker_id).await?;
    let seeker = seekers::find(tx.conn(), seeker_id).await?.ok_or_else(|| Problem::not_found("seeker"))?;
    let told = ways_of(app, tx, &seeker).await?;
    tx.publish(told).await?;
    Ok(())
}

/// How she can be reached, as it is told.
pub(crate) async fn ways_of(app: &App, tx: &mut Tx, seeker: &SeekerRow) -> Result<WaysChanged, Fault> {
    let key = app.vault().owner(&seeker.data_key, seeker.seeker_id)?;
    let identity: Identity = key.decrypt(crypt::IDENTITY, &seeker.identity)?;
    let contact = identity.contact.and_then(|contact| Contact::parse(&contact).ok());
    let adviser = consents::said_by(tx.conn(), seeker.seeker_id).await?.yes(Purpose::Adviser);
    Ok(WaysChanged {
        seeker_id: seeker.seeker_id.into(),
        version: seeker.ways_version,
        ways: ways(contact.as_ref(), seeker.second_number.is_some(), adviser),
    })
}
