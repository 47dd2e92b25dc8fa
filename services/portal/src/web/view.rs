//! From what services answer to what pages show: codes become words, openings become cards, problems
//! find their field.

use proto::{
    FieldProblem, Problem,
    matcher::Reason,
    vacancies::{OpeningDetails, OpeningView},
    work::TaskCode,
};
use reference::{Lang, RegionCode};

use crate::{
    pages::{
        Choice, Pager,
        job_posting::first_day,
        register::TaskGroup,
        work::{
            Distance, Need, OpeningCard, OpeningDetail, ReasonLine, TaskLine, Voice, reason_lines,
            support_name, term_lines,
        },
    },
    web::{fields::Fields, visit::Visit},
};

/// The pictogram of a task whose group we do not know (any more).
const OTHER_WORK: &str = "briefcase";

/// The language of the reference data for this visitor.
pub(crate) fn lang(visit: &Visit) -> Lang {
    visit.language.of_reference_data()
}

/// A task in words; a code that we do not know stays a code.
pub(crate) fn task_label(visit: &Visit, code: &TaskCode) -> String {
    let task = visit.app.reference.tasks.task(&code.0);
    task.map_or_else(|| code.0.clone(), |task| task.label(lang(visit)).to_owned())
}

/// A task in words, with the pictogram of its group.
pub(crate) fn task_line(visit: &Visit, code: &TaskCode) -> TaskLine {
    let tasks = &visit.app.reference.tasks;
    let icon = tasks.task(&code.0).and_then(|task| tasks.group(&task.group)).map(|group| group.icon.clone());
    TaskLine { label: task_label(visit, code), icon: icon.unwrap_or_else(|| OTHER_WORK.to_owned()) }
}

/// Every group with its tasks, as boxes; what `group` and `task` say yes to is ticked.
pub(crate) fn task_groups(
    visit: &Visit,
    group_chosen: impl Fn(&str) -> bool,
    task_chosen: impl Fn(&str) -> bool,
) -> Vec<TaskGroup> {
    let (tasks, lang) = (&visit.app.reference.tasks, lang(visit));
    let group = |group: &reference::Group| TaskGroup {
        tile: Choice::new(&group.code, group.label(lang).to_owned(), group_chosen(&group.code))
            .icon(&group.icon),
        tasks: tasks
            .tasks_of(&group.code)
            .map(|task| Choice::new(&task.code, task.label(lang).to_owned(), task_chosen(&task.code)))
            .collect(),
    };
    tasks.groups().iter().map(group).collect()
}

/// Why a pair, in words for this reader.
pub(crate) fn reasons(visit: &Visit, voice: Voice, reasons: &[Reason]) -> Vec<ReasonLine> {
    reason_lines(visit.t(), voice, reasons, |task| task_label(visit, task))
}

/// An opening as a card.
pub(crate) fn opening_card(
    opening: &OpeningView,
    href: String,
    distance: Option<Distance>,
    reasons: Vec<ReasonLine>,
) -> OpeningCard {
    OpeningCard {
        href,
        title: opening.details.title.clone(),
        employer: opening.employer_name.clone(),
        place: opening.place.clone(),
        distance,
        hours: opening.details.hours,
        pay_cents: opening.details.pay_cents_per_hour,
        route: opening.details.route(),
        reasons,
    }
}

/// An opening with all it says.
pub(crate) fn opening_detail(visit: &Visit, card: OpeningCard, details: &OpeningDetails) -> OpeningDetail {
    let needs = details.requirements.iter().map(|requirement| Need {
        kind: requirement.kind,
        firmness: requirement.firmness,
        ground: requirement.ground.clone(),
    });
    let paragraphs = details.description.lines().map(str::trim).filter(|line| !line.is_empty());
    OpeningDetail {
        card,
        tasks: details.tasks.iter().map(|task| task_line(visit, task)).collect(),
        description: paragraphs.map(str::to_owned).collect(),
        dayparts: details.dayparts,
        starts_on: first_day(&details.terms).or(details.starts_on),
        places: details.places,
        self_checks: details.self_checks.clone(),
        needs: needs.collect(),
        closes_on: details.closes_on,
        days: details.days,
        cao: details.cao.clone(),
        offered: details.support.iter().map(|support| support_name(visit.t(), *support)).collect(),
        terms: term_lines(visit.t(), &details.terms),
    }
}

/// The name of a municipality by its code; a code that we do not know stays a code.
pub(crate) fn municipality(visit: &Visit, code: &str) -> String {
    let known = code.parse().ok().and_then(|code| visit.app.reference.regions.municipality(code));
    known.map_or_else(|| code.to_owned(), |municipality| municipality.name.clone())
}

/// The name of a labour-market region by its code.
pub(crate) fn region(visit: &Visit, code: &str) -> String {
    let known = code.parse::<RegionCode>().ok().and_then(|code| visit.app.reference.regions.get(code));
    known.map_or_else(|| code.to_owned(), |region| region.name.clone())
}

/// A Dutch telephone number as people write it; anything else as it is.
pub(crate) fn spelled(contact: &str) -> String {
    let Some(national) = contact.strip_prefix("+31") else { return contact.to_owned() };
    let mut spelled = format!("0{national}");
    if national.len() == 9 && national.starts_with('6') && national.is_ascii() {
        for at in [8, 6, 4, 2] {
            spelled.insert(at, ' ');
        }
    }
    spelled
}

/// The page number in an address (`pagina`), from 1.
pub(crate) fn page_number(query: &Fields) -> u32 {
    query.get("pagina").parse().unwrap_or(1).clamp(1, 100_000)
}

/// The pager of a list; `base` is its address without the page number.
pub(crate) fn pager(base: impl Into<String>, page: u32, total: u64, per_page: u32) -> Pager {
    let pages = total.div_ceil(u64::from(per_page.max(1))).max(1);
    Pager { base: base.into(), page, pages: u32::try_from(pages).unwrap_or(u32::MAX) }
}

/// The same problem with the names of our form instead of the names of the command.
pub(crate) fn at_fields(mut problem: Problem, name: impl Fn(&FieldProblem) -> String) -> Problem {
    for field in &mut problem.fields {
        field.field = name(field);
    }
    problem
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_number_is_shown_as_people_write_it() {
        assert_eq!(spelled("+31612345678"), "06 12 34 56 78");
        assert_eq!(spelled("+31361234567"), "0361234567");
        assert_eq!(spelled("+32470123456"), "+32470123456");
        assert_eq!(spelled("samira@example.nl"), "samira@example.nl");
    }

    #[test]
    fn a_list_has_at_least_one_page() {
        let pages = |total| pager("/banen", 1, total, 25).pages;
        assert_eq!((pages(0), pages(1), pages(25), pages(26)), (1, 1, 1, 2));
    }

    #[test]
    fn odd_page_numbers_become_the_first() {
        let number = |query: &[u8]| page_number(&Fields::parse(query));
        assert_eq!(
            (number(b""), number(b"pagina=0"), number(b"pagina=-3"), number(b"pagina=7")),
            (1, 1, 1, 7)
        );
    }

    #[test]
    fn a_problem_finds_the_field_of_our_form() {
        let problem = Problem::fields(vec![FieldProblem::new("hours", "hours-unsound")]);
        let ours = at_fields(problem, |field| format!("our_{}", field.field));
        assert_eq!(
            (ours.fields[0].field.as_str(), ours.fields[0].code.as_str()),
            ("our_hours", "hours-unsound")
        );
    }
}
