//! An administrator changes what an account may do, or ends it. The last administrator stays.

use chassis::Fault;
use proto::{AccountId, EmployerId, FieldProblem, Problem, Role, Status};

use crate::{Portal, store::accounts};

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

/// Changes roles, employer and regions.
///
/// # Errors
/// `fields-invalid`; `last-administrator`.
pub(crate) async fn change_rights(
    app: &Portal,
    account_id: AccountId,
    roles: &[Role],
    employer_id: Option<EmployerId>,
    regions: &[String],
) -> Result<(), Fault> {
    let mut tx = app.chassis.store.begin().await?;
    let account =
        accounts::by_id(&mut *tx.conn(), account_id).await?.ok_or_else(|| Problem::not_found("account"))?;
    if roles.is_empty() {
        return Err(Problem::fields(vec![FieldProblem::new("rollen", "roles-empty")]).into());
    }
    if account.roles().contains(&Role::Administrator)
        && !roles.contains(&Role::Administrator)
        && accounts::other_administrators(tx.conn(), account_id).await? == 0
    {
        return Err(Problem::new(Status::Conflict, "last-administrator").into());
    }
    let names: Vec<String> = roles.iter().map(|role| role.name().to_owned()).collect();
    accounts::set_rights(tx.conn(), account_id, &names, employer_id.map(|id| id.0), regions).await?;
    tx.commit().await?;
    Ok(())
}
