//! Forgets a person who was erased: her profile, what she was shown, what she said and who looked, and
//! confirms it in the same transaction (DESIGN rule 4).

use chassis::{Fault, Tx};
use proto::{
    intake::SeekerErased,
    matcher::{ProposalErased, SeekerForgotten},
};

use crate::store::{changes, erased};

/// Deletes everything of hers; only the tombstone of the chassis stays, and whatever of hers comes later
/// meets it. The caller holds the lock of the change log.
///
/// A repeated or replayed erasure is confirmed again: who heard nothing of the first one waits for it.
pub(crate) async fn forget_seeker(tx: &mut Tx, told: &SeekerErased) -> Result<(), Fault> {
    // First of all: from here on nobody begins to write about her.
    tx.forget(told.seeker_id.0).await?;
    let gone = erased::delete(tx, told.seeker_id).await?;
    changes::replace_by_one(tx, told.seeker_id).await?;
    let proposals: Vec<_> = gone.iter().map(|(proposal_id, _)| proposal_id.0).collect();
    tx.forget_parts(&proposals).await?;
    if !gone.is_empty() {
        let facts = gone
            .iter()
            .map(|(proposal_id, version)| ProposalErased { proposal_id: *proposal_id, version: version + 1 });
        tx.publish_all(facts.collect()).await?;
    }
    tx.publish(SeekerForgotten { seeker_id: told.seeker_id, version: told.version }).await?;
    Ok(())
}
