//! Makes a contact hers whose code came back; the old one is told.

use chassis::{
    Fault, Tx,
    dispatches::{self, NewDispatch},
};
use chrono::{DateTime, TimeDelta};
use proto::{
    SeekerId, Service,
    intake::ContactChanged,
    notifier::{Notice, NoticeContent},
    work::Channel,
};

use super::{arrive::contact_confirmed, set_second_number::tell_ways};
use crate::{
    App,
    domain::{
        contact::{Contact, Kind},
        person::Identity,
    },
    store::{
        arrivals,
        challenges::ChallengeRow,
        crypt,
        seekers::{self, NewContact, SeekerRow},
    },
};

/// How long the message to the old contact makes sense.
const TOLD_WITHIN: TimeDelta = TimeDelta::days(2);

/// `None` when the contact became somebody else's in between, or she is gone. The caller holds the turn
/// of this contact.
pub(super) async fn bind_contact(
    app: &App,
    tx: &mut Tx,
    challenge: &ChallengeRow,
) -> Result<Option<SeekerRow>, Fault> {
    let (Some(seeker_id), Some(stored)) = (challenge.seeker_id, &challenge.contact) else {
        return Ok(None);
    };
    let holder = seekers::known_by_contact(tx.conn(), &challenge.contact_index).await?;
    if holder.is_some_and(|(holder, _)| holder != seeker_id) {
        return Ok(None);
    }
    let Some(seeker) = seekers::lock(tx.conn(), seeker_id).await? else {
        return Ok(None);
    };
    let (now, chance) = (tx.now(), tx.chance());
    let key = app.vault().owner(&seeker.data_key, seeker_id)?;
    let text = key.decrypt(crypt::NEW_CONTACT, stored)?;
    let Ok(contact) = Contact::parse(&text) else {
        return Ok(None);
    };
    let before: Identity = key.decrypt(crypt::IDENTITY, &seeker.identity)?;
    let channel = fitting(&contact, before.channel);
    let identity = Identity { name: before.name, contact: Some(text), channel };
    let digest = seeker.digest().filter(|by| contact.suits(*by).is_ok());
    let changed = NewContact {
        identity: &key.encrypt(&*chance, crypt::IDENTITY, &identity),
        contact_index: &challenge.contact_index,
        digest,
    };
    seekers::save_contact(tx.conn(), seeker_id, &changed, now).await?;
    told(tx, &seeker, &challenge.contact_index).await?;
    tell_ways(app, tx, seeker_id).await?;
    // A contact that she shared is told nothing: it is somebody else's.
    let was_hers = seeker.contact_index.as_ref().is_some_and(|index| *index != challenge.contact_index);
    if let (true, Some(old)) = (was_hers, before.contact) {
        let notice = Notice {
            to: old,
            channel: before.channel,
            language: seeker.language(),
            content: NoticeContent::ContactChanged { page: format!("{}/hulp", app.public_address()) },
        };
        let sealed = app.chassis.keys.seal(Service::Notifier, &notice);
        let dispatch = NewDispatch {
            cause: chance.uuid_v4(),
            recipient: seeker_id,
            expires_at: now + TOLD_WITHIN,
            notice: Some(&sealed),
        };
        dispatches::add(tx, &dispatch).await?;
    }
    Ok(Some(seeker))
}

/// Tells that she has another contact. If a confirmation of hers was expected, it came now; somebody else's who came with
/// this contact and never confirmed is expected no more.
async fn told(tx: &mut Tx, seeker: &SeekerRow, contact_index: &[u8]) -> Result<(), Fault> {
    let seeker_id = seeker.seeker_id;
    if seeker.contact_index.as_deref() != Some(contact_index)
        && let Some(version) = seekers::next_contact_version(tx.conn(), seeker_id).await?
    {
        tx.publish(ContactChanged { seeker_id: SeekerId(seeker_id), version }).await?;
    }
    if arrivals::take_of(tx.conn(), seeker_id).await? {
        contact_confirmed(tx, seeker_id).await?;
    }
    arrivals::take(tx.conn(), contact_index, DateTime::UNIX_EPOCH).await?;
    Ok(())
}

/// The channel that she likes if it suits the contact, otherwise what does.
fn fitting(contact: &Contact, liked: Channel) -> Channel {
    if contact.suits(liked).is_ok() {
        return liked;
    }
    match contact.kind() {
        Kind::Phone => Channel::Sms,
        Kind::Email => Channel::Email,
    }
}
