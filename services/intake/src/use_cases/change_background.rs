//! Changes from what someone lives and where she came in; told on the hour, taken back on the hour.

use chassis::{Caller, Fault, Tx, vault::OwnerKey};
use proto::{
    Problem, Status,
    intake::{ChangeBackground, Purpose},
};

use super::of_person::locked;
use crate::{
    App,
    domain::{
        background::{Change, Kept},
        may::PersonAct,
        person::next_hour,
    },
    store::{
        consents, crypt, erasures,
        seekers::{self, NewBackground, SeekerRow},
    },
};

/// Refused without consent for figures: it is kept for nothing else.
pub async fn change_background(
    app: &App,
    tx: &mut Tx,
    caller: &Caller,
    command: &ChangeBackground,
) -> Result<(), Fault> {
    let (seeker, _) = locked(tx, caller, command.seeker_id, PersonAct::ChangeBackground).await?;
    let told = app.open(&command.told)?;
    let key = app.vault().owner(&seeker.data_key, seeker.seeker_id)?;
    let before = kept(&key, &seeker)?;
    let change = before.tell(&told).map_err(Problem::fields)?;
    if !consents::said_by(tx.conn(), seeker.seeker_id).await?.yes(Purpose::Figures) {
        return Err(Problem::new(Status::Conflict, "background-needs-consent").into());
    }
    match change {
        Change::Same => Ok(()),
        Change::Told(now) => keep(tx, &key, &seeker, &now, false).await,
        Change::TakenBack(now) => keep(tx, &key, &seeker, &now, true).await,
    }
}

/// What is kept of her background.
pub(crate) fn kept(key: &OwnerKey, seeker: &SeekerRow) -> Result<Kept, Fault> {
    let benefit = seeker.background.as_deref().map(|stored| key.decrypt(crypt::BACKGROUND, stored));
    let entry_point = seeker.entry_point.as_deref().map(|stored| key.decrypt(crypt::ENTRY_POINT, stored));
    Ok(Kept { benefit: benefit.transpose()?, entry_point: entry_point.transpose()? })
}

/// Keeps background, to be told on the hour. When something is taken back that was told already, what
/// was published is erased on the hour and she goes on under another id that joins to nothing.
pub(crate) async fn keep(
    tx: &mut Tx,
    key: &OwnerKey,
    seeker: &SeekerRow,
    now: &Kept,
    is_taken_back: bool,
) -> Result<(), Fault> {
    let (chance, due_at) = (tx.chance(), next_hour(tx.now()));
    let was_told = seeker.background_version > 0;
    let new_id = (is_taken_back && was_told).then(|| chance.uuid_v4());
    if new_id.is_some() {
        let version = seeker.background_version + 1;
        erasures::add_background(tx.conn(), seeker.background_id, version, due_at).await?;
    }
    let background = NewBackground {
        benefit: now.benefit.as_ref().map(|benefit| key.encrypt(&*chance, crypt::BACKGROUND, benefit)),
        entry_point: now.entry_point.as_ref().map(|code| key.encrypt(&*chance, crypt::ENTRY_POINT, code)),
        due_at: (!now.is_empty()).then_some(due_at),
        new_id,
    };
    seekers::save_background(tx.conn(), seeker.seeker_id, &background).await?;
    Ok(())
}
