//! Sends a code to the contact that is to become hers.

use chassis::{Caller, Fault, Tx};
use proto::{
    Problem, Status,
    intake::{ChangeContact, CodeSent},
};

use super::{
    of_person::locked,
    start_challenge::{For, Request, start_challenge},
};
use crate::{
    App,
    domain::{contact_change::needs_the_old_one, fields, may::PersonAct},
    store::{crypt, seekers},
};

/// A contact that is somebody else's gets the same answer and no message, so that nobody learns whose
/// contact is known.
pub async fn change_contact(
    app: &App,
    tx: &mut Tx,
    caller: &Caller,
    command: &ChangeContact,
) -> Result<CodeSent, Fault> {
    let (seeker, _) = locked(tx, caller, command.seeker_id, PersonAct::ChangeContact).await?;
    let (now, has_own) = (tx.now(), seeker.contact_index.is_some());
    let free_until = seekers::contact_free_until(tx.conn(), seeker.seeker_id).await?;
    if needs_the_old_one(has_own, free_until, now) {
        return Err(Problem::new(Status::Conflict, "old-contact-first").into());
    }
    let typed = app.open(&command.contact)?;
    let contact = fields::contact(&typed).map_err(|problem| Problem::fields(vec![problem]))?;
    let index = crypt::contact_index(app.vault(), contact.normalised());
    let holder = seekers::known_by_contact(tx.conn(), &index).await?;
    let chance = tx.chance();
    let key = app.vault().owner(&seeker.data_key, seeker.seeker_id)?;
    let stored = key.encrypt(&*chance, crypt::NEW_CONTACT, &contact.normalised().to_owned());
    let request = Request {
        contact: &contact,
        language: seeker.language(),
        what_for: For::Contact { seeker_id: seeker.seeker_id, stored: &stored },
        recipient: Some(seeker.seeker_id),
        is_known: holder.is_none_or(|(holder, _)| holder == seeker.seeker_id),
    };
    start_challenge(app, tx, &request).await
}
