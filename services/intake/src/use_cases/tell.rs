//! Puts a message to a person on its way.

use chassis::{
    Fault, Tx,
    dispatches::{self, NewDispatch},
};
use chrono::{DateTime, Utc};
use proto::{
    Service,
    notifier::{Notice, NoticeContent},
    work::Channel,
};
use uuid::Uuid;

use crate::{
    App,
    domain::{contact::Contact, person::Identity},
    store::{crypt, seekers::SeekerRow},
};

/// By the channel that she chose; otherwise by what her contact is for: a text message to a number, an
/// e-mail to an address. Someone who gets letters only is not told anything by itself. What is told by the clock is told
/// once per occasion, also when a restore forgot that it was told.
pub(super) async fn tell(
    app: &App,
    tx: &mut Tx,
    seeker: &SeekerRow,
    chosen: Option<Channel>,
    content: NoticeContent,
    occasion: &str,
    until: DateTime<Utc>,
) -> Result<(), Fault> {
    let key = app.vault().owner(&seeker.data_key, seeker.seeker_id)?;
    let identity: Identity = key.decrypt(crypt::IDENTITY, &seeker.identity)?;
    let Some(contact) = identity.contact.and_then(|contact| Contact::parse(&contact).ok()) else {
        return Ok(());
    };
    let suits = chosen.filter(|channel| contact.suits(*channel).is_ok());
    let channel = suits.unwrap_or_else(|| contact.code_channel());
    let notice =
        Notice { to: contact.normalised().to_owned(), channel, language: seeker.language(), content };
    let sealed = app.chassis.keys.seal(Service::Notifier, &notice);
    let cause = cause(app, seeker.seeker_id, occasion);
    let dispatch =
        NewDispatch { cause, recipient: seeker.seeker_id, expires_at: until, notice: Some(&sealed) };
    dispatches::add(tx, &dispatch).await?;
    Ok(())
}

/// An id for an occasion of a person, from which neither can be read: `message_sent` carries it, and must not lead
/// to her.
pub(super) fn cause(app: &App, seeker_id: Uuid, occasion: &str) -> Uuid {
    let what = [b"cause of a message ".as_slice(), seeker_id.as_bytes(), occasion.as_bytes()].concat();
    let hash = app.vault().keyed_hash(&what);
    let mut bytes = [0; 16];
    bytes.copy_from_slice(&hash[..16]);
    uuid::Builder::from_custom_bytes(bytes).into_uuid()
}
