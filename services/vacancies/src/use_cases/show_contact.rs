//! Someone who may see it is shown a contact person, for one purpose, and that is written down.

use chassis::{Caller, Fault, Tx};
use proto::{
    Actor, Problem, Sealed, Service,
    vacancies::{EmployerContact, ShowContact},
};

use super::save_contact::CONTACT;
use crate::{
    Vacancies,
    may::{self, Deed},
    store::{contacts, employers},
};

/// Shows the contact person, sealed for the portal.
///
/// # Errors
/// `contact-unknown`, `forbidden`.
pub async fn show_contact(
    app: &Vacancies,
    tx: &mut Tx,
    caller: &Caller,
    command: &ShowContact,
) -> Result<Sealed<EmployerContact>, Fault> {
    let unknown = || Problem::not_found("contact");
    let contact = contacts::lock(tx.conn(), command.contact_id).await?.ok_or_else(unknown)?;
    let employer = employers::find(tx.conn(), contact.employer_id).await?.ok_or_else(unknown)?;
    may::check(&caller.actor, Deed::SeeContact, employer.owner())?;
    let Actor::Account { account_id, .. } = &caller.actor else { return Err(Problem::forbidden().into()) };
    let (look_id, now) = (tx.chance().uuid_v4(), tx.now());
    contacts::note_look(tx.conn(), look_id, &contact, *account_id, command.purpose, now).await?;
    let key = app.vault()?.owner(&contact.key, contact.contact_id.0)?;
    let who = key.decrypt(CONTACT, &contact.contact)?;
    Ok(app.chassis.keys.seal(Service::Portal, &who))
}
