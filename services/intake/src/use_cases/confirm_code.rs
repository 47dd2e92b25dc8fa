//! Judges a code that came back; the right one makes a registration a person, signs her in, or makes a
//! contact hers.

use chassis::{Caller, Fault, Tx};
use proto::{
    Actor, SeekerId,
    intake::{CodeOutcome, ConfirmCode},
};

use super::{
    arrive::{become_person, contact_confirmed},
    bind_contact::bind_contact,
    judge_code::{Judged, judge_code},
    of_person::hear,
    welcome::{apply_again, prepare, welcome},
};
use crate::{
    App,
    domain::{
        challenge::{Purpose, REGISTRATION_LIFE},
        contact_change::FREE_FOR,
        may::{Act, may},
        person::Applicant,
    },
    store::{
        arrivals::{self, ArrivalRow},
        challenges::{self, ChallengeRow},
        crypt, letter_codes, registrations, seekers,
        seekers::SeekerRow,
    },
};

/// Every kind of code comes back here but those of a helper, which sign nobody in.
pub async fn confirm_code(
    app: &App,
    tx: &mut Tx,
    caller: &Caller,
    command: &ConfirmCode,
) -> Result<CodeOutcome, Fault> {
    may(&caller.actor, Act::ConfirmCode, app.chassis.config.profile)?;
    let typed = app.open(&command.code)?;
    let actor = &caller.actor;
    match judge_code(app, tx, command.challenge_id, &typed, |challenge| fits(actor, challenge)).await? {
        Judged::Right(challenge) => {
            let confirmed = confirmed(app, tx, &challenge).await?;
            Ok(confirmed
                .map_or(CodeOutcome::Expired, |(seeker_id, new)| CodeOutcome::Confirmed { seeker_id, new }))
        }
        Judged::Wrong { tries_left } => Ok(CodeOutcome::Wrong { tries_left }),
        Judged::Expired => Ok(CodeOutcome::Expired),
    }
}

/// Whether this caller may bring back this code: a new contact only she herself, who asked for it.
fn fits(actor: &Actor, challenge: &ChallengeRow) -> bool {
    match challenge.purpose() {
        Purpose::SignIn | Purpose::TakeOver => true,
        Purpose::Contact | Purpose::OldContact => {
            matches!(actor, Actor::Seeker { seeker_id } if challenge.seeker_id == Some(seeker_id.0))
        }
        Purpose::Helped | Purpose::DeskContact => false,
    }
}

/// Who is in now, and whether she is new. `None` when there is nobody any more: the registration was
/// deleted in between, or the contact became somebody else's.
async fn confirmed(
    app: &App,
    tx: &mut Tx,
    challenge: &ChallengeRow,
) -> Result<Option<(SeekerId, bool)>, Fault> {
    // Whoever gets this contact at this moment, gets it before or after.
    challenges::take_turns(tx.conn(), &challenge.contact_index).await?;
    match challenge.purpose() {
        Purpose::SignIn => signed_in(app, tx, challenge).await,
        Purpose::Contact | Purpose::TakeOver => match bind_contact(app, tx, challenge).await? {
            Some(seeker) => Ok(Some((is_in(tx, seeker).await?, false))),
            None => Ok(None),
        },
        Purpose::OldContact => released(tx, challenge).await,
        Purpose::Helped | Purpose::DeskContact => Ok(None),
    }
}

/// The contact is still hers: for a while she may give another one. `None` when it is hers no more.
async fn released(tx: &mut Tx, challenge: &ChallengeRow) -> Result<Option<(SeekerId, bool)>, Fault> {
    let now = tx.now();
    let seeker = seekers::lock_by_contact(tx.conn(), &challenge.contact_index).await?;
    let Some(seeker) = seeker.filter(|seeker| challenge.seeker_id == Some(seeker.seeker_id)) else {
        return Ok(None);
    };
    seekers::free_contact(tx.conn(), seeker.seeker_id, now + FREE_FOR).await?;
    Ok(Some((SeekerId(seeker.seeker_id), false)))
}

/// Makes a person of a registration, or of who came for a place in line, or finds who holds the contact. If a
/// confirmation was expected there, it came now.
async fn signed_in(
    app: &App,
    tx: &mut Tx,
    challenge: &ChallengeRow,
) -> Result<Option<(SeekerId, bool)>, Fault> {
    let since = tx.now() - REGISTRATION_LIFE;
    let expected = arrivals::take(tx.conn(), &challenge.contact_index, since).await?;
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
    let new = match (&applicant, &expected) {
        (Some(applicant), expected) => registered(app, tx, challenge, applicant, expected.as_ref()).await?,
        (None, Some(arrival)) => become_person(app, tx, arrival, true).await?,
        (None, None) => None,
    };
    if let Some(arrival) = &expected {
        contact_confirmed(tx, arrival.seeker_id).await?;
    }
    if let Some(seeker_id) = new {
        return Ok(Some((seeker_id, true)));
    }
    // The contact belongs to somebody, perhaps since a moment ago.
    let Some(seeker) = seekers::lock_by_contact(tx.conn(), &challenge.contact_index).await? else {
        return Ok(None);
    };
    // Whose record joined another one is the person of that one.
    let seeker = match seeker.merged_into {
        Some(keep) => seekers::lock(tx.conn(), keep).await?.unwrap_or(seeker),
        None => seeker,
    };
    let seeker = match applicant {
        Some(applicant) => apply_again(app, tx, seeker, applicant).await?,
        None => seeker,
    };
    Ok(Some((is_in(tx, seeker).await?, false)))
}

/// Makes a person of a registration, under the id that she got when she came for a place in line; `None` when the contact
/// is somebody's.
async fn registered(
    app: &App,
    tx: &mut Tx,
    challenge: &ChallengeRow,
    applicant: &Applicant,
    expected: Option<&ArrivalRow>,
) -> Result<Option<SeekerId>, Fault> {
    if seekers::known_by_contact(tx.conn(), &challenge.contact_index).await?.is_some() {
        return Ok(None);
    }
    let given = expected.map(|arrival| SeekerId(arrival.seeker_id));
    let newcomer = prepare(app, &*tx.chance(), applicant, given);
    Ok(welcome(tx, vec![newcomer]).await?.first().copied())
}

/// She is in by herself: a sign of life, and from now on the codes of letters and messages are over.
async fn is_in(tx: &mut Tx, seeker: SeekerRow) -> Result<SeekerId, Fault> {
    let now = tx.now();
    hear(tx, &seeker).await?;
    seekers::take_over(tx.conn(), seeker.seeker_id, now).await?;
    letter_codes::end(tx.conn(), seeker.seeker_id, now).await?;
    Ok(SeekerId(seeker.seeker_id))
}
