//! Whether what was told on the bus about one thing follows from what was answered to who changed it.

use std::{collections::BTreeSet, fmt::Debug};

use proto::{
    intake::ProfilePublished,
    matcher::{EmployerAnswer, Mark},
    work::Hours,
};

use super::history::{Outcome, Step};

/// A change that leaves another state.
pub trait Change: Debug {
    /// What others are told.
    type State: PartialEq + Clone + Debug;

    /// The state after it; `None` when it makes no sense there.
    fn after(&self, before: Option<&Self::State>) -> Option<Self::State>;

    /// Whether it changes nothing where nothing was told before.
    fn is_nothing_at_first(&self) -> bool {
        false
    }
}

/// Whether states that were told, in their order, are exactly the effects of the steps: each acknowledged one once, each
/// unknown one at most once, of refused ones nothing, and nothing besides.
///
/// # Errors
/// What does not follow.
pub fn explain<C: Change>(steps: &[Step<C>], told: &[C::State]) -> Result<(), String> {
    // How many of the told states the steps so far may have made.
    let mut made = BTreeSet::from([0_usize]);
    for (number, step) in steps.iter().enumerate() {
        let mut next = BTreeSet::new();
        for count in &made {
            if step.outcome != Outcome::Done {
                next.insert(*count);
            }
            if matches!(step.outcome, Outcome::Refused(_)) {
                continue;
            }
            let before = count.checked_sub(1).and_then(|last| told.get(last));
            if before.is_none() && step.what.is_nothing_at_first() {
                next.insert(*count);
                continue;
            }
            match step.what.after(before) {
                // It was so already.
                Some(after) if before == Some(&after) => {
                    next.insert(*count);
                }
                Some(after) if told.get(*count) == Some(&after) => {
                    next.insert(count + 1);
                }
                _ => {}
            }
        }
        if next.is_empty() {
            return Err(format!(
                "step {number}, {:?}, was answered yes, and its effect is not there (or something came between): told were {told:?} after {steps:?}",
                step.what
            ));
        }
        made = next;
    }
    if made.contains(&told.len()) {
        Ok(())
    } else {
        Err(format!("more happened than was asked: told were {told:?} after {steps:?}"))
    }
}

/// What a person changes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum PersonStep {
    /// She registers, with these hours and nothing agreed to.
    Register(Hours),
    /// She wants other hours.
    Wishes(Hours),
    /// Whether employers may see her.
    OpenFile(bool),
    /// Whether an adviser may think along.
    Adviser(bool),
    /// She takes part no more for a while.
    Pause,
    /// She takes part again.
    Resume,
    /// She erases everything. Not a state of her profile.
    Erase,
}

/// What others are told of a person, as far as steps change it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Profile {
    hours: Option<Hours>,
    open_file: bool,
    adviser: bool,
    paused: bool,
}

impl From<&ProfilePublished> for Profile {
    fn from(told: &ProfilePublished) -> Self {
        Self { hours: told.hours, open_file: told.open_file, adviser: told.adviser, paused: told.paused }
    }
}

impl Change for PersonStep {
    type State = Profile;

    fn after(&self, before: Option<&Profile>) -> Option<Profile> {
        if let Self::Register(hours) = self {
            let new = Profile { hours: Some(*hours), open_file: false, adviser: false, paused: false };
            return before.is_none().then_some(new);
        }
        let before = *before?;
        Some(match *self {
            Self::Register(_) | Self::Erase => before,
            Self::Wishes(hours) => Profile { hours: Some(hours), ..before },
            Self::OpenFile(open_file) => Profile { open_file, ..before },
            Self::Adviser(adviser) => Profile { adviser, ..before },
            Self::Pause => Profile { paused: true, ..before },
            Self::Resume => Profile { paused: false, ..before },
        })
    }
}

/// What an employer changes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum OpeningStep {
    /// Posted and published with so many places.
    Post(u16),
    /// It has so many places now.
    Change(u16),
    /// Not shown for a while.
    Pause,
    /// Shown again.
    Publish,
    /// Gone.
    Close,
}

/// Where an opening stands for others.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Stage {
    /// Shown.
    Published,
    /// Not shown for a while.
    Paused,
    /// Gone.
    Closed,
}

/// What others are told of an opening, as far as steps change it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Opening {
    /// Places, as last told.
    pub places: u16,
    /// Where it stands.
    pub stage: Stage,
}

impl Change for OpeningStep {
    type State = Opening;

    fn after(&self, before: Option<&Opening>) -> Option<Opening> {
        if let Self::Post(places) = self {
            return before.is_none().then_some(Opening { places: *places, stage: Stage::Published });
        }
        let before = *before?;
        Some(match *self {
            Self::Post(_) => before,
            Self::Change(places) => Opening { places, ..before },
            Self::Pause => Opening { stage: Stage::Paused, ..before },
            Self::Publish => Opening { stage: Stage::Published, ..before },
            Self::Close => Opening { stage: Stage::Closed, ..before },
        })
    }
}

/// What is said about a person and an opening.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum PairStep {
    /// She says this.
    Mark(Mark),
    /// The employer answers.
    Answer(EmployerAnswer),
}

/// Where both stand.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Pair {
    /// What she says.
    pub mark: Mark,
    /// What was answered to that.
    pub answer: Option<EmployerAnswer>,
}

impl Change for PairStep {
    type State = Pair;

    fn after(&self, before: Option<&Pair>) -> Option<Pair> {
        match *self {
            Self::Mark(mark) => Some(match before {
                Some(before) if before.mark == mark => *before,
                _ => Pair { mark, answer: None },
            }),
            Self::Answer(answer) => before.map(|before| Pair { answer: Some(answer), ..*before }),
        }
    }

    fn is_nothing_at_first(&self) -> bool {
        *self == Self::Mark(Mark::TakenBack)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn step(what: OpeningStep, outcome: Outcome) -> Step<OpeningStep> {
        Step { what, outcome }
    }

    const fn open(places: u16) -> Opening {
        Opening { places, stage: Stage::Published }
    }

    #[test]
    fn acknowledged_once_unknown_at_most_once_refused_never() {
        use OpeningStep::{Change, Close, Post};
        let steps = [
            step(Post(1), Outcome::Done),
            step(Change(2), Outcome::Refused("opening-changed-meanwhile".to_owned())),
            step(Change(3), Outcome::Done),
            step(Change(4), Outcome::Unknown),
        ];
        assert_eq!(explain(&steps, &[open(1), open(3)]), Ok(()));
        assert_eq!(explain(&steps, &[open(1), open(3), open(4)]), Ok(()));
        for wrong in [
            // Lost.
            vec![open(1)],
            vec![open(3)],
            // Though refused.
            vec![open(1), open(2), open(3)],
            vec![open(1), open(3), open(4), open(2)],
            // Twice, or out of order.
            vec![open(1), open(3), open(3)],
            vec![open(1), open(3), open(4), open(3)],
            vec![open(3), open(1)],
            vec![],
        ] {
            assert!(explain(&steps, &wrong).is_err(), "{wrong:?}");
        }
        let twice = [step(Post(1), Outcome::Done), step(Close, Outcome::Done), step(Close, Outcome::Done)];
        let closed = Opening { places: 1, stage: Stage::Closed };
        assert_eq!(explain(&twice, &[open(1), closed]), Ok(()));
        assert!(explain(&twice, &[open(1), closed, closed]).is_err());
    }
}
