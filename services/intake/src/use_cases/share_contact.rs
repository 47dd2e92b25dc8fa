//! Lets one employer see her contact for one job, or takes that back at once.

use chassis::{Caller, Fault, Tx};
use chrono::TimeDelta;
use proto::{Problem, intake::ShareContact};

use super::of_person::locked;
use crate::{App, domain::may::PersonAct, store::contacts};

/// How long a share lasts.
const SHARED_FOR: TimeDelta = TimeDelta::days(28);

/// Sharing again lasts 28 days from now.
pub async fn share_contact(
    _: &App,
    tx: &mut Tx,
    caller: &Caller,
    command: &ShareContact,
) -> Result<(), Fault> {
    let (seeker, _) = locked(tx, caller, command.seeker_id, PersonAct::ShareContact).await?;
    let (now, proposal_id) = (tx.now(), command.proposal_id);
    if !command.share {
        contacts::take_back(tx.conn(), seeker.seeker_id, proposal_id, now).await?;
        return Ok(());
    }
    let until = now + SHARED_FOR;
    let is_hers =
        contacts::share(tx.conn(), seeker.seeker_id, proposal_id, command.employer_id, until).await?;
    if is_hers { Ok(()) } else { Err(Problem::not_found("proposal").into()) }
}
