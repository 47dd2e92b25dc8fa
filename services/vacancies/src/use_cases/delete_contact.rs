//! Someone who may write for an employer deletes a contact person.

use chassis::{Caller, Fault, Tx};
use proto::{Problem, vacancies::DeleteContact};

use crate::{
    may::{self, Deed},
    store::{contacts, employers},
};

/// Deletes her with her key, so that what is left of her in backups cannot be read.
///
/// # Errors
/// `contact-unknown`, `forbidden`.
pub async fn delete_contact(tx: &mut Tx, caller: &Caller, command: &DeleteContact) -> Result<(), Fault> {
    let unknown = || Problem::not_found("contact");
    let contact = contacts::lock(tx.conn(), command.contact_id).await?.ok_or_else(unknown)?;
    let employer = employers::find(tx.conn(), contact.employer_id).await?.ok_or_else(unknown)?;
    may::check(&caller.actor, Deed::Write, employer.owner())?;
    contacts::delete(tx.conn(), command.contact_id).await?;
    Ok(())
}
