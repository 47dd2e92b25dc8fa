//! Pages that explain: how it works, privacy, accessibility, help, languages; and the local mailbox.

use askama::Template;
use chrono::NaiveDateTime;
use proto::work::{Channel, Means};

use crate::pages::Layout;
use crate::texts::{Language, Texts};

/// One published weight.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Weight {
    /// The rule, in words.
    pub rule: String,
    /// How much it counts.
    pub points: u16,
}

/// `/zo-werkt-het`: the rules of the matcher as they are in force.
#[derive(Debug, Clone, Template)]
#[template(path = "how_it_works.html")]
pub struct HowItWorks {
    /// What every page shares.
    pub l: Layout,
    /// The version of the rules.
    pub rules: String,
    /// The weights, heaviest first.
    pub weights: Vec<Weight>,
    /// The distance taken when someone did not say how far she travels, in km.
    pub usual_km: u8,
}

impl HowItWorks {
    /// How fast each means goes, as the crow flies.
    pub fn speeds(&self) -> Vec<(String, u32)> {
        Means::ALL
            .into_iter()
            .map(|means| (crate::pages::work::means_name(self.l.t, means), means.km_per_hour() as u32))
            .collect()
    }
}

/// `/privacy`
#[derive(Debug, Clone, Template)]
#[template(path = "privacy.html")]
pub struct Privacy {
    /// What every page shares.
    pub l: Layout,
}

/// `/toegankelijkheid`
#[derive(Debug, Clone, Template)]
#[template(path = "accessibility.html")]
pub struct Accessibility {
    /// What every page shares.
    pub l: Layout,
}

/// `/hulp`
#[derive(Debug, Clone, Template)]
#[template(path = "help.html")]
pub struct Help {
    /// What every page shares.
    pub l: Layout,
}

/// `/taal`. Posts `lang` and `back`.
#[derive(Debug, Clone, Template)]
#[template(path = "languages.html")]
pub struct Languages {
    /// What every page shares.
    pub l: Layout,
    /// Where the reader came from.
    pub back: String,
}

impl Languages {
    /// Every language: code, own name, whether it is the reader's now.
    pub fn all(&self) -> Vec<(&'static str, &'static str, bool)> {
        Language::ALL
            .into_iter()
            .map(|language| (language.code(), language.own_name(), language == self.l.t.language()))
            .collect()
    }
}

/// A message that was sent, in the local mailbox.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SentMessage {
    /// To whom.
    pub to: String,
    /// By which channel.
    pub channel: Channel,
    /// Subject line, for e-mail.
    pub subject: Option<String>,
    /// The text.
    pub body: String,
    /// When, in the Netherlands.
    pub sent_at: NaiveDateTime,
}

impl SentMessage {
    /// The channel in words.
    pub fn channel_words(&self, t: Texts) -> String {
        t.get(match self.channel {
            Channel::Sms => "channel-sms",
            Channel::Call => "channel-call",
            Channel::Email => "channel-email",
        })
    }
}

/// `/mailbox`, in the development profile only: what was sent.
#[derive(Debug, Clone, Template)]
#[template(path = "mailbox.html")]
pub struct Mailbox {
    /// What every page shares.
    pub l: Layout,
    /// Newest first.
    pub messages: Vec<SentMessage>,
}
