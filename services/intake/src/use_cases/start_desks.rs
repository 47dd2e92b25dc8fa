//! Puts the desks of the reference tables into the maintained table, where a region has none yet.

use chassis::Fault;
use proto::{
    DeskId,
    intake::{Desk, DeskKind},
};

use crate::{App, store::desks};

/// At the start of the service. What people maintain is left as it is.
pub(crate) async fn start_desks(app: &App) -> Result<(), Fault> {
    let mut tx = app.chassis.store.begin_at_start().await?;
    let chance = tx.chance();
    let regions = app.reference.regions.all();
    let start: Vec<_> = regions
        .iter()
        .flat_map(|region| app.reference.desks(region.code))
        .map(|desk| Desk {
            desk_id: DeskId(chance.uuid_v4()),
            kind: match desk.kind {
                reference::DeskKind::Wsp => DeskKind::Wsp,
                reference::DeskKind::Rmt => DeskKind::Rmt,
                reference::DeskKind::Lwl => DeskKind::LearnWork,
            },
            region: desk.region.to_string(),
            name: desk.name.clone(),
            town: desk.town.clone(),
            phone: desk.telephone.clone().unwrap_or_default(),
            email: String::new(),
            website: desk.website.clone().unwrap_or_default(),
            checked_at: None,
        })
        .collect();
    let added = desks::add_missing(tx.conn(), &start).await?;
    tx.commit().await?;
    if added > 0 {
        tracing::info!(count = added, "desks start with the reference table");
    }
    Ok(())
}
