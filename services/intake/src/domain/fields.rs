//! The answers of a registration, checked all at once: every problem is told in one go.

use std::collections::BTreeSet;

use proto::{
    FieldProblem,
    intake::{Purpose, Registration, Wishes},
};
use reference::{Postcode, PostcodeError, Reference};

use super::{
    contact::Contact,
    name,
    person::{Applicant, Home},
};

/// Longest version of a consent text, e.g. `2026-11`.
const LONGEST_TEXT_VERSION: usize = 40;
/// Longest code of an entry point, e.g. `sports_club`.
const LONGEST_ENTRY_POINT: usize = 40;
/// Furthest anyone may say to travel, in kilometres.
const FURTHEST_KM: u8 = 100;

/// A registration that holds, and the contact to send the code to.
pub struct Checked {
    /// What was answered, in one spelling.
    pub applicant: Applicant,
    /// How to reach her.
    pub contact: Contact,
}

/// Checks the five answers.
pub fn registration(given: &Registration, reference: &Reference) -> Result<Checked, Vec<FieldProblem>> {
    let mut problems = Vec::new();
    let home = home(&given.wishes, reference).map_err(|more| problems.extend(more)).ok();
    let name =
        name::parse(&given.name).map_err(|wrong| problems.push(FieldProblem::new("name", wrong.code()))).ok();
    let contact = contact(&given.contact).map_err(|problem| problems.push(problem)).ok();
    if let Some(code) = contact.as_ref().and_then(|contact| contact.suits(given.channel).err()) {
        problems.push(FieldProblem::new("channel", code));
    }
    problems.extend(text_version("consent_text_version", &given.consent_text_version));
    let entry_point = given.entry_point.as_deref().map(str::trim).filter(|code| !code.is_empty());
    if entry_point.is_some_and(|code| !is_entry_point(code)) {
        problems.push(FieldProblem::new("entry_point", "entry-point-malformed"));
    }
    let consents: BTreeSet<Purpose> = given.consents.iter().copied().collect();
    // Kept only with consent for figures; without it, it was never told.
    let entry_point = entry_point.filter(|_| consents.contains(&Purpose::Figures)).map(str::to_owned);
    match (home, name, contact) {
        (Some(home), Some(name), Some(contact)) if problems.is_empty() => Ok(Checked {
            applicant: Applicant {
                home,
                name,
                contact: contact.normalised().to_owned(),
                channel: given.channel,
                language: given.language,
                consents: consents.into_iter().collect(),
                consent_text_version: given.consent_text_version.clone(),
                entry_point,
            },
            contact,
        }),
        _ => Err(problems),
    }
}

/// Checks a contact on its own.
pub fn contact(typed: &str) -> Result<Contact, FieldProblem> {
    Contact::parse(typed).map_err(|wrong| FieldProblem::new("contact", wrong.code()))
}

/// Checks what someone wants and can, and finds about where she lives.
pub fn home(given: &Wishes, reference: &Reference) -> Result<Home, Vec<FieldProblem>> {
    let mut problems = Vec::new();
    let postcode = match given.postcode.parse::<Postcode>() {
        Ok(postcode) => Some(postcode),
        Err(wrong) => {
            let code = match wrong {
                PostcodeError::Empty => "postcode-empty",
                PostcodeError::Malformed => "postcode-malformed",
                PostcodeError::StartsWithZero | PostcodeError::LettersNotIssued => "postcode-unknown",
            };
            problems.push(FieldProblem::new("postcode", code));
            None
        }
    };
    let place = postcode.and_then(|postcode| reference.places.locate(&postcode));
    if postcode.is_some() && place.is_none() {
        problems.push(FieldProblem::new("postcode", "postcode-unknown"));
    }
    let tasks: BTreeSet<_> = given.tasks.iter().cloned().collect();
    if tasks.iter().any(|task| reference.tasks.task(&task.0).is_none()) {
        // Without the code: it is a text from outside.
        problems.push(FieldProblem::new("tasks", "task-unknown"));
    }
    if given.hours.is_some_and(|hours| !hours.is_sound()) {
        problems.push(FieldProblem::new("hours", "hours-unsound"));
    }
    if given.travel.is_some_and(|travel| !(1..=FURTHEST_KM).contains(&travel.max_km)) {
        problems.push(FieldProblem::new("travel", "travel-unsound"));
    }
    match (postcode, place) {
        (Some(postcode), Some(place)) if problems.is_empty() => Ok(Home {
            wishes: Wishes {
                postcode: postcode.as_text(),
                tasks: tasks.into_iter().collect(),
                ..given.clone()
            },
            area: place.area(),
        }),
        _ => Err(problems),
    }
}

/// Checks the version of a consent text: a short code, not a text.
pub fn text_version(field: &str, version: &str) -> Option<FieldProblem> {
    let sound = (1..=LONGEST_TEXT_VERSION).contains(&version.len())
        && version.bytes().all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'.' | b'-' | b'_'));
    (!sound).then(|| FieldProblem::new(field, "text-version-malformed"))
}

/// An entry point is published, so it is a code in letters: no number or name fits in by accident.
fn is_entry_point(code: &str) -> bool {
    code.len() <= LONGEST_ENTRY_POINT && code.bytes().all(|byte| byte.is_ascii_lowercase() || byte == b'_')
}

#[cfg(test)]
mod tests {
    use std::sync::LazyLock;

    use proto::work::{Channel, Dayparts, Hours, Language, Means, TaskCode, Travel};

    use super::*;

    /// Read once: the tables take a while in a debug build.
    static REFERENCE: LazyLock<Reference> = LazyLock::new(Reference::small);

    fn good() -> Registration {
        Registration {
            wishes: Wishes {
                postcode: "1315rc".to_owned(),
                tasks: vec![TaskCode(REFERENCE.tasks.tasks()[0].code.clone())],
                any_task: false,
                dayparts: Dayparts::ALL,
                hours: Some(Hours { min: 12, max: 24 }),
                travel: Some(Travel { means: Means::Bicycle, max_km: 10 }),
            },
            name: " Samira ".to_owned(),
            contact: "06 12 34 56 78".to_owned(),
            channel: Channel::Call,
            consents: vec![Purpose::Figures, Purpose::OpenFile, Purpose::Figures],
            consent_text_version: "2026-11".to_owned(),
            entry_point: Some("library".to_owned()),
            language: Language::Nl,
        }
    }

    fn problems(change: impl FnOnce(&mut Registration)) -> Vec<String> {
        let mut given = good();
        change(&mut given);
        let told = registration(&given, &REFERENCE).err().unwrap_or_default();
        told.into_iter().map(|problem| format!("{}: {}", problem.field, problem.code)).collect()
    }

    #[test]
    fn a_good_registration_is_kept_in_one_spelling() {
        let checked = registration(&good(), &REFERENCE).ok().unwrap();
        let applicant = checked.applicant;
        assert_eq!(applicant.home.wishes.postcode, "1315 RC");
        assert_eq!(applicant.home.area.region, "AM11");
        assert_eq!((applicant.name.as_str(), applicant.contact.as_str()), ("Samira", "+31612345678"));
        assert_eq!(applicant.consents, [Purpose::OpenFile, Purpose::Figures]);
        assert_eq!(applicant.entry_point.as_deref(), Some("library"));
    }

    #[test]
    fn an_entry_point_without_consent_for_figures_was_never_told() {
        let given = Registration { consents: vec![Purpose::Adviser], ..good() };
        assert_eq!(registration(&given, &REFERENCE).ok().unwrap().applicant.entry_point, None);
    }

    #[test]
    fn almost_everything_may_be_left_open() {
        let given = |given: &mut Registration| {
            given.wishes.tasks = Vec::new();
            given.wishes.dayparts = Dayparts::default();
            given.wishes.hours = None;
            given.wishes.travel = None;
            given.consents = Vec::new();
            given.entry_point = None;
        };
        assert_eq!(problems(given), Vec::<String>::new());
    }

    #[test]
    fn each_wrong_answer_has_its_code() {
        let hours = |min, max| move |given: &mut Registration| given.wishes.hours = Some(Hours { min, max });
        let travel = |max_km| {
            move |given: &mut Registration| given.wishes.travel = Some(Travel { means: Means::Car, max_km })
        };
        let postcode =
            |text: &'static str| move |given: &mut Registration| given.wishes.postcode = text.into();
        let name = |text: &'static str| move |given: &mut Registration| given.name = text.into();
        let reach = |text: &'static str, channel| {
            move |given: &mut Registration| (given.contact, given.channel) = (text.into(), channel)
        };
        let entry =
            |text: &'static str| move |given: &mut Registration| given.entry_point = Some(text.into());
        let version =
            |text: &'static str| move |given: &mut Registration| given.consent_text_version = text.into();
        for (told, expected) in [
            (problems(postcode("")), "postcode: postcode-empty"),
            (problems(postcode("13150")), "postcode: postcode-malformed"),
            (problems(postcode("0315")), "postcode: postcode-unknown"),
            (problems(postcode("1310")), "postcode: postcode-unknown"),
            (problems(postcode("1315 SS")), "postcode: postcode-unknown"),
            (problems(|given| given.wishes.tasks.push("vliegen.raket".into())), "tasks: task-unknown"),
            (problems(hours(0, 12)), "hours: hours-unsound"),
            (problems(hours(24, 12)), "hours: hours-unsound"),
            (problems(hours(24, 49)), "hours: hours-unsound"),
            (problems(travel(0)), "travel: travel-unsound"),
            (problems(travel(101)), "travel: travel-unsound"),
            (problems(name(" ")), "name: name-empty"),
            (problems(name("111.222.333")), "name: looks-like-bsn"),
            (problems(reach("", Channel::Sms)), "contact: contact-empty"),
            (problems(reach("bel mij", Channel::Sms)), "contact: contact-malformed"),
            (problems(reach("061234", Channel::Sms)), "contact: phone-too-short"),
            (problems(reach("06123456789", Channel::Sms)), "contact: phone-too-long"),
            (problems(reach("a@b", Channel::Email)), "contact: email-malformed"),
            (problems(reach("a@example.nl", Channel::Sms)), "channel: channel-needs-phone"),
            (problems(reach("0612345678", Channel::Email)), "channel: channel-needs-email"),
            (problems(entry("Buurman Jan 06")), "entry_point: entry-point-malformed"),
            (problems(version("")), "consent_text_version: text-version-malformed"),
            (problems(version("de tekst van toen")), "consent_text_version: text-version-malformed"),
        ] {
            assert_eq!(told, [expected]);
        }
        assert_eq!(problems(|given| given.name = "x".repeat(61)), ["name: name-too-long"]);
        assert_eq!(problems(|given| given.name = "a\u{7}b".into()), ["name: name-malformed"]);
    }

    #[test]
    fn everything_wrong_is_told_at_once() {
        let told = problems(|given| {
            given.wishes.postcode = "x".to_owned();
            given.wishes.hours = Some(Hours { min: 40, max: 8 });
            given.name = String::new();
            given.contact = String::new();
        });
        assert_eq!(
            told,
            [
                "postcode: postcode-malformed",
                "hours: hours-unsound",
                "name: name-empty",
                "contact: contact-empty"
            ]
        );
    }
}
