//! Keeps what a person says to a proposal that she was shown, and says so on the bus.

use chassis::{Caller, Fault, Tx};
use proto::{
    Problem, Status,
    matcher::{Mark, MarkProposal, ProposalMarked},
};

use crate::{
    domain::said,
    may,
    store::{
        marks::{self, Owner},
        openings, proposals,
    },
};

/// Keeps what she says. Saying the same twice changes nothing.
///
/// # Errors
/// `forbidden` for anyone but her; `proposal-unknown` for an opening that she was never shown;
/// `opening-not-public` when she wants an opening that is closed or pauses.
pub(crate) async fn mark_proposal(tx: &mut Tx, caller: &Caller, command: &MarkProposal) -> Result<(), Fault> {
    may::mark_for(&caller.actor, command.seeker_id)?;
    let held = proposals::hold_of_pair(tx.conn(), command.seeker_id, command.opening_id)
        .await?
        .ok_or_else(|| Problem::not_found("proposal"))?;
    let (before, owner) = match marks::of_proposal(tx.conn(), held).await? {
        Some((said, owner)) => (Some(said), owner),
        None => (None, None),
    };
    let Some(said) = said::say(before.as_ref(), command.mark, tx.now()) else { return Ok(()) };
    let public = openings::owner(tx.conn(), held.opening_id).await?;
    let owner = match public {
        Some((employer_id, region)) => Some(Owner { employer_id, region }),
        None if said.mark == Mark::Wanted => {
            return Err(Problem::new(Status::Conflict, "opening-not-public").into());
        }
        None => owner,
    };
    marks::keep(tx, held, &said, owner.as_ref()).await?;
    let version = proposals::raise(tx.conn(), held).await?;
    tx.publish(ProposalMarked {
        proposal_id: held.proposal_id,
        version,
        seeker_id: held.seeker_id,
        opening_id: held.opening_id,
        mark: said.mark,
        answer: None,
    })
    .await?;
    Ok(())
}
