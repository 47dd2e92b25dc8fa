//! Lines of Open Hiring afterwards: what people were told is in the tables, and the ledgers prove that it was just.

use std::collections::HashMap;

use chrono::{DateTime, Utc};
use open_hiring::verify::{HeadLine, verify};
use proto::{QueueId, open_hiring::HeadPublished};
use serde::de::DeserializeOwned;
use serde_json::json;
use sqlx::PgPool;
use uuid::Uuid;

use super::{check::Report, history::InLine};

/// Everybody who was told that she stands in line does so once, at that number, unless she is erased; every ledger is a chain in
/// which nobody was passed over; no place has two people.
pub async fn lines(report: &mut Report, pool: &PgPool, promised: &[InLine]) {
    report.add("places in line promised", promised.len() as u64);
    let rows: Vec<(Uuid, Uuid, Uuid, i32)> =
        sqlx::query_as("select ticket_id, queue_id, seeker_id, number from open_hiring.tickets")
            .fetch_all(pool)
            .await
            .expect("PostgreSQL answers");
    let there: HashMap<Uuid, _> = rows.into_iter().map(|row| (row.0, row)).collect();
    let erased: Vec<Uuid> = sqlx::query_scalar("select aggregate_id from open_hiring.erased_aggregates")
        .fetch_all(pool)
        .await
        .expect("PostgreSQL answers");
    for one in promised {
        let wanted = (one.ticket_id.0, one.opening_id.0, one.seeker_id.0, one.number as i32);
        let found = there.get(&one.ticket_id.0);
        if found != Some(&wanted) && !erased.contains(&one.ticket_id.0) {
            report.wrong.push(format!("{one:?} was promised, and the table has {found:?}"));
        }
    }
    for (what, wrong) in [
        (
            "lines with numbers left out or given twice",
            "select count(*) from open_hiring.queues where last_number <>
                 (select count(*) from open_hiring.tickets where tickets.queue_id = queues.queue_id)
               + (select count(distinct entry) from open_hiring.ledger
                  where ledger.queue_id = queues.queue_id and step = 'erased')
               and not exists (select 1 from open_hiring.ledger
                               where ledger.queue_id = queues.queue_id and step = 'erased')",
        ),
        (
            "places whose state is not that of their ticket",
            "select count(*) from open_hiring.places left join open_hiring.tickets using (place_id)
             where places.state <> case tickets.state when 'offered' then 'offered' when 'yes' then 'taken'
                                       when 'started' then 'started'
                                       else case when places.leaves then 'withdrawn' else 'free' end end",
        ),
        (
            "blocks of a line that are counted wrongly",
            "select count(*) from open_hiring.line_blocks where waiting <>
                 (select count(*) from open_hiring.tickets where tickets.queue_id = line_blocks.queue_id
                  and state = 'waiting' and number / 1000 = block)",
        ),
        (
            "free places that somebody waits for",
            "select count(*) from open_hiring.places join open_hiring.queues using (queue_id)
             where places.state = 'free' and stage = 'running' and exists (
                 select 1 from open_hiring.tickets where tickets.queue_id = places.queue_id
                 and tickets.state = 'waiting' and is_confirmed and no_offer_before is null
                 and not first_day = any(refused_days))",
        ),
    ] {
        let count: i64 = sqlx::query_scalar(wrong).fetch_one(pool).await.expect("PostgreSQL answers");
        if count > 0 {
            report.wrong.push(format!("{count} {what}"));
        }
    }
    let restored = "select queue_id from open_hiring.ledger where entry like '%\"reason\":\"restored\"%'";
    let restored: Vec<Uuid> = sqlx::query_scalar(restored).fetch_all(pool).await.expect("PostgreSQL answers");
    for (queue_id, wrong) in unproven(pool).await {
        // What was entered after the backup is lost with its nonces: a verifier says so, and nobody hides it.
        if !restored.contains(&queue_id) {
            report.wrong.push(format!("the ledger of {queue_id}: {wrong}"));
        }
    }
}

/// What a verifier finds wrong with the ledgers, by queue.
pub async fn unproven(pool: &PgPool) -> Vec<(Uuid, String)> {
    let queues: Vec<Uuid> = sqlx::query_scalar("select queue_id from open_hiring.queues")
        .fetch_all(pool)
        .await
        .expect("PostgreSQL answers");
    let keys: Vec<(String, String)> =
        sqlx::query_as("select key, encode(ed25519, 'hex') from open_hiring.head_keys")
            .fetch_all(pool)
            .await
            .expect("PostgreSQL answers");
    let keys: Vec<String> =
        keys.iter().map(|(key, ed25519)| json!({ "key": key, "ed25519": ed25519 }).to_string()).collect();
    let mut wrong = Vec::new();
    for queue_id in queues {
        let heads: Vec<(i64, String, DateTime<Utc>, String, String)> = sqlx::query_as(
            "select count, encode(head, 'hex'), hour, key, encode(signature, 'hex')
             from open_hiring.heads where queue_id = $1 order by hour",
        )
        .bind(queue_id)
        .fetch_all(pool)
        .await
        .expect("PostgreSQL answers");
        let line = |(count, head, hour, key, signature)| {
            let count = u64::try_from(count).expect("a count");
            let queue = QueueId(queue_id);
            HeadLine::told(&HeadPublished { queue, version: 0, count, head, hour, key, signature })
        };
        let heads: Vec<HeadLine> = heads.into_iter().map(line).collect();
        let entries: Vec<(i64, String, Option<String>, Option<String>)> = sqlx::query_as(
            "select n, encode(commitment, 'hex'), encode(nonce, 'hex'), entry
             from open_hiring.ledger where queue_id = $1 order by n",
        )
        .bind(queue_id)
        .fetch_all(pool)
        .await
        .expect("PostgreSQL answers");
        let mut lines = vec![json!({ "ledger": "dichterbij queue v1", "queue": queue_id }).to_string()];
        lines.extend(entries.iter().map(|(n, commitment, nonce, entry)| match (nonce, entry) {
            (Some(nonce), Some(entry)) => json!({ "n": n, "nonce": nonce, "entry": entry }).to_string(),
            _ => json!({ "n": n, "commitment": commitment }).to_string(),
        }));
        let verdict = verify(&read(&keys), &heads, &read(&lines));
        wrong.extend(verdict.wrong.into_iter().map(|sentence| (queue_id, sentence)));
    }
    wrong
}

fn read<T: DeserializeOwned>(lines: &[String]) -> Vec<T> {
    lines.iter().map(|line| serde_json::from_str(line).expect("a line as the page says")).collect()
}
