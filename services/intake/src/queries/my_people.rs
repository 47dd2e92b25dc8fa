//! Whom a helper may still help.

use std::collections::HashMap;

use chassis::{Caller, Fault};
use proto::{
    Actor, Problem, Sealed, SeekerId, Service,
    intake::{HelpedPerson, MyPeople},
};

use crate::{
    App,
    domain::{
        may::{Act, may},
        person::Identity,
    },
    store::{crypt, helpers, seekers},
};

/// Newest first; someone whose access ended is not in it any more.
pub async fn my_people(app: &App, caller: &Caller, _: &MyPeople) -> Result<Sealed<Vec<HelpedPerson>>, Fault> {
    may(&caller.actor, Act::Assist, app.chassis.config.profile)?;
    let Actor::Account { account_id, .. } = &caller.actor else {
        return Err(Problem::forbidden().into());
    };
    let mut tx = app.chassis.store.begin().await?;
    let now = tx.now();
    let rows = helpers::people_of(tx.conn(), account_id.0, now).await?;
    let ids: Vec<_> = rows.iter().map(|row| row.seeker_id).collect();
    let people: HashMap<_, _> = seekers::of_ids(tx.conn(), &ids)
        .await?
        .into_iter()
        .map(|seeker| (seeker.seeker_id, seeker))
        .collect();
    let mut shown = Vec::with_capacity(rows.len());
    for row in rows {
        let Some(seeker) = people.get(&row.seeker_id).filter(|seeker| seeker.merged_into.is_none()) else {
            continue;
        };
        let key = app.vault().owner(&seeker.data_key, seeker.seeker_id)?;
        let identity: Identity = key.decrypt(crypt::IDENTITY, &seeker.identity)?;
        shown.push(HelpedPerson {
            seeker_id: SeekerId(seeker.seeker_id),
            name: identity.name,
            since: row.since,
            until: row.until,
            took_over: seeker.took_over_at.is_some(),
        });
    }
    Ok(app.chassis.keys.seal(Service::Portal, &shown))
}
