//! Pages that explain: how it works, privacy, accessibility, help, languages; and the local mailbox.

use askama::Template;
use chrono::NaiveDateTime;
use proto::intake::DeskKind;
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

/// `/hulp`: who helps, by postcode. The postcode is posted and stays in the browser.
#[derive(Debug, Clone, Template)]
#[template(path = "help.html")]
pub struct Help {
    /// What every page shares.
    pub l: Layout,
    /// Field `postcode`.
    pub postcode: String,
    /// The desks of its region; `None` before a postcode was given.
    pub desks: Option<Vec<DeskCard>>,
}

/// A desk that helps people.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DeskCard {
    /// Its name.
    pub name: String,
    /// For whom it is, in words.
    pub for_whom: String,
    /// Its town.
    pub town: String,
    /// Its telephone number; empty when not known.
    pub phone: String,
    /// Its e-mail address; empty when not known.
    pub email: String,
    /// Its page; empty when not known.
    pub website: String,
    /// Where someone who is signed in can ask to be called.
    pub call_me: Option<String>,
}

impl DeskCard {
    /// The telephone number as a `tel:` address.
    pub fn tel(&self) -> String {
        let digits: String = self.phone.chars().filter(char::is_ascii_digit).collect();
        digits.strip_prefix('0').map_or_else(|| format!("tel:+{digits}"), |rest| format!("tel:+31{rest}"))
    }
}

/// For whom a desk is, in words.
pub fn desk_for_whom(t: Texts, kind: DeskKind) -> String {
    t.get(match kind {
        DeskKind::Wsp => "desk-wsp",
        DeskKind::Rmt => "desk-rmt",
        DeskKind::LearnWork => "desk-learn-work",
    })
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
