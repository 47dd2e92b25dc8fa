//! A Dutch postcode, as people type it.

use std::fmt;
use std::str::FromStr;

/// A Dutch postcode: four digits and, if given, two letters.
///
/// The postcode of a person is personal data. So it has no `Serialize`, and `Debug` and `Display` print `Postcode(…)`;
/// whoever needs the text asks for it with [`Postcode::as_text`].
///
/// ```
/// use reference::Postcode;
///
/// let postcode: Postcode = "1315rc".parse().expect("a well-formed postcode");
/// assert_eq!(postcode.pc4(), 1315);
/// assert_eq!(postcode.as_text(), "1315 RC");
/// assert_eq!(format!("{postcode} {postcode:?}"), "Postcode(…) Postcode(…)");
/// ```
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
pub struct Postcode {
    pc4: u16,
    letters: Option<[u8; 2]>,
}

/// Why a text is no postcode. Says what is wrong, never what was typed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum PostcodeError {
    /// Nothing was typed.
    #[error("a postcode is missing")]
    Empty,
    /// Not four digits, with two letters after them or none.
    #[error("a postcode is four digits, or four digits and two letters")]
    Malformed,
    /// Dutch postcodes start at 1000.
    #[error("a postcode does not start with 0")]
    StartsWithZero,
    /// The letters SA, SD and SS are never given out.
    #[error("the letters SA, SD and SS do not occur in postcodes")]
    LettersNotIssued,
}

impl Postcode {
    /// The postcode of four digits, without letters; `None` below 1000 and above 9999.
    pub fn from_pc4(pc4: u16) -> Option<Self> {
        (1000..=9999).contains(&pc4).then_some(Self { pc4, letters: None })
    }

    /// The four digits.
    pub fn pc4(self) -> u16 {
        self.pc4
    }

    /// The two letters in capitals, if they were given.
    pub fn letters(self) -> Option<String> {
        self.letters.map(|[first, second]| [char::from(first), char::from(second)].iter().collect())
    }

    /// The postcode in its usual spelling: `1315` or `1315 RC`. For showing to the person, never for a log.
    pub fn as_text(self) -> String {
        match self.letters() {
            Some(letters) => format!("{} {letters}", self.pc4),
            None => self.pc4.to_string(),
        }
    }
}

impl FromStr for Postcode {
    type Err = PostcodeError;

    /// Accepts any case; spaces, dots and hyphens are ignored wherever they stand.
    fn from_str(text: &str) -> Result<Self, PostcodeError> {
        let mut letters = Vec::with_capacity(6);
        for letter in text.chars().filter(|letter| !letter.is_whitespace() && !matches!(letter, '.' | '-')) {
            if !letter.is_ascii_alphanumeric() || letters.len() == 6 {
                return Err(PostcodeError::Malformed);
            }
            letters.push(letter.to_ascii_uppercase() as u8);
        }
        if letters.is_empty() {
            return Err(PostcodeError::Empty);
        }
        let (digits, rest) = letters.split_at_checked(4).ok_or(PostcodeError::Malformed)?;
        if !digits.iter().all(u8::is_ascii_digit) {
            return Err(PostcodeError::Malformed);
        }
        let letters = match rest {
            [] => None,
            [first, second] if first.is_ascii_uppercase() && second.is_ascii_uppercase() => {
                Some([*first, *second])
            }
            _ => return Err(PostcodeError::Malformed),
        };
        let pc4 = digits.iter().fold(0, |number, digit| number * 10 + u16::from(digit - b'0'));
        if pc4 < 1000 {
            return Err(PostcodeError::StartsWithZero);
        }
        if matches!(letters, Some([b'S', b'A' | b'D' | b'S'])) {
            return Err(PostcodeError::LettersNotIssued);
        }
        Ok(Self { pc4, letters })
    }
}

impl fmt::Debug for Postcode {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Postcode(…)")
    }
}

impl fmt::Display for Postcode {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Postcode(…)")
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn text_of(input: &str) -> Result<String, PostcodeError> {
        input.parse::<Postcode>().map(Postcode::as_text)
    }

    #[test]
    fn people_may_type_it_their_way() {
        for input in
            ["1315 RC", "1315RC", "1315rc", " 1315  rc ", "1 3 1 5 r c", "1315-RC", "1315.rc", "1315\u{a0}RC"]
        {
            assert_eq!(text_of(input), Ok("1315 RC".to_owned()), "{input}");
        }
        assert_eq!(text_of("1315"), Ok("1315".to_owned()));
    }

    #[test]
    fn what_is_no_postcode_is_refused_with_its_reason() {
        assert_eq!(text_of(""), Err(PostcodeError::Empty));
        assert_eq!(text_of("  "), Err(PostcodeError::Empty));
        assert_eq!(text_of("0315"), Err(PostcodeError::StartsWithZero));
        assert_eq!(text_of("0315 RC"), Err(PostcodeError::StartsWithZero));
        for input in [
            "131",
            "13155",
            "1315 R",
            "1315 RCX",
            "1315 R1",
            "ABCD",
            "RC 1315",
            "13١5",
            "1315 RÇ",
            "1315 ＲＣ",
        ] {
            assert_eq!(text_of(input), Err(PostcodeError::Malformed), "{input}");
        }
        for input in ["1315 SA", "1315sd", "1315 ss"] {
            assert_eq!(text_of(input), Err(PostcodeError::LettersNotIssued), "{input}");
        }
        assert_eq!(text_of("1315 SB"), Ok("1315 SB".to_owned()));
    }

    #[test]
    fn it_never_prints_itself() {
        let postcode: Postcode = "1315 RC".parse().unwrap();
        let printed = format!("{postcode} {postcode:?} {postcode:#?} {:?}", Some(postcode));
        assert!(!printed.contains("1315") && !printed.contains("RC"), "{printed}");
        let error = "1315 SA".parse::<Postcode>().unwrap_err();
        assert!(!format!("{error} {error:?}").contains("1315"));
    }

    proptest! {
        #[test]
        fn parsing_never_panics_and_what_parses_comes_back(input in "\\PC{0,12}") {
            if let Ok(postcode) = input.parse::<Postcode>() {
                prop_assert!((1000..=9999).contains(&postcode.pc4()));
                prop_assert_eq!(postcode.as_text().parse::<Postcode>(), Ok(postcode));
            }
        }

        #[test]
        fn every_well_formed_one_is_accepted(pc4 in 1000..=9999_u16, letters in "([A-RT-Z][A-Z]|S[BCE-RT-Z])", space in " {0,2}") {
            let postcode: Postcode = format!("{pc4}{space}{letters}").parse().unwrap();
            prop_assert_eq!((postcode.pc4(), postcode.letters()), (pc4, Some(letters)));
        }
    }
}
