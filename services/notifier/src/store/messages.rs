//! The send ledger.

use chassis::vault::WrappedKey;
use chrono::{DateTime, Utc};
use proto::{
    notifier::{MessageSent, Template},
    work::Channel,
};
use sqlx::{FromRow, PgConnection};
use uuid::Uuid;

/// A message to add.
pub struct NewMessage<'a> {
    /// Which.
    pub message_id: Uuid,
    /// What made it necessary.
    pub cause: Uuid,
    /// An opaque id for the receiver.
    pub recipient: Uuid,
    /// Which text.
    pub template: Template,
    /// Text message or e-mail.
    pub channel: Channel,
    /// From then on it is not sent any more.
    pub expires_at: DateTime<Utc>,
    /// Wrapped key and encrypted notice; `None` for one that came too late.
    pub content: Option<(&'a WrappedKey, &'a [u8])>,
}

/// A message that somebody works on.
#[derive(FromRow)]
pub struct Claimed {
    /// Which.
    pub message_id: Uuid,
    /// What made it necessary.
    pub cause: Uuid,
    /// Wrapped.
    pub data_key: WrappedKey,
    /// Encrypted.
    pub notice: Vec<u8>,
    /// How often it was tried, this time included.
    pub attempts: i32,
}

/// A message in the local mailbox.
#[derive(FromRow)]
pub struct InMailbox {
    /// Which.
    pub message_id: Uuid,
    /// Wrapped.
    pub data_key: WrappedKey,
    /// Encrypted.
    pub body: Vec<u8>,
    /// When it was sent.
    pub ended_at: DateTime<Utc>,
}

/// How an attempt ended.
pub enum End<'a> {
    /// Sent; the local mailbox keeps the encrypted letter.
    Sent(Option<&'a [u8]>),
    /// It will never be sent.
    Failed,
    /// To be tried again.
    Later(DateTime<Utc>),
}

/// Enters messages in the ledger. Returns the ids of those that stand there, one for one: another when the same message was
/// asked for before, also at this very moment, or was sent before a restore.
pub async fn enter(
    conn: &mut PgConnection,
    messages: &[NewMessage<'_>],
    now: DateTime<Utc>,
) -> Result<Vec<Uuid>, sqlx::Error> {
    fn column<T>(messages: &[NewMessage<'_>], of: impl Fn(&NewMessage<'_>) -> T) -> Vec<T> {
        messages.iter().map(of).collect()
    }
    let causes = column(messages, |message| message.cause);
    let recipients = column(messages, |message| message.recipient);
    let templates = column(messages, |message| message.template.name().to_owned());
    // In one order, so that two replicas never wait for each other.
    sqlx::query(
        "insert into messages (message_id, cause, recipient, template, channel, state, data_key, notice,
                               due_at, expires_at, accepted_at, ended_at)
         select message_id, cause, recipient, template, channel,
                case when notice is null then 'expired' else 'waiting' end, data_key, notice,
                $9, expires_at, $9, case when notice is null then $9 end
         from unnest($1::uuid[], $2::uuid[], $3::uuid[], $4::text[], $5::text[], $6::bytea[], $7::bytea[],
                     $8::timestamptz[])
              as asked (message_id, cause, recipient, template, channel, data_key, notice, expires_at)
         where not exists (select from sent_before_restore as sent
                           where sent.cause = asked.cause and sent.template = asked.template)
         order by cause, recipient, template
         on conflict (cause, recipient, template) do nothing",
    )
    .bind(column(messages, |message| message.message_id))
    .bind(&causes)
    .bind(&recipients)
    .bind(&templates)
    .bind(column(messages, |message| message.channel.name().to_owned()))
    .bind(column(messages, |message| message.content.map(|(data_key, _)| data_key.0.clone())))
    .bind(column(messages, |message| message.content.map(|(_, notice)| notice.to_vec())))
    .bind(column(messages, |message| message.expires_at))
    .bind(now)
    .execute(&mut *conn)
    .await?;
    sqlx::query_scalar(
        "select coalesce((select message_id from sent_before_restore as sent
                          where sent.cause = asked.cause and sent.template = asked.template),
                         (select message_id from messages
                          where (messages.cause, messages.recipient, messages.template)
                              = (asked.cause, asked.recipient, asked.template)))
         from unnest($1::uuid[], $2::uuid[], $3::text[]) with ordinality as asked (cause, recipient, template, n)
         order by n",
    )
    .bind(&causes)
    .bind(&recipients)
    .bind(&templates)
    .fetch_all(conn)
    .await
}

/// Ends messages that are too late, unless somebody is handing them over; returns how many.
pub async fn expire(conn: &mut PgConnection, now: DateTime<Utc>) -> Result<u64, sqlx::Error> {
    let done = sqlx::query(
        "update messages set state = 'expired', data_key = null, notice = null, ended_at = $1
         where message_id in (select message_id from messages
                              where notice is not null and due_at <= $1 and expires_at <= $1
                              limit 1000 for update skip locked)",
    )
    .bind(now)
    .execute(conn)
    .await?;
    Ok(done.rows_affected())
}

/// Holds what is due and nobody waits for until the end of the quiet hours.
pub async fn hold(
    conn: &mut PgConnection,
    now: DateTime<Utc>,
    until: DateTime<Utc>,
    waited_for: &[&str],
) -> Result<(), sqlx::Error> {
    sqlx::query(
        "update messages set due_at = $2
         where message_id in (select message_id from messages
                              where notice is not null and due_at <= $1 and template <> all($3)
                              for update skip locked)",
    )
    .bind(now)
    .bind(until)
    .bind(waited_for)
    .execute(conn)
    .await?;
    Ok(())
}

/// Claims messages that are due, oldest first: nobody else gets them before `until`. A claim that is
/// never ended, because the process died, runs out by itself.
pub async fn claim(
    conn: &mut PgConnection,
    now: DateTime<Utc>,
    until: DateTime<Utc>,
    limit: i64,
) -> Result<Vec<Claimed>, sqlx::Error> {
    sqlx::query_as(
        "update messages set state = 'handing', due_at = $2, attempts = attempts + 1
         where message_id in (select message_id from messages
                              where notice is not null and due_at <= $1
                              order by due_at limit $3 for update skip locked)
         returning message_id, cause, data_key, notice, attempts",
    )
    .bind(now)
    .bind(until)
    .bind(limit)
    .fetch_all(conn)
    .await
}

/// Writes down that a message was sent after the backup from which these tables are: one that waits here ends, and
/// one that is not here blocks its cause and template.
pub async fn was_sent(
    conn: &mut PgConnection,
    sent: &MessageSent,
    now: DateTime<Utc>,
) -> Result<(), sqlx::Error> {
    let done = sqlx::query(
        "update messages set state = 'sent', data_key = null, notice = null, body = null, ended_at = $2
         where message_id = $1",
    )
    .bind(sent.message_id.0)
    .bind(now)
    .execute(&mut *conn)
    .await?;
    if done.rows_affected() == 0 {
        sqlx::query(
            "insert into sent_before_restore (cause, template, message_id) values ($1, $2, $3)
             on conflict do nothing",
        )
        .bind(sent.cause)
        .bind(sent.template.name())
        .bind(sent.message_id.0)
        .execute(conn)
        .await?;
    }
    Ok(())
}

/// Whether this claim still holds: a message goes when its receiver is erased, and another worker may have
/// ended it.
pub async fn is_in_hand(conn: &mut PgConnection, message_id: Uuid) -> Result<bool, sqlx::Error> {
    sqlx::query_scalar("select exists (select 1 from messages where message_id = $1 and state = 'handing')")
        .bind(message_id)
        .fetch_one(conn)
        .await
}

/// Deletes every message of a receiver, those that wait too.
pub async fn delete_of(conn: &mut PgConnection, recipient: Uuid) -> Result<(), sqlx::Error> {
    sqlx::query("delete from messages where recipient = $1").bind(recipient).execute(conn).await?;
    Ok(())
}

/// Writes down how an attempt ended; false when somebody else did so before, whose claim came after
/// this one ran out. What ended is blanked, and with it its key unless the mailbox needs that.
pub async fn end(
    conn: &mut PgConnection,
    message_id: Uuid,
    end: &End<'_>,
    now: DateTime<Utc>,
) -> Result<bool, sqlx::Error> {
    let (state, body, due_at) = match end {
        End::Sent(body) => ("sent", *body, now),
        End::Failed => ("failed", None, now),
        End::Later(due_at) => ("waiting", None, *due_at),
    };
    let done = sqlx::query(
        "update messages
         set state = $2, body = $3, due_at = $4,
             notice = case when $2 = 'waiting' then notice end,
             data_key = case when $2 = 'waiting' or $3 is not null then data_key end,
             ended_at = case when $2 = 'waiting' then null else $5 end
         where message_id = $1 and state = 'handing'",
    )
    .bind(message_id)
    .bind(state)
    .bind(body)
    .bind(due_at)
    .bind(now)
    .execute(conn)
    .await?;
    Ok(done.rows_affected() == 1)
}

/// The newest messages of the local mailbox.
pub async fn in_mailbox(conn: &mut PgConnection, limit: i64) -> Result<Vec<InMailbox>, sqlx::Error> {
    sqlx::query_as(
        "select message_id, data_key, body, ended_at from messages
         where body is not null order by ended_at desc, message_id limit $1",
    )
    .bind(limit)
    .fetch_all(conn)
    .await
}
