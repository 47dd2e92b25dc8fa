//! Registration in five questions. The same questions, one at a time, also change an answer later.

use askama::Template;
use proto::intake::Purpose;
use proto::work::{Channel, Daypart, Dayparts, Hours};

use crate::pages::work::{daypart_hint, daypart_name};
use crate::pages::{Choice, Layout};
use crate::texts::Texts;

/// How many questions there are.
pub const STEPS: u8 = 5;

/// The version of the consent sentences below: raise it when their meaning changes.
pub const CONSENT_TEXT_VERSION: &str = "2026-11-b";

/// The version of what someone reads before her name goes to a desk: raise it when its meaning changes.
pub const REFERRAL_TEXT_VERSION: &str = "2026-11-a";

/// A group of tasks: a tile to tick, and its tasks for who wants to be precise.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TaskGroup {
    /// The group itself (field `groep`): code, name, pictogram.
    pub tile: Choice,
    /// Its tasks (field `taak`).
    pub tasks: Vec<Choice>,
}

impl TaskGroup {
    /// The words by which a search finds it.
    pub fn words(&self) -> String {
        let tasks = self.tasks.iter().map(|task| task.label.as_str());
        std::iter::once(self.tile.label.as_str()).chain(tasks).collect::<Vec<_>>().join(" ").to_lowercase()
    }

    /// How many of its tasks are ticked.
    pub fn ticked(&self) -> usize {
        self.tasks.iter().filter(|task| task.chosen).count()
    }
}

/// `/aanmelden/1` and `/mijn/gegevens/waar`
#[derive(Debug, Clone, Template)]
#[template(path = "register_place.html")]
pub struct RegisterPlace {
    /// What every page shares.
    pub l: Layout,
    /// Whether an answer is changed later, instead of given for the first time.
    pub edit: bool,
    /// Field `postcode`.
    pub postcode: String,
}

/// `/aanmelden/2` and `/mijn/gegevens/wat`
#[derive(Debug, Clone, Template)]
#[template(path = "register_tasks.html")]
pub struct RegisterTasks {
    /// What every page shares.
    pub l: Layout,
    /// Whether an answer is changed later.
    pub edit: bool,
    /// The 25 groups. Errors belong to the field `taken`.
    pub groups: Vec<TaskGroup>,
    /// What was searched for without script, field `zoek`; empty when nothing was.
    pub search: String,
    /// What was found: tasks to tick (field `taak`), the title that led to one as its hint.
    pub found: Vec<Choice>,
    /// "Alles mag" and "Weet ik nog niet" (field `keuze`: `alles`, `weet-niet`).
    pub others: Vec<Choice>,
}

impl RegisterTasks {
    /// The two answers that are no task.
    pub fn others(t: Texts, any_task: bool, unknown: bool) -> Vec<Choice> {
        vec![
            Choice::new("alles", t.get("register-tasks-any"), any_task)
                .hint(t.get("register-tasks-any-hint")),
            Choice::new("weet-niet", t.get("register-tasks-unknown"), unknown)
                .hint(t.get("register-tasks-unknown-hint")),
        ]
    }
}

/// `/aanmelden/3` and `/mijn/gegevens/wanneer`
#[derive(Debug, Clone, Template)]
#[template(path = "register_when.html")]
pub struct RegisterWhen {
    /// What every page shares.
    pub l: Layout,
    /// Whether an answer is changed later.
    pub edit: bool,
    /// Field `dagdeel`, several.
    pub dayparts: Vec<Choice>,
    /// Field `dag`, several; only when an answer is changed later.
    pub days: Vec<Choice>,
    /// Field `uren`, one.
    pub hours: Vec<Choice>,
}

/// `/aanmelden/4`
#[derive(Debug, Clone, Template)]
#[template(path = "register_reach.html")]
pub struct RegisterReach {
    /// What every page shares.
    pub l: Layout,
    /// How many openings fit so far, if the matcher could say.
    pub fitting: Option<u32>,
    /// Field `naam`.
    pub name: String,
    /// Field `contact`.
    pub contact: String,
    /// Field `kanaal`, one.
    pub channels: Vec<Choice>,
}

/// `/aanmelden/5`
#[derive(Debug, Clone, Template)]
#[template(path = "register_consent.html")]
pub struct RegisterConsent {
    /// What every page shares.
    pub l: Layout,
    /// Field `toestemming`, several; all may stay off.
    pub consents: Vec<Choice>,
}

/// The parts of the day, with what is ticked.
pub fn daypart_choices(t: Texts, chosen: Dayparts) -> Vec<Choice> {
    Daypart::ALL
        .into_iter()
        .map(|part| {
            Choice::new(part.name(), daypart_name(t, part), chosen.contains(part)).hint(daypart_hint(t, part))
        })
        .collect()
}

/// Hours a week as a person says them: the form's value and what it means.
pub const HOURS: [(&str, Option<Hours>); 5] = [
    ("tot-12", Some(Hours { min: 1, max: 12 })),
    ("12-24", Some(Hours { min: 12, max: 24 })),
    ("24-32", Some(Hours { min: 24, max: 32 })),
    ("meer-dan-32", Some(Hours { min: 32, max: 40 })),
    ("weet-niet", None),
];

/// The hours to choose from; `chosen` is the form's value.
pub fn hours_choices(t: Texts, chosen: Option<&str>) -> Vec<Choice> {
    HOURS
        .into_iter()
        .map(|(value, _)| {
            let words = t.get(match value {
                "tot-12" => "hours-up-to-12",
                "12-24" => "hours-12-24",
                "24-32" => "hours-24-32",
                "meer-dan-32" => "hours-over-32",
                _ => "hours-unknown",
            });
            Choice::new(value, words, chosen == Some(value))
        })
        .collect()
}

/// The ways to be reached.
pub fn channel_choices(t: Texts, chosen: Option<Channel>) -> Vec<Choice> {
    Channel::ALL
        .into_iter()
        .map(|channel| {
            let (words, icon) = match channel {
                Channel::Sms => ("channel-sms", "message"),
                Channel::Call => ("channel-call", "phone"),
                Channel::Email => ("channel-email", "mail"),
            };
            Choice::new(channel.name(), t.get(words), chosen == Some(channel)).icon(icon)
        })
        .collect()
}

/// What someone says yes or no to: the sentence of each purpose.
pub fn consent_sentence(t: Texts, purpose: Purpose) -> String {
    t.get(match purpose {
        Purpose::OpenFile => "consent-open-file",
        Purpose::Adviser => "consent-adviser",
        Purpose::Figures => "consent-figures",
    })
}

/// What a yes means in practice.
pub fn consent_meaning(t: Texts, purpose: Purpose) -> String {
    t.get(match purpose {
        Purpose::OpenFile => "consent-open-file-hint",
        Purpose::Adviser => "consent-adviser-hint",
        Purpose::Figures => "consent-figures-hint",
    })
}

/// The boxes of question 5, unticked unless given before.
pub fn consent_choices(t: Texts, given: &[Purpose]) -> Vec<Choice> {
    Purpose::ALL
        .iter()
        .map(|&purpose| {
            Choice::new(purpose.name(), consent_sentence(t, purpose), given.contains(&purpose))
                .hint(consent_meaning(t, purpose))
        })
        .collect()
}
