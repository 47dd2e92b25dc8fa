//! Enters a message in the ledger, to be sent once.

use chassis::{Caller, Fault, Tx};
use chrono::{DateTime, Utc};
use proto::{
    MessageId, Problem, Status,
    notifier::{Accepted, Notice, SendNotice},
};
use uuid::Uuid;

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

/// The same cause, receiver and template get the same id, however often and whoever asks. Nothing is
/// entered for someone who is erased.
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
    if tx.is_forgotten(command.recipient).await? {
        return Err(Problem::new(Status::Gone, "recipient-erased").into());
    }
    let request = Request {
        cause: command.cause,
        recipient: command.recipient,
        expires_at: command.expires_at,
        notice: &notice,
    };
    let message_id = enter(app, tx, request).await?;
    Ok(Accepted { message_id })
}

/// A message to enter.
pub(super) struct Request<'a> {
    /// What made it necessary.
    pub(super) cause: Uuid,
    /// Who gets it.
    pub(super) recipient: Uuid,
    /// From then on it makes no sense any more.
    pub(super) expires_at: DateTime<Utc>,
    /// Address and content, checked.
    pub(super) notice: &'a Notice,
}

/// Enters one message; the id of the one that stands in the ledger then.
pub(super) async fn enter(app: &App, tx: &mut Tx, request: Request<'_>) -> Result<MessageId, Fault> {
    Ok(enter_all(app, tx, &[request]).await?[0])
}

/// Enters messages, in as many statements as one; one id for each.
pub(super) async fn enter_all(
    app: &App,
    tx: &mut Tx,
    requests: &[Request<'_>],
) -> Result<Vec<MessageId>, Fault> {
    if requests.is_empty() {
        return Ok(Vec::new());
    }
    let (now, chance) = (tx.now(), tx.chance());
    let sealed = requests.iter().map(|request| {
        let message_id = chance.uuid_v4();
        let (data_key, key) = app.vault().new_owner(&*chance, message_id);
        (message_id, data_key, key.encrypt(&*chance, crypt::NOTICE, request.notice))
    });
    let sealed: Vec<_> = sealed.collect();
    let messages = requests.iter().zip(&sealed).map(|(request, (message_id, data_key, stored))| NewMessage {
        message_id: *message_id,
        cause: request.cause,
        recipient: request.recipient,
        template: request.notice.content.template(),
        channel: notice::channel(request.notice),
        expires_at: request.expires_at,
        content: (now < request.expires_at).then_some((data_key, &**stored)),
    });
    let ids = messages::enter(tx.conn(), &messages.collect::<Vec<_>>(), now).await?;
    tx.ring();
    Ok(ids.into_iter().map(MessageId).collect())
}
