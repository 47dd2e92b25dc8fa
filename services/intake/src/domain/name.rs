//! What we may call someone: a first name or nickname, and never a number that we may not keep.

/// Longest name, in characters.
pub const LONGEST_NAME: usize = 60;

/// Why a text is no name.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum NotAName {
    /// Nothing was typed.
    Empty,
    /// More than [`LONGEST_NAME`] characters.
    TooLong,
    /// Characters that cannot be shown.
    Malformed,
    /// A citizen service number stands in it: we may not keep that.
    LooksLikeBsn,
}

impl NotAName {
    /// The code of the field problem.
    pub const fn code(self) -> &'static str {
        match self {
            Self::Empty => "name-empty",
            Self::TooLong => "name-too-long",
            Self::Malformed => "name-malformed",
            Self::LooksLikeBsn => "looks-like-bsn",
        }
    }
}

/// Reads a name: spaces around it go, several become one.
pub fn parse(typed: &str) -> Result<String, NotAName> {
    let name = typed.split_whitespace().collect::<Vec<_>>().join(" ");
    if name.is_empty() {
        return Err(NotAName::Empty);
    }
    if name.chars().count() > LONGEST_NAME {
        return Err(NotAName::TooLong);
    }
    if name.chars().any(cannot_be_shown) {
        return Err(NotAName::Malformed);
    }
    if holds_bsn(&name) {
        return Err(NotAName::LooksLikeBsn);
    }
    Ok(name)
}

/// Whether a letter is none: a control character, or one that turns the reading direction around.
pub(super) fn cannot_be_shown(letter: char) -> bool {
    letter.is_control() || matches!(letter, '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}')
}

/// A first name in one spelling, to suggest that two records are one person: the first word in small
/// letters, accents off.
pub fn first_name(name: &str) -> String {
    let first = name.split_whitespace().next().unwrap_or_default();
    first.chars().flat_map(char::to_lowercase).filter_map(plain).collect()
}

/// The plain letter, for the accents that occur here; `None` for marks between letters.
fn plain(letter: char) -> Option<char> {
    Some(match letter {
        'á' | 'à' | 'â' | 'ä' | 'ã' | 'å' | 'ā' | 'ă' | 'ą' => 'a',
        'ç' | 'č' | 'ć' => 'c',
        'ď' | 'đ' => 'd',
        'é' | 'è' | 'ê' | 'ë' | 'ē' | 'ė' | 'ę' | 'ě' => 'e',
        'ğ' => 'g',
        'í' | 'ì' | 'î' | 'ï' | 'ī' | 'ı' => 'i',
        'ł' => 'l',
        'ñ' | 'ń' | 'ň' => 'n',
        'ó' | 'ò' | 'ô' | 'ö' | 'õ' | 'ø' | 'ő' => 'o',
        'ř' => 'r',
        'š' | 'ś' | 'ş' | 'ș' => 's',
        'ť' | 'ț' => 't',
        'ú' | 'ù' | 'û' | 'ü' | 'ū' | 'ů' | 'ű' => 'u',
        'ý' | 'ÿ' => 'y',
        'ž' | 'ź' | 'ż' => 'z',
        letter if letter.is_alphanumeric() => letter,
        _ => return None,
    })
}

/// Whether nine digits in a row pass the eleven test. Spaces, dots and hyphens between digits do
/// not break a row; more digits than nine do, so that a telephone number is no citizen number.
pub fn holds_bsn(text: &str) -> bool {
    let mut row = Vec::new();
    for letter in text.chars().chain(['x']) {
        match letter.to_digit(10) {
            Some(digit) => row.push(digit),
            None if letter.is_whitespace() || matches!(letter, '.' | '-') => {}
            None if is_bsn(&row) => return true,
            None => row.clear(),
        }
    }
    false
}

/// The eleven test: weights 9 to 2, and -1 for the last digit.
fn is_bsn(digits: &[u32]) -> bool {
    let [first @ .., last] = digits else { return false };
    let sum: u32 = first.iter().zip((2..=9).rev()).map(|(digit, weight)| digit * weight).sum();
    // `+ 10 * last` is `- last` modulo 11, without going below zero.
    digits.len() == 9 && sum > 0 && (sum + 10 * last).is_multiple_of(11)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn a_name_is_taken_as_it_is_but_for_spaces() {
        assert_eq!(parse("  Samira   van  Dam ").as_deref(), Ok("Samira van Dam"));
        assert_eq!(parse("محمد").as_deref(), Ok("محمد"));
        assert_eq!(parse("Jan-2").as_deref(), Ok("Jan-2"));
    }

    #[test]
    fn what_is_no_name_is_refused() {
        assert_eq!(parse(" \n"), Err(NotAName::Empty));
        assert_eq!(parse(&"é".repeat(60)).map(|name| name.len()), Ok(120));
        assert_eq!(parse(&"é".repeat(61)), Err(NotAName::TooLong));
        assert_eq!(parse("Sam\u{0}ira"), Err(NotAName::Malformed));
        assert_eq!(parse("Sam\u{202e}ira"), Err(NotAName::Malformed));
    }

    #[test]
    fn a_first_name_has_one_spelling() {
        for typed in ["Zoë", "zoe", " ZOË van Dam", "Zo\u{65}\u{308}"] {
            assert_eq!(first_name(typed), "zoe", "{typed}");
        }
        assert_eq!(first_name("Anne-Marie"), "annemarie");
        assert_eq!(first_name("محمد علي"), "محمد");
    }

    #[test]
    fn a_citizen_number_is_recognised_in_every_spelling() {
        // 111222333 and 123456782 pass the eleven test and belong to nobody.
        for typed in ["111222333", "Samira 123456782", "1112.22.333", "123 456 782", "a123456782b"] {
            assert_eq!(parse(typed), Err(NotAName::LooksLikeBsn), "{typed}");
        }
        for typed in ["123456789", "000000000", "0612345678", "1112223330", "11122233", "111222333 4"] {
            assert!(parse(typed).is_ok(), "{typed}");
        }
    }

    proptest! {
        #[test]
        fn exactly_one_last_digit_in_eleven_fits(first in prop::collection::vec(0_u32..10, 8)) {
            let fitting = (0..10).filter(|last| is_bsn(&[first.as_slice(), &[*last]].concat())).count();
            prop_assert!(fitting <= 1);
        }

        #[test]
        fn one_changed_digit_is_noticed(first in prop::collection::vec(0_u32..10, 8), at in 0_usize..9, add in 1_u32..10) {
            for last in 0..10 {
                let number = [first.as_slice(), &[last]].concat();
                if is_bsn(&number) {
                    let mut other = number.clone();
                    other[at] = (other[at] + add) % 10;
                    prop_assert!(!is_bsn(&other));
                }
            }
        }

        #[test]
        fn a_citizen_number_is_found_wherever_it_stands(before in "[a-z ]{0,10}", after in "[a-z ]{0,10}", marks in prop::collection::vec("[ .-]?", 9)) {
            let spread: String = "123456782".chars().zip(&marks).flat_map(|(digit, mark)| [digit.to_string(), mark.clone()]).collect();
            let text = [before, spread, after].concat();
            prop_assert!(holds_bsn(&text));
        }

        #[test]
        fn any_text_is_a_name_or_refused(typed in "\\PC{0,80}") {
            if let Ok(name) = parse(&typed) {
                prop_assert_eq!(parse(&name), Ok(name));
            }
        }
    }
}
