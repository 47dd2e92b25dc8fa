//! The alphabet of text messages (3GPP TS 23.038): one letter outside it, and a message of 160
//! characters becomes one of 70.

/// Most characters in a single message.
pub const MOST_CHARACTERS: usize = 160;

const BASIC: &str = "@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ !\"#¤%&'()*+,-./0123456789:;<=>?\
                     ¡ABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÑÜ§¿abcdefghijklmnopqrstuvwxyzäöñüà";
/// These count twice: an escape goes before them.
const EXTENSION: &str = "\u{c}^{}\\[~]|€";

/// How many characters of a text message this takes; `None` if a letter is outside the alphabet.
pub fn length(text: &str) -> Option<usize> {
    text.chars()
        .map(|letter| match letter {
            letter if BASIC.contains(letter) => Some(1),
            letter if EXTENSION.contains(letter) => Some(2),
            _ => None,
        })
        .sum()
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn letters_outside_the_alphabet_are_noticed() {
        assert_eq!(length("Uw code is 482913. @host #482913\n"), Some(33));
        assert_eq!(length("€ 15,20"), Some(8));
        assert_eq!(length("één"), Some(3));
        for outside in ["ë", "ï", "ê", "ç", "’", "•", "–", "`", "\t"] {
            assert_eq!(length(outside), None, "{outside}");
        }
        assert_eq!(BASIC.chars().count() + 1, 128, "all but the escape itself");
    }

    proptest! {
        #[test]
        fn two_texts_together_take_what_they_take_apart(a in "\\PC{0,20}", b in "[a-z€ë]{0,20}") {
            let apart = length(&a).zip(length(&b)).map(|(a, b)| a + b);
            prop_assert_eq!(length(&[a, b].concat()), apart);
        }
    }
}
