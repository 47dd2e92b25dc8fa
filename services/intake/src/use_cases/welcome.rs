//! Makes people of registrations: rows, consents and the first profile; or brings a second
//! registration of the same person to her first.

use std::collections::HashSet;

use chassis::{Chance, Fault, Tx};
use proto::{SeekerId, intake::Purpose};

use crate::{
    App,
    domain::person::{Applicant, Identity, Ids, Said, entry_point_due},
    events::publish,
    store::{
        consents::{self, NewConsent},
        crypt,
        seekers::{self, NewSeeker, SeekerRow},
    },
};

/// Someone who is about to become a person: her encrypted row, and what is published of her.
pub(super) struct Newcomer<'a> {
    row: NewSeeker,
    ids: Ids,
    applicant: &'a Applicant,
}

/// Encrypts a registration under a new key and gives it three new ids.
pub(super) fn prepare<'a>(app: &App, chance: &dyn Chance, applicant: &'a Applicant) -> Newcomer<'a> {
    let ids = Ids::new(chance);
    let (data_key, key) = app.vault().new_owner(chance, ids.seeker.0);
    let identity = Identity {
        name: applicant.name.clone(),
        contact: applicant.contact.clone(),
        channel: applicant.channel,
    };
    let row = NewSeeker {
        seeker_id: ids.seeker.0,
        open_file_id: ids.open_file.0,
        background_id: ids.background.0,
        contact_index: crypt::contact_index(app.vault(), &applicant.contact).to_vec(),
        data_key,
        identity: key.encrypt(chance, crypt::IDENTITY, &identity),
        wishes: key.encrypt(chance, crypt::WISHES, &applicant.home),
        language: applicant.language,
        entry_point: applicant
            .entry_point
            .as_ref()
            .map(|entry_point| key.encrypt(chance, crypt::ENTRY_POINT, entry_point)),
    };
    Newcomer { row, ids, applicant }
}

/// Adds people in a few statements, however many; returns those whose contact was free.
pub(super) async fn welcome(tx: &mut Tx, newcomers: Vec<Newcomer<'_>>) -> Result<Vec<SeekerId>, Fault> {
    let now = tx.now();
    let (rows, rest): (Vec<_>, Vec<_>) =
        newcomers.into_iter().map(|newcomer| (newcomer.row, (newcomer.ids, newcomer.applicant))).unzip();
    let added: HashSet<_> =
        seekers::add(tx.conn(), &rows, entry_point_due(now), now).await?.into_iter().collect();
    let added: Vec<_> = rest.into_iter().filter(|(ids, _)| added.contains(&ids.seeker.0)).collect();

    let mut said = Vec::with_capacity(added.len() * Purpose::ALL.len());
    let mut profiles = Vec::with_capacity(added.len());
    for (ids, applicant) in &added {
        // All three are written down, the no as well as the yes.
        said.extend(Purpose::ALL.map(|purpose| NewConsent {
            seeker_id: ids.seeker.0,
            purpose,
            given: applicant.consents.contains(&purpose),
            text_version: &applicant.consent_text_version,
        }));
        profiles.push(publish::profile(*ids, 1, &applicant.home, &Said::yes_to(&applicant.consents)));
    }
    if !added.is_empty() {
        consents::append(tx.conn(), &said, now).await?;
        tx.publish_all(profiles).await?;
    }
    Ok(added.into_iter().map(|(ids, _)| ids.seeker).collect())
}

/// Someone who was registered already registered again: her wishes and the consents she now gave
/// take effect; her name stays, and nothing she agreed to is taken back.
pub(super) async fn apply_again(
    app: &App,
    tx: &mut Tx,
    seeker: SeekerRow,
    applicant: Applicant,
) -> Result<(), Fault> {
    let (now, chance) = (tx.now(), tx.chance());
    let key = app.vault().owner(&seeker.data_key, seeker.seeker_id)?;
    let mut said = consents::said(&consents::latest(tx.conn(), seeker.seeker_id).await?);
    let newly: Vec<_> = said
        .newly_given(&applicant.consents)
        .into_iter()
        .map(|purpose| NewConsent {
            seeker_id: seeker.seeker_id,
            purpose,
            given: true,
            text_version: &applicant.consent_text_version,
        })
        .collect();
    if !newly.is_empty() {
        consents::append(tx.conn(), &newly, now).await?;
    }
    for consent in &newly {
        said.say(consent.purpose, true);
    }
    if let (Some(entry_point), None) = (&applicant.entry_point, &seeker.entry_point) {
        let stored = key.encrypt(&*chance, crypt::ENTRY_POINT, entry_point);
        let due_at = entry_point_due(now);
        seekers::save_entry_point(tx.conn(), seeker.seeker_id, Some((&stored, due_at))).await?;
    }
    let version = seeker.version + 1;
    let wishes = key.encrypt(&*chance, crypt::WISHES, &applicant.home);
    seekers::save_wishes(tx.conn(), seeker.seeker_id, version, &wishes, now).await?;
    let ids = publish::ids(seeker.seeker_id, seeker.open_file_id, seeker.background_id);
    tx.publish(publish::profile(ids, version, &applicant.home, &said)).await?;
    Ok(())
}
