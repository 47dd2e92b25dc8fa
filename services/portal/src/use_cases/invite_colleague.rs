//! Someone of an employer invites a colleague, with the same rights for the same employer.

use chassis::Fault;
use proto::{
    EmployerId, Problem, Role, Service, Status,
    portal::{Invite, Invitee},
};

use crate::{
    Portal,
    domain::account::{Rights, normalise_email},
    store::{crypt, invitations},
    use_cases::invite::invite_in,
};

/// Whether these are the rights of a colleague and nothing more: only such an account may another of the
/// same employer invite or end.
pub(crate) fn is_colleague(rights: &Rights, employer_id: EmployerId) -> bool {
    rights.roles == [Role::Employer] && rights.employer_id == Some(employer_id)
}

/// Keeps the invitation and the message with its code.
///
/// # Errors
/// `fields-invalid`; `account-exists` when the address has an account, or an open invitation for
/// something else that this one would take the place of.
pub(crate) async fn invite_colleague(
    app: &Portal,
    invitee: &Invitee,
    employer_id: EmployerId,
    regions: Vec<String>,
) -> Result<(), Fault> {
    let command = Invite {
        invitee: app.chassis.keys.seal(Service::Portal, invitee),
        roles: vec![Role::Employer],
        employer_id: Some(employer_id),
        regions,
        organisation: String::new(),
    };
    let mut tx = app.chassis.store.begin().await?;
    if let Some(email) = normalise_email(&invitee.email) {
        let open = invitations::lock_open(tx.conn(), &crypt::email_index(app.vault(), &email)).await?;
        if open.is_some_and(|invitation| !is_colleague(&invitation.rights(), employer_id)) {
            return Err(Problem::new(Status::Conflict, "account-exists").into());
        }
    }
    invite_in(app, &mut tx, invitee, &command).await?;
    tx.commit().await?;
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_an_account_of_the_same_employer_and_nothing_more_is_a_colleague() {
        let own = EmployerId(uuid::Uuid::from_u128(1));
        let rights =
            |roles: &[Role], employer_id| Rights { roles: roles.to_vec(), employer_id, ..Rights::default() };
        assert!(is_colleague(&rights(&[Role::Employer], Some(own)), own));
        let other = Some(EmployerId(uuid::Uuid::from_u128(2)));
        assert!(!is_colleague(&rights(&[Role::Employer], other), own));
        assert!(!is_colleague(&rights(&[Role::Employer, Role::Administrator], Some(own)), own));
        assert!(!is_colleague(&rights(&[Role::Employer], None), own));
    }
}
