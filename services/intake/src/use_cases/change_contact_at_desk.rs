//! Another contact for who cannot show the old one: a professional has her before them, and says why.

use chassis::{Caller, Fault, Tx};
use proto::{
    AccountId, Actor, FieldProblem, Problem, Role,
    intake::{ChangeContactAtDesk, CodeOutcome, CodeSent, ConfirmContactAtDesk, ContactReason},
};

use super::{
    bind_contact::bind_contact,
    judge_code::{Judged, judge_code},
    of_person::hear,
    start_challenge::{For, Request, start_challenge},
};
use crate::{
    App,
    domain::{
        challenge::Purpose,
        fields,
        may::{Act, may},
        text,
    },
    store::{
        challenges,
        contacts::{self, NewLook},
        crypt,
        seekers::{self, SeekerRow},
    },
};

/// A contact that is somebody else's gets the same answer and no message.
pub async fn change_contact_at_desk(
    app: &App,
    tx: &mut Tx,
    caller: &Caller,
    command: &ChangeContactAtDesk,
) -> Result<CodeSent, Fault> {
    let account_id = professional(app, caller)?;
    let typed = app.open(&command.contact)?;
    let contact = fields::contact(&typed).map_err(|problem| Problem::fields(vec![problem]))?;
    let seeker = person(tx, command.seeker_id.0).await?.ok_or_else(|| Problem::not_found("seeker"))?;
    let index = crypt::contact_index(app.vault(), contact.normalised());
    let holder = seekers::known_by_contact(tx.conn(), &index).await?;
    let chance = tx.chance();
    let key = app.vault().owner(&seeker.data_key, seeker.seeker_id)?;
    let stored = key.encrypt(&*chance, crypt::NEW_CONTACT, &contact.normalised().to_owned());
    let request = Request {
        contact: &contact,
        language: seeker.language(),
        what_for: For::DeskContact {
            seeker_id: seeker.seeker_id,
            stored: &stored,
            account_id: account_id.0,
            reason: command.reason,
        },
        recipient: Some(seeker.seeker_id),
        is_known: holder.is_none_or(|(holder, _)| holder == seeker.seeker_id),
    };
    start_challenge(app, tx, &request).await
}

/// The look is in the same transaction as the change: there is none without the other.
pub async fn confirm_contact_at_desk(
    app: &App,
    tx: &mut Tx,
    caller: &Caller,
    command: &ConfirmContactAtDesk,
) -> Result<CodeOutcome, Fault> {
    let account_id = professional(app, caller)?;
    let organisation = text::line(&command.organisation, text::ORGANISATION)
        .map_err(|code| Problem::fields(vec![FieldProblem::new("organisation", code)]))?;
    let typed = app.open(&command.code)?;
    let judged = judge_code(app, tx, command.challenge_id, &typed, |challenge| {
        challenge.purpose() == Purpose::DeskContact && challenge.account_id == Some(account_id.0)
    });
    let challenge = match judged.await? {
        Judged::Right(challenge) => challenge,
        Judged::Wrong { tries_left } => return Ok(CodeOutcome::Wrong { tries_left }),
        Judged::Expired => return Ok(CodeOutcome::Expired),
    };
    // Whoever gets this contact at this moment, gets it before or after.
    challenges::take_turns(tx.conn(), &challenge.contact_index).await?;
    let Some(seeker) = bind_contact(app, tx, &challenge).await? else {
        return Ok(CodeOutcome::Expired);
    };
    hear(tx, &seeker).await?;
    let reason = challenge.reason.as_deref().and_then(ContactReason::from_name);
    let role = if caller.actor.has(Role::AccountManager) { Role::AccountManager } else { Role::Helper };
    let now = tx.now();
    let look = NewLook {
        seeker_id: seeker.seeker_id,
        account_id: account_id.0,
        role,
        organisation: &organisation,
        purpose: reason.expect("the table checks reasons").purpose(),
    };
    contacts::look(tx.conn(), &look, now).await?;
    Ok(CodeOutcome::Confirmed { seeker_id: seeker.seeker_id.into(), new: false })
}

fn professional(app: &App, caller: &Caller) -> Result<AccountId, Problem> {
    may(&caller.actor, Act::Assist, app.chassis.config.profile)?;
    match &caller.actor {
        Actor::Account { account_id, .. } => Ok(*account_id),
        Actor::Visitor | Actor::Seeker { .. } | Actor::Service { .. } => Err(Problem::forbidden()),
    }
}

/// Of a record that joined another one, the person of that one.
async fn person(tx: &mut Tx, seeker_id: uuid::Uuid) -> Result<Option<SeekerRow>, Fault> {
    let seeker = seekers::lock(tx.conn(), seeker_id).await?;
    match seeker.as_ref().and_then(|seeker| seeker.merged_into) {
        Some(keep) => Ok(seekers::lock(tx.conn(), keep).await?),
        None => Ok(seeker),
    }
}
