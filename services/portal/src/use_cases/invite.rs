//! An administrator (or the operator's command line) invites someone to a staff account.

use chassis::{
    Caller, Fault, Tx,
    dispatches::{self, NewDispatch},
};
use chrono::TimeDelta;
use proto::{
    Actor, InvitationId, Problem, Role, Service, Status,
    notifier::{Notice, NoticeContent},
    portal::{Invite, Invitee},
    work::{Channel, Language},
};

use crate::{
    Portal,
    domain::account::{Rights, check_invitation, normalise_email},
    store::{
        accounts::{self, Personal},
        crypt,
        invitations::{self, InvitationRow},
    },
};

/// How long an invitation can be accepted.
const VALID: TimeDelta = TimeDelta::days(7);

/// Keeps the invitation and the message with its code, which leaves after the commit.
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
    let rights = Rights {
        roles: command.roles.clone(),
        employer_id: command.employer_id,
        regions: command.regions.clone(),
        organisation: command.organisation.trim().to_owned(),
    };
    let wrong = check_invitation(&invitee.name, &invitee.email, &rights);
    let Some(email) = normalise_email(&invitee.email).filter(|_| wrong.is_empty()) else {
        return Err(Problem::fields(wrong).into());
    };
    let email_index = crypt::email_index(app.vault(), &email);
    let known = accounts::by_email(&mut *tx.conn(), &email_index).await?;
    if known.is_some_and(|account| account.ended_at.is_none()) {
        return Err(Problem::new(Status::Conflict, "account-exists").into());
    }
    let chance = tx.chance();
    let invitation_id = chance.uuid_v4();
    let (data_key, key) = app.vault().new_owner(&*chance, invitation_id);
    // Ten digits, five tries, seven days: guessing is hopeless, typing is not.
    let code = chance.digits(10);
    let notice = Notice {
        to: email.clone(),
        channel: Channel::Email,
        language: Language::Nl,
        content: NoticeContent::Invitation {
            organisation: "Dichterbij".to_owned(),
            code: code.clone(),
            page: format!("{}/uitnodiging", app.public_address()),
        },
    };
    let personal = Personal { name: invitee.name.trim().to_owned(), email };
    let (now, expires_at) = (tx.now(), tx.now() + VALID);
    let row = InvitationRow {
        invitation_id,
        personal: key.encrypt(&*chance, crypt::PERSONAL, &personal),
        code_hash: app.vault().keyed_hash(code.as_bytes()).to_vec(),
        email_index,
        data_key,
        roles: rights.role_names(),
        employer_id: rights.employer_id.map(|id| id.0),
        regions: rights.regions,
        organisation: rights.organisation,
        tries: 0,
        expires_at,
    };
    invitations::replace(tx.conn(), &row, now).await?;
    let dispatch = NewDispatch {
        cause: invitation_id,
        recipient: invitation_id,
        expires_at,
        notice: Some(&app.chassis.keys.seal(Service::Notifier, &notice)),
    };
    dispatches::add(tx, &dispatch).await?;
    Ok(InvitationId(invitation_id))
}
