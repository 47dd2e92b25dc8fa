//! Hands messages that are due to their channel.

use chassis::{Fault, fault::Chain};
use chrono::{DateTime, TimeDelta, Utc};
use proto::{
    MessageId,
    notifier::{MessageSent, Notice, Template},
};

use crate::{
    App,
    domain::{letter::render, quiet},
    store::{
        crypt,
        messages::{self, Claimed, End},
    },
    transport::{Handed, NotHanded},
};

/// Messages in one claim.
const AT_ONCE: i64 = 32;
/// How long a claim holds; then another worker may take it.
const CLAIM: TimeDelta = TimeDelta::seconds(60);
/// The longest pause between two attempts.
const LONGEST_PAUSE_SECONDS: i64 = 60;

/// Claims in one transaction, hands over without any, writes each end with its event in another.
pub async fn hand_over_messages(app: &App) -> Result<(), Fault> {
    loop {
        let mut tx = app.chassis.store.begin().await?;
        let now = tx.now();
        let late = messages::expire(tx.conn(), now).await?;
        if let Some(until) = quiet::until(now).filter(|_| app.transport.wakes_people()) {
            let waited_for: Vec<_> = Template::ALL
                .iter()
                .filter(|template| quiet::is_waited_for(**template))
                .map(|template| template.name())
                .collect();
            messages::hold(tx.conn(), now, until, &waited_for).await?;
        }
        let claimed = messages::claim(tx.conn(), now, now + CLAIM, AT_ONCE).await?;
        tx.commit().await?;
        if late > 0 {
            tracing::warn!(count = late, "messages expired before they could be sent");
        }
        for message in &claimed {
            // One message that cannot be read must not keep the others waiting.
            if let Err(fault) = hand_over(app, message, now).await {
                tracing::error!(
                    message = %MessageId(message.message_id), error = %Chain(&fault), "a message waits"
                );
            }
        }
        if claimed.len() < AT_ONCE as usize {
            return Ok(());
        }
    }
}

async fn hand_over(app: &App, message: &Claimed, now: DateTime<Utc>) -> Result<(), Fault> {
    let key = app.vault().owner(&message.data_key, message.message_id)?;
    let notice: Notice = key.decrypt(crypt::NOTICE, &message.notice)?;
    let letter = render(&notice, &app.house);
    let mut conn = app.chassis.store.pool().acquire().await?;
    if !messages::is_in_hand(&mut conn, message.message_id).await? {
        return Ok(());
    }
    drop(conn);
    let handed = app.transport.hand_over(&letter).await;

    let mut tx = app.chassis.store.begin().await?;
    let kept = key.encrypt(&*tx.chance(), crypt::BODY, &letter);
    let end = match handed {
        Ok(Handed::Away) => End::Sent(None),
        Ok(Handed::IntoMailbox) => End::Sent(Some(&kept)),
        Err(NotHanded::Never) => {
            tracing::error!(message = %MessageId(message.message_id), "a message will never be sent");
            End::Failed
        }
        Err(NotHanded::Later) => {
            let seconds = 1_i64 << message.attempts.clamp(0, 6);
            End::Later(now + TimeDelta::seconds(seconds.min(LONGEST_PAUSE_SECONDS)))
        }
    };
    let at = tx.now();
    let ours = messages::end(tx.conn(), message.message_id, &end, at).await?;
    if ours && matches!(end, End::Sent(_)) {
        tx.publish(MessageSent {
            message_id: MessageId(message.message_id),
            version: 1,
            cause: message.cause,
            template: notice.content.template(),
            channel: letter.channel,
        })
        .await?;
    }
    tx.commit().await?;
    Ok(())
}
