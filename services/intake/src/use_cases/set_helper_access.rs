//! Lets a helper go on for 14 days from now, or ends it at once.

use chassis::{Caller, Fault, Tx};
use proto::{Problem, intake::SetHelperAccess};

use super::of_person::locked;
use crate::{
    App,
    domain::{assisted::HELPER_ACCESS, may::PersonAct},
    store::helpers,
};

/// Only of someone who helped her before: nobody becomes a helper this way.
pub async fn set_helper_access(
    _: &App,
    tx: &mut Tx,
    caller: &Caller,
    command: &SetHelperAccess,
) -> Result<(), Fault> {
    let (seeker, _) = locked(tx, caller, command.seeker_id, PersonAct::SetHelperAccess).await?;
    let (now, account_id) = (tx.now(), command.account_id.0);
    let is_there = if command.go_on {
        helpers::go_on(tx.conn(), seeker.seeker_id, account_id, now + HELPER_ACCESS).await?
    } else {
        helpers::end(tx.conn(), seeker.seeker_id, account_id, now).await?
    };
    if is_there { Ok(()) } else { Err(Problem::not_found("helper").into()) }
}
