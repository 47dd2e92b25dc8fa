//! What may be asked of intake.

use chassis::{Caller, Fault};
use proto::{
    Problem, Sealed, Service,
    intake::{Details, MyDetails},
    work::Language,
};

use crate::{
    App,
    domain::{
        may::{Act, may},
        person::{Home, Identity},
    },
    store::{consents, crypt, seekers},
};

/// Everything a person told us, for herself.
pub async fn my_details(app: &App, caller: &Caller, query: &MyDetails) -> Result<Sealed<Details>, Fault> {
    may(&caller.actor, Act::ReadDetails(query.seeker_id), app.chassis.config.profile)?;
    let mut conn = app.chassis.store.pool().acquire().await?;
    let seeker =
        seekers::find(&mut conn, query.seeker_id.0).await?.ok_or_else(|| Problem::not_found("seeker"))?;
    let consents = consents::latest(&mut conn, seeker.seeker_id).await?;
    let key = app.vault().owner(&seeker.data_key, seeker.seeker_id)?;
    let identity: Identity = key.decrypt(crypt::IDENTITY, &seeker.identity)?;
    let home: Home = key.decrypt(crypt::WISHES, &seeker.wishes)?;
    let details = Details {
        name: identity.name,
        contact: identity.contact,
        channel: identity.channel,
        language: Language::from_tag(&seeker.language).unwrap_or_default(),
        wishes: home.wishes,
        consents,
        profile_version: seeker.version,
    };
    Ok(app.chassis.keys.seal(Service::Portal, &details))
}
