//! Notifier: messages to people.

use chrono::{DateTime, Utc};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use crate::{
    Fact, MessageId, Sealed, Service,
    call::calls,
    work::{Channel, Language},
};

calls! { Notifier {
    command "send_notice": SendNotice => Accepted, from Intake Portal;
    query "mailbox": Mailbox => Sealed<Vec<MailboxItem>>, from Portal;
} }

/// Which message.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Template {
    /// A one-time code for a job-seeker.
    Code,
    /// An invitation to a staff account.
    Invitation,
}

impl Template {
    /// The name in storage.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Code => "code",
            Self::Invitation => "invitation",
        }
    }
}

/// A message and whom it is for. Travels only inside [`Sealed`].
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Notice {
    /// Telephone number (E.164) or e-mail address.
    pub to: String,
    /// By which channel; [`Channel::Call`] becomes a text message for codes.
    pub channel: Channel,
    /// The receiver's language.
    pub language: Language,
    /// What it says.
    pub content: NoticeContent,
}

/// What a message says.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "template", rename_all = "snake_case")]
pub enum NoticeContent {
    /// A one-time code.
    Code {
        /// Six digits.
        code: String,
    },
    /// An invitation to a staff account.
    Invitation {
        /// Who invites, by name of the organisation.
        organisation: String,
        /// The code to type on the invitation page.
        code: String,
        /// The page's address, without anything secret in it.
        page: String,
    },
}

impl NoticeContent {
    /// Which message.
    pub const fn template(&self) -> Template {
        match self {
            Self::Code { .. } => Template::Code,
            Self::Invitation { .. } => Template::Invitation,
        }
    }
}

/// Sends a message. The same `cause`, `recipient` and template are sent once, however often asked.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct SendNotice {
    /// What made it necessary: a challenge, an invitation.
    pub cause: Uuid,
    /// An opaque id for the receiver, unique with cause and template in the send ledger.
    pub recipient: Uuid,
    /// From when on sending makes no sense any more.
    pub expires_at: DateTime<Utc>,
    /// Address and content.
    pub notice: Sealed<Notice>,
}

/// The message is in the ledger and will be sent.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Accepted {
    /// Its id.
    pub message_id: MessageId,
}

/// Asks what was sent, newest first. Answered only by the local mailbox of the development profile.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct Mailbox {
    /// At most so many, up to 200.
    pub limit: u16,
}

/// A message in the local mailbox.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct MailboxItem {
    /// Its id.
    pub message_id: MessageId,
    /// Telephone number or e-mail address.
    pub to: String,
    /// By which channel.
    pub channel: Channel,
    /// Subject line, for e-mail.
    pub subject: Option<String>,
    /// The text.
    pub body: String,
    /// When.
    pub sent_at: DateTime<Utc>,
}

/// A message was handed to its channel.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct MessageSent {
    /// Its id.
    pub message_id: MessageId,
    /// Always 1: a message is sent once.
    pub version: i64,
    /// What made it necessary.
    pub cause: Uuid,
    /// Which message.
    pub template: Template,
    /// By which channel.
    pub channel: Channel,
}

impl Fact for MessageSent {
    const BY: Service = Service::Notifier;
    const NAME: &'static str = "message_sent";
    const VERSION: u16 = 1;
    const DUTCH_TYPE: &'static str = "nl.berichten.bericht-verstuurd.v1";

    fn aggregate_id(&self) -> Uuid {
        self.message_id.0
    }

    fn aggregate_version(&self) -> i64 {
        self.version
    }
}
