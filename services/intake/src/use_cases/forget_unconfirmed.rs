//! Deletes registrations and arrivals that nobody confirmed within 48 hours, codes and ended messages of that age, and
//! codes of letters that are over.

use chassis::Fault;

use crate::{
    App,
    domain::challenge::REGISTRATION_LIFE,
    store::{arrivals, challenges, letter_codes, registrations},
};

/// Rows in one transaction.
const AT_ONCE: i64 = 1_000;

/// Goes on until nothing that old is left.
pub async fn forget_unconfirmed(app: &App) -> Result<(), Fault> {
    loop {
        let mut tx = app.chassis.store.begin().await?;
        let before = tx.now() - REGISTRATION_LIFE;
        let forgotten = registrations::forget(tx.conn(), before, AT_ONCE).await?
            + arrivals::forget(tx.conn(), before, AT_ONCE).await?
            + challenges::forget(tx.conn(), before, AT_ONCE).await?
            + challenges::forget_messages(tx.conn(), before, AT_ONCE).await?;
        letter_codes::forget(tx.conn(), before).await?;
        tx.commit().await?;
        if forgotten < AT_ONCE as u64 {
            return Ok(());
        }
    }
}
