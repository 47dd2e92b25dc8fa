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

/// A name in letters that every telephone has, cut to so many characters: accents off where the alphabet
/// lacks them, everything else that it lacks left out.
pub fn plain(name: &str, most: usize) -> String {
    let mut text = String::with_capacity(most);
    let mut taken = 0;
    for letter in name.chars().filter_map(plain_letter) {
        // A name does not begin with a space and has no two in a row.
        if letter == ' ' && (text.is_empty() || text.ends_with(' ')) {
            continue;
        }
        if taken == most {
            break;
        }
        text.push(letter);
        taken += 1;
    }
    text.truncate(text.trim_end().len());
    text
}

/// A text of at most so many characters: whole words as long as one fits.
pub fn shorten(text: &str, most: usize) -> &str {
    let Some((end, next)) = text.char_indices().nth(most) else { return text };
    let cut = &text[..end];
    let whole = if next.is_whitespace() { cut } else { cut.rsplit_once(' ').map_or(cut, |(words, _)| words) };
    whole.trim_end_matches([' ', ',', '-', '(', '/', '&'])
}

fn plain_letter(letter: char) -> Option<char> {
    Some(match letter {
        letter if letter != '\n' && letter != '\r' && BASIC.contains(letter) => letter,
        letter if letter.is_whitespace() => ' ',
        'á' | 'â' | 'ã' | 'ā' | 'ă' | 'ą' => 'a',
        'Á' | 'À' | 'Â' | 'Ã' => 'A',
        'ç' | 'ć' | 'č' => 'c',
        'Ć' | 'Č' => 'C',
        'ď' | 'đ' => 'd',
        'ê' | 'ë' | 'ē' | 'ė' | 'ę' | 'ě' => 'e',
        'È' | 'Ê' | 'Ë' => 'E',
        'ğ' => 'g',
        'Ğ' => 'G',
        'í' | 'î' | 'ï' | 'ī' | 'ı' => 'i',
        'Í' | 'Ì' | 'Î' | 'Ï' | 'İ' => 'I',
        'ł' => 'l',
        'Ł' => 'L',
        'ń' | 'ň' => 'n',
        'ó' | 'ô' | 'õ' | 'ő' => 'o',
        'Ó' | 'Ò' | 'Ô' | 'Õ' => 'O',
        'ř' => 'r',
        'š' | 'ś' | 'ş' | 'ș' => 's',
        'Š' | 'Ś' | 'Ş' | 'Ș' => 'S',
        'ť' | 'ț' => 't',
        'ú' | 'û' | 'ū' | 'ů' | 'ű' => 'u',
        'Ú' | 'Ù' | 'Û' => 'U',
        'ý' | 'ÿ' => 'y',
        'ž' | 'ź' | 'ż' => 'z',
        'Ž' | 'Ź' | 'Ż' => 'Z',
        '’' | '‘' | '`' => '\'',
        '–' | '—' => '-',
        _ => return None,
    })
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

    #[test]
    fn a_name_becomes_plain() {
        for (name, short) in [
            ("Zoë", "Zoe"),
            ("  Jan   de  Vries ", "Jan de Vries"),
            ("Maximiliaan van Dijk", "Maximiliaan van"),
            ("Ömer Şahin", "Ömer Sahin"),
            ("a\nb", "a b"),
            ("[x] €", "x"),
            ("Фатима", ""),
        ] {
            assert_eq!(plain(name, 16), short, "{name}");
        }
    }

    #[test]
    fn a_long_text_ends_with_a_whole_word() {
        for (text, most, short) in [
            ("Medewerker keuken", 17, "Medewerker keuken"),
            ("Medewerker keuken", 16, "Medewerker"),
            ("Medewerker keuken", 10, "Medewerker"),
            ("Medewerker keuken", 4, "Mede"),
            ("Medewerker, keuken", 12, "Medewerker"),
            ("été été", 5, "été"),
            ("x", 0, ""),
        ] {
            assert_eq!(shorten(text, most), short, "{text} {most}");
        }
    }

    proptest! {
        #[test]
        fn a_short_text_is_the_beginning_of_the_long_one(text in "\\PC{0,40}", most in 0_usize..30) {
            let short = shorten(&text, most);
            prop_assert!(text.starts_with(short) && short.chars().count() <= most);
        }

        #[test]
        fn a_plain_name_takes_one_character_a_letter(name in "\\PC{0,40}", most in 0_usize..30) {
            let text = plain(&name, most);
            prop_assert_eq!(length(&text), Some(text.chars().count()));
            prop_assert!(text.chars().count() <= most);
        }

        #[test]
        fn two_texts_together_take_what_they_take_apart(a in "\\PC{0,20}", b in "[a-z€ë]{0,20}") {
            let apart = length(&a).zip(length(&b)).map(|(a, b)| a + b);
            prop_assert_eq!(length(&[a, b].concat()), apart);
        }
    }
}
