//! Opens contact data of one person for one purpose, and writes down who looked.

use chassis::{Caller, Fault, Tx};
use proto::{
    AccountId, Actor, EmployerId, FieldProblem, Problem, Role, Sealed, Service, Status,
    intake::{ContactGround, ContactPurpose, OpenContact, Purpose, Reach},
};

use crate::{
    App,
    domain::{
        may::{Act, may, works_for},
        person::Identity,
        text,
    },
    store::{
        consents,
        contacts::{self, NewLook},
        crypt,
        seekers::{self, SeekerRow},
        tickets,
    },
};

/// The ground must hold at this moment; whoever it does not hold for learns nothing of why. The look is
/// in the same transaction as the answer: there is none without the other.
pub async fn open_contact(
    app: &App,
    tx: &mut Tx,
    caller: &Caller,
    command: &OpenContact,
) -> Result<Sealed<Reach>, Fault> {
    may(&caller.actor, Act::OpenContact, app.chassis.config.profile)?;
    let organisation = text::line(&command.organisation, text::ORGANISATION)
        .map_err(|code| Problem::fields(vec![FieldProblem::new("organisation", code)]))?;
    let Actor::Account { account_id, employer_id, .. } = &caller.actor else {
        return Err(Problem::forbidden().into());
    };
    let now = tx.now();
    let allowed = match command.ground {
        ContactGround::Adviser { open_file_id } => {
            by_adviser(app, tx, &caller.actor, open_file_id.0).await?.map(|row| (row, Role::AccountManager))
        }
        ContactGround::Shared { proposal_id } => match employer_id {
            Some(employer_id) if caller.actor.has(Role::Employer) => {
                by_share(tx, proposal_id, *employer_id).await?.map(|row| (row, Role::Employer))
            }
            _ => None,
        },
        ContactGround::Offer { ticket_id } if caller.actor.has(Role::AccountManager) => {
            let seeker_id = tickets::offered(tx.conn(), ticket_id, now).await?;
            of_ticket(tx, seeker_id).await?.map(|row| (row, Role::AccountManager))
        }
        ContactGround::Beginner { ticket_id } => match employer_id {
            Some(employer_id) if caller.actor.has(Role::Employer) => {
                let seeker_id = tickets::beginner_of(tx.conn(), ticket_id, *employer_id, now).await?;
                of_ticket(tx, seeker_id).await?.map(|row| (row, Role::Employer))
            }
            _ => None,
        },
        ContactGround::Offer { .. } => None,
    };
    let Some((seeker, role)) = allowed else {
        return Err(Problem::new(Status::Forbidden, "contact-closed").into());
    };
    write_down(tx, &seeker, *account_id, role, &organisation, command).await?;
    let key = app.vault().owner(&seeker.data_key, seeker.seeker_id)?;
    let identity: Identity = key.decrypt(crypt::IDENTITY, &seeker.identity)?;
    let remark = match command.ground {
        ContactGround::Adviser { .. } => crypt::home(&key, &seeker)?.map(|home| home.wishes.remark),
        ContactGround::Shared { .. } | ContactGround::Offer { .. } | ContactGround::Beginner { .. } => None,
    };
    let is_about_second = command.purpose == ContactPurpose::SecondNumber;
    let second_number = match command.ground {
        ContactGround::Offer { .. } if is_about_second => crypt::second_number(&key, &seeker)?,
        _ => None,
    };
    let reach = Reach {
        name: identity.name,
        contact: identity.contact,
        second_number,
        channel: identity.channel,
        language: seeker.language(),
        remark: remark.unwrap_or_default(),
    };
    Ok(app.chassis.keys.seal(Service::Portal, &reach))
}

/// Someone of the account manager's region who agrees that an adviser thinks along.
async fn by_adviser(
    app: &App,
    tx: &mut Tx,
    actor: &Actor,
    open_file_id: uuid::Uuid,
) -> Result<Option<SeekerRow>, Fault> {
    if !actor.has(Role::AccountManager) {
        return Ok(None);
    }
    let Some(seeker) = seekers::lock_by_open_file(tx.conn(), open_file_id).await? else {
        return Ok(None);
    };
    let said = consents::said_by(tx.conn(), seeker.seeker_id).await?;
    let key = app.vault().owner(&seeker.data_key, seeker.seeker_id)?;
    let lives_here = crypt::home(&key, &seeker)?.is_some_and(|home| works_for(actor, &home.area.region));
    let holds = seeker.merged_into.is_none() && said.yes(Purpose::Adviser) && lives_here;
    Ok(holds.then_some(seeker))
}

/// Whose place in line it is; of a record that joined another one, the person of that one.
async fn of_ticket(tx: &mut Tx, seeker_id: Option<uuid::Uuid>) -> Result<Option<SeekerRow>, Fault> {
    let Some(seeker_id) = seeker_id else { return Ok(None) };
    let seeker = seekers::lock(tx.conn(), seeker_id).await?;
    match seeker.as_ref().and_then(|seeker| seeker.merged_into) {
        Some(keep) => Ok(seekers::lock(tx.conn(), keep).await?),
        None => Ok(seeker),
    }
}

/// Someone who shares her contact with this employer for this job.
async fn by_share(
    tx: &mut Tx,
    proposal_id: proto::ProposalId,
    employer_id: EmployerId,
) -> Result<Option<SeekerRow>, Fault> {
    let now = tx.now();
    match contacts::shared_with(tx.conn(), proposal_id, employer_id, now).await? {
        Some(seeker_id) => {
            let seeker = seekers::lock(tx.conn(), seeker_id).await?;
            Ok(seeker.filter(|seeker| seeker.merged_into.is_none()))
        }
        None => Ok(None),
    }
}

async fn write_down(
    tx: &mut Tx,
    seeker: &SeekerRow,
    account_id: AccountId,
    role: Role,
    organisation: &str,
    command: &OpenContact,
) -> Result<(), Fault> {
    let now = tx.now();
    let look = NewLook {
        seeker_id: seeker.seeker_id,
        account_id: account_id.0,
        role,
        organisation,
        purpose: command.purpose,
    };
    contacts::look(tx.conn(), &look, now).await?;
    Ok(())
}
