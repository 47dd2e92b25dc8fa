//! All that the rules may read of a person and of an opening. What is not in these two types
//! cannot count: not her name, age, sex, origin, nationality, benefit, health, needs or gaps.

use chrono::NaiveDate;
use proto::{
    intake::ProfilePublished,
    matcher::{CountOpenings, CountPeople},
    vacancies::{Firmness, OpeningPublished, Requirement, RequirementKind},
    work::{Cell, Dayparts, Hours, LanguageLevel, Licence, Means, Route, Travel},
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
    /// What she has of all that can be asked, by what she told.
    pub has: Kinds,
    /// From which day on she can work; `None` means now.
    pub available_from: Option<NaiveDate>,
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
            has: Kinds::of_profile(profile),
            available_from: profile.available_from,
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
            has: Kinds::default(),
            available_from: None,
        }
    }
}

/// The language whose level an opening can ask (ISO 639-3).
const DUTCH: &str = "nld";

/// Kinds of requirements, one bit each.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Kinds(u16);

impl Kinds {
    /// What a person has, by what she told. Age, conduct, diplomas and experience are not in a profile:
    /// nobody has or lacks them here.
    fn of_profile(profile: &ProfilePublished) -> Self {
        let has_one_of = |licences: &[Licence]| profile.licences.iter().any(|one| licences.contains(one));
        let speaks = |level: LanguageLevel| {
            profile.languages.iter().any(|spoken| spoken.language == DUTCH && spoken.level >= level)
        };
        RequirementKind::ALL
            .iter()
            .copied()
            .filter(|kind| match kind {
                // Who may drive a lorry or a bus may drive a car (C and D are given to who has B).
                RequirementKind::DrivingLicence => {
                    has_one_of(&[Licence::B, Licence::Be, Licence::C, Licence::Ce, Licence::D])
                }
                RequirementKind::OwnCar => profile.travel.is_some_and(|travel| travel.means == Means::Car),
                RequirementKind::Forklift => has_one_of(&[Licence::Forklift]),
                RequirementKind::Vca => has_one_of(&[Licence::Vca]),
                RequirementKind::SimpleDutch => speaks(LanguageLevel::Simple),
                RequirementKind::GoodDutch => speaks(LanguageLevel::Good),
                RequirementKind::Adult
                | RequirementKind::CertificateOfConduct
                | RequirementKind::Diploma
                | RequirementKind::Experience => false,
            })
            .fold(Self::default(), Self::with)
    }

    fn with(self, kind: RequirementKind) -> Self {
        Self(self.0 | 1 << kind as u16)
    }

    /// What both have.
    #[must_use]
    pub fn shared(self, other: Self) -> Self {
        Self(self.0 & other.0)
    }

    /// What is in here and not in the other.
    #[must_use]
    pub fn without(self, other: Self) -> Self {
        Self(self.0 & !other.0)
    }

    /// Whether nothing is in it.
    pub fn is_empty(self) -> bool {
        self.0 == 0
    }

    /// The kinds in the order of the list of all that can be asked.
    pub fn iter(self) -> impl Iterator<Item = RequirementKind> {
        RequirementKind::ALL.iter().copied().filter(move |kind| self.0 & (1 << *kind as u16) != 0)
    }
}

/// What is asked, by firmness.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Asked {
    legal: Kinds,
    needed: Kinds,
    learned: Kinds,
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
            *kinds = kinds.with(*kind);
        }
        asked
    }

    /// What is asked with this firmness.
    pub fn with(self, firmness: Firmness) -> Kinds {
        match firmness {
            Firmness::Legal => self.legal,
            Firmness::Needed => self.needed,
            Firmness::Learned => self.learned,
        }
    }

    /// What is asked from the first day, by law or by the work.
    pub fn from_the_start(self) -> Kinds {
        Kinds(self.legal.0 | self.needed.0)
    }

    /// Whether something that is asked is learned at work.
    pub fn teaches(self) -> bool {
        !self.learned.is_empty()
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
    /// The first working day, if fixed.
    pub starts_on: Option<NaiveDate>,
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
            starts_on: opening.starts_on,
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
            starts_on: None,
        }
    }
}

#[cfg(test)]
mod tests {
    use proto::{
        OpenFileId, SeekerId,
        work::{Area, Spoken},
    };
    use uuid::Uuid;

    use super::*;

    fn has(
        licences: &[Licence],
        languages: &[(&str, LanguageLevel)],
        means: Option<Means>,
    ) -> Vec<RequirementKind> {
        let profile = ProfilePublished {
            seeker_id: SeekerId(Uuid::nil()),
            version: 1,
            area: Area {
                cell: Cell { x: 140, y: 487 },
                municipality: "GM0034".to_owned(),
                region: "AM11".to_owned(),
            },
            tasks: Vec::new(),
            any_task: false,
            dayparts: Dayparts::default(),
            hours: None,
            travel: means.map(|means| Travel { means, max_km: 10 }),
            open_file_id: OpenFileId(Uuid::nil()),
            open_file: false,
            adviser: false,
            paused: false,
            available_from: None,
            languages: languages
                .iter()
                .map(|(language, level)| Spoken { language: (*language).to_owned(), level: *level })
                .collect(),
            licences: licences.to_vec(),
            shown_support: Vec::new(),
        };
        Kinds::of_profile(&profile).iter().collect()
    }

    #[test]
    fn who_may_drive_a_car_has_the_licence_and_a_moped_is_no_car() {
        use RequirementKind::DrivingLicence;
        for licence in [Licence::B, Licence::Be, Licence::C, Licence::Ce, Licence::D] {
            assert_eq!(has(&[licence], &[], None), [DrivingLicence], "{licence:?}");
        }
        for licence in [Licence::Am, Licence::A, Licence::T] {
            assert_eq!(has(&[licence], &[], None), [], "{licence:?}");
        }
    }

    #[test]
    fn papers_and_a_car_count_as_what_they_are() {
        use RequirementKind::{Forklift, OwnCar, Vca};
        assert_eq!(has(&[Licence::Vca, Licence::Forklift], &[], None), [Forklift, Vca]);
        assert_eq!(has(&[], &[], Some(Means::Car)), [OwnCar]);
        assert_eq!(has(&[], &[], Some(Means::Bicycle)), []);
    }

    #[test]
    fn dutch_is_held_against_the_level_that_is_asked_and_no_other_language_is() {
        use LanguageLevel::{FewWords, Fluent, Good, Simple};
        use RequirementKind::{GoodDutch, SimpleDutch};
        assert_eq!(has(&[], &[("nld", FewWords), ("tur", Fluent)], None), []);
        assert_eq!(has(&[], &[("tur", Good), ("nld", Simple)], None), [SimpleDutch]);
        for level in [Good, Fluent] {
            assert_eq!(has(&[], &[("nld", level)], None), [SimpleDutch, GoodDutch]);
        }
    }
}
