//! Why a pair: what fits, what weighs most first, then what to look at. Every point of the weight
//! has its reason here, and no reason that fits is left out.

use proto::{matcher::Reason, vacancies::Firmness, work::Dayparts};

use crate::domain::{
    pair::{Wishes, Work},
    rules::{DaypartsFit, Fit, TasksFit},
    travel,
    words::Words,
};

/// The reasons of a pair that passes.
pub fn reasons(wishes: &Wishes, work: &Work, fit: &Fit, words: &Words) -> Vec<Reason> {
    let km = fit.distance.km();
    let means = travel::means(wishes.travel);
    // Equal weights stand in this order.
    let mut speaks_for = vec![
        (fit.weight_of_tasks(), of_tasks(wishes, work, fit.tasks, words)),
        (fit.weight_of_distance(), vec![Reason::Near { km, means, minutes: means.minutes(km) }]),
    ];
    if fit.hours_told {
        speaks_for.push((fit.weight_of_hours(), vec![Reason::HoursFit { hours: work.hours }]));
    }
    if matches!(fit.dayparts, DaypartsFit::All | DaypartsFit::Some) {
        let dayparts = wishes.dayparts.shared(work.dayparts);
        speaks_for.push((fit.weight_of_dayparts(), vec![Reason::DaypartsFit { dayparts }]));
    }
    if fit.open_hiring {
        speaks_for.push((fit.weight_of_route(), vec![Reason::OpenHiring]));
    }
    let learned = work.asked.with(Firmness::Learned).iter().map(|kind| Reason::LearnedHere { kind });
    speaks_for.push((fit.weight_of_learning(), learned.collect()));
    let has = wishes.has.shared(work.asked.from_the_start()).iter().map(|kind| Reason::Has { kind });
    speaks_for.push((fit.weight_of_having(), has.collect()));
    speaks_for.sort_by_key(|(weight, _)| std::cmp::Reverse(*weight));

    let mut all: Vec<Reason> = speaks_for.into_iter().flat_map(|(_, reasons)| reasons).collect();
    all.extend(to_look_at(wishes, work, fit));
    all
}

/// All tasks she likes; if there are none, the tasks of the work that come near, each with the
/// task she likes that brings it near.
fn of_tasks(wishes: &Wishes, work: &Work, fit: TasksFit, words: &Words) -> Vec<Reason> {
    let near = |is_near: &dyn Fn(u16, u16) -> bool| {
        let of_work = work.tasks.iter();
        let pairs = of_work.filter_map(|task| {
            wishes.tasks.iter().find(|liked| is_near(*liked, task)).map(|liked| Reason::TaskRelated {
                task: words.code(task).clone(),
                liked: words.code(liked).clone(),
            })
        });
        pairs.collect()
    };
    match fit {
        TasksFit::Wanted(_) => {
            let shared = wishes.tasks.shared(work.tasks).iter();
            shared.map(|task| Reason::TaskWanted { task: words.code(task).clone() }).collect()
        }
        TasksFit::SameGroup => near(&|liked, task| words.same_group(liked, task)),
        TasksFit::RelatedGroup => near(&|liked, task| words.related(liked, task)),
        TasksFit::Any => vec![Reason::AnyTask],
    }
}

/// What she should look at herself: she does not have it, we did not ask her, or she did not tell.
fn to_look_at(wishes: &Wishes, work: &Work, fit: &Fit) -> Vec<Reason> {
    let mut all = Vec::new();
    for firmness in [Firmness::Legal, Firmness::Needed] {
        let lacks = work.asked.with(firmness).without(wishes.has);
        all.extend(lacks.iter().map(|kind| Reason::Asked { kind, firmness }));
    }
    if let Some(starts_on) = begins_earlier(wishes, work) {
        all.push(Reason::BeginsEarlier { starts_on });
    }
    match fit.dayparts {
        DaypartsFit::Some => {
            let missing = missing(wishes.dayparts, work.dayparts);
            all.extend(missing.iter().map(|daypart| Reason::DaypartMissing { daypart }));
        }
        DaypartsFit::NotTold => all.push(Reason::DaypartsNotTold),
        DaypartsFit::All | DaypartsFit::NotAsked => {}
    }
    if !fit.hours_told {
        all.push(Reason::HoursNotTold { hours: work.hours });
    }
    if wishes.travel.is_none() {
        all.push(Reason::TravelNotTold { usual_km: travel::USUAL_KM });
    }
    all
}

/// The first day of the work, if it lies before the day from which she can work.
fn begins_earlier(wishes: &Wishes, work: &Work) -> Option<chrono::NaiveDate> {
    let available_from = wishes.available_from?;
    work.starts_on.filter(|starts_on| *starts_on < available_from)
}

fn missing(hers: Dayparts, of_work: Dayparts) -> Dayparts {
    of_work.iter().filter(|part| !hers.contains(*part)).collect()
}

#[cfg(test)]
mod tests {
    use proto::{
        EmployerId, OpenFileId, OpeningId, SeekerId,
        intake::ProfilePublished,
        vacancies::{OpeningPublished, Requirement, RequirementKind},
        work::{Area, Cell, Daypart, Hours, LanguageLevel, Licence, Means, Route, Spoken, TaskCode, Travel},
    };
    use reference::Reference;
    use uuid::Uuid;

    use super::*;
    use crate::domain::rules::judge;

    fn area(x: i16) -> Area {
        Area { cell: Cell { x, y: 487 }, municipality: "GM0034".to_owned(), region: "AM11".to_owned() }
    }

    /// Somebody who told nothing but where she lives.
    fn somebody() -> ProfilePublished {
        ProfilePublished {
            seeker_id: SeekerId(Uuid::nil()),
            version: 1,
            area: area(140),
            tasks: Vec::new(),
            any_task: false,
            dayparts: Dayparts::default(),
            hours: None,
            travel: None,
            open_file_id: OpenFileId(Uuid::nil()),
            open_file: false,
            adviser: false,
            paused: false,
            available_from: None,
            languages: Vec::new(),
            licences: Vec::new(),
            shown_support: Vec::new(),
        }
    }

    fn opening(tasks: &[&str]) -> OpeningPublished {
        OpeningPublished {
            opening_id: OpeningId(Uuid::nil()),
            version: 1,
            employer_id: EmployerId(Uuid::nil()),
            route: Route::Regular,
            tasks: tasks.iter().map(|code| TaskCode::from(*code)).collect(),
            area: area(143),
            hours: Hours { min: 20, max: 32 },
            dayparts: [Daypart::Morning, Daypart::Evening].into_iter().collect(),
            starts_on: None,
            places: 1,
            requirements: Vec::new(),
            support: Vec::new(),
        }
    }

    fn told(profile: &ProfilePublished, opening: &OpeningPublished) -> Vec<Reason> {
        let words = Words::of(&Reference::small()).unwrap();
        let (wishes, work) = (Wishes::of_profile(profile, &words), Work::of_opening(opening, &words));
        let fit = judge(&wishes, &work).expect("the pair passes");
        reasons(&wishes, &work, &fit, &words)
    }

    #[test]
    fn who_told_nothing_sees_what_to_look_at_and_no_refusal() {
        assert_eq!(
            told(&somebody(), &opening(&["schoonmaken.ramen"])),
            [
                Reason::Near { km: 3.0, means: Means::Bicycle, minutes: 15 },
                Reason::AnyTask,
                Reason::DaypartsNotTold,
                Reason::HoursNotTold { hours: Hours { min: 20, max: 32 } },
                Reason::TravelNotTold { usual_km: 15 },
            ]
        );
    }

    #[test]
    fn all_tasks_she_likes_are_named_in_the_order_of_the_vocabulary() {
        let tasks = ["schoonmaken.trappen", "schoonmaken.ramen", "schoonmaken.vloeren"];
        let she = ProfilePublished {
            tasks: tasks[..2].iter().map(|code| TaskCode::from(*code)).collect(),
            ..somebody()
        };
        assert_eq!(
            told(&she, &opening(&tasks))[..2],
            ["schoonmaken.ramen", "schoonmaken.trappen"].map(|task| Reason::TaskWanted { task: task.into() })
        );
    }

    #[test]
    fn a_task_that_comes_near_is_named_with_the_one_that_brings_it_near() {
        let related = |liked: &str, tasks: &[&str]| {
            let she = ProfilePublished { tasks: vec![liked.into()], any_task: true, ..somebody() };
            let reasons = told(&she, &opening(tasks)).into_iter();
            let pairs = reasons.filter_map(|reason| match reason {
                Reason::TaskRelated { task, liked } => Some((task.0, liked.0)),
                _ => None,
            });
            pairs.collect::<Vec<_>>()
        };
        let pair = |task: &str, liked: &str| (task.to_owned(), liked.to_owned());
        let (windows, floors, ironing) = ("schoonmaken.ramen", "schoonmaken.vloeren", "textiel.strijken");
        assert_eq!(related(windows, &[ironing, floors]), [pair(floors, windows)]);
        assert_eq!(related(windows, &[ironing, "fabriek.verpakken"]), [pair(ironing, windows)]);
        assert_eq!(related(windows, &["fabriek.verpakken"]), []);
    }

    #[test]
    fn what_weighs_most_stands_first_and_what_to_look_at_last() {
        let she = ProfilePublished {
            tasks: vec!["schoonmaken.ramen".into()],
            dayparts: [Daypart::Evening, Daypart::Night].into_iter().collect(),
            hours: Some(Hours { min: 32, max: 40 }),
            travel: Some(Travel { means: Means::Car, max_km: 5 }),
            ..somebody()
        };
        let asks = |kind, firmness| Requirement { kind, firmness, ground: None };
        let work = OpeningPublished {
            route: Route::OpenHiring,
            requirements: vec![
                asks(RequirementKind::Experience, Firmness::Learned),
                asks(RequirementKind::DrivingLicence, Firmness::Needed),
                asks(RequirementKind::Adult, Firmness::Legal),
            ],
            ..opening(&["schoonmaken.ramen"])
        };
        assert_eq!(
            told(&she, &work),
            [
                Reason::TaskWanted { task: "schoonmaken.ramen".into() },
                Reason::Near { km: 3.0, means: Means::Car, minutes: 5 },
                Reason::HoursFit { hours: work.hours },
                Reason::OpenHiring,
                Reason::DaypartsFit { dayparts: [Daypart::Evening].into_iter().collect() },
                Reason::LearnedHere { kind: RequirementKind::Experience },
                Reason::Asked { kind: RequirementKind::Adult, firmness: Firmness::Legal },
                Reason::Asked { kind: RequirementKind::DrivingLicence, firmness: Firmness::Needed },
                Reason::DaypartMissing { daypart: Daypart::Morning },
            ]
        );
    }
    #[test]
    fn what_she_has_is_said_and_what_she_lacks_is_to_be_looked_at() {
        let asks = |kind, firmness| Requirement { kind, firmness, ground: None };
        let she = ProfilePublished {
            any_task: true,
            languages: vec![Spoken { language: "nld".to_owned(), level: LanguageLevel::Simple }],
            licences: vec![Licence::B, Licence::Vca],
            ..somebody()
        };
        let work = OpeningPublished {
            requirements: vec![
                asks(RequirementKind::DrivingLicence, Firmness::Needed),
                asks(RequirementKind::GoodDutch, Firmness::Needed),
                asks(RequirementKind::SimpleDutch, Firmness::Legal),
                asks(RequirementKind::Vca, Firmness::Learned),
            ],
            ..opening(&["schoonmaken.ramen"])
        };
        assert_eq!(
            told(&she, &work)[2..6],
            [
                Reason::LearnedHere { kind: RequirementKind::Vca },
                Reason::Has { kind: RequirementKind::DrivingLicence },
                Reason::Has { kind: RequirementKind::SimpleDutch },
                Reason::Asked { kind: RequirementKind::GoodDutch, firmness: Firmness::Needed },
            ]
        );
    }

    #[test]
    fn work_that_begins_before_she_can_is_to_be_looked_at() {
        let day = |day| chrono::NaiveDate::from_ymd_opt(2026, 12, day).unwrap();
        let begins = |available_from, starts_on| {
            let she = ProfilePublished { available_from, ..somebody() };
            let work = OpeningPublished { starts_on, ..opening(&["schoonmaken.ramen"]) };
            told(&she, &work).into_iter().find(|reason| matches!(reason, Reason::BeginsEarlier { .. }))
        };
        let earlier = Reason::BeginsEarlier { starts_on: day(14) };
        assert_eq!(begins(Some(day(15)), Some(day(14))), Some(earlier));
        for (available_from, starts_on) in
            [(Some(day(15)), Some(day(15))), (Some(day(15)), None), (None, Some(day(1))), (None, None)]
        {
            assert_eq!(begins(available_from, starts_on), None);
        }
    }
}
