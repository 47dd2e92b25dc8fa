//! The index answers what the published rules say, whatever the data: every answer is held against
//! an oracle that knows no index, no bit sets and no weights table, only the two events, the
//! vocabulary and the sentences of `/zo-werkt-het`.

use std::{
    collections::HashSet,
    sync::{Arc, LazyLock},
};

use chrono::NaiveDate;
use matcher::domain::{
    index::{Index, Marks, Visible},
    pair::{Wishes, Work},
    rules::MOST,
    words::Words,
};
use proptest::{collection::vec, option, prelude::*, sample::subsequence};
use proto::{
    EmployerId, OpenFileId, OpeningId, SeekerId,
    intake::ProfilePublished,
    matcher::{CountOpenings, CountPeople, Reason},
    vacancies::{Firmness, OpeningPublished, Requirement, RequirementKind},
    work::{
        Area, Cell, Dayparts, Hours, LanguageLevel, Licence, Means, Route, Spoken, Support, TaskCode, Travel,
    },
};
use reference::{Nearness, Reference};
use uuid::Uuid;

static REFERENCE: LazyLock<Reference> = LazyLock::new(Reference::small);

/// What the sentences say of one pair: `None` when it does not pass.
fn oracle(reference: &Reference, profile: &ProfilePublished, opening: &OpeningPublished) -> Option<u16> {
    let usual = Travel { means: Means::Bicycle, max_km: 15 };
    let reach = f64::from(profile.travel.unwrap_or(usual).max_km);
    let km = profile.area.cell.distance_km(opening.area.cell);
    let hours_suit = profile.hours.is_none_or(|hours| hours.overlap(opening.hours));
    let shared = profile.dayparts.shared(opening.dayparts);
    let dayparts_suit = profile.dayparts.is_empty() || opening.dayparts.is_empty() || !shared.is_empty();
    if opening.places == 0 || km > reach || !hours_suit || !dayparts_suit {
        return None;
    }
    let nearness = |task: &TaskCode| {
        let liked = profile.tasks.iter().map(|liked| reference.tasks.nearness(&liked.0, &task.0));
        liked.max().unwrap_or(Nearness::Apart)
    };
    let all: Vec<Nearness> = opening.tasks.iter().map(nearness).collect();
    let tasks = match all.iter().max().copied().unwrap_or(Nearness::Apart) {
        Nearness::Same => {
            let wanted = all.iter().filter(|nearness| **nearness == Nearness::Same).count();
            30 + [0, 5, 10][(wanted - 1).min(2)]
        }
        Nearness::SameGroup => 15,
        Nearness::RelatedGroup => 8,
        Nearness::Apart if profile.any_task || profile.tasks.is_empty() => 6,
        Nearness::Apart => return None,
    };
    let near = [(0.2, 25), (0.4, 20), (0.6, 15), (0.8, 10)];
    // A hair's breadth for what a floating point number cannot say exactly.
    let near = near.iter().find(|(share, _)| km <= reach * share + 1e-9).map_or(5, |(_, weight)| *weight);
    let hours = if profile.hours.is_some() { 15 } else { 0 };
    let dayparts = match (profile.dayparts.is_empty(), shared.is_empty()) {
        (true, _) | (_, true) => 0,
        _ if profile.dayparts.covers(opening.dayparts) => 15,
        _ => 8,
    };
    let route = if opening.route == Route::OpenHiring { 10 } else { 0 };
    let learned =
        if opening.requirements.iter().any(|asked| asked.firmness == Firmness::Learned) { 5 } else { 0 };
    let asked_and_had = opening
        .requirements
        .iter()
        .any(|asked| asked.firmness != Firmness::Learned && has(profile, asked.kind));
    let has = if asked_and_had { 5 } else { 0 };
    Some(tasks + near + hours + dayparts + route + learned + has)
}

/// Whether her profile says that she has what is asked.
fn has(profile: &ProfilePublished, kind: RequirementKind) -> bool {
    let licence = |codes: &[&str]| profile.licences.iter().any(|licence| codes.contains(&licence.name()));
    let dutch = |levels: &[&str]| {
        let of_dutch = profile.languages.iter().filter(|spoken| spoken.language == "nld");
        of_dutch.into_iter().any(|spoken| levels.contains(&spoken.level.name()))
    };
    match kind {
        RequirementKind::DrivingLicence => licence(&["b", "be", "c", "ce", "d"]),
        RequirementKind::Forklift => licence(&["forklift"]),
        RequirementKind::Vca => licence(&["vca"]),
        RequirementKind::OwnCar => profile.travel.is_some_and(|travel| travel.means.name() == "car"),
        RequirementKind::SimpleDutch => dutch(&["simple", "good", "fluent"]),
        RequirementKind::GoodDutch => dutch(&["good", "fluent"]),
        _ => false,
    }
}

/// What she has, lacks and cannot be in time for, as the reasons must say it.
fn asked_of_her(profile: &ProfilePublished, opening: &OpeningPublished) -> Vec<Reason> {
    let mut all = Vec::new();
    for kind in RequirementKind::ALL {
        let asked = opening.requirements.iter().filter(|asked| asked.kind == *kind);
        if asked.clone().any(|asked| asked.firmness != Firmness::Learned) && has(profile, *kind) {
            all.push(Reason::Has { kind: *kind });
        }
    }
    for firmness in [Firmness::Legal, Firmness::Needed] {
        for kind in RequirementKind::ALL {
            let asked = Requirement { kind: *kind, firmness, ground: None };
            if opening.requirements.contains(&asked) && !has(profile, *kind) {
                all.push(Reason::Asked { kind: *kind, firmness });
            }
        }
    }
    if let (Some(starts_on), Some(from)) = (opening.starts_on, profile.available_from)
        && starts_on < from
    {
        all.push(Reason::BeginsEarlier { starts_on });
    }
    all
}

/// What reasons weigh, read back from the answer alone. The five weights of distance need her reach.
fn weight_of(reasons: &[Reason], reference: &Reference, profile: &ProfilePublished, km: f64) -> u16 {
    let has = |is: &dyn Fn(&Reason) -> bool| reasons.iter().any(is);
    let wanted = reasons.iter().filter(|reason| matches!(reason, Reason::TaskWanted { .. })).count();
    let near_task = reasons.iter().find_map(|reason| match reason {
        Reason::TaskRelated { task, liked } => Some(reference.tasks.nearness(&task.0, &liked.0)),
        _ => None,
    });
    let tasks = match (wanted, near_task) {
        (1.., _) => 30 + [0, 5, 10][(wanted - 1).min(2)],
        (0, Some(Nearness::SameGroup)) => 15,
        (0, Some(Nearness::RelatedGroup)) => 8,
        (0, None) if has(&|reason| *reason == Reason::AnyTask) => 6,
        other => panic!("{other:?} has no reason of tasks"),
    };
    let reach = f64::from(profile.travel.map_or(15, |travel| travel.max_km));
    let near =
        [0.2, 0.4, 0.6, 0.8].iter().filter(|share| km <= reach * **share + 1e-9).count() as u16 * 5 + 5;
    let hours = if has(&|reason| matches!(reason, Reason::HoursFit { .. })) { 15 } else { 0 };
    let missing = has(&|reason| matches!(reason, Reason::DaypartMissing { .. }));
    let dayparts = match (has(&|reason| matches!(reason, Reason::DaypartsFit { .. })), missing) {
        (true, false) => 15,
        (true, true) => 8,
        (false, _) => 0,
    };
    let route = if has(&|reason| *reason == Reason::OpenHiring) { 10 } else { 0 };
    let learned = if has(&|reason| matches!(reason, Reason::LearnedHere { .. })) { 5 } else { 0 };
    let having = if has(&|reason| matches!(reason, Reason::Has { .. })) { 5 } else { 0 };
    tasks + near + hours + dayparts + route + learned + having
}

fn some_tasks(most: usize) -> impl Strategy<Value = Vec<TaskCode>> {
    let codes: Vec<TaskCode> =
        REFERENCE.tasks.tasks().iter().map(|task| TaskCode::from(task.code.as_str())).collect();
    subsequence(codes, 0..=most)
}

fn dayparts() -> impl Strategy<Value = Dayparts> {
    (0..32_u8).prop_map(Dayparts::from_bits)
}

fn hours() -> impl Strategy<Value = Hours> {
    (1..=48_u8, 0..=20_u8).prop_map(|(min, more)| Hours { min, max: (min + more).min(48) })
}

fn travel() -> impl Strategy<Value = Travel> {
    (0..4_usize, 1..=100_u8).prop_map(|(means, max_km)| Travel { means: Means::ALL[means], max_km })
}

/// Near enough to each other that about half is within reach, with some far off and out of any map.
fn area() -> impl Strategy<Value = Area> {
    let cell = prop_oneof![
        20 => (100..140_i16, 440..480_i16).prop_map(|(x, y)| Cell { x, y }),
        1 => (any::<i16>(), any::<i16>()).prop_map(|(x, y)| Cell { x, y }),
    ];
    (cell, 0..5_u16).prop_map(|(cell, municipality)| Area {
        cell,
        municipality: format!("GM{municipality:04}"),
        region: "AM11".to_owned(),
    })
}

fn day() -> impl Strategy<Value = NaiveDate> {
    (1..=6_u32).prop_map(|day| NaiveDate::from_ymd_opt(2026, 12, day).expect("a day of December"))
}

prop_compose! {
    fn profile()(
        area in area(), tasks in some_tasks(4), any_task in prop::bool::weighted(0.2), dayparts in dayparts(),
        hours in option::of(hours()), travel in option::of(travel()), consents in any::<(bool, bool)>(),
        paused in prop::bool::weighted(0.2), available_from in option::of(day()),
        languages in vec((0..2_usize, 0..4_usize), 0..3), licences in subsequence(Licence::ALL, 0..4),
        shown_support in subsequence(Support::ALL, 0..4),
    ) -> ProfilePublished {
        let languages = languages.into_iter().map(|(language, level)| Spoken {
            language: ["nld", "tur"][language].to_owned(), level: LanguageLevel::ALL[level],
        });
        ProfilePublished {
            seeker_id: SeekerId(Uuid::nil()), version: 1, area, tasks, any_task, dayparts, hours, travel,
            open_file_id: OpenFileId(Uuid::nil()), open_file: consents.0, adviser: consents.1, paused,
            available_from, languages: languages.collect(), licences, shown_support,
        }
    }
}

prop_compose! {
    fn opening()(
        area in area(), tasks in some_tasks(6), dayparts in dayparts(), hours in hours(), open_hiring: bool,
        places in 0..4_u16, asked in vec((0..RequirementKind::ALL.len(), 0..3_usize), 0..4),
        starts_on in option::of(day()),
    ) -> OpeningPublished {
        let firmness = [Firmness::Legal, Firmness::Needed, Firmness::Learned];
        OpeningPublished {
            opening_id: OpeningId(Uuid::nil()), version: 1, employer_id: EmployerId(Uuid::from_u128(1)),
            route: if open_hiring { Route::OpenHiring } else { Route::Regular }, tasks, area, hours, dayparts,
            starts_on, places, support: Vec::new(),
            requirements: asked
                .into_iter()
                .map(|(kind, firm)| Requirement {
                    kind: RequirementKind::ALL[kind], firmness: firmness[firm], ground: None,
                })
                .collect(),
        }
    }
}

/// Ids that do not sort as the numbers do.
fn scattered(number: usize, salt: u128) -> Uuid {
    Uuid::from_u128((number as u128 + 1).wrapping_mul(0x9e37_79b9_7f4a_7c15_f39c_c060_5ced_c835) ^ salt)
}

#[derive(Debug, Clone)]
struct World {
    people: Vec<ProfilePublished>,
    openings: Vec<OpeningPublished>,
}

fn world() -> impl Strategy<Value = World> {
    (vec(profile(), 1..25), vec(opening(), 1..25)).prop_map(|(mut people, mut openings)| {
        for (number, profile) in people.iter_mut().enumerate() {
            profile.seeker_id = SeekerId(scattered(number, 1));
            profile.open_file_id = OpenFileId(scattered(number, 2));
        }
        for (number, opening) in openings.iter_mut().enumerate() {
            opening.opening_id = OpeningId(scattered(number, 3));
        }
        World { people, openings }
    })
}

fn index_of(reference: &Reference, world: &World) -> Index {
    let mut index = Index::new(Arc::new(Words::of(reference).expect("the vocabulary fits")));
    for profile in &world.people {
        index.put_person(profile);
    }
    for opening in &world.openings {
        index.put_opening(opening);
    }
    index
}

/// Kilometres as the rules compare them: whole and squared.
fn squared(profile: &ProfilePublished, opening: &OpeningPublished) -> i64 {
    let (a, b) = (profile.area.cell, opening.area.cell);
    (i64::from(a.x) - i64::from(b.x)).pow(2) + (i64::from(a.y) - i64::from(b.y)).pow(2)
}

fn holds(reference: &Reference, index: &Index, world: &World) -> Result<(), TestCaseError> {
    let nothing = HashSet::new();
    for profile in &world.people {
        let mut expected: Vec<_> = world
            .openings
            .iter()
            .filter_map(|opening| Some((oracle(reference, profile, opening)?, opening)))
            .map(|(weight, opening)| (u16::MAX - weight, squared(profile, opening), opening.opening_id))
            .collect();
        expected.sort_unstable();
        for limit in [0, 1, 7, 100] {
            let found = index.openings_for(profile.seeker_id, &nothing, limit).expect("she is known");
            let ids: Vec<_> = found
                .proposals
                .iter()
                .map(|proposal| (u16::MAX - proposal.weight, proposal.opening_id))
                .collect();
            let wanted: Vec<_> = expected.iter().take(limit).map(|(weight, _, id)| (*weight, *id)).collect();
            prop_assert_eq!(ids, wanted);
            prop_assert_eq!(found.total as usize, expected.len());
            let all = index.all_openings_for(profile.seeker_id).len();
            prop_assert_eq!(all, if profile.paused { 0 } else { expected.len() });
            for proposal in &found.proposals {
                let opening = world
                    .openings
                    .iter()
                    .find(|one| one.opening_id == proposal.opening_id)
                    .expect("it exists");
                let km = profile.area.cell.distance_km(opening.area.cell);
                prop_assert!((proposal.km - km).abs() < 0.051);
                prop_assert!(proposal.weight <= MOST);
                prop_assert_eq!(proposal.weight, weight_of(&proposal.reasons, reference, profile, km));
                let fits: Vec<bool> = proposal.reasons.iter().map(Reason::fits).collect();
                prop_assert!(fits.is_sorted_by(|a, b| a >= b), "{:?}", proposal.reasons);
                let of_asking = |reason: &&Reason| {
                    matches!(reason, Reason::Has { .. } | Reason::Asked { .. } | Reason::BeginsEarlier { .. })
                };
                let told: Vec<Reason> = proposal.reasons.iter().filter(of_asking).cloned().collect();
                prop_assert_eq!(told, asked_of_her(profile, opening));
            }
        }
    }
    for opening in &world.openings {
        let mut all = 0;
        let mut visible = Vec::new();
        for profile in &world.people {
            if !profile.paused && oracle(reference, profile, opening).is_some() {
                all += 1;
                if profile.open_file {
                    visible.push((squared(profile, opening), profile.open_file_id));
                }
            }
        }
        visible.sort_unstable();
        for page in [0..100, 0..3, 3..6, 50..60] {
            let found = index
                .people_for(opening.opening_id, Visible::ToEmployers, &Marks::default(), page.clone())
                .expect("it is open");
            let wanted: Vec<_> =
                visible.iter().skip(page.start).take(page.len()).map(|(_, id)| *id).collect();
            prop_assert_eq!(found.people.iter().map(|one| one.open_file_id).collect::<Vec<_>>(), wanted);
            prop_assert_eq!((found.visible as usize, found.all), (visible.len(), all));
            prop_assert_eq!(found.seeker_ids.len(), found.people.len());
            for (seeker_id, shown) in found.seeker_ids.iter().zip(&found.people) {
                let told = world.people.iter().find(|one| one.seeker_id == *seeker_id).expect("she exists");
                prop_assert!(told.open_file && !told.paused);
                prop_assert_eq!(&shown.shown_support, &told.shown_support);
                prop_assert_eq!(shown.open_file_id, told.open_file_id);
                prop_assert_eq!(&shown.tasks, &told.tasks);
                prop_assert_eq!((shown.any_task, shown.dayparts), (told.any_task, told.dayparts));
                prop_assert_eq!((shown.hours, &shown.municipality), (told.hours, &told.area.municipality));
            }
        }
    }
    Ok(())
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 32, ..ProptestConfig::default() })]

    #[test]
    fn the_index_answers_what_the_rules_say_both_ways(world in world()) {
        let reference = &*REFERENCE;
        holds(reference, &index_of(reference, &world), &world)?;
    }

    #[test]
    fn it_still_does_after_people_and_openings_moved_changed_and_left(
        before in world(), mut after in world(), gone in vec(any::<bool>(), 50),
    ) {
        let reference = &*REFERENCE;
        let mut index = index_of(reference, &before);
        for profile in &after.people {
            index.put_person(profile);
        }
        for opening in &after.openings {
            index.put_opening(opening);
        }
        // Whoever was only there before stays as she was; then some leave.
        let (people, openings) = (after.people.len(), after.openings.len());
        after.people.extend(before.people.into_iter().skip(people));
        after.openings.extend(before.openings.into_iter().skip(openings));
        let (leaves, closes) = gone.split_at(25);
        for (profile, _) in after.people.iter().zip(leaves).filter(|(_, gone)| **gone) {
            index.remove_person(profile.seeker_id);
            index.remove_person(profile.seeker_id);
            prop_assert!(index.openings_for(profile.seeker_id, &HashSet::new(), 1).is_none());
        }
        for (opening, _) in after.openings.iter().zip(closes).filter(|(_, gone)| **gone) {
            index.remove_opening(opening.opening_id);
            prop_assert!(index.employer_of(opening.opening_id).is_none());
        }
        let mut stays = leaves.iter();
        after.people.retain(|_| stays.next() != Some(&true));
        let mut stays = closes.iter();
        after.openings.retain(|_| stays.next() != Some(&true));
        holds(reference, &index, &after)?;
    }

    #[test]
    fn a_pair_that_passes_passes_from_both_sides_and_in_the_plan(mut world in world()) {
        let reference = &*REFERENCE;
        for profile in &mut world.people {
            profile.adviser = true;
            profile.paused = false;
        }
        let index = index_of(reference, &world);
        let seekers: Vec<_> = world.people.iter().map(|profile| profile.seeker_id).collect();
        let openings: Vec<_> = world.openings.iter().map(|opening| opening.opening_id).collect();
        let mut from_her = Vec::new();
        for seeker_id in &seekers {
            for one in index.openings_for(*seeker_id, &HashSet::new(), 100).unwrap().proposals {
                from_her.push((*seeker_id, one.opening_id, one.weight, one.km.to_bits(), one.reasons));
            }
        }
        let mut from_work = Vec::new();
        for opening_id in &openings {
            let found = index.people_for(*opening_id, Visible::ToAdvisers, &Marks::default(), 0..100).unwrap();
            for (seeker_id, one) in found.seeker_ids.into_iter().zip(found.people) {
                from_work.push((seeker_id, *opening_id, one.km.to_bits(), one.reasons));
            }
        }
        let mut planned: Vec<_> = index
            .pair_weights(&seekers, &openings)
            .into_iter()
            .map(|pair| (pair.seeker_id, pair.opening_id, pair.weight))
            .collect();
        let key = |seeker: SeekerId, opening: OpeningId| (seeker, opening);
        from_her.sort_by_key(|one| key(one.0, one.1));
        from_work.sort_by_key(|one| key(one.0, one.1));
        planned.sort_by_key(|one| key(one.0, one.1));
        let weights: Vec<_> = from_her.iter().map(|one| (one.0, one.1, one.2)).collect();
        prop_assert_eq!(weights, planned);
        let told: Vec<_> = from_her.into_iter().map(|one| (one.0, one.1, one.3, one.4)).collect();
        prop_assert_eq!(told, from_work);
    }

    #[test]
    fn counts_are_what_one_by_one_would_count(world in world(), wishes in profile(), work in opening()) {
        let reference = &*REFERENCE;
        let words = Words::of(reference).expect("the vocabulary fits");
        let index = index_of(reference, &world);
        let looking = CountOpenings {
            cell: wishes.area.cell, tasks: wishes.tasks.clone(), any_task: wishes.any_task,
            dayparts: wishes.dayparts, hours: wishes.hours, travel: wishes.travel,
        };
        let openings = world.openings.iter().filter(|one| oracle(reference, &wishes, one).is_some()).count();
        prop_assert_eq!(index.count_openings(&Wishes::of_visitor(&looking, &words)), openings);
        let work = OpeningPublished { places: 1, ..work };
        let idea = CountPeople {
            area: work.area.clone(), route: work.route, tasks: work.tasks.clone(), dayparts: work.dayparts,
            hours: work.hours,
        };
        let takes_part = world.people.iter().filter(|one| !one.paused);
        let people = takes_part.filter(|one| oracle(reference, one, &work).is_some()).count();
        prop_assert_eq!(index.count_people(&Work::of_idea(&idea, &words)), people);
    }

    #[test]
    fn the_order_in_which_things_were_heard_changes_no_answer(world in world(), turn in 0..25_usize) {
        let reference = &*REFERENCE;
        let mut turned = world.clone();
        turned.people.rotate_left(turn % world.people.len());
        turned.openings.reverse();
        let (one, other) = (index_of(reference, &world), index_of(reference, &turned));
        for profile in &world.people {
            prop_assert_eq!(one.openings_for(profile.seeker_id, &HashSet::new(), 20), other.openings_for(profile.seeker_id, &HashSet::new(), 20));
        }
        for opening in &world.openings {
            let people = |index: &Index| {
                index.people_for(opening.opening_id, Visible::ToAdvisers, &Marks::default(), 0..20)
            };
            prop_assert_eq!(people(&one), people(&other));
        }
    }
    #[test]
    fn what_people_say_leaves_them_out_or_shows_them_and_changes_nothing_else(
        world in world(), said in vec(0..3_u8, 25),
    ) {
        let reference = &*REFERENCE;
        let index = index_of(reference, &world);
        let who = |what: u8| {
            let all = world.people.iter().zip(&said).filter(|(_, said)| **said == what);
            all.map(|(profile, _)| profile.seeker_id).collect::<HashSet<_>>()
        };
        let marks = Marks { not_for_me: who(1), wanted: who(2) };
        for opening in &world.openings {
            for (visible, sees) in [(Visible::ToEmployers, true), (Visible::ToAdvisers, false)] {
                let passing = world.people.iter().filter(|profile| {
                    !profile.paused
                        && !marks.not_for_me.contains(&profile.seeker_id)
                        && oracle(reference, profile, opening).is_some()
                });
                let all = passing.clone().count();
                let mut seen: Vec<_> = passing
                    .filter(|profile| {
                        let agreed = if sees { profile.open_file } else { profile.adviser };
                        agreed || sees && marks.wanted.contains(&profile.seeker_id)
                    })
                    .map(|profile| (squared(profile, opening), profile.open_file_id))
                    .collect();
                seen.sort_unstable();
                let found = index.people_for(opening.opening_id, visible, &marks, 0..100).expect("it is open");
                let ids: Vec<_> = found.people.iter().map(|one| one.open_file_id).collect();
                prop_assert_eq!(ids, seen.iter().map(|(_, id)| *id).collect::<Vec<_>>());
                prop_assert_eq!((found.visible as usize, found.all), (seen.len(), all));
            }
        }
        let unwanted: HashSet<_> = world.openings.iter().zip(&said).filter(|(_, said)| **said == 1)
            .map(|(opening, _)| opening.opening_id)
            .collect();
        for profile in &world.people {
            let all = index.openings_for(profile.seeker_id, &HashSet::new(), 100).unwrap();
            let left = index.openings_for(profile.seeker_id, &unwanted, 100).unwrap();
            let mut expected = all.proposals;
            expected.retain(|one| !unwanted.contains(&one.opening_id));
            prop_assert_eq!(left.total as usize, expected.len());
            prop_assert_eq!(left.proposals, expected);
        }
    }

    #[test]
    fn the_open_file_holds_who_agreed_and_takes_part_within_the_circle_nearest_first(
        world in world(), middle in area(), km in 1..=100_u8, tasks in some_tasks(3),
    ) {
        let reference = &*REFERENCE;
        let words = Words::of(reference).expect("the vocabulary fits");
        let index = index_of(reference, &world);
        let mut expected: Vec<_> = world
            .people
            .iter()
            .filter(|one| one.open_file && !one.paused)
            .filter(|one| {
                let anything = one.any_task || one.tasks.is_empty();
                tasks.is_empty() || anything || one.tasks.iter().any(|task| tasks.contains(task))
            })
            .map(|one| (one.area.cell.distance_km(middle.cell), one))
            .filter(|(distance, _)| *distance <= f64::from(km))
            .map(|(distance, one)| ((distance.round() as u16).max(1), one.open_file_id, one.seeker_id))
            .collect();
        expected.sort_unstable();
        for page in [0..100, 0..3, 3..6, 50..60] {
            let near = index.people_near(middle.cell, km, words.set(&tasks), page.clone());
            prop_assert_eq!(near.total as usize, expected.len());
            let wanted: Vec<_> =
                expected.iter().skip(page.start).take(page.len()).map(|(km, _, id)| (*id, *km)).collect();
            prop_assert_eq!(near.people, wanted);
        }
    }
}
