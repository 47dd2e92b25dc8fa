//! What may be asked of the notifier.

use chassis::{Caller, Fault};
use proto::{
    MessageId, Sealed, Service,
    notifier::{Mailbox, MailboxItem},
};

use crate::{
    App,
    domain::{
        letter::Letter,
        may::{Act, may},
    },
    store::{crypt, messages},
};

/// Most messages in one answer.
const MOST_ITEMS: u16 = 200;

/// What the local mailbox holds, newest first.
pub async fn mailbox(app: &App, caller: &Caller, query: &Mailbox) -> Result<Sealed<Vec<MailboxItem>>, Fault> {
    may(&caller.actor, Act::ReadMailbox, app.chassis.config.profile)?;
    let mut conn = app.chassis.store.pool().acquire().await?;
    let rows = messages::in_mailbox(&mut conn, query.limit.min(MOST_ITEMS).into()).await?;
    let mut items = Vec::with_capacity(rows.len());
    for row in rows {
        let key = app.vault().owner(&row.data_key, row.message_id)?;
        let Letter { to, channel, subject, body } = key.decrypt(crypt::BODY, &row.body)?;
        let message_id = MessageId(row.message_id);
        items.push(MailboxItem { message_id, to, channel, subject, body, sent_at: row.ended_at });
    }
    Ok(app.chassis.keys.seal(Service::Portal, &items))
}
