//! What each route has of its own: the rules of `proto::vacancies::Terms`, each with its code.

use std::collections::HashSet;

use chrono::NaiveDate;
use proto::{
    FieldProblem,
    vacancies::{
        Carved, LearnWork, LearnWorkKind, OpeningDetails, RequirementKind, ResultDocument, Start, Terms,
    },
};

use super::text::Text;

const SCHOOL: Text = Text { thing: "school", max_chars: 120, may_be_empty: true, lines: false };
const SOURCE: Text = Text { thing: "source-title", max_chars: 120, may_be_empty: false, lines: false };
/// A sentence or two.
const LONGEST_TEXT: usize = 500;
const SHORTEST_TEXT: usize = 10;
const MOST_STARTS: usize = 20;
const MOST_SOURCES: usize = 10;
const MOST_CARVED: usize = 20;
const MOST_PEOPLE: u16 = 999;
/// Hours a week, learning and working together.
const MOST_HOURS: u8 = 48;

/// One spelling for what means the same: texts trimmed, first days in their order.
pub fn tidy(terms: &mut Terms) {
    let trim = |text: &mut String| *text = text.trim().to_owned();
    match terms {
        Terms::Regular {} => {}
        Terms::OpenHiring { starts } => starts.sort_by_key(|start| start.on),
        Terms::LearnWork(learn) => trim(&mut learn.school),
        Terms::Jobcarving(carved) => {
            trim(&mut carved.relieves);
            carved.sources.iter_mut().for_each(|source| trim(&mut source.title));
        }
        Terms::BasicJob { made_fit, .. } => trim(made_fit),
        Terms::ParticipationJob { learns, .. } => trim(learns),
        Terms::TrialPlacement { goal, .. } => trim(goal),
    }
}

/// Everything wrong with the terms of an opening. `before` is what it said until now.
pub fn check(
    details: &OpeningDetails,
    before: Option<&OpeningDetails>,
    today: NaiveDate,
) -> Vec<FieldProblem> {
    let mut problems = Vec::new();
    match &details.terms {
        Terms::Regular {} => {}
        Terms::OpenHiring { starts } => {
            check_starts(details, starts, before, today, &mut problems);
        }
        Terms::LearnWork(learn) => check_learn_work(learn, &mut problems),
        Terms::Jobcarving(carved) => check_carved(details, carved, &mut problems),
        Terms::BasicJob { made_fit, guidance_hours } => {
            check_text("made_fit", "made-fit", made_fit, &mut problems);
            check_range("guidance_hours", "guidance-out-of-range", *guidance_hours, 0, 20, &mut problems);
        }
        Terms::ParticipationJob { learns, months, premium: _ } => {
            check_text("learns", "learns", learns, &mut problems);
            check_range("months", "months-out-of-range", *months, 1, 24, &mut problems);
        }
        Terms::TrialPlacement { weeks, contract_months, goal } => {
            check_range("weeks", "weeks-out-of-range", *weeks, 1, 26, &mut problems);
            if *contract_months < 6 {
                problems.push(at("contract_months", "contract-too-short").with("min", 6));
            }
            check_text("goal", "goal", goal, &mut problems);
        }
    }
    problems
}

fn at(field: &str, code: &str) -> FieldProblem {
    FieldProblem::new(format!("terms.{field}"), code)
}

fn check_range<N: PartialOrd + ToString>(
    field: &str,
    code: &str,
    number: N,
    min: N,
    max: N,
    problems: &mut Vec<FieldProblem>,
) {
    if number < min || number > max {
        problems.push(at(field, code).with("min", min).with("max", max));
    }
}

/// A sentence or two: `<thing>-empty`, `<thing>-too-short`, `<thing>-too-long`.
fn check_text(field: &str, thing: &'static str, text: &str, problems: &mut Vec<FieldProblem>) {
    let rule = Text { thing, max_chars: LONGEST_TEXT, may_be_empty: false, lines: true };
    problems.extend(rule.check(&format!("terms.{field}"), text));
    if (1..SHORTEST_TEXT).contains(&text.chars().count()) {
        problems.push(at(field, &format!("{thing}-too-short")).with("min", SHORTEST_TEXT));
    }
}

fn check_starts(
    details: &OpeningDetails,
    starts: &[Start],
    before: Option<&OpeningDetails>,
    today: NaiveDate,
    problems: &mut Vec<FieldProblem>,
) {
    if details.starts_on.is_some() {
        problems.push(FieldProblem::new("starts_on", "starts-on-not-with-open-hiring"));
    }
    if starts.len() > MOST_STARTS {
        problems.push(at("starts", "starts-too-many").with("max", MOST_STARTS));
    }
    let known: &[Start] = match before.map(|before| &before.terms) {
        Some(Terms::OpenHiring { starts }) => starts,
        _ => &[],
    };
    let mut days = HashSet::new();
    for (index, start) in starts.iter().enumerate() {
        if !days.insert(start.on) {
            problems.push(at(&format!("starts.{index}.on"), "start-double"));
        }
        if start.on < today && !known.iter().any(|known| known.on == start.on) {
            problems.push(at(&format!("starts.{index}.on"), "starts-in-past"));
        }
        let field = format!("starts.{index}.places");
        check_range(&field, "places-out-of-range", start.places, 1, MOST_PEOPLE, problems);
    }
    let together: u32 = starts.iter().map(|start| u32::from(start.places)).sum();
    if !starts.is_empty() && together != u32::from(details.places) {
        problems.push(FieldProblem::new("places", "starts-places-differ").with("together", together));
    }
}

fn check_learn_work(learn: &LearnWork, problems: &mut Vec<FieldProblem>) {
    use LearnWorkKind::{Bbl, Branch, Other, Sequential, ThirdPath};
    problems.extend(SCHOOL.check("terms.school", &learn.school));
    if matches!(learn.kind, Bbl | ThirdPath) {
        if learn.school.is_empty() {
            problems.push(at("school", "school-empty"));
        }
        if !learn.recognised_company {
            problems.push(at("recognised_company", "company-not-recognised"));
        }
    }
    let fits = match learn.kind {
        Sequential => true,
        Bbl => learn.result == ResultDocument::Diploma,
        ThirdPath => {
            matches!(learn.result, ResultDocument::Certificate | ResultDocument::PracticalStatement)
        }
        Branch => learn.result == ResultDocument::BranchCertificate,
        Other => learn.result == ResultDocument::None,
    };
    if !fits {
        problems.push(at("result", "result-does-not-fit"));
    }
    check_range("months", "months-out-of-range", learn.months, 1, 48, problems);
    check_range("learning_hours", "learning-hours-out-of-range", learn.learning_hours, 1, 40, problems);
    let least = u8::from(learn.kind != Sequential);
    check_range("working_hours", "working-hours-out-of-range", learn.working_hours, least, 40, problems);
    if learn.learning_hours.saturating_add(learn.working_hours) > MOST_HOURS {
        problems.push(at("working_hours", "learn-work-hours-too-many").with("max", MOST_HOURS));
    }
}

fn check_carved(details: &OpeningDetails, carved: &Carved, problems: &mut Vec<FieldProblem>) {
    let Carved { sources, tasks, relieves } = carved;
    if sources.is_empty() {
        problems.push(at("sources", "sources-empty"));
    }
    if sources.len() > MOST_SOURCES {
        problems.push(at("sources", "sources-too-many").with("max", MOST_SOURCES));
    }
    for (index, source) in sources.iter().enumerate() {
        problems.extend(SOURCE.check(&format!("terms.sources.{index}.title"), &source.title));
        let field = format!("sources.{index}.people");
        check_range(&field, "people-out-of-range", source.people, 1, MOST_PEOPLE, problems);
    }
    if tasks.is_empty() {
        problems.push(at("tasks", "carved-tasks-empty"));
    }
    if tasks.len() > MOST_CARVED {
        problems.push(at("tasks", "carved-tasks-too-many").with("max", MOST_CARVED));
    }
    let asks_diploma = details.requirements.iter().any(|asked| asked.kind == RequirementKind::Diploma);
    let mut seen = HashSet::new();
    for (index, task) in tasks.iter().enumerate() {
        let at = |field: &str, code: &str| at(&format!("tasks.{index}.{field}"), code);
        if !details.tasks.contains(&task.task) {
            problems.push(at("task", "carved-task-not-in-tasks"));
        }
        if usize::from(task.source) >= sources.len() {
            problems.push(at("source", "source-unknown"));
        }
        if !seen.insert((&task.task, task.source)) {
            problems.push(at("task", "carved-task-double"));
        }
        let field = format!("tasks.{index}.tenths_of_hours");
        check_range(&field, "task-hours-out-of-range", task.tenths_of_hours, 1, 400, problems);
        if task.qualified_only && !asks_diploma {
            problems.push(at("qualified_only", "task-needs-diploma"));
        }
    }
    let together: u32 = tasks.iter().map(|task| u32::from(task.tenths_of_hours)).sum();
    let (min, max) = (u32::from(details.hours.min) * 10, u32::from(details.hours.max) * 10);
    if !tasks.is_empty() && details.hours.is_sound() && !(min..=max).contains(&together) {
        let hours = f64::from(together) / 10.0;
        let differ = at("tasks", "carved-hours-differ").with("together", hours);
        problems.push(differ.with("min", details.hours.min).with("max", details.hours.max));
    }
    check_text("relieves", "relieves", relieves, problems);
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use proto::{
        vacancies::{CarvedTask, Firmness, Requirement, SourceJob},
        work::Hours,
    };

    use super::*;
    use crate::domain::opening::tests::{day, good};

    /// A way to spoil it, and what is then told.
    type Spoilt<T> = (fn(&mut T), &'static [&'static str]);

    fn today() -> NaiveDate {
        day("2026-11-22")
    }

    fn with(terms: Terms) -> OpeningDetails {
        OpeningDetails { terms, ..good() }
    }

    fn codes(details: &OpeningDetails) -> Vec<String> {
        codes_after(details, None)
    }

    fn codes_after(details: &OpeningDetails, before: Option<&OpeningDetails>) -> Vec<String> {
        let problems = check(details, before, today());
        problems.into_iter().map(|problem| format!("{} {}", problem.field, problem.code)).collect()
    }

    fn open_hiring(starts: &[(&str, u16)]) -> Terms {
        let starts = starts.iter().map(|(on, places)| Start { on: day(on), places: *places }).collect();
        Terms::OpenHiring { starts }
    }

    fn bbl() -> LearnWork {
        LearnWork {
            kind: LearnWorkKind::Bbl,
            school: "ROC van Flevoland".into(),
            recognised_company: true,
            result: ResultDocument::Diploma,
            months: 24,
            learning_hours: 8,
            working_hours: 24,
        }
    }

    fn carved() -> Carved {
        let task = |source, tenths_of_hours| CarvedTask {
            task: "schoonmaken.vloeren".into(),
            source,
            tenths_of_hours,
            qualified_only: false,
        };
        Carved {
            sources: vec![
                SourceJob { title: "Verzorgende".into(), people: 12 },
                SourceJob { title: "Kok".into(), people: 2 },
            ],
            tasks: vec![task(0, 120), task(1, 60)],
            relieves: "Verzorgenden hebben meer tijd voor bewoners.".into(),
        }
    }

    #[test]
    fn open_hiring_has_its_places_on_its_first_days() {
        let of = |places, starts: &[(&str, u16)]| OpeningDetails { places, ..with(open_hiring(starts)) };
        assert_eq!(codes(&of(4, &[])), Vec::<String>::new());
        assert_eq!(codes(&of(4, &[("2026-12-01", 1), ("2027-01-04", 3)])), Vec::<String>::new());
        assert_eq!(codes(&of(4, &[("2026-12-01", 1)])), ["places starts-places-differ"]);
        assert_eq!(
            codes(&of(1, &[("2026-12-01", 0), ("2026-12-01", 1)])),
            ["terms.starts.0.places places-out-of-range", "terms.starts.1.on start-double"]
        );
        let past = of(1, &[("2026-11-21", 1)]);
        assert_eq!(codes(&past), ["terms.starts.0.on starts-in-past"]);
        assert_eq!(codes_after(&past, Some(&past)), Vec::<String>::new(), "it was right when written");
        let fixed = OpeningDetails { starts_on: Some(day("2026-12-01")), ..of(1, &[]) };
        assert_eq!(codes(&fixed), ["starts_on starts-on-not-with-open-hiring"]);
        let many: Vec<Start> =
            (1..=21).map(|n| Start { on: today() + chrono::Days::new(n), places: 1 }).collect();
        let many = OpeningDetails { places: 21, ..with(Terms::OpenHiring { starts: many }) };
        assert_eq!(codes(&many), ["terms.starts starts-too-many"]);
    }

    #[test]
    fn learn_work_has_a_document_that_fits_its_kind() {
        use LearnWorkKind::{Bbl, Branch, Other, Sequential, ThirdPath};
        use ResultDocument::{BranchCertificate, Certificate, Diploma, None as Nothing, PracticalStatement};
        for kind in LearnWorkKind::ALL {
            for result in ResultDocument::ALL {
                let fits = match kind {
                    Bbl => matches!(result, Diploma),
                    ThirdPath => matches!(result, Certificate | PracticalStatement),
                    Branch => matches!(result, BranchCertificate),
                    Other => matches!(result, Nothing),
                    Sequential => true,
                };
                let found =
                    codes(&with(Terms::LearnWork(LearnWork { kind: *kind, result: *result, ..bbl() })));
                let expected: &[&str] = if fits { &[] } else { &["terms.result result-does-not-fit"] };
                assert_eq!(found, expected, "{kind:?} {result:?}");
            }
        }
        let table: &[Spoilt<LearnWork>] = &[
            (|l| l.school.clear(), &["terms.school school-empty"]),
            (|l| l.school = "x".repeat(121), &["terms.school school-too-long"]),
            (|l| l.recognised_company = false, &["terms.recognised_company company-not-recognised"]),
            (|l| l.months = 0, &["terms.months months-out-of-range"]),
            (|l| l.months = 49, &["terms.months months-out-of-range"]),
            (|l| l.learning_hours = 0, &["terms.learning_hours learning-hours-out-of-range"]),
            (|l| l.working_hours = 0, &["terms.working_hours working-hours-out-of-range"]),
            (|l| l.working_hours = 40, &[]),
            (
                |l| (l.working_hours, l.learning_hours) = (40, 9),
                &["terms.working_hours learn-work-hours-too-many"],
            ),
        ];
        for (spoil, expected) in table {
            let mut learn = bbl();
            spoil(&mut learn);
            assert_eq!(codes(&with(Terms::LearnWork(learn.clone()))), *expected, "{learn:?}");
        }
        let course = LearnWork {
            kind: Sequential,
            school: String::new(),
            recognised_company: false,
            working_hours: 0,
            result: Nothing,
            ..bbl()
        };
        assert_eq!(codes(&with(Terms::LearnWork(course))), Vec::<String>::new());
    }

    #[test]
    fn a_carved_job_adds_up() {
        let table: &[Spoilt<Carved>] = &[
            (|_| {}, &[]),
            (
                |c| c.sources.clear(),
                &[
                    "terms.sources sources-empty",
                    "terms.tasks.0.source source-unknown",
                    "terms.tasks.1.source source-unknown",
                ],
            ),
            (|c| c.sources[1].title.clear(), &["terms.sources.1.title source-title-empty"]),
            (|c| c.sources[0].people = 0, &["terms.sources.0.people people-out-of-range"]),
            (|c| c.sources = vec![c.sources[0].clone(); 11], &["terms.sources sources-too-many"]),
            (|c| c.tasks.clear(), &["terms.tasks carved-tasks-empty"]),
            (
                |c| c.tasks[0].task = "schoonmaken.ramen".into(),
                &["terms.tasks.0.task carved-task-not-in-tasks"],
            ),
            (|c| c.tasks[1].source = 0, &["terms.tasks.1.task carved-task-double"]),
            (|c| c.tasks[1].qualified_only = true, &["terms.tasks.1.qualified_only task-needs-diploma"]),
            (
                |c| c.tasks[1].tenths_of_hours = 0,
                &["terms.tasks.1.tenths_of_hours task-hours-out-of-range", "terms.tasks carved-hours-differ"],
            ),
            (|c| c.tasks[1].tenths_of_hours = 121, &["terms.tasks carved-hours-differ"]),
            (|c| c.tasks[1].tenths_of_hours = 120, &[]),
            (|c| c.relieves = "kort".into(), &["terms.relieves relieves-too-short"]),
            (|c| c.relieves.clear(), &["terms.relieves relieves-empty"]),
        ];
        for (spoil, expected) in table {
            let mut carved = carved();
            spoil(&mut carved);
            assert_eq!(codes(&with(Terms::Jobcarving(carved.clone()))), *expected, "{carved:?}");
        }
        let mut qualified = carved();
        qualified.tasks[0].qualified_only = true;
        let kind = RequirementKind::Diploma;
        let diploma = Requirement { kind, firmness: Firmness::Needed, ground: None };
        let details = OpeningDetails { requirements: vec![diploma], ..with(Terms::Jobcarving(qualified)) };
        assert_eq!(codes(&details), Vec::<String>::new());
    }

    #[test]
    fn the_other_routes_say_what_is_theirs() {
        let text = "Werken met een vaste begeleider.";
        let basic =
            |made_fit: &str, guidance_hours| Terms::BasicJob { made_fit: made_fit.into(), guidance_hours };
        let part =
            |learns: &str, months| Terms::ParticipationJob { learns: learns.into(), months, premium: true };
        let trial = |goal: &str, weeks, contract_months| Terms::TrialPlacement {
            weeks,
            contract_months,
            goal: goal.into(),
        };
        let table: Vec<(Terms, &[&str])> = vec![
            (basic(text, 0), &[]),
            (basic("", 21), &["terms.made_fit made-fit-empty", "terms.guidance_hours guidance-out-of-range"]),
            (part(text, 24), &[]),
            (part("kort", 25), &["terms.learns learns-too-short", "terms.months months-out-of-range"]),
            (
                part(&"x".repeat(501), 0),
                &["terms.learns learns-too-long", "terms.months months-out-of-range"],
            ),
            (trial(text, 8, 6), &[]),
            (
                trial(text, 0, 5),
                &["terms.weeks weeks-out-of-range", "terms.contract_months contract-too-short"],
            ),
            (
                trial("bsn 111222333", 27, 12),
                &["terms.weeks weeks-out-of-range", "terms.goal looks-like-bsn"],
            ),
        ];
        for (terms, expected) in table {
            assert_eq!(codes(&with(terms.clone())), expected, "{terms:?}");
        }
    }

    fn start() -> impl Strategy<Value = Start> {
        (0..12_u64, 0..4_u16)
            .prop_map(|(days, places)| Start { on: today() + chrono::Days::new(days), places })
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(128))]

        /// What passes holds what the docs of the terms promise; and tidying twice is tidying once.
        #[test]
        fn first_days_that_pass_are_in_order_once_and_add_up(
            starts in proptest::collection::vec(start(), 0..6), places in 1..8_u16,
        ) {
            let mut details = OpeningDetails { places, ..with(Terms::OpenHiring { starts }) };
            tidy(&mut details.terms);
            let mut again = details.terms.clone();
            tidy(&mut again);
            prop_assert_eq!(&again, &details.terms);
            let Terms::OpenHiring { starts } = &details.terms else { unreachable!() };
            let is_sound = starts.is_sorted_by(|a, b| a.on < b.on)
                && starts.iter().all(|start| start.places > 0)
                && (starts.is_empty() || starts.iter().map(|start| start.places).sum::<u16>() == places);
            prop_assert_eq!(codes(&details).is_empty(), is_sound);
        }

        #[test]
        fn carved_hours_that_pass_lie_within_the_week(
            tenths in proptest::collection::vec(0..500_u16, 1..4), min in 1..48_u8, more in 0..20_u8,
        ) {
            let mut job = carved();
            job.sources = vec![job.sources[0].clone(); 4];
            job.tasks = tenths
                .iter()
                .zip(0..)
                .map(|(tenths, source)| CarvedTask { source, tenths_of_hours: *tenths, ..job.tasks[0].clone() })
                .collect();
            let hours = Hours { min, max: min.saturating_add(more).min(48) };
            let details = OpeningDetails { hours, ..with(Terms::Jobcarving(job)) };
            let sum: u16 = tenths.iter().sum();
            let is_sound = tenths.iter().all(|tenths| (1..=400).contains(tenths))
                && (u16::from(hours.min) * 10..=u16::from(hours.max) * 10).contains(&sum);
            prop_assert_eq!(codes(&details).is_empty(), is_sound);
        }
    }
}
