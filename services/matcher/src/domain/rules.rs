//! The rules: written by people, the same for everyone, published on `/zo-werkt-het`.
//!
//! First the hard conditions: what does not pass is not proposed. Then the weights: they order the
//! openings on a person's own page and nothing else. A change of either raises [`RULES_VERSION`].

use proto::work::Route;

use crate::domain::{
    pair::{Wishes, Work},
    travel::{self, Distance},
};

/// The version of this page. It stands on every proposal.
pub const RULES_VERSION: &str = "2";

/// What each reason weighs.
#[derive(Debug)]
pub struct Weights {
    /// The work has a task she likes.
    pub task_wanted: u16,
    /// For each further task she likes.
    pub each_further_task: u16,
    /// At most so many further tasks count.
    pub further_tasks: u16,
    /// No such task, but one of the same group.
    pub task_of_same_group: u16,
    /// Not that either, but one of a group whose work is much alike.
    pub task_of_related_group: u16,
    /// None of these: she said "alles mag", or did not say what she likes yet.
    pub any_task: u16,
    /// For each fifth of her reach that is left over; five fifths when it is in the first.
    pub each_fifth_nearer: u16,
    /// She said how many hours she wants, and they suit.
    pub hours: u16,
    /// She can work at all times when the work is done.
    pub all_dayparts: u16,
    /// She can work at some of those times.
    pub some_dayparts: u16,
    /// No CV, no interview.
    pub open_hiring: u16,
    /// Something that is asked is learned at work.
    pub learned_here: u16,
    /// She has something that is asked from the first day.
    pub has_asked: u16,
}

/// The published weights.
pub const WEIGHTS: Weights = Weights {
    task_wanted: 30,
    each_further_task: 5,
    further_tasks: 2,
    task_of_same_group: 15,
    task_of_related_group: 8,
    any_task: 6,
    each_fifth_nearer: 5,
    hours: 15,
    all_dayparts: 15,
    some_dayparts: 8,
    open_hiring: 10,
    learned_here: 5,
    has_asked: 5,
};

/// The most that any pair can weigh.
pub const MOST: u16 = WEIGHTS.task_wanted
    + WEIGHTS.each_further_task * WEIGHTS.further_tasks
    + 5 * WEIGHTS.each_fifth_nearer
    + WEIGHTS.hours
    + WEIGHTS.all_dayparts
    + WEIGHTS.open_hiring
    + WEIGHTS.learned_here
    + WEIGHTS.has_asked;

/// How the tasks of the work suit her.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum TasksFit {
    /// So many tasks that she likes.
    Wanted(u16),
    /// A task of a group she likes.
    SameGroup,
    /// A task of a group much like one she likes.
    RelatedGroup,
    /// Any task will do.
    Any,
}

/// How the times of the work suit her.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum DaypartsFit {
    /// She can work at all of them.
    All,
    /// At some of them.
    Some,
    /// She did not say when she can work.
    NotTold,
    /// The opening does not say when the work is done.
    NotAsked,
}

/// A pair that passes the hard conditions, and how.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Fit {
    /// How far.
    pub distance: Distance,
    /// In which fifth of her reach: 1 (nearest) to 5.
    pub fifth: u8,
    /// How the tasks suit her.
    pub tasks: TasksFit,
    /// How the times suit her.
    pub dayparts: DaypartsFit,
    /// Whether she said how many hours she wants (they suit, or the pair would not pass).
    pub hours_told: bool,
    /// Whether it is open hiring.
    pub open_hiring: bool,
    /// Whether something that is asked is learned at work.
    pub learned_here: bool,
    /// Whether she has something that is asked from the first day. What she does not have, or did not
    /// tell, holds her back nowhere.
    pub has_asked: bool,
}

/// Holds a pair against the hard conditions; `None` when one of them fails.
pub fn judge(wishes: &Wishes, work: &Work) -> Option<Fit> {
    if work.places == 0 {
        return None;
    }
    let reach = travel::reach_km(wishes.travel);
    let distance = Distance::between(wishes.cell, work.cell);
    if !distance.within(reach) {
        return None;
    }
    let tasks = tasks_fit(wishes, work)?;
    let dayparts = dayparts_fit(wishes, work)?;
    if wishes.hours.is_some_and(|hours| !hours.overlap(work.hours)) {
        return None;
    }
    Some(Fit {
        distance,
        fifth: (1..5).find(|fifths| distance.within_fifths(*fifths, reach)).unwrap_or(5),
        tasks,
        dayparts,
        hours_told: wishes.hours.is_some(),
        open_hiring: work.route == Route::OpenHiring,
        learned_here: work.asked.teaches(),
        has_asked: !wishes.has.shared(work.asked.from_the_start()).is_empty(),
    })
}

/// Work she likes: the same task, else one of a group she likes, else of a group much like it, else
/// anything if anything will do. Otherwise not.
fn tasks_fit(wishes: &Wishes, work: &Work) -> Option<TasksFit> {
    let shared = wishes.tasks.shared(work.tasks);
    if !shared.is_empty() {
        Some(TasksFit::Wanted(shared.len() as u16))
    } else if wishes.groups.meets(work.groups) {
        Some(TasksFit::SameGroup)
    } else if wishes.related_groups.meets(work.groups) {
        Some(TasksFit::RelatedGroup)
    } else {
        wishes.any_task.then_some(TasksFit::Any)
    }
}

/// At least one time at which both can; what was not told is no obstacle.
fn dayparts_fit(wishes: &Wishes, work: &Work) -> Option<DaypartsFit> {
    if work.dayparts.is_empty() {
        Some(DaypartsFit::NotAsked)
    } else if wishes.dayparts.is_empty() {
        Some(DaypartsFit::NotTold)
    } else if wishes.dayparts.covers(work.dayparts) {
        Some(DaypartsFit::All)
    } else {
        (!wishes.dayparts.shared(work.dayparts).is_empty()).then_some(DaypartsFit::Some)
    }
}

impl Fit {
    /// What the tasks weigh.
    pub fn weight_of_tasks(&self) -> u16 {
        match self.tasks {
            TasksFit::Wanted(tasks) => {
                let further = tasks.saturating_sub(1).min(WEIGHTS.further_tasks);
                WEIGHTS.task_wanted + further * WEIGHTS.each_further_task
            }
            TasksFit::SameGroup => WEIGHTS.task_of_same_group,
            TasksFit::RelatedGroup => WEIGHTS.task_of_related_group,
            TasksFit::Any => WEIGHTS.any_task,
        }
    }

    /// What the distance weighs.
    pub fn weight_of_distance(&self) -> u16 {
        u16::from(6 - self.fifth) * WEIGHTS.each_fifth_nearer
    }

    /// What the hours weigh.
    pub fn weight_of_hours(&self) -> u16 {
        if self.hours_told { WEIGHTS.hours } else { 0 }
    }

    /// What the times weigh.
    pub fn weight_of_dayparts(&self) -> u16 {
        match self.dayparts {
            DaypartsFit::All => WEIGHTS.all_dayparts,
            DaypartsFit::Some => WEIGHTS.some_dayparts,
            DaypartsFit::NotTold | DaypartsFit::NotAsked => 0,
        }
    }

    /// What the route weighs.
    pub fn weight_of_route(&self) -> u16 {
        if self.open_hiring { WEIGHTS.open_hiring } else { 0 }
    }

    /// What learning at work weighs.
    pub fn weight_of_learning(&self) -> u16 {
        if self.learned_here { WEIGHTS.learned_here } else { 0 }
    }

    /// What having what is asked weighs.
    pub fn weight_of_having(&self) -> u16 {
        if self.has_asked { WEIGHTS.has_asked } else { 0 }
    }

    /// The sum, at most [`MOST`].
    pub fn weight(&self) -> u16 {
        self.weight_of_tasks()
            + self.weight_of_distance()
            + self.weight_of_hours()
            + self.weight_of_dayparts()
            + self.weight_of_route()
            + self.weight_of_learning()
            + self.weight_of_having()
    }
}

#[cfg(test)]
mod tests {
    use proto::{
        vacancies::{Firmness, Requirement, RequirementKind},
        work::{Cell, Daypart, Dayparts, Hours, Means, TaskCode, Travel},
    };
    use reference::Reference;

    use super::*;
    use crate::domain::{
        pair::{Asked, Kinds},
        words::Words,
    };

    fn words() -> Words {
        Words::of(&Reference::small()).unwrap()
    }

    /// She likes washing windows and told nothing else.
    fn wishes(words: &Words, liked: &[&str]) -> Wishes {
        let tasks = words.set(&liked.iter().map(|code| TaskCode::from(*code)).collect::<Vec<_>>());
        Wishes {
            cell: Cell { x: 144, y: 487 },
            tasks,
            groups: words.groups(tasks),
            related_groups: words.related_groups(tasks),
            any_task: false,
            dayparts: Dayparts::default(),
            hours: None,
            travel: None,
            has: Kinds::default(),
            available_from: None,
        }
    }

    fn work(words: &Words, tasks: &[&str]) -> Work {
        let tasks = words.set(&tasks.iter().map(|code| TaskCode::from(*code)).collect::<Vec<_>>());
        Work {
            cell: Cell { x: 144, y: 487 },
            tasks,
            groups: words.groups(tasks),
            dayparts: [Daypart::Morning, Daypart::Evening].into_iter().collect(),
            hours: Hours { min: 20, max: 32 },
            route: Route::Regular,
            places: 1,
            asked: Asked::default(),
            starts_on: None,
        }
    }

    const WINDOWS: &str = "schoonmaken.ramen";

    #[test]
    fn an_opening_without_places_is_proposed_to_nobody() {
        let words = words();
        let (she, it) = (wishes(&words, &[WINDOWS]), work(&words, &[WINDOWS]));
        assert!(judge(&she, &it).is_some());
        assert!(judge(&she, &Work { places: 0, ..it }).is_none());
    }

    #[test]
    fn work_is_within_her_reach_or_within_the_usual_one() {
        let words = words();
        let it = work(&words, &[WINDOWS]);
        let passes = |travel, east: i16| {
            let she = Wishes { travel, ..wishes(&words, &[WINDOWS]) };
            judge(&she, &Work { cell: Cell { x: 144 + east, y: 487 }, ..it }).is_some()
        };
        let by_car = Some(Travel { means: Means::Car, max_km: 40 });
        let on_foot = Some(Travel { means: Means::Foot, max_km: 3 });
        for (travel, reach) in [(None, 15), (by_car, 40), (on_foot, 3)] {
            assert!(passes(travel, reach) && passes(travel, -reach), "{travel:?}");
            assert!(!passes(travel, reach + 1), "{travel:?}");
        }
    }

    #[test]
    fn hours_that_she_told_must_suit() {
        let words = words();
        let it = work(&words, &[WINDOWS]);
        for (hours, passes) in [
            (None, true),
            (Some(Hours { min: 8, max: 20 }), true),
            (Some(Hours { min: 32, max: 40 }), true),
            (Some(Hours { min: 24, max: 24 }), true),
            (Some(Hours { min: 8, max: 19 }), false),
            (Some(Hours { min: 33, max: 40 }), false),
        ] {
            let fit = judge(&Wishes { hours, ..wishes(&words, &[WINDOWS]) }, &it);
            assert_eq!(fit.is_some(), passes, "{hours:?}");
            assert_eq!(
                fit.map_or(0, |fit| fit.weight_of_hours()),
                if passes && hours.is_some() { 15 } else { 0 }
            );
        }
    }

    #[test]
    fn of_the_times_that_she_told_one_must_suit() {
        use Daypart::{Afternoon, Evening, Morning, Night, Weekend};
        let words = words();
        let it = work(&words, &[WINDOWS]);
        for (dayparts, expected) in [
            (vec![], Some((DaypartsFit::NotTold, 0))),
            (vec![Morning, Evening], Some((DaypartsFit::All, 15))),
            (vec![Morning, Afternoon, Evening, Night, Weekend], Some((DaypartsFit::All, 15))),
            (vec![Evening, Weekend], Some((DaypartsFit::Some, 8))),
            (vec![Afternoon, Night], None),
        ] {
            let told = dayparts.iter().copied().collect();
            let fit = judge(&Wishes { dayparts: told, ..wishes(&words, &[WINDOWS]) }, &it);
            assert_eq!(fit.map(|fit| (fit.dayparts, fit.weight_of_dayparts())), expected, "{dayparts:?}");
        }
        let anytime = Work { dayparts: Dayparts::default(), ..it };
        let night = [Night].into_iter().collect();
        let fit = judge(&Wishes { dayparts: night, ..wishes(&words, &[WINDOWS]) }, &anytime);
        assert_eq!(fit.map(|fit| (fit.dayparts, fit.weight_of_dayparts())), Some((DaypartsFit::NotAsked, 0)));
    }

    #[test]
    fn work_must_be_like_what_she_likes_unless_any_task_will_do() {
        let words = words();
        let three = ["schoonmaken.vloeren", "schoonmaken.stof", "schoonmaken.trappen"];
        let four = [WINDOWS, three[0], three[1], three[2]];
        // `textiel` is related to `schoonmaken`; `fabriek` to `textiel` but not to `schoonmaken`.
        for (liked, tasks, expected) in [
            (&[WINDOWS][..], &[WINDOWS][..], Some((TasksFit::Wanted(1), 30))),
            (&four, &[WINDOWS, three[0]], Some((TasksFit::Wanted(2), 35))),
            (&four, &four[..3], Some((TasksFit::Wanted(3), 40))),
            (&four, &four, Some((TasksFit::Wanted(4), 40))),
            (&[WINDOWS], &three, Some((TasksFit::SameGroup, 15))),
            (&[WINDOWS], &["textiel.strijken"], Some((TasksFit::RelatedGroup, 8))),
            (&[WINDOWS], &["fabriek.verpakken"], None),
            (&[], &["fabriek.verpakken"], None),
        ] {
            let fit = judge(&wishes(&words, liked), &work(&words, tasks));
            assert_eq!(fit.map(|fit| (fit.tasks, fit.weight_of_tasks())), expected, "{liked:?} {tasks:?}");
            let fit = judge(&Wishes { any_task: true, ..wishes(&words, liked) }, &work(&words, tasks));
            let expected = expected.or(Some((TasksFit::Any, 6)));
            assert_eq!(fit.map(|fit| (fit.tasks, fit.weight_of_tasks())), expected, "{liked:?} {tasks:?}");
        }
    }

    #[test]
    fn what_is_nearer_weighs_more_in_fifths_of_her_reach() {
        let words = words();
        let travel = Some(Travel { means: Means::Bicycle, max_km: 10 });
        let she = Wishes { travel, ..wishes(&words, &[WINDOWS]) };
        let weights = (0..=11).map(|east| {
            let it = Work { cell: Cell { x: 144 + east, y: 487 }, ..work(&words, &[WINDOWS]) };
            judge(&she, &it).map(|fit| fit.weight_of_distance())
        });
        let expected = [25, 25, 25, 20, 20, 15, 15, 10, 10, 5, 5].map(Some).into_iter().chain([None]);
        assert!(weights.eq(expected));
    }

    #[test]
    fn the_best_pair_weighs_the_most_and_requirements_hold_nobody_back() {
        let words = words();
        let four = [WINDOWS, "schoonmaken.vloeren", "schoonmaken.stof", "schoonmaken.trappen"];
        let asks = |firmness: &[Firmness]| {
            let kinds = RequirementKind::ALL.iter();
            let all = kinds.flat_map(|kind| {
                firmness.iter().map(|firmness| Requirement { kind: *kind, firmness: *firmness, ground: None })
            });
            Asked::of(&all.collect::<Vec<_>>())
        };
        let she = Wishes {
            hours: Some(Hours { min: 20, max: 32 }),
            dayparts: Dayparts::ALL,
            has: asks(&[Firmness::Needed]).from_the_start(),
            ..wishes(&words, &four)
        };
        let asked = asks(&[Firmness::Legal, Firmness::Needed, Firmness::Learned]);
        let it = Work { route: Route::OpenHiring, asked, ..work(&words, &four) };
        assert_eq!(judge(&she, &it).map(|fit| fit.weight()), Some(MOST));
        assert_eq!(MOST, 115);
        let needed = Work { asked: asks(&[Firmness::Needed]), ..work(&words, &four) };
        assert_eq!(judge(&she, &needed).map(|fit| fit.weight_of_learning()), Some(0));
        let has_nothing = Wishes { has: Kinds::default(), ..she };
        assert_eq!(judge(&has_nothing, &it).map(|fit| fit.weight()), Some(MOST - 5));
        let learned = Work { asked: asks(&[Firmness::Learned]), ..work(&words, &four) };
        assert_eq!(judge(&she, &learned).map(|fit| fit.weight_of_having()), Some(0));
    }

    #[test]
    fn a_first_day_before_she_can_begin_holds_nobody_back() {
        let words = words();
        let day = |day| chrono::NaiveDate::from_ymd_opt(2026, 12, day);
        let she = Wishes { available_from: day(15), ..wishes(&words, &[WINDOWS]) };
        let it = Work { starts_on: day(1), ..work(&words, &[WINDOWS]) };
        let (later, at_once) = (judge(&she, &it), judge(&wishes(&words, &[WINDOWS]), &it));
        assert!(later.is_some() && later == at_once);
    }
}
