//! The rules as they are published: from the very numbers that are reckoned with.

use std::cmp::Reverse;

use proto::matcher::{PublishedRules, RuleWeight};

use crate::domain::{
    rules::{RULES_VERSION, WEIGHTS, Weights},
    travel::USUAL_KM,
};

/// The rules in force, heaviest first.
pub fn rules() -> PublishedRules {
    // Taken apart by name, so that a new weight cannot stay unpublished.
    let Weights {
        task_wanted,
        each_further_task,
        // A bound, not a weight; its sentence names it.
        further_tasks: _,
        task_of_same_group,
        task_of_related_group,
        any_task,
        each_fifth_nearer,
        hours,
        all_dayparts,
        some_dayparts,
        open_hiring,
        learned_here,
        has_asked,
    } = WEIGHTS;
    let mut weights = [
        ("task-wanted", task_wanted),
        ("each-further-task", each_further_task),
        ("task-of-same-group", task_of_same_group),
        ("task-of-related-group", task_of_related_group),
        ("any-task", any_task),
        ("each-fifth-nearer", each_fifth_nearer),
        ("hours", hours),
        ("all-dayparts", all_dayparts),
        ("some-dayparts", some_dayparts),
        ("open-hiring", open_hiring),
        ("learned-here", learned_here),
        ("has-asked", has_asked),
    ]
    .map(|(rule, points)| RuleWeight { rule: rule.to_owned(), points });
    weights.sort_by_key(|weight| Reverse(weight.points));
    PublishedRules { version: RULES_VERSION.to_owned(), weights: weights.to_vec(), usual_km: USUAL_KM }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_heaviest_stands_first_and_the_numbers_are_those_of_the_rules() {
        let published = rules();
        assert_eq!(
            published.weights[0],
            RuleWeight { rule: "task-wanted".to_owned(), points: WEIGHTS.task_wanted }
        );
        assert!(published.weights.is_sorted_by_key(|weight| Reverse(weight.points)));
        assert_eq!((published.version.as_str(), published.usual_km), (RULES_VERSION, USUAL_KM));
    }
}
