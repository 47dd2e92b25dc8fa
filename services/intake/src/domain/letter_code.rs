//! The code of a letter or message to someone who was registered with help: to take over, or to say
//! "this was not me".

use chassis::Chance;
use chrono::TimeDelta;

/// Letters and digits that nobody takes for another: no 0 and O, 1 and I and L, 2 and Z, 5 and S, 8
/// and B; and no vowels, so that no word comes about.
const ALPHABET: &[u8; 22] = b"CDFGHJKMNPQRTVWXY34679";
/// Characters of a code: 44 bits.
const LENGTH: usize = 10;
/// Characters between hyphens.
const GROUP: usize = 5;

/// How long a code works.
pub const LETTER_CODE_LIFE: TimeDelta = TimeDelta::days(60);
/// The time in which misses are counted.
pub const MISSES_WINDOW: TimeDelta = TimeDelta::hours(1);
/// Misses of one person who is signed in, or of visitors of one network.
pub const MOST_MISSES: i64 = 5;
/// Misses of all visitors together, from however many networks one guesses. Even a hundred thousand codes that wait are then found by guessing once in some ten thousand years.
pub const MOST_MISSES_OF_VISITORS: i64 = 300;

/// A new code as it is kept and compared: without hyphens.
pub fn new(chance: &dyn Chance) -> String {
    let mut code = String::with_capacity(LENGTH);
    let mut bytes = [0; 16];
    while code.len() < LENGTH {
        chance.fill(&mut bytes);
        // 242 to 255 would favour the first letters.
        let fair = bytes.iter().filter(|byte| **byte < 242);
        code.extend(fair.take(LENGTH - code.len()).map(|byte| char::from(ALPHABET[usize::from(*byte % 22)])));
    }
    code
}

/// As people read it: in groups.
pub fn shown(code: &str) -> String {
    let (first, second) = code.split_at(GROUP.min(code.len()));
    format!("{first}-{second}")
}

/// A code as typed: capitals, without the spaces and hyphens that people put in. `None` when it can be
/// none.
pub fn typed(typed: &str) -> Option<String> {
    let code: String = typed
        .chars()
        .filter(|letter| !letter.is_whitespace() && !matches!(letter, '-' | '.' | '\u{2010}'..='\u{2015}'))
        .map(|letter| letter.to_ascii_uppercase())
        .take(LENGTH + 1)
        .collect();
    (code.len() == LENGTH && code.bytes().all(|byte| ALPHABET.contains(&byte))).then_some(code)
}

#[cfg(test)]
mod tests {
    use chassis::chance::SeededChance;
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn what_is_no_code_is_seen_at_once() {
        for wrong in ["", "CDFGH", "CDFGHJKMNPQ", "CDFGHJKMN0", "482913"] {
            assert_eq!(typed(wrong), None, "{wrong}");
        }
    }

    proptest! {
        #[test]
        fn a_code_reads_back_however_it_is_typed(seed: u64, spaces in prop::collection::vec("[ -]?", 10)) {
            let code = new(&SeededChance::new(seed));
            prop_assert_eq!(typed(&shown(&code)), Some(code.clone()));
            let spread: String = code.chars().zip(&spaces).flat_map(|(letter, mark)| [mark.clone(), letter.to_lowercase().to_string()]).collect();
            prop_assert_eq!(typed(&spread), Some(code));
        }
    }
}
