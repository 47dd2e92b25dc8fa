//! Keeps what an employer answered, to be told.

use chassis::{Fault, Tx};
use chrono::TimeDelta;
use proto::matcher::{Mark, ProposalMarked};

use crate::store::employer_answers::{self, Heard};

/// How long it is news.
const NEWS_FOR: TimeDelta = TimeDelta::days(7);

/// Only a newer version counts. An answer she was told already is not told again, nor one to an opening
/// that she no longer wants.
pub async fn hear_answer(tx: &mut Tx, marked: &ProposalMarked) -> Result<(), Fault> {
    if tx.is_forgotten(marked.seeker_id.0).await? {
        return Ok(());
    }
    let now = tx.now();
    let wanted = matches!(marked.mark, Mark::Wanted);
    let heard = Heard {
        proposal_id: marked.proposal_id.0,
        seeker_id: marked.seeker_id.0,
        version: marked.version,
        answer: marked.answer.filter(|_| wanted),
        expires_at: now + NEWS_FOR,
    };
    employer_answers::keep(tx.conn(), &heard, now).await?;
    tx.ring();
    Ok(())
}
