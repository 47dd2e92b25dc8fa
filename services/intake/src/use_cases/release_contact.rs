//! Sends a code to the contact that is hers now, before she gives another one.

use chassis::{Caller, Fault, Tx};
use proto::intake::{ReleaseContact, Released};

use super::{
    of_person::locked,
    start_challenge::{For, Request, start_challenge},
};
use crate::{
    App,
    domain::{contact::Contact, may::PersonAct, person::Identity},
    store::crypt,
};

/// Whoever has her session and not her telephone gets no further than this.
pub async fn release_contact(
    app: &App,
    tx: &mut Tx,
    caller: &Caller,
    command: &ReleaseContact,
) -> Result<Released, Fault> {
    let (seeker, _) = locked(tx, caller, command.seeker_id, PersonAct::ChangeContact).await?;
    let key = app.vault().owner(&seeker.data_key, seeker.seeker_id)?;
    let identity: Identity = key.decrypt(crypt::IDENTITY, &seeker.identity)?;
    let contact = identity.contact.filter(|_| seeker.contact_index.is_some());
    let Some(contact) = contact.and_then(|contact| Contact::parse(&contact).ok()) else {
        return Ok(Released::NotNeeded);
    };
    let request = Request {
        contact: &contact,
        language: seeker.language(),
        what_for: For::OldContact { seeker_id: seeker.seeker_id },
        recipient: Some(seeker.seeker_id),
        is_known: true,
    };
    let sent = start_challenge(app, tx, &request).await?;
    Ok(Released::CodeSent { challenge_id: sent.challenge_id })
}
