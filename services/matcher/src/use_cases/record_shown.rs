//! Records what a person was shown, the first time each; from then on a proposal can be explained
//! as it was.

use std::collections::{HashMap, HashSet};

use chassis::{Caller, Fault, Tx};
use proto::{
    FieldProblem, OpeningId, Problem, ProposalId,
    matcher::{ProposalShown, RecordShown},
};

use crate::{
    may,
    store::{openings, proposals, proposals::Shown},
};

/// The most proposals one page shows.
const MOST: usize = 100;

/// Records what she was shown. What she saw before stays as first recorded.
///
/// # Errors
/// `forbidden` for anyone but her; `seeker-unknown` when she was erased;
/// `opening-unknown` for an opening that never was.
pub(crate) async fn record_shown(tx: &mut Tx, caller: &Caller, command: &RecordShown) -> Result<(), Fault> {
    may::record_shown_to(&caller.actor, command.seeker_id)?;
    if command.proposals.len() > MOST {
        let problem = FieldProblem::new("proposals", "too-many").with("most", MOST);
        return Err(Problem::fields(vec![problem]).into());
    }
    if tx.is_forgotten(command.seeker_id.0).await? {
        return Err(Problem::not_found("seeker").into());
    }
    let ids: Vec<OpeningId> = command.proposals.iter().map(|proposal| proposal.opening_id).collect();
    let versions: HashMap<OpeningId, i64> = openings::versions(tx.conn(), &ids).await?.into_iter().collect();
    let chance = tx.chance();
    let mut named = HashSet::new();
    let mut shown = Vec::with_capacity(ids.len());
    for proposal in &command.proposals {
        let opening_id = proposal.opening_id;
        let opening_version = *versions.get(&opening_id).ok_or_else(|| Problem::not_found("opening"))?;
        if named.insert(opening_id) {
            shown.push(Shown {
                proposal_id: ProposalId(chance.uuid_v4()),
                opening_id,
                opening_version,
                weight: proposal.weight,
                km: proposal.km,
                reasons: &proposal.reasons,
            });
        }
    }
    let (seeker_id, made_with) = (command.seeker_id, &command.made_with);
    let new = proposals::keep(tx, seeker_id, command.profile_version, made_with, &shown).await?;
    let new: HashSet<ProposalId> = new.into_iter().collect();
    let facts: Vec<ProposalShown> = shown
        .iter()
        .filter(|shown| new.contains(&shown.proposal_id))
        .map(|shown| ProposalShown {
            proposal_id: shown.proposal_id,
            version: 1,
            seeker_id,
            opening_id: shown.opening_id,
            reasons: shown.reasons.to_vec(),
            made_with: made_with.clone(),
        })
        .collect();
    if !facts.is_empty() {
        tx.publish_all(facts).await?;
    }
    Ok(())
}
