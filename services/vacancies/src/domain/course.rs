//! The course of an opening: draft → published ⇄ paused → closed, and "is it still open?".

use chrono::{DateTime, Days, Months, NaiveDate, Utc};
use proto::{
    EmployerId, OpeningId,
    vacancies::{CloseReason, ClosingQuestion, OpeningState},
};

use super::opening::Content;

/// Days before its last day on which an opening is asked whether it is still open.
const ASKED_BEFORE: Days = Days::new(5);
/// Days without a change after which an opening without a last day is asked.
pub const UNTOUCHED_DAYS: u64 = 56;
/// Days such an opening then still stays.
const ANSWER_WITHIN: Days = Days::new(14);

/// Where an opening stands. A closed one stays closed: whoever wants it again posts a new one.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Stage {
    /// Only its writers see it.
    Draft,
    /// Everyone sees it.
    Published {
        /// Since when.
        at: DateTime<Utc>,
    },
    /// Not shown for a while.
    Paused {
        /// When it was first published.
        published_at: DateTime<Utc>,
        /// Whether a labour conflict paused it: then it comes back when that is over.
        by_conflict: bool,
    },
    /// Gone for the public.
    Closed {
        /// When it was first published; nothing for a draft that was thrown away.
        published_at: Option<DateTime<Utc>>,
        /// Why.
        reason: CloseReason,
    },
}

/// What a step changed, and who needs to hear of it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Effect {
    /// Nothing changed: it was so already.
    Nothing,
    /// What nobody else sees changed.
    Unheard,
    /// The public state is new.
    Published,
    /// It is not shown for a while.
    Paused,
    /// It is gone for the public.
    Closed(CloseReason),
}

/// Why a step is not possible.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum StepRefused {
    /// Someone else changed it meanwhile.
    #[error("the opening is at version {current} by now")]
    ChangedMeanwhile {
        /// The version it has now.
        current: i64,
    },
    /// It is closed.
    #[error("the opening is closed")]
    Closed,
    /// It is a draft, and this is for what was published.
    #[error("the opening is a draft")]
    Draft,
    /// The day is not after today, or more than a year away.
    #[error("the last day lies outside the coming year")]
    DayOutOfRange,
}

/// One opening.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Opening {
    /// Which.
    pub opening_id: OpeningId,
    /// Whose.
    pub employer_id: EmployerId,
    /// The sender's own key, when it came from a file.
    pub kenmerk: Option<String>,
    /// Raised at each change.
    pub version: i64,
    /// Where it stands.
    pub stage: Stage,
    /// What it says.
    pub content: Content,
    /// "Is it still open?", while that waits for an answer.
    pub question: Option<ClosingQuestion>,
    /// When it was last stored; the store sets it.
    pub changed_at: DateTime<Utc>,
}

impl Opening {
    /// A new opening: a draft, or published at once.
    pub fn post(
        opening_id: OpeningId,
        employer_id: EmployerId,
        content: Content,
        publish: bool,
        now: DateTime<Utc>,
    ) -> (Self, Effect) {
        let (stage, effect) = if publish {
            (Stage::Published { at: now }, Effect::Published)
        } else {
            (Stage::Draft, Effect::Unheard)
        };
        let opening = Self {
            opening_id,
            employer_id,
            kenmerk: None,
            version: 1,
            stage,
            content,
            question: None,
            changed_at: now,
        };
        (opening, effect)
    }

    /// Its state as others see it.
    pub fn state(&self) -> OpeningState {
        match self.stage {
            Stage::Draft => OpeningState::Draft,
            Stage::Published { .. } => OpeningState::Published,
            Stage::Paused { .. } => OpeningState::Paused,
            Stage::Closed { .. } => OpeningState::Closed,
        }
    }

    /// When it was first published.
    pub fn published_at(&self) -> Option<DateTime<Utc>> {
        match self.stage {
            Stage::Draft => None,
            Stage::Published { at } => Some(at),
            Stage::Paused { published_at, .. } => Some(published_at),
            Stage::Closed { published_at, .. } => published_at,
        }
    }

    /// The last day it is shown: the one it names, or the one it was asked about.
    pub fn last_day(&self) -> Option<NaiveDate> {
        let asked_about = self.question.map(|question| question.closes_on);
        self.content.details().closes_on.or(asked_about)
    }

    /// Raises the version after a change that others see while it is published.
    fn stepped(&mut self) -> Effect {
        self.version += 1;
        if matches!(self.stage, Stage::Published { .. }) { Effect::Published } else { Effect::Unheard }
    }

    /// Makes it say something else. Saying the same changes nothing. Another last day answers
    /// "is it still open?", and so does any change of an opening that names none.
    ///
    /// # Errors
    /// [`StepRefused::ChangedMeanwhile`] when the writer saw another version; the text then
    /// has to be looked at again. [`StepRefused::Closed`] for good.
    pub fn change(&mut self, seen_version: i64, content: Content) -> Result<Effect, StepRefused> {
        if matches!(self.stage, Stage::Closed { .. }) {
            return Err(StepRefused::Closed);
        }
        if self.content == content {
            return Ok(Effect::Nothing);
        }
        if seen_version != self.version {
            return Err(StepRefused::ChangedMeanwhile { current: self.version });
        }
        let last = content.details().closes_on;
        if last.is_none() || last != self.content.details().closes_on {
            self.question = None;
        }
        self.content = content;
        Ok(self.stepped())
    }

    /// Publishes a draft, or shows a paused opening again. Publishing twice changes nothing.
    ///
    /// # Errors
    /// [`StepRefused::Closed`] for good.
    pub fn publish(&mut self, now: DateTime<Utc>) -> Result<Effect, StepRefused> {
        self.stage = match self.stage {
            Stage::Draft => Stage::Published { at: now },
            Stage::Paused { published_at, .. } => Stage::Published { at: published_at },
            Stage::Published { .. } => return Ok(Effect::Nothing),
            Stage::Closed { .. } => return Err(StepRefused::Closed),
        };
        Ok(self.stepped())
    }

    /// Stops showing it for a while. Pausing twice changes nothing, but one that a conflict paused
    /// is from then on paused by its writer, and does not come back by itself.
    ///
    /// # Errors
    /// [`StepRefused::Draft`], [`StepRefused::Closed`].
    pub fn pause(&mut self, by_conflict: bool) -> Result<Effect, StepRefused> {
        let (published_at, effect) = match self.stage {
            Stage::Draft => return Err(StepRefused::Draft),
            Stage::Closed { .. } => return Err(StepRefused::Closed),
            Stage::Published { at } => (at, Effect::Paused),
            Stage::Paused { published_at, by_conflict: true } if !by_conflict => {
                (published_at, Effect::Unheard)
            }
            Stage::Paused { .. } => return Ok(Effect::Nothing),
        };
        self.stage = Stage::Paused { published_at, by_conflict };
        self.version += 1;
        Ok(effect)
    }

    /// Answers "is it still open?": it stays until this day, a year ahead at most.
    ///
    /// # Errors
    /// [`StepRefused::DayOutOfRange`], [`StepRefused::Draft`], [`StepRefused::Closed`].
    pub fn keep_open(&mut self, until: NaiveDate, today: NaiveDate) -> Result<Effect, StepRefused> {
        match self.stage {
            Stage::Draft => return Err(StepRefused::Draft),
            Stage::Closed { .. } => return Err(StepRefused::Closed),
            Stage::Published { .. } | Stage::Paused { .. } => {}
        }
        if until <= today || until > furthest_day(today) {
            return Err(StepRefused::DayOutOfRange);
        }
        let content = self.content.until(until);
        if self.question.is_none() && content == self.content {
            return Ok(Effect::Nothing);
        }
        self.question = None;
        self.content = content;
        Ok(self.stepped())
    }

    /// Asks "is it still open?" if that is due: five days before its last day, or eight weeks after
    /// its last change when it names none; it then has two weeks. Whoever named the day within those
    /// five days knows it. Asking is no change: version and public state stay.
    ///
    /// Returns whether it is asked now.
    pub fn ask(&mut self, now: DateTime<Utc>, today: NaiveDate, changed_on: NaiveDate) -> bool {
        let is_open = matches!(self.stage, Stage::Published { .. } | Stage::Paused { .. });
        if !is_open || self.question.is_some() {
            return false;
        }
        let closes_on = match self.content.details().closes_on {
            Some(last) if asked_on(last) <= today && changed_on < asked_on(last) && today <= last => last,
            None if changed_on + Days::new(UNTOUCHED_DAYS) <= today => today + ANSWER_WITHIN,
            _ => return false,
        };
        self.question = Some(ClosingQuestion { asked_at: now, closes_on });
        true
    }

    /// Closes it. Closing twice changes nothing, and keeps the first reason. Nobody hears of a
    /// draft that is thrown away, because nobody heard of the draft.
    pub fn close(&mut self, reason: CloseReason) -> Effect {
        let published_at = self.published_at();
        let effect = match self.stage {
            Stage::Draft => Effect::Unheard,
            Stage::Published { .. } | Stage::Paused { .. } => Effect::Closed(reason),
            Stage::Closed { .. } => return Effect::Nothing,
        };
        self.stage = Stage::Closed { published_at, reason };
        self.question = None;
        self.version += 1;
        effect
    }

    /// Whether its last day has passed: from then on nobody is shown it, even before the clock's
    /// next round closes it.
    pub fn is_over(&self, today: NaiveDate) -> bool {
        self.last_day().is_some_and(|last| last < today)
    }
}

/// The day on which an opening with this last day is asked.
fn asked_on(last: NaiveDate) -> NaiveDate {
    last.checked_sub_days(ASKED_BEFORE).unwrap_or(NaiveDate::MIN)
}

/// The last day until which an opening with a last day is asked today.
pub fn asked_until(today: NaiveDate) -> NaiveDate {
    today + ASKED_BEFORE
}

/// The furthest last day that [`Opening::keep_open`] takes.
pub fn furthest_day(today: NaiveDate) -> NaiveDate {
    today + Months::new(12)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use uuid::Uuid;

    use super::*;
    use crate::domain::opening::tests::{content, day};

    fn now() -> DateTime<Utc> {
        "2026-11-22T09:00:00Z".parse().unwrap()
    }

    fn post(publish: bool) -> (Opening, Effect) {
        Opening::post(OpeningId(Uuid::nil()), EmployerId(Uuid::nil()), content("a"), publish, now())
    }

    #[test]
    fn the_way_of_an_opening() {
        let (mut opening, effect) = post(false);
        assert_eq!((opening.version, effect, opening.published_at()), (1, Effect::Unheard, None));
        assert_eq!(opening.change(1, content("b")), Ok(Effect::Unheard));
        assert_eq!(opening.change(1, content("c")), Err(StepRefused::ChangedMeanwhile { current: 2 }));
        assert_eq!(opening.change(1, content("b")), Ok(Effect::Nothing), "the same text again");
        assert_eq!(opening.pause(false), Err(StepRefused::Draft));
        assert_eq!(opening.keep_open(day("2026-12-01"), day("2026-11-22")), Err(StepRefused::Draft));
        assert_eq!(opening.publish(now()), Ok(Effect::Published));
        assert_eq!(opening.publish(now()), Ok(Effect::Nothing));
        assert_eq!(opening.version, 3);
        assert_eq!(opening.change(3, content("d")), Ok(Effect::Published));
        assert_eq!(opening.pause(false), Ok(Effect::Paused));
        assert_eq!(opening.pause(false), Ok(Effect::Nothing));
        assert_eq!(opening.change(5, content("e")), Ok(Effect::Unheard), "nobody sees it now");
        assert_eq!(opening.publish(now() + chrono::TimeDelta::days(3)), Ok(Effect::Published));
        assert_eq!((opening.version, opening.published_at()), (7, Some(now())), "first published then");
        assert_eq!(opening.close(CloseReason::Filled), Effect::Closed(CloseReason::Filled));
        assert_eq!(opening.close(CloseReason::Withdrawn), Effect::Nothing);
        assert_eq!(opening.change(8, content("f")), Err(StepRefused::Closed));
        assert_eq!(opening.publish(now()), Err(StepRefused::Closed));
        assert_eq!(opening.pause(true), Err(StepRefused::Closed));
        assert_eq!((opening.version, opening.published_at()), (8, Some(now())));
    }

    #[test]
    fn what_a_conflict_paused_comes_back_unless_its_writer_paused_it_too() {
        let (mut opening, _) = post(true);
        assert_eq!(opening.pause(true), Ok(Effect::Paused));
        assert_eq!(opening.pause(true), Ok(Effect::Nothing));
        assert!(matches!(opening.stage, Stage::Paused { by_conflict: true, .. }));
        assert_eq!(opening.pause(false), Ok(Effect::Unheard));
        assert!(matches!(opening.stage, Stage::Paused { by_conflict: false, .. }));
        assert_eq!(opening.pause(true), Ok(Effect::Nothing), "the writer's pause is the stronger one");
        assert!(matches!(opening.stage, Stage::Paused { by_conflict: false, .. }));
    }

    #[test]
    fn an_opening_is_asked_five_days_before_its_last_day() {
        let (mut opening, _) = post(true);
        opening.content = opening.content.until(day("2026-12-20"));
        let posted = day("2026-11-22");
        assert!(!opening.ask(now(), day("2026-12-14"), posted));
        assert!(opening.ask(now(), day("2026-12-15"), posted));
        assert!(!opening.ask(now(), day("2026-12-16"), posted), "once");
        assert_eq!(opening.question.unwrap().closes_on, day("2026-12-20"));
        assert!(!opening.is_over(day("2026-12-20")) && opening.is_over(day("2026-12-21")));

        // Another text does not answer it, another day does.
        assert_eq!(opening.change(1, content("b").until(day("2026-12-20"))), Ok(Effect::Published));
        assert!(opening.question.is_some());
        assert_eq!(opening.change(2, content("b").until(day("2027-01-20"))), Ok(Effect::Published));
        assert_eq!((opening.question, opening.version), (None, 3));

        // Whoever named the day within the five days knows it.
        assert!(!opening.ask(now(), day("2027-01-16"), day("2027-01-15")));
        assert!(opening.ask(now(), day("2027-01-16"), day("2027-01-14")));
    }

    #[test]
    fn an_opening_without_a_last_day_is_asked_after_eight_weeks() {
        let (mut opening, _) = post(true);
        let changed = day("2026-11-22");
        assert!(!opening.ask(now(), day("2027-01-16"), changed));
        assert!(opening.ask(now(), day("2027-01-17"), changed));
        assert_eq!(opening.last_day(), Some(day("2027-01-31")));
        assert_eq!(opening.content.details().closes_on, None);
        assert!(opening.is_over(day("2027-02-01")));

        let today = day("2027-01-20");
        for wrong in ["2027-01-20", "2027-01-19", "2028-01-21"] {
            assert_eq!(opening.keep_open(day(wrong), today), Err(StepRefused::DayOutOfRange), "{wrong}");
        }
        let mut touched = opening.clone();
        assert_eq!(touched.change(1, content("b")), Ok(Effect::Published));
        assert_eq!(touched.question, None, "a change shows that someone looks after it");
        assert_eq!(opening.keep_open(day("2028-01-20"), today), Ok(Effect::Published));
        assert_eq!((opening.question, opening.last_day()), (None, Some(day("2028-01-20"))));
        assert_eq!(opening.keep_open(day("2028-01-20"), today), Ok(Effect::Nothing));
        for (mut never, stage) in [(post(false).0, "draft"), (post(true).0, "closed")] {
            if stage == "closed" {
                never.close(CloseReason::Filled);
            }
            assert!(!never.ask(now(), day("2028-01-01"), changed), "{stage}");
        }
    }

    #[derive(Debug, Clone, Copy)]
    enum Step {
        Change(u8, i64),
        Publish,
        Pause(bool),
        KeepOpen(u64),
        Ask(u64),
        Close(CloseReason),
    }

    fn step() -> impl Strategy<Value = Step> {
        prop_oneof![
            (0..3_u8, 1..8_i64).prop_map(|(text, version)| Step::Change(text, version)),
            Just(Step::Publish),
            any::<bool>().prop_map(Step::Pause),
            (0..400_u64).prop_map(Step::KeepOpen),
            (0..200_u64).prop_map(Step::Ask),
            Just(Step::Close(CloseReason::Filled)),
            Just(Step::Close(CloseReason::Expired)),
        ]
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(128))]

        /// Whatever is tried in whatever order: the version counts exactly the changes, nothing
        /// leaves `closed`, others hear of each change of what they can see, asking changes nothing
        /// that others see, and a question has a day on which it ends.
        #[test]
        fn versions_count_changes_and_closed_is_the_end(
            publish: bool, steps in proptest::collection::vec(step(), 0..16),
        ) {
            let texts = ["a", "b", "c"].map(content);
            let today = day("2026-11-22");
            let (mut opening, _) = post(publish);
            for step in steps {
                let before = opening.clone();
                let effect = match step {
                    Step::Change(text, seen) => opening.change(seen, texts[usize::from(text)].clone()),
                    Step::Publish => opening.publish(now()),
                    Step::Pause(by_conflict) => opening.pause(by_conflict),
                    Step::KeepOpen(days) => opening.keep_open(today + Days::new(days), today),
                    Step::Close(reason) => Ok(opening.close(reason)),
                    Step::Ask(days) => {
                        let asked = opening.ask(now(), today + Days::new(days), today);
                        prop_assert_eq!(asked, opening.question != before.question);
                        prop_assert!(!asked || before.question.is_none());
                        prop_assert_eq!(&Opening { question: before.question, ..opening.clone() }, &before);
                        continue;
                    }
                };
                let (was, is) = (before.state(), opening.state());
                match effect {
                    Err(_) | Ok(Effect::Nothing) => prop_assert_eq!(&opening, &before),
                    Ok(effect) => {
                        prop_assert_eq!(opening.version, before.version + 1);
                        prop_assert_ne!(was, OpeningState::Closed);
                        let known = |state| matches!(state, OpeningState::Published | OpeningState::Paused);
                        match effect {
                            Effect::Published => prop_assert_eq!(is, OpeningState::Published),
                            Effect::Paused => prop_assert_eq!(
                                (was, is), (OpeningState::Published, OpeningState::Paused)
                            ),
                            Effect::Closed(_) => prop_assert!(known(was) && is == OpeningState::Closed),
                            Effect::Unheard => {
                                prop_assert!(was != OpeningState::Published && is != OpeningState::Published);
                            }
                            Effect::Nothing => unreachable!(),
                        }
                        prop_assert_eq!(
                            before.published_at().is_some() && opening.published_at() != before.published_at(),
                            false
                        );
                    }
                }
                prop_assert!(opening.question.is_none() || matches!(
                    is, OpeningState::Published | OpeningState::Paused
                ));
                prop_assert!(opening.question.is_none() || opening.last_day().is_some());
            }
        }
    }
}
