//! Enters a message in the ledger, to be sent once.

use chassis::{Caller, Fault, Tx};
use proto::{
    MessageId, Problem, Status,
    notifier::{Accepted, SendNotice},
};

use crate::{
    App,
    domain::{
        may::{Act, may},
        notice,
    },
    store::{
        crypt,
        messages::{self, NewMessage},
    },
};

/// The same cause, receiver and template get the same id, however often and whoever asks.
pub async fn send_notice(
    app: &App,
    tx: &mut Tx,
    caller: &Caller,
    command: &SendNotice,
) -> Result<Accepted, Fault> {
    may(&caller.actor, Act::SendNotice, app.chassis.config.profile)?;
    let notice = app.chassis.keys.open(&command.notice).map_err(|error| {
        tracing::warn!(%error, "a sealed notice stays closed");
        Problem::new(Status::Invalid, "sealed-unreadable")
    })?;
    let problems = notice::problems(&notice);
    if !problems.is_empty() {
        return Err(Problem::fields(problems).into());
    }
    let (now, chance) = (tx.now(), tx.chance());
    let message_id = chance.uuid_v4();
    let (data_key, key) = app.vault().new_owner(&*chance, message_id);
    let stored = key.encrypt(&*chance, crypt::NOTICE, &notice);
    let in_time = now < command.expires_at;
    let message = NewMessage {
        message_id,
        cause: command.cause,
        recipient: command.recipient,
        template: notice.content.template(),
        channel: notice::channel(&notice),
        expires_at: command.expires_at,
        content: in_time.then_some((&data_key, &*stored)),
    };
    let message_id = messages::enter(tx.conn(), &message, now).await?;
    tx.ring();
    Ok(Accepted { message_id: MessageId(message_id) })
}
