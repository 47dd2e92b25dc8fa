//! What an employer changed in its search: less asked, other hours, another route.

use proto::{
    FieldProblem,
    vacancies::{Firmness, OpeningDetails, OpeningState, RequirementKind},
    work::{Dayparts, Hours, Route},
};

use super::opening::{Effect, Opening};

/// Longest code of a piece of advice.
const LONGEST_ADVICE: usize = 60;

/// One kind of change that opens a door.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum SearchChange {
    /// It no longer asks these, or now teaches them.
    RequirementDropped(Vec<RequirementKind>),
    /// Other hours a week, or other times.
    HoursChanged {
        /// Hours a week before.
        hours: Hours,
        /// When the work was done before.
        dayparts: Dayparts,
    },
    /// Another route.
    RouteChanged {
        /// The route before.
        route: Route,
    },
}

impl SearchChange {
    /// The name of its kind in storage: that of its event.
    pub const fn kind(&self) -> &'static str {
        match self {
            Self::RequirementDropped(_) => "requirement_dropped",
            Self::HoursChanged { .. } => "hours_changed",
            Self::RouteChanged { .. } => "route_changed",
        }
    }
}

/// What a step changed in the search of an opening that said `before`. Nothing, while nobody else knows
/// the opening.
pub fn told(opening: &Opening, effect: Effect, before: &OpeningDetails) -> Vec<SearchChange> {
    let is_known = matches!(opening.state(), OpeningState::Published | OpeningState::Paused);
    if is_known && effect != Effect::Nothing {
        between(before, opening.content.details())
    } else {
        Vec::new()
    }
}

/// What changed in the search between two texts of an opening.
pub fn between(before: &OpeningDetails, after: &OpeningDetails) -> Vec<SearchChange> {
    let mut changes = Vec::new();
    let asks = |details: &OpeningDetails, kind: RequirementKind| {
        details.requirements.iter().any(|asked| asked.kind == kind && asked.firmness != Firmness::Learned)
    };
    let dropped: Vec<RequirementKind> = RequirementKind::ALL
        .iter()
        .copied()
        .filter(|kind| asks(before, *kind) && !asks(after, *kind))
        .collect();
    if !dropped.is_empty() {
        changes.push(SearchChange::RequirementDropped(dropped));
    }
    if (before.hours, before.dayparts) != (after.hours, after.dayparts) {
        changes.push(SearchChange::HoursChanged { hours: before.hours, dayparts: before.dayparts });
    }
    if before.route() != after.route() {
        changes.push(SearchChange::RouteChanged { route: before.route() });
    }
    changes
}

/// The advice that a writer followed: a code of letters and hyphens, so that nothing else gets there.
///
/// # Errors
/// `advice-unknown`.
pub fn advice(given: Option<&str>) -> Result<Option<&str>, FieldProblem> {
    let Some(code) = given.map(str::trim).filter(|code| !code.is_empty()) else { return Ok(None) };
    let is_code = code.len() <= LONGEST_ADVICE
        && code.split('-').all(|part| !part.is_empty() && part.bytes().all(|byte| byte.is_ascii_lowercase()));
    if is_code { Ok(Some(code)) } else { Err(FieldProblem::new("after_advice", "advice-unknown")) }
}

#[cfg(test)]
mod tests {
    use proto::{
        vacancies::{Requirement, Terms},
        work::Daypart,
    };

    use super::*;
    use crate::domain::opening::tests::good;

    fn asking(asked: &[(RequirementKind, Firmness)]) -> OpeningDetails {
        let requirements = asked
            .iter()
            .map(|(kind, firmness)| Requirement { kind: *kind, firmness: *firmness, ground: None })
            .collect();
        OpeningDetails { requirements, ..good() }
    }

    #[test]
    fn asking_less_or_teaching_it_is_a_change_and_asking_more_is_not() {
        use Firmness::{Learned, Legal, Needed};
        use RequirementKind::{Diploma, Experience, OwnCar};
        let before = asking(&[(Diploma, Needed), (Experience, Needed), (OwnCar, Legal)]);
        let after = asking(&[(Experience, Learned), (OwnCar, Needed)]);
        let dropped = vec![SearchChange::RequirementDropped(vec![Diploma, Experience])];
        assert_eq!(between(&before, &after), dropped);
        assert_eq!(between(&after, &before), []);
        assert_eq!(between(&asking(&[(Diploma, Learned)]), &good()), [], "it was learned already");
    }

    #[test]
    fn other_times_and_another_route_are_changes_and_another_title_is_not() {
        let before = good();
        let dayparts = [Daypart::Evening].into_iter().collect();
        let terms = Terms::OpenHiring { starts: vec![] };
        let after = OpeningDetails { dayparts, terms, title: "Anders".into(), ..good() };
        let hours = SearchChange::HoursChanged { hours: before.hours, dayparts: before.dayparts };
        let route = SearchChange::RouteChanged { route: Route::Regular };
        assert_eq!(between(&before, &after), [hours, route]);
        assert_eq!(between(&before, &OpeningDetails { title: "Anders".into(), ..good() }), []);
    }

    #[test]
    fn advice_is_a_code_and_nothing_else() {
        assert_eq!(advice(None), Ok(None));
        assert_eq!(advice(Some(" ")), Ok(None));
        assert_eq!(advice(Some("wording-age")), Ok(Some("wording-age")));
        for wrong in ["Wording", "wording--age", "jan de vries", "111222333", "-a", &"a".repeat(61)] {
            assert!(advice(Some(wrong)).is_err(), "{wrong}");
        }
    }
}
