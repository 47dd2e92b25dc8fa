//! What almost every use case about one person begins and ends with.

use chassis::{Caller, Fault, Tx};
use chrono::TimeDelta;
use proto::{Problem, SeekerId};
use uuid::Uuid;

use crate::{
    App,
    domain::may::{PersonAct, Standing, may_to_person},
    events::publish,
    store::{
        consents, crypt, helpers,
        seekers::{self, SeekerRow},
    },
};

/// How old the last sign of life is before another one is written down.
const HEARD_ANEW: TimeDelta = TimeDelta::days(1);

/// Decides whether the caller may do this to a person, locks her, and notes a sign of life when it is
/// she herself.
///
/// # Errors
/// Forbidden before anything else, so that a stranger learns nothing of who is here; then
/// `seeker-unknown`.
pub(crate) async fn locked(
    tx: &mut Tx,
    caller: &Caller,
    seeker_id: SeekerId,
    act: PersonAct,
) -> Result<(SeekerRow, Standing), Fault> {
    let now = tx.now();
    let standing = helpers::standing(tx.conn(), &caller.actor, seeker_id, now).await?;
    may_to_person(standing, act)?;
    let seeker = seekers::lock(tx.conn(), seeker_id.0).await?;
    // A record that joined another one is nobody's any more: she goes on with the other.
    let seeker =
        seeker.filter(|seeker| seeker.merged_into.is_none()).ok_or_else(|| Problem::not_found("seeker"))?;
    if standing == Standing::Herself {
        hear(tx, &seeker).await?;
    }
    Ok((seeker, standing))
}

/// Notes a sign of life: once a day, and at once when we asked for one.
pub(crate) async fn hear(tx: &mut Tx, seeker: &SeekerRow) -> Result<(), Fault> {
    let now = tx.now();
    if now - seeker.last_heard_at >= HEARD_ANEW || seeker.asked_still_looking_at.is_some() {
        seekers::hear(tx.conn(), seeker.seeker_id, now).await?;
    }
    Ok(())
}

/// Publishes her profile as it now stands in the tables, with the next version; nothing before she told what she wants.
/// The caller has locked her.
pub(crate) async fn republish(app: &App, tx: &mut Tx, seeker_id: Uuid) -> Result<(), Fault> {
    let now = tx.now();
    let seeker = seekers::find(tx.conn(), seeker_id).await?.ok_or_else(|| Problem::not_found("seeker"))?;
    let key = app.vault().owner(&seeker.data_key, seeker_id)?;
    let Some(home) = crypt::home(&key, &seeker)? else { return Ok(()) };
    let version = seeker.version + 1;
    seekers::save_version(tx.conn(), seeker_id, version, now).await?;
    let said = consents::said_by(tx.conn(), seeker_id).await?;
    let ids = publish::ids(seeker_id, seeker.open_file_id, seeker.background_id);
    tx.publish(publish::profile(ids, version, &home, &said, seeker.takes_part())).await?;
    Ok(())
}
