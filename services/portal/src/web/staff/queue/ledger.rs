//! The ledger of a line, for auditors (docs/queue-ledger.md): entry by entry, and as the file that both verifiers read.

use std::collections::BTreeMap;

use axum::{
    body::Body,
    extract::{Path, RawQuery},
    http::{HeaderValue, header},
    response::{IntoResponse as _, Response},
};
use chassis::clock;
use futures::stream;
use proto::{
    AccountId, OpeningId, Problem, QueueId,
    open_hiring::{LedgerEntry, LedgerOf, LedgerPage, LedgerTold},
    vacancies::Opening,
};
use serde_json::json;

use super::{href, job, queue_of};
use crate::{
    pages::ledger::{By, Ledger, LedgerRow, Told},
    web::{
        staff::{accounts, query, stop},
        stop::Stop,
        visit::{Visit, page},
    },
};

/// Entries on one page.
const PER_PAGE: u16 = 50;
/// Entries that are asked for at a time for the file.
const AT_A_TIME: u16 = 500;

fn opening_id(id: &str) -> Result<OpeningId, Stop> {
    id.parse().map_err(|_| stop(Problem::not_found("opening")))
}

/// `/rij/{opening}/boek`; `?na=` shows the entries after a number.
pub(super) async fn show(visit: Visit, Path(id): Path<String>, address: RawQuery) -> Result<Response, Stop> {
    let opening_id = opening_id(&id)?;
    queue_of(&visit, opening_id).await?;
    let opening = visit.ask(&Opening { opening_id }).await.map_err(stop)?;
    let after = query(address).get("na").parse().unwrap_or(0);
    let part = visit.ask(&LedgerOf { opening_id, after, limit: PER_PAGE }).await.map_err(stop)?;
    let names = names(&visit, &part.entries).await;
    page(&Ledger {
        l: visit.layout(),
        job: job(&opening),
        rows: part.entries.iter().map(|entry| row(entry, &names)).collect(),
        is_later_part: after > 0,
        next: part.next.map(|n| format!("{}/boek?na={n}", href(opening_id))),
    })
}

/// Whose accounts these are; an account that is gone has no name.
async fn names(visit: &Visit, entries: &[LedgerEntry]) -> BTreeMap<AccountId, String> {
    let mut names = BTreeMap::new();
    for account_id in entries.iter().filter_map(|entry| entry.told.as_ref()?.by) {
        if !names.contains_key(&account_id)
            && let Ok(account) = accounts::find(visit, &account_id.to_string()).await
            && let Ok(personal) = account.personal(visit)
        {
            names.insert(account_id, personal.name);
        }
    }
    names
}

fn row(entry: &LedgerEntry, names: &BTreeMap<AccountId, String>) -> LedgerRow {
    let told = |told: &LedgerTold| Told {
        at: clock::local(told.at),
        what: told.what,
        first_day: told.first_day,
        reason: told.reason,
        went_wrong: told.went_wrong,
        by: told.by.map_or(By::without_account(told.what), |account_id| {
            By::Account(accounts::href(&account_id.to_string()), names.get(&account_id).cloned())
        }),
    };
    LedgerRow { n: entry.n, told: entry.told.as_ref().map(told) }
}

/// `/rij/{opening}/boek/ledger.jsonl`: every entry, with what proves it.
pub(super) async fn file(visit: Visit, Path(id): Path<String>) -> Result<Response, Stop> {
    let opening_id = opening_id(&id)?;
    queue_of(&visit, opening_id).await?;
    let first = visit.ask(&LedgerOf { opening_id, after: 0, limit: AT_A_TIME }).await.map_err(stop)?;
    // After a rush it is long: it passes through in parts.
    let parts = stream::try_unfold((beginning(opening_id), Some(first)), move |(mut text, part)| {
        let visit = visit.clone();
        async move {
            let Some(LedgerPage { entries, next }) = part else { return Ok(None) };
            for entry in entries {
                text.push_str(&entry.line);
                text.push('\n');
            }
            let rest = match next {
                None => None,
                Some(after) => Some(visit.ask(&LedgerOf { opening_id, after, limit: AT_A_TIME }).await?),
            };
            Ok::<_, Problem>(Some((text, (String::new(), rest))))
        }
    });
    let mut response = Body::from_stream(parts).into_response();
    let headers = response.headers_mut();
    headers.insert(header::CONTENT_TYPE, HeaderValue::from_static("application/jsonl"));
    let name = HeaderValue::from_static("attachment; filename=\"ledger.jsonl\"");
    headers.insert(header::CONTENT_DISPOSITION, name);
    Ok(response)
}

/// The first line: whose ledger it is.
fn beginning(opening_id: OpeningId) -> String {
    let queue = QueueId::of(opening_id).0.hyphenated().to_string();
    json!({ "ledger": "dichterbij queue v1", "queue": queue }).to_string() + "\n"
}

#[cfg(test)]
mod tests {
    use proto::open_hiring::{LedgerWhat, TicketStep};
    use uuid::Uuid;

    use super::*;

    fn entry(step: TicketStep, by: Option<AccountId>) -> LedgerEntry {
        let told = LedgerTold {
            at: "2026-12-07T09:00:00Z".parse().unwrap(),
            what: LedgerWhat::Ticket { step, number: Some(3) },
            first_day: None,
            reason: None,
            went_wrong: None,
            by,
        };
        LedgerEntry { n: 7, line: "{}".to_owned(), told: Some(told) }
    }

    #[test]
    fn whose_deed_it_was_is_told_and_nobody_offers_a_place() {
        let (known, gone) = (AccountId(Uuid::from_u128(1)), AccountId(Uuid::from_u128(2)));
        let names = BTreeMap::from([(known, "Noor Visser".to_owned())]);
        let by = |step, account| row(&entry(step, account), &names).told.unwrap().by;
        let href = |account: AccountId| format!("/beheer/accounts/{account}");
        let named = By::Account(href(known), Some("Noor Visser".to_owned()));
        assert_eq!(by(TicketStep::SaidYes, Some(known)), named);
        assert_eq!(by(TicketStep::SaidYes, Some(gone)), By::Account(href(gone), None));
        assert_eq!(by(TicketStep::SaidYes, None), By::Herself);
        assert_eq!(by(TicketStep::Offered, None), By::Rule);
        assert_eq!(by(TicketStep::NoAnswer, None), By::Rule);
    }

    #[test]
    fn the_file_begins_as_the_ledger_page_says() {
        let expected =
            "{\"ledger\":\"dichterbij queue v1\",\"queue\":\"00000000-0000-0000-0000-000000000007\"}\n";
        assert_eq!(beginning(OpeningId(Uuid::from_u128(7))), expected);
    }
}
