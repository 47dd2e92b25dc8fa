//! Takes in, after a restore, what intake told after the backup (docs/adr/0010).

use chassis::{Fault, Reconciled, Told, Tx};
use proto::{
    SeekerId,
    intake::{
        BackgroundErased, ContactChanged, ContactConfirmed, ProfilePublished, Purpose, SeekerErased,
        WaysChanged,
    },
    open_hiring::TicketErased,
};

use super::{
    change_background::keep, erase::erase_seeker, of_person::republish, set_second_number::tell_ways,
};
use crate::{
    App,
    domain::{background::Kept, person::next_hour},
    events::publish,
    store::{
        availability, backgrounds, consents,
        consents::{How, NewConsent},
        erasures,
        seekers::{self, SeekerRow},
        tickets,
    },
};

/// About a person, or about what is told under a background id.
pub async fn after_restore(app: &App, tx: &mut Tx, told: &Told) -> Result<Reconciled, Fault> {
    if told.has::<SeekerErased>() {
        return erase_again(app, tx, told).await;
    }
    if told.has::<TicketErased>() {
        tickets::delete(tx.conn(), &[told.aggregate_id]).await?;
        return Ok(Reconciled::ERASED);
    }
    if told.has::<WaysChanged>() && lock_at(tx, told).await?.is_some() {
        // A number that she gave after the backup is lost: nobody goes on counting on it.
        tell_ways(app, tx, told.aggregate_id).await?;
    }
    match told.last::<ProfilePublished>()? {
        Some(profile) => take_over(app, tx, told, profile).await,
        None if told.has::<ContactConfirmed>()
            || told.has::<ContactChanged>()
            || told.has::<WaysChanged>() =>
        {
            match lock_at(tx, told).await? {
                Some(_) => Ok(Reconciled::TAKEN_OVER),
                None => lost(tx, told).await,
            }
        }
        None => background(app, tx, told).await,
    }
}

/// She was erased after the backup: rows and key go again. Her last message has the same cause as the first time,
/// so it leaves only if it had not left.
async fn erase_again(app: &App, tx: &mut Tx, told: &Told) -> Result<Reconciled, Fault> {
    let (seeker_id, now) = (told.aggregate_id, tx.now());
    if let Some(seeker) = lock_at(tx, told).await? {
        erase_seeker(app, tx, &seeker).await?;
    } else if !erasures::is_erased(tx.conn(), seeker_id).await? {
        // She came after the backup and went again: the tombstone keeps her away. The event stands on the stream.
        tx.forget(seeker_id).await?;
        erasures::add(tx.conn(), seeker_id, told.version, now).await?;
    }
    Ok(Reconciled::ERASED)
}

/// She came after the backup, and nothing here can bring her back: the others forget her too.
async fn lost(tx: &mut Tx, told: &Told) -> Result<Reconciled, Fault> {
    let (seeker_id, now) = (told.aggregate_id, tx.now());
    if erasures::is_erased(tx.conn(), seeker_id).await? {
        return Ok(Reconciled::NOTHING);
    }
    let version = told.version + 1;
    tx.forget(seeker_id).await?;
    erasures::add(tx.conn(), seeker_id, version, now).await?;
    tx.publish(SeekerErased { seeker_id: SeekerId(seeker_id), version }).await?;
    Ok(Reconciled::LOST)
}

/// Locks her and raises her versions to what was told, if that is higher.
async fn lock_at(tx: &mut Tx, told: &Told) -> Result<Option<SeekerRow>, Fault> {
    seekers::raise_versions(tx.conn(), told.aggregate_id, told.version).await?;
    Ok(seekers::lock(tx.conn(), told.aggregate_id).await?)
}

/// Her profile was published after the backup. What she told then is lost, but a no that it shows is taken over:
/// what she took back may not be given again by a restore. Then her profile goes out as it is now, above all others.
async fn take_over(
    app: &App,
    tx: &mut Tx,
    told: &Told,
    profile: ProfilePublished,
) -> Result<Reconciled, Fault> {
    let (seeker_id, now) = (told.aggregate_id, tx.now());
    let Some(seeker) = lock_at(tx, told).await? else {
        return lost(tx, told).await;
    };
    if seeker.wishes.is_none() {
        // What she wants she told after the backup, and it is lost: nobody goes on showing it.
        let version = seeker.version + 1;
        seekers::save_version(tx.conn(), seeker_id, version, now).await?;
        tx.publish(publish::shown_to_nobody(profile, version)).await?;
        return Ok(Reconciled::TAKEN_OVER);
    }
    let latest = consents::latest(tx.conn(), seeker_id).await?;
    let taken_back = [(Purpose::OpenFile, profile.open_file), (Purpose::Adviser, profile.adviser)];
    let noes: Vec<NewConsent<'_>> = latest
        .iter()
        .filter(|consent| consent.given && taken_back.contains(&(consent.purpose, false)))
        .map(|consent| NewConsent {
            seeker_id,
            purpose: consent.purpose,
            given: false,
            text_version: &consent.text_version,
            // By whom it came is lost; a no needs no evidence.
            how: How::HERSELF,
        })
        .collect();
    if !noes.is_empty() {
        consents::append(tx.conn(), &noes, now).await?;
    }
    if profile.paused && seeker.paused_at.is_none() && seeker.merged_into.is_none() {
        availability::pause(tx.conn(), seeker_id, None, false, now).await?;
    }
    republish(app, tx, seeker_id).await?;
    Ok(Reconciled::TAKEN_OVER)
}

/// Something was told or taken back under a background id.
async fn background(app: &App, tx: &mut Tx, told: &Told) -> Result<Reconciled, Fault> {
    let (background_id, now) = (told.aggregate_id, tx.now());
    let taken_back = told.has::<BackgroundErased>();
    if let Some(seeker) = seekers::lock_by_background(tx.conn(), background_id, told.version).await? {
        if taken_back {
            // What she took back may not be told again; all of it goes, and what she tells next has another id.
            let key = app.vault().owner(&seeker.data_key, seeker.seeker_id)?;
            keep(tx, &key, &seeker, &Kept::default(), true).await?;
        }
        return Ok(Reconciled::TAKEN_OVER);
    }
    if backgrounds::raise(tx.conn(), background_id, told.version + 1).await? {
        return Ok(Reconciled::TAKEN_OVER);
    }
    if taken_back {
        tx.forget(background_id).await?;
        return Ok(Reconciled::ERASED);
    }
    // On the hour, like everybody's: its moment must not join it to a person who is lost, too.
    erasures::add_background(tx.conn(), background_id, told.version + 1, next_hour(now)).await?;
    Ok(Reconciled::LOST)
}
