//! Keeps what an employer answers to someone who wants its opening, and says so on the bus.

use chassis::{Caller, Fault, Tx};
use proto::{
    Call, Problem,
    matcher::{AnswerInterest, Mark, ProposalMarked},
};

use crate::{
    Matcher,
    domain::{rules::RULES_VERSION, said},
    may,
    store::{
        looks::{self, Look},
        marks, profiles, proposals,
    },
};

/// Keeps the answer. The same answer twice changes nothing; another one replaces it.
///
/// # Errors
/// `proposal-unknown` when nobody wants it, or not any more, or pauses; `forbidden` for another
/// employer's opening, or an account manager of another region.
pub(crate) async fn answer_interest(
    app: &Matcher,
    tx: &mut Tx,
    caller: &Caller,
    command: &AnswerInterest,
) -> Result<(), Fault> {
    let scope = may::answer_in(&caller.actor)?;
    let unknown = || Problem::not_found("proposal");
    let held = proposals::hold(tx.conn(), command.proposal_id).await?.ok_or_else(unknown)?;
    let (before, owner) = marks::of_proposal(tx.conn(), held).await?.ok_or_else(unknown)?;
    let owner = owner.ok_or_else(unknown)?;
    if !scope.holds(owner.employer_id, &owner.region) {
        return Err(Problem::forbidden().into());
    }
    let takes_part = profiles::takes_part(tx.conn(), held.seeker_id).await?;
    if before.mark != Mark::Wanted || !takes_part {
        return Err(unknown().into());
    }
    let now = tx.now();
    let Some(said) = said::answer(&before, command.answer, now) else { return Ok(()) };
    marks::keep(tx, held, &said, Some(&owner)).await?;
    let version = proposals::raise(tx.conn(), held).await?;
    let look = Look {
        actor: &caller.actor,
        role: Some(scope.role),
        verb: AnswerInterest::VERB,
        concerned: &[(held.seeker_id, Some(held.opening_id))],
        opening_id: Some(held.opening_id),
        change: app.change().unwrap_or_default(),
    };
    looks::append(tx.conn(), now, RULES_VERSION, &look).await?;
    tx.publish(ProposalMarked {
        proposal_id: held.proposal_id,
        version,
        seeker_id: held.seeker_id,
        opening_id: held.opening_id,
        mark: said.mark,
        answer: Some(command.answer),
    })
    .await?;
    Ok(())
}
