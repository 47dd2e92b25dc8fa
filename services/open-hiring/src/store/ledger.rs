//! The table of the ledger: only ever added to.

use chassis::Fault;
use chrono::{DateTime, Utc};
use proto::{
    AccountId, QueueId, TicketId,
    open_hiring::{TicketEntry, TicketStep, WentWrong},
};
use sqlx::PgConnection;
use uuid::Uuid;

use crate::domain::ledger::{Hash, Kept, Nonce};

/// An entry to add.
pub(crate) struct New {
    pub(crate) queue_id: QueueId,
    pub(crate) n: u64,
    pub(crate) kept: Kept,
    pub(crate) head: Hash,
    pub(crate) at: DateTime<Utc>,
    pub(crate) ticket_id: Option<TicketId>,
    /// What happened, in a word.
    pub(crate) step: &'static str,
    /// The member of staff who did it for her.
    pub(crate) account_id: Option<AccountId>,
}

/// Adds entries.
pub(crate) async fn add(conn: &mut PgConnection, entries: &[New]) -> Result<(), sqlx::Error> {
    fn column<T>(entries: &[New], of: impl Fn(&New) -> T) -> Vec<T> {
        entries.iter().map(of).collect()
    }
    if entries.is_empty() {
        return Ok(());
    }
    let nonce = |new: &New| new.kept.content.as_ref().map(|(nonce, _)| nonce.0.to_vec());
    let text = |new: &New| new.kept.content.as_ref().map(|(_, text)| text.clone());
    sqlx::query(
        "insert into ledger (queue_id, n, commitment, head, nonce, entry, at, ticket_id, step, account_id)
         select * from unnest($1::uuid[], $2::bigint[], $3::bytea[], $4::bytea[], $5::bytea[], $6::text[],
                              $7::timestamptz[], $8::uuid[], $9::text[], $10::uuid[])",
    )
    .bind(column(entries, |new| new.queue_id.0))
    .bind(column(entries, |new| new.n as i64))
    .bind(column(entries, |new| new.kept.commitment.0.to_vec()))
    .bind(column(entries, |new| new.head.0.to_vec()))
    .bind(column(entries, nonce))
    .bind(column(entries, text))
    .bind(column(entries, |new| new.at))
    .bind(column(entries, |new| new.ticket_id.map(|ticket| ticket.0)))
    .bind(column(entries, |new| new.step.to_owned()))
    .bind(column(entries, |new| new.account_id.map(|account| account.0)))
    .execute(conn)
    .await?;
    Ok(())
}

/// Takes content and nonce of everything about a ticket; the commitments stay.
pub(crate) async fn erase(conn: &mut PgConnection, ticket_id: TicketId) -> Result<(), sqlx::Error> {
    sqlx::query(
        "update ledger set entry = null, nonce = null, ticket_id = null, account_id = null, step = 'erased'
         where ticket_id = $1",
    )
    .bind(ticket_id.0)
    .execute(conn)
    .await?;
    Ok(())
}

/// What happened to a ticket.
pub(crate) async fn of_ticket(
    conn: &mut PgConnection,
    ticket_id: TicketId,
) -> Result<Vec<TicketEntry>, sqlx::Error> {
    let rows: Vec<(i64, DateTime<Utc>, String, Option<String>)> = sqlx::query_as(
        "select n, at, step, case when step = 'set_right' then entry::jsonb ->> 'reason' end
         from ledger where ticket_id = $1 order by n",
    )
    .bind(ticket_id.0)
    .fetch_all(conn)
    .await?;
    let read = |(n, at, step, reason): (i64, _, String, Option<String>)| {
        let went_wrong = reason.and_then(|reason| WentWrong::from_name(&reason));
        Some(TicketEntry { n: n as u64, at, step: TicketStep::from_name(&step)?, went_wrong })
    };
    Ok(rows.into_iter().filter_map(read).collect())
}

/// An entry as it is kept, with its number.
pub(crate) struct Entry {
    pub(crate) n: u64,
    pub(crate) kept: Kept,
}

type Row = (i64, Vec<u8>, Option<Vec<u8>>, Option<String>);

fn read((n, commitment, nonce, entry): Row) -> Result<Entry, Fault> {
    let bytes = |bytes: Vec<u8>| {
        bytes.try_into().map_err(|_| Fault::broken("reading an entry of a ledger", "not 32 bytes"))
    };
    let content = match (nonce, entry) {
        (Some(nonce), Some(entry)) => Some((Nonce(bytes(nonce)?), entry)),
        _ => None,
    };
    Ok(Entry { n: n as u64, kept: Kept { commitment: Hash(bytes(commitment)?), content } })
}

/// Entries after one, up to and with another, in order.
pub(crate) async fn page(
    conn: &mut PgConnection,
    queue_id: QueueId,
    after: u64,
    up_to: u64,
    limit: i64,
) -> Result<Vec<Entry>, Fault> {
    let rows: Vec<Row> = sqlx::query_as(
        "select n, commitment, nonce, entry from ledger where queue_id = $1 and n > $2 and n <= $3 order by n limit $4",
    )
    .bind(queue_id.0)
    .bind(after as i64)
    .bind(i64::try_from(up_to).unwrap_or(i64::MAX))
    .bind(limit)
    .fetch_all(conn)
    .await?;
    rows.into_iter().map(read).collect()
}

/// An entry with what is kept beside it: who did it, and the number of its ticket.
pub(crate) struct Audited {
    pub(crate) entry: Entry,
    pub(crate) account_id: Option<AccountId>,
    pub(crate) number: Option<u32>,
}

type AuditRow = (i64, Vec<u8>, Option<Vec<u8>>, Option<String>, Option<Uuid>, Option<i32>);

/// Entries after one, in order, for auditors.
pub(crate) async fn audit(
    conn: &mut PgConnection,
    queue_id: QueueId,
    after: u64,
    limit: i64,
) -> Result<Vec<Audited>, Fault> {
    let rows: Vec<AuditRow> = sqlx::query_as(
        "select n, commitment, nonce, entry, account_id, tickets.number
         from ledger left join tickets on tickets.ticket_id = ledger.ticket_id
         where ledger.queue_id = $1 and n > $2 order by n limit $3",
    )
    .bind(queue_id.0)
    .bind(i64::try_from(after).unwrap_or(i64::MAX))
    .bind(limit)
    .fetch_all(conn)
    .await?;
    let audited = |(n, commitment, nonce, entry, account, number): AuditRow| {
        Ok(Audited {
            entry: read((n, commitment, nonce, entry))?,
            account_id: account.map(AccountId),
            number: number.map(|number| number as u32),
        })
    };
    rows.into_iter().map(audited).collect::<Result<_, _>>()
}

/// The head after an entry.
pub(crate) async fn head_after(
    conn: &mut PgConnection,
    queue_id: QueueId,
    n: u64,
) -> Result<Option<Hash>, Fault> {
    if n == 0 {
        return Ok(Some(Hash::genesis(queue_id)));
    }
    let head: Option<Vec<u8>> = sqlx::query_scalar("select head from ledger where queue_id = $1 and n = $2")
        .bind(queue_id.0)
        .bind(n as i64)
        .fetch_optional(conn)
        .await?;
    head.map(|head| head.try_into().map(Hash))
        .transpose()
        .map_err(|_| Fault::broken("reading a head", "not 32 bytes"))
}
