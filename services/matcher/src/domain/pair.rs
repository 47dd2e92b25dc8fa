//! All that the rules may read of a person and of an opening. What is not in these two types
//! cannot count: not her name, age, sex, origin, nationality, benefit, health, needs or gaps.

use proto::{
    intake::ProfilePublished,
    matcher::{CountOpenings, CountPeople},
    vacancies::{Firmness, OpeningPublished, Requirement, RequirementKind},
    work::{Cell, Dayparts, Hours, Route, Travel},
};

use crate::domain::words::{GroupSet, TaskSet, Words};

/// What a person wants and can.
#[derive(Debug, Clone, Copy)]
pub struct Wishes {
    /// About where she lives.
    pub cell: Cell,
    /// Tasks she likes.
    pub tasks: TaskSet,
    /// The groups of those tasks.
    pub groups: GroupSet,
    /// The groups whose work is much like theirs.
    pub related_groups: GroupSet,
    /// She said "alles mag", or named no task at all.
    pub any_task: bool,
    /// When she can work; empty means not told.
    pub dayparts: Dayparts,
    /// Hours a week, if told.
    pub hours: Option<Hours>,
    /// How far and by which means, if told.
    pub travel: Option<Travel>,
}

impl Wishes {
    /// Those of an anonymous profile.
    pub fn of_profile(profile: &ProfilePublished, words: &Words) -> Self {
        let tasks = words.set(&profile.tasks);
        Self {
            cell: profile.area.cell,
            tasks,
            groups: words.groups(tasks),
            related_groups: words.related_groups(tasks),
            any_task: profile.any_task || profile.tasks.is_empty(),
            dayparts: profile.dayparts,
            hours: profile.hours,
            travel: profile.travel,
        }
    }

    /// Those of someone who is looking around.
    pub fn of_visitor(query: &CountOpenings, words: &Words) -> Self {
        let tasks = words.set(&query.tasks);
        Self {
            cell: query.cell,
            tasks,
            groups: words.groups(tasks),
            related_groups: words.related_groups(tasks),
            any_task: query.any_task || query.tasks.is_empty(),
            dayparts: query.dayparts,
            hours: query.hours,
            travel: query.travel,
        }
    }
}

/// What is asked, by firmness.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Asked {
    legal: u8,
    needed: u8,
    learned: u8,
}

impl Asked {
    /// Packs requirements.
    pub fn of(requirements: &[Requirement]) -> Self {
        let mut asked = Self::default();
        for Requirement { kind, firmness, .. } in requirements {
            let kinds = match firmness {
                Firmness::Legal => &mut asked.legal,
                Firmness::Needed => &mut asked.needed,
                Firmness::Learned => &mut asked.learned,
            };
            *kinds |= 1 << *kind as u8;
        }
        asked
    }

    /// What is asked with this firmness, in the order of the list of all that can be asked.
    pub fn with(self, firmness: Firmness) -> impl Iterator<Item = RequirementKind> {
        let kinds = match firmness {
            Firmness::Legal => self.legal,
            Firmness::Needed => self.needed,
            Firmness::Learned => self.learned,
        };
        RequirementKind::ALL.into_iter().filter(move |kind| kinds & (1 << *kind as u8) != 0)
    }

    /// Whether something that is asked is learned at work.
    pub fn teaches(self) -> bool {
        self.learned != 0
    }
}

/// What an opening is.
#[derive(Debug, Clone, Copy)]
pub struct Work {
    /// Where.
    pub cell: Cell,
    /// Tasks of the work.
    pub tasks: TaskSet,
    /// The groups of those tasks.
    pub groups: GroupSet,
    /// When the work is done.
    pub dayparts: Dayparts,
    /// Hours a week.
    pub hours: Hours,
    /// Which route.
    pub route: Route,
    /// How many people can start.
    pub places: u16,
    /// What is asked.
    pub asked: Asked,
}

impl Work {
    /// That of an opening.
    pub fn of_opening(opening: &OpeningPublished, words: &Words) -> Self {
        let tasks = words.set(&opening.tasks);
        Self {
            cell: opening.area.cell,
            tasks,
            groups: words.groups(tasks),
            dayparts: opening.dayparts,
            hours: opening.hours,
            route: opening.route,
            places: opening.places,
            asked: Asked::of(&opening.requirements),
        }
    }

    /// That of an opening someone is thinking of.
    pub fn of_idea(query: &CountPeople, words: &Words) -> Self {
        let tasks = words.set(&query.tasks);
        Self {
            cell: query.area.cell,
            tasks,
            groups: words.groups(tasks),
            dayparts: query.dayparts,
            hours: query.hours,
            route: query.route,
            places: 1,
            asked: Asked::default(),
        }
    }
}
