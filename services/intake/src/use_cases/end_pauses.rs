//! Lets people take part again on the morning of the day that they named.

use chassis::Fault;

use super::of_person::republish;
use crate::{App, domain::availability::pauses_ended, store::availability};

/// People in one transaction.
const AT_ONCE: i64 = 100;

/// Goes on until no pause is left that is over. Silence counts from now.
pub async fn end_pauses(app: &App) -> Result<(), Fault> {
    loop {
        let mut tx = app.chassis.store.begin().await?;
        let now = tx.now();
        let due = availability::take_ended_pauses(tx.conn(), pauses_ended(now), AT_ONCE).await?;
        for seeker_id in &due {
            availability::resume(tx.conn(), *seeker_id, Some(now)).await?;
            republish(app, &mut tx, *seeker_id).await?;
        }
        tx.commit().await?;
        if due.len() < AT_ONCE as usize {
            return Ok(());
        }
    }
}
