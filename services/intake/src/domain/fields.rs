//! The answers of a registration, checked all at once: every problem is told in one go.

use std::collections::BTreeSet;

use chrono::{Days, NaiveDate};
use proto::{
    FieldProblem,
    intake::{Need, Purpose, Registration, ToldIdentity, Wishes},
    work::Spoken,
};
use reference::{Postcode, PostcodeError, Reference};

use super::{
    contact::Contact,
    name,
    person::{Applicant, Home},
    text,
};

/// Longest version of a consent text, e.g. `2026-11`.
const LONGEST_TEXT_VERSION: usize = 40;
/// Longest code of an entry point, e.g. `sports_club`.
const LONGEST_ENTRY_POINT: usize = 40;
/// Furthest anyone may say to travel, in kilometres.
const FURTHEST_KM: u8 = 100;
/// Most languages of one person.
const MOST_LANGUAGES: usize = 8;
/// How many days ahead anyone may say to begin.
const FURTHEST_DAYS: u64 = 366;

/// A registration that holds, and the contact to send the code to.
pub struct Checked {
    /// What was answered, in one spelling.
    pub applicant: Applicant,
    /// How to reach her.
    pub contact: Contact,
}

/// Checks the five answers.
pub fn registration(
    given: &Registration,
    reference: &Reference,
    today: NaiveDate,
) -> Result<Checked, Vec<FieldProblem>> {
    let mut problems = Vec::new();
    let home = home(&given.wishes, reference, today, None).map_err(|more| problems.extend(more)).ok();
    let name =
        name::parse(&given.name).map_err(|wrong| problems.push(FieldProblem::new("name", wrong.code()))).ok();
    let contact = contact(&given.contact).map_err(|problem| problems.push(problem)).ok();
    if let Some(code) = contact.as_ref().and_then(|contact| contact.suits(given.channel).err()) {
        problems.push(FieldProblem::new("channel", code));
    }
    problems.extend(text_version("consent_text_version", &given.consent_text_version));
    let entry_point =
        entry_point(given.entry_point.as_deref()).map_err(|problem| problems.push(problem)).ok();
    let consents = purposes(&given.consents);
    match (home, name, contact, entry_point) {
        (Some(home), Some(name), Some(contact), Some(entry_point)) if problems.is_empty() => Ok(Checked {
            applicant: Applicant {
                home,
                name,
                contact: Some(contact.normalised().to_owned()),
                channel: given.channel,
                language: given.language,
                entry_point: kept_entry_point(entry_point, &consents),
                consents,
                consent_text_version: given.consent_text_version.clone(),
            },
            contact,
        }),
        _ => Err(problems),
    }
}

/// The purposes that were ticked, each once, in the order of the form.
pub fn purposes(ticked: &[Purpose]) -> Vec<Purpose> {
    ticked.iter().copied().collect::<BTreeSet<_>>().into_iter().collect()
}

/// Checks where someone came in; empty means not told.
pub fn entry_point(typed: Option<&str>) -> Result<Option<String>, FieldProblem> {
    let code = typed.map(str::trim).filter(|code| !code.is_empty());
    if code.is_some_and(|code| !is_entry_point(code)) {
        return Err(FieldProblem::new("entry_point", "entry-point-malformed"));
    }
    Ok(code.map(str::to_owned))
}

/// Kept only with consent for figures; without it, it was never told.
pub fn kept_entry_point(told: Option<String>, consents: &[Purpose]) -> Option<String> {
    told.filter(|_| consents.contains(&Purpose::Figures))
}

/// The code of a postcode that is none.
pub fn postcode_code(wrong: &PostcodeError) -> &'static str {
    match wrong {
        PostcodeError::Empty => "postcode-empty",
        PostcodeError::Malformed => "postcode-malformed",
        PostcodeError::StartsWithZero | PostcodeError::LettersNotIssued => "postcode-unknown",
    }
}

/// Her needs, each once, in the order of the form.
pub fn needs(given: &[Need]) -> Vec<Need> {
    given.iter().copied().collect::<BTreeSet<_>>().into_iter().collect()
}

/// Checks name and channel; someone who gets letters has no contact that the channel must suit.
pub fn identity(given: &ToldIdentity, contact: Option<&Contact>) -> Result<String, Vec<FieldProblem>> {
    let mut problems = Vec::new();
    let name =
        name::parse(&given.name).map_err(|wrong| problems.push(FieldProblem::new("name", wrong.code()))).ok();
    if let Some(code) = contact.and_then(|contact| contact.suits(given.channel).err()) {
        problems.push(FieldProblem::new("channel", code));
    }
    match name {
        Some(name) if problems.is_empty() => Ok(name),
        _ => Err(problems),
    }
}

/// Checks a contact on its own.
pub fn contact(typed: &str) -> Result<Contact, FieldProblem> {
    Contact::parse(typed).map_err(|wrong| FieldProblem::new("contact", wrong.code()))
}

/// Checks what someone wants and can, and finds about where she lives. `before` is the day that she
/// told last time: it may have passed meanwhile and still stand in the form.
pub fn home(
    given: &Wishes,
    reference: &Reference,
    today: NaiveDate,
    before: Option<NaiveDate>,
) -> Result<Home, Vec<FieldProblem>> {
    let mut problems = Vec::new();
    let mut wrong = |field: &str, code: &str| problems.push(FieldProblem::new(field, code));
    let postcode =
        given.postcode.parse::<Postcode>().map_err(|error| wrong("postcode", postcode_code(&error))).ok();
    let place = postcode.and_then(|postcode| reference.places.locate(&postcode));
    if postcode.is_some() && place.is_none() {
        wrong("postcode", "postcode-unknown");
    }
    let tasks: BTreeSet<_> = given.tasks.iter().cloned().collect();
    if tasks.iter().any(|task| reference.tasks.task(&task.0).is_none()) {
        // Without the code: it is a text from outside.
        wrong("tasks", "task-unknown");
    }
    if given.hours.is_some_and(|hours| !hours.is_sound()) {
        wrong("hours", "hours-unsound");
    }
    if given.travel.is_some_and(|travel| !(1..=FURTHEST_KM).contains(&travel.max_km)) {
        wrong("travel", "travel-unsound");
    }
    if let Some(day) = given.available_from.filter(|day| Some(*day) != before) {
        if day < today {
            wrong("available_from", "date-past");
        } else if day > today + Days::new(FURTHEST_DAYS) {
            wrong("available_from", "date-too-far");
        }
    }
    if let Some(code) = languages_problem(&given.languages) {
        wrong("languages", code);
    }
    if !given.shown_support.iter().all(|kind| kind.shown_on_profiles()) {
        wrong("shown_support", "support-not-shown");
    }
    let remark = text::remark(&given.remark).map_err(|code| wrong("remark", code)).ok();
    match (postcode, place, remark) {
        (Some(postcode), Some(place), Some(remark)) if problems.is_empty() => Ok(Home {
            wishes: Wishes {
                postcode: postcode.as_text(),
                tasks: tasks.into_iter().collect(),
                licences: each_once(&given.licences),
                cannot: each_once(&given.cannot),
                shown_support: each_once(&given.shown_support),
                remark,
                ..given.clone()
            },
            area: place.area(),
        }),
        _ => Err(problems),
    }
}

fn each_once<T: Copy + Ord>(given: &[T]) -> Vec<T> {
    given.iter().copied().collect::<BTreeSet<_>>().into_iter().collect()
}

/// Languages stay in the order in which she told them: the first is often the one she speaks best.
fn languages_problem(given: &[Spoken]) -> Option<&'static str> {
    let different: BTreeSet<_> = given.iter().map(|spoken| &spoken.language).collect();
    if given.len() > MOST_LANGUAGES {
        Some("languages-too-many")
    } else if different.len() < given.len() {
        Some("language-twice")
    } else if given.iter().any(|spoken| reference::languages::language(&spoken.language).is_none()) {
        Some("language-unknown")
    } else {
        None
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
pub(crate) mod tests {
    use std::sync::LazyLock;

    use proto::{
        intake::Cannot,
        work::{
            Channel, Dayparts, Hours, Language, LanguageLevel, Licence, Means, Support, TaskCode, Travel,
        },
    };

    use super::*;

    /// Read once: the tables take a while in a debug build.
    pub(crate) static REFERENCE: LazyLock<Reference> = LazyLock::new(Reference::small);
    pub(crate) static TODAY: LazyLock<NaiveDate> =
        LazyLock::new(|| NaiveDate::from_ymd_opt(2026, 12, 7).unwrap());

    pub(crate) fn good_wishes() -> Wishes {
        Wishes {
            postcode: "1315rc".to_owned(),
            tasks: vec![TaskCode(REFERENCE.tasks.tasks()[0].code.clone())],
            any_task: false,
            dayparts: Dayparts::ALL,
            hours: Some(Hours { min: 12, max: 24 }),
            travel: Some(Travel { means: Means::Bicycle, max_km: 10 }),
            days: [1, 3].into_iter().collect(),
            available_from: None,
            languages: vec![spoken("nld"), spoken("ara")],
            licences: vec![Licence::Forklift, Licence::B, Licence::B],
            cannot: vec![Cannot::Cold],
            shown_support: vec![Support::Transport, Support::Buddy],
            remark: String::new(),
        }
    }

    fn spoken(language: &str) -> Spoken {
        Spoken { language: language.to_owned(), level: LanguageLevel::Simple }
    }

    fn good() -> Registration {
        Registration {
            wishes: good_wishes(),
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
        let told = registration(&given, &REFERENCE, *TODAY).err().unwrap_or_default();
        told.into_iter().map(|problem| format!("{}: {}", problem.field, problem.code)).collect()
    }

    #[test]
    fn a_good_registration_is_kept_in_one_spelling() {
        let checked = registration(&good(), &REFERENCE, *TODAY).ok().unwrap();
        let applicant = checked.applicant;
        assert_eq!(applicant.home.wishes.postcode, "1315 RC");
        assert_eq!(applicant.home.area.region, "AM11");
        assert_eq!((applicant.name.as_str(), applicant.contact.as_deref()), ("Samira", Some("+31612345678")));
        assert_eq!(applicant.home.wishes.licences, [Licence::B, Licence::Forklift]);
        assert_eq!(applicant.consents, [Purpose::OpenFile, Purpose::Figures]);
        assert_eq!(applicant.entry_point.as_deref(), Some("library"));
    }

    #[test]
    fn an_entry_point_without_consent_for_figures_was_never_told() {
        let given = Registration { consents: vec![Purpose::Adviser], ..good() };
        assert_eq!(registration(&given, &REFERENCE, *TODAY).ok().unwrap().applicant.entry_point, None);
    }

    #[test]
    fn almost_everything_may_be_left_open() {
        let given = |given: &mut Registration| {
            given.wishes.tasks = Vec::new();
            given.wishes.dayparts = Dayparts::default();
            given.wishes.hours = None;
            given.wishes.travel = None;
            given.wishes.days = proto::work::Days::default();
            given.wishes.languages = Vec::new();
            given.wishes.licences = Vec::new();
            given.wishes.cannot = Vec::new();
            given.wishes.shown_support = Vec::new();
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
    fn the_rest_of_the_profile_is_checked_too() {
        let from = |day: NaiveDate| move |given: &mut Registration| given.wishes.available_from = Some(day);
        let languages = |codes: &'static [&'static str]| {
            move |given: &mut Registration| {
                given.wishes.languages = codes.iter().map(|code| spoken(code)).collect();
            }
        };
        let remark = |text: String| move |given: &mut Registration| given.wishes.remark = text;
        let nine = &["nld", "eng", "ara", "tur", "pol", "ukr", "tir", "spa", "fra"];
        for (told, expected) in [
            (problems(from(*TODAY - Days::new(1))), "available_from: date-past"),
            (problems(from(*TODAY + Days::new(367))), "available_from: date-too-far"),
            (problems(languages(nine)), "languages: languages-too-many"),
            (problems(languages(&["nld", "nld"])), "languages: language-twice"),
            (problems(languages(&["nl"])), "languages: language-unknown"),
            (
                problems(|given| given.wishes.shown_support.push(Support::QuietPlace)),
                "shown_support: support-not-shown",
            ),
            (problems(remark("é".repeat(501))), "remark: remark-too-long"),
            (problems(remark("mijn nummer: 1112.22.333".to_owned())), "remark: looks-like-bsn"),
        ] {
            assert_eq!(told, [expected]);
        }
        assert_eq!(problems(from(*TODAY)), Vec::<String>::new());
        assert_eq!(problems(from(*TODAY + Days::new(366))), Vec::<String>::new());
    }

    #[test]
    fn a_day_that_passed_may_stay_in_the_form() {
        let passed = *TODAY - Days::new(30);
        let given = Wishes { available_from: Some(passed), ..good_wishes() };
        assert!(home(&given, &REFERENCE, *TODAY, Some(passed)).is_ok());
        assert!(home(&given, &REFERENCE, *TODAY, Some(*TODAY)).is_err());
    }

    #[test]
    fn needs_stand_once_in_the_order_of_the_form() {
        assert_eq!(needs(&[Need::Seat, Need::JobCoach, Need::Seat]), [Need::JobCoach, Need::Seat]);
    }

    #[test]
    fn a_name_and_channel_are_checked_together() {
        let phone = Contact::parse("0612345678").unwrap();
        let told =
            |name: &str, channel| ToldIdentity { name: name.to_owned(), channel, language: Language::Nl };
        assert_eq!(identity(&told(" Sam ", Channel::Call), Some(&phone)).as_deref(), Ok("Sam"));
        assert!(identity(&told("Sam", Channel::Email), None).is_ok());
        let codes = identity(&told("", Channel::Email), Some(&phone)).unwrap_err();
        assert_eq!(
            codes.iter().map(|code| code.code.as_str()).collect::<Vec<_>>(),
            ["name-empty", "channel-needs-email"]
        );
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
