//! Chooses how the weekly digest comes, or turns it off.

use chassis::{Caller, Fault, Tx};
use proto::{FieldProblem, Problem, intake::SetDigest, work::Channel};

use super::of_person::locked;
use crate::{
    App,
    domain::{contact::Contact, may::PersonAct, person::Identity},
    store::{availability, crypt},
};

/// The channel must suit her contact.
pub async fn set_digest(app: &App, tx: &mut Tx, caller: &Caller, command: &SetDigest) -> Result<(), Fault> {
    let (seeker, _) = locked(tx, caller, command.seeker_id, PersonAct::SetDigest).await?;
    let key = app.vault().owner(&seeker.data_key, seeker.seeker_id)?;
    let identity: Identity = key.decrypt(crypt::IDENTITY, &seeker.identity)?;
    if let Some(code) = command.by.and_then(|by| unsound(by, identity.contact.as_deref())) {
        return Err(Problem::fields(vec![FieldProblem::new("by", code)]).into());
    }
    availability::save_digest(tx.conn(), seeker.seeker_id, command.by.map(Channel::name)).await?;
    Ok(())
}

/// Why a digest cannot come this way: the code of the field problem.
fn unsound(by: Channel, contact: Option<&str>) -> Option<&'static str> {
    let Some(contact) = contact.and_then(|contact| Contact::parse(contact).ok()) else {
        return Some("digest-needs-contact");
    };
    match by {
        // A number cannot count for her on the telephone.
        Channel::Call => Some("digest-not-by-call"),
        Channel::Sms | Channel::Email => contact.suits(by).err(),
    }
}
