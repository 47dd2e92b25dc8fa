//! A title made of tasks.

use proto::work::TaskCode;
use reference::{Lang, Reference};

/// Most characters of a title.
const LONGEST: usize = 120;
/// Tasks whose labels a title names.
const NAMED: usize = 2;

/// A title for these tasks: what people will do, in the words of the vocabulary. Empty without a known
/// task. Never a name that tells sex, age or rank.
pub fn suggest_title(tasks: &[TaskCode], reference: &Reference, language: Lang) -> String {
    let labels: Vec<&str> = tasks
        .iter()
        .filter_map(|task| reference.tasks.task(&task.0))
        .map(|task| task.label(language))
        .take(NAMED)
        .collect();
    let joined = match labels.as_slice() {
        [] => return String::new(),
        [one] => (*one).to_owned(),
        [first, second, ..] => {
            let and = match language {
                Lang::Nl => "en",
                Lang::En => "and",
            };
            format!("{first} {and} {}", lowered(second))
        }
    };
    let title = if joined.chars().count() <= LONGEST { joined } else { labels[0].to_owned() };
    let mut letters = title.chars();
    letters
        .next()
        .map(|first| first.to_uppercase().chain(letters).take(LONGEST).collect())
        .unwrap_or_default()
}

/// With a small first letter, unless the first word is written in capitals.
fn lowered(label: &str) -> String {
    let mut letters = label.chars();
    match (letters.next(), label.chars().nth(1)) {
        (Some(first), Some(second)) if !second.is_uppercase() => {
            first.to_lowercase().chain(letters).collect()
        }
        _ => label.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::tests::REFERENCE;

    #[test]
    fn a_title_says_what_people_will_do() {
        let suggest = |tasks: &[&str]| {
            let tasks: Vec<TaskCode> = tasks.iter().map(|code| TaskCode::from(*code)).collect();
            suggest_title(&tasks, &REFERENCE, Lang::Nl)
        };
        let label = |code: &str| REFERENCE.tasks.task(code).unwrap().label_nl.clone();
        assert_eq!(suggest(&["kop.staan"]), "");
        let (one, two) = ("schoonmaken.ramen", "schoonmaken.vloeren");
        assert_eq!(suggest(&["kop.staan", one]).to_lowercase(), label(one).to_lowercase());
        let both = suggest(&[one, two, one]);
        assert_eq!(both.to_lowercase(), format!("{} en {}", label(one), label(two)).to_lowercase());
        assert!(both.starts_with(|letter: char| letter.is_uppercase()));
    }

    #[test]
    fn every_task_gives_a_title_that_fits() {
        for task in REFERENCE.tasks.tasks() {
            for language in [Lang::Nl, Lang::En] {
                let title = suggest_title(&vec![TaskCode(task.code.clone()); 2], &REFERENCE, language);
                assert!((1..=LONGEST).contains(&title.chars().count()), "{title}");
            }
        }
    }
}
