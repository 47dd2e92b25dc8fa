//! What was sent, on this machine only: the guard lets nobody in outside the development profile.

use axum::response::Response;
use chassis::clock;
use proto::{Actor, notifier::Mailbox};

use crate::{
    pages::info::{self, SentMessage},
    web::{
        stop::Stop,
        visit::{Visit, page},
    },
};

/// Messages on the page.
const LIMIT: u16 = 50;

/// `/mailbox`
pub(super) async fn mailbox(visit: Visit) -> Result<Response, Stop> {
    // Whoever is signed in: the mailbox is of the machine, not of a person.
    let sealed = visit.app.chassis.bus.call(&Actor::Visitor, &Mailbox { limit: LIMIT }).await?;
    let messages = visit.open(&sealed)?.into_iter().map(|item| SentMessage {
        to: item.to,
        channel: item.channel,
        subject: item.subject,
        body: item.body,
        sent_at: clock::local(item.sent_at),
    });
    page(&info::Mailbox { l: visit.layout(), messages: messages.collect() })
}
