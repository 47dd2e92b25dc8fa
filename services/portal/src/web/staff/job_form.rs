//! The form of an opening: what was typed becomes what an opening says, or a reason at its field. Pure.

use chrono::NaiveDate;
use proto::{
    EmployerId, FieldProblem,
    vacancies::{Firmness, OpeningDetails, Requirement, RequirementKind, SelfCheck},
    work::{Daypart, Hours, Route, TaskCode},
};
use reference::{Postcode, PostcodeError, Reference};

use crate::{pages::posting::JobValues, web::fields::Fields};

/// What was typed, as far as it could be read.
#[derive(Debug, Clone)]
pub struct Typed {
    /// Whose opening.
    pub employer_id: Option<EmployerId>,
    /// What it says; what could not be read holds something harmless.
    pub details: OpeningDetails,
    /// What could not be read, at the fields of the form.
    pub problems: Vec<FieldProblem>,
}

/// Reads the form.
pub fn read(form: &Fields) -> Typed {
    let mut problems = Vec::new();
    let mut wrong = |field: &str, code: &str| problems.push(FieldProblem::new(field, code));
    let employer_id: Option<EmployerId> = form.get("werkgever").parse().ok();
    if employer_id.is_none() {
        wrong("werkgever", "employer-missing");
    }
    let route = Route::from_name(form.get("soort"));
    if route.is_none() {
        wrong("soort", "route-missing");
    }
    let mut hours = |field: &str| {
        let number = form.get(field).parse::<u8>().ok();
        if number.is_none() {
            wrong(field, "hours-malformed");
        }
        number
    };
    let (min, max) = (hours("uren_min"), hours("uren_max"));
    let mut day = |field: &str| {
        let text = form.get(field);
        let day = date(text);
        if day.is_none() && !text.is_empty() {
            wrong(field, "date-malformed");
        }
        day
    };
    let (starts_on, closes_on) = (day("begint"), day("sluit"));
    let places = form.get("plaatsen").parse::<u16>().unwrap_or_else(|_| {
        wrong("plaatsen", "places-out-of-range");
        1
    });
    let pay = form.get("uurloon");
    let pay_cents_per_hour = cents(pay);
    if pay_cents_per_hour.is_none() && !pay.is_empty() {
        wrong("uurloon", "pay-malformed");
    }
    let mut number = |field: &str| {
        let text = form.get(field);
        let number = text.replace('−', "-").parse::<i8>().ok();
        if number.is_none() && !text.is_empty() {
            wrong(field, "self-check-out-of-range");
        }
        number
    };
    let positive = |number: Option<i8>| number.map(|number| u8::try_from(number).unwrap_or_default());
    let mut self_checks: Vec<SelfCheck> = Vec::new();
    self_checks.extend(positive(number("tillen")).map(SelfCheck::LiftKg));
    self_checks.extend(positive(number("staan")).map(SelfCheck::StandHours));
    self_checks.extend(number("kou").map(SelfCheck::Cold));
    for also in form.all("ook") {
        match also {
            "lopen" => self_checks.push(SelfCheck::WalkALot),
            "buiten" => self_checks.push(SelfCheck::Outside),
            "lawaai" => self_checks.push(SelfCheck::Noise),
            _ => wrong("ook", "choice-unknown"),
        }
    }
    let requirements = RequirementKind::ALL.into_iter().filter_map(|kind| {
        let firmness = Firmness::from_name(form.get(&format!("eis_{}", kind.name())))?;
        let ground = form.get(&format!("grond_{}", kind.name()));
        Some(Requirement { kind, firmness, ground: (!ground.is_empty()).then(|| ground.to_owned()) })
    });
    let details = OpeningDetails {
        route: route.unwrap_or(Route::Regular),
        title: form.get("titel").to_owned(),
        tasks: form.all("taak").map(TaskCode::from).collect(),
        // Browsers send two characters for the end of a line.
        description: form.get("omschrijving").replace("\r\n", "\n"),
        postcode: form.get("postcode").to_owned(),
        hours: Hours { min: min.unwrap_or(1), max: max.unwrap_or(48) },
        dayparts: form.all("dagdeel").filter_map(Daypart::from_name).collect(),
        starts_on,
        closes_on,
        places,
        pay_cents_per_hour,
        requirements: requirements.collect(),
        self_checks,
    };
    Typed { employer_id, details, problems }
}

/// What vacancies would refuse at once, said before the page that shows the opening once more. The
/// codes are those of vacancies, which decides again when it is placed.
pub fn check(details: &OpeningDetails, reference: &Reference) -> Vec<FieldProblem> {
    let mut problems = Vec::new();
    let mut wrong = |field: &str, code: &str| problems.push(FieldProblem::new(field, code));
    if details.tasks.is_empty() {
        wrong("taken", "tasks-empty");
    } else if details.tasks.iter().any(|task| reference.tasks.task(&task.0).is_none()) {
        wrong("taken", "task-unknown");
    }
    if details.title.is_empty() {
        wrong("titel", "title-empty");
    }
    for requirement in &details.requirements {
        let field = format!("eis_{}", requirement.kind.name());
        let is_legal = requirement.firmness == Firmness::Legal;
        match requirement.kind {
            RequirementKind::Diploma if details.route == Route::OpenHiring && !is_legal => {
                wrong(&field, "diploma-not-with-open-hiring");
            }
            RequirementKind::Experience if details.route == Route::OpenHiring => {
                wrong(&field, "experience-not-with-open-hiring");
            }
            _ if is_legal && requirement.ground.is_none() => {
                wrong(&format!("grond_{}", requirement.kind.name()), "legal-needs-ground");
            }
            _ => {}
        }
    }
    if details.dayparts.is_empty() {
        wrong("dagdeel", "dayparts-empty");
    }
    if !details.hours.is_sound() {
        wrong("uren_min", "hours-unsound");
    }
    match details.postcode.parse::<Postcode>() {
        Err(PostcodeError::Empty) => wrong("postcode", "postcode-empty"),
        Err(_) => wrong("postcode", "postcode-malformed"),
        Ok(postcode) if reference.places.locate(&postcode).is_none() => wrong("postcode", "postcode-unknown"),
        Ok(_) => {}
    }
    problems
}

/// The field of the form in which a field of the command stands.
pub fn form_name(problem: &FieldProblem) -> String {
    let field = problem.field.strip_prefix("details.").unwrap_or(&problem.field);
    if let Some(kind) = field.strip_prefix("requirements.") {
        let of_ground = problem.code == "legal-needs-ground" || problem.code.starts_with("ground-");
        return format!("{}_{kind}", if of_ground { "grond" } else { "eis" });
    }
    match field {
        "employer_id" => "werkgever",
        "route" => "soort",
        "title" => "titel",
        "tasks" => "taken",
        "description" => "omschrijving",
        "hours" => "uren_min",
        "dayparts" => "dagdeel",
        "starts_on" => "begint",
        "closes_on" => "sluit",
        "places" => "plaatsen",
        "pay_cents_per_hour" => "uurloon",
        "self_checks.lift_kg" => "tillen",
        "self_checks.stand_hours" => "staan",
        "self_checks.cold" => "kou",
        other if other.starts_with("self_checks") => "ook",
        other => other,
    }
    .to_owned()
}

/// An opening as its form would send it.
pub fn fields(employer_id: EmployerId, details: &OpeningDetails) -> Fields {
    let mut pairs: Vec<(String, String)> = Vec::new();
    let mut add = |name: &str, value: String| pairs.push((name.to_owned(), value));
    add("werkgever", employer_id.to_string());
    add("soort", details.route.name().to_owned());
    add("titel", details.title.clone());
    for task in &details.tasks {
        add("taak", task.0.clone());
    }
    add("omschrijving", details.description.clone());
    add("postcode", details.postcode.clone());
    add("uren_min", details.hours.min.to_string());
    add("uren_max", details.hours.max.to_string());
    for part in details.dayparts.iter() {
        add("dagdeel", part.name().to_owned());
    }
    for (name, day) in [("begint", details.starts_on), ("sluit", details.closes_on)] {
        add(name, day.map(|day| day.to_string()).unwrap_or_default());
    }
    add("plaatsen", details.places.to_string());
    let pay = details.pay_cents_per_hour.map(|cents| format!("{},{:02}", cents / 100, cents % 100));
    add("uurloon", pay.unwrap_or_default());
    for Requirement { kind, firmness, ground } in &details.requirements {
        add(&format!("eis_{}", kind.name()), firmness.name().to_owned());
        add(&format!("grond_{}", kind.name()), ground.clone().unwrap_or_default());
    }
    for self_check in &details.self_checks {
        match self_check {
            SelfCheck::LiftKg(kilos) => add("tillen", kilos.to_string()),
            SelfCheck::StandHours(hours) => add("staan", hours.to_string()),
            SelfCheck::Cold(degrees) => add("kou", degrees.to_string()),
            SelfCheck::WalkALot => add("ook", "lopen".to_owned()),
            SelfCheck::Outside => add("ook", "buiten".to_owned()),
            SelfCheck::Noise => add("ook", "lawaai".to_owned()),
        }
    }
    pairs.into_iter().collect()
}

/// The form filled in as it was typed.
pub fn values(form: &Fields) -> JobValues {
    let typed = |name: &str| form.get(name).to_owned();
    JobValues {
        title: typed("titel"),
        description: typed("omschrijving"),
        postcode: typed("postcode"),
        hours_min: typed("uren_min"),
        hours_max: typed("uren_max"),
        starts_on: typed("begint"),
        closes_on: typed("sluit"),
        places: typed("plaatsen"),
        pay: typed("uurloon"),
        lift: typed("tillen"),
        stand: typed("staan"),
        cold: typed("kou"),
    }
}

/// `2026-12-07` as browsers send it, or `7-12-2026` as people type it.
fn date(text: &str) -> Option<NaiveDate> {
    let day = NaiveDate::parse_from_str(text, "%Y-%m-%d")
        .or_else(|_| NaiveDate::parse_from_str(&text.replace(['/', '.'], "-"), "%d-%m-%Y"));
    day.ok().filter(|day| (2000..=2100).contains(&chrono::Datelike::year(day)))
}

/// `15,20`, `15.20`, `€ 15` in cents.
fn cents(text: &str) -> Option<u32> {
    let text = text.trim_start_matches('€').trim();
    let (euros, cents) = text.split_once([',', '.']).unwrap_or((text, "00"));
    let digits = |part: &str, most: usize| {
        (1..=most).contains(&part.len()) && part.bytes().all(|byte| byte.is_ascii_digit())
    };
    if !digits(euros, 6) || !digits(cents, 2) {
        return None;
    }
    let cents: u32 = if cents.len() == 1 { format!("{cents}0").parse() } else { cents.parse() }.ok()?;
    Some(euros.parse::<u32>().ok()? * 100 + cents)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use proto::work::Dayparts;

    use super::*;

    fn details() -> OpeningDetails {
        OpeningDetails {
            route: Route::OpenHiring,
            title: "Medewerker keuken".to_owned(),
            tasks: vec!["schoonmaken.vloeren".into(), "schoonmaken.ramen".into()],
            description: "Leuk werk.\nKorte dagen.".to_owned(),
            postcode: "1315 RC".to_owned(),
            hours: Hours { min: 16, max: 24 },
            dayparts: Dayparts::ALL,
            starts_on: Some("2026-12-07".parse().unwrap()),
            closes_on: None,
            places: 3,
            pay_cents_per_hour: Some(1_505),
            requirements: vec![Requirement {
                kind: RequirementKind::Adult,
                firmness: Firmness::Legal,
                ground: Some("Arbeidstijdenwet".to_owned()),
            }],
            self_checks: vec![SelfCheck::LiftKg(15), SelfCheck::Cold(-18), SelfCheck::Noise],
        }
    }

    fn changed(changes: &[(&str, &str)]) -> Typed {
        let form = fields(EmployerId(uuid::Uuid::from_u128(1)), &details());
        let kept = form
            .pairs()
            .iter()
            .filter(|(name, _)| changes.iter().all(|(changed, _)| changed != name))
            .cloned();
        let new = changes.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned()));
        read(&kept.chain(new).collect())
    }

    fn codes(problems: &[FieldProblem]) -> Vec<(&str, &str)> {
        problems.iter().map(|problem| (problem.field.as_str(), problem.code.as_str())).collect()
    }

    #[test]
    fn an_opening_reads_back_from_its_own_form() {
        let typed = changed(&[]);
        assert_eq!((typed.details, typed.problems), (details(), Vec::new()));
        assert!(check(&details(), &Reference::small()).is_empty());
    }

    #[test]
    fn what_cannot_be_read_is_told_at_its_field_all_at_once() {
        let typed = changed(&[
            ("uren_min", "veel"),
            ("begint", "morgen"),
            ("uurloon", "15,2,0"),
            ("plaatsen", ""),
            ("tillen", "999"),
            ("werkgever", ""),
        ]);
        assert_eq!(
            codes(&typed.problems),
            [
                ("werkgever", "employer-missing"),
                ("uren_min", "hours-malformed"),
                ("begint", "date-malformed"),
                ("plaatsen", "places-out-of-range"),
                ("uurloon", "pay-malformed"),
                ("tillen", "self-check-out-of-range"),
            ]
        );
    }

    #[test]
    fn an_empty_form_says_what_is_needed() {
        let typed = read(&Fields::default());
        let early = check(&typed.details, &Reference::small());
        assert_eq!(
            codes(&early),
            [
                ("taken", "tasks-empty"),
                ("titel", "title-empty"),
                ("dagdeel", "dayparts-empty"),
                ("postcode", "postcode-empty"),
            ]
        );
        assert!(codes(&typed.problems).contains(&("soort", "route-missing")));
    }

    #[test]
    fn open_hiring_asks_no_diploma_or_experience_unless_the_law_does() {
        let asks = |kind: &str, firmness: &str, ground: &str| {
            let typed = changed(&[(&format!("eis_{kind}"), firmness), (&format!("grond_{kind}"), ground)]);
            check(&typed.details, &Reference::small())
                .into_iter()
                .map(|problem| (problem.field, problem.code))
                .collect::<Vec<_>>()
        };
        let pair = |field: &str, code: &str| vec![(field.to_owned(), code.to_owned())];
        assert_eq!(asks("diploma", "needed", ""), pair("eis_diploma", "diploma-not-with-open-hiring"));
        assert_eq!(
            asks("experience", "learned", ""),
            pair("eis_experience", "experience-not-with-open-hiring")
        );
        assert_eq!(asks("diploma", "legal", ""), pair("grond_diploma", "legal-needs-ground"));
        assert!(asks("diploma", "legal", "Wet BIG").is_empty());
    }

    #[test]
    fn dates_and_money_are_read_as_people_write_them() {
        let day = Some("2026-12-07".parse().unwrap());
        for text in ["2026-12-07", "7-12-2026", "07/12/2026", "7.12.2026"] {
            assert_eq!(date(text), day, "{text}");
        }
        for text in ["", "31-2-2026", "7-12-26", "12-7", "0001-01-01"] {
            assert_eq!(date(text), None, "{text}");
        }
        assert_eq!((cents("15,20"), cents("€ 15.2"), cents("15")), (Some(1_520), Some(1_520), Some(1_500)));
        assert_eq!((cents("15,205"), cents(""), cents("-3"), cents(",5")), (None, None, None, None));
    }

    #[test]
    fn problems_of_vacancies_find_their_field() {
        let at = |field: &str, code: &str| form_name(&FieldProblem::new(field, code));
        assert_eq!(at("requirements.diploma", "diploma-not-with-open-hiring"), "eis_diploma");
        assert_eq!(at("requirements.adult", "legal-needs-ground"), "grond_adult");
        assert_eq!(at("self_checks.lift_kg", "self-check-out-of-range"), "tillen");
        assert_eq!(at("starts_on", "starts-in-past"), "begint");
        assert_eq!(at("postcode", "postcode-unknown"), "postcode");
    }

    proptest! {
        #[test]
        fn any_form_is_read_without_panic(body in proptest::collection::vec(any::<u8>(), 0..300)) {
            let typed = read(&Fields::parse(&body));
            let _ = check(&typed.details, &Reference::small());
        }
    }
}
