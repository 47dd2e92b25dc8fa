//! Takes in, after a restore, what happened after the backup.

use chassis::{Fault, Reconciled, Told, Tx};
use proto::intake::SeekerErased;

use super::forget_seeker::forget_seeker;
use crate::store::sessions;

/// Who was erased since is forgotten again. The portal tells nothing else than that it did so.
pub(crate) async fn after_restore(tx: &mut Tx, told: &Told) -> Result<Reconciled, Fault> {
    let Some(erased) = told.last::<SeekerErased>()? else { return Ok(Reconciled::NOTHING) };
    forget_seeker(tx, &erased).await?;
    Ok(Reconciled::ERASED)
}

/// Everybody signs in again: a session that somebody ended after the backup would begin anew.
pub(crate) async fn end_sessions(tx: &mut Tx) -> Result<(), Fault> {
    let ended = sessions::end_all(tx.conn()).await?;
    tracing::warn!(count = ended, "sessions ended, because these tables were restored");
    Ok(())
}
