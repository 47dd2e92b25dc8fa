//! Erases everything about a person: rows and key, what is on its way, what was answered; leaves her
//! number and the moment, and tells the others.

use chassis::{
    Fault, Tx,
    dispatches::{self, NewDispatch},
};
use chrono::TimeDelta;
use proto::{
    SeekerId, Service,
    intake::SeekerErased,
    notifier::{Notice, NoticeContent},
    work::Language,
};

use super::tell::cause;
use crate::{
    App,
    domain::person::{Identity, next_hour},
    store::{
        crypt, erasures,
        seekers::{self, SeekerRow},
    },
};

/// How long the last message may wait for a carrier.
const LAST_MESSAGE_LIFE: TimeDelta = TimeDelta::days(7);

/// Erases her at once and for good, in the transaction of the caller, who has locked her row. Records that
/// were merged into hers go too: they are she. Her contact gets the last message, under an id of its own.
///
/// Nothing of hers may be written after this in the same transaction.
///
/// # Errors
/// When the database does not do it; then nothing is erased.
pub(crate) async fn erase_seeker(app: &App, tx: &mut Tx, seeker: &SeekerRow) -> Result<(), Fault> {
    let last = last_message(app, seeker)?;
    for merged in erasures::merged_into(tx.conn(), seeker.seeker_id).await? {
        if let Some(merged) = seekers::lock(tx.conn(), merged).await? {
            erase_record(tx, &merged).await?;
        }
    }
    erase_record(tx, seeker).await?;
    if let Some(notice) = last {
        let sealed = app.chassis.keys.seal(Service::Notifier, &notice);
        // Nothing joins it to her, so it outlives her at the notifier. Made from her id: after a restore the same
        // erasure has the same cause, and its message is not sent again.
        let nobody = cause(app, seeker.seeker_id, "erased");
        let expires_at = tx.now() + LAST_MESSAGE_LIFE;
        let dispatch = NewDispatch { cause: nobody, recipient: nobody, expires_at, notice: Some(&sealed) };
        dispatches::add(tx, &dispatch).await?;
    }
    Ok(())
}

async fn erase_record(tx: &mut Tx, seeker: &SeekerRow) -> Result<(), Fault> {
    let (now, version) = (tx.now(), seeker.version.max(seeker.contact_version) + 1);
    tx.forget(seeker.seeker_id).await?;
    if seeker.background_version > 0 {
        // Its tombstone and its event come on the hour, together with those of everybody else of that
        // hour: the two ids must not be joined by their moment.
        tx.blank(seeker.background_id).await?;
        let due_at = next_hour(now);
        erasures::add_background(tx.conn(), seeker.background_id, seeker.background_version + 1, due_at)
            .await?;
    }
    erasures::delete_everything(tx.conn(), seeker.seeker_id).await?;
    erasures::add(tx.conn(), seeker.seeker_id, version, now).await?;
    tx.publish(SeekerErased { seeker_id: SeekerId(seeker.seeker_id), version }).await?;
    Ok(())
}

/// The last message, if she can be reached by one. Nobody who was merged into another record gets it:
/// she is still there.
fn last_message(app: &App, seeker: &SeekerRow) -> Result<Option<Notice>, Fault> {
    if seeker.merged_into.is_some() {
        return Ok(None);
    }
    let key = app.vault().owner(&seeker.data_key, seeker.seeker_id)?;
    let identity: Identity = key.decrypt(crypt::IDENTITY, &seeker.identity)?;
    let language = Language::from_tag(&seeker.language).unwrap_or_default();
    Ok(identity.contact.map(|to| Notice {
        to,
        channel: identity.channel,
        language,
        content: NoticeContent::Erased {},
    }))
}
