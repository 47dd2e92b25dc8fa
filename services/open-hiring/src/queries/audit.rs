//! The entries of a ledger, for auditors: as its file has them, and what they tell.

use chassis::{Caller, Fault};
use proto::{
    QueueId,
    open_hiring::{ChangeReason, LedgerEntry, LedgerOf, LedgerPage, LedgerTold, LedgerWhat},
};
use serde_json::json;

use crate::{
    OpenHiring,
    domain::{Entry, Place, What},
    events::publish,
    may,
    store::{
        ledger::{self, Audited},
        places,
    },
};

/// Entries in one answer.
const ENTRIES: u16 = 500;

/// Part of a ledger.
pub(crate) async fn ledger_page(
    app: &OpenHiring,
    caller: &Caller,
    asked: &LedgerOf,
) -> Result<LedgerPage, Fault> {
    may::audit(&caller.actor)?;
    let mut conn = app.chassis.store.pool().acquire().await?;
    let queue_id = QueueId::of(asked.opening_id);
    let limit = asked.limit.clamp(1, ENTRIES);
    let read = ledger::audit(&mut conn, queue_id, asked.after, limit.into()).await?;
    let next = (read.len() == usize::from(limit)).then(|| read.last().map(|last| last.entry.n)).flatten();
    let places = places::of_queues(&mut conn, &[queue_id.0]).await?.remove(&queue_id.0).unwrap_or_default();
    let entries = read.into_iter().map(|audited| entry(audited, &places)).collect::<Result<_, _>>()?;
    Ok(LedgerPage { entries, next })
}

fn entry(audited: Audited, places: &[Place]) -> Result<LedgerEntry, Fault> {
    let n = audited.entry.n;
    let Some((nonce, text)) = &audited.entry.kept.content else {
        let commitment = audited.entry.kept.commitment.hex();
        return Ok(LedgerEntry {
            n,
            line: json!({ "n": n, "commitment": commitment }).to_string(),
            told: None,
        });
    };
    Ok(LedgerEntry {
        n,
        line: json!({ "n": n, "nonce": nonce.hex(), "entry": text }).to_string(),
        told: told(&audited, text, places)?,
    })
}

fn told(audited: &Audited, text: &str, places: &[Place]) -> Result<Option<LedgerTold>, Fault> {
    let Entry { at, what } = serde_json::from_str(text)
        .map_err(|error| Fault::broken("reading an entry of a ledger", error.to_string()))?;
    let about_queue = publish::queue_step(&what).map(|step| LedgerWhat::Queue { step });
    let about_ticket = publish::step(&what).map(|step| LedgerWhat::Ticket { step, number: audited.number });
    let first_day = what.place().and_then(|place_id| places.iter().find(|place| place.place_id == place_id));
    Ok(about_queue.or(about_ticket).map(|named| LedgerTold {
        at,
        what: named,
        first_day: first_day.map(|place| place.first_day),
        reason: reason(&what),
        went_wrong: match what {
            What::SetRight { reason, .. } => Some(reason),
            _ => None,
        },
        by: audited.account_id,
    }))
}

fn reason(what: &What) -> Option<ChangeReason> {
    match what {
        What::PlaceWithdrawn { reason, .. }
        | What::OffersStopped { reason }
        | What::QueueClosed { reason } => ChangeReason::from_name(reason),
        _ => None,
    }
}
