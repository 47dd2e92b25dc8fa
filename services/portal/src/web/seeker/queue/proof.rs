//! How everyone can check a line: its rule, how it stands, and what was published about it (docs/queue-ledger.md).

use std::collections::BTreeMap;

use axum::{extract::Path, response::Response};
use chassis::clock;
use chrono::{DateTime, SecondsFormat, Utc};
use proto::{
    OpeningId, Problem, Role,
    open_hiring::{HeadKey, HeadPublished, HeadsOf, HeadsPage, PlaceView},
};
use serde::Serialize;

use super::{hers, part_of, per_week, ticket::file, ticket::opening_of, ticket_href, work_of};
use crate::{
    pages::{
        failures::Happened,
        queue::{LastHead, PlacesRow, ProofPage},
    },
    web::{
        stop::Stop,
        visit::{Visit, page},
    },
};

/// Heads that are asked for at a time.
const AT_A_TIME: u16 = 500;
/// The most heads in a file: one an hour for more than eleven years.
const MOST: usize = 100_000;

fn opening_id(id: &str) -> Result<OpeningId, Stop> {
    id.parse().map_err(|_| Happened::NotFound.into())
}

/// `/rij/{id}`
pub(super) async fn page_of(visit: Visit, Path(id): Path<String>) -> Result<Response, Stop> {
    let opening_id = opening_id(&id)?;
    let (queue, opening, head, hers) = tokio::join!(
        visit.app.arrivals.look(opening_id),
        opening_of(&visit, opening_id),
        ask(&visit, opening_id, None, 1),
        hers(&visit, opening_id)
    );
    let queue = queue?.ok_or(Happened::NotFound)?;
    let head = head?.heads.into_iter().next();
    let audits = visit.staff().is_ok_and(|staff| staff.roles.contains(&Role::Administrator));
    page(&ProofPage {
        l: visit.layout(),
        audits,
        work: opening.as_ref().map(work_of),
        per_week: per_week(&queue),
        places: rows(&queue.places),
        head: head.map(|head| LastHead { at: clock::local(head.hour), count: head.count, head: head.head }),
        queue: part_of(&visit, &queue, hers.map(ticket_href)),
    })
}

async fn ask(
    visit: &Visit,
    opening_id: OpeningId,
    before: Option<DateTime<Utc>>,
    limit: u16,
) -> Result<HeadsPage, Problem> {
    visit.ask(&HeadsOf { opening_id, before, limit }).await
}

/// Places with one first day that stand the same, drawn together.
fn rows(places: &[PlaceView]) -> Vec<PlacesRow> {
    let mut counted: BTreeMap<_, u32> = BTreeMap::new();
    for place in places {
        *counted.entry((place.first_day, place.state, place.too_soon, place.withdrawn_for)).or_default() += 1;
    }
    let row = |((on, state, too_soon, withdrawn_for), count)| PlacesRow {
        on,
        state,
        too_soon,
        withdrawn_for,
        count,
    };
    counted.into_iter().map(row).collect()
}

/// A line of `heads.jsonl`.
#[derive(Serialize)]
struct HeadLine<'a> {
    queue: uuid::Uuid,
    count: u64,
    head: &'a str,
    hour: String,
    key: &'a str,
    signature: &'a str,
}

impl<'a> HeadLine<'a> {
    fn of(head: &'a HeadPublished) -> Self {
        Self {
            queue: head.queue.0,
            count: head.count,
            head: &head.head,
            hour: head.hour.to_rfc3339_opts(SecondsFormat::Secs, true),
            key: &head.key,
            signature: &head.signature,
        }
    }
}

/// JSON Lines.
fn lines<T: Serialize>(items: impl Iterator<Item = T>) -> String {
    items.map(|item| serde_json::to_string(&item).expect("a line is plain JSON") + "\n").collect()
}

/// `/rij/{id}/koppen.jsonl`: every published head, the first first.
pub(super) async fn heads(visit: Visit, Path(id): Path<String>) -> Result<Response, Stop> {
    let opening_id = opening_id(&id)?;
    let mut heads: Vec<HeadPublished> = Vec::new();
    while heads.len() < MOST {
        let before = heads.last().map(|head| head.hour);
        let mut some = ask(&visit, opening_id, before, AT_A_TIME).await?.heads;
        let is_last = some.len() < AT_A_TIME.into();
        heads.append(&mut some);
        if is_last {
            break;
        }
    }
    let text = lines(heads.iter().rev().map(HeadLine::of));
    Ok(file(text, "application/jsonl", "attachment; filename=\"heads.jsonl\""))
}

/// `/rij/{id}/sleutels.jsonl`: the keys under which heads were signed.
pub(super) async fn keys(visit: Visit, Path(id): Path<String>) -> Result<Response, Stop> {
    let keys: Vec<HeadKey> = ask(&visit, opening_id(&id)?, None, 1).await?.keys;
    Ok(file(lines(keys.iter()), "application/jsonl", "attachment; filename=\"keys.jsonl\""))
}

#[cfg(test)]
mod tests {
    use proto::open_hiring::{ChangeReason, PlaceState};

    use super::{super::examples::queue, *};

    #[test]
    fn a_head_is_written_as_the_ledger_describes() {
        let head = HeadPublished {
            queue: queue().queue_id,
            version: 4,
            count: 37,
            head: "ab".repeat(32),
            hour: "2026-12-07T10:00:00Z".parse().unwrap(),
            key: "0123456789abcdef".to_owned(),
            signature: "cd".repeat(64),
        };
        let expected = format!(
            "{{\"queue\":\"00000000-0000-0000-0000-000000000007\",\"count\":37,\"head\":\"{}\",\
             \"hour\":\"2026-12-07T10:00:00Z\",\"key\":\"0123456789abcdef\",\"signature\":\"{}\"}}\n",
            head.head, head.signature
        );
        assert_eq!(lines([&head].into_iter().map(HeadLine::of)), expected);
    }

    #[test]
    fn a_key_is_written_as_the_ledger_describes() {
        let key = HeadKey { key: "0123456789abcdef".to_owned(), ed25519: "ef".repeat(32) };
        let expected = format!("{{\"key\":\"0123456789abcdef\",\"ed25519\":\"{}\"}}\n", "ef".repeat(32));
        assert_eq!(lines([key].iter()), expected);
    }

    #[test]
    fn places_that_stand_the_same_are_one_row_and_a_reason_is_told() {
        let mut places = queue().places;
        places.push(places[0]);
        let rows = rows(&places);
        let counts: Vec<_> = rows.iter().map(|row| (row.state, row.withdrawn_for, row.count)).collect();
        assert_eq!(
            counts,
            [
                (PlaceState::Free, None, 2),
                (PlaceState::Taken, None, 1),
                (PlaceState::Withdrawn, Some(ChangeReason::LessWork), 1),
            ]
        );
    }
}
