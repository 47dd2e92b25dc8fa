//! What the matcher announces anew when an operator asks: the proposals that people were shown, and those that
//! went with somebody who is erased. Its profiles and openings are not its own to announce.

use chassis::{
    Fault, Tx,
    replay::{self, AFTER_ALL, PAGE, Page},
};
use proto::{
    ProposalId,
    matcher::{ProposalErased, ProposalShown},
};
use uuid::Uuid;

use crate::store::proposals;

/// Events that are not announced anew, on purpose. `proposal_marked` is news to her: whoever tells it anew may tell
/// her twice. `seeker_forgotten_by_matcher` follows `seeker_erased`, which intake announces.
pub(crate) const MOMENTS: &[&str] = &["proposal_marked", "seeker_forgotten_by_matcher"];

/// Proposals as first shown.
pub(crate) async fn proposals(tx: &mut Tx, after: Uuid) -> Result<Page<ProposalShown>, Fault> {
    Ok(Page::of(proposals::page(tx.conn(), after, PAGE).await?))
}

/// Proposals that are erased.
pub(crate) async fn erased(tx: &mut Tx, after: Uuid) -> Result<Page<ProposalErased>, Fault> {
    let erased = replay::tombstones(tx, true, after).await?;
    let facts =
        erased.into_iter().map(|id| ProposalErased { proposal_id: ProposalId(id), version: AFTER_ALL });
    Ok(Page::of(facts.collect()))
}
