//! What happens by the clock. Every replica runs it; rows in another's hand are left to it.

use chassis::{Fault, clock};
use chrono::TimeDelta;
use proto::vacancies::CloseReason;

use crate::{Vacancies, domain::opening::Opening, events::publish::announce, store};

/// Openings closed in one transaction, and transactions in one pass.
const CLOSED_AT_ONCE: i64 = 200;
const CLOSING_ROUNDS: usize = 25;
/// Days after which an import, its rows and its report are gone.
const IMPORTS_KEPT_DAYS: i64 = 30;

/// Closes published openings whose last day has passed.
pub async fn close_expired_openings(app: &Vacancies) -> Result<(), Fault> {
    for _ in 0..CLOSING_ROUNDS {
        let mut tx = app.chassis.store.begin().await?;
        let now = tx.now();
        let expired = store::openings::lock_expired(tx.conn(), clock::day(now), CLOSED_AT_ONCE).await?;
        if expired.is_empty() {
            return Ok(());
        }
        let closed: Vec<_> = expired
            .into_iter()
            .map(|mut opening| {
                let effect = opening.close(CloseReason::Expired);
                (opening, effect)
            })
            .collect();
        let rows: Vec<Opening> = closed.iter().map(|(opening, _)| opening.clone()).collect();
        store::openings::save(tx.conn(), &rows, now).await?;
        announce(&mut tx, &closed).await?;
        tx.commit().await?;
    }
    Ok(())
}

/// Deletes imports that are older than anyone asks for; openings stay.
pub async fn forget_old_imports(app: &Vacancies) -> Result<(), Fault> {
    let mut tx = app.chassis.store.begin().await?;
    let before = tx.now() - TimeDelta::days(IMPORTS_KEPT_DAYS);
    store::imports::forget_before(tx.conn(), before, 5).await?;
    tx.commit().await?;
    Ok(())
}
