//! How the order comes about: the rules that are in force, from the matcher itself.

use axum::response::Response;
use proto::matcher::{RuleWeight, Rules};

use crate::{
    pages::info::{HowItWorks, Weight},
    texts::Texts,
    web::{
        stop::Stop,
        visit::{Visit, page},
    },
};

/// `/zo-werkt-het`
pub(super) async fn how_it_works(visit: Visit) -> Result<Response, Stop> {
    let published = visit.ask(&Rules {}).await?;
    let t = visit.t();
    let weights =
        published.weights.iter().map(|weight| Weight { rule: words(t, weight), points: weight.points });
    page(&HowItWorks {
        l: visit.layout(),
        rules: published.version,
        weights: weights.collect(),
        usual_km: published.usual_km,
    })
}

/// A rule in words; one that is newer than this page stays a code.
fn words(t: Texts, weight: &RuleWeight) -> String {
    let id = match weight.rule.as_str() {
        "task-wanted" => "rule-task-wanted",
        "each-further-task" => "rule-each-further-task",
        "task-of-same-group" => "rule-task-of-same-group",
        "task-of-related-group" => "rule-task-of-related-group",
        "any-task" => "rule-any-task",
        "each-fifth-nearer" => "rule-each-fifth-nearer",
        "hours" => "rule-hours",
        "all-dayparts" => "rule-all-dayparts",
        "some-dayparts" => "rule-some-dayparts",
        "open-hiring" => "rule-open-hiring",
        "learned-here" => "rule-learned-here",
        "has-asked" => "rule-has-asked",
        other => return other.to_owned(),
    };
    t.get(id)
}
