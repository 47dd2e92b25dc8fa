//! A professional confirms that somebody who is expected is she: at the desk, or reached by phone.

use chassis::{Caller, Fault, Tx};
use proto::{Actor, FieldProblem, Problem, Role, intake::ConfirmArrival};

use super::arrive::{become_person, contact_confirmed};
use crate::{
    App,
    domain::{
        challenge::REGISTRATION_LIFE,
        may::{Act, may},
        text,
    },
    store::{
        arrivals, challenges,
        contacts::{self, NewLook},
        seekers,
    },
};

/// Does what her code would do, but for signing her in. Written down, so that she reads who did it.
pub async fn confirm_arrival(
    app: &App,
    tx: &mut Tx,
    caller: &Caller,
    command: &ConfirmArrival,
) -> Result<(), Fault> {
    may(&caller.actor, Act::Assist, app.chassis.config.profile)?;
    let Actor::Account { account_id, .. } = &caller.actor else {
        return Err(Problem::forbidden().into());
    };
    let organisation = text::line(&command.organisation, text::ORGANISATION)
        .map_err(|code| Problem::fields(vec![FieldProblem::new("organisation", code)]))?;
    let (seeker_id, now) = (command.seeker_id.0, tx.now());
    let since = now - REGISTRATION_LIFE;
    let mut expected = None;
    if let Some(contact_index) = arrivals::contact_of(tx.conn(), seeker_id, since).await? {
        challenges::take_turns(tx.conn(), &contact_index).await?;
        expected = arrivals::take(tx.conn(), &contact_index, since).await?;
    }
    let Some(arrival) = expected else {
        let is_person = seekers::find(tx.conn(), seeker_id).await?.is_some();
        return if is_person { Ok(()) } else { Err(Problem::not_found("seeker").into()) };
    };
    become_person(app, tx, &arrival, false).await?;
    contact_confirmed(tx, arrival.seeker_id).await?;
    let role = if caller.actor.has(Role::AccountManager) { Role::AccountManager } else { Role::Helper };
    let look = NewLook {
        seeker_id: arrival.seeker_id,
        account_id: account_id.0,
        role,
        organisation: &organisation,
        purpose: proto::intake::ContactPurpose::InLine,
    };
    contacts::look(tx.conn(), &look, now).await?;
    Ok(())
}
