//! Deletes every message of someone who is erased, also those that wait, and confirms it.

use chassis::{Fault, Tx};
use proto::{intake::SeekerErased, notifier::SeekerForgotten};

use crate::store::{employer_answers, messages, ticket_news};

/// The tombstone that stays keeps late events and late requests from sending her anything.
pub async fn forget_seeker(tx: &mut Tx, erased: &SeekerErased) -> Result<(), Fault> {
    let (seeker_id, version) = (erased.seeker_id, erased.version);
    tx.forget(seeker_id.0).await?;
    messages::delete_of(tx.conn(), seeker_id.0).await?;
    employer_answers::delete_of(tx.conn(), seeker_id.0).await?;
    ticket_news::delete_of(tx.conn(), seeker_id.0).await?;
    tx.publish(SeekerForgotten { seeker_id, version }).await?;
    Ok(())
}
