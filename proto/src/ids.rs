//! Typed ids. On the wire an id is a bare UUID; shown to people and in logs it has a prefix
//! that says what it is (`opening_6f1c…`), and [`std::str::FromStr`] accepts both forms.

use std::{fmt, str::FromStr};

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use uuid::Uuid;

/// A text that is not an id of the wanted kind.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("not a {0} id")]
pub struct NotAnId(&'static str);

macro_rules! ids {
    ($($(#[$doc:meta])* $name:ident = $prefix:literal;)*) => {$(
        $(#[$doc])*
        #[derive(Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize, JsonSchema)]
        #[serde(transparent)]
        pub struct $name(pub Uuid);

        impl $name {
            /// What this kind of id starts with when shown.
            pub const PREFIX: &'static str = $prefix;
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                write!(f, concat!($prefix, "_{}"), self.0.simple())
            }
        }

        impl fmt::Debug for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                fmt::Display::fmt(self, f)
            }
        }

        impl FromStr for $name {
            type Err = NotAnId;

            fn from_str(text: &str) -> Result<Self, NotAnId> {
                let bare = text.strip_prefix(concat!($prefix, "_")).unwrap_or(text);
                Uuid::try_parse(bare).map(Self).map_err(|_| NotAnId($prefix))
            }
        }

        impl From<Uuid> for $name {
            fn from(id: Uuid) -> Self {
                Self(id)
            }
        }
    )*};
}

ids! {
    /// A job-seeker, inside the platform. Never shown to employers: they see an [`OpenFileId`].
    SeekerId = "seeker";
    /// A job-seeker's own random id in the open file, the only one that employers and account managers see.
    OpenFileId = "profile";
    /// A job-seeker's own random id for background facts, so that figures cannot be joined to the profile.
    BackgroundId = "background";
    /// A registration or sign-in waiting for its code.
    ChallengeId = "challenge";
    /// A referral to a desk.
    ReferralId = "referral";
    /// A desk that helps people: WSP, RMT or learn-work desk.
    DeskId = "desk";
    /// A suggestion that two records are one person.
    DuplicateId = "duplicate";
    /// A site of an employer.
    SiteId = "site";
    /// A contact person at an employer.
    ContactId = "contact";
    /// An employer.
    EmployerId = "employer";
    /// An opening.
    OpeningId = "opening";
    /// An Open Hiring queue.
    QueueId = "queue";
    /// One person's place in one queue.
    TicketId = "ticket";
    /// A place of work in a queue, with its first day.
    PlaceId = "place";
    /// A call to make about an offer.
    CallTaskId = "call";
    /// An import of a file of openings.
    ImportId = "import";
    /// A staff account of the portal.
    AccountId = "account";
    /// An invitation to a staff account.
    InvitationId = "invitation";
    /// A message to a person.
    MessageId = "message";
    /// A proposal that was shown, messaged or marked.
    ProposalId = "proposal";
    /// An event; version 7, so that it carries its moment.
    EventId = "event";
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_id_reads_back_with_and_without_its_prefix() {
        let id = OpeningId(Uuid::from_u128(7));
        assert_eq!(id.to_string().parse::<OpeningId>(), Ok(id));
        assert_eq!(id.0.to_string().parse::<OpeningId>(), Ok(id));
        assert!("seeker_00000000000000000000000000000007".parse::<OpeningId>().is_err());
    }
}
