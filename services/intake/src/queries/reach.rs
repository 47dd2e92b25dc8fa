//! Where a message to a person goes, at the moment of sending.

use chassis::{Caller, Fault};
use proto::{
    Sealed, Service,
    intake::{Reach, ReachOf},
};

use crate::{
    App,
    domain::{
        may::{Act, may},
        person::Identity,
    },
    store::{
        crypt,
        seekers::{self, SeekerRow},
    },
};

/// `None` when she is gone, joined another record, gets letters only or, unless she waits for it, was paused by silence.
/// She was asked nothing: no look is written down, because nobody sees it.
pub async fn reach(app: &App, caller: &Caller, query: &ReachOf) -> Result<Option<Sealed<Reach>>, Fault> {
    may(&caller.actor, Act::AskReach, app.chassis.config.profile)?;
    let mut conn = app.chassis.store.pool().acquire().await?;
    let seeker = seekers::find(&mut conn, query.seeker_id.0).await?;
    let is_told = |seeker: &SeekerRow| query.waits_for_it || !seeker.paused_by_silence;
    let Some(seeker) = seeker.filter(|seeker| seeker.merged_into.is_none() && is_told(seeker)) else {
        return Ok(None);
    };
    let key = app.vault().owner(&seeker.data_key, seeker.seeker_id)?;
    let identity: Identity = key.decrypt(crypt::IDENTITY, &seeker.identity)?;
    let Some(contact) = identity.contact else {
        return Ok(None);
    };
    let reach = Reach {
        name: identity.name,
        contact: Some(contact),
        channel: identity.channel,
        language: seeker.language(),
        remark: String::new(),
    };
    Ok(Some(app.chassis.keys.seal(Service::Notifier, &reach)))
}
