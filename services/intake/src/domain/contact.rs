//! One way to reach someone: a telephone number or an e-mail address, in one spelling.

use std::fmt;

use proto::{Pii, work::Channel};

/// Longest e-mail address that can be delivered (RFC 5321).
const LONGEST_EMAIL: usize = 254;
/// Digits of a number with country code (E.164).
const E164: std::ops::RangeInclusive<usize> = 8..=15;
/// Digits of a Dutch number after the country code.
const DUTCH_DIGITS: usize = 9;

/// What kind of contact it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// A telephone number: SMS and calls.
    Phone,
    /// An e-mail address.
    Email,
}

/// A telephone number (E.164) or e-mail address (lower case): equal contacts are equal texts.
#[derive(Clone, PartialEq, Eq)]
pub struct Contact {
    kind: Kind,
    normalised: Pii<String>,
}

/// Why a text is no contact. Says what is wrong, never what was typed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum NotAContact {
    /// Nothing was typed.
    Empty,
    /// Neither a number nor an address.
    Malformed,
    /// A number with digits missing.
    PhoneTooShort,
    /// A number with digits too many.
    PhoneTooLong,
    /// With an @, but no address.
    EmailMalformed,
}

impl NotAContact {
    /// The code of the field problem.
    pub const fn code(self) -> &'static str {
        match self {
            Self::Empty => "contact-empty",
            Self::Malformed => "contact-malformed",
            Self::PhoneTooShort => "phone-too-short",
            Self::PhoneTooLong => "phone-too-long",
            Self::EmailMalformed => "email-malformed",
        }
    }
}

impl Contact {
    /// Reads what was typed: spaces, dots, hyphens, slashes and brackets do not count in a number.
    pub fn parse(typed: &str) -> Result<Self, NotAContact> {
        let typed = typed.trim();
        if typed.is_empty() {
            return Err(NotAContact::Empty);
        }
        if typed.contains('@') {
            return email(typed).map(|text| Self { kind: Kind::Email, normalised: Pii::new(text) });
        }
        phone(typed).map(|text| Self { kind: Kind::Phone, normalised: Pii::new(text) })
    }

    /// Number or address.
    pub fn kind(&self) -> Kind {
        self.kind
    }

    /// The one spelling: for the blind index, for sending, for her own page.
    pub fn normalised(&self) -> &str {
        self.normalised.reveal()
    }

    /// By which channel a code goes out: a number gets a text message, also for who prefers calls.
    pub fn code_channel(&self) -> Channel {
        match self.kind {
            Kind::Phone => Channel::Sms,
            Kind::Email => Channel::Email,
        }
    }

    /// Whether she can be reached this way; otherwise the code of the field problem.
    pub fn suits(&self, channel: Channel) -> Result<(), &'static str> {
        match (self.kind, channel) {
            (Kind::Phone, Channel::Sms | Channel::Call) | (Kind::Email, Channel::Email) => Ok(()),
            (Kind::Email, Channel::Sms | Channel::Call) => Err("channel-needs-phone"),
            (Kind::Phone, Channel::Email) => Err("channel-needs-email"),
        }
    }
}

impl fmt::Debug for Contact {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Contact({:?}, …)", self.kind)
    }
}

/// Marks that people put between digits.
fn is_separator(letter: char) -> bool {
    letter.is_whitespace()
        || matches!(
            letter,
            '.' | '-' | '/' | '(' | ')' | '\u{2010}'..='\u{2015}' | '\u{200e}' | '\u{202a}' | '\u{202c}'
        )
}

fn phone(typed: &str) -> Result<String, NotAContact> {
    let bare: String = typed.chars().filter(|letter| !is_separator(*letter)).collect();
    let (international, digits) = match bare.strip_prefix('+').or_else(|| bare.strip_prefix("00")) {
        Some(rest) => (true, rest),
        None => (false, bare.as_str()),
    };
    if !digits.bytes().all(|byte| byte.is_ascii_digit()) {
        return Err(NotAContact::Malformed);
    }
    if !international {
        return match digits.strip_prefix('0') {
            Some(national) => dutch(national),
            // "612345678": the zero is missing.
            None if digits.len() <= DUTCH_DIGITS => Err(NotAContact::PhoneTooShort),
            None => Err(NotAContact::Malformed),
        };
    }
    if let Some(national) = digits.strip_prefix("31") {
        // "+31 (0)6 …" is written often; the zero is not part of the number.
        return dutch(national.strip_prefix('0').unwrap_or(national));
    }
    if digits.starts_with('0') {
        return Err(NotAContact::Malformed);
    }
    match digits.len() {
        length if length < *E164.start() => Err(NotAContact::PhoneTooShort),
        length if length > *E164.end() => Err(NotAContact::PhoneTooLong),
        _ => Ok(format!("+{digits}")),
    }
}

fn dutch(national: &str) -> Result<String, NotAContact> {
    match national.len() {
        length if length < DUTCH_DIGITS => Err(NotAContact::PhoneTooShort),
        length if length > DUTCH_DIGITS => Err(NotAContact::PhoneTooLong),
        _ if national.starts_with('0') => Err(NotAContact::Malformed),
        _ => Ok(format!("+31{national}")),
    }
}

fn email(typed: &str) -> Result<String, NotAContact> {
    let lower = typed.to_ascii_lowercase();
    let sound = lower.len() <= LONGEST_EMAIL
        && lower.split_once('@').is_some_and(|(local, domain)| is_local_part(local) && is_domain(domain));
    if sound { Ok(lower) } else { Err(NotAContact::EmailMalformed) }
}

fn is_local_part(local: &str) -> bool {
    let atom = |part: &str| {
        !part.is_empty()
            && part.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"!#$%&'*+-/=?^_`{|}~".contains(&byte))
    };
    local.len() <= 64 && local.split('.').all(atom)
}

fn is_domain(domain: &str) -> bool {
    let label = |label: &str| {
        (1..=63).contains(&label.len())
            && label.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'-')
            && !label.starts_with('-')
            && !label.ends_with('-')
    };
    let mut labels = domain.rsplit('.');
    let last = labels.next().is_some_and(|last| {
        label(last) && last.len() >= 2 && last.starts_with(|first: char| first.is_ascii_alphabetic())
    });
    let mut others = labels.peekable();
    last && others.peek().is_some() && others.all(label)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn read(typed: &str) -> Result<String, NotAContact> {
        Contact::parse(typed).map(|contact| contact.normalised().to_owned())
    }

    #[test]
    fn a_number_has_one_spelling_however_it_is_typed() {
        for typed in [
            "0612345678",
            "06 12 34 56 78",
            "06-12345678",
            " 06.1234.5678 ",
            "+31612345678",
            "+31 6 12345678",
            "+31 (0)6 12 34 56 78",
            "0031612345678",
            "00 31 6-1234 5678",
            "(06) 12345678",
            "06/12345678",
            "06\u{a0}12345678",
            "06–12345678",
        ] {
            assert_eq!(read(typed).as_deref(), Ok("+31612345678"), "{typed}");
        }
        assert_eq!(read("036 530 12 34").as_deref(), Ok("+31365301234"));
        assert_eq!(read("+49 151 23456789").as_deref(), Ok("+4915123456789"));
        assert_eq!(read("00380 44 1234567").as_deref(), Ok("+380441234567"));
    }

    #[test]
    fn a_wrong_contact_says_what_is_wrong() {
        use NotAContact::{EmailMalformed, Empty, Malformed, PhoneTooLong, PhoneTooShort};
        for (typed, wrong) in [
            ("", Empty),
            ("  \t", Empty),
            ("061234567", PhoneTooShort),
            ("612345678", PhoneTooShort),
            ("06", PhoneTooShort),
            ("06123456789", PhoneTooLong),
            ("+316123456789", PhoneTooLong),
            ("+4912", PhoneTooShort),
            ("+1234567890123456", PhoneTooLong),
            ("0012345678901234567", PhoneTooLong),
            ("31612345678", Malformed),
            ("+0612345678", Malformed),
            ("0-0-0-0-0-0-0-0-0-0", Malformed),
            ("06 1234 567a", Malformed),
            ("06+12345678", Malformed),
            ("samira", Malformed),
            ("٠٦١٢٣٤٥٦٧٨", Malformed),
            ("samira@", EmailMalformed),
            ("@example.nl", EmailMalformed),
            ("samira@example", EmailMalformed),
            ("samira@@example.nl", EmailMalformed),
            ("sa mira@example.nl", EmailMalformed),
            ("samira.@example.nl", EmailMalformed),
            ("samira@-example.nl", EmailMalformed),
            ("samira@example..nl", EmailMalformed),
            ("samira@example.1", EmailMalformed),
            ("samira@exa\nmple.nl", EmailMalformed),
            ("samira@example.nl,b@example.nl", EmailMalformed),
        ] {
            assert_eq!(read(typed), Err(wrong), "{typed:?}");
        }
        assert_eq!(read(&format!("{}@example.nl", "a".repeat(65))), Err(EmailMalformed));
        assert_eq!(read(&format!("a@{}nl", "b.".repeat(130))), Err(EmailMalformed));
    }

    #[test]
    fn an_address_is_lower_case() {
        assert_eq!(read(" Samira.Kanarie+Werk@Example.NL ").as_deref(), Ok("samira.kanarie+werk@example.nl"));
        assert_eq!(read("a@b.c.example.nl").as_deref(), Ok("a@b.c.example.nl"));
    }

    #[test]
    fn the_channel_must_fit_the_contact() {
        let phone = Contact::parse("0612345678").unwrap();
        let address = Contact::parse("a@example.nl").unwrap();
        assert_eq!(phone.suits(Channel::Call), Ok(()));
        assert_eq!(phone.suits(Channel::Email), Err("channel-needs-email"));
        assert_eq!(address.suits(Channel::Email), Ok(()));
        assert_eq!(address.suits(Channel::Sms), Err("channel-needs-phone"));
        assert_eq!((phone.code_channel(), address.code_channel()), (Channel::Sms, Channel::Email));
    }

    #[test]
    fn debug_shows_no_digit() {
        let printed = format!("{:?}", Contact::parse("0612345678").unwrap());
        assert!(!printed.contains("1234"), "{printed}");
    }

    proptest! {
        #[test]
        fn separators_never_change_a_dutch_number(
            digits in "[1-9][0-9]{8}",
            start in prop::sample::select(vec!["0", "+31", "0031", "+31(0)", "+310"]),
            separators in prop::collection::vec("[ .()/-]{0,2}", 9),
        ) {
            let spread: String =
                digits.chars().zip(&separators).flat_map(|(digit, mark)| [mark.clone(), digit.to_string()]).collect();
            prop_assert_eq!(read(&format!("{start}{spread}")), Ok(format!("+31{digits}")));
        }

        #[test]
        fn what_was_normalised_stays_as_it_is(digits in "[1-9][0-9]{7,14}", local in "[a-z0-9]{1,20}") {
            for typed in [format!("+{digits}"), format!("{local}@example.nl")] {
                if let Ok(once) = read(&typed) {
                    prop_assert_eq!(read(&once), Ok(once));
                }
            }
        }

        #[test]
        fn any_text_is_read_or_refused(typed in "\\PC{0,40}", near in "[+0-9 @.a-z-]{0,20}") {
            for typed in [typed, near] {
                if let Ok(text) = read(&typed) {
                    prop_assert!(text.starts_with('+') || text.contains('@'));
                    prop_assert!(text.is_ascii() && !text.contains(' '));
                }
            }
        }
    }
}
