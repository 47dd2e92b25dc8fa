//! Where messages go when they leave the house.

use std::sync::Arc;

use chassis::{BoxFuture, Profile};

use crate::domain::letter::Letter;

/// A letter left the house.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Handed {
    /// To a carrier. Nothing of it is kept.
    Away,
    /// To the local mailbox: the ledger keeps it, encrypted.
    IntoMailbox,
}

/// Why a letter is still here.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum NotHanded {
    /// The carrier is away; another try makes sense until the message expires.
    Later,
    /// The carrier will never take it.
    Never,
}

/// A carrier of messages.
///
/// It may be asked twice for one letter when the process died between handing over and writing that
/// down. A carrier that cannot tell a repeat by the message's id must say so and be given a letter
/// once; that comes with the first such carrier.
pub trait Transport: Send + Sync + 'static {
    /// Hands a letter over.
    fn hand_over<'a>(&'a self, letter: &'a Letter) -> BoxFuture<'a, Result<Handed, NotHanded>>;

    /// Whether what it carries can wake somebody: then the quiet hours hold.
    fn wakes_people(&self) -> bool {
        true
    }
}

/// The mailbox of the development profile: nothing leaves this machine.
#[derive(Debug, Clone, Copy, Default)]
pub struct Mailbox;

impl Transport for Mailbox {
    fn hand_over<'a>(&'a self, _: &'a Letter) -> BoxFuture<'a, Result<Handed, NotHanded>> {
        Box::pin(async { Ok(Handed::IntoMailbox) })
    }

    fn wakes_people(&self) -> bool {
        false
    }
}

/// There is no way to send messages in this profile.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error(
    "messages cannot be sent in the production profile yet: the transports for e-mail (SMTP) and text messages \
     (SMS) come with a later issue. Until then run with DBJ_PROFILE=development, where messages go to the local \
     mailbox"
)]
pub struct NoTransport;

/// The carrier of a profile. Production has none yet, and a notifier that throws codes away without
/// a word would be worse than one that does not start.
pub fn of_profile(profile: Profile) -> Result<Arc<dyn Transport>, NoTransport> {
    match profile {
        Profile::Development => Ok(Arc::new(Mailbox)),
        Profile::Production => Err(NoTransport),
    }
}
