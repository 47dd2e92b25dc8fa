//! What a desk's entry in the table may say: it is shown to everyone.

use proto::{FieldProblem, intake::ChangeDesk};
use reference::{Postcode, PostcodeError, Reference};

use super::{
    contact::{Contact, Kind},
    text::{self, Line},
};

/// The name of a desk.
const NAME: Line = Line {
    least: 2,
    most: 120,
    codes: ["desk-name-empty", "desk-name-too-short", "desk-name-too-long", "desk-name-malformed"],
};
/// Longest address of a page.
const LONGEST_WEBSITE: usize = 200;
/// Digits of a telephone number: `14 036` has five, an international one at most 15.
const PHONE_DIGITS: std::ops::RangeInclusive<usize> = 4..=15;

/// What people maintain of a desk, in one spelling.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Entry {
    /// Its name.
    pub name: String,
    /// Its town.
    pub town: String,
    /// As people write it; may be empty.
    pub phone: String,
    /// Lower case; may be empty.
    pub email: String,
    /// `https://…`; may be empty.
    pub website: String,
}

/// The region of a postcode as typed.
pub fn region_of(typed: &str, reference: &Reference) -> Result<String, FieldProblem> {
    let code = match typed.parse::<Postcode>() {
        Ok(postcode) => match reference.places.locate(&postcode) {
            Some(place) => return Ok(place.region.to_string()),
            None => "postcode-unknown",
        },
        Err(PostcodeError::Empty) => "postcode-empty",
        Err(PostcodeError::Malformed) => "postcode-malformed",
        Err(PostcodeError::StartsWithZero | PostcodeError::LettersNotIssued) => "postcode-unknown",
    };
    Err(FieldProblem::new("postcode", code))
}

/// Checks an entry; everything that is wrong at once.
pub fn entry(given: &ChangeDesk) -> Result<Entry, Vec<FieldProblem>> {
    let mut problems = Vec::new();
    let mut wrong = |field: &str, code: &str| problems.push(FieldProblem::new(field, code));
    let name = text::line(&given.name, NAME).map_err(|code| wrong("name", code)).unwrap_or_default();
    let town = text::line(&given.town, text::TOWN).map_err(|code| wrong("town", code)).unwrap_or_default();
    let phone = given.phone.split_whitespace().collect::<Vec<_>>().join(" ");
    if !phone.is_empty() && !is_phone(&phone) {
        wrong("phone", "phone-malformed");
    }
    let email = match given.email.trim() {
        "" => String::new(),
        typed => match Contact::parse(typed) {
            Ok(contact) if contact.kind() == Kind::Email => contact.normalised().to_owned(),
            _ => {
                wrong("email", "email-malformed");
                String::new()
            }
        },
    };
    let website = given.website.trim().to_owned();
    if !website.is_empty() && !is_website(&website) {
        wrong("website", "website-malformed");
    }
    if problems.is_empty() { Ok(Entry { name, town, phone, email, website }) } else { Err(problems) }
}

/// Digits with the marks that people put between them. Short numbers such as `14 036` and `0800 …`
/// count, so this is wider than the telephone number of a person.
fn is_phone(text: &str) -> bool {
    let digits = text.chars().filter(char::is_ascii_digit).count();
    PHONE_DIGITS.contains(&digits)
        && text.char_indices().all(|(at, letter)| {
            letter.is_ascii_digit() || matches!(letter, ' ' | '-' | '(' | ')') || (letter == '+' && at == 0)
        })
}

/// An address that people can follow safely: `https`, a host with a dot, nobody's name in it.
fn is_website(text: &str) -> bool {
    let Some(rest) = text.strip_prefix("https://") else { return false };
    let host = rest.split(['/', '?', '#']).next().unwrap_or_default();
    let label = |label: &str| {
        !label.is_empty()
            && label.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'-')
            && !label.starts_with('-')
            && !label.ends_with('-')
    };
    text.len() <= LONGEST_WEBSITE
        && text
            .bytes()
            .all(|byte| byte.is_ascii_graphic() && !matches!(byte, b'"' | b'\'' | b'<' | b'>' | b'\\' | b'`'))
        && host.contains('.')
        && host.split('.').all(label)
}

#[cfg(test)]
mod tests {
    use proto::DeskId;
    use uuid::Uuid;

    use super::*;

    fn good() -> ChangeDesk {
        ChangeDesk {
            desk_id: DeskId(Uuid::from_u128(1)),
            name: " Leerwerkloket  Flevoland ".to_owned(),
            town: "Almere".to_owned(),
            phone: "14 036".to_owned(),
            email: "Loket@Example.nl".to_owned(),
            website: "https://www.example.nl/loket?taal=nl".to_owned(),
        }
    }

    #[test]
    fn an_entry_is_kept_in_one_spelling() {
        let entry = entry(&good()).unwrap();
        assert_eq!(entry.name, "Leerwerkloket Flevoland");
        assert_eq!((entry.phone.as_str(), entry.email.as_str()), ("14 036", "loket@example.nl"));
        let empty = ChangeDesk { phone: String::new(), email: " ".into(), website: String::new(), ..good() };
        assert!(super::entry(&empty).is_ok());
    }

    #[test]
    fn everything_wrong_is_told_at_once() {
        let wrong = ChangeDesk {
            name: " ".to_owned(),
            town: "x".repeat(81),
            phone: "bel ons".to_owned(),
            email: "0612345678".to_owned(),
            website: "http://example.nl".to_owned(),
            ..good()
        };
        let told: Vec<_> = entry(&wrong)
            .unwrap_err()
            .into_iter()
            .map(|problem| format!("{}: {}", problem.field, problem.code))
            .collect();
        assert_eq!(
            told,
            [
                "name: desk-name-empty",
                "town: town-too-long",
                "phone: phone-malformed",
                "email: email-malformed",
                "website: website-malformed"
            ]
        );
    }

    #[test]
    fn numbers_and_pages_as_people_write_them() {
        for phone in ["085 000 00 00", "+31 (0)85 000 00 00", "0800-8001", "14 0320"] {
            assert!(is_phone(phone), "{phone}");
        }
        for phone in ["123", "1234567890123456", "0800+8001", "0900 WERK"] {
            assert!(!is_phone(phone), "{phone}");
        }
        for page in ["https://example.nl", "https://werk.example.nl/a/b#c", "https://xn--caf-dma.example"] {
            assert!(is_website(page), "{page}");
        }
        for page in [
            "https://localhost",
            "https://",
            "https://a b.nl",
            "https://user@example.nl",
            "https://example.nl:8443",
            "https://-a.nl",
            "https://example.nl/\"onload",
            "javascript:alert(1)",
            "HTTPS://example.nl",
        ] {
            assert!(!is_website(page), "{page}");
        }
    }
}
