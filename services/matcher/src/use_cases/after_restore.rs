//! Takes in, after a restore, what was told about a proposal or a person after the backup (docs/adr/0010).

use chassis::{Fault, Reconciled, Told, Tx};
use proto::{
    CloudEvent, ProposalId,
    intake::SeekerErased,
    matcher::{Mark, ProposalErased, ProposalMarked, ProposalShown},
};

use super::forget_seeker::forget_seeker;
use crate::{
    domain::{
        said::{self, Said},
        travel::Distance,
    },
    store::{
        changes,
        marks::{self, Owner},
        openings, profiles,
        proposals::{self, Basis, Held},
    },
};

/// What both sides said after the backup stands in the events whole, so it is taken over, and the events stay true.
/// A proposal whose person or opening is not known any more is gone.
pub(crate) async fn after_restore(tx: &mut Tx, told: &Told) -> Result<Reconciled, Fault> {
    if let Some(erased) = told.last::<SeekerErased>()? {
        changes::lock(tx).await?;
        forget_seeker(tx, &erased).await?;
        return Ok(Reconciled::ERASED);
    }
    if told.has::<ProposalErased>() {
        // Its person comes as erased, and takes with her what is still here of it.
        return Ok(Reconciled::NOTHING);
    }
    let (shown, marked) = (told.events::<ProposalShown>()?, told.events::<ProposalMarked>()?);
    if shown.is_empty() && marked.is_empty() {
        // That someone was forgotten; whoever that was comes as erased.
        return Ok(Reconciled::NOTHING);
    }
    let proposal_id = ProposalId(told.aggregate_id);
    let held = match proposals::hold(tx.conn(), proposal_id).await? {
        Some(held) => Some(held),
        None => keep_again(tx, shown.first()).await?,
    };
    let Some(held) = held else {
        tx.forget_parts(&[proposal_id.0]).await?;
        tx.publish(ProposalErased { proposal_id, version: told.version + 1 }).await?;
        return Ok(Reconciled::LOST);
    };
    take_over(tx, held, &marked).await?;
    proposals::raise_to(tx.conn(), held, told.version).await?;
    Ok(Reconciled::TAKEN_OVER)
}

/// Keeps a proposal that was first shown after the backup, if the tables know its person and its opening.
async fn keep_again(tx: &mut Tx, shown: Option<&CloudEvent<ProposalShown>>) -> Result<Option<Held>, Fault> {
    let Some(CloudEvent { time, data: told, .. }) = shown else { return Ok(None) };
    if tx.is_forgotten(told.seeker_id.0).await? {
        return Ok(None);
    }
    let profile = profiles::find(tx.conn(), &[told.seeker_id]).await?.pop();
    let opening = openings::find(tx.conn(), &[told.opening_id]).await?.pop();
    let (Some(profile), Some(opening)) = (profile, opening) else { return Ok(None) };
    let basis = Basis {
        profile_version: profile.version,
        opening_version: opening.version,
        km: Distance::between(profile.area.cell, opening.area.cell).km(),
    };
    proposals::keep_again(tx.conn(), told, *time, basis).await?;
    Ok(proposals::hold(tx.conn(), told.proposal_id).await?)
}

/// Says again, in order, what both sides said.
async fn take_over(tx: &mut Tx, held: Held, marked: &[CloudEvent<ProposalMarked>]) -> Result<(), Fault> {
    let known = proposals::version(tx.conn(), held).await?;
    let (mut now_said, owner) = match marks::of_proposal(tx.conn(), held).await? {
        Some((said, owner)) => (Some(said), owner),
        None => (None, None),
    };
    for event in marked.iter().filter(|event| event.data.version > known) {
        let before = now_said.clone().filter(|said| said.mark == event.data.mark);
        let said = before.or_else(|| said::say(now_said.as_ref(), event.data.mark, event.time));
        let said =
            said.unwrap_or(Said { mark: event.data.mark, at: event.time, answer_by: None, answer: None });
        let answered = event.data.answer.and_then(|answer| said::answer(&said, answer, event.time));
        now_said = Some(answered.unwrap_or(said));
    }
    let public = openings::owner(tx.conn(), held.opening_id).await?;
    let owner = public.map(|(employer_id, region)| Owner { employer_id, region }).or(owner);
    // A yes to an opening of which nobody is left to answer is not kept.
    if let Some(said) = now_said.filter(|said| owner.is_some() || said.mark != Mark::Wanted) {
        marks::keep(tx, held, &said, owner.as_ref()).await?;
    }
    Ok(())
}
