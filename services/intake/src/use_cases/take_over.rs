//! Takes over a registration that was made with help: a code goes to the contact that will be hers.

use chassis::{Caller, Fault, Tx};
use proto::{
    Problem,
    intake::{LetterOutcome, TakeOver},
};

use super::{
    find_letter_code::find_letter_code,
    start_challenge::{For, Request, start_challenge},
};
use crate::{
    App,
    domain::{
        fields,
        may::{Act, may},
    },
    store::{crypt, seekers},
};

/// A contact that is somebody else's gets the same answer and no message. The code of the letter works
/// until the other code came back.
pub async fn take_over(
    app: &App,
    tx: &mut Tx,
    caller: &Caller,
    command: &TakeOver,
) -> Result<LetterOutcome, Fault> {
    may(&caller.actor, Act::UseLetterCode, app.chassis.config.profile)?;
    let typed = app.open(&command.contact)?;
    let contact = fields::contact(&typed).map_err(|problem| Problem::fields(vec![problem]))?;
    let seeker = find_letter_code(app, tx, caller, &command.code, command.network).await?;
    // A record that joined another one is taken over with that one.
    let Some(seeker) = seeker.filter(|seeker| seeker.merged_into.is_none()) else {
        return Ok(LetterOutcome::UnknownCode);
    };
    let index = crypt::contact_index(app.vault(), contact.normalised());
    let holder = seekers::known_by_contact(tx.conn(), &index).await?;
    let chance = tx.chance();
    let key = app.vault().owner(&seeker.data_key, seeker.seeker_id)?;
    let stored = key.encrypt(&*chance, crypt::NEW_CONTACT, &contact.normalised().to_owned());
    let request = Request {
        contact: &contact,
        language: command.language,
        what_for: For::TakeOver { seeker_id: seeker.seeker_id, stored: &stored },
        recipient: Some(seeker.seeker_id),
        is_known: holder.is_none_or(|(holder, _)| holder == seeker.seeker_id),
    };
    let sent = start_challenge(app, tx, &request).await?;
    Ok(LetterOutcome::CodeSent { challenge_id: sent.challenge_id })
}
