//! Hands code messages that are due to the notifier.

use chassis::{Fault, fault::Chain};
use chrono::{DateTime, TimeDelta, Utc};
use futures::future::join_all;
use proto::{
    Problem, Sealed, Status,
    notifier::{Notice, SendNotice},
};

use crate::{
    App,
    store::{
        crypt,
        dispatches::{self, Dispatch, Outcome},
    },
};

/// Messages in one pass.
const AT_ONCE: i64 = 32;
/// How long a claim holds: longer than the 8 seconds a call may take. Who dies in between leaves a
/// claim that runs out; the repeat carries the same key and the same body, so it is the same request.
const CLAIM: TimeDelta = TimeDelta::seconds(20);
/// The longest pause between two attempts.
const LONGEST_PAUSE_SECONDS: i64 = 30;

/// Claims in one transaction, calls without any, writes the outcomes in another.
pub async fn hand_over_codes(app: &App) -> Result<(), Fault> {
    loop {
        let mut tx = app.chassis.store.begin().await?;
        let now = tx.now();
        let late = dispatches::expire(tx.conn(), now).await?;
        let claimed = dispatches::claim(tx.conn(), now, now + CLAIM, AT_ONCE).await?;
        tx.commit().await?;
        if late > 0 {
            tracing::warn!(count = late, "codes ran out before the notifier took them");
        }
        if claimed.is_empty() {
            return Ok(());
        }
        let outcomes = join_all(claimed.iter().map(|dispatch| hand_over(app, dispatch, now))).await;
        let mut tx = app.chassis.store.begin().await?;
        let now = tx.now();
        for (dispatch, outcome) in claimed.iter().zip(outcomes) {
            dispatches::end(tx.conn(), dispatch.challenge_id, outcome, now).await?;
        }
        tx.commit().await?;
        if claimed.len() < AT_ONCE as usize {
            return Ok(());
        }
    }
}

async fn hand_over(app: &App, dispatch: &Dispatch, now: DateTime<Utc>) -> Outcome {
    let command = SendNotice {
        cause: dispatch.challenge_id,
        // The ledger needs no more of a receiver than that it is this request's.
        recipient: dispatch.challenge_id,
        expires_at: dispatch.expires_at,
        notice: Sealed::<Notice>::from_base64(dispatch.notice.clone()),
    };
    let key = crypt::dispatch_key(app.vault(), dispatch.challenge_id);
    match app.chassis.bus.call_as_service(key, &command).await {
        Ok(_) => Outcome::Accepted,
        Err(problem) => after(&problem, dispatch, now),
    }
}

fn after(problem: &Problem, dispatch: &Dispatch, now: DateTime<Utc>) -> Outcome {
    match problem.status {
        // The key is made from the request and nothing else: the notifier has it.
        Status::KeyReused => Outcome::Accepted,
        Status::Invalid | Status::NotFound | Status::Gone => {
            tracing::error!(error = %Chain(problem), "the notifier refuses a code message");
            Outcome::Refused
        }
        Status::Unauthenticated
        | Status::Forbidden
        | Status::Conflict
        | Status::TooMany
        | Status::Internal
        | Status::Unavailable => {
            tracing::warn!(error = %Chain(problem), attempts = dispatch.attempts, "a code message waits");
            let seconds = 1_i64 << dispatch.attempts.clamp(0, 5);
            Outcome::Later(now + TimeDelta::seconds(seconds.min(LONGEST_PAUSE_SECONDS)))
        }
    }
}
