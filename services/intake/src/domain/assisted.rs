//! Registering together: what a helper typed, checked all at once.

use chrono::{NaiveDate, TimeDelta};
use proto::{
    FieldProblem,
    intake::{AssistedReach, AssistedRegistration, ConsentGiven, HelperIntroduction},
    work::Channel,
};
use reference::{Postcode, Reference};
use serde::{Deserialize, Serialize};

use super::{
    consent::{self, ConsentChannel, Evidence},
    contact::Contact,
    fields,
    may::Standing,
    name,
    person::Applicant,
    text,
};

/// How long a helper may change her wishes, unless she extends it.
pub const HELPER_ACCESS: TimeDelta = TimeDelta::days(14);

/// Where letters go. At rest only encrypted.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Letter {
    /// Street and house number.
    pub street: String,
    /// With letters.
    pub postcode: String,
    /// Town.
    pub town: String,
}

/// An assisted registration that holds.
pub struct Checked {
    /// What was answered, in one spelling.
    pub applicant: Applicant,
    /// How to reach her: her contact and whether others use it, or where letters go.
    pub reach: Reach,
    /// How she said yes and no.
    pub channel: ConsentChannel,
    /// What shows it.
    pub evidence: Option<Evidence>,
    /// Who helped.
    pub helper: HelperIntroduction,
}

/// How she can be reached.
pub enum Reach {
    /// By telephone or e-mail.
    Contact {
        /// Which.
        contact: Contact,
        /// Whether others use it too.
        shared: bool,
    },
    /// By letter only.
    Letter(Letter),
}

/// Checks what a helper typed with her.
pub fn registration(
    given: &AssistedRegistration,
    reference: &Reference,
    today: NaiveDate,
) -> Result<Checked, Vec<FieldProblem>> {
    let mut problems = Vec::new();
    let home = fields::home(&given.wishes, reference, today, None).map_err(|more| problems.extend(more)).ok();
    let name =
        name::parse(&given.name).map_err(|wrong| problems.push(FieldProblem::new("name", wrong.code()))).ok();
    let reach = reach(&given.reach).map_err(|more| problems.extend(more)).ok();
    problems.extend(fields::text_version("consent_text_version", &given.consent_text_version));
    let consents = fields::purposes(&given.consents);
    let entry_point =
        fields::entry_point(given.entry_point.as_deref()).map_err(|problem| problems.push(problem)).ok();
    let channel = ConsentChannel::of(&given.how);
    if let Err(code) = consent::holds(Standing::Helper, !consents.is_empty(), channel) {
        problems.push(FieldProblem::new("how", code));
    }
    if matches!((&given.how, &given.reach), (ConsentGiven::Code { .. }, AssistedReach::Letter { .. })) {
        problems.push(FieldProblem::new("how", "consent-code-needs-contact"));
    }
    let evidence = consent::evidence(&given.how, today).map_err(|more| problems.extend(more)).ok();
    let helper = introduction(&given.helper).map_err(|more| problems.extend(more)).ok();
    match (home, name, reach, entry_point, evidence, helper) {
        (Some(home), Some(name), Some((reach, way)), Some(entry_point), Some(evidence), Some(helper))
            if problems.is_empty() =>
        {
            let contact = match &reach {
                Reach::Contact { contact, .. } => Some(contact.normalised().to_owned()),
                Reach::Letter(_) => None,
            };
            let entry_point = fields::kept_entry_point(entry_point, &consents);
            let applicant = Applicant {
                home,
                name,
                contact,
                channel: way,
                language: given.language,
                consents,
                consent_text_version: given.consent_text_version.clone(),
                entry_point,
            };
            Ok(Checked { applicant, reach, channel, evidence, helper })
        }
        _ => Err(problems),
    }
}

fn reach(given: &AssistedReach) -> Result<(Reach, Channel), Vec<FieldProblem>> {
    match given {
        AssistedReach::Contact { contact, channel, shared } => {
            let contact = fields::contact(contact).map_err(|problem| vec![problem])?;
            contact.suits(*channel).map_err(|code| vec![FieldProblem::new("channel", code)])?;
            Ok((Reach::Contact { contact, shared: *shared }, *channel))
        }
        AssistedReach::Letter { street, postcode, town } => {
            let mut problems = Vec::new();
            let street = text::line(street, text::STREET)
                .map_err(|code| problems.push(FieldProblem::new("street", code)))
                .ok();
            let town = text::line(town, text::TOWN)
                .map_err(|code| problems.push(FieldProblem::new("town", code)))
                .ok();
            let postcode = postcode
                .parse::<Postcode>()
                .map_err(|wrong| fields::postcode_code(&wrong))
                .and_then(|postcode| {
                    postcode.letters().map(|_| postcode.as_text()).ok_or("postcode-needs-letters")
                })
                .map_err(|code| problems.push(FieldProblem::new("letter_postcode", code)))
                .ok();
            match (street, postcode, town) {
                // Nobody calls or mails her by herself; what comes, comes by a person.
                (Some(street), Some(postcode), Some(town)) => {
                    Ok((Reach::Letter(Letter { street, postcode, town }), Channel::Call))
                }
                _ => Err(problems),
            }
        }
    }
}

fn introduction(given: &HelperIntroduction) -> Result<HelperIntroduction, Vec<FieldProblem>> {
    let mut problems = Vec::new();
    let name = name::parse(&given.name)
        .map_err(|wrong| problems.push(FieldProblem::new("helper.name", wrong.code())))
        .ok();
    let organisation = text::line(&given.organisation, text::ORGANISATION)
        .map_err(|code| problems.push(FieldProblem::new("helper.organisation", code)))
        .ok();
    match (name, organisation) {
        (Some(name), Some(organisation)) => Ok(HelperIntroduction { name, organisation }),
        _ => Err(problems),
    }
}

#[cfg(test)]
mod tests {
    use proto::{Sealed, intake::Purpose, work::Language};

    use super::*;
    use crate::domain::fields::tests::{REFERENCE, TODAY, good_wishes};

    fn good() -> AssistedRegistration {
        AssistedRegistration {
            wishes: good_wishes(),
            name: "Samira".to_owned(),
            reach: AssistedReach::Contact {
                contact: "06 12 34 56 78".to_owned(),
                channel: Channel::Sms,
                shared: false,
            },
            consents: vec![Purpose::Adviser],
            consent_text_version: "2026-11".to_owned(),
            how: ConsentGiven::ReadAloud { record: "gesprek 12".to_owned() },
            entry_point: None,
            language: Language::Nl,
            helper: HelperIntroduction { name: "Fatma".to_owned(), organisation: "De Buurt".to_owned() },
        }
    }

    fn letter(street: &str, postcode: &str, town: &str) -> AssistedReach {
        AssistedReach::Letter {
            street: street.to_owned(),
            postcode: postcode.to_owned(),
            town: town.to_owned(),
        }
    }

    fn problems(change: impl FnOnce(&mut AssistedRegistration)) -> Vec<String> {
        let mut given = good();
        change(&mut given);
        let told = registration(&given, &REFERENCE, *TODAY).err().unwrap_or_default();
        told.into_iter().map(|problem| format!("{}: {}", problem.field, problem.code)).collect()
    }

    #[test]
    fn a_yes_needs_more_than_the_word_of_a_helper() {
        assert_eq!(problems(|_| ()), Vec::<String>::new());
        let own_word = |given: &mut AssistedRegistration| given.how = ConsentGiven::Herself;
        assert_eq!(problems(own_word), ["how: consent-needs-evidence"]);
        let nothing = |given: &mut AssistedRegistration| {
            given.how = ConsentGiven::Herself;
            given.consents = Vec::new();
        };
        assert_eq!(problems(nothing), Vec::<String>::new());
    }

    #[test]
    fn who_gets_letters_has_an_address_and_no_code() {
        let by_letter =
            |given: &mut AssistedRegistration| given.reach = letter("Kerkstraat 1", "1315rc", "Almere");
        assert_eq!(problems(by_letter), Vec::<String>::new());
        let mut given = good();
        by_letter(&mut given);
        let checked = registration(&given, &REFERENCE, *TODAY).ok().unwrap();
        assert!(matches!(&checked.reach, Reach::Letter(letter) if letter.postcode == "1315 RC"));
        assert_eq!(checked.applicant.contact, None);
        assert_eq!(
            problems(|given| given.reach = letter("", "1315", "x")),
            ["street: street-empty", "town: town-too-short", "letter_postcode: postcode-needs-letters"]
        );
        let by_code = |given: &mut AssistedRegistration| {
            by_letter(given);
            let challenge_id = proto::ChallengeId(uuid::Uuid::nil());
            given.how = ConsentGiven::Code { challenge_id, code: Sealed::from_base64(String::new()) };
        };
        assert_eq!(problems(by_code), ["how: consent-code-needs-contact"]);
    }

    #[test]
    fn everything_wrong_is_told_at_once() {
        let told = problems(|given| {
            given.name = String::new();
            given.reach = AssistedReach::Contact {
                contact: "bel mij".to_owned(),
                channel: Channel::Sms,
                shared: false,
            };
            given.helper = HelperIntroduction { name: String::new(), organisation: String::new() };
        });
        assert_eq!(
            told,
            [
                "name: name-empty",
                "contact: contact-malformed",
                "helper.name: name-empty",
                "helper.organisation: organisation-empty"
            ]
        );
    }
}
