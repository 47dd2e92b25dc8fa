//! Employers: who they are and whom to ask for.

use proto::{
    EmployerId, FieldProblem, SiteId,
    vacancies::{EmployerContact, SiteDetails},
};
use reference::Reference;

use super::{Site, site, text::Text};

const NAME: Text = Text { thing: "name", max_chars: 120, may_be_empty: false, lines: false };
const CONTACT_NAME: Text = Text { thing: "contact-name", max_chars: 80, may_be_empty: false, lines: false };
const CONTACT_REACH: Text =
    Text { thing: "contact-reach", max_chars: 120, may_be_empty: false, lines: false };
const CONTACT_WORK: Text = Text { thing: "contact-work", max_chars: 120, may_be_empty: true, lines: false };
const SITE_NAME: Text = Text { thing: "site-name", max_chars: 120, may_be_empty: true, lines: false };
const STREET: Text = Text { thing: "street", max_chars: 120, may_be_empty: true, lines: false };

/// An employer of which every fact was checked.
#[derive(Debug, Clone)]
pub struct Employer {
    /// Its id.
    pub employer_id: EmployerId,
    /// Its KVK number, 8 digits.
    pub kvk_number: String,
    /// Its name.
    pub name: String,
    /// Its first site.
    pub site: CheckedSite,
}

/// A site of which every fact was checked.
#[derive(Debug, Clone)]
pub struct CheckedSite {
    /// Its id.
    pub site_id: SiteId,
    /// How people call it; may be empty.
    pub name: String,
    /// Street and house number; may be empty.
    pub street: String,
    /// Its postcode and what follows from it; it decides the region.
    pub at: Site,
}

impl CheckedSite {
    /// A site of which only the postcode is known.
    pub fn bare(site_id: SiteId, at: Site) -> Self {
        Self { site_id, name: String::new(), street: String::new(), at }
    }
}

/// Checks what a site is; `field` stands before the names of its fields.
///
/// # Errors
/// Everything that is wrong, at once.
pub fn check_site(
    field: &str,
    site_id: SiteId,
    given: &SiteDetails,
    reference: &Reference,
) -> Result<CheckedSite, Vec<FieldProblem>> {
    let (name, street) = (given.name.trim().to_owned(), given.street.trim().to_owned());
    let mut problems = SITE_NAME.check(&format!("{field}.name"), &name);
    problems.extend(STREET.check(&format!("{field}.street"), &street));
    match site(&format!("{field}.postcode"), &given.postcode, reference) {
        Ok(at) if problems.is_empty() => Ok(CheckedSite { site_id, name, street, at }),
        Ok(_) => Err(problems),
        Err(wrong) => {
            problems.push(wrong);
            Err(problems)
        }
    }
}

/// The 8 digits of a KVK number; spaces and dots do not matter.
pub fn kvk(text: &str) -> Option<String> {
    let digits: String =
        text.chars().filter(|letter| !letter.is_whitespace() && !matches!(letter, '.' | '-')).collect();
    let is_one =
        digits.len() == 8 && digits.bytes().all(|digit| digit.is_ascii_digit()) && digits != "00000000";
    is_one.then_some(digits)
}

/// The employer's name, trimmed.
///
/// # Errors
/// Everything that is wrong with it.
pub fn name(field: &str, text: &str) -> Result<String, Vec<FieldProblem>> {
    let name = text.trim();
    let problems = NAME.check(field, name);
    if problems.is_empty() { Ok(name.to_owned()) } else { Err(problems) }
}

/// Checks a new employer.
///
/// # Errors
/// Everything that is wrong, at once.
pub fn check(
    employer_id: EmployerId,
    kvk_number: &str,
    given_name: &str,
    site_id: SiteId,
    site: &SiteDetails,
    reference: &Reference,
) -> Result<Employer, Vec<FieldProblem>> {
    let mut problems = Vec::new();
    let name = name("name", given_name).unwrap_or_else(|wrong| {
        problems.extend(wrong);
        String::new()
    });
    let kvk_number = kvk(kvk_number);
    if kvk_number.is_none() {
        problems.push(FieldProblem::new("kvk_number", "kvk-malformed"));
    }
    let site = check_site("site", site_id, site, reference).map_err(|wrong| problems.extend(wrong)).ok();
    match (kvk_number, site) {
        (Some(kvk_number), Some(site)) if problems.is_empty() => {
            Ok(Employer { employer_id, kvk_number, name, site })
        }
        _ => Err(problems),
    }
}

/// Checks whom to ask for; what comes back is trimmed.
///
/// # Errors
/// Everything that is wrong. Says nothing of what was typed.
pub fn contact(given: &EmployerContact) -> Result<EmployerContact, Vec<FieldProblem>> {
    let contact = EmployerContact {
        name: given.name.trim().to_owned(),
        reach: given.reach.trim().to_owned(),
        work: given.work.trim().to_owned(),
    };
    let mut problems = CONTACT_NAME.check("contact.name", &contact.name);
    problems.extend(CONTACT_REACH.check("contact.reach", &contact.reach));
    problems.extend(CONTACT_WORK.check("contact.work", &contact.work));
    if problems.is_empty() { Ok(contact) } else { Err(problems) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_kvk_number_is_eight_digits_in_any_spelling() {
        assert_eq!(kvk(" 1234 5678 "), Some("12345678".to_owned()));
        assert_eq!(kvk("12.34.56.78"), Some("12345678".to_owned()));
        for wrong in ["", "1234567", "123456789", "1234567a", "00000000", "１２３４５６７８"] {
            assert_eq!(kvk(wrong), None, "{wrong}");
        }
    }

    #[test]
    fn everything_wrong_with_an_employer_is_told_at_once() {
        let reference = Reference::small();
        let (id, site_id) = (EmployerId(uuid::Uuid::nil()), SiteId(uuid::Uuid::nil()));
        let site = |postcode: &str| SiteDetails {
            name: String::new(),
            street: "Dorpsstraat 1 ".into(),
            postcode: postcode.into(),
        };
        let codes: Vec<_> = check(id, "1", " ", site_id, &site("9"), &reference)
            .unwrap_err()
            .into_iter()
            .map(|problem| (problem.field, problem.code))
            .collect();
        let expected = [
            ("name", "name-empty"),
            ("kvk_number", "kvk-malformed"),
            ("site.postcode", "postcode-malformed"),
        ];
        assert_eq!(codes, expected.map(|(field, code)| (field.to_owned(), code.to_owned())));
        let good = check(id, "12345678", " De Linde ", site_id, &site("1315rc"), &reference).unwrap();
        assert_eq!((good.name.as_str(), good.site.at.area.region.as_str()), ("De Linde", "AM11"));
        assert_eq!(good.site.street, "Dorpsstraat 1");
    }

    #[test]
    fn a_contact_with_a_bsn_is_refused_without_repeating_it() {
        let given = EmployerContact { name: "Fatma".into(), reach: "111222333".into(), work: String::new() };
        let problems = contact(&given).unwrap_err();
        assert_eq!(problems, [FieldProblem::new("contact.reach", "looks-like-bsn")]);
    }
}
