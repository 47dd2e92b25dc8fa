//! Who comes for a place in line: a name, and a way to reach her.

use proto::{FieldProblem, intake::Newcomer, open_hiring::Ways, work::Language};
use serde::{Deserialize, Serialize};

use super::{
    contact::{Contact, Kind},
    fields, name, text,
};

/// How Dutch mobile numbers begin: a text message to any other number may reach nobody.
const MOBILE: &str = "+316";

/// What somebody told who is expected to confirm. At rest only encrypted.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Arrival {
    /// Her name or nickname.
    pub name: String,
    /// Telephone number (E.164) or e-mail address; none only at a desk.
    pub contact: Option<String>,
    /// Her language.
    pub language: Language,
}

/// Somebody who comes, checked.
pub struct Checked {
    /// Her name or nickname.
    pub name: String,
    /// How to reach her; nothing only at a desk.
    pub contact: Option<Contact>,
    /// The organisation that signs her up, at a desk.
    pub organisation: Option<String>,
}

/// Checks what was typed, all at once.
pub fn newcomer(given: &Newcomer) -> Result<Checked, Vec<FieldProblem>> {
    let mut problems = Vec::new();
    let name =
        name::parse(&given.name).map_err(|wrong| problems.push(FieldProblem::new("name", wrong.code()))).ok();
    let has_none = given.desk.is_some() && given.contact.trim().is_empty();
    let contact = if has_none { Ok(None) } else { fields::contact(&given.contact).map(Some) };
    let contact = contact.map_err(|problem| problems.push(problem)).ok();
    let organisation = given.desk.as_ref().map(|desk| text::line(&desk.organisation, text::ORGANISATION));
    let organisation =
        organisation.transpose().map_err(|code| problems.push(FieldProblem::new("organisation", code))).ok();
    match (name, contact, organisation) {
        (Some(name), Some(contact), Some(organisation)) => Ok(Checked { name, contact, organisation }),
        _ => Err(problems),
    }
}

/// How she can be reached about an offer.
pub fn ways(contact: Option<&Contact>, second_number: bool, adviser: bool) -> Ways {
    let call = contact.is_some_and(|contact| contact.kind() == Kind::Phone);
    let message = contact
        .is_some_and(|contact| contact.kind() == Kind::Email || contact.normalised().starts_with(MOBILE));
    Ways { message, call, second_number, adviser }
}

#[cfg(test)]
mod tests {
    use proto::{AccountId, intake::AtDesk};
    use uuid::Uuid;

    use super::*;

    fn comes(name: &str, contact: &str, organisation: Option<&str>) -> Newcomer {
        Newcomer {
            name: name.to_owned(),
            contact: contact.to_owned(),
            language: Language::Nl,
            desk: organisation.map(|organisation| AtDesk {
                account_id: AccountId(Uuid::from_u128(1)),
                organisation: organisation.to_owned(),
                shared: false,
            }),
        }
    }

    fn codes(given: &Newcomer) -> Vec<String> {
        let problems = newcomer(given).err().unwrap_or_default();
        problems.into_iter().map(|problem| format!("{}: {}", problem.field, problem.code)).collect()
    }

    #[test]
    fn a_name_and_a_number_will_do_and_at_a_desk_a_name() {
        assert_eq!(codes(&comes("Samira", "06 12 34 56 78", None)), Vec::<String>::new());
        assert_eq!(codes(&comes("Samira", " ", Some("Bibliotheek"))), Vec::<String>::new());
        let checked = newcomer(&comes(" Samira ", "", Some(" De  Haven "))).ok().unwrap();
        assert_eq!((checked.name.as_str(), checked.organisation.as_deref()), ("Samira", Some("De Haven")));
        assert!(checked.contact.is_none());
    }

    #[test]
    fn everything_wrong_is_told_at_once() {
        assert_eq!(codes(&comes("", "", None)), ["name: name-empty", "contact: contact-empty"]);
        assert_eq!(
            codes(&comes("123456782", "0612", Some(""))),
            ["name: looks-like-bsn", "contact: phone-too-short", "organisation: organisation-empty"]
        );
    }

    #[test]
    fn messages_reach_mobile_numbers_and_addresses_and_calls_every_number() {
        let ways = |contact: Option<&str>| {
            let contact = contact.map(|typed| Contact::parse(typed).unwrap());
            let ways = ways(contact.as_ref(), false, true);
            (ways.message, ways.call, ways.second_number, ways.adviser)
        };
        assert_eq!(ways(Some("0612345678")), (true, true, false, true));
        assert_eq!(ways(Some("036 530 12 34")), (false, true, false, true));
        assert_eq!(ways(Some("a@example.nl")), (true, false, false, true));
        assert_eq!(ways(None), (false, false, false, true));
    }
}
