//! What an opening may say.

use chrono::NaiveDate;
use proto::{
    FieldProblem,
    vacancies::{Firmness, OpeningDetails, Requirement, RequirementKind, SelfCheck},
    work::{Area, Route},
};
use reference::Reference;

pub use super::course::{Effect, Opening, Stage, StepRefused};
use super::{Site, site, terms, text::Text, wording::Wording};

const TITLE: Text = Text { thing: "title", max_chars: 120, may_be_empty: false, lines: false };
const DESCRIPTION: Text = Text { thing: "description", max_chars: 2_000, may_be_empty: true, lines: true };
const CAO: Text = Text { thing: "cao", max_chars: 120, may_be_empty: true, lines: false };
const GROUND: Text = Text { thing: "ground", max_chars: 200, may_be_empty: true, lines: false };
const MOST_TASKS: usize = 10;
const MOST_PLACES: u16 = 999;
/// Cents an hour that can be meant. This is a check on typing (euros for cents, a month for an
/// hour), not the minimum wage: that depends on age, and its table is not part of the project yet.
const PAY_CENTS: std::ops::RangeInclusive<u32> = 400..=20_000;

/// What an opening says, checked and in one spelling. Only [`check`] and the store make it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Content {
    details: OpeningDetails,
    place: String,
    area: Area,
}

impl Content {
    /// As it was stored.
    pub fn stored(details: OpeningDetails, place: String, area: Area) -> Self {
        Self { details, place, area }
    }

    /// The same with another last day.
    #[must_use]
    pub fn until(&self, last: NaiveDate) -> Self {
        let mut content = self.clone();
        content.details.closes_on = Some(last);
        content
    }

    /// What it says.
    pub fn details(&self) -> &OpeningDetails {
        &self.details
    }

    /// The name of the place where the work is.
    pub fn place(&self) -> &str {
        &self.place
    }

    /// Where the work is.
    pub fn area(&self) -> &Area {
        &self.area
    }
}

/// Checks what an opening says. `before` is what it said until now: a date that was right when it
/// was written stays right, so that an old opening can still be mended.
///
/// # Errors
/// Everything that is wrong, at once.
pub fn check(
    given: OpeningDetails,
    before: Option<&OpeningDetails>,
    today: NaiveDate,
    reference: &Reference,
) -> Result<Content, Vec<FieldProblem>> {
    let mut details = tidy(given);
    let mut problems = TITLE.check("title", &details.title);
    if details.title.starts_with(['=', '@']) {
        problems.push(FieldProblem::new("title", "title-formula-like"));
    }
    problems.extend(DESCRIPTION.check("description", &details.description));
    check_tasks(&details, reference, &mut problems);
    let site = site("postcode", &details.postcode, reference).map_err(|wrong| problems.push(wrong)).ok();
    if !details.hours.is_sound() {
        problems.push(FieldProblem::new("hours", "hours-unsound"));
    }
    if details.dayparts.is_empty() {
        problems.push(FieldProblem::new("dayparts", "dayparts-empty"));
    }
    check_dates(&details, before, today, &mut problems);
    if !(1..=MOST_PLACES).contains(&details.places) {
        let wrong = FieldProblem::new("places", "places-out-of-range");
        problems.push(wrong.with("min", 1).with("max", MOST_PLACES));
    }
    if details.pay_cents_per_hour.is_some_and(|cents| !PAY_CENTS.contains(&cents)) {
        problems.push(FieldProblem::new("pay_cents_per_hour", "pay-out-of-range"));
    }
    problems.extend(CAO.check("cao", &details.cao));
    problems.extend(terms::check(&details, before, today));
    check_requirements(&details, before, &mut problems);
    check_self_checks(&details.self_checks, &mut problems);
    problems.extend(Wording::built_in().problems(&details));
    match site {
        Some(Site { postcode, place, area }) if problems.is_empty() => {
            details.postcode = postcode;
            Ok(Content { details, place, area })
        }
        _ => Err(problems),
    }
}

/// One spelling for what means the same.
fn tidy(mut details: OpeningDetails) -> OpeningDetails {
    details.title = String::from(details.title.trim());
    details.description = String::from(details.description.trim());
    let mut seen = std::collections::HashSet::new();
    details.tasks.retain(|task| seen.insert(task.clone()));
    details.cao = String::from(details.cao.trim());
    let mut seen = std::collections::HashSet::new();
    details.support.retain(|support| seen.insert(*support));
    terms::tidy(&mut details.terms);
    for requirement in &mut details.requirements {
        let ground = requirement.ground.take().map(|ground| ground.trim().to_owned());
        requirement.ground = ground.filter(|ground| !ground.is_empty());
    }
    details
}

fn check_tasks(details: &OpeningDetails, reference: &Reference, problems: &mut Vec<FieldProblem>) {
    if details.tasks.is_empty() {
        problems.push(FieldProblem::new("tasks", "tasks-empty"));
    }
    if details.tasks.len() > MOST_TASKS {
        problems.push(FieldProblem::new("tasks", "tasks-too-many").with("max", MOST_TASKS));
    }
    for task in details.tasks.iter().filter(|task| reference.tasks.task(&task.0).is_none()).take(MOST_TASKS) {
        let shown: String = task.0.chars().take(100).collect();
        problems.push(FieldProblem::new("tasks", "task-unknown").with("task", shown));
    }
}

fn check_dates(
    details: &OpeningDetails,
    before: Option<&OpeningDetails>,
    today: NaiveDate,
    problems: &mut Vec<FieldProblem>,
) {
    let (starts, closes) = (details.starts_on, details.closes_on);
    let is_new_and_past = |day: Option<NaiveDate>, was: Option<NaiveDate>| {
        day.is_some_and(|day| day < today) && (before.is_none() || day != was)
    };
    if is_new_and_past(starts, before.and_then(|before| before.starts_on)) {
        problems.push(FieldProblem::new("starts_on", "starts-in-past"));
    }
    if is_new_and_past(closes, before.and_then(|before| before.closes_on)) {
        problems.push(FieldProblem::new("closes_on", "closes-in-past"));
    }
    // The order of the two is free: an opening may leave the list before its first day, as most
    // do, and one with several places may stay on it after the first of them began.
}

fn check_requirements(
    details: &OpeningDetails,
    before: Option<&OpeningDetails>,
    problems: &mut Vec<FieldProblem>,
) {
    let mut seen = std::collections::HashSet::new();
    for requirement in &details.requirements {
        let Requirement { kind, firmness, ground } = requirement;
        let field = format!("requirements.{}", kind.name());
        if !seen.insert(kind) {
            problems.push(FieldProblem::new(&field, "requirement-double"));
            continue;
        }
        let is_legal = *firmness == Firmness::Legal;
        let is_open = details.route() == Route::OpenHiring;
        match kind {
            RequirementKind::Adult | RequirementKind::CertificateOfConduct if !is_legal => {
                problems.push(FieldProblem::new(&field, "must-be-legal"));
            }
            RequirementKind::Diploma if is_open && !is_legal => {
                problems.push(FieldProblem::new(&field, "diploma-not-with-open-hiring"));
            }
            RequirementKind::Experience if is_open => {
                problems.push(FieldProblem::new(&field, "experience-not-with-open-hiring"));
            }
            _ if is_open && *firmness == Firmness::Needed => {
                problems.push(FieldProblem::new(&field, "needed-not-with-open-hiring"));
            }
            _ => {}
        }
        // What stood there before this rule may stay until it is changed.
        let is_new = before.is_none_or(|before| !before.requirements.contains(requirement));
        match ground {
            None if is_legal => problems.push(FieldProblem::new(&field, "legal-needs-ground")),
            // What is learned here keeps nobody out.
            None if is_new && *firmness == Firmness::Needed && needs_reason(*kind) => {
                problems.push(FieldProblem::new(&field, "needs-reason"));
            }
            None => {}
            Some(ground) => problems.extend(GROUND.check(&field, ground)),
        }
    }
}

/// Whether the writer must say why the work needs it. An age is for the law alone.
fn needs_reason(kind: RequirementKind) -> bool {
    kind.needs_reason() && kind != RequirementKind::Adult
}

fn check_self_checks(self_checks: &[SelfCheck], problems: &mut Vec<FieldProblem>) {
    let mut seen = std::collections::HashSet::new();
    for self_check in self_checks {
        let (name, is_sound) = match self_check {
            SelfCheck::LiftKg(kilograms) => ("lift_kg", (1..=100).contains(kilograms)),
            SelfCheck::StandHours(hours) => ("stand_hours", (1..=12).contains(hours)),
            SelfCheck::WalkALot => ("walk_a_lot", true),
            SelfCheck::Outside => ("outside", true),
            SelfCheck::Cold(degrees) => ("cold", (-40..=15).contains(degrees)),
            SelfCheck::Noise => ("noise", true),
        };
        if !seen.insert(name) {
            problems.push(FieldProblem::new(format!("self_checks.{name}"), "self-check-double"));
        } else if !is_sound {
            problems.push(FieldProblem::new(format!("self_checks.{name}"), "self-check-out-of-range"));
        }
    }
}

#[cfg(test)]
pub(crate) mod tests {
    use proto::{
        vacancies::{Start, Terms},
        work::{Daypart, Days, Hours, Support, TaskCode},
    };

    use super::*;
    use crate::domain::tests::REFERENCE;

    pub(crate) fn day(text: &str) -> NaiveDate {
        text.parse().unwrap()
    }

    pub(crate) fn good() -> OpeningDetails {
        OpeningDetails {
            terms: Terms::Regular {},
            title: "Medewerker keuken".into(),
            tasks: vec!["schoonmaken.vloeren".into()],
            description: String::new(),
            site_id: None,
            postcode: "1315 RC".into(),
            hours: Hours { min: 16, max: 24 },
            dayparts: [Daypart::Morning].into_iter().collect(),
            days: Days::default(),
            starts_on: None,
            closes_on: None,
            places: 1,
            pay_cents_per_hour: Some(1_520),
            cao: String::new(),
            requirements: vec![],
            self_checks: vec![],
            support: vec![],
        }
    }

    fn codes(details: OpeningDetails) -> Vec<String> {
        codes_after(details, None)
    }

    fn codes_after(details: OpeningDetails, before: Option<&OpeningDetails>) -> Vec<String> {
        match check(details, before, day("2026-11-22"), &REFERENCE) {
            Ok(_) => vec![],
            Err(problems) => {
                problems.into_iter().map(|problem| format!("{} {}", problem.field, problem.code)).collect()
            }
        }
    }

    pub(crate) fn content(title: &str) -> Content {
        let details = OpeningDetails { title: title.into(), ..good() };
        check(details, None, day("2026-11-22"), &REFERENCE).unwrap()
    }

    #[test]
    fn each_mistake_has_its_own_code() {
        type Spoil = fn(&mut OpeningDetails);
        let table: &[(Spoil, &str)] = &[
            (|d| d.title = "  ".into(), "title title-empty"),
            (|d| d.title = "x".repeat(121), "title title-too-long"),
            (|d| d.title = "=1+1".into(), "title title-formula-like"),
            (|d| d.title = " @som".into(), "title title-formula-like"),
            (|d| d.title = "kok 111222333".into(), "title looks-like-bsn"),
            (|d| d.title = "kok\u{0}".into(), "title text-unreadable"),
            (|d| d.description = "x".repeat(2_001), "description description-too-long"),
            (|d| d.description = "bsn 111.222.333".into(), "description looks-like-bsn"),
            (|d| d.tasks.clear(), "tasks tasks-empty"),
            (|d| d.tasks = vec!["kop.staan".into()], "tasks task-unknown"),
            (|d| d.postcode = " ".into(), "postcode postcode-empty"),
            (|d| d.postcode = "131".into(), "postcode postcode-malformed"),
            (|d| d.postcode = "1310".into(), "postcode postcode-unknown"),
            (|d| d.hours = Hours { min: 0, max: 8 }, "hours hours-unsound"),
            (|d| d.hours = Hours { min: 9, max: 8 }, "hours hours-unsound"),
            (|d| d.hours = Hours { min: 9, max: 49 }, "hours hours-unsound"),
            (|d| d.dayparts = [].into_iter().collect(), "dayparts dayparts-empty"),
            (|d| d.starts_on = Some(day("2026-11-21")), "starts_on starts-in-past"),
            (|d| d.closes_on = Some(day("2026-11-21")), "closes_on closes-in-past"),
            (|d| d.places = 0, "places places-out-of-range"),
            (|d| d.places = 1_000, "places places-out-of-range"),
            (|d| d.pay_cents_per_hour = Some(15), "pay_cents_per_hour pay-out-of-range"),
            (|d| d.pay_cents_per_hour = Some(240_000), "pay_cents_per_hour pay-out-of-range"),
            (|d| d.self_checks = vec![SelfCheck::LiftKg(0)], "self_checks.lift_kg self-check-out-of-range"),
            (|d| d.self_checks = vec![SelfCheck::Noise; 2], "self_checks.noise self-check-double"),
            (|d| d.cao = "x".repeat(121), "cao cao-too-long"),
        ];
        for (spoil, expected) in table {
            let mut details = good();
            spoil(&mut details);
            assert_eq!(codes(details), [*expected]);
        }
        assert_eq!(codes(good()), Vec::<String>::new());
    }

    #[test]
    fn everything_wrong_is_told_at_once() {
        let details = OpeningDetails {
            title: String::new(),
            tasks: (0..11).map(|number| TaskCode(format!("x.{number}"))).collect(),
            postcode: "?".into(),
            places: 0,
            ..good()
        };
        let found = codes(details);
        for code in ["title title-empty", "tasks tasks-too-many", "postcode postcode-malformed"] {
            assert!(found.iter().any(|one| one == code), "{code} in {found:?}");
        }
        assert_eq!(found.iter().filter(|code| *code == "tasks task-unknown").count(), 10);
    }

    #[test]
    fn who_may_ask_what_of_people() {
        use Firmness::{Learned, Legal, Needed};
        use RequirementKind::{
            Adult, CertificateOfConduct, Diploma, DrivingLicence, Experience, GoodDutch, SimpleDutch,
        };
        use Route::{OpenHiring, Regular};
        let table = [
            (Regular, Adult, Legal, Some("Arbeidstijdenwet"), None),
            (Regular, Adult, Needed, None, Some("must-be-legal")),
            (Regular, CertificateOfConduct, Learned, None, Some("must-be-legal")),
            (OpenHiring, CertificateOfConduct, Legal, Some("Wet kinderopvang"), None),
            (OpenHiring, Adult, Legal, Some(" "), Some("legal-needs-ground")),
            (OpenHiring, Adult, Legal, None, Some("legal-needs-ground")),
            (OpenHiring, Diploma, Needed, None, Some("diploma-not-with-open-hiring")),
            (OpenHiring, Diploma, Learned, None, Some("diploma-not-with-open-hiring")),
            (OpenHiring, Diploma, Legal, Some("Wet BIG"), None),
            (OpenHiring, Experience, Legal, Some("Wet"), Some("experience-not-with-open-hiring")),
            (OpenHiring, Experience, Needed, None, Some("experience-not-with-open-hiring")),
            (OpenHiring, SimpleDutch, Learned, None, None),
            (
                OpenHiring,
                SimpleDutch,
                Needed,
                Some("U leest waarschuwingen"),
                Some("needed-not-with-open-hiring"),
            ),
            (OpenHiring, DrivingLicence, Needed, None, Some("needed-not-with-open-hiring")),
            (OpenHiring, DrivingLicence, Legal, Some("Wegenverkeerswet 1994"), None),
            (Regular, SimpleDutch, Needed, None, Some("needs-reason")),
            (Regular, GoodDutch, Needed, Some("  "), Some("needs-reason")),
            (Regular, GoodDutch, Needed, Some("U praat met klanten"), None),
            (Regular, GoodDutch, Learned, None, None),
            (Regular, Diploma, Needed, None, None),
            (Regular, Experience, Needed, None, None),
        ];
        for (route, kind, firmness, ground, expected) in table {
            let requirement = Requirement { kind, firmness, ground: ground.map(str::to_owned) };
            let terms = match route {
                OpenHiring => Terms::OpenHiring { starts: vec![] },
                _ => Terms::Regular {},
            };
            let found = codes(OpeningDetails { terms, requirements: vec![requirement], ..good() });
            let expected: Vec<String> =
                expected.map(|code| format!("requirements.{} {code}", kind.name())).into_iter().collect();
            assert_eq!(found, expected, "{route:?} {kind:?} {firmness:?}");
        }
        let twice = Requirement { kind: SimpleDutch, firmness: Learned, ground: None };
        let details = OpeningDetails { requirements: vec![twice.clone(), twice], ..good() };
        assert_eq!(codes(details), ["requirements.simple_dutch requirement-double"]);
    }

    #[test]
    fn a_date_that_was_right_stays_right_until_it_is_changed() {
        let before = OpeningDetails { starts_on: Some(day("2026-11-01")), ..good() };
        let mended = OpeningDetails { title: "Kok".into(), ..before.clone() };
        assert_eq!(codes_after(mended.clone(), Some(&before)), Vec::<String>::new());
        let moved = OpeningDetails { starts_on: Some(day("2026-11-02")), ..mended.clone() };
        assert_eq!(codes_after(moved, Some(&before)), ["starts_on starts-in-past"]);
        assert_eq!(codes(mended), ["starts_on starts-in-past"]);
    }

    #[test]
    fn what_was_asked_without_a_reason_before_may_stay() {
        let kind = RequirementKind::SimpleDutch;
        let asked = Requirement { kind, firmness: Firmness::Needed, ground: None };
        let before = OpeningDetails { requirements: vec![asked], ..good() };
        let mended = OpeningDetails { title: "Kok".into(), ..before.clone() };
        assert_eq!(codes_after(mended, Some(&before)), Vec::<String>::new());
    }

    #[test]
    fn spelling_does_not_count() {
        let details = OpeningDetails {
            title: " Kok ".into(),
            postcode: "1315rc".into(),
            tasks: vec!["schoonmaken.ramen".into(), "schoonmaken.ramen".into()],
            support: vec![Support::Buddy, Support::Training, Support::Buddy],
            places: 3,
            terms: Terms::OpenHiring {
                starts: vec![
                    Start { on: day("2027-01-04"), places: 1 },
                    Start { on: day("2026-12-01"), places: 2 },
                ],
            },
            ..good()
        };
        let content = check(details, None, day("2026-11-22"), &REFERENCE).unwrap();
        assert_eq!(content.details().title, "Kok");
        assert_eq!(content.details().postcode, "1315 RC");
        assert_eq!(content.details().tasks.len(), 1);
        assert_eq!(content.details().support, [Support::Buddy, Support::Training]);
        let Terms::OpenHiring { starts } = &content.details().terms else { panic!("open hiring") };
        assert_eq!(starts[0].on, day("2026-12-01"));
        assert_eq!((content.place(), content.area().region.as_str()), ("Almere", "AM11"));
    }
}
