//! What may stand in a text that people write.

use proto::FieldProblem;

/// What a line or a text may look like.
#[derive(Debug, Clone, Copy)]
pub struct Text {
    /// What its codes start with: `title-empty`, `title-too-long`.
    pub thing: &'static str,
    /// Most characters.
    pub max_chars: usize,
    /// Whether it may be left empty.
    pub may_be_empty: bool,
    /// Whether it may have more than one line.
    pub lines: bool,
}

impl Text {
    /// Everything wrong with a text; it comes trimmed.
    pub fn check(self, field: &str, text: &str) -> Vec<FieldProblem> {
        let mut problems = Vec::new();
        if text.is_empty() && !self.may_be_empty {
            problems.push(FieldProblem::new(field, format!("{}-empty", self.thing)));
        }
        if text.chars().count() > self.max_chars {
            let too_long = FieldProblem::new(field, format!("{}-too-long", self.thing));
            problems.push(too_long.with("max", self.max_chars));
        }
        if is_unreadable(text, self.lines) {
            problems.push(FieldProblem::new(field, "text-unreadable"));
        }
        if looks_like_bsn(text) {
            problems.push(FieldProblem::new(field, "looks-like-bsn"));
        }
        problems
    }
}

/// Whether a text holds characters that no one typed: control characters, or the mark that a
/// decoder leaves where it could not read the file.
fn is_unreadable(text: &str, lines: bool) -> bool {
    let is_layout = |letter: char| letter == '\t' || (lines && matches!(letter, '\n' | '\r'));
    text.chars().any(|letter| letter == '\u{fffd}' || (letter.is_control() && !is_layout(letter)))
}

/// Whether a text holds nine digits that pass the eleven test of a citizen service number (BSN):
/// in one piece, or in threes or as 4-2-3 with spaces, dots or hyphens between. We may not keep one.
pub fn looks_like_bsn(text: &str) -> bool {
    let letters: Vec<char> = text.chars().collect();
    (0..letters.len()).any(|start| {
        let begins = letters[start].is_ascii_digit()
            && !start.checked_sub(1).is_some_and(|before| letters[before].is_ascii_digit());
        begins
            && [&[9][..], &[3, 3, 3], &[4, 2, 3]].into_iter().any(|groups| bsn_at(&letters[start..], groups))
    })
}

/// Whether a BSN written in these groups stands at the start.
fn bsn_at(letters: &[char], groups: &[usize]) -> bool {
    let mut rest = letters;
    let mut digits = Vec::with_capacity(9);
    for (index, length) in groups.iter().enumerate() {
        if index > 0 {
            match rest.split_first() {
                Some((' ' | '.' | '-' | '\u{a0}', after)) => rest = after,
                _ => return false,
            }
        }
        let Some((group, after)) = rest.split_at_checked(*length) else { return false };
        for letter in group {
            let Some(digit) = letter.to_digit(10) else { return false };
            digits.push(digit as i32);
        }
        rest = after;
    }
    if rest.first().is_some_and(char::is_ascii_digit) {
        return false;
    }
    let weights = [9, 8, 7, 6, 5, 4, 3, 2, -1];
    let sum: i32 = digits.iter().zip(weights).map(|(digit, weight)| digit * weight).sum();
    sum % 11 == 0 && digits.iter().any(|digit| *digit != 0)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn a_bsn_is_seen_in_its_usual_spellings_and_a_telephone_number_is_not_one() {
        for text in ["bel 111222333", "111 222 333", "(1112.22.333)", "nr.111-222-333.", "bsn:123456782"] {
            assert!(looks_like_bsn(text), "{text}");
        }
        for text in [
            "",
            "bel 0612345678",
            "085 000 00 00",
            "123456789",
            "1112223334",
            "000000000",
            "€ 15,20 van 8:00 tot 17:00",
            "111 222  333",
        ] {
            assert!(!looks_like_bsn(text), "{text}");
        }
    }

    #[test]
    fn everything_wrong_with_a_text_is_told_at_once() {
        let title = Text { thing: "title", max_chars: 12, may_be_empty: false, lines: false };
        let codes = |text: &str| -> Vec<String> {
            title.check("title", text).into_iter().map(|problem| problem.code).collect()
        };
        assert_eq!(codes(""), ["title-empty"]);
        assert_eq!(codes("afwas\u{0} 111222333"), ["title-too-long", "text-unreadable", "looks-like-bsn"]);
        assert_eq!(codes("een\ntwee"), ["text-unreadable"]);
        assert_eq!(codes("een\u{fffd}n"), ["text-unreadable"]);
        assert_eq!(codes("één kok"), Vec::<String>::new());
    }

    proptest! {
        #[test]
        fn of_nine_digits_one_last_digit_at_most_makes_a_bsn(front in "[0-9]{8}") {
            let bsns = (0..10).filter(|last| looks_like_bsn(&format!("{front}{last}"))).count();
            prop_assert!(bsns <= 1);
        }

        #[test]
        fn any_text_is_looked_at_without_panic(text in "\\PC{0,60}") {
            let _ = looks_like_bsn(&text);
        }
    }
}
