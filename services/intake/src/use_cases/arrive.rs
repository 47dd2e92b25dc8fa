//! What happens when somebody is there whose confirmation was expected.

use chassis::{Fault, Tx};
use proto::{SeekerId, intake::ContactConfirmed};
use uuid::Uuid;

use super::welcome::welcome_arrival;
use crate::{
    App,
    domain::arrival::Arrival,
    store::{
        arrivals::ArrivalRow,
        crypt,
        seekers::{self, NewSeeker},
    },
};

/// Makes her a person under the id that was given, unless the contact is a person's already. The caller holds the turn
/// of the contact; `herself` says whether her own code came back.
pub(super) async fn become_person(
    app: &App,
    tx: &mut Tx,
    row: &ArrivalRow,
    herself: bool,
) -> Result<Option<SeekerId>, Fault> {
    if seekers::known_by_contact(tx.conn(), &row.contact_index).await?.is_some() {
        return Ok(None);
    }
    let key = app.vault().owner(&row.data_key, row.seeker_id)?;
    let arrival: Arrival = key.decrypt(crypt::ARRIVAL, &row.body)?;
    let given = Some(SeekerId(row.seeker_id));
    welcome_arrival(app, tx, given, &arrival, |person| NewSeeker { herself, ..person }).await
}

/// Tells that her contact is hers. Nobody is told about an id under which there is no person.
pub(super) async fn contact_confirmed(tx: &mut Tx, seeker_id: Uuid) -> Result<(), Fault> {
    if let Some(version) = seekers::next_contact_version(tx.conn(), seeker_id).await? {
        tx.publish(ContactConfirmed { seeker_id: SeekerId(seeker_id), version }).await?;
    }
    Ok(())
}
