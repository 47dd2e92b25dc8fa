//! Judges a code that came back; the right one makes a registration a person, or signs her in.

use chassis::{Caller, Fault, Tx};
use proto::{
    SeekerId,
    intake::{CodeOutcome, ConfirmCode},
};
use subtle::ConstantTimeEq as _;

use super::welcome::{apply_again, prepare, welcome};
use crate::{
    App,
    domain::{
        challenge::{Verdict, typed_code},
        may::{Act, may},
        person::Applicant,
    },
    store::{
        challenges::{self, ChallengeRow},
        crypt, registrations, seekers,
    },
};

/// A wrong code is an answer and not a refusal, so that its try is counted and committed.
pub async fn confirm_code(
    app: &App,
    tx: &mut Tx,
    caller: &Caller,
    command: &ConfirmCode,
) -> Result<CodeOutcome, Fault> {
    may(&caller.actor, Act::ConfirmCode, app.chassis.config.profile)?;
    let code = typed_code(&app.open(&command.code)?);
    let challenge_id = command.challenge_id.0;
    let given = crypt::code_hash(app.vault(), challenge_id, &code);
    let Some(challenge) = challenges::lock(tx.conn(), challenge_id).await? else {
        return Ok(CodeOutcome::Expired);
    };
    let matches = challenge.code_hash.ct_eq(&given).into();
    match challenge.challenge().judge(tx.now(), matches) {
        Verdict::Right => {
            let now = tx.now();
            challenges::mark_used(tx.conn(), challenge_id, now).await?;
            let confirmed = confirmed(app, tx, &challenge).await?;
            Ok(confirmed
                .map_or(CodeOutcome::Expired, |(seeker_id, new)| CodeOutcome::Confirmed { seeker_id, new }))
        }
        Verdict::Wrong { tries_left } => {
            challenges::count_try(tx.conn(), challenge_id).await?;
            Ok(CodeOutcome::Wrong { tries_left })
        }
        Verdict::WrongAndLocked => {
            challenges::count_try(tx.conn(), challenge_id).await?;
            Ok(CodeOutcome::Expired)
        }
        Verdict::Expired => Ok(CodeOutcome::Expired),
    }
}

/// Who holds the contact, and whether she is new. `None` when there is nobody any more: the
/// registration was deleted in between.
async fn confirmed(
    app: &App,
    tx: &mut Tx,
    challenge: &ChallengeRow,
) -> Result<Option<(SeekerId, bool)>, Fault> {
    let registration = match challenge.registration_id {
        // Two codes for one registration: only one of them takes it.
        Some(registration_id) => registrations::take(tx.conn(), registration_id).await?,
        None => None,
    };
    let applicant: Option<Applicant> = match registration {
        Some(row) => {
            let key = app.vault().owner(&row.data_key, row.registration_id)?;
            Some(key.decrypt(crypt::REGISTRATION, &row.body)?)
        }
        None => None,
    };
    if let Some(applicant) = &applicant {
        let newcomer = prepare(app, &*tx.chance(), applicant);
        if let [seeker_id] = welcome(tx, vec![newcomer]).await?[..] {
            return Ok(Some((seeker_id, true)));
        }
    }
    // The contact belongs to somebody, perhaps since a moment ago.
    let Some(seeker) = seekers::lock_by_contact(tx.conn(), &challenge.contact_index).await? else {
        return Ok(None);
    };
    let seeker_id = SeekerId(seeker.seeker_id);
    if let Some(applicant) = applicant {
        apply_again(app, tx, seeker, applicant).await?;
    }
    Ok(Some((seeker_id, false)))
}
