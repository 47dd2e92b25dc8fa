//! What stays in intake, held against an opening when her own page is shown: what she cannot, on which
//! days she can, and which of her needs the opening meets. Never a reason that anyone else sees, and
//! never part of the order.

use proto::{
    intake::{Cannot, Need, Wishes},
    vacancies::{OpeningDetails, SelfCheck},
    work::Days,
};

/// Lifting more than this is "more than a few kilograms".
const FEW_KILOGRAMS: u8 = 5;
/// Standing this many hours a day is "standing for long".
const LONG_HOURS: u8 = 2;

/// One thing that only she and we know.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum OwnFit {
    /// The opening offers what she needs.
    NeedMet(Need),
    /// The opening does not say that it offers what she needs.
    NeedOpen(Need),
    /// The work asks what she said she cannot.
    Cannot(Cannot, SelfCheck),
    /// The work is also on days that she did not name.
    DaysMissing(Days),
}

/// What holds for her and this opening: needs that are met first, then what to look at.
pub fn own_fit(wishes: &Wishes, needs: &[Need], opening: &OpeningDetails) -> Vec<OwnFit> {
    let offers = |need: &Need| need.met_by().is_some_and(|support| opening.support.contains(&support));
    let met = needs.iter().filter(|need| offers(need)).map(|&need| OwnFit::NeedMet(need));
    let clashes = opening.self_checks.iter().filter_map(|check| {
        let asked = asks(*check)?;
        wishes.cannot.contains(&asked).then_some(OwnFit::Cannot(asked, *check))
    });
    let missing: Days = opening.days.iter().filter(|day| !wishes.days.contains(*day)).collect();
    let days = (!wishes.days.is_empty() && !missing.is_empty()).then_some(OwnFit::DaysMissing(missing));
    let open = needs.iter().filter(|need| !offers(need)).map(|&need| OwnFit::NeedOpen(need));
    met.chain(clashes).chain(days).chain(open).collect()
}

/// What a self-check fact asks of someone, if it asks enough to matter.
const fn asks(check: SelfCheck) -> Option<Cannot> {
    match check {
        SelfCheck::LiftKg(kilos) if kilos > FEW_KILOGRAMS => Some(Cannot::Lift),
        SelfCheck::StandHours(hours) if hours >= LONG_HOURS => Some(Cannot::Stand),
        SelfCheck::LiftKg(_) | SelfCheck::StandHours(_) => None,
        SelfCheck::WalkALot => Some(Cannot::Walk),
        SelfCheck::Outside => Some(Cannot::Outside),
        SelfCheck::Cold(_) => Some(Cannot::Cold),
        SelfCheck::Noise => Some(Cannot::Noise),
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use proto::{
        vacancies::Terms,
        work::{Dayparts, Hours, Support},
    };

    use super::*;

    fn wishes(cannot: Vec<Cannot>, days: &[u8]) -> Wishes {
        Wishes {
            postcode: "1315".to_owned(),
            tasks: Vec::new(),
            any_task: true,
            dayparts: Dayparts::default(),
            hours: None,
            travel: None,
            days: days.iter().copied().collect(),
            available_from: None,
            languages: Vec::new(),
            licences: Vec::new(),
            cannot,
            shown_support: Vec::new(),
            remark: String::new(),
        }
    }

    fn opening(checks: Vec<SelfCheck>, days: &[u8], support: Vec<Support>) -> OpeningDetails {
        OpeningDetails {
            terms: Terms::Regular {},
            title: "Schoonmaker".to_owned(),
            tasks: vec!["schoonmaken.ramen".into()],
            description: String::new(),
            site_id: None,
            postcode: "1315".to_owned(),
            hours: Hours { min: 24, max: 32 },
            dayparts: Dayparts::ALL,
            days: days.iter().copied().collect(),
            starts_on: None,
            closes_on: None,
            places: 1,
            pay_cents_per_hour: None,
            cao: String::new(),
            requirements: Vec::new(),
            self_checks: checks,
            support,
        }
    }

    #[test]
    fn what_she_cannot_is_held_against_what_the_work_asks() {
        let hers = wishes(vec![Cannot::Lift, Cannot::Cold], &[]);
        let light = opening(vec![SelfCheck::LiftKg(5), SelfCheck::Noise], &[], Vec::new());
        assert_eq!(own_fit(&hers, &[], &light), []);
        let heavy = opening(vec![SelfCheck::LiftKg(15), SelfCheck::Cold(-18)], &[], Vec::new());
        assert_eq!(
            own_fit(&hers, &[], &heavy),
            [
                OwnFit::Cannot(Cannot::Lift, SelfCheck::LiftKg(15)),
                OwnFit::Cannot(Cannot::Cold, SelfCheck::Cold(-18))
            ]
        );
    }

    #[test]
    fn days_count_only_when_both_told_them() {
        let weekdays = wishes(Vec::new(), &[1, 2, 3, 4, 5]);
        let missing = |work: &[u8]| own_fit(&weekdays, &[], &opening(Vec::new(), work, Vec::new()));
        assert_eq!(missing(&[]), []);
        assert_eq!(missing(&[1, 5]), []);
        assert_eq!(missing(&[5, 6, 7]), [OwnFit::DaysMissing([6, 7].into_iter().collect())]);
        assert_eq!(own_fit(&wishes(Vec::new(), &[]), &[], &opening(Vec::new(), &[6], Vec::new())), []);
    }

    #[test]
    fn needs_that_are_met_come_first_and_the_others_last() {
        let work = opening(vec![SelfCheck::Noise], &[], vec![Support::QuietPlace, Support::Buddy]);
        let fits = own_fit(&wishes(vec![Cannot::Noise], &[]), &[Need::Seat, Need::QuietPlace], &work);
        assert_eq!(
            fits,
            [
                OwnFit::NeedMet(Need::QuietPlace),
                OwnFit::Cannot(Cannot::Noise, SelfCheck::Noise),
                OwnFit::NeedOpen(Need::Seat)
            ]
        );
    }

    proptest! {
        /// Every need is answered once, whatever is offered, and nothing is said that she did not tell.
        #[test]
        fn each_need_is_answered_once(
            needs in proptest::sample::subsequence(Need::ALL.to_vec(), 0..Need::ALL.len()),
            offered in proptest::sample::subsequence(Support::ALL.to_vec(), 0..Support::ALL.len()),
        ) {
            let fits = own_fit(&wishes(Vec::new(), &[]), &needs, &opening(vec![SelfCheck::Noise], &[6], offered));
            let mut answered: Vec<Need> = fits
                .iter()
                .map(|fit| match fit {
                    OwnFit::NeedMet(need) | OwnFit::NeedOpen(need) => *need,
                    other => panic!("{other:?} was not told"),
                })
                .collect();
            answered.sort();
            let mut wanted = needs.clone();
            wanted.sort();
            prop_assert_eq!(answered, wanted);
        }
    }
}
