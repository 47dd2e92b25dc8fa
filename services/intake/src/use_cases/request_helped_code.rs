//! Sends a code to someone's contact, for a helper who sits beside her.

use chassis::{Caller, Fault, Tx};
use proto::{
    Actor, FieldProblem, Problem,
    intake::{CodeSent, RequestHelpedCode},
};

use super::start_challenge::{For, Request, start_challenge};
use crate::{
    App,
    domain::{
        fields,
        may::{Act, may},
        text,
    },
    store::{crypt, seekers},
};

/// Goes out to a known contact as to an unknown one: most people who are helped are new.
pub async fn request_helped_code(
    app: &App,
    tx: &mut Tx,
    caller: &Caller,
    command: &RequestHelpedCode,
) -> Result<CodeSent, Fault> {
    may(&caller.actor, Act::Assist, app.chassis.config.profile)?;
    let Actor::Account { account_id, .. } = &caller.actor else {
        return Err(Problem::forbidden().into());
    };
    let mut problems = Vec::new();
    let typed = app.open(&command.contact)?;
    let contact = fields::contact(&typed).map_err(|problem| problems.push(problem)).ok();
    let organisation = text::line(&command.organisation, text::ORGANISATION)
        .map_err(|code| problems.push(FieldProblem::new("organisation", code)))
        .ok();
    let (Some(contact), Some(organisation)) = (contact, organisation) else {
        return Err(Problem::fields(problems).into());
    };
    let index = crypt::contact_index(app.vault(), contact.normalised());
    let known = seekers::known_by_contact(tx.conn(), &index).await?;
    let request = Request {
        contact: &contact,
        language: command.language,
        what_for: For::Helped { account_id: account_id.0, organisation: &organisation },
        recipient: known.map(|(seeker_id, _)| seeker_id),
        is_known: true,
    };
    start_challenge(app, tx, &request).await
}
