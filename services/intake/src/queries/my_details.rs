//! Everything a person told us.

use chassis::{Caller, Fault, Tx, vault::OwnerKey};
use chrono::TimeDelta;
use proto::{
    AccountId, Actor, Problem, Sealed, SeekerId, Service,
    intake::{Details, HelperAccess, MyDetails},
};

use crate::{
    App,
    domain::{
        may::{PersonAct, Standing, may_to_person},
        person::Identity,
    },
    store::{availability, consents, contacts, crypt, helpers, referrals, seekers, seekers::SeekerRow},
    use_cases::kept_background,
};

/// How long helpers whose access ended are still shown.
const HELPERS_SHOWN: TimeDelta = TimeDelta::days(90);

/// For herself; a helper whose access runs gets neither needs nor background, and no other helpers.
pub async fn my_details(app: &App, caller: &Caller, query: &MyDetails) -> Result<Sealed<Details>, Fault> {
    // Only read, and dropped at the end: helpers are judged by the moment of the database.
    let mut tx = app.chassis.store.begin().await?;
    let now = tx.now();
    let standing = helpers::standing(tx.conn(), &caller.actor, query.seeker_id, now).await?;
    may_to_person(standing, PersonAct::ReadDetails)?;
    let seeker = seekers::find(tx.conn(), query.seeker_id.0)
        .await?
        // She goes on with the other record.
        .filter(|seeker| seeker.merged_into.is_none())
        .ok_or_else(|| Problem::not_found("seeker"))?;
    let mut details = details(app, &mut tx, &seeker).await?;
    if standing != Standing::Herself {
        details.needs = Vec::new();
        details.background = None;
        details.entry_point = None;
        let own = match &caller.actor {
            Actor::Account { account_id, .. } => Some(*account_id),
            Actor::Visitor | Actor::Seeker { .. } | Actor::Service { .. } => None,
        };
        details.shares = Vec::new();
        details.helpers.retain(|helper| Some(helper.account_id) == own);
    }
    Ok(app.chassis.keys.seal(Service::Portal, &details))
}

/// All of it, as she herself may see it.
pub(super) async fn details(app: &App, tx: &mut Tx, seeker: &SeekerRow) -> Result<Details, Fault> {
    let id = seeker.seeker_id;
    let key = app.vault().owner(&seeker.data_key, id)?;
    let identity: Identity = key.decrypt(crypt::IDENTITY, &seeker.identity)?;
    let needs = seeker.needs.as_deref().map(|stored| key.decrypt(crypt::NEEDS, stored)).transpose()?;
    let background = kept_background(&key, seeker)?;
    let availability =
        availability::find(tx.conn(), id).await?.ok_or_else(|| Problem::not_found("seeker"))?;
    let now = tx.now();
    let referrals = referrals::of_seeker(tx.conn(), SeekerId(id)).await?;
    Ok(Details {
        name: identity.name,
        contact: identity.contact,
        second_number: crypt::second_number(&key, seeker)?,
        channel: identity.channel,
        language: seeker.language(),
        wishes: crypt::home(&key, seeker)?.map(|home| home.wishes),
        needs: needs.unwrap_or_default(),
        background: background.benefit,
        entry_point: background.entry_point,
        consents: consents::latest(tx.conn(), id).await?,
        profile_version: seeker.version,
        availability: availability.availability(),
        digest: seeker.digest(),
        helpers: helpers_of(tx, &key, seeker).await?,
        shares: contacts::shares(tx.conn(), id, now).await?,
        referrals: referrals.iter().map(referrals::ReferralRow::view).collect(),
    })
}

async fn helpers_of(tx: &mut Tx, key: &OwnerKey, seeker: &SeekerRow) -> Result<Vec<HelperAccess>, Fault> {
    let ended_after = tx.now() - HELPERS_SHOWN;
    let rows = helpers::of_person(tx.conn(), seeker.seeker_id, ended_after).await?;
    rows.into_iter()
        .map(|row| {
            Ok(HelperAccess {
                account_id: AccountId(row.account_id),
                helper: key.decrypt(crypt::HELPER, &row.helper)?,
                since: row.since,
                until: row.until,
                ended_at: row.ended_at,
            })
        })
        .collect()
}
