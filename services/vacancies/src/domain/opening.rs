//! An opening: what it may say, and its way from draft to published to closed.

use chrono::{DateTime, NaiveDate, Utc};
use proto::{
    EmployerId, FieldProblem, OpeningId,
    vacancies::{
        CloseReason, Firmness, OpeningDetails, OpeningState, Requirement, RequirementKind, SelfCheck,
    },
    work::{Area, Route},
};
use reference::Reference;

use super::{Site, site, text::Text};

const TITLE: Text = Text { thing: "title", max_chars: 120, may_be_empty: false, lines: false };
const DESCRIPTION: Text = Text { thing: "description", max_chars: 2_000, may_be_empty: true, lines: true };
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
    check_requirements(&details, &mut problems);
    check_self_checks(&details.self_checks, &mut problems);
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
    for requirement in &mut details.requirements {
        let ground = requirement.ground.take().map(|ground| ground.trim().to_owned());
        // A ground belongs to a legal requirement only.
        requirement.ground =
            ground.filter(|ground| requirement.firmness == Firmness::Legal && !ground.is_empty());
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

fn check_requirements(details: &OpeningDetails, problems: &mut Vec<FieldProblem>) {
    let mut seen = std::collections::HashSet::new();
    for Requirement { kind, firmness, ground } in &details.requirements {
        let field = format!("requirements.{}", kind.name());
        if !seen.insert(kind) {
            problems.push(FieldProblem::new(&field, "requirement-double"));
            continue;
        }
        let is_legal = *firmness == Firmness::Legal;
        match kind {
            RequirementKind::Adult | RequirementKind::CertificateOfConduct if !is_legal => {
                problems.push(FieldProblem::new(&field, "must-be-legal"));
            }
            RequirementKind::Diploma if details.route == Route::OpenHiring && !is_legal => {
                problems.push(FieldProblem::new(&field, "diploma-not-with-open-hiring"));
            }
            RequirementKind::Experience if details.route == Route::OpenHiring => {
                problems.push(FieldProblem::new(&field, "experience-not-with-open-hiring"));
            }
            _ => {}
        }
        match ground {
            None if is_legal => problems.push(FieldProblem::new(&field, "legal-needs-ground")),
            None => {}
            Some(ground) => problems.extend(GROUND.check(&field, ground)),
        }
    }
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

/// Where an opening stands. A closed one stays closed: whoever wants it again posts a new one.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Stage {
    /// Only its writers see it.
    Draft,
    /// Everyone sees it.
    Published {
        /// Since when.
        at: DateTime<Utc>,
    },
    /// Gone for the public.
    Closed {
        /// When it was first published; nothing for a draft that was thrown away.
        published_at: Option<DateTime<Utc>>,
        /// Why.
        reason: CloseReason,
    },
}

/// What a step changed, and who needs to hear of it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Effect {
    /// Nothing changed: it was so already.
    Nothing,
    /// A draft changed; only its writers care.
    Unheard,
    /// The public state is new.
    Published,
    /// It is gone for the public.
    Closed(CloseReason),
}

/// Why a step is not possible.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum StepRefused {
    /// Someone else changed it meanwhile.
    #[error("the opening is at version {current} by now")]
    ChangedMeanwhile {
        /// The version it has now.
        current: i64,
    },
    /// It is closed.
    #[error("the opening is closed")]
    Closed,
}

/// One opening.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Opening {
    /// Which.
    pub opening_id: OpeningId,
    /// Whose.
    pub employer_id: EmployerId,
    /// The sender's own key, when it came from a file.
    pub kenmerk: Option<String>,
    /// Raised at each change.
    pub version: i64,
    /// Where it stands.
    pub stage: Stage,
    /// What it says.
    pub content: Content,
}

impl Opening {
    /// A new opening: a draft, or published at once.
    pub fn post(
        opening_id: OpeningId,
        employer_id: EmployerId,
        content: Content,
        publish: bool,
        now: DateTime<Utc>,
    ) -> (Self, Effect) {
        let (stage, effect) = if publish {
            (Stage::Published { at: now }, Effect::Published)
        } else {
            (Stage::Draft, Effect::Unheard)
        };
        (Self { opening_id, employer_id, kenmerk: None, version: 1, stage, content }, effect)
    }

    /// Its state as others see it.
    pub fn state(&self) -> OpeningState {
        match self.stage {
            Stage::Draft => OpeningState::Draft,
            Stage::Published { .. } => OpeningState::Published,
            Stage::Closed { .. } => OpeningState::Closed,
        }
    }

    /// When it was first published.
    pub fn published_at(&self) -> Option<DateTime<Utc>> {
        match self.stage {
            Stage::Draft => None,
            Stage::Published { at } => Some(at),
            Stage::Closed { published_at, .. } => published_at,
        }
    }

    /// Makes it say something else. Saying the same changes nothing.
    ///
    /// # Errors
    /// [`StepRefused::ChangedMeanwhile`] when the writer saw another version; the text then
    /// has to be looked at again. [`StepRefused::Closed`] for good.
    pub fn change(&mut self, seen_version: i64, content: Content) -> Result<Effect, StepRefused> {
        if matches!(self.stage, Stage::Closed { .. }) {
            return Err(StepRefused::Closed);
        }
        if self.content == content {
            return Ok(Effect::Nothing);
        }
        if seen_version != self.version {
            return Err(StepRefused::ChangedMeanwhile { current: self.version });
        }
        self.content = content;
        self.version += 1;
        Ok(if self.stage == Stage::Draft { Effect::Unheard } else { Effect::Published })
    }

    /// Publishes a draft. Publishing twice changes nothing.
    ///
    /// # Errors
    /// [`StepRefused::Closed`] for good.
    pub fn publish(&mut self, now: DateTime<Utc>) -> Result<Effect, StepRefused> {
        match self.stage {
            Stage::Draft => {
                self.stage = Stage::Published { at: now };
                self.version += 1;
                Ok(Effect::Published)
            }
            Stage::Published { .. } => Ok(Effect::Nothing),
            Stage::Closed { .. } => Err(StepRefused::Closed),
        }
    }

    /// Closes it. Closing twice changes nothing, and keeps the first reason. Nobody hears of a
    /// draft that is thrown away, because nobody heard of the draft.
    pub fn close(&mut self, reason: CloseReason) -> Effect {
        let published_at = self.published_at();
        let effect = match self.stage {
            Stage::Draft => Effect::Unheard,
            Stage::Published { .. } => Effect::Closed(reason),
            Stage::Closed { .. } => return Effect::Nothing,
        };
        self.stage = Stage::Closed { published_at, reason };
        self.version += 1;
        effect
    }
}

/// Whether the last day of an opening has passed: from then on nobody is shown it, even before
/// the clock's next round closes it.
pub fn is_over(details: &OpeningDetails, today: NaiveDate) -> bool {
    details.closes_on.is_some_and(|last| last < today)
}

#[cfg(test)]
pub(crate) mod tests {
    use proptest::prelude::*;
    use proto::work::{Daypart, Hours, TaskCode};
    use uuid::Uuid;

    use super::*;
    use crate::domain::tests::REFERENCE;

    pub(crate) fn day(text: &str) -> NaiveDate {
        text.parse().unwrap()
    }

    fn now() -> DateTime<Utc> {
        "2026-11-22T09:00:00Z".parse().unwrap()
    }

    pub(crate) fn good() -> OpeningDetails {
        OpeningDetails {
            route: Route::Regular,
            title: "Medewerker keuken".into(),
            tasks: vec!["schoonmaken.vloeren".into()],
            description: String::new(),
            postcode: "1315 RC".into(),
            hours: Hours { min: 16, max: 24 },
            dayparts: [Daypart::Morning].into_iter().collect(),
            starts_on: None,
            closes_on: None,
            places: 1,
            pay_cents_per_hour: Some(1_520),
            requirements: vec![],
            self_checks: vec![],
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

    fn content(title: &str) -> Content {
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
        use RequirementKind::{Adult, CertificateOfConduct, Diploma, Experience, SimpleDutch};
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
            (Regular, Diploma, Needed, None, None),
            (Regular, Experience, Needed, None, None),
        ];
        for (route, kind, firmness, ground, expected) in table {
            let requirement = Requirement { kind, firmness, ground: ground.map(str::to_owned) };
            let found = codes(OpeningDetails { route, requirements: vec![requirement], ..good() });
            let expected: Vec<String> =
                expected.map(|code| format!("requirements.{} {code}", kind.name())).into_iter().collect();
            assert_eq!(found, expected, "{route:?} {kind:?} {firmness:?}");
        }
        let twice = Requirement { kind: SimpleDutch, firmness: Needed, ground: None };
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
    fn spelling_does_not_count() {
        let details = OpeningDetails {
            title: " Kok ".into(),
            postcode: "1315rc".into(),
            tasks: vec!["schoonmaken.ramen".into(), "schoonmaken.ramen".into()],
            ..good()
        };
        let content = check(details, None, day("2026-11-22"), &REFERENCE).unwrap();
        assert_eq!(content.details().title, "Kok");
        assert_eq!(content.details().postcode, "1315 RC");
        assert_eq!(content.details().tasks.len(), 1);
        assert_eq!((content.place(), content.area().region.as_str()), ("Almere", "AM11"));
    }

    #[test]
    fn the_way_of_an_opening() {
        let (mut opening, effect) =
            Opening::post(OpeningId(Uuid::nil()), EmployerId(Uuid::nil()), content("a"), false, now());
        assert_eq!((opening.version, effect, opening.published_at()), (1, Effect::Unheard, None));
        assert_eq!(opening.change(1, content("b")), Ok(Effect::Unheard));
        assert_eq!(opening.change(1, content("c")), Err(StepRefused::ChangedMeanwhile { current: 2 }));
        assert_eq!(opening.change(1, content("b")), Ok(Effect::Nothing), "the same text again");
        assert_eq!(opening.publish(now()), Ok(Effect::Published));
        assert_eq!(opening.publish(now()), Ok(Effect::Nothing));
        assert_eq!(opening.version, 3);
        assert_eq!(opening.change(3, content("d")), Ok(Effect::Published));
        assert_eq!(opening.close(CloseReason::Filled), Effect::Closed(CloseReason::Filled));
        assert_eq!(opening.close(CloseReason::Withdrawn), Effect::Nothing);
        assert_eq!(opening.change(5, content("e")), Err(StepRefused::Closed));
        assert_eq!(opening.publish(now()), Err(StepRefused::Closed));
        assert_eq!((opening.version, opening.published_at()), (5, Some(now())));
    }

    #[derive(Debug, Clone, Copy)]
    enum Step {
        Change(u8, i64),
        Publish,
        Close(CloseReason),
    }

    fn step() -> impl Strategy<Value = Step> {
        prop_oneof![
            (0..3_u8, 1..6_i64).prop_map(|(text, version)| Step::Change(text, version)),
            Just(Step::Publish),
            Just(Step::Close(CloseReason::Filled)),
            Just(Step::Close(CloseReason::Expired)),
        ]
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(64))]

        /// Whatever is tried in whatever order: the version counts exactly the changes, nothing
        /// leaves `closed`, and others hear of each change of what they can see.
        #[test]
        fn versions_count_changes_and_closed_is_the_end(
            publish: bool, steps in proptest::collection::vec(step(), 0..12),
        ) {
            let texts = ["a", "b", "c"].map(content);
            let (id, employer) = (OpeningId(Uuid::nil()), EmployerId(Uuid::nil()));
            let (mut opening, _) = Opening::post(id, employer, texts[0].clone(), publish, now());
            for step in steps {
                let before = opening.clone();
                let effect = match step {
                    Step::Change(text, seen) => opening.change(seen, texts[usize::from(text)].clone()),
                    Step::Publish => opening.publish(now()),
                    Step::Close(reason) => Ok(opening.close(reason)),
                };
                match effect {
                    Err(_) | Ok(Effect::Nothing) => prop_assert_eq!(&opening, &before),
                    Ok(effect) => {
                        prop_assert_eq!(opening.version, before.version + 1);
                        prop_assert_ne!(before.state(), OpeningState::Closed);
                        let was_seen = before.state() == OpeningState::Published;
                        let is_seen = opening.state() == OpeningState::Published;
                        match effect {
                            Effect::Published => prop_assert!(is_seen),
                            Effect::Closed(_) => prop_assert!(was_seen && !is_seen),
                            _ => prop_assert!(!was_seen && !is_seen),
                        }
                    }
                }
            }
        }
    }
}
