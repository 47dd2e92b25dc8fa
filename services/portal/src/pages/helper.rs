//! The pages of helpers: registering someone together with her, the card she takes home, and the people they
//! may still help.

use askama::Template;
use chrono::NaiveDate;
use proto::intake::{ContactReason, Purpose};
use proto::work::{Channel, Dayparts, Language};

use crate::pages::profile::{ENTRY_POINTS, entry_point_name};
use crate::pages::register::{
    RegisterTasks, TaskGroup, channel_choices, consent_choices, consent_sentence, daypart_choices,
    hours_choices,
};
use crate::pages::{Choice, Layout};
use crate::texts::{Language as Texted, Texts};

/// `/hulp/aanmelden`: the five questions on one page, in the order of reading aloud.
#[derive(Debug, Clone, Template)]
#[template(path = "helper_register.html")]
pub struct HelperRegister {
    /// What every page shares.
    pub l: Layout,
    /// Field `postcode`.
    pub postcode: String,
    /// Fields `groep` and `taak`. Errors belong to the field `taken`.
    pub groups: Vec<TaskGroup>,
    /// Field `keuze`.
    pub others: Vec<Choice>,
    /// Field `dagdeel`.
    pub dayparts: Vec<Choice>,
    /// Field `uren`.
    pub hours: Vec<Choice>,
    /// Field `naam`.
    pub name: String,
    /// Field `bereik`.
    pub reaches: Vec<Choice>,
    /// Field `contact`.
    pub contact: String,
    /// Field `kanaal`.
    pub channels: Vec<Choice>,
    /// Field `straat`.
    pub street: String,
    /// Field `brief-postcode`.
    pub letter_postcode: String,
    /// Field `plaats`.
    pub town: String,
    /// Field `taal`.
    pub languages: Vec<Choice>,
    /// Field `toestemming`.
    pub consents: Vec<Choice>,
    /// Field `hoe`.
    pub hows: Vec<Choice>,
    /// Field `verslag`.
    pub record: String,
    /// Field `bewaard`.
    pub kept_at: String,
    /// Field `getekend`.
    pub signed_on: String,
    /// Field `vindplaats`.
    pub entry_points: Vec<Choice>,
}

fn hows(t: Texts, chosen: &str, with_code: bool) -> Vec<Choice> {
    let all = [
        ("code", "helper-how-code", "helper-how-code-hint"),
        ("voorgelezen", "helper-how-read", "helper-how-read-hint"),
        ("papier", "helper-how-paper", "helper-how-paper-hint"),
    ];
    all.into_iter()
        .filter(|(value, ..)| with_code || *value != "code")
        .map(|(value, words, hint)| Choice::new(value, t.get(words), chosen == value).hint(t.get(hint)))
        .collect()
}

impl HelperRegister {
    /// The two answers that are no task.
    pub fn others(t: Texts, any: bool, unknown: bool) -> Vec<Choice> {
        RegisterTasks::others(t, any, unknown)
    }

    /// The parts of the day.
    pub fn dayparts(t: Texts, chosen: Dayparts) -> Vec<Choice> {
        daypart_choices(t, chosen)
    }

    /// Hours a week.
    pub fn hours(t: Texts, chosen: Option<&str>) -> Vec<Choice> {
        hours_choices(t, chosen)
    }

    /// How she can be reached.
    pub fn reaches(t: Texts, chosen: &str) -> Vec<Choice> {
        [
            ("eigen", "helper-reach-own", "helper-reach-own-hint"),
            ("gedeeld", "helper-reach-shared", "helper-reach-shared-hint"),
            ("brief", "helper-reach-letter", "helper-reach-letter-hint"),
        ]
        .into_iter()
        .map(|(value, words, hint)| Choice::new(value, t.get(words), chosen == value).hint(t.get(hint)))
        .collect()
    }

    /// What she likes best.
    pub fn channels(t: Texts, chosen: Option<Channel>) -> Vec<Choice> {
        channel_choices(t, chosen)
    }

    /// The languages of messages.
    pub fn languages(chosen: Language) -> Vec<Choice> {
        Texted::ALL
            .into_iter()
            .map(|language| {
                Choice::new(language.code(), language.own_name().to_owned(), language.code() == chosen.tag())
            })
            .collect()
    }

    /// The sentences to read aloud; unticked unless she said yes.
    pub fn consents(t: Texts, given: &[Purpose]) -> Vec<Choice> {
        consent_choices(t, given)
    }

    /// How she said yes.
    pub fn hows(t: Texts, chosen: &str) -> Vec<Choice> {
        hows(t, chosen, true)
    }

    /// Where people come in.
    pub fn entry_points(t: Texts, chosen: &str) -> Vec<Choice> {
        ENTRY_POINTS
            .iter()
            .map(|(code, _)| Choice::new(code, entry_point_name(t, code), *code == chosen))
            .collect()
    }
}

/// The code that she reads out from her own telephone.
#[derive(Debug, Clone, Template)]
#[template(path = "helper_code.html")]
pub struct HelperCode {
    /// What every page shares.
    pub l: Layout,
    /// Her name.
    pub name: String,
    /// The form so far, sealed: field `formulier`.
    pub kept: String,
}

/// `/hulp/kaart`: to print, or to read aloud.
#[derive(Debug, Clone, Template)]
#[template(path = "helper_card.html")]
pub struct HelperCard {
    /// What every page shares.
    pub l: Layout,
    /// Her name.
    pub name: String,
    /// Who helped.
    pub helper: String,
    /// For which organisation.
    pub organisation: String,
    /// The code to take over, for who gets a letter.
    pub take_over_code: Option<String>,
    /// Street, postcode and town, for who gets a letter.
    pub letter: Option<[String; 3]>,
    /// Until when the helper may change her wishes.
    pub access_until: NaiveDate,
    /// Today.
    pub written_on: NaiveDate,
    /// The address of the site.
    pub address: String,
}

impl HelperCard {
    /// The code in groups of four, so that it can be read aloud and typed.
    pub fn code_in_groups(&self) -> Option<String> {
        let code = self.take_over_code.as_ref()?;
        let letters: Vec<char> = code.chars().filter(|c| c.is_alphanumeric()).collect();
        Some(letters.chunks(4).map(|group| group.iter().collect::<String>()).collect::<Vec<_>>().join("-"))
    }
}

/// Someone in the list.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PersonLine {
    /// Her page.
    pub href: String,
    /// Her name.
    pub name: String,
    /// Since when.
    pub since: NaiveDate,
    /// Until when.
    pub until: NaiveDate,
    /// Whether she signed in herself since.
    pub took_over: bool,
}

/// `/hulp/mensen`
#[derive(Debug, Clone, Template)]
#[template(path = "helper_people.html")]
pub struct HelperPeople {
    /// What every page shares.
    pub l: Layout,
    /// The newest first.
    pub lines: Vec<PersonLine>,
    /// How many suggestions wait that two records are one person.
    pub duplicates: usize,
}

/// One yes or no.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SaidLine {
    /// The sentence.
    pub words: String,
    /// Yes or no.
    pub given: bool,
}

/// `/hulp/mens/{id}`. Posts `doe`: `pauze` or `verder`.
#[derive(Debug, Clone, Template)]
#[template(path = "helper_person.html")]
pub struct HelperPerson {
    /// What every page shares.
    pub l: Layout,
    /// Its address.
    pub href: String,
    /// Her name.
    pub name: String,
    /// Her postcode.
    pub postcode: String,
    /// What she likes, in words.
    pub tasks: Vec<String>,
    /// When, in words.
    pub dayparts: String,
    /// Hours, in words; empty if not told.
    pub hours: String,
    /// Her second number, in words; empty if she gave none.
    pub second: String,
    /// Where she gets another number or address.
    pub contact_href: String,
    /// Whether she takes no part now.
    pub paused: bool,
    /// Her yes and no.
    pub said: Vec<SaidLine>,
}

impl HelperPerson {
    /// The words, or that it was not told yet.
    pub fn or_not_told(&self, words: &str) -> String {
        if words.is_empty() { self.l.t.get("details-not-told") } else { words.to_owned() }
    }
}

/// `/hulp/nieuw-nummer/{id}`. Fields `contact` and `reden`; then `code`.
#[derive(Debug, Clone, Template)]
#[template(path = "desk_contact.html")]
pub struct DeskContact {
    /// What every page shares.
    pub l: Layout,
    /// Its address.
    pub action: String,
    /// As typed.
    pub contact: String,
    /// Why.
    pub reasons: Vec<Choice>,
    /// Which code is waited for, sealed by the portal to itself; empty before it was sent.
    pub kept: String,
}

impl DeskContact {
    /// The reasons to choose from.
    pub fn reasons(t: Texts, chosen: &str) -> Vec<Choice> {
        let words = |reason: ContactReason| match reason {
            ContactReason::PhoneLost => "desk-contact-phone-lost",
            ContactReason::OldEnded => "desk-contact-old-ended",
            ContactReason::Miswritten => "desk-contact-miswritten",
        };
        let choice = |reason: &ContactReason| {
            Choice::new(reason.name(), t.get(words(*reason)), reason.name() == chosen)
        };
        ContactReason::ALL.iter().map(choice).collect()
    }
}

/// `/hulp/mens/{id}/wensen`: where, what and when on one page.
#[derive(Debug, Clone, Template)]
#[template(path = "helper_wishes.html")]
pub struct HelperWishes {
    /// What every page shares.
    pub l: Layout,
    /// Her page.
    pub href: String,
    /// Field `postcode`.
    pub postcode: String,
    /// Fields `groep` and `taak`.
    pub groups: Vec<TaskGroup>,
    /// Field `keuze`.
    pub others: Vec<Choice>,
    /// Field `dagdeel`.
    pub dayparts: Vec<Choice>,
    /// Field `uren`.
    pub hours: Vec<Choice>,
}

impl HelperWishes {
    /// The two answers that are no task.
    pub fn others(t: Texts, any: bool) -> Vec<Choice> {
        RegisterTasks::others(t, any, false)
    }

    /// The parts of the day.
    pub fn dayparts(t: Texts, chosen: Dayparts) -> Vec<Choice> {
        daypart_choices(t, chosen)
    }

    /// Hours a week.
    pub fn hours(t: Texts, chosen: Option<&str>) -> Vec<Choice> {
        hours_choices(t, chosen)
    }
}

/// `/hulp/mens/{id}/toestemming`: passing on a yes or a no.
#[derive(Debug, Clone, Template)]
#[template(path = "helper_consent.html")]
pub struct HelperConsent {
    /// What every page shares.
    pub l: Layout,
    /// Her page.
    pub href: String,
    /// Her name.
    pub name: String,
    /// Field `doel`.
    pub purposes: Vec<Choice>,
    /// Field `geef`.
    pub answers: Vec<Choice>,
    /// Field `hoe`; only for a yes.
    pub hows: Vec<Choice>,
    /// Field `verslag`.
    pub record: String,
    /// Field `bewaard`.
    pub kept_at: String,
    /// Field `getekend`.
    pub signed_on: String,
}

impl HelperConsent {
    /// The purposes, each with what she says now.
    pub fn purposes(t: Texts, chosen: &str, given: impl Fn(Purpose) -> bool) -> Vec<Choice> {
        Purpose::ALL
            .iter()
            .map(|&purpose| {
                let now = t.get(if given(purpose) { "helper-now-yes" } else { "helper-now-no" });
                Choice::new(purpose.name(), consent_sentence(t, purpose), chosen == purpose.name()).hint(now)
            })
            .collect()
    }

    /// Yes or no.
    pub fn answers(t: Texts, chosen: &str) -> Vec<Choice> {
        [("ja", "helper-answer-yes"), ("nee", "helper-answer-no")]
            .into_iter()
            .map(|(value, words)| Choice::new(value, t.get(words), chosen == value))
            .collect()
    }

    /// How she said yes, without a code: that one comes with registering.
    pub fn hows(t: Texts, chosen: &str) -> Vec<Choice> {
        hows(t, chosen, false)
    }
}

/// One of two records that may be of one person.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DuplicatePerson {
    /// Her name.
    pub name: String,
    /// Since when.
    pub since: NaiveDate,
    /// With whose help.
    pub with_help_of: Option<String>,
}

/// A suggestion.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DuplicateCard {
    /// Field `dubbel`.
    pub id: String,
    /// The record that was first.
    pub keep: DuplicatePerson,
    /// The other.
    pub other: DuplicatePerson,
    /// Until when it can be undone, once they were joined.
    pub undo_until: Option<NaiveDate>,
}

impl DuplicateCard {
    /// Both records.
    pub fn sides(&self) -> Vec<DuplicatePerson> {
        vec![self.keep.clone(), self.other.clone()]
    }
}

/// `/hulp/dubbel`. Posts `dubbel` and `besluit`: `een`, `twee` or `terug`.
#[derive(Debug, Clone, Template)]
#[template(path = "helper_duplicates.html")]
pub struct HelperDuplicates {
    /// What every page shares.
    pub l: Layout,
    /// The suggestions.
    pub cards: Vec<DuplicateCard>,
}

/// `/overnemen`. Fields `code` and `wat` (`overnemen`, `niet-ik`).
#[derive(Debug, Clone, Template)]
#[template(path = "take_over.html")]
pub struct TakeOverPage {
    /// What every page shares.
    pub l: Layout,
    /// Field `code`.
    pub code: String,
    /// Field `wat`.
    pub choices: Vec<Choice>,
    /// Field `contact`; for who takes over.
    pub contact: String,
}

impl TakeOverPage {
    /// The two things she can do.
    pub fn choices(t: Texts, chosen: &str) -> Vec<Choice> {
        [
            ("overnemen", "take-over-yes", "take-over-yes-hint"),
            ("niet-ik", "take-over-not-me", "take-over-not-me-hint"),
        ]
        .into_iter()
        .map(|(value, words, hint)| Choice::new(value, t.get(words), chosen == value).hint(t.get(hint)))
        .collect()
    }
}

/// Before a registration in her name is erased: what goes, and that it is for good. Field `code`.
#[derive(Debug, Clone, Template)]
#[template(path = "take_over_not_me.html")]
pub struct NotMePage {
    /// What every page shares.
    pub l: Layout,
    /// The code, sealed: field `code-bewaard`.
    pub kept: String,
}

/// After it: done, and what else she may want.
#[derive(Debug, Clone, Template)]
#[template(path = "take_over_done.html")]
pub struct NotMeDone {
    /// What every page shares.
    pub l: Layout,
}
