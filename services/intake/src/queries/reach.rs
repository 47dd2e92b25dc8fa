//! Where messages to people go, at the moment of sending.

use std::collections::HashMap;

use chassis::{Caller, Fault};
use proto::{
    Problem, Sealed, Service, Status,
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

/// Most people in one question.
const MOST: usize = 500;

/// `None` for who is gone, joined another record, gets letters only or, unless they wait for it, was paused by silence.
/// They were asked nothing: no look is written down, because nobody sees it.
pub async fn reach(app: &App, caller: &Caller, query: &ReachOf) -> Result<Sealed<Vec<Option<Reach>>>, Fault> {
    may(&caller.actor, Act::AskReach, app.chassis.config.profile)?;
    if query.seeker_ids.len() > MOST {
        return Err(Problem::new(Status::Invalid, "too-many-people").with("most", MOST).into());
    }
    let ids: Vec<_> = query.seeker_ids.iter().map(|seeker_id| seeker_id.0).collect();
    let mut conn = app.chassis.store.pool().acquire().await?;
    let seekers = seekers::of_ids(&mut conn, &ids).await?;
    let seekers: HashMap<_, _> = seekers.iter().map(|seeker| (seeker.seeker_id, seeker)).collect();
    let mut reaches = Vec::with_capacity(ids.len());
    for id in &ids {
        let is_told = |seeker: &&&SeekerRow| query.waits_for_it || !seeker.paused_by_silence;
        reaches.push(match seekers.get(id).filter(|seeker| seeker.merged_into.is_none()).filter(is_told) {
            Some(seeker) => of(app, seeker)?,
            None => None,
        });
    }
    Ok(app.chassis.keys.seal(Service::Notifier, &reaches))
}

fn of(app: &App, seeker: &SeekerRow) -> Result<Option<Reach>, Fault> {
    let key = app.vault().owner(&seeker.data_key, seeker.seeker_id)?;
    let identity: Identity = key.decrypt(crypt::IDENTITY, &seeker.identity)?;
    let language = seeker.language();
    Ok(identity.contact.map(|contact| Reach {
        name: identity.name,
        contact: Some(contact),
        second_number: None,
        channel: identity.channel,
        language,
        remark: String::new(),
    }))
}
