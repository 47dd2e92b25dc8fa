//! Judges a code that came back: what is right, what counts as a try, and what is too late.

use chassis::{Fault, Tx};
use proto::ChallengeId;
use subtle::ConstantTimeEq as _;

use crate::{
    App,
    domain::challenge::{Verdict, typed_code},
    store::{
        challenges::{self, ChallengeRow},
        crypt,
    },
};

/// What a code is.
pub(super) enum Judged {
    /// The right one; it is used now.
    Right(Box<ChallengeRow>),
    /// Not that one; the try counts.
    Wrong {
        /// 1 to 4.
        tries_left: u8,
    },
    /// Too old, used, tried too often, for something else or never sent.
    Expired,
}

/// A wrong code is an answer and not a refusal, so that its try is counted and committed. A code that
/// `fits` says is for something else was never sent, as far as this caller can see.
pub(super) async fn judge_code(
    app: &App,
    tx: &mut Tx,
    challenge_id: ChallengeId,
    typed: &str,
    fits: impl FnOnce(&ChallengeRow) -> bool + Send,
) -> Result<Judged, Fault> {
    let (now, challenge_id) = (tx.now(), challenge_id.0);
    let given = crypt::code_hash(app.vault(), challenge_id, &typed_code(typed));
    let challenge = challenges::lock(tx.conn(), challenge_id).await?.filter(fits);
    let Some(challenge) = challenge else {
        return Ok(Judged::Expired);
    };
    let matches = challenge.code_hash.ct_eq(&given).into();
    match challenge.challenge().judge(now, matches) {
        Verdict::Right => {
            challenges::mark_used(tx.conn(), challenge_id, now).await?;
            Ok(Judged::Right(Box::new(challenge)))
        }
        Verdict::Wrong { tries_left } => {
            challenges::count_try(tx.conn(), challenge_id).await?;
            Ok(Judged::Wrong { tries_left })
        }
        Verdict::WrongAndLocked => {
            challenges::count_try(tx.conn(), challenge_id).await?;
            Ok(Judged::Expired)
        }
        Verdict::Expired => Ok(Judged::Expired),
    }
}
