//! Someone who may write for an employer changes its name; an account manager tells of a labour conflict.

use chassis::{Caller, Fault, Tx};
use proto::{Problem, vacancies::ChangeEmployer};

use crate::{
    domain::employer,
    may::{self, Deed},
    store::employers,
};

/// Changes the employer. A conflict that begins pauses its published openings, and shows them again
/// when it is over; every list leaves them out from this moment, the facts follow by the bell.
///
/// # Errors
/// `employer-unknown`, `fields-invalid`; `forbidden`, also for an employer that tells of a conflict.
pub async fn change_employer(tx: &mut Tx, caller: &Caller, command: &ChangeEmployer) -> Result<(), Fault> {
    let employer = employers::lock(tx.conn(), command.employer_id).await?;
    let employer = employer.ok_or_else(|| Problem::not_found("employer"))?;
    may::check(&caller.actor, Deed::Write, employer.owner())?;
    if command.labour_conflict != employer.labour_conflict {
        may::check(&caller.actor, Deed::Manage, employer.owner())?;
    }
    let name = employer::name("name", &command.name).map_err(Problem::fields)?;
    employers::keep(tx.conn(), &[command.employer_id], None).await?;
    employers::save(tx.conn(), command.employer_id, &name, command.labour_conflict).await?;
    if command.labour_conflict != employer.labour_conflict {
        tx.ring();
    }
    Ok(())
}
