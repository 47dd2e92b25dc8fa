//! Publishes the head of each queue to which something was added, once an hour (docs/queue-ledger.md).

use chassis::{Fault, Tx};
use chrono::{DateTime, DurationRound as _, TimeDelta, Utc};
use proto::{QueueId, open_hiring::HeadPublished};

use crate::{
    OpenHiring,
    domain::ledger::{Head, hex},
    store::{heads, queues},
};

/// Queues in one pass.
const QUEUES: i64 = 200;

/// The head is of the transaction that publishes it, under the hour that has begun: more than once an hour nothing is told,
/// so nobody reads from it who came when.
pub(crate) async fn publish_heads(app: &OpenHiring) -> Result<(), Fault> {
    loop {
        let mut tx = app.chassis.store.begin().await?;
        let hour = tx
            .now()
            .duration_trunc(TimeDelta::hours(1))
            .map_err(|error| Fault::broken("finding the full hour", error))?;
        let due = heads::due(tx.conn(), hour, QUEUES).await?;
        tx.commit().await?;
        for queue_id in &due {
            let mut tx = app.chassis.store.begin().await?;
            publish_head(app, &mut tx, *queue_id, hour).await?;
            tx.commit().await?;
        }
        if due.len() < QUEUES as usize {
            return Ok(());
        }
    }
}

async fn publish_head(
    app: &OpenHiring,
    tx: &mut Tx,
    queue_id: QueueId,
    hour: DateTime<Utc>,
) -> Result<(), Fault> {
    queues::take_turns(tx.conn(), &[queue_id.0]).await?;
    // Another replica may have been here.
    if heads::is_published(tx.conn(), queue_id, hour).await? {
        return Ok(());
    }
    let Some(stored) = queues::find(tx.conn(), queue_id).await? else { return Ok(()) };
    let secret = app.chassis.keys.signing_key();
    let head = Head::sign(queue_id, stored.entries, stored.head, hour, secret);
    heads::keep_key(tx.conn(), &head.key, secret.verifying_key().as_bytes()).await?;
    let version = heads::add(tx.conn(), &head).await?;
    tx.publish(HeadPublished {
        queue: queue_id,
        version,
        count: head.count,
        head: head.head.hex(),
        hour,
        key: head.key.clone(),
        signature: hex(&head.signature),
    })
    .await?;
    Ok(())
}
