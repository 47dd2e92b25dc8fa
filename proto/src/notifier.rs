//! Notifier: messages to people.

use chrono::{DateTime, NaiveDate, Utc};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use crate::{
    Fact, MessageId, Sealed, Service,
    call::calls,
    open_hiring::TextOutcome,
    work::{Channel, Language, closed_list},
};

calls! { Notifier {
    command "send_notice": SendNotice => Accepted, from Intake Portal;
    query "mailbox": Mailbox => Sealed<Vec<MailboxItem>>, from Portal;
} }

closed_list! {
    /// Which message.
    Template {
        /// A one-time code for a job-seeker.
        Code = "code",
        /// A one-time code that she reads out to a helper.
        HelpedCode = "helped_code",
        /// An invitation to a staff account.
        Invitation = "invitation",
        /// Someone was registered with help: who helped, and "this was not me".
        Helped = "helped",
        /// The contact of an account changed; told to the old one.
        ContactChanged = "contact_changed",
        /// "Still looking?"
        StillLooking = "still_looking",
        /// The last call before data are erased by themselves.
        Keep = "keep",
        /// The weekly digest.
        Digest = "digest",
        /// An employer answered.
        Answered = "answered",
        /// She stands in line.
        InLine = "in_line",
        /// A place is hers until a moment.
        Offer = "offer",
        /// The same once more, halfway.
        OfferReminder = "offer_reminder",
        /// She said yes.
        Begins = "begins",
        /// She said no.
        SaidNo = "said_no",
        /// Not now.
        SaidLater = "said_later",
        /// Not on that day.
        NotThatDay = "not_that_day",
        /// Nobody could reach her, or she did not answer in time.
        NotReached = "not_reached",
        /// The offer ended for a labour conflict.
        OfferEnded = "offer_ended",
        /// How it ended was written down wrongly: she stands in line again.
        SetRight = "set_right",
        /// The queue is over.
        Filled = "filled",
        /// What became of a text message of hers that answered no offer.
        TextReply = "text_reply",
        /// Everything is erased; the last message.
        Erased = "erased",
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

/// Somebody's place in line, as a message names it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct InLine {
    /// The job's name; empty when it is not known any more.
    pub title: String,
    /// Where it is; empty when that is not known any more.
    pub place: String,
    /// The employer's name; empty when it is not known any more.
    pub employer: String,
    /// Her number.
    pub number: u32,
    /// Where she sees it, and answers.
    pub page: String,
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
    /// A one-time code that she reads out to a helper if she agrees. It signs nobody in.
    HelpedCode {
        /// Six digits.
        code: String,
        /// The organisation that helps.
        organisation: String,
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
    /// Someone was registered with help.
    Helped {
        /// The helper's name.
        helper: String,
        /// The organisation.
        organisation: String,
        /// The code for "this was not me".
        code: String,
        /// The page's address.
        page: String,
        /// Whether the contact is somebody else's, who shares it: it signs her in nowhere, and whoever
        /// reads this may be the other one.
        #[serde(default)]
        shared: bool,
    },
    /// The contact changed.
    ContactChanged {
        /// Where to say that it was not her.
        page: String,
    },
    /// "Still looking?"
    StillLooking {
        /// Where to say yes.
        page: String,
    },
    /// The last call before data are erased by themselves.
    Keep {
        /// Before which day she says that she still looks.
        before: NaiveDate,
        /// Where to say yes.
        page: String,
    },
    /// The weekly digest.
    Digest {
        /// How many new openings fit.
        openings: u32,
        /// Where to see them, and to turn this off.
        page: String,
    },
    /// An employer answered.
    Answered {
        /// Whether it wants to meet.
        meet: bool,
        /// Where to read it.
        page: String,
    },
    /// She stands in line.
    InLine {
        /// Her place.
        line: InLine,
    },
    /// A place is hers until a moment.
    Offer {
        /// Her place in line.
        line: InLine,
        /// The first working day.
        first_day: NaiveDate,
        /// Until when she answers.
        answer_until: DateTime<Utc>,
    },
    /// The same once more.
    OfferReminder {
        /// Her place in line.
        line: InLine,
        /// Until when she answers.
        answer_until: DateTime<Utc>,
    },
    /// She said yes.
    Begins {
        /// Her place in line.
        line: InLine,
        /// The first working day.
        first_day: NaiveDate,
    },
    /// She said no.
    SaidNo {
        /// Her place in line.
        line: InLine,
        /// Until when she can undo it.
        back_until: DateTime<Utc>,
    },
    /// Not now.
    SaidLater {
        /// Her place in line.
        line: InLine,
    },
    /// Not on that day.
    NotThatDay {
        /// Her place in line.
        line: InLine,
    },
    /// Nobody could reach her, or she did not answer in time.
    NotReached {
        /// Her place in line.
        line: InLine,
        /// Whether she was reached and the time to answer is over.
        too_late: bool,
    },
    /// The offer ended for a labour conflict.
    OfferEnded {
        /// Her place in line.
        line: InLine,
    },
    /// How it ended was written down wrongly: she stands in line again.
    SetRight {
        /// Her place in line.
        line: InLine,
    },
    /// The queue is over.
    Filled {
        /// Her place in line.
        line: InLine,
    },
    /// She sent a text message that answered no offer. Goes by text message only.
    TextReply {
        /// What became of it; of what it answered she hears otherwise.
        outcome: TextOutcome,
        /// Where she sees how she stands, and answers.
        page: String,
    },
    /// Everything is erased.
    Erased {},
}

impl NoticeContent {
    /// Which message.
    pub const fn template(&self) -> Template {
        match self {
            Self::Code { .. } => Template::Code,
            Self::HelpedCode { .. } => Template::HelpedCode,
            Self::Invitation { .. } => Template::Invitation,
            Self::Helped { .. } => Template::Helped,
            Self::ContactChanged { .. } => Template::ContactChanged,
            Self::StillLooking { .. } => Template::StillLooking,
            Self::Keep { .. } => Template::Keep,
            Self::Digest { .. } => Template::Digest,
            Self::Answered { .. } => Template::Answered,
            Self::InLine { .. } => Template::InLine,
            Self::Offer { .. } => Template::Offer,
            Self::OfferReminder { .. } => Template::OfferReminder,
            Self::Begins { .. } => Template::Begins,
            Self::SaidNo { .. } => Template::SaidNo,
            Self::SaidLater { .. } => Template::SaidLater,
            Self::NotThatDay { .. } => Template::NotThatDay,
            Self::NotReached { .. } => Template::NotReached,
            Self::OfferEnded { .. } => Template::OfferEnded,
            Self::SetRight { .. } => Template::SetRight,
            Self::Filled { .. } => Template::Filled,
            Self::TextReply { .. } => Template::TextReply,
            Self::Erased {} => Template::Erased,
        }
    }

    /// The place in line that it is about, if it is about one.
    pub const fn line(&self) -> Option<&InLine> {
        match self {
            Self::InLine { line }
            | Self::Offer { line, .. }
            | Self::OfferReminder { line, .. }
            | Self::Begins { line, .. }
            | Self::SaidNo { line, .. }
            | Self::SaidLater { line }
            | Self::NotThatDay { line }
            | Self::NotReached { line, .. }
            | Self::OfferEnded { line }
            | Self::SetRight { line }
            | Self::Filled { line } => Some(line),
            Self::Code { .. }
            | Self::HelpedCode { .. }
            | Self::Invitation { .. }
            | Self::Helped { .. }
            | Self::ContactChanged { .. }
            | Self::StillLooking { .. }
            | Self::Keep { .. }
            | Self::Digest { .. }
            | Self::Answered { .. }
            | Self::TextReply { .. }
            | Self::Erased {} => None,
        }
    }
}

/// Sends a message. The same `cause`, `recipient` and template are sent once, however often asked.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct SendNotice {
    /// What made it necessary: a challenge, an invitation.
    pub cause: Uuid,
    /// An opaque id for the receiver, unique with cause and template in the send ledger: for a
    /// job-seeker whom we know her id, so that her messages go when she goes.
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

crate::intake::forgotten!(Notifier, "seeker_forgotten_by_notifier", "nl.berichten.werkzoekende-vergeten.v1");
