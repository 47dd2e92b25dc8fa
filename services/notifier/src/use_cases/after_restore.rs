//! Takes in, after a restore, what was sent after the backup: it is not sent again.

use chassis::{Fault, Reconciled, Told, Tx};
use proto::{intake::SeekerErased, notifier::MessageSent, open_hiring::TicketErased};

use super::{forget_seeker, forget_tickets};
use crate::store::messages;

/// A message that waits in the restored ledger and was sent since ends as sent; one that the ledger does not know
/// blocks its cause and template. Who was erased since is forgotten again, before any message to her leaves.
pub async fn after_restore(tx: &mut Tx, told: &Told) -> Result<Reconciled, Fault> {
    if let Some(erased) = told.last::<SeekerErased>()? {
        forget_seeker(tx, &erased).await?;
        return Ok(Reconciled::ERASED);
    }
    if let Some(erased) = told.last::<TicketErased>()? {
        forget_tickets(tx, &[erased]).await?;
        return Ok(Reconciled::ERASED);
    }
    // What else was told is that someone was forgotten: whoever that was comes as erased.
    let Some(sent) = told.last::<MessageSent>()? else { return Ok(Reconciled::NOTHING) };
    let now = tx.now();
    messages::was_sent(tx.conn(), &sent, now).await?;
    Ok(Reconciled::TAKEN_OVER)
}
