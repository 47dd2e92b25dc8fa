//! An administrator changes what an account may do, or ends it. The last administrator stays.

use chassis::Fault;
use proto::{AccountId, Problem, Role, Status};

use crate::{Portal, domain::account::Rights, store::accounts};

/// Ends an account and its sessions at once. Ending twice changes nothing.
///
/// # Errors
/// `last-administrator`: nobody could let anyone in any more.
pub(crate) async fn end_account(app: &Portal, account_id: AccountId) -> Result<(), Fault> {
    let mut tx = app.chassis.store.begin().await?;
    let now = tx.now();
    let account =
        accounts::by_id(&mut *tx.conn(), account_id).await?.ok_or_else(|| Problem::not_found("account"))?;
    if account.roles().contains(&Role::Administrator)
        && accounts::other_administrators(tx.conn(), account_id).await? == 0
    {
        return Err(Problem::new(Status::Conflict, "last-administrator").into());
    }
    accounts::end(tx.conn(), account_id, now).await?;
    tx.commit().await?;
    Ok(())
}

/// Changes what an account may do, and for whom. What is new holds from its next request.
///
/// # Errors
/// `fields-invalid`; `last-administrator`.
pub(crate) async fn change_rights(app: &Portal, account_id: AccountId, rights: &Rights) -> Result<(), Fault> {
    let mut tx = app.chassis.store.begin().await?;
    let account =
        accounts::by_id(&mut *tx.conn(), account_id).await?.ok_or_else(|| Problem::not_found("account"))?;
    let wrong = rights.check();
    if !wrong.is_empty() {
        return Err(Problem::fields(wrong).into());
    }
    if account.roles().contains(&Role::Administrator)
        && !rights.roles.contains(&Role::Administrator)
        && accounts::other_administrators(tx.conn(), account_id).await? == 0
    {
        return Err(Problem::new(Status::Conflict, "last-administrator").into());
    }
    accounts::set_rights(tx.conn(), account_id, rights).await?;
    tx.commit().await?;
    Ok(())
}
