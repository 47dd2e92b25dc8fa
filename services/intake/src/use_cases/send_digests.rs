//! Sends the weekly digest: how many new openings fit, and nothing else.

use chassis::{Fault, fault::Chain};
use chrono::TimeDelta;
use futures::future::join_all;
use proto::{Problem, SeekerId, matcher::NewProposals, notifier::NoticeContent, work::Channel};
use uuid::Uuid;

use super::tell::tell;
use crate::{
    App,
    domain::availability::digest_week,
    store::{
        availability::{self, DueDigest},
        seekers,
    },
};

/// People in one pass.
const AT_ONCE: i64 = 32;
/// How long a claim holds: longer than a query may take.
const CLAIM: TimeDelta = TimeDelta::seconds(60);
/// How long a digest may wait for a carrier.
const DIGEST_LIFE: TimeDelta = TimeDelta::days(2);

/// On Tuesdays. Claims people in one transaction, asks the matcher without any, and writes that the week
/// is done together with the message: whoever dies in between, nobody gets two in one week.
pub async fn send_digests(app: &App) -> Result<(), Fault> {
    loop {
        let mut tx = app.chassis.store.begin().await?;
        let now = tx.now();
        let Some(week) = digest_week(now) else { return Ok(()) };
        let due = availability::claim_digests(tx.conn(), week, now, now + CLAIM, AT_ONCE).await?;
        tx.commit().await?;
        if due.is_empty() {
            return Ok(());
        }
        let counts = join_all(due.iter().map(|digest| count(app, digest, week))).await;
        let mut told = 0;
        let mut tx = app.chassis.store.begin().await?;
        for (digest, count) in due.iter().zip(counts) {
            match count {
                Ok(openings) => {
                    finish(app, &mut tx, digest.seeker_id, week, openings).await?;
                    told += 1;
                }
                // The claim runs out, and she comes round again.
                Err(problem) => tracing::warn!(error = %Chain(&problem), "a digest waits for the matcher"),
            }
        }
        tx.commit().await?;
        if told == 0 {
            return Ok(());
        }
    }
}

async fn count(app: &App, digest: &DueDigest, week: i32) -> Result<u32, Problem> {
    let query = NewProposals { seeker_id: SeekerId(digest.seeker_id), since: digest.since };
    let key = app
        .vault()
        .keyed_hash(&[b"digest".as_slice(), digest.seeker_id.as_bytes(), &week.to_be_bytes()].concat());
    let key = Uuid::from_slice(&key[..16]).expect("sixteen bytes");
    app.chassis.bus.call_as_service(key, &query).await.map(|count| count.openings)
}

async fn finish(
    app: &App,
    tx: &mut chassis::Tx,
    seeker_id: Uuid,
    week: i32,
    openings: u32,
) -> Result<(), Fault> {
    let now = tx.now();
    let Some(by) = availability::lock_digest(tx.conn(), seeker_id, week).await? else { return Ok(()) };
    let by = Channel::from_name(&by).expect("the table checks channels");
    if openings > 0 {
        let Some(seeker) = seekers::lock(tx.conn(), seeker_id).await? else { return Ok(()) };
        let page = format!("{}/mijn", app.public_address());
        let content = NoticeContent::Digest { openings, page };
        tell(app, tx, &seeker, Some(by), content, &format!("digest {week}"), now + DIGEST_LIFE).await?;
    }
    availability::end_digest(tx.conn(), seeker_id, week, (openings > 0).then_some(now)).await?;
    Ok(())
}
