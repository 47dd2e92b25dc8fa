//! Invented people: what they like, when they can and how far they go, in realistic proportions.
//!
//! The proportions are our own estimates of who comes to a desk of the region, written down here and nowhere else; they
//! describe nobody. Telephone numbers begin with 06-0, which is not given out, and addresses end in `.example`.

use proto::{
    intake::{Cannot, Purpose, Registration, Wishes},
    work::{
        Channel, Daypart, Dayparts, Days, Hours, Language, LanguageLevel, Licence, Means, Spoken, Support,
        TaskCode, Travel,
    },
};

use super::{dice::Dice, world::World};

/// The consent texts that the invented people saw.
const TEXT_VERSION: &str = "demo";

/// How often a group of tasks is liked, in parts of all likes.
const POPULARITY: [(&str, f64); 25] = [
    ("zorg", 9.0),
    ("schoonmaken", 8.0),
    ("magazijn", 9.0),
    ("horeca", 8.0),
    ("winkel", 10.0),
    ("fabriek", 7.0),
    ("bouw", 4.0),
    ("techniek", 4.0),
    ("groen", 5.0),
    ("tuinbouw", 2.0),
    ("vervoer", 6.0),
    ("kantoor", 6.0),
    ("ontvangst", 4.0),
    ("kinderopvang", 4.0),
    ("school", 2.0),
    ("uiterlijk", 2.0),
    ("toezicht", 3.0),
    ("computers", 3.0),
    ("textiel", 2.0),
    ("voeding", 3.0),
    ("recycling", 2.0),
    ("dieren", 3.0),
    ("evenementen", 2.0),
    ("sport", 2.0),
    ("buurt", 2.0),
];

use Daypart::{Afternoon, Evening, Morning, Night, Weekend};

/// When people can, in percent; what is left to 100 was not told.
const DAYPARTS: [(&[Daypart], f64); 8] = [
    (&[Morning, Afternoon], 29.0),
    (&[Morning], 20.0),
    (&[Morning, Afternoon, Evening, Weekend], 14.0),
    (&[Afternoon], 6.0),
    (&[Afternoon, Evening], 6.0),
    (&[Evening, Weekend], 7.0),
    (&[Morning, Afternoon, Evening, Night, Weekend], 6.0),
    (&[], 12.0),
];

/// Hours a week, in percent; none means "I do not know".
const HOURS: [(Option<(u8, u8)>, f64); 7] = [
    (Some((8, 16)), 14.0),
    (Some((12, 20)), 13.0),
    (Some((16, 24)), 20.0),
    (Some((24, 32)), 20.0),
    (Some((32, 40)), 17.0),
    (Some((8, 40)), 4.0),
    (None, 12.0),
];

/// By which means, and between how many and how many kilometres at most.
type HowFar = (Means, u32, u32);

/// How people travel and how far at most, in percent; none means not told.
const TRAVEL: [(Option<HowFar>, f64); 5] = [
    (Some((Means::Bicycle, 3, 12)), 42.0),
    (Some((Means::Car, 10, 40)), 25.0),
    (Some((Means::PublicTransport, 8, 30)), 18.0),
    (Some((Means::Foot, 1, 3)), 6.0),
    (None, 9.0),
];

/// On which days, in percent; none means not told.
const DAYS: [(&[u8], f64); 6] = [
    (&[1, 2, 3, 4, 5], 30.0),
    (&[1, 2, 4, 5], 12.0),
    (&[1, 2, 4], 10.0),
    (&[2, 3, 5], 8.0),
    (&[5, 6, 7], 7.0),
    (&[], 33.0),
];

/// Languages beside Dutch, in percent; none means Dutch only, and told by few.
const OTHER_LANGUAGES: [(Option<&str>, f64); 9] = [
    (None, 58.0),
    (Some("eng"), 12.0),
    (Some("ara"), 8.0),
    (Some("tur"), 5.0),
    (Some("pol"), 4.0),
    (Some("ukr"), 4.0),
    (Some("tir"), 3.0),
    (Some("srn"), 3.0),
    (Some("pap"), 3.0),
];

/// How well someone with another language speaks Dutch, in percent.
const DUTCH: [(LanguageLevel, f64); 4] = [
    (LanguageLevel::FewWords, 12.0),
    (LanguageLevel::Simple, 38.0),
    (LanguageLevel::Good, 32.0),
    (LanguageLevel::Fluent, 18.0),
];

/// Which licences and papers people have, each by itself, as parts of all.
const LICENCES: [(Licence, f64); 6] = [
    (Licence::Am, 0.08),
    (Licence::B, 0.45),
    (Licence::Be, 0.05),
    (Licence::C, 0.03),
    (Licence::Forklift, 0.06),
    (Licence::Vca, 0.08),
];

/// What work must not ask, each by itself, as parts of all.
const CANNOT: [(Cannot, f64); 4] =
    [(Cannot::Lift, 0.12), (Cannot::Stand, 0.07), (Cannot::Cold, 0.04), (Cannot::Noise, 0.04)];

/// Which support people let employers see, each by itself, as parts of those in the open file.
const SHOWN_SUPPORT: [(Support, f64); 5] = [
    (Support::Buddy, 0.22),
    (Support::Training, 0.28),
    (Support::Transport, 0.15),
    (Support::Childcare, 0.12),
    (Support::Equipment, 0.08),
];

/// Where people came in, for those who let us keep it.
const ENTRY_POINTS: [(&str, f64); 7] = [
    ("municipality", 30.0),
    ("uwv", 22.0),
    ("library", 14.0),
    ("friend", 14.0),
    ("neighbourhood", 9.0),
    ("social_media", 8.0),
    ("job_fair", 3.0),
];

/// Person number so and so of this world.
pub fn person(world: &World<'_>, number: usize) -> Registration {
    let mut dice = Dice::of(world.seed, "person", number);
    let dice = &mut dice;
    let channel =
        *dice.weighted(&[(Channel::Sms, 55.0), (Channel::Call, 20.0), (Channel::Email, 25.0)], |c| c.1);
    let contact = match channel.0 {
        Channel::Sms | Channel::Call => format!("060{:02}{number:05}", world.tag),
        Channel::Email => format!("persoon.{number}.am{:02}@demo.example", world.tag),
    };
    let shares = [(Purpose::OpenFile, 0.62), (Purpose::Adviser, 0.7), (Purpose::Figures, 0.6)];
    let consents: Vec<Purpose> =
        shares.into_iter().filter(|(_, share)| dice.yes(*share)).map(|(purpose, _)| purpose).collect();
    let entry_point = consents
        .contains(&Purpose::Figures)
        .then(|| dice.weighted(&ENTRY_POINTS, |point| point.1).0.to_owned());
    let answers = wishes(world, dice);
    let (name, language) = (
        dice.one(&world.material.first_names).clone(),
        if dice.yes(0.12) { Language::En } else { Language::Nl },
    );
    Registration {
        wishes: more(answers, consents.contains(&Purpose::OpenFile), dice),
        name,
        contact,
        channel: channel.0,
        consents,
        consent_text_version: TEXT_VERSION.to_owned(),
        entry_point,
        language,
    }
}

fn wishes(world: &World<'_>, dice: &mut Dice) -> Wishes {
    let any_task = dice.yes(0.12);
    let knows = !any_task && dice.yes(0.92);
    let hours = dice.weighted(&HOURS, |hours| hours.1).0;
    let travel = dice.weighted(&TRAVEL, |travel| travel.1).0;
    Wishes {
        postcode: postcode(world.home(dice), dice),
        tasks: if knows { tasks(world, dice) } else { Vec::new() },
        any_task,
        dayparts: dice.weighted(&DAYPARTS, |parts| parts.1).0.iter().copied().collect::<Dayparts>(),
        hours: hours.map(|(min, max)| Hours { min, max }),
        travel: travel.map(|(means, near, far)| Travel { means, max_km: dice.between(near, far) as u8 }),
        days: Days::default(),
        available_from: None,
        languages: Vec::new(),
        licences: Vec::new(),
        cannot: Vec::new(),
        shown_support: Vec::new(),
        remark: String::new(),
    }
}

/// What people tell later, on their own page. Drawn last, so that the answers before it stay as they were.
fn more(wishes: Wishes, in_open_file: bool, dice: &mut Dice) -> Wishes {
    let days = dice.weighted(&DAYS, |days| days.1).0;
    let languages = match dice.weighted(&OTHER_LANGUAGES, |language| language.1).0 {
        Some(other) => {
            let level = dice.weighted(&DUTCH, |level| level.1).0;
            vec![spoken("nld", level), spoken(other, LanguageLevel::Fluent)]
        }
        None if dice.yes(0.3) => vec![spoken("nld", LanguageLevel::Fluent)],
        None => Vec::new(),
    };
    let shown_support = if in_open_file { each(&SHOWN_SUPPORT, dice) } else { Vec::new() };
    Wishes {
        days: days.iter().copied().collect(),
        languages,
        licences: each(&LICENCES, dice),
        cannot: each(&CANNOT, dice),
        shown_support,
        ..wishes
    }
}

fn spoken(language: &str, level: LanguageLevel) -> Spoken {
    Spoken { language: language.to_owned(), level }
}

/// Those that come up, each by itself.
fn each<T: Copy>(shares: &[(T, f64)], dice: &mut Dice) -> Vec<T> {
    shares.iter().filter(|(_, share)| dice.yes(*share)).map(|(one, _)| *one).collect()
}

/// One to six tasks from one to three groups.
fn tasks(world: &World<'_>, dice: &mut Dice) -> Vec<TaskCode> {
    let groups = *dice.weighted(&[(1, 45.0), (2, 35.0), (3, 20.0)], |groups| groups.1);
    let mut liked = Vec::new();
    for _ in 0..groups.0 {
        let group = dice.weighted(&POPULARITY, |group| group.1).0;
        let tasks: Vec<&str> = world.reference.tasks.tasks_of(group).map(|task| task.code.as_str()).collect();
        let count = dice.between(1, 2) as usize;
        for task in dice.some(&tasks, count) {
            let task = TaskCode::from(task);
            if !liked.contains(&task) {
                liked.push(task);
            }
        }
    }
    liked
}

/// With letters as a rule; some give only the digits.
fn postcode(pc4: u16, dice: &mut Dice) -> String {
    if dice.yes(0.2) {
        return pc4.to_string();
    }
    // Without F, I, O, Q, U and Y, which are rare, and without S, so that SA, SD and SS cannot come about.
    let letters: Vec<char> = "ABCDEGHJKLMNPRTVWXZ".chars().collect();
    format!("{pc4} {}{}", dice.one(&letters), dice.one(&letters))
}

#[cfg(test)]
mod tests {
    use reference::{Postcode, Reference, demo::Demo};

    use super::*;

    #[test]
    fn people_are_plausible_in_proportion_and_repeat() {
        let (reference, material) = (Reference::small(), Demo::built_in());
        let world = World::of(&reference, &material, 7, &["AM11".parse().unwrap()]).unwrap();
        let people: Vec<Registration> = (0..2_000).map(|number| person(&world, number)).collect();
        assert_eq!(person(&world, 1_234), people[1_234]);
        let share = |is: &dyn Fn(&Registration) -> bool| {
            people.iter().filter(|person| is(person)).count() as f64 / people.len() as f64
        };
        assert!((0.09..0.15).contains(&share(&|person| person.wishes.any_task)));
        assert!((0.08..0.16).contains(&share(&|person| person.wishes.dayparts.is_empty())));
        assert!((0.55..0.69).contains(&share(&|person| person.consents.contains(&Purpose::OpenFile))));
        assert!((0.35..0.49).contains(&share(&|person| {
            person.wishes.travel.is_some_and(|travel| travel.means == Means::Bicycle)
        })));
        assert!((0.38..0.52).contains(&share(&|person| person.wishes.licences.contains(&Licence::B))));
        assert!((0.35..0.49).contains(&share(&|person| person.wishes.languages.len() == 2)));
        // Almere has half of the inhabitants of the region.
        assert!((0.40..0.62).contains(&share(&|person| person.wishes.postcode.starts_with("13"))));
        for person in &people {
            let postcode: Postcode = person.wishes.postcode.parse().unwrap();
            let place = reference.places.locate(&postcode).unwrap();
            assert_eq!(place.region.to_string(), "AM11");
            assert!(person.wishes.tasks.iter().all(|task| reference.tasks.task(&task.0).is_some()));
            assert!(
                person.wishes.tasks.len() <= 6 && (!person.wishes.any_task || person.wishes.tasks.is_empty())
            );
            assert!(person.wishes.hours.is_none_or(Hours::is_sound));
            assert!(person.wishes.shown_support.iter().all(|kind| kind.shown_on_profiles()));
            let known = |spoken: &Spoken| reference::languages::language(&spoken.language).is_some();
            assert!(person.wishes.languages.iter().all(known));
        }
        let contacts: std::collections::HashSet<_> = people.iter().map(|person| &person.contact).collect();
        assert_eq!(contacts.len(), people.len());
    }

    #[test]
    fn every_group_of_tasks_has_its_popularity() {
        let reference = Reference::small();
        let mut groups: Vec<_> = reference.tasks.groups().iter().map(|group| group.code.as_str()).collect();
        let mut known: Vec<_> = POPULARITY.iter().map(|group| group.0).collect();
        groups.sort_unstable();
        known.sort_unstable();
        assert_eq!(groups, known);
    }
}
