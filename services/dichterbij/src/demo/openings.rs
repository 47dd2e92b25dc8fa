//! Invented openings: by the vacancies of each section, with hours, times and pay as that work has.

use chrono::{Datelike as _, Days, NaiveDate};
use proto::{
    vacancies::{Firmness, OpeningDetails, Requirement, RequirementKind, SelfCheck},
    work::{Daypart, Dayparts, Hours, Route, TaskCode},
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
    let route = if dice.yes(0.25) { Route::OpenHiring } else { Route::Regular };
    let tasks: Vec<&str> =
        world.reference.tasks.tasks_of(&group.code).map(|task| task.code.as_str()).collect();
    let count = dice.between(1, 4) as usize;
    let (min, max, _) = *dice.weighted(&HOURS, |hours| hours.2);
    let dayparts = dice.one(profile.dayparts);
    let pc4 = if dice.yes(0.8) { employer.postcode.clone() } else { world.site(dice).to_string() };
    let place = world.reference.places.locate_pc4(pc4.parse().unwrap_or_default());
    let title = dice.one(profile.titles);
    OpeningDetails {
        route,
        title: (*title).to_owned(),
        tasks: dice.some(&tasks, count).into_iter().map(TaskCode::from).collect(),
        description: description(place.map(|place| place.name.as_str()), dice),
        postcode: pc4,
        hours: Hours { min, max },
        dayparts: dayparts.iter().copied().collect::<Dayparts>(),
        starts_on: dice.yes(0.6).then(|| next_working_day(today + Days::new(dice.between(3, 60).into()))),
        closes_on: dice.yes(0.3).then(|| today + Days::new(dice.between(14, 75).into())),
        places: places(route, dice),
        pay_cents_per_hour: dice.yes(0.85).then(|| pay(world, group, dice)),
        requirements: requirements(profile, route, dayparts, dice),
        self_checks: profile.self_checks.iter().copied().filter(|_| dice.yes(0.7)).collect(),
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
        ask(RequirementKind::DrivingLicence, Firmness::Needed, None);
    }
    if dice.yes(0.3) {
        let firmness = if dice.yes(0.4) { Firmness::Learned } else { Firmness::Needed };
        ask(RequirementKind::SimpleDutch, firmness, None);
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
        assert!((0.21..0.29).contains(&share(&|opening| opening.details.route == Route::OpenHiring)));
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
            let open = details.route == Route::OpenHiring;
            let asks = |kind| details.requirements.iter().any(|requirement| requirement.kind == kind);
            assert!(!open || !asks(RequirementKind::Experience) && !asks(RequirementKind::Diploma));
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
