//! Which desks help whom.

use chassis::{Caller, Fault};
use proto::{
    Problem,
    intake::{Desk, Desks, DesksFor},
};

use crate::{
    App,
    domain::{
        desk::region_of,
        may::{Act, may, works_for},
    },
    store::desks as table,
};

/// The desks of the region of a postcode. Anyone may ask; the postcode is not kept.
pub async fn desks_for(app: &App, _caller: &Caller, query: &DesksFor) -> Result<Vec<Desk>, Fault> {
    let typed = app.open(&query.postcode)?;
    let region = region_of(&typed, &app.reference).map_err(|problem| Problem::fields(vec![problem]))?;
    let mut conn = app.chassis.store.pool().acquire().await?;
    Ok(table::list(&mut conn, Some(&region)).await?)
}

/// The desks that the actor may mend: all for administrators, those of her regions for an account
/// manager.
pub async fn desks(app: &App, caller: &Caller, _query: &Desks) -> Result<Vec<Desk>, Fault> {
    may(&caller.actor, Act::MaintainDesks, app.chassis.config.profile)?;
    let mut conn = app.chassis.store.pool().acquire().await?;
    let all = table::list(&mut conn, None).await?;
    Ok(all.into_iter().filter(|desk| works_for(&caller.actor, &desk.region)).collect())
}
