//! What goes when a person is erased.

use chassis::{Fault, Tx};
use proto::{ProposalId, SeekerId};
use uuid::Uuid;

/// Deletes everything about a person. Answers the proposals that are gone, each with its last version.
/// Repeating it deletes what may have come since.
pub(crate) async fn delete(tx: &mut Tx, seeker_id: SeekerId) -> Result<Vec<(ProposalId, i64)>, Fault> {
    // Proposals before the profile, as an answer takes hold of them. Whoever writes a look at her down holds
    // the profile: when that is gone, what they wrote is there for the last statement, and nobody begins anew.
    let gone: Vec<(Uuid, i64)> =
        sqlx::query_as("delete from proposals where seeker_id = $1 returning proposal_id, version")
            .bind(seeker_id.0)
            .fetch_all(tx.conn())
            .await?;
    sqlx::query("delete from profiles where seeker_id = $1").bind(seeker_id.0).execute(tx.conn()).await?;
    sqlx::query("delete from looks where seeker_id = $1").bind(seeker_id.0).execute(tx.conn()).await?;
    let mut gone: Vec<_> = gone.into_iter().map(|(id, version)| (ProposalId(id), version)).collect();
    gone.sort_unstable();
    Ok(gone)
}
