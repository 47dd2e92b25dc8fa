//! The form of an opening: what was typed becomes what an opening says, or a reason at its field. Pure.
//! What an opening may say is decided by vacancies alone.

use proto::{
    EmployerId, FieldProblem,
    vacancies::{Firmness, OpeningDetails, Requirement, RequirementKind, SelfCheck},
    work::{Daypart, Hours, Route, Support, TaskCode},
};

use crate::{
    pages::posting::JobValues,
    web::{
        fields::Fields,
        staff::job_terms::{self, Reading},
    },
};

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
    let mut reading = Reading::new(form);
    let employer_id: Option<EmployerId> = form.get("werkgever").parse().ok();
    if employer_id.is_none() {
        reading.wrong("werkgever", "employer-missing");
    }
    let route = Route::from_name(form.get("soort"));
    if route.is_none() {
        reading.wrong("soort", "route-missing");
    }
    let terms = job_terms::read(&mut reading, route.unwrap_or(Route::Regular));
    let mut hours = |field: &str| {
        let number = form.get(field).parse::<u8>().ok();
        if number.is_none() {
            reading.wrong(field, "hours-malformed");
        }
        number
    };
    let (min, max) = (hours("uren_min"), hours("uren_max"));
    let starts_on = if route == Some(Route::OpenHiring) { None } else { reading.date("begint") };
    let closes_on = reading.date("sluit");
    let places = match job_terms::places(&terms) {
        Some(places) => places,
        None => form.get("plaatsen").parse::<u16>().unwrap_or_else(|_| {
            reading.wrong("plaatsen", "places-out-of-range");
            1
        }),
    };
    let pay = form.get("uurloon");
    let pay_cents_per_hour = cents(pay);
    if pay_cents_per_hour.is_none() && !pay.is_empty() {
        reading.wrong("uurloon", "pay-malformed");
    }
    let self_checks = self_checks(&mut reading);
    let requirements = RequirementKind::ALL.iter().filter_map(|&kind| {
        let firmness = Firmness::from_name(form.get(&format!("eis_{}", kind.name())))?;
        let ground = form.get(&format!("grond_{}", kind.name()));
        Some(Requirement { kind, firmness, ground: (!ground.is_empty()).then(|| ground.to_owned()) })
    });
    let details = OpeningDetails {
        terms,
        title: form.get("titel").to_owned(),
        tasks: form.all("taak").map(TaskCode::from).collect(),
        // Browsers send two characters for the end of a line.
        description: form.get("omschrijving").replace("\r\n", "\n"),
        site_id: form.get("vestiging").parse().ok(),
        postcode: form.get("postcode").to_owned(),
        hours: Hours { min: min.unwrap_or(1), max: max.unwrap_or(48) },
        dayparts: form.all("dagdeel").filter_map(Daypart::from_name).collect(),
        days: form.all("dag").filter_map(|day| day.parse().ok()).collect(),
        starts_on,
        closes_on,
        places,
        pay_cents_per_hour,
        cao: form.get("cao").to_owned(),
        requirements: requirements.collect(),
        self_checks,
        support: form.all("biedt").filter_map(Support::from_name).collect(),
    };
    Typed { employer_id, details, problems: reading.problems }
}

fn self_checks(reading: &mut Reading<'_>) -> Vec<SelfCheck> {
    let form = reading.form;
    let mut number = |field: &str| {
        let text = form.get(field);
        let number = text.replace('−', "-").parse::<i8>().ok();
        if number.is_none() && !text.is_empty() {
            reading.wrong(field, "self-check-out-of-range");
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
            _ => reading.wrong("ook", "choice-unknown"),
        }
    }
    self_checks
}

/// The field of the form in which a field of the command stands.
pub fn form_name(problem: &FieldProblem, details: &OpeningDetails) -> String {
    let of_ground = problem.code == "legal-needs-ground"
        || problem.code == "needs-reason"
        || problem.code.starts_with("ground-")
        || problem.code.starts_with("reason-");
    field_name(&problem.field, of_ground, details)
}

/// The field of the form for a field of the command; `of_ground` when it is about the reason of a
/// requirement.
pub fn field_name(field: &str, of_ground: bool, details: &OpeningDetails) -> String {
    let field = field.strip_prefix("details.").unwrap_or(field);
    if let Some(kind) = field.strip_prefix("requirements.") {
        let (kind, of_ground) = match kind.strip_suffix(".ground") {
            Some(kind) => (kind, true),
            None => (kind, of_ground),
        };
        return format!("{}_{kind}", if of_ground { "grond" } else { "eis" });
    }
    if let Some(term) = field.strip_prefix("terms.") {
        return job_terms::form_name(term, details);
    }
    match field {
        "employer_id" => "werkgever",
        "route" | "terms" => "soort",
        "title" => "titel",
        "tasks" => "taken",
        "description" => "omschrijving",
        "site_id" => "vestiging",
        "hours" => "uren_min",
        "dayparts" => "dagdeel",
        "days" => "dag",
        "starts_on" => "begint",
        "closes_on" => "sluit",
        "places" => "plaatsen",
        "pay_cents_per_hour" => "uurloon",
        "support" => "biedt",
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
    add("soort", details.route().name().to_owned());
    add("titel", details.title.clone());
    for task in &details.tasks {
        add("taak", task.0.clone());
    }
    add("omschrijving", details.description.clone());
    add("vestiging", details.site_id.map(|id| id.to_string()).unwrap_or_default());
    add("postcode", details.postcode.clone());
    add("uren_min", details.hours.min.to_string());
    add("uren_max", details.hours.max.to_string());
    for part in details.dayparts.iter() {
        add("dagdeel", part.name().to_owned());
    }
    for day in details.days.iter() {
        add("dag", day.to_string());
    }
    for (name, day) in [("begint", details.starts_on), ("sluit", details.closes_on)] {
        add(name, day.map(|day| day.to_string()).unwrap_or_default());
    }
    add("plaatsen", details.places.to_string());
    let pay = details.pay_cents_per_hour.map(|cents| format!("{},{:02}", cents / 100, cents % 100));
    add("uurloon", pay.unwrap_or_default());
    add("cao", details.cao.clone());
    for support in &details.support {
        add("biedt", support.name().to_owned());
    }
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
    job_terms::fields(&details.terms, &mut add);
    pairs.into_iter().collect()
}

/// The form with this value in a field, in place of what stood there.
pub fn with_value(form: &Fields, name: &str, value: String) -> Fields {
    let others = form.pairs().iter().filter(|(field, _)| field != name).cloned();
    others.chain([(name.to_owned(), value)]).collect()
}

/// The form, remembering that this advice was shown.
pub fn having_seen(form: &Fields, code: &str) -> Fields {
    let known = form.all("gezien").any(|seen| seen == code);
    let new = (!known).then(|| ("gezien".to_owned(), code.to_owned()));
    form.pairs().iter().cloned().chain(new).collect()
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
        cao: typed("cao"),
        lift: typed("tillen"),
        stand: typed("staan"),
        cold: typed("kou"),
    }
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
    use proto::{
        SiteId,
        vacancies::{Carved, CarvedTask, LearnWork, LearnWorkKind, ResultDocument, SourceJob, Start, Terms},
        work::Dayparts,
    };

    use super::*;

    fn details() -> OpeningDetails {
        OpeningDetails {
            terms: Terms::Regular {},
            title: "Medewerker keuken".to_owned(),
            tasks: vec!["schoonmaken.vloeren".into(), "schoonmaken.ramen".into()],
            description: "Leuk werk.\nKorte dagen.".to_owned(),
            site_id: Some(SiteId(uuid::Uuid::from_u128(5))),
            postcode: "1315 RC".to_owned(),
            hours: Hours { min: 16, max: 24 },
            dayparts: Dayparts::ALL,
            days: [1, 2, 5].into_iter().collect(),
            starts_on: Some("2026-12-07".parse().unwrap()),
            closes_on: None,
            places: 3,
            pay_cents_per_hour: Some(1_505),
            cao: "Horeca".to_owned(),
            requirements: vec![
                Requirement {
                    kind: RequirementKind::Adult,
                    firmness: Firmness::Legal,
                    ground: Some("Arbeidstijdenwet".to_owned()),
                },
                Requirement {
                    kind: RequirementKind::GoodDutch,
                    firmness: Firmness::Learned,
                    ground: Some("U praat met gasten".to_owned()),
                },
            ],
            self_checks: vec![SelfCheck::LiftKg(15), SelfCheck::Cold(-18), SelfCheck::Noise],
            support: vec![Support::Buddy, Support::Transport],
        }
    }

    fn every_terms() -> Vec<Terms> {
        let start = |day: &str, places| Start { on: day.parse().unwrap(), places };
        vec![
            Terms::Regular {},
            Terms::OpenHiring { starts: Vec::new() },
            Terms::OpenHiring { starts: vec![start("2026-12-07", 2), start("2027-01-04", 1)] },
            Terms::LearnWork(LearnWork {
                kind: LearnWorkKind::Bbl,
                school: "ROC van Flevoland".to_owned(),
                recognised_company: true,
                result: ResultDocument::Diploma,
                months: 24,
                learning_hours: 8,
                working_hours: 24,
            }),
            Terms::Jobcarving(Carved {
                sources: vec![
                    SourceJob { title: "Kok".to_owned(), people: 4 },
                    SourceJob { title: "Gastheer of gastvrouw".to_owned(), people: 2 },
                ],
                tasks: vec![
                    CarvedTask {
                        task: "schoonmaken.vloeren".into(),
                        source: 0,
                        tenths_of_hours: 125,
                        qualified_only: false,
                    },
                    CarvedTask {
                        task: "schoonmaken.ramen".into(),
                        source: 1,
                        tenths_of_hours: 40,
                        qualified_only: true,
                    },
                ],
                relieves: "De koks hebben meer tijd.".to_owned(),
            }),
            Terms::BasicJob { made_fit: "Rustig werk, vaste dagen.".to_owned(), guidance_hours: 4 },
            Terms::ParticipationJob {
                learns: "Op tijd komen en samenwerken.".to_owned(),
                months: 12,
                premium: true,
            },
            Terms::TrialPlacement { weeks: 8, contract_months: 12, goal: "Kassa leren.".to_owned() },
        ]
    }

    fn employer_id() -> EmployerId {
        EmployerId(uuid::Uuid::from_u128(1))
    }

    fn changed(details: &OpeningDetails, changes: &[(&str, &str)]) -> Typed {
        let form = fields(employer_id(), details);
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
    fn an_opening_of_every_kind_reads_back_from_its_own_form() {
        for terms in every_terms() {
            let is_open_hiring = matches!(terms, Terms::OpenHiring { .. });
            let details = OpeningDetails {
                starts_on: details().starts_on.filter(|_| !is_open_hiring),
                terms,
                ..details()
            };
            let typed = changed(&details, &[]);
            assert_eq!((typed.details, typed.problems), (details, Vec::new()));
        }
    }

    #[test]
    fn what_cannot_be_read_is_told_at_its_field_all_at_once() {
        let typed = changed(
            &details(),
            &[
                ("uren_min", "veel"),
                ("begint", "morgen"),
                ("uurloon", "15,2,0"),
                ("plaatsen", ""),
                ("tillen", "999"),
                ("werkgever", ""),
            ],
        );
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
    fn an_empty_form_says_what_cannot_be_read_and_leaves_the_rules_to_vacancies() {
        let typed = read(&Fields::default());
        let said = codes(&typed.problems);
        assert!(
            said.contains(&("soort", "route-missing")) && said.contains(&("werkgever", "employer-missing"))
        );
        assert!(said.iter().all(|(field, _)| *field != "titel" && *field != "postcode"), "{said:?}");
    }

    #[test]
    fn the_places_of_open_hiring_are_those_of_its_first_days() {
        let open_hiring =
            |starts| OpeningDetails { starts_on: None, terms: Terms::OpenHiring { starts }, ..details() };
        let fixed = open_hiring(vec![
            Start { on: "2026-12-07".parse().unwrap(), places: 2 },
            Start { on: "2026-12-14".parse().unwrap(), places: 5 },
        ]);
        assert_eq!(changed(&fixed, &[("plaatsen", "1")]).details.places, 7);
        assert_eq!(changed(&open_hiring(Vec::new()), &[("plaatsen", "4")]).details.places, 4);
        let half = changed(&fixed, &[("start_dag_1", "")]);
        assert_eq!(codes(&half.problems), [("start_dag_1", "date-missing")]);
    }

    #[test]
    fn a_problem_finds_its_field_also_inside_the_terms() {
        let name = |field: &str, code: &str| {
            let details = OpeningDetails { terms: every_terms()[4].clone(), ..details() };
            form_name(&FieldProblem::new(field, code), &details)
        };
        assert_eq!(name("title", "title-empty"), "titel");
        assert_eq!(name("requirements.diploma", "diploma-not-with-open-hiring"), "eis_diploma");
        assert_eq!(name("requirements.diploma", "legal-needs-ground"), "grond_diploma");
        assert_eq!(name("details.requirements.adult.ground", "x"), "grond_adult");
        assert_eq!(name("terms.sources.1.people", "x"), "bron_mensen_2");
        assert_eq!(name("terms.tasks.1.tenths_of_hours", "x"), "uren_schoonmaken.ramen");
        assert_eq!(name("terms.starts.0.on", "x"), "start_dag_1");
        assert_eq!(name("terms.relieves", "x"), "verlicht");
        assert_eq!(name("self_checks.cold", "x"), "kou");
    }

    #[test]
    fn money_is_read_as_people_write_them() {
        for (text, amount) in [("15,20", 1_520), ("15.2", 1_520), ("€ 15", 1_500), ("0,05", 5)] {
            assert_eq!(cents(text), Some(amount), "{text}");
        }
        for text in ["", "vijftien", "15,203", "-3", "1234567"] {
            assert_eq!(cents(text), None, "{text}");
        }
    }

    proptest! {
        #[test]
        fn any_form_is_read_without_panic(body in proptest::collection::vec(any::<u8>(), 0..300), route in 0..7_usize) {
            let form = with_value(&Fields::parse(&body), "soort", Route::ALL[route].name().to_owned());
            let _ = read(&job_terms::without_gaps(&form));
        }
    }
}
