//! Two records that are one person: what merging takes over, and what undoing gives back.

use std::collections::BTreeSet;

use chrono::{DateTime, TimeDelta, Utc};
use proto::{AccountId, Actor, Role, SeekerId, intake::Wishes};
use serde::{Deserialize, Serialize};

use super::person::Home;

/// How long a merge can be undone. After that the other record is erased for good.
pub const UNDO_WITHIN: TimeDelta = TimeDelta::days(30);

/// What became of a suggestion.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Decided {
    /// Nobody decided yet.
    Open,
    /// They are one person, since this moment.
    Merged(DateTime<Utc>),
    /// They are two people, since this moment.
    Different(DateTime<Utc>),
}

/// What merging changed about the record that stays, as it was before. The other record keeps all of
/// its own. At rest only encrypted.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Before {
    /// What she wanted, if she had told.
    pub home: Option<Home>,
    /// Helpers that came with the other record.
    pub new_helpers: BTreeSet<AccountId>,
}

/// Merging, worked out.
#[derive(Clone, PartialEq, Eq)]
pub struct Merge {
    /// What she wants from now on, if either told.
    pub home: Option<Home>,
    /// Helpers that come with the other record.
    pub new_helpers: BTreeSet<AccountId>,
    /// To undo it.
    pub before: Before,
}

/// Works out a merge: what she told here counts, what she left open is taken from the other record.
/// Consents stay as they are here, a yes elsewhere is not a yes here; what employers may see of
/// support is such a yes. Needs and background are not taken over: she tells them again or not.
pub fn merge(
    keep: Option<&Home>,
    keeps_helpers: &BTreeSet<AccountId>,
    other: Option<&Home>,
    others_helpers: &BTreeSet<AccountId>,
) -> Merge {
    let new_helpers: BTreeSet<_> = others_helpers.difference(keeps_helpers).copied().collect();
    Merge {
        home: match (keep, other) {
            (Some(keep), Some(other)) => {
                Some(Home { wishes: joined(&keep.wishes, &other.wishes), area: keep.area.clone() })
            }
            (None, Some(other)) => Some(taken_over(other)),
            (keep, None) => keep.cloned(),
        },
        new_helpers: new_helpers.clone(),
        before: Before { home: keep.cloned(), new_helpers },
    }
}

/// All of what the other record says, but for what employers may see of support: that is a yes, too.
fn taken_over(other: &Home) -> Home {
    let wishes = Wishes { shown_support: Vec::new(), ..other.wishes.clone() };
    Home { wishes, area: other.area.clone() }
}

fn joined(keep: &Wishes, other: &Wishes) -> Wishes {
    fn first<T: Clone>(keep: &T, other: &T, is_open: impl Fn(&T) -> bool) -> T {
        if is_open(keep) { other.clone() } else { keep.clone() }
    }
    let no_task = keep.tasks.is_empty() && !keep.any_task;
    let tasks = if no_task { other } else { keep };
    Wishes {
        postcode: keep.postcode.clone(),
        tasks: tasks.tasks.clone(),
        any_task: tasks.any_task,
        dayparts: first(&keep.dayparts, &other.dayparts, |told| told.is_empty()),
        hours: keep.hours.or(other.hours),
        travel: keep.travel.or(other.travel),
        days: first(&keep.days, &other.days, |told| told.is_empty()),
        // Nothing told means "now", and that is an answer.
        available_from: keep.available_from,
        languages: first(&keep.languages, &other.languages, Vec::is_empty),
        licences: first(&keep.licences, &other.licences, Vec::is_empty),
        cannot: first(&keep.cannot, &other.cannot, Vec::is_empty),
        shown_support: keep.shown_support.clone(),
        remark: first(&keep.remark, &other.remark, String::is_empty),
    }
}

/// The two people of a suggestion, and what decides who may see it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Concerns {
    /// The two.
    pub people: [SeekerId; 2],
    /// The helper whose registration made us think so.
    pub caused_by: Option<AccountId>,
    /// The region of each, and whether each agreed that an adviser thinks along.
    pub advised: [(String, bool); 2],
}

/// Whether someone sees a suggestion and decides about it: she herself, the helper who caused it, an
/// account manager of the region of both who both agreed to.
pub fn is_for(actor: &Actor, concerns: &Concerns) -> bool {
    match actor {
        Actor::Seeker { seeker_id } => concerns.people.contains(seeker_id),
        Actor::Account { account_id, regions, .. } => {
            let caused = concerns.caused_by == Some(*account_id)
                && (actor.has(Role::Helper) || actor.has(Role::AccountManager));
            let advises = actor.has(Role::AccountManager)
                && concerns.advised.iter().all(|(region, agreed)| *agreed && regions.contains(region));
            caused || advises
        }
        Actor::Visitor | Actor::Service { .. } => false,
    }
}

/// Until when a merge can be undone.
pub fn undo_until(decided_at: DateTime<Utc>) -> DateTime<Utc> {
    decided_at + UNDO_WITHIN
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use proto::{
        Service,
        intake::Cannot,
        work::{Area, Cell, Daypart, Hours, LanguageLevel, Licence, Means, Spoken, Support, Travel},
    };
    use uuid::Uuid;

    use super::*;

    /// A person has no `Debug`, so what varies is made first.
    fn home(wishes: Wishes) -> Home {
        let area = Area {
            cell: Cell { x: 143, y: 480 },
            municipality: "GM0034".to_owned(),
            region: if wishes.postcode.starts_with("1311") { "AM11" } else { "AM12" }.to_owned(),
        };
        Home { wishes, area }
    }

    fn told(number: u8) -> impl Strategy<Value = Wishes> {
        let lists = (
            prop::collection::vec("[a-c]", 0..3),
            prop::sample::subsequence(Daypart::ALL.to_vec(), 0..=5),
            prop::sample::subsequence(vec![1_u8, 2, 3, 4, 5, 6, 7], 0..=7),
            prop::sample::subsequence(Licence::ALL.to_vec(), 0..=3),
            prop::sample::subsequence(Cannot::ALL.to_vec(), 0..=3),
            prop::sample::subsequence(vec![Support::Buddy, Support::Training], 0..=2),
        );
        let rest = (
            any::<bool>(),
            prop::option::of(1_u8..20),
            prop::option::of(1_u8..50),
            "[a-z]{0,4}",
            any::<bool>(),
        );
        (lists, rest).prop_map(
            move |(
                (tasks, dayparts, days, licences, cannot, shown),
                (any_task, hours, km, remark, speaks),
            )| Wishes {
                postcode: format!("131{number} RC"),
                tasks: tasks.iter().map(|task| task.as_str().into()).collect(),
                any_task,
                dayparts: dayparts.into_iter().collect(),
                hours: hours.map(|min| Hours { min, max: min + 10 }),
                travel: km.map(|max_km| Travel { means: Means::Bicycle, max_km }),
                days: days.into_iter().collect(),
                available_from: None,
                languages: if speaks {
                    vec![Spoken { language: "nld".to_owned(), level: LanguageLevel::Good }]
                } else {
                    Vec::new()
                },
                licences,
                cannot,
                shown_support: shown,
                remark,
            },
        )
    }

    fn helpers() -> impl Strategy<Value = BTreeSet<AccountId>> {
        prop::collection::btree_set((0_u128..6).prop_map(|number| AccountId(Uuid::from_u128(number))), 0..4)
    }

    proptest! {
        #[test]
        fn merge_then_undo_is_what_was_before(
            keep in told(1), other in told(2), keeps in helpers(), others in helpers(),
        ) {
            let (keep, other) = (home(keep), home(other));
            let merge = merge(Some(&keep), &keeps, Some(&other), &others);
            let after: BTreeSet<_> = keeps.union(&merge.new_helpers).copied().collect();
            prop_assert_eq!(&after, &keeps.union(&others).copied().collect::<BTreeSet<_>>());
            let undone: BTreeSet<_> = after.difference(&merge.before.new_helpers).copied().collect();
            prop_assert_eq!(undone, keeps);
            prop_assert!(merge.before.home == Some(keep));
        }

        #[test]
        fn her_own_answers_win_and_open_ones_are_filled(keep in told(1), other in told(2)) {
            let (keep, other, none) = (home(keep), home(other), BTreeSet::new());
            let after = merge(Some(&keep), &none, Some(&other), &none).home.unwrap();
            let (k, o, w) = (&keep.wishes, &other.wishes, &after.wishes);
            prop_assert!(after.area == keep.area && w.postcode == k.postcode);
            prop_assert_eq!(w.hours, k.hours.or(o.hours));
            prop_assert_eq!(w.travel, k.travel.or(o.travel));
            prop_assert_eq!(&w.remark, if k.remark.is_empty() { &o.remark } else { &k.remark });
            prop_assert_eq!(&w.licences, if k.licences.is_empty() { &o.licences } else { &k.licences });
            prop_assert_eq!(w.dayparts, if k.dayparts.is_empty() { o.dayparts } else { k.dayparts });
            if !k.tasks.is_empty() || k.any_task {
                prop_assert!(w.tasks == k.tasks && w.any_task == k.any_task);
            }
            prop_assert_eq!(&w.shown_support, &k.shown_support, "what employers see is her yes, here");
            // A record with everything told takes nothing; merging with itself changes nothing.
            prop_assert!(merge(Some(&keep), &none, Some(&keep), &none).home == Some(keep));
        }

        #[test]
        fn who_told_nothing_takes_over_all_but_what_employers_may_see(other in told(2)) {
            let (other, none) = (home(other), BTreeSet::new());
            let merge_into = |keep: Option<&Home>, other: Option<&Home>| merge(keep, &none, other, &none);
            let merged = merge_into(None, Some(&other));
            let after = merged.home.unwrap();
            prop_assert!(merged.before.home.is_none() && after.area == other.area);
            prop_assert!(after.wishes.shown_support.is_empty());
            let with_support = Wishes { shown_support: other.wishes.shown_support.clone(), ..after.wishes };
            prop_assert_eq!(with_support, other.wishes.clone());
            prop_assert!(merge_into(Some(&other), None).home == Some(other));
            prop_assert!(merge_into(None, None).home.is_none());
        }
    }

    #[test]
    fn who_sees_a_suggestion() {
        let (account, stranger) = (AccountId(Uuid::from_u128(1)), AccountId(Uuid::from_u128(2)));
        let people = [SeekerId(Uuid::from_u128(3)), SeekerId(Uuid::from_u128(4))];
        let both = |agreed: bool| Concerns {
            people,
            caused_by: Some(account),
            advised: [("AM11".to_owned(), true), ("AM11".to_owned(), agreed)],
        };
        let staff = |account_id, role, region: &str| Actor::Account {
            account_id,
            roles: vec![role],
            employer_id: None,
            regions: vec![region.to_owned()],
        };
        for (actor, agreed, sees) in [
            (Actor::Seeker { seeker_id: people[0] }, false, true),
            (Actor::Seeker { seeker_id: people[1] }, false, true),
            (Actor::Seeker { seeker_id: SeekerId(Uuid::from_u128(5)) }, true, false),
            (staff(account, Role::Helper, ""), false, true),
            (staff(stranger, Role::Helper, "AM11"), true, false),
            (staff(stranger, Role::AccountManager, "AM11"), true, true),
            (staff(stranger, Role::AccountManager, "AM11"), false, false),
            (staff(stranger, Role::AccountManager, "AM12"), true, false),
            (staff(account, Role::Employer, "AM11"), true, false),
            (staff(stranger, Role::Administrator, "AM11"), true, false),
            (Actor::Visitor, true, false),
            (Actor::Service { service: Service::Portal }, true, false),
        ] {
            assert_eq!(is_for(&actor, &both(agreed)), sees, "{actor:?} {agreed}");
        }
    }
}
