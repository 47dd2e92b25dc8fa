//! How far erasures are.

use std::collections::BTreeMap;

use chassis::{Caller, Fault};
use proto::{
    SeekerId, Service,
    intake::{Erasure, Erasures},
};

use crate::{
    App,
    domain::{
        erasure::is_overdue,
        may::{Act, may},
    },
    store::erasures as ledger,
};

/// Most rows in one answer.
const MOST_ROWS: u16 = 200;

/// The ledger, newest first: numbers that are nobody's, and who confirmed.
pub async fn erasures(app: &App, caller: &Caller, query: &Erasures) -> Result<Vec<Erasure>, Fault> {
    may(&caller.actor, Act::SeeErasures, app.chassis.config.profile)?;
    let mut tx = app.chassis.store.begin().await?;
    let now = tx.now();
    let rows = ledger::list(tx.conn(), query.only_open, query.limit.min(MOST_ROWS).into()).await?;
    let ids: Vec<_> = rows.iter().map(|row| row.seeker_id).collect();
    let mut confirmations = ledger::confirmations_of(tx.conn(), &ids).await?;
    Ok(rows
        .into_iter()
        .map(|row| {
            let confirmed: BTreeMap<_, _> = confirmations
                .remove(&row.seeker_id)
                .into_iter()
                .flatten()
                .filter_map(|(service, at)| Some((Service::from_name(&service)?, at)))
                .collect();
            Erasure {
                seeker_id: SeekerId(row.seeker_id),
                at: row.at,
                confirmed,
                streams_clean_at: row.streams_clean_at,
                overdue: is_overdue(row.at, row.completed_at.is_some(), now),
            }
        })
        .collect())
}
