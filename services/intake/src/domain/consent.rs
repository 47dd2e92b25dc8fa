//! How a yes or no was given, and whether that is enough.

use chrono::NaiveDate;
use proto::{ChallengeId, FieldProblem, intake::ConsentGiven};
use serde::{Deserialize, Serialize};

use super::{may::Standing, text};

/// What shows that she said so. At rest only encrypted.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "evidence", rename_all = "snake_case")]
pub enum Evidence {
    /// She read out a code from her own telephone or mailbox.
    Code {
        /// The request for it.
        challenge_id: ChallengeId,
    },
    /// The texts were read aloud.
    ReadAloud {
        /// Where the record is.
        record: String,
    },
    /// She signed.
    Paper {
        /// Where the paper is.
        kept_at: String,
        /// When she signed.
        signed_on: NaiveDate,
    },
}

/// By which channel a yes or no came.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ConsentChannel {
    /// By herself.
    Herself,
    /// By a code that she read out.
    Code,
    /// After the texts were read aloud.
    ReadAloud,
    /// On paper.
    Paper,
}

impl ConsentChannel {
    /// The channel of this answer.
    pub const fn of(how: &ConsentGiven) -> Self {
        match how {
            ConsentGiven::Herself => Self::Herself,
            ConsentGiven::Code { .. } => Self::Code,
            ConsentGiven::ReadAloud { .. } => Self::ReadAloud,
            ConsentGiven::Paper { .. } => Self::Paper,
        }
    }

    /// The name in storage and on her page.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Herself => "herself",
            Self::Code => "code",
            Self::ReadAloud => "read_aloud",
            Self::Paper => "paper",
        }
    }
}

/// Whether an answer that came this way holds; otherwise the code of the field problem. A helper's word
/// alone is never a yes.
pub const fn holds(standing: Standing, given: bool, channel: ConsentChannel) -> Result<(), &'static str> {
    match (standing, channel) {
        (Standing::Herself, ConsentChannel::Herself) => Ok(()),
        (Standing::Herself, _) => Err("consent-how-herself"),
        (Standing::Helper, ConsentChannel::Herself) if given => Err("consent-needs-evidence"),
        (Standing::Helper, _) => Ok(()),
        (Standing::Stranger, _) => Err("consent-needs-evidence"),
    }
}

/// What is kept of how it was given, checked: `None` when she said it herself.
pub fn evidence(how: &ConsentGiven, today: NaiveDate) -> Result<Option<Evidence>, Vec<FieldProblem>> {
    let mut problems = Vec::new();
    let mut place = |field: &str, typed: &str| {
        text::line(typed, text::EVIDENCE).map_err(|code| problems.push(FieldProblem::new(field, code))).ok()
    };
    let kept = match how {
        ConsentGiven::Herself => return Ok(None),
        ConsentGiven::Code { challenge_id, .. } => Some(Evidence::Code { challenge_id: *challenge_id }),
        ConsentGiven::ReadAloud { record } => {
            place("how.record", record).map(|record| Evidence::ReadAloud { record })
        }
        ConsentGiven::Paper { kept_at, signed_on } => {
            let kept_at = place("how.kept_at", kept_at);
            if *signed_on > today {
                problems.push(FieldProblem::new("how.signed_on", "signed-in-future"));
            }
            kept_at.map(|kept_at| Evidence::Paper { kept_at, signed_on: *signed_on })
        }
    };
    if problems.is_empty() { Ok(kept) } else { Err(problems) }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use proto::Sealed;

    use super::*;

    fn today() -> NaiveDate {
        NaiveDate::from_ymd_opt(2026, 12, 7).unwrap()
    }

    fn code() -> ConsentGiven {
        let challenge_id = ChallengeId(uuid::Uuid::from_u128(1));
        ConsentGiven::Code { challenge_id, code: Sealed::from_base64(String::new()) }
    }

    fn read_aloud(record: &str) -> ConsentGiven {
        ConsentGiven::ReadAloud { record: record.to_owned() }
    }

    fn paper(days_ahead: i64) -> ConsentGiven {
        let signed_on = today() + chrono::TimeDelta::days(days_ahead);
        ConsentGiven::Paper { kept_at: "kast 3, map 12".to_owned(), signed_on }
    }

    fn codes(how: &ConsentGiven) -> Vec<String> {
        let told = evidence(how, today()).err().unwrap_or_default();
        told.into_iter().map(|problem| format!("{}: {}", problem.field, problem.code)).collect()
    }

    #[test]
    fn what_is_kept_says_where_to_look() {
        assert_eq!(evidence(&ConsentGiven::Herself, today()), Ok(None));
        assert!(matches!(evidence(&code(), today()), Ok(Some(Evidence::Code { .. }))));
        let record = evidence(&read_aloud("  gesprek   2026-117 "), today()).unwrap().unwrap();
        assert_eq!(record, Evidence::ReadAloud { record: "gesprek 2026-117".to_owned() });
        assert!(evidence(&paper(0), today()).is_ok());
    }

    #[test]
    fn evidence_that_cannot_be_is_refused() {
        assert_eq!(codes(&paper(1)), ["how.signed_on: signed-in-future"]);
        assert_eq!(codes(&read_aloud("ab")), ["how.record: evidence-too-short"]);
        assert_eq!(codes(&read_aloud(&"a".repeat(121))), ["how.record: evidence-too-long"]);
        assert_eq!(codes(&read_aloud("bsn 111222333")), ["how.record: looks-like-bsn"]);
        assert_eq!(codes(&read_aloud("a\u{7}bc")), ["how.record: evidence-malformed"]);
    }

    fn any_channel() -> impl Strategy<Value = ConsentChannel> {
        use ConsentChannel::{Code, Herself, Paper, ReadAloud};
        prop::sample::select(vec![Herself, Code, ReadAloud, Paper])
    }

    proptest! {
        #[test]
        fn nobody_says_yes_for_another_without_evidence(given: bool, channel in any_channel()) {
            use ConsentChannel::Herself;
            let is_own_word = channel == Herself;
            prop_assert_eq!(holds(Standing::Herself, given, channel).is_ok(), is_own_word);
            prop_assert_eq!(holds(Standing::Helper, given, channel).is_ok(), !(given && is_own_word));
            prop_assert!(holds(Standing::Stranger, given, channel).is_err());
        }
    }
}
