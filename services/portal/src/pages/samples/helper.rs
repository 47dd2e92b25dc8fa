//! The pages of helpers and of taking over.

use askama::DynTemplate;
use chrono::NaiveDate;
use proto::intake::Purpose;
use proto::work::{Channel, Dayparts, Language};

use super::{groups, layout, visitor};
use crate::pages::helper::{
    DeskContact, DuplicateCard, DuplicatePerson, HelperCard, HelperCode, HelperConsent, HelperDuplicates,
    HelperPeople, HelperPerson, HelperRegister, HelperWishes, NotMeDone, NotMePage, PersonLine, SaidLine,
    TakeOverPage,
};
use crate::pages::profile::{EditSecondNumber, second_number_words};
use crate::pages::{FieldError, Layout, Reader, Role};
use crate::texts::Texts;

fn helper(t: Texts, path: &str) -> Layout {
    layout(t, Reader::Staff { name: "Noor Visser".to_owned(), roles: vec![Role::Helper] }, path)
}

fn day(text: &str) -> NaiveDate {
    text.parse().unwrap()
}

fn register(t: Texts) -> HelperRegister {
    HelperRegister {
        l: helper(t, "/hulp/aanmelden"),
        postcode: String::new(),
        groups: groups(false),
        others: HelperRegister::others(t, false, false),
        dayparts: HelperRegister::dayparts(t, Dayparts::default()),
        hours: HelperRegister::hours(t, None),
        name: String::new(),
        reaches: HelperRegister::reaches(t, ""),
        contact: String::new(),
        channels: HelperRegister::channels(t, None),
        street: String::new(),
        letter_postcode: String::new(),
        town: String::new(),
        languages: HelperRegister::languages(Language::Nl),
        consents: HelperRegister::consents(t, &[]),
        hows: HelperRegister::hows(t, ""),
        record: String::new(),
        kept_at: String::new(),
        signed_on: String::new(),
        entry_points: HelperRegister::entry_points(t, "library"),
    }
}

pub(super) fn add(t: Texts, add: &mut dyn FnMut(&'static str, &dyn DynTemplate)) {
    add("helper-register", &register(t));
    let errors = [("naam", "name-empty"), ("hoe", "how-missing"), ("getekend", "date-malformed")];
    let errors = errors.map(|(field, code)| (field.to_owned(), FieldError::new(code))).to_vec();
    add(
        "helper-register-wrong",
        &HelperRegister {
            l: Layout { errors, ..helper(t, "/hulp/aanmelden") },
            postcode: "1315".to_owned(),
            channels: HelperRegister::channels(t, Some(Channel::Sms)),
            reaches: HelperRegister::reaches(t, "eigen"),
            consents: HelperRegister::consents(t, &[Purpose::OpenFile]),
            hows: HelperRegister::hows(t, "papier"),
            ..register(t)
        },
    );
    let kept = "c2VhbGVk".to_owned();
    let code =
        HelperCode { l: helper(t, "/hulp/aanmelden/code"), name: "Samira".to_owned(), kept: kept.clone() };
    add("helper-code", &code);
    let card = HelperCard {
        l: helper(t, "/hulp/kaart"),
        name: "Samira".to_owned(),
        helper: "Noor Visser".to_owned(),
        organisation: "Bibliotheek Almere".to_owned(),
        take_over_code: Some("K7QM3XPT".to_owned()),
        letter: Some(["Dorpsstraat 1".to_owned(), "1315 RC".to_owned(), "Almere".to_owned()]),
        access_until: day("2026-12-06"),
        written_on: day("2026-11-22"),
        address: "https://dichterbij.example".to_owned(),
    };
    add("helper-card-letter", &card);
    add("helper-card", &HelperCard { take_over_code: None, letter: None, ..card });
    let line = |name: &str, took_over| PersonLine {
        href: "/hulp/mens/1".to_owned(),
        name: name.to_owned(),
        since: day("2026-11-22"),
        until: day("2026-12-06"),
        took_over,
    };
    let lines = vec![line("Samira", false), line("Jan", true)];
    add("helper-people", &HelperPeople { l: helper(t, "/hulp/mensen"), lines, duplicates: 1 });
    add(
        "helper-people-none",
        &HelperPeople { l: helper(t, "/hulp/mensen"), lines: Vec::new(), duplicates: 0 },
    );
    let person = HelperPerson {
        l: helper(t, "/hulp/mens/1"),
        href: "/hulp/mens/1".to_owned(),
        name: "Samira".to_owned(),
        postcode: "1315".to_owned(),
        tasks: vec!["ramen wassen".to_owned()],
        dayparts: String::new(),
        hours: String::new(),
        second: second_number_words(t, "06 87 65 43 21", "mijn zus"),
        contact_href: "/hulp/nieuw-nummer/1".to_owned(),
        paused: false,
        said: vec![SaidLine { words: t.get("consent-open-file"), given: true }],
    };
    add("helper-person", &person);
    add("helper-person-paused", &HelperPerson { paused: true, second: String::new(), ..person });
    let desk_contact = DeskContact {
        l: helper(t, "/hulp/nieuw-nummer/1"),
        action: "/hulp/nieuw-nummer/1".to_owned(),
        contact: String::new(),
        reasons: DeskContact::reasons(t, ""),
        kept: String::new(),
    };
    add("helper-new-contact", &desk_contact);
    add("helper-new-contact-code", &DeskContact { kept: "c2VhbGVk".to_owned(), ..desk_contact });
    add(
        "helper-second-number",
        &EditSecondNumber {
            l: helper(t, "/hulp/mens/1/tweede-nummer"),
            action: "/hulp/mens/1/tweede-nummer".to_owned(),
            back: "/hulp/mens/1".to_owned(),
            hers: false,
            is_given: true,
            number: "06 87 65 43 21".to_owned(),
            whose: "mijn zus".to_owned(),
        },
    );
    add(
        "helper-wishes",
        &HelperWishes {
            l: helper(t, "/hulp/mens/1/wensen"),
            href: "/hulp/mens/1".to_owned(),
            postcode: "1315".to_owned(),
            groups: groups(false),
            others: HelperWishes::others(t, true),
            dayparts: HelperWishes::dayparts(t, Dayparts::ALL),
            hours: HelperWishes::hours(t, Some("24-32")),
        },
    );
    add(
        "helper-consent",
        &HelperConsent {
            l: helper(t, "/hulp/mens/1/toestemming"),
            href: "/hulp/mens/1".to_owned(),
            name: "Samira".to_owned(),
            purposes: HelperConsent::purposes(t, "open_file", |purpose| purpose == Purpose::Adviser),
            answers: HelperConsent::answers(t, "ja"),
            hows: HelperConsent::hows(t, "papier"),
            record: String::new(),
            kept_at: "Map 3 aan de balie".to_owned(),
            signed_on: "2026-11-20".to_owned(),
        },
    );
    let side = |since: &str, with: Option<&str>| DuplicatePerson {
        name: "Samira".to_owned(),
        since: day(since),
        with_help_of: with.map(str::to_owned),
    };
    let duplicate = |undo_until| DuplicateCard {
        id: "duplicate_1".to_owned(),
        keep: side("2026-10-01", None),
        other: side("2026-11-20", Some("Bibliotheek Almere")),
        undo_until,
    };
    let cards = vec![duplicate(None), duplicate(Some(day("2026-12-20")))];
    add("helper-duplicates", &HelperDuplicates { l: helper(t, "/hulp/dubbel"), cards });
    add("helper-duplicates-none", &HelperDuplicates { l: helper(t, "/hulp/dubbel"), cards: Vec::new() });
    add(
        "take-over",
        &TakeOverPage {
            l: visitor(t, "/overnemen"),
            code: String::new(),
            choices: TakeOverPage::choices(t, ""),
            contact: String::new(),
        },
    );
    add("take-over-not-me", &NotMePage { l: visitor(t, "/overnemen"), kept });
    add("take-over-done", &NotMeDone { l: visitor(t, "/overnemen/niet-ik") });
}
