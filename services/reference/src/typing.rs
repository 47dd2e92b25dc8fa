//! One typing error: a letter wrong, missing, too many, or two that changed places.

/// Whether `word` begins with what was typed, but for at most one typing error.
pub(crate) fn begins_with_one_error(word: &str, typed: &str) -> bool {
    let same: usize = word
        .chars()
        .zip(typed.chars())
        .take_while(|(a, b)| a == b)
        .map(|(letter, _)| letter.len_utf8())
        .sum();
    let (word, typed) = (&word[same..], &typed[same..]);
    let (after_word, after_typed) = (after_first(word), after_first(typed));
    let changed_places = || {
        let mut first = word.chars();
        let mut second = typed.chars();
        let (a, b) = ((first.next(), first.next()), (second.next(), second.next()));
        a.0.is_some() && a.1.is_some() && a == (b.1, b.0) && first.as_str().starts_with(second.as_str())
    };
    typed.is_empty()
        || after_word.is_some_and(|rest| rest.starts_with(typed))
        || after_typed.is_some_and(|rest| word.starts_with(rest))
        || after_word.zip(after_typed).is_some_and(|(word, typed)| word.starts_with(typed))
        || changed_places()
}

fn after_first(text: &str) -> Option<&str> {
    let mut letters = text.chars();
    letters.next().map(|_| letters.as_str())
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn each_of_the_four_errors_is_forgiven_once() {
        for typed in
            ["heftruck", "heftuck", "heffftruck", "hetfruck", "heftrukc", "heftruk", "haftruck", "eftruck"]
        {
            let wanted = typed != "heffftruck";
            assert_eq!(begins_with_one_error("heftruck", typed), wanted, "{typed}");
        }
        assert!(begins_with_one_error("schoonmaken", "schonma"), "also while typing");
        assert!(!begins_with_one_error("schoonmaken", "shonma"));
        assert!(begins_with_one_error("kas", "kass") && !begins_with_one_error("kas", "kasse"));
    }

    proptest! {
        #[test]
        fn one_error_anywhere_is_forgiven(word in "[a-zé]{5,12}", at in 0usize..12, letter in "[a-zé]", kind in 0..4) {
            let letters: Vec<char> = word.chars().collect();
            let at = at % letters.len();
            let mut typed = letters.clone();
            let other = letter.chars().next().unwrap();
            match kind {
                0 => typed[at] = other,
                1 => typed.insert(at, other),
                2 => { typed.remove(at); }
                _ => { let next = (at + 1).min(letters.len() - 1); typed.swap(at, next); }
            }
            let typed: String = typed.into_iter().collect();
            prop_assert!(begins_with_one_error(&word, &typed), "{} {}", word, typed);
        }

        #[test]
        fn any_two_texts_can_be_compared(word in "\\PC{0,12}", typed in "\\PC{0,12}") {
            begins_with_one_error(&word, &typed);
        }
    }
}
