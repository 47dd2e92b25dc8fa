//! An administrator (or the operator's command line) invites someone to a staff account.

use chassis::{Caller, Fault, Tx};
use chrono::TimeDelta;
use proto::{
    Actor, InvitationId, Problem, Role, Service, Status,
    portal::{Invite, Invitee},
};

use crate::{
    Portal,
    domain::account::{check_invitation, normalise_email},
    store::{
        accounts::{self, Personal, Sealer},
        invitations::{self, InvitationRow},
    },
};

/// How long an invitation can be accepted.
const VALID: TimeDelta = TimeDelta::days(7);

/// Keeps the invitation; the message with its code follows after the commit.
///
/// # Errors
/// `fields-invalid` with everything to mend; `account-exists` when the address has an account that is in use.
pub(crate) async fn invite(
    app: &Portal,
    tx: &mut Tx,
    caller: &Caller,
    command: &Invite,
) -> Result<InvitationId, Fault> {
    let operator = matches!(caller.actor, Actor::Service { service: Service::Portal });
    if !operator && !caller.actor.has(Role::Administrator) {
        return Err(Problem::forbidden().into());
    }
    let invitee: Invitee = app
        .chassis
        .keys
        .open(&command.invitee)
        .map_err(|error| Fault::broken("opening an invitation", error))?;
    invite_in(app, tx, &invitee, command).await
}

/// The same inside a transaction of the portal's own pages.
pub(crate) async fn invite_in(
    app: &Portal,
    tx: &mut Tx,
    invitee: &Invitee,
    command: &Invite,
) -> Result<InvitationId, Fault> {
    let wrong = check_invitation(
        &invitee.name,
        &invitee.email,
        &command.roles,
        command.employer_id.is_some(),
        &command.regions,
    );
    let Some(email) = normalise_email(&invitee.email).filter(|_| wrong.is_empty()) else {
        return Err(Problem::fields(wrong).into());
    };
    let sealer = Sealer::new(&app.chassis.keys);
    let email_index = sealer.email_index(&email);
    let known = accounts::by_email(&mut *tx.conn(), &email_index).await?;
    if known.is_some_and(|account| account.ended_at.is_none()) {
        return Err(Problem::new(Status::Conflict, "account-exists").into());
    }
    let chance = tx.chance();
    let invitation_id = chance.uuid_v4();
    let data_key = sealer.new_key(&*chance, invitation_id);
    // Ten digits, five tries, seven days: guessing is hopeless, typing is not.
    let code = chance.digits(10);
    let personal = Personal { name: invitee.name.trim().to_owned(), email };
    let row = InvitationRow {
        invitation_id,
        personal: sealer.seal_personal(&*chance, &data_key, invitation_id, &personal)?,
        code_hash: sealer.keyed_hash(code.as_bytes()),
        code: Some(sealer.seal_secret(&*chance, &data_key, invitation_id, code.as_bytes())?),
        email_index,
        data_key,
        roles: command.roles.iter().map(|role| role.name().to_owned()).collect(),
        employer_id: command.employer_id.map(|id| id.0),
        regions: command.regions.clone(),
        tries: 0,
        expires_at: tx.now() + VALID,
    };
    let now = tx.now();
    invitations::replace(tx.conn(), &row, now).await?;
    tx.ring();
    Ok(InvitationId(invitation_id))
}
