//! An administrator changes an invitation that nobody accepted yet, or takes it back.

use chassis::Fault;
use proto::Problem;
use uuid::Uuid;

use crate::{Portal, domain::account::Rights, store::invitations};

/// Changes what the account will be able to do, and for whom.
///
/// # Errors
/// `fields-invalid`; `account-unknown`: it was accepted or taken back meanwhile.
pub(crate) async fn change_rights(app: &Portal, invitation_id: Uuid, rights: &Rights) -> Result<(), Fault> {
    let wrong = rights.check();
    if !wrong.is_empty() {
        return Err(Problem::fields(wrong).into());
    }
    let mut tx = app.chassis.store.begin().await?;
    if !invitations::set_rights(tx.conn(), invitation_id, rights).await? {
        return Err(Problem::not_found("account").into());
    }
    tx.commit().await?;
    Ok(())
}

/// Takes it back: its code and any half-made account end at once. Twice changes nothing.
pub(crate) async fn withdraw(app: &Portal, invitation_id: Uuid) -> Result<(), Fault> {
    let mut tx = app.chassis.store.begin().await?;
    invitations::delete_open(tx.conn(), invitation_id).await?;
    tx.commit().await?;
    Ok(())
}
