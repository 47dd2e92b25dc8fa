//! Starts a request for a code, and puts the code on its way if there is somebody to send it to.

use chassis::{
    Fault, Tx,
    dispatches::{self, NewDispatch},
};
use proto::{
    ChallengeId, Service,
    intake::CodeSent,
    notifier::{Notice, NoticeContent},
    work::Language,
};
use uuid::Uuid;

use crate::{
    App,
    domain::{
        challenge::{CODE_DIGITS, CODE_LIFE, MOST_MESSAGES, Purpose, SENDING_WINDOW},
        contact::Contact,
    },
    store::{
        challenges::{self, NewChallenge},
        crypt,
    },
};

/// Who asks for a code.
pub(super) struct Request<'a> {
    /// Where it goes.
    pub(super) contact: &'a Contact,
    /// Of the message.
    pub(super) language: Language,
    /// What it does.
    pub(super) what_for: For<'a>,
    /// The person who gets it, if she is known: her messages go when she goes.
    pub(super) recipient: Option<Uuid>,
    /// Whether there is somebody to send it to.
    pub(super) is_known: bool,
}

/// What the code does when it comes back.
pub(super) enum For<'a> {
    /// Finishes this registration, or signs in.
    SignIn {
        /// Which one, if one waits.
        registration_id: Option<Uuid>,
    },
    /// Shows a helper that she agrees.
    Helped {
        /// The helper's account.
        account_id: Uuid,
        /// The organisation, as she reads it.
        organisation: &'a str,
    },
    /// Makes the contact hers.
    Contact {
        /// Whose.
        seeker_id: Uuid,
        /// The contact, encrypted under her key.
        stored: &'a [u8],
    },
    /// Takes over a registration that was made with help, and makes the contact hers.
    TakeOver {
        /// Whose.
        seeker_id: Uuid,
        /// The contact, encrypted under her key.
        stored: &'a [u8],
    },
}

/// Does the same work and leaves the same rows whether a message goes out or not.
///
/// Where none goes out the hash is that of a long random token: without a message there is no code,
/// so endless silent requests are not endless guesses at six digits.
pub(super) async fn start_challenge(
    app: &App,
    tx: &mut Tx,
    request: &Request<'_>,
) -> Result<CodeSent, Fault> {
    let (now, chance) = (tx.now(), tx.chance());
    let index = crypt::contact_index(app.vault(), request.contact.normalised());
    challenges::take_turns(tx.conn(), &index).await?;
    let messages = challenges::messages_since(tx.conn(), &index, now - SENDING_WINDOW).await?;
    let sends = request.is_known && messages < MOST_MESSAGES;

    let challenge_id = chance.uuid_v4();
    let (code, nobodys) = (chance.digits(CODE_DIGITS), chance.token());
    let secret = if sends { &code } else { &nobodys };
    let code_hash = crypt::code_hash(app.vault(), challenge_id, secret);
    let expires_at = now + CODE_LIFE;
    let challenge =
        NewChallenge { code_hash: &code_hash, sends, expires_at, ..of(request, challenge_id, &index) };
    challenges::add(tx.conn(), &challenge, now).await?;

    let notice = Notice {
        to: request.contact.normalised().to_owned(),
        channel: request.contact.code_channel(),
        language: request.language,
        content: match request.what_for {
            For::Helped { organisation, .. } => {
                NoticeContent::HelpedCode { code, organisation: organisation.to_owned() }
            }
            For::SignIn { .. } | For::Contact { .. } | For::TakeOver { .. } => NoticeContent::Code { code },
        },
    };
    let sealed = app.chassis.keys.seal(Service::Notifier, &notice);
    let dispatch = NewDispatch {
        cause: challenge_id,
        // Of someone unknown, the ledger needs no more than that it is this request's.
        recipient: request.recipient.unwrap_or(challenge_id),
        expires_at,
        notice: sends.then_some(&sealed),
    };
    dispatches::add(tx, &dispatch).await?;
    Ok(CodeSent { challenge_id: ChallengeId(challenge_id) })
}

/// The row of a request, but for its code.
fn of<'a>(request: &Request<'a>, challenge_id: Uuid, index: &'a [u8]) -> NewChallenge<'a> {
    let row = |purpose| NewChallenge {
        challenge_id,
        contact_index: index,
        purpose,
        registration_id: None,
        seeker_id: None,
        contact: None,
        account_id: None,
        code_hash: &[],
        sends: false,
        expires_at: chrono::DateTime::UNIX_EPOCH,
    };
    match request.what_for {
        For::SignIn { registration_id } => NewChallenge { registration_id, ..row(Purpose::SignIn) },
        For::Helped { account_id, .. } => {
            NewChallenge { account_id: Some(account_id), ..row(Purpose::Helped) }
        }
        For::Contact { seeker_id, stored } => {
            NewChallenge { seeker_id: Some(seeker_id), contact: Some(stored), ..row(Purpose::Contact) }
        }
        For::TakeOver { seeker_id, stored } => {
            NewChallenge { seeker_id: Some(seeker_id), contact: Some(stored), ..row(Purpose::TakeOver) }
        }
    }
}
