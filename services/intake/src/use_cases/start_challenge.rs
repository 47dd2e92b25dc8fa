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
        challenge::{CODE_DIGITS, CODE_LIFE, MOST_MESSAGES, SENDING_WINDOW},
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
    /// The registration that the code finishes.
    pub(super) registration_id: Option<Uuid>,
    /// Whether there is somebody to send it to.
    pub(super) is_known: bool,
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
    let challenge = NewChallenge {
        challenge_id,
        contact_index: &index,
        registration_id: request.registration_id,
        code_hash: &code_hash,
        sends,
        expires_at,
    };
    challenges::add(tx.conn(), &challenge, now).await?;

    let notice = Notice {
        to: request.contact.normalised().to_owned(),
        channel: request.contact.code_channel(),
        language: request.language,
        content: NoticeContent::Code { code },
    };
    let sealed = app.chassis.keys.seal(Service::Notifier, &notice);
    // The ledger needs no more of a receiver than that it is this request's.
    let dispatch = NewDispatch {
        cause: challenge_id,
        recipient: challenge_id,
        expires_at,
        notice: sends.then_some(&sealed),
    };
    dispatches::add(tx, &dispatch).await?;
    Ok(CodeSent { challenge_id: ChallengeId(challenge_id) })
}
