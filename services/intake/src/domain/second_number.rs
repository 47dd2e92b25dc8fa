//! A second telephone number: of somebody who knows where she is.

use proto::{FieldProblem, intake::SecondNumber};

use super::{
    contact::{Contact, Kind},
    text,
};

/// A second number that holds.
pub struct Checked {
    /// The number.
    pub number: Contact,
    /// As it is kept.
    pub kept: SecondNumber,
}

/// Checks what was typed, all at once. `first` is her own contact: a second number is another one.
pub fn second_number(given: &SecondNumber, first: Option<&str>) -> Result<Checked, Vec<FieldProblem>> {
    let mut problems = Vec::new();
    let number =
        number(&given.number, first).map_err(|code| problems.push(FieldProblem::new("number", code))).ok();
    let whose = whose(&given.whose).map_err(|code| problems.push(FieldProblem::new("whose", code))).ok();
    match (number, whose) {
        (Some(number), Some(whose)) => {
            Ok(Checked { kept: SecondNumber { number: number.normalised().to_owned(), whose }, number })
        }
        _ => Err(problems),
    }
}

fn number(typed: &str, first: Option<&str>) -> Result<Contact, &'static str> {
    let contact = Contact::parse(typed).map_err(super::contact::NotAContact::code)?;
    match contact.kind() {
        Kind::Email => Err("second-needs-phone"),
        Kind::Phone if first == Some(contact.normalised()) => Err("second-is-first"),
        Kind::Phone => Ok(contact),
    }
}

fn whose(typed: &str) -> Result<String, &'static str> {
    if typed.trim().is_empty() { Ok(String::new()) } else { text::line(typed, text::WHOSE) }
}

#[cfg(test)]
mod tests {
    use super::*;

    const FIRST: Option<&str> = Some("+31612345678");

    fn codes(number: &str, whose: &str) -> Vec<String> {
        let given = SecondNumber { number: number.to_owned(), whose: whose.to_owned() };
        let problems = second_number(&given, FIRST).err().unwrap_or_default();
        problems.into_iter().map(|problem| format!("{}: {}", problem.field, problem.code)).collect()
    }

    #[test]
    fn a_second_number_is_kept_in_one_spelling_and_whose_it_is_need_not_be_told() {
        let given = SecondNumber { number: "036 530 12 34".to_owned(), whose: "  mijn   zus ".to_owned() };
        let checked = second_number(&given, FIRST).ok().unwrap();
        assert_eq!((checked.kept.number.as_str(), checked.kept.whose.as_str()), ("+31365301234", "mijn zus"));
        assert_eq!(codes("0687654321", " "), Vec::<String>::new());
    }

    #[test]
    fn everything_wrong_is_told_at_once() {
        assert_eq!(codes("", &"x".repeat(41)), ["number: contact-empty", "whose: whose-too-long"]);
        assert_eq!(
            codes("a@example.nl", "123456782"),
            ["number: second-needs-phone", "whose: looks-like-bsn"]
        );
        assert_eq!(codes("06 12 34 56 78", ""), ["number: second-is-first"]);
        assert_eq!(codes("0612", "zus\u{202e}"), ["number: phone-too-short", "whose: whose-malformed"]);
    }
}
