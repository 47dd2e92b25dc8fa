//! What a job-seeker may always do: see who looked, stop a helper, pause, take a copy, disappear.

use askama::Template;
use chrono::{NaiveDate, NaiveDateTime};
use proto::Role;
use proto::intake::{ContactPurpose, Purpose};

use crate::pages::work::ReasonLine;
use crate::pages::{Choice, Layout};
use crate::texts::Texts;

/// One purpose on the page of yes and no.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ConsentLine {
    /// For what.
    pub purpose: Purpose,
    /// Yes or no.
    pub given: bool,
    /// Since when; `None` when it was never asked.
    pub since: Option<NaiveDate>,
    /// Which text she saw or heard.
    pub text_version: String,
    /// How she said it, in words.
    pub how: String,
}

/// How a yes or no was given, in words: "Zelf gezegd, op deze pagina."
pub fn consent_how(t: Texts, how: &str, with_help_of: Option<&str>) -> String {
    let words = t.get(match how {
        "code" => "consent-how-code",
        "read_aloud" => "consent-how-read-aloud",
        "paper" => "consent-how-paper",
        _ => "consent-how-herself",
    });
    match with_help_of {
        Some(organisation) => format!("{words} {}", t.one("consent-how-help", "organisation", organisation)),
        None => words,
    }
}

/// Someone who looked, or several looks of one kind on one day.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LookLine {
    /// On which day.
    pub on: NaiveDate,
    /// Who saw what and why, in words.
    pub words: String,
}

/// Who looks, in words: "Een adviseur".
pub fn looker(t: Texts, role: Option<Role>) -> String {
    t.get(match role {
        Some(Role::AccountManager) => "looker-manager",
        Some(Role::Employer) => "looker-employer",
        Some(Role::Helper) => "looker-helper",
        Some(Role::Organiser) => "looker-organiser",
        Some(Role::Administrator) | None => "looker-other",
    })
}

/// For what somebody in this role opened contact data, in words.
pub fn contact_purpose(t: Texts, purpose: ContactPurpose, role: Role) -> String {
    t.get(match purpose {
        ContactPurpose::TalkAboutWork => "look-purpose-talk",
        ContactPurpose::Appointment if role == Role::Employer => "look-purpose-appointment-with-you",
        ContactPurpose::Appointment => "look-purpose-appointment",
        ContactPurpose::Offer => "look-purpose-offer",
        ContactPurpose::SecondNumber => "look-purpose-second-number",
        ContactPurpose::FirstDay => "look-purpose-first-day",
        ContactPurpose::Correction => "look-purpose-correction",
        ContactPurpose::InLine => "look-purpose-in-line",
        ContactPurpose::PhoneLost => "look-purpose-phone-lost",
        ContactPurpose::OldEnded => "look-purpose-old-ended",
        ContactPurpose::Miswritten => "look-purpose-miswritten",
    })
}

/// Someone who helps her.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct HelperLine {
    /// The helper's account, for the buttons.
    pub account: String,
    /// Name and organisation.
    pub name: String,
    /// The organisation.
    pub organisation: String,
    /// Days of access left; `None` when it has ended.
    pub days_left: Option<i64>,
    /// The last day of access.
    pub until: NaiveDate,
}

/// `/mijn/toestemming`. Each line posts `doel` and `geef` (`ja` or `nee`).
#[derive(Debug, Clone, Template)]
#[template(path = "my_consent.html")]
pub struct MyConsent {
    /// What every page shares.
    pub l: Layout,
    /// Every purpose, in the order of the form.
    pub lines: Vec<ConsentLine>,
    /// Employers that may see her name and contact now.
    pub shares: Vec<ShareLine>,
    /// Who helps her, or did until lately.
    pub helpers: Vec<HelperLine>,
    /// Who looked, newest first.
    pub looks: Vec<LookLine>,
}

/// An employer that may see her name and contact.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ShareLine {
    /// Who, and until when, in words.
    pub words: String,
    /// The proposal, for the button.
    pub proposal: String,
    /// The employer, for the button.
    pub employer: String,
}

/// `/mijn/pauze`. Fields `hoe` (`tot`, `open`) and `tot`.
#[derive(Debug, Clone, Template)]
#[template(path = "my_pause.html")]
pub struct PausePage {
    /// What every page shares.
    pub l: Layout,
    /// Until a day, or until she says so.
    pub choices: Vec<Choice>,
    /// The day as typed.
    pub until: String,
    /// Whether she pauses now, in words.
    pub paused: Option<String>,
}

impl PausePage {
    /// The two ways to pause.
    pub fn choices(t: Texts, open: Option<bool>) -> Vec<Choice> {
        vec![
            Choice::new("tot", t.get("pause-until-day"), open == Some(false)),
            Choice::new("open", t.get("pause-until-said"), open == Some(true)),
        ]
    }
}

/// A part of the copy of everything: a heading, and facts under it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CopyPart {
    /// The text id of the heading.
    pub title: &'static str,
    /// What, and its value in words.
    pub facts: Vec<(String, String)>,
}

/// `/mijn/download`: everything we keep about her, to read.
#[derive(Debug, Clone, Template)]
#[template(path = "my_copy.html")]
pub struct CopyPage {
    /// What every page shares.
    pub l: Layout,
    /// When it was made.
    pub made: NaiveDateTime,
    /// The parts.
    pub parts: Vec<CopyPart>,
    /// What she was shown: the name of the job, the day, the reasons.
    pub shown: Vec<ShownLine>,
}

/// A job that she was shown.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ShownLine {
    /// Its name, or that it is gone.
    pub title: String,
    /// When it was shown first.
    pub on: NaiveDate,
    /// Why.
    pub reasons: Vec<ReasonLine>,
}

/// `/mijn/wissen`
#[derive(Debug, Clone, Template)]
#[template(path = "my_erase.html")]
pub struct ErasePage {
    /// What every page shares.
    pub l: Layout,
}

/// `/gewist`: the end, signed out.
#[derive(Debug, Clone, Template)]
#[template(path = "erased.html")]
pub struct ErasedPage {
    /// What every page shares.
    pub l: Layout,
}

/// One of two records that may be hers.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SideLine {
    /// Its name.
    pub name: String,
    /// When it was made.
    pub since: NaiveDate,
    /// With whose help.
    pub with_help_of: Option<String>,
}

/// A suggestion that two records are one person.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DuplicateLine {
    /// For the buttons.
    pub id: String,
    /// The one that was there first.
    pub keep: SideLine,
    /// The other.
    pub other: SideLine,
    /// Until when a merge can be undone; `None` while nobody decided.
    pub merged_until: Option<NaiveDate>,
}

/// `/mijn/dubbel`. Posts `id` and `wat` (`ja`, `nee`, `terug`).
#[derive(Debug, Clone, Template)]
#[template(path = "my_duplicates.html")]
pub struct DuplicatesPage {
    /// What every page shares.
    pub l: Layout,
    /// What there is to decide, or to undo.
    pub lines: Vec<DuplicateLine>,
}

/// `/mijn/loket/{id}`: lets a desk call her. Field `vraag`.
#[derive(Debug, Clone, Template)]
#[template(path = "my_referral.html")]
pub struct ReferralPage {
    /// What every page shares.
    pub l: Layout,
    /// The address of the page.
    pub action: String,
    /// The desk.
    pub desk: String,
    /// What the desk gets: her name and contact.
    pub name: String,
    /// Her contact.
    pub contact: String,
    /// What she wants to ask, as typed.
    pub question: String,
}
