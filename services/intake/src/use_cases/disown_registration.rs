//! "Dit was ik niet": erases a registration that someone made in her name.

use chassis::{Caller, Fault, Tx};
use proto::intake::{DisownRegistration, LetterOutcome};

use super::{erase_seeker, find_letter_code::find_letter_code};
use crate::{
    App,
    domain::may::{Act, may},
};

/// The code is all it takes: whoever holds it got the message or the letter.
pub async fn disown_registration(
    app: &App,
    tx: &mut Tx,
    caller: &Caller,
    command: &DisownRegistration,
) -> Result<LetterOutcome, Fault> {
    may(&caller.actor, Act::UseLetterCode, app.chassis.config.profile)?;
    let Some(seeker) = find_letter_code(app, tx, caller, &command.code, command.network).await? else {
        return Ok(LetterOutcome::UnknownCode);
    };
    erase_seeker(app, tx, &seeker).await?;
    Ok(LetterOutcome::Erased)
}
