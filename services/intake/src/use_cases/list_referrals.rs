//! Shows a desk who was referred to it, and writes down that it looked.

use std::collections::HashMap;

use chassis::{Caller, Fault, Tx};
use proto::{
    Actor, Problem, Role, Sealed, Service,
    intake::{ContactPurpose, ReferralLine, Referrals},
};

use crate::{
    App,
    domain::{
        may::{Act, may},
        person::Identity,
        referral::SHOWN_AFTER_END,
    },
    store::{
        contacts::{self, NewLook},
        crypt, referrals, seekers,
    },
};

/// To the desks of the actor's regions. Every name that leaves is a look that she can read.
pub async fn list_referrals(
    app: &App,
    tx: &mut Tx,
    caller: &Caller,
    command: &Referrals,
) -> Result<Sealed<Vec<ReferralLine>>, Fault> {
    may(&caller.actor, Act::FollowUpReferrals, app.chassis.config.profile)?;
    let Actor::Account { account_id, regions, .. } = &caller.actor else {
        return Err(Problem::forbidden().into());
    };
    let now = tx.now();
    let ended_since = (!command.only_open).then(|| now - SHOWN_AFTER_END);
    let rows = referrals::of_regions(tx.conn(), regions, ended_since).await?;
    let ids: Vec<_> = rows.iter().map(|row| row.seeker_id).collect();
    let people: HashMap<_, _> = seekers::of_ids(tx.conn(), &ids)
        .await?
        .into_iter()
        .map(|seeker| (seeker.seeker_id, seeker))
        .collect();
    let mut lines = Vec::with_capacity(rows.len());
    for row in rows {
        let Some(seeker) = people.get(&row.seeker_id) else { continue };
        let key = app.vault().owner(&seeker.data_key, seeker.seeker_id)?;
        let identity: Identity = key.decrypt(crypt::IDENTITY, &seeker.identity)?;
        let look = NewLook {
            seeker_id: seeker.seeker_id,
            account_id: account_id.0,
            role: Role::AccountManager,
            organisation: &row.desk_name,
            purpose: ContactPurpose::TalkAboutWork,
        };
        contacts::look(tx.conn(), &look, now).await?;
        let progress = row.progress();
        lines.push(ReferralLine {
            referral: row.view(),
            name: identity.name,
            contact: identity.contact,
            question: key.decrypt(crypt::QUESTION, &row.question)?,
            overdue: progress.is_overdue(now),
            tries: progress.tries,
        });
    }
    Ok(app.chassis.keys.seal(Service::Portal, &lines))
}
