//! Invented openings: by the vacancies of each section, with hours, times and pay as that work has.

use chrono::{Datelike as _, Days, NaiveDate};
use proto::{
    vacancies::{
        Carved, CarvedTask, Firmness, LearnWork, LearnWorkKind, OpeningDetails, Requirement, RequirementKind,
        ResultDocument, SelfCheck, SourceJob, Start, Terms,
    },
    work::{Daypart, Dayparts, Hours, Route, Support, TaskCode},
};
use reference::Group;

use super::{dice::Dice, employers::Employer, world::World};

/// An opening and whose it is.
#[derive(Debug, Clone)]
pub struct Opening {
    /// Its place in the list of employers.
    pub employer: usize,
    /// What it says.
    pub details: OpeningDetails,
    /// Whether it is published at once; a few stay drafts.
    pub publish: bool,
}

use Daypart::{Afternoon, Evening, Morning, Night, Weekend};

/// How work in a group is as a rule.
struct Profile {
    group: &'static str,
    titles: &'static [&'static str],
    /// When, each as likely.
    dayparts: &'static [&'static [Daypart]],
    self_checks: &'static [SelfCheck],
    /// What the law asks, and which law.
    legal: Option<(RequirementKind, &'static str)>,
}

const DAY: &[Daypart] = &[Morning, Afternoon];
const MORNINGS: &[Daypart] = &[Morning];
const SHIFTS: &[Daypart] = &[Morning, Afternoon, Evening];
const NIGHTS: &[Daypart] = &[Evening, Night];
const EVENINGS: &[Daypart] = &[Evening];
const SHOP: &[Daypart] = &[Afternoon, Evening, Weekend];
const CARE: &[Daypart] = &[Morning, Evening, Weekend];
const LATE: &[Daypart] = &[Evening, Weekend];
const ALWAYS: &[Daypart] = &[Morning, Afternoon, Evening, Weekend];

const CHILDREN: Option<(RequirementKind, &str)> =
    Some((RequirementKind::CertificateOfConduct, "Wet kinderopvang"));
const GUARDS: Option<(RequirementKind, &str)> = Some((
    RequirementKind::CertificateOfConduct,
    "Wet particuliere beveiligingsorganisaties en recherchebureaus",
));

const fn profile(
    group: &'static str,
    titles: &'static [&'static str],
    dayparts: &'static [&'static [Daypart]],
    self_checks: &'static [SelfCheck],
    legal: Option<(RequirementKind, &'static str)>,
) -> Profile {
    Profile { group, titles, dayparts, self_checks, legal }
}

use SelfCheck::{Cold, LiftKg, Noise, Outside, StandHours, WalkALot};

const PROFILES: [Profile; 25] = [
    profile(
        "zorg",
        &["Helpende in de zorg", "Gastvrouw of gastheer in de zorg", "Hulp bij mensen thuis"],
        &[DAY, CARE, MORNINGS],
        &[WalkALot, StandHours(4)],
        None,
    ),
    profile(
        "schoonmaken",
        &["Schoonmaker", "Schoonmaker in hotel", "Glazenwasser", "Medewerker schoonmaak kantoren"],
        &[MORNINGS, EVENINGS, DAY],
        &[WalkALot, LiftKg(10)],
        None,
    ),
    profile(
        "magazijn",
        &["Medewerker magazijn", "Orderverzamelaar", "Inpakker", "Medewerker distributie"],
        &[DAY, SHIFTS, NIGHTS],
        &[LiftKg(20), StandHours(7)],
        None,
    ),
    profile(
        "horeca",
        &["Medewerker bediening", "Keukenhulp", "Afwasser", "Medewerker lunchroom"],
        &[LATE, SHOP, DAY],
        &[StandHours(6), WalkALot],
        None,
    ),
    profile(
        "winkel",
        &["Verkoper", "Vakkenvuller", "Medewerker kassa", "Medewerker winkel"],
        &[SHOP, ALWAYS, DAY],
        &[StandHours(6)],
        None,
    ),
    profile(
        "fabriek",
        &["Medewerker productie", "Inpakker aan de lijn", "Machinebediener"],
        &[DAY, SHIFTS, NIGHTS],
        &[StandHours(7), Noise],
        None,
    ),
    profile(
        "bouw",
        &["Hulp in de bouw", "Leerling schilder", "Medewerker grondwerk"],
        &[DAY],
        &[LiftKg(25), Outside],
        None,
    ),
    profile(
        "techniek",
        &["Leerling monteur", "Onderhoudsmedewerker", "Fietsenmaker"],
        &[DAY],
        &[LiftKg(20)],
        None,
    ),
    profile("groen", &["Medewerker groen", "Hulp hovenier"], &[DAY, MORNINGS], &[Outside, LiftKg(15)], None),
    profile(
        "tuinbouw",
        &["Medewerker kas", "Hulp op de boerderij", "Plukker"],
        &[DAY, MORNINGS],
        &[Outside, StandHours(6)],
        None,
    ),
    profile(
        "vervoer",
        &["Bezorger", "Chauffeur bestelbus", "Pakketbezorger"],
        &[DAY, SHOP],
        &[LiftKg(20)],
        None,
    ),
    profile(
        "kantoor",
        &["Medewerker administratie", "Medewerker archief", "Secretaresse"],
        &[DAY, MORNINGS],
        &[],
        None,
    ),
    profile(
        "ontvangst",
        &["Receptionist", "Medewerker klantenservice", "Baliemedewerker"],
        &[DAY, SHOP],
        &[],
        None,
    ),
    profile(
        "kinderopvang",
        &["Groepshulp kinderopvang", "Hulp bij de buitenschoolse opvang"],
        &[DAY, &[Afternoon]],
        &[],
        CHILDREN,
    ),
    profile("school", &["Klassenassistent", "Hulpconciërge", "Overblijfhulp"], &[DAY, MORNINGS], &[], None),
    profile("uiterlijk", &["Leerling kapper", "Hulp in de kapsalon"], &[DAY, ALWAYS], &[StandHours(7)], None),
    profile(
        "toezicht",
        &["Toezichthouder", "Medewerker beveiliging", "Verkeersregelaar"],
        &[DAY, NIGHTS, LATE],
        &[WalkALot, Outside],
        GUARDS,
    ),
    profile(
        "computers",
        &["Medewerker helpdesk", "Hulp bij computers", "Tester van websites"],
        &[DAY],
        &[],
        None,
    ),
    profile(
        "textiel",
        &["Medewerker wasserij", "Naaister of kleermaker", "Medewerker kledingsortering"],
        &[DAY, MORNINGS],
        &[StandHours(6)],
        None,
    ),
    profile(
        "voeding",
        &["Medewerker bakkerij", "Hulp slager", "Medewerker voedselproductie"],
        &[MORNINGS, DAY, NIGHTS],
        &[StandHours(7), Cold(4)],
        None,
    ),
    profile(
        "recycling",
        &["Medewerker milieustraat", "Sorteerder kringloop", "Belader"],
        &[DAY],
        &[LiftKg(20), Outside],
        None,
    ),
    profile("dieren", &["Dierenverzorger", "Hulp in de stal"], &[DAY, ALWAYS], &[Outside, LiftKg(15)], None),
    profile(
        "evenementen",
        &["Opbouwer evenementen", "Medewerker garderobe", "Gastheer of gastvrouw"],
        &[LATE, ALWAYS],
        &[StandHours(6), Noise],
        None,
    ),
    profile(
        "sport",
        &["Medewerker sporthal", "Medewerker vakantiepark", "Hulp zwembad"],
        &[DAY, LATE],
        &[],
        None,
    ),
    profile("buurt", &["Medewerker buurthuis", "Hulp in de wijk"], &[DAY, MORNINGS], &[], None),
];

/// Hours a week, as weights.
const HOURS: [(u8, u8, f64); 7] = [
    (8, 12, 10.0),
    (12, 20, 16.0),
    (16, 24, 22.0),
    (20, 32, 14.0),
    (24, 32, 14.0),
    (32, 40, 16.0),
    (36, 40, 8.0),
];

/// Routes, as weights.
const ROUTES: [(Route, f64); 7] = [
    (Route::Regular, 58.0),
    (Route::OpenHiring, 25.0),
    (Route::LearnWork, 6.0),
    (Route::Jobcarving, 4.0),
    (Route::BasicJob, 2.0),
    (Route::ParticipationJob, 2.0),
    (Route::TrialPlacement, 3.0),
];

/// What employers offer, as weights.
const OFFERS: [(Support, f64); 6] = [
    (Support::Buddy, 30.0),
    (Support::Training, 20.0),
    (Support::Equipment, 20.0),
    (Support::Transport, 12.0),
    (Support::PhasedStart, 10.0),
    (Support::FittingHours, 8.0),
];

/// Sentences of a description, one of each row.
const SENTENCES: [&[&str]; 3] = [
    &[
        "U werkt in een klein team.",
        "U werkt samen met collega's die u op weg helpen.",
        "U werkt met een vaste collega.",
    ],
    &["U leert het werk hier.", "De eerste weken loopt u met iemand mee.", "Ervaring is niet nodig.", ""],
    &[
        "Uw werktijden bespreken we samen.",
        "U hoort uw rooster drie weken vooraf.",
        "Reiskosten krijgt u terug.",
        "",
    ],
];

/// So many openings of these employers. Days count from `today`, the day of the database.
pub fn openings(world: &World<'_>, employers: &[Employer], count: usize, today: NaiveDate) -> Vec<Opening> {
    let shares = &world.material.vacancies;
    let in_section = |section: char| employers.iter().filter(move |employer| employer.section == section);
    // A section counts as much as it has vacancies, however many employers of it there are.
    let weights: Vec<(usize, f64)> = employers
        .iter()
        .enumerate()
        .map(|(index, employer)| {
            let share = shares
                .iter()
                .find(|share| share.section == employer.section)
                .map_or(0.0, |share| share.share);
            let all: f64 = in_section(employer.section).map(|other| other.size).sum();
            (index, share * employer.size / all)
        })
        .collect();
    (0..count)
        .map(|number| {
            let mut dice = Dice::of(world.seed, "opening", number);
            let employer = dice.weighted(&weights, |weight| weight.1).0;
            let details = details(world, &employers[employer], today, &mut dice);
            Opening { employer, details, publish: !dice.yes(0.03) }
        })
        .collect()
}

fn details(world: &World<'_>, employer: &Employer, today: NaiveDate, dice: &mut Dice) -> OpeningDetails {
    let group = group(world, employer.section, dice);
    let profile =
        PROFILES.iter().find(|profile| profile.group == group.code).expect("every group has a profile");
    let route = dice.weighted(&ROUTES, |route| route.1).0;
    let tasks: Vec<&str> =
        world.reference.tasks.tasks_of(&group.code).map(|task| task.code.as_str()).collect();
    let count = dice.between(1, 4) as usize;
    let (min, max, _) = *dice.weighted(&HOURS, |hours| hours.2);
    let dayparts = dice.one(profile.dayparts);
    let pc4 = if dice.yes(0.8) { employer.postcode.clone() } else { world.site(dice).to_string() };
    let place = world.reference.places.locate_pc4(pc4.parse().unwrap_or_default());
    let title = dice.one(profile.titles);
    let tasks: Vec<TaskCode> = dice.some(&tasks, count).into_iter().map(TaskCode::from).collect();
    let hours = Hours { min, max };
    let first_day = dice.yes(0.6).then(|| next_working_day(today + Days::new(dice.between(3, 60).into())));
    let places = places(route, dice);
    OpeningDetails {
        terms: terms(route, profile, &tasks, hours, first_day, places, dice),
        title: (*title).to_owned(),
        tasks,
        description: description(place.map(|place| place.name.as_str()), dice),
        site_id: None,
        postcode: pc4,
        hours,
        dayparts: dayparts.iter().copied().collect::<Dayparts>(),
        days: if *dayparts == DAY && dice.yes(0.5) { (1..=5).collect() } else { [].into_iter().collect() },
        // Open hiring has its first days in its terms.
        starts_on: first_day.filter(|_| route != Route::OpenHiring),
        closes_on: dice.yes(0.3).then(|| today + Days::new(dice.between(14, 75).into())),
        places,
        pay_cents_per_hour: dice.yes(0.85).then(|| pay(world, group, dice)),
        cao: String::new(),
        requirements: requirements(profile, route, dayparts, dice),
        self_checks: profile.self_checks.iter().copied().filter(|_| dice.yes(0.7)).collect(),
        support: if dice.yes(0.5) { vec![dice.weighted(&OFFERS, |offer| offer.1).0] } else { Vec::new() },
    }
}

/// What the route has of its own.
fn terms(
    route: Route,
    profile: &Profile,
    tasks: &[TaskCode],
    hours: Hours,
    first_day: Option<NaiveDate>,
    places: u16,
    dice: &mut Dice,
) -> Terms {
    match route {
        Route::Regular => Terms::Regular {},
        Route::OpenHiring => Terms::OpenHiring { starts: starts(first_day, places, dice) },
        Route::LearnWork => Terms::LearnWork(learn_work(dice)),
        Route::Jobcarving => Terms::Jobcarving(carved(profile, tasks, hours, dice)),
        Route::BasicJob => Terms::BasicJob {
            made_fit: (*dice.one(&[
                "U doet een taak tegelijk. De volgorde staat op een kaart met plaatjes.",
                "U werkt op een rustige plek. U heeft elke dag dezelfde taken.",
            ]))
            .to_owned(),
            guidance_hours: dice.between(1, 4) as u8,
        },
        Route::ParticipationJob => Terms::ParticipationJob {
            learns: "U went aan vaste werktijden en leert samenwerken met collega's.".to_owned(),
            months: *dice.one(&[6, 12, 24]),
            premium: dice.yes(0.7),
        },
        Route::TrialPlacement => Terms::TrialPlacement {
            weeks: *dice.one(&[4, 8]),
            contract_months: *dice.one(&[6, 7, 12]),
            goal: "U laat zien dat het werk bij u past en leert de taken.".to_owned(),
        },
    }
}

/// All on one day, or the last one a week later.
fn starts(first_day: Option<NaiveDate>, places: u16, dice: &mut Dice) -> Vec<Start> {
    let Some(on) = first_day else { return Vec::new() };
    if places < 2 || dice.yes(0.5) {
        return vec![Start { on, places }];
    }
    vec![Start { on, places: places - 1 }, Start { on: on + Days::new(7), places: 1 }]
}

fn learn_work(dice: &mut Dice) -> LearnWork {
    let (kind, result, months) = *dice.one(&[
        (LearnWorkKind::ThirdPath, ResultDocument::PracticalStatement, 6),
        (LearnWorkKind::Bbl, ResultDocument::Diploma, 24),
        (LearnWorkKind::Branch, ResultDocument::BranchCertificate, 4),
        (LearnWorkKind::Sequential, ResultDocument::Certificate, 9),
    ]);
    let at_school = matches!(kind, LearnWorkKind::ThirdPath | LearnWorkKind::Bbl);
    LearnWork {
        kind,
        school: if at_school { "Het mbo in de regio".to_owned() } else { String::new() },
        recognised_company: at_school,
        result,
        months,
        learning_hours: 8,
        working_hours: 24,
    }
}

/// The tasks of the new job share its hours; each comes from a job of this kind of work.
fn carved(profile: &Profile, tasks: &[TaskCode], hours: Hours, dice: &mut Dice) -> Carved {
    let all = dice.between(u32::from(hours.min) * 10, u32::from(hours.max) * 10) as u16;
    let count = tasks.len() as u16;
    let tasks = tasks
        .iter()
        .zip(0..)
        .map(|(task, index): (_, u16)| CarvedTask {
            task: task.clone(),
            source: 0,
            tenths_of_hours: all / count + u16::from(index < all % count),
            qualified_only: false,
        })
        .collect();
    let source =
        SourceJob { title: (*dice.one(profile.titles)).to_owned(), people: dice.between(2, 12) as u16 };
    Carved {
        sources: vec![source],
        tasks,
        relieves: "Vaste collega's houden meer tijd over voor hun eigen vak.".to_owned(),
    }
}

/// A group of tasks that this section has much of: the first in its list most often.
fn group<'a>(world: &World<'a>, section: char, dice: &mut Dice) -> &'a Group {
    let weighted: Vec<(&Group, f64)> = world
        .reference
        .tasks
        .groups()
        .iter()
        .filter_map(|group| {
            let at = group.sbi.iter().position(|other| *other == section)?;
            Some((group, [4.0, 2.0, 1.0].get(at).copied().unwrap_or(0.5)))
        })
        .collect();
    dice.weighted(&weighted, |group| group.1).0
}

fn description(place: Option<&str>, dice: &mut Dice) -> String {
    let mut sentences: Vec<String> = SENTENCES
        .iter()
        .map(|choices| (*dice.one(choices)).to_owned())
        .filter(|text| !text.is_empty())
        .collect();
    if let Some(place) = place {
        sentences.insert(0, format!("Het werk is in {place}."));
    }
    sentences.join(" ")
}

/// Most have one place; open hiring often takes several people at once.
fn places(route: Route, dice: &mut Dice) -> u16 {
    let most = if route == Route::OpenHiring { 6 } else { 3 };
    if dice.yes(0.6) { 1 } else { dice.between(1, most) as u16 }
}

/// Around the quartiles: half between them, a quarter on either side, never below the lowest quartile of all.
fn pay(world: &World<'_>, group: &Group, dice: &mut Dice) -> u32 {
    let wage = world.material.wage(&group.code).expect("every group has a wage");
    let (low, middle, high) = (wage.low_cents, wage.middle_cents, wage.high_cents);
    let cents = match dice.between(0, 3) {
        0 => dice.between((low * 9 / 10).max(1_500), low),
        1 => dice.between(low, middle),
        2 => dice.between(middle, high),
        _ => dice.between(high, high * 11 / 10),
    };
    cents / 5 * 5
}

fn requirements(profile: &Profile, route: Route, dayparts: &[Daypart], dice: &mut Dice) -> Vec<Requirement> {
    let mut requirements = Vec::new();
    let mut ask = |kind, firmness, ground: Option<&str>| {
        requirements.push(Requirement { kind, firmness, ground: ground.map(str::to_owned) });
    };
    if let Some((kind, ground)) = profile.legal {
        ask(kind, Firmness::Legal, Some(ground));
    }
    if dayparts.contains(&Night) {
        ask(RequirementKind::Adult, Firmness::Legal, Some("Arbeidstijdenwet (nachtwerk)"));
    }
    if profile.group == "vervoer" && dice.yes(0.6) {
        ask(RequirementKind::DrivingLicence, Firmness::Legal, Some("Wegenverkeerswet 1994"));
    }
    if dice.yes(0.3) {
        // Whoever starts without an interview learns it here.
        if dice.yes(0.4) || route == Route::OpenHiring {
            ask(RequirementKind::SimpleDutch, Firmness::Learned, None);
        } else {
            let reason = "U moet de regels voor veilig werken begrijpen";
            ask(RequirementKind::SimpleDutch, Firmness::Needed, Some(reason));
        }
    }
    if route == Route::Regular {
        if dice.yes(0.15) {
            ask(RequirementKind::Experience, Firmness::Needed, None);
        }
        if matches!(profile.group, "techniek" | "zorg" | "kinderopvang" | "school") && dice.yes(0.3) {
            ask(RequirementKind::Diploma, Firmness::Needed, None);
        }
    }
    requirements
}

/// Work begins on a weekday.
fn next_working_day(day: NaiveDate) -> NaiveDate {
    let after_friday = u64::from(day.weekday().num_days_from_monday()).saturating_sub(4);
    if after_friday == 0 { day } else { day + Days::new(3 - after_friday) }
}

#[cfg(test)]
mod tests {
    use chrono::Weekday;
    use reference::{Reference, demo::Demo};

    use super::*;
    use crate::demo::employers::employers;

    #[test]
    fn openings_are_plausible_in_proportion_and_repeat() {
        let (reference, material) = (Reference::small(), Demo::built_in());
        let world = World::of(&reference, &material, 7, &["AM11".parse().unwrap()]).unwrap();
        let employers = employers(&world, 60);
        let today = NaiveDate::from_ymd_opt(2026, 11, 22).unwrap();
        let all = openings(&world, &employers, 2_000, today);
        let share = |is: &dyn Fn(&Opening) -> bool| {
            all.iter().filter(|opening| is(opening)).count() as f64 / all.len() as f64
        };
        assert!((0.21..0.29).contains(&share(&|opening| opening.details.route() == Route::OpenHiring)));
        let trade = share(&|opening| employers[opening.employer].section == 'G');
        assert!((0.17..0.27).contains(&trade), "{trade}");
        for opening in &all {
            let details = &opening.details;
            assert!((1..=4).contains(&details.tasks.len()) && details.hours.is_sound());
            assert!(!details.dayparts.is_empty());
            assert!(
                details
                    .starts_on
                    .is_none_or(|day| day > today && !matches!(day.weekday(), Weekday::Sat | Weekday::Sun))
            );
            assert!(details.pay_cents_per_hour.is_none_or(|cents| (1_500..=4_100).contains(&cents)));
            let open = details.route() == Route::OpenHiring;
            let asks = |kind| details.requirements.iter().any(|requirement| requirement.kind == kind);
            assert!(!open || !asks(RequirementKind::Experience) && !asks(RequirementKind::Diploma));
        }
        for (route, _) in ROUTES {
            assert!(all.iter().any(|opening| opening.details.route() == route), "{route:?}");
        }
        let again = openings(&world, &employers, 10, today);
        assert!(again.iter().zip(&all).all(|(a, b)| a.details == b.details && a.employer == b.employer));
    }

    #[test]
    fn work_begins_on_a_weekday() {
        let friday = NaiveDate::from_ymd_opt(2026, 11, 27).unwrap();
        let begins = |after| next_working_day(friday + Days::new(after)).weekday();
        assert_eq!([0, 1, 2, 3].map(begins), [Weekday::Fri, Weekday::Mon, Weekday::Mon, Weekday::Mon]);
    }
}
