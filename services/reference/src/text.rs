//! Making texts comparable: case, accents and punctuation do not count.

/// A language of labels and search.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, serde::Serialize, serde::Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Lang {
    /// Dutch, at level B1.
    Nl,
    /// English.
    En,
}

/// Lower case, accents off, everything that is no letter or digit a single space.
pub(crate) fn fold(text: &str) -> String {
    let mut folded = String::with_capacity(text.len());
    for letter in text.chars().flat_map(char::to_lowercase) {
        match plain(letter) {
            Some(plain) => folded.push_str(plain),
            None if letter.is_alphanumeric() => folded.push(letter),
            // Combining accents of decomposed text disappear; they do not split a word.
            None if ('\u{300}'..='\u{36f}').contains(&letter) => {}
            None if matches!(letter, '\'' | '’' | '`') => {}
            None if !folded.ends_with(' ') && !folded.is_empty() => folded.push(' '),
            None => {}
        }
    }
    folded.truncate(folded.trim_end().len());
    folded
}

/// The plain spelling of an accented letter, for the letters that occur in Dutch and its neighbours.
fn plain(letter: char) -> Option<&'static str> {
    Some(match letter {
        'á' | 'à' | 'â' | 'ä' | 'ã' | 'å' => "a",
        'ç' | 'č' => "c",
        'é' | 'è' | 'ê' | 'ë' => "e",
        'í' | 'ì' | 'î' | 'ï' | 'ı' => "i",
        'ñ' => "n",
        'ó' | 'ò' | 'ô' | 'ö' | 'õ' | 'ø' => "o",
        'ú' | 'ù' | 'û' | 'ü' => "u",
        'ý' | 'ÿ' => "y",
        'ß' => "ss",
        'æ' => "ae",
        'œ' => "oe",
        'ĳ' => "ij",
        _ => return None,
    })
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn case_accents_and_punctuation_do_not_count() {
        assert_eq!(fold("  Koffie- en théé, zetten! "), "koffie en thee zetten");
        assert_eq!(fold("'s-Gravenhage"), "s gravenhage");
        assert_eq!(fold("cafe\u{301}"), "cafe");
        assert_eq!(fold("auto’s"), "autos");
        assert_eq!(fold("!?"), "");
    }

    proptest! {
        #[test]
        fn folding_twice_changes_nothing(text in "\\PC{0,40}") {
            let once = fold(&text);
            prop_assert_eq!(fold(&once), once);
        }
    }
}
