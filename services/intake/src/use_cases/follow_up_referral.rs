//! Writes down what a desk did about a referral.

use chassis::{Caller, Fault, Tx};
use proto::{FieldProblem, Problem, Status, intake::FollowUpReferral};

use crate::{
    App,
    domain::{
        may::{Act, may, works_for},
        referral::NotThatWay,
    },
    store::referrals,
};

/// "Spoken" and "closed" said twice change nothing; each "not reached" is a try of its own.
pub async fn follow_up_referral(
    app: &App,
    tx: &mut Tx,
    caller: &Caller,
    command: &FollowUpReferral,
) -> Result<(), Fault> {
    may(&caller.actor, Act::FollowUpReferrals, app.chassis.config.profile)?;
    let now = tx.now();
    let row = referrals::lock(tx.conn(), command.referral_id)
        .await?
        .ok_or_else(|| Problem::not_found("referral"))?;
    if !works_for(&caller.actor, &row.region) {
        return Err(Problem::forbidden().into());
    }
    let before = row.progress();
    let after = before.follow_up(command.state, now).map_err(|wrong| match wrong {
        NotThatWay::NotADeed => Problem::fields(vec![FieldProblem::new("state", "referral-state-unsound")]),
        NotThatWay::Ended => Problem::new(Status::Conflict, "referral-ended"),
    })?;
    if before != after {
        referrals::save(tx.conn(), row.referral_id, after, now).await?;
    }
    Ok(())
}
