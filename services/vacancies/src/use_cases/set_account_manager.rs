//! An account manager says who looks after an employer in her region.

use chassis::{Caller, Fault, Tx};
use proto::{FieldProblem, Problem, vacancies::SetAccountManager};

use crate::{
    may::{self, Deed, Owner},
    store::employers,
};

/// Sets or removes who looks after the employer there.
///
/// # Errors
/// `employer-unknown`; `forbidden` outside the region; `fields-invalid` when no site lies in it.
pub async fn set_account_manager(
    tx: &mut Tx,
    caller: &Caller,
    command: &SetAccountManager,
) -> Result<(), Fault> {
    let employer = employers::lock(tx.conn(), command.employer_id).await?;
    let employer = employer.ok_or_else(|| Problem::not_found("employer"))?;
    let here =
        Owner { employer_id: Some(command.employer_id), regions: std::slice::from_ref(&command.region) };
    may::check(&caller.actor, Deed::Manage, here)?;
    if !employer.regions.contains(&command.region) {
        return Err(Problem::fields(vec![FieldProblem::new("region", "region-without-site")]).into());
    }
    let now = tx.now();
    employers::keep(tx.conn(), &[command.employer_id], None).await?;
    employers::set_account_manager(tx.conn(), command.employer_id, &command.region, command.account_id, now)
        .await?;
    Ok(())
}
