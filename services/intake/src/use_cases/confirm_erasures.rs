//! Writes down which services deleted what they kept about people who are erased.

use chassis::{Fault, Tx};
use proto::Service;
use uuid::Uuid;

use crate::{domain::erasure::confirmers, store::erasures};

/// The first confirmation of each service counts.
pub async fn confirm_erasures(tx: &mut Tx, confirmations: &[(Uuid, Service)]) -> Result<(), Fault> {
    if confirmations.is_empty() {
        return Ok(());
    }
    let now = tx.now();
    let ids: Vec<Uuid> = confirmations.iter().map(|(id, _)| *id).collect();
    erasures::lock(tx.conn(), &ids).await?;
    let named: Vec<_> = confirmations.iter().map(|(id, service)| (*id, service.name())).collect();
    let unknown = erasures::confirm(tx.conn(), &named, now).await?;
    if unknown > 0 {
        tracing::warn!(unknown, "confirmations for nobody in the ledger: was a backup put back?");
    }
    let services: Vec<_> = confirmers().into_iter().map(Service::name).collect();
    erasures::complete(tx.conn(), &ids, &services, now).await?;
    Ok(())
}
