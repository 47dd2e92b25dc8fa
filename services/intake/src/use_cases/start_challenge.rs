//! Starts requests for a code, and puts the codes on their way if there is somebody to send them to.

use std::collections::HashMap;

use chassis::{
    Fault, Tx,
    dispatches::{self, NewDispatch},
};
use proto::{
    ChallengeId, Sealed, Service,
    intake::{CodeSent, ContactReason},
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
    /// Shows that the contact is still hers.
    OldContact {
        /// Whose.
        seeker_id: Uuid,
    },
    /// Makes the contact hers, for a professional who has her before them.
    DeskContact {
        /// Whose.
        seeker_id: Uuid,
        /// The contact, encrypted under her key.
        stored: &'a [u8],
        /// The professional's account.
        account_id: Uuid,
        /// Why.
        reason: ContactReason,
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
    let index = crypt::contact_index(app.vault(), request.contact.normalised());
    challenges::take_turns(tx.conn(), &index).await?;
    let started = start_challenges(app, tx, &[(request, &index)]).await?;
    Ok(CodeSent { challenge_id: started[0] })
}

/// The same for many, in a few statements: one answer each, in their order. The caller holds the turns of their
/// contacts.
pub(super) async fn start_challenges(
    app: &App,
    tx: &mut Tx,
    requests: &[(&Request<'_>, &[u8; 32])],
) -> Result<Vec<ChallengeId>, Fault> {
    let (now, chance) = (tx.now(), tx.chance());
    let indexes: Vec<&[u8]> = requests.iter().map(|(_, index)| index.as_slice()).collect();
    let counted = challenges::messages_since(tx.conn(), &indexes, now - SENDING_WINDOW).await?;
    let mut messages: HashMap<_, _> = counted.into_iter().collect();
    let codes: Vec<_> = requests
        .iter()
        .map(|(request, index)| {
            let to_contact = messages.entry(index.to_vec()).or_default();
            let sends = request.is_known && *to_contact < MOST_MESSAGES;
            *to_contact += i64::from(sends);
            let challenge_id = chance.uuid_v4();
            let (code, nobodys) = (chance.digits(CODE_DIGITS), chance.token());
            let secret = if sends { &code } else { &nobodys };
            let hash = crypt::code_hash(app.vault(), challenge_id, secret);
            let sealed = app.chassis.keys.seal(Service::Notifier, &notice(request, code));
            Code { challenge_id, sends, hash, sealed }
        })
        .collect();

    let expires_at = now + CODE_LIFE;
    let of_codes = || requests.iter().zip(&codes);
    let rows: Vec<_> = of_codes()
        .map(|((request, index), code)| NewChallenge {
            code_hash: &code.hash,
            sends: code.sends,
            expires_at,
            ..of(request, code.challenge_id, index.as_slice())
        })
        .collect();
    challenges::add(tx.conn(), &rows, now).await?;
    let messages: Vec<_> = of_codes()
        .map(|((request, _), code)| NewDispatch {
            cause: code.challenge_id,
            // Of someone unknown, the ledger needs no more than that it is this request's.
            recipient: request.recipient.unwrap_or(code.challenge_id),
            expires_at,
            notice: code.sends.then_some(&code.sealed),
        })
        .collect();
    dispatches::add_all(tx, &messages).await?;
    Ok(codes.iter().map(|code| ChallengeId(code.challenge_id)).collect())
}

/// A code on its way, or what looks like one.
struct Code {
    challenge_id: Uuid,
    sends: bool,
    hash: [u8; 32],
    sealed: Sealed<Notice>,
}

fn notice(request: &Request<'_>, code: String) -> Notice {
    Notice {
        to: request.contact.normalised().to_owned(),
        channel: request.contact.code_channel(),
        language: request.language,
        content: match request.what_for {
            For::Helped { organisation, .. } => {
                NoticeContent::HelpedCode { code, organisation: organisation.to_owned() }
            }
            For::SignIn { .. }
            | For::Contact { .. }
            | For::TakeOver { .. }
            | For::OldContact { .. }
            | For::DeskContact { .. } => NoticeContent::Code { code },
        },
    }
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
        reason: None,
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
        For::OldContact { seeker_id } => {
            NewChallenge { seeker_id: Some(seeker_id), ..row(Purpose::OldContact) }
        }
        For::DeskContact { seeker_id, stored, account_id, reason } => NewChallenge {
            seeker_id: Some(seeker_id),
            contact: Some(stored),
            account_id: Some(account_id),
            reason: Some(reason),
            ..row(Purpose::DeskContact)
        },
    }
}
