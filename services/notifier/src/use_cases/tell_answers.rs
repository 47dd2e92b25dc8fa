//! Tells people what employers answered.

use chassis::{Fault, fault::Chain};
use chrono::TimeDelta;
use proto::{
    ProposalId,
    intake::Reach,
    matcher::EmployerAnswer,
    notifier::{Notice, NoticeContent},
    work::Channel,
};
use uuid::Uuid;

use super::{
    reach::reach,
    send_notice::{Request, enter},
};
use crate::{
    App,
    domain::notice,
    store::employer_answers::{self, Claimed},
};

/// Answers in one claim.
const AT_ONCE: i64 = 32;
/// How long a claim holds: longer than asking intake may take.
const CLAIM: TimeDelta = TimeDelta::seconds(60);
/// Where she reads it.
const PAGE: &str = "/mijn";

/// Claims in one transaction, asks intake without any, enters the message in the ledger in another: the
/// ledger knows it by proposal and version, so it is sent once whoever dies in between.
pub async fn tell_answers(app: &App) -> Result<(), Fault> {
    loop {
        let mut tx = app.chassis.store.begin().await?;
        let now = tx.now();
        employer_answers::expire(tx.conn(), now).await?;
        let claimed = employer_answers::claim(tx.conn(), now, now + CLAIM, AT_ONCE).await?;
        tx.commit().await?;
        let seekers = claimed.iter().map(|answer| answer.seeker_id);
        let reaches = if claimed.is_empty() { Vec::new() } else { reach(app, seekers, false).await? };
        for (answer, reach) in claimed.iter().zip(reaches) {
            // One that cannot be told now must not keep the others waiting.
            if let Err(fault) = tell(app, answer, reach).await {
                let proposal = ProposalId(answer.proposal_id);
                tracing::warn!(%proposal, error = %Chain(&fault), "an employer's answer waits");
            }
        }
        if claimed.len() < AT_ONCE as usize {
            return Ok(());
        }
    }
}

async fn tell(app: &App, claimed: &Claimed, reach: Option<Reach>) -> Result<(), Fault> {
    let meet = claimed.answer == EmployerAnswer::Meet.name();
    let notice = reach.and_then(|reach| answered(app, reach, meet));

    let mut tx = app.chassis.store.begin().await?;
    // Between the question and this, she may have been erased, or another answer may have come.
    if tx.is_forgotten(claimed.seeker_id).await?
        || !employer_answers::is_told(tx.conn(), claimed.proposal_id, claimed.version, &claimed.answer)
            .await?
    {
        return Ok(());
    }
    if let Some(notice) = notice {
        let request = Request {
            cause: cause(app, claimed),
            recipient: claimed.seeker_id,
            expires_at: claimed.expires_at,
            notice: &notice,
        };
        enter(app, &mut tx, request).await?;
    }
    tx.commit().await?;
    Ok(())
}

fn answered(app: &App, reach: Reach, meet: bool) -> Option<Notice> {
    let to = reach.contact?;
    // By what she has: someone with only an e-mail address may like calls best.
    let channel = if to.contains('@') { Channel::Email } else { Channel::Sms };
    let page = format!("{}{PAGE}", app.house.address);
    let content = NoticeContent::Answered { meet, page };
    let notice = Notice { to, channel, language: reach.language, content };
    let problems = notice::problems(&notice);
    if !problems.is_empty() {
        tracing::error!(codes = ?problems.iter().map(|problem| &problem.code).collect::<Vec<_>>(), "an answer cannot be sent");
        return None;
    }
    Some(notice)
}

/// One id per proposal and version, from which neither can be read: `message_sent` carries it, and must not
/// lead to her.
fn cause(app: &App, claimed: &Claimed) -> Uuid {
    let what = format!("{} {}", claimed.proposal_id, claimed.version);
    let hash = app.vault().blind_index("employer_answers.cause", &what);
    let mut bytes = [0; 16];
    bytes.copy_from_slice(&hash[..16]);
    uuid::Builder::from_custom_bytes(bytes).into_uuid()
}
