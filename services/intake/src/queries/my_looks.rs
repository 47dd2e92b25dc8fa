//! Who looked at her contact data.

use chassis::{Caller, Fault};
use proto::{
    Actor,
    intake::{ContactLook, MyLooks},
};

use crate::{
    App,
    domain::may::{PersonAct, Standing, may_to_person},
    store::contacts,
};

/// For herself only, newest first.
pub async fn my_looks(app: &App, caller: &Caller, query: &MyLooks) -> Result<Vec<ContactLook>, Fault> {
    let is_she = matches!(caller.actor, Actor::Seeker { seeker_id } if seeker_id == query.seeker_id);
    let standing = if is_she { Standing::Herself } else { Standing::Stranger };
    may_to_person(standing, PersonAct::ReadLooks)?;
    let mut conn = app.chassis.store.pool().acquire().await?;
    Ok(contacts::looks(&mut conn, query.seeker_id.0).await?)
}
