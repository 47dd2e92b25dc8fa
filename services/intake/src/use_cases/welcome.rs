//! Makes people of registrations: rows, consents and the first profile; or brings a second
//! registration of the same person to her first.

use std::collections::HashSet;

use chassis::{Chance, Fault, Tx, vault::OwnerKey};
use proto::{
    SeekerId,
    intake::Purpose,
    work::{Channel, Language},
};

use super::{
    change_background::{keep, kept},
    of_person::republish,
};
use crate::{
    App,
    domain::{
        arrival::Arrival,
        background::Kept,
        contact::{Contact, Kind},
        person::{Applicant, Identity, Ids, Said, TakesPart, next_hour},
    },
    events::publish,
    store::{
        consents::{self, How, NewConsent},
        crypt,
        seekers::{self, NewSeeker, SeekerRow},
    },
};

/// Someone who is about to become a person: her encrypted row, and what is published of her.
pub(super) struct Newcomer<'a> {
    /// As she registers by herself; a registration with help changes it.
    pub(super) row: NewSeeker,
    /// How she said yes and no.
    pub(super) how: How<'a>,
    /// Her key.
    pub(super) key: OwnerKey,
    ids: Ids,
    applicant: &'a Applicant,
}

/// Encrypts a registration under a new key and gives it three new ids; the first may have been given to her before, when
/// she came for a place in line.
pub(super) fn prepare<'a>(
    app: &App,
    chance: &dyn Chance,
    applicant: &'a Applicant,
    given: Option<SeekerId>,
) -> Newcomer<'a> {
    let ids = ids(chance, given);
    let identity = Identity {
        name: applicant.name.clone(),
        contact: applicant.contact.clone(),
        channel: applicant.channel,
    };
    let (person, key) = person(app, chance, &ids, &identity, applicant.language);
    let entry_point = applicant.entry_point.as_ref();
    let row = NewSeeker {
        wishes: Some(key.encrypt(chance, crypt::WISHES, &applicant.home)),
        entry_point: entry_point.map(|code| key.encrypt(chance, crypt::ENTRY_POINT, code)),
        ..person
    };
    Newcomer { row, how: How::HERSELF, key, ids, applicant }
}

fn ids(chance: &dyn Chance, given: Option<SeekerId>) -> Ids {
    let new = Ids::new(chance);
    Ids { seeker: given.unwrap_or(new.seeker), ..new }
}

/// The row of someone who told who she is and nothing else, encrypted under a new key.
fn person(
    app: &App,
    chance: &dyn Chance,
    ids: &Ids,
    identity: &Identity,
    language: Language,
) -> (NewSeeker, OwnerKey) {
    let (data_key, key) = app.vault().new_owner(chance, ids.seeker.0);
    let contact = identity.contact.as_deref();
    let row = NewSeeker {
        seeker_id: ids.seeker.0,
        open_file_id: ids.open_file.0,
        background_id: ids.background.0,
        contact_index: contact.map(|contact| crypt::contact_index(app.vault(), contact).to_vec()),
        contact_hint_index: None,
        name_index: crypt::name_index(app.vault(), &identity.name).to_vec(),
        data_key,
        identity: key.encrypt(chance, crypt::IDENTITY, identity),
        wishes: None,
        letter: None,
        language,
        entry_point: None,
        digest: digest_by_itself(contact),
        herself: true,
    };
    (row, key)
}

/// Makes a person of someone who came for a place in line: nothing is published of her before she tells what she wants,
/// and she agreed to nothing. `None` when the contact is somebody's.
pub(super) async fn welcome_arrival(
    app: &App,
    tx: &mut Tx,
    given: Option<SeekerId>,
    arrival: &Arrival,
    change: impl FnOnce(NewSeeker) -> NewSeeker + Send,
) -> Result<Option<SeekerId>, Fault> {
    let (now, chance) = (tx.now(), tx.chance());
    let ids = ids(&*chance, given);
    let contact = arrival.contact.as_deref().and_then(|contact| Contact::parse(contact).ok());
    let identity = Identity {
        name: arrival.name.clone(),
        contact: arrival.contact.clone(),
        // Whom no message reaches gets calls and letters.
        channel: contact.map_or(Channel::Call, |contact| contact.code_channel()),
    };
    let (row, _) = person(app, &*chance, &ids, &identity, arrival.language);
    let added = seekers::add(tx.conn(), &[change(row)], next_hour(now), now).await?;
    Ok(added.first().map(|seeker_id| SeekerId(*seeker_id)))
}

/// The weekly digest comes by itself by e-mail only.
fn digest_by_itself(contact: Option<&str>) -> Option<Channel> {
    let contact = Contact::parse(contact?).ok()?;
    (contact.kind() == Kind::Email).then_some(Channel::Email)
}

/// Adds people in a few statements, however many; returns those whose contact was free.
pub(super) async fn welcome(tx: &mut Tx, newcomers: Vec<Newcomer<'_>>) -> Result<Vec<SeekerId>, Fault> {
    let now = tx.now();
    let (rows, rest): (Vec<_>, Vec<_>) = newcomers
        .into_iter()
        .map(|newcomer| (newcomer.row, (newcomer.ids, newcomer.applicant, newcomer.how)))
        .unzip();
    let added: HashSet<_> = seekers::add(tx.conn(), &rows, next_hour(now), now).await?.into_iter().collect();
    let added: Vec<_> = rest.into_iter().filter(|(ids, ..)| added.contains(&ids.seeker.0)).collect();

    let mut said = Vec::with_capacity(added.len() * Purpose::ALL.len());
    let mut profiles = Vec::with_capacity(added.len());
    for (ids, applicant, how) in &added {
        // All three are written down, the no as well as the yes.
        said.extend(Purpose::ALL.iter().map(|purpose| NewConsent {
            seeker_id: ids.seeker.0,
            purpose: *purpose,
            given: applicant.consents.contains(purpose),
            text_version: &applicant.consent_text_version,
            how: how.clone(),
        }));
        let said = Said::yes_to(&applicant.consents);
        profiles.push(publish::profile(*ids, 1, &applicant.home, &said, TakesPart::Looking));
    }
    if !added.is_empty() {
        consents::append(tx.conn(), &said, now).await?;
        tx.publish_all(profiles).await?;
    }
    Ok(added.into_iter().map(|(ids, ..)| ids.seeker).collect())
}

/// Someone who was registered already registered again: her wishes and the consents she now gave
/// take effect; her name stays, and nothing she agreed to or told elsewhere is taken back.
pub(super) async fn apply_again(
    app: &App,
    tx: &mut Tx,
    seeker: SeekerRow,
    applicant: Applicant,
) -> Result<SeekerRow, Fault> {
    let (now, chance) = (tx.now(), tx.chance());
    let key = app.vault().owner(&seeker.data_key, seeker.seeker_id)?;
    let said = consents::said_by(tx.conn(), seeker.seeker_id).await?;
    let newly: Vec<_> = said
        .newly_given(&applicant.consents)
        .into_iter()
        .map(|purpose| NewConsent {
            seeker_id: seeker.seeker_id,
            purpose,
            given: true,
            text_version: &applicant.consent_text_version,
            how: How::HERSELF,
        })
        .collect();
    if !newly.is_empty() {
        consents::append(tx.conn(), &newly, now).await?;
    }
    let before = kept(&key, &seeker)?;
    if let (Some(entry_point), None) = (applicant.entry_point, &before.entry_point) {
        let told = Kept { entry_point: Some(entry_point), ..before };
        keep(tx, &key, &seeker, &told, false).await?;
    }
    let home = match crypt::home(&key, &seeker)? {
        Some(before) => applicant.home.again(before.wishes),
        None => applicant.home,
    };
    let wishes = key.encrypt(&*chance, crypt::WISHES, &home);
    seekers::save_wishes(tx.conn(), seeker.seeker_id, &wishes, now).await?;
    republish(app, tx, seeker.seeker_id).await?;
    Ok(seeker)
}
