//! Ends the sessions of someone who is erased, and confirms it. The portal keeps nothing else about her.

use chassis::{Fault, Tx};
use proto::{intake::SeekerErased, portal::SeekerForgotten};

use crate::store::sessions;

/// The tombstone that stays keeps a sign-in that was under way from beginning a session.
pub(crate) async fn forget_seeker(tx: &mut Tx, erased: &SeekerErased) -> Result<(), Fault> {
    let (seeker_id, version) = (erased.seeker_id, erased.version);
    tx.forget(seeker_id.0).await?;
    sessions::end_of_seeker(tx.conn(), seeker_id.0).await?;
    tx.publish(SeekerForgotten { seeker_id, version }).await?;
    Ok(())
}
