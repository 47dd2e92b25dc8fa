//! Sends a code to someone who comes back, or who registered or came for a place in line within 48 hours and let her
//! code pass.

use chassis::{Caller, Fault, Tx};
use proto::{
    Problem,
    intake::{CodeSent, RequestCode},
    work::Language,
};

use super::start_challenge::{For, Request, start_challenge};
use crate::{
    App,
    domain::{
        challenge::REGISTRATION_LIFE,
        fields,
        may::{Act, may},
    },
    store::{arrivals, crypt, registrations, seekers},
};

/// Looks all of it up in any case, so that a known and an unknown contact take the same time.
pub async fn request_code(
    app: &App,
    tx: &mut Tx,
    caller: &Caller,
    command: &RequestCode,
) -> Result<CodeSent, Fault> {
    may(&caller.actor, Act::RequestCode, app.chassis.config.profile)?;
    let typed = app.open(&command.contact)?;
    let contact = fields::contact(&typed).map_err(|problem| Problem::fields(vec![problem]))?;
    let index = crypt::contact_index(app.vault(), contact.normalised());

    let since = tx.now() - REGISTRATION_LIFE;
    let known = seekers::known_by_contact(tx.conn(), &index).await?;
    let waiting = registrations::newest_of_contact(tx.conn(), &index, since).await?;
    let expected = arrivals::find(tx.conn(), &index, since).await?;
    let language = known.as_ref().and_then(|(_, tag)| Language::from_tag(tag));
    let request = Request {
        contact: &contact,
        language: language.unwrap_or(command.language),
        // Someone who is registered signs in: what was typed elsewhere in her name does not count.
        what_for: For::SignIn { registration_id: waiting.filter(|_| known.is_none()) },
        recipient: known.as_ref().map(|(seeker_id, _)| *seeker_id).or(expected),
        is_known: known.is_some() || waiting.is_some() || expected.is_some(),
    };
    start_challenge(app, tx, &request).await
}
