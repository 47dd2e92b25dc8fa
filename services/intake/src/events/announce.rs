//! What intake announces anew when an operator asks: everyone as she now is, background that was told, and who is
//! erased.

use chassis::{
    Fault, Tx,
    replay::{AFTER_ALL, PAGE, Page},
};
use proto::{
    BackgroundId, SeekerId,
    intake::{BackgroundErased, BenefitTold, EntryPointTold, ProfilePublished, SeekerErased, WaysChanged},
};
use uuid::Uuid;

use super::publish;
use crate::{
    App,
    store::{consents, crypt, erasures, seekers},
    use_cases::{kept_background as kept, ways_of},
};

/// Every anonymous profile, with the version that it has. Who told nothing about what she wants has none.
pub async fn profiles(app: &App, tx: &mut Tx, after: Uuid) -> Result<Page<ProfilePublished>, Fault> {
    let (mut profiles, mut last) = (Vec::new(), None);
    for seeker in seekers::page(tx.conn(), after, PAGE).await? {
        last = Some(seeker.seeker_id);
        let key = app.vault().owner(&seeker.data_key, seeker.seeker_id)?;
        let Some(home) = crypt::home(&key, &seeker)? else { continue };
        let said = consents::said_by(tx.conn(), seeker.seeker_id).await?;
        let ids = publish::ids(seeker.seeker_id, seeker.open_file_id, seeker.background_id);
        profiles.push(publish::profile(ids, seeker.version, &home, &said, seeker.takes_part()));
    }
    Ok(Page::up_to(last, profiles))
}

/// How people can be reached, of those of whom it was told.
pub async fn ways(app: &App, tx: &mut Tx, after: Uuid) -> Result<Page<WaysChanged>, Fault> {
    let mut facts = Vec::new();
    for seeker in seekers::page_of_ways(tx.conn(), after, PAGE).await? {
        facts.push(ways_of(app, tx, &seeker).await?);
    }
    Ok(Page::of(facts))
}

/// Where people came in, of those of whom it was told.
pub async fn entry_points(app: &App, tx: &mut Tx, after: Uuid) -> Result<Page<EntryPointTold>, Fault> {
    let (mut facts, mut last) = (Vec::new(), None);
    for seeker in seekers::page_of_told(tx.conn(), after, PAGE).await? {
        last = Some(seeker.background_id);
        let key = app.vault().owner(&seeker.data_key, seeker.seeker_id)?;
        if let (Some(code), Some(home)) = (kept(&key, &seeker)?.entry_point, crypt::home(&key, &seeker)?) {
            let id = BackgroundId(seeker.background_id);
            facts.push(publish::entry_point(id, seeker.background_version, &home, code));
        }
    }
    Ok(Page::up_to(last, facts))
}

/// From what people live, of those of whom it was told.
pub async fn benefits(app: &App, tx: &mut Tx, after: Uuid) -> Result<Page<BenefitTold>, Fault> {
    let (mut facts, mut last) = (Vec::new(), None);
    for seeker in seekers::page_of_told(tx.conn(), after, PAGE).await? {
        last = Some(seeker.background_id);
        let key = app.vault().owner(&seeker.data_key, seeker.seeker_id)?;
        if let (Some(benefit), Some(home)) = (kept(&key, &seeker)?.benefit, crypt::home(&key, &seeker)?) {
            let id = BackgroundId(seeker.background_id);
            facts.push(publish::benefit(id, seeker.background_version, &home, &benefit));
        }
    }
    Ok(Page::up_to(last, facts))
}

/// Who is erased. Everybody who hears it deletes again, and confirms again.
pub async fn erased(_: &App, tx: &mut Tx, after: Uuid) -> Result<Page<SeekerErased>, Fault> {
    let erased = erasures::page(tx.conn(), after, PAGE).await?;
    let facts = erased.into_iter().map(|(id, version)| SeekerErased { seeker_id: SeekerId(id), version });
    Ok(Page::of(facts.collect()))
}

/// Background that was taken back.
pub async fn backgrounds_erased(_: &App, tx: &mut Tx, after: Uuid) -> Result<Page<BackgroundErased>, Fault> {
    let erased = erasures::page_of_backgrounds(tx.conn(), after, PAGE).await?;
    let facts = erased.into_iter().map(|id| publish::background_erased(BackgroundId(id), AFTER_ALL));
    Ok(Page::of(facts.collect()))
}
