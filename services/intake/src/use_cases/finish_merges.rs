//! Erases records that joined another one 30 days ago, for good: their ids were on the bus.

use chassis::Fault;

use super::erase_seeker;
use crate::{
    App,
    domain::duplicate::UNDO_WITHIN,
    store::{duplicates, seekers},
};

/// Records in one transaction.
const AT_ONCE: i64 = 50;

/// Goes on until nothing is left that is final. The person gets no message: she is still there.
pub async fn finish_merges(app: &App) -> Result<(), Fault> {
    loop {
        let mut tx = app.chassis.store.begin().await?;
        let before = tx.now() - UNDO_WITHIN;
        let due = duplicates::take_final(tx.conn(), before, AT_ONCE).await?;
        for duplicate in &due {
            if let Some(other) = seekers::lock(tx.conn(), duplicate.other_id).await? {
                erase_seeker(app, &mut tx, &other).await?;
            }
        }
        tx.commit().await?;
        if due.len() < AT_ONCE as usize {
            return Ok(());
        }
    }
}
