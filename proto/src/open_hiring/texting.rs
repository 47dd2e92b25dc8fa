//! Answers to an offer by text message.

use serde::{Deserialize, Serialize};

use crate::{Sealed, SeekerId, work::closed_list};

/// Takes in a text message that may answer an offer. The portal itself asks, for the gateway that brought it.
///
/// Only what cannot be misread is an answer: a clear yes or no, to the one offer that is open among these people. The rest is
/// never guessed; whoever it could be about is called.
///
/// # Errors
/// `people-none`, `sealed-unreadable`.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct AnswerByText {
    /// Everybody whom the number reaches: a telephone may be shared.
    pub people: Vec<SeekerId>,
    /// What it says.
    pub text: Sealed<String>,
}

/// What became of a text message.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct TextTaken {
    /// What.
    pub outcome: TextOutcome,
    /// About whom; when it is about nobody in particular, the first of those who were named.
    pub seeker_id: SeekerId,
}

closed_list! {
    /// What became of a text message.
    TextOutcome {
        /// It answered the offer; the answer is confirmed like any other.
        Answered = "answered",
        /// It says neither yes nor no. Somebody calls.
        Unclear = "unclear",
        /// It could answer several offers. Somebody calls about each.
        WhichOne = "which_one",
        /// The time to answer is over.
        TooLate = "too_late",
        /// Nobody was asked anything.
        NothingAsked = "nothing_asked",
    }
}
