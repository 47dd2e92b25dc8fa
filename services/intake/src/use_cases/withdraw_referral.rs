//! Takes a referral back: it is gone from the desk's list at once.

use chassis::{Caller, Fault, Tx};
use proto::{Problem, SeekerId, Status, intake::WithdrawReferral};

use super::of_person::locked;
use crate::{
    App,
    domain::{consent::ConsentChannel, may::PersonAct},
    store::referrals::{self, ReferralConsent},
};

/// Also one of a record that was merged into hers. Taking back twice changes nothing.
pub async fn withdraw_referral(
    _app: &App,
    tx: &mut Tx,
    caller: &Caller,
    command: &WithdrawReferral,
) -> Result<(), Fault> {
    let now = tx.now();
    let row = referrals::lock(tx.conn(), command.referral_id)
        .await?
        .ok_or_else(|| Problem::not_found("referral"))?;
    let whose = SeekerId(row.merged_into.unwrap_or(row.seeker_id));
    locked(tx, caller, whose, PersonAct::WithdrawReferral).await?;
    let before = row.progress();
    let after = before.withdraw().map_err(|_| Problem::new(Status::Conflict, "referral-ended"))?;
    if before == after {
        return Ok(());
    }
    referrals::save(tx.conn(), row.referral_id, after, now).await?;
    let no = ReferralConsent {
        referral_id: row.referral_id,
        given: false,
        text_version: None,
        channel: ConsentChannel::Herself,
        evidence: None,
        with_help_of: None,
    };
    referrals::append_consent(tx.conn(), &no, now).await?;
    Ok(())
}
