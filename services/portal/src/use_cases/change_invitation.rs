//! An administrator changes an invitation that nobody accepted yet, or takes it back.

use chassis::Fault;
use proto::{Problem, Role};
use uuid::Uuid;

use crate::{Portal, store::invitations};

/// Changes what the account will be able to do.
///
/// # Errors
/// `account-unknown`: it was accepted or taken back meanwhile.
pub(crate) async fn change_roles(app: &Portal, invitation_id: Uuid, roles: &[Role]) -> Result<(), Fault> {
    let names: Vec<String> = roles.iter().map(|role| role.name().to_owned()).collect();
    let mut tx = app.chassis.store.begin().await?;
    if !invitations::set_roles(tx.conn(), invitation_id, &names).await? {
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
