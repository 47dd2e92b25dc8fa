//! Puts the messages of new invitations on their way, once each however often it is tried.

use chassis::Fault;
use proto::{
    notifier::{Notice, NoticeContent, SendNotice},
    work::{Channel, Language},
};

use crate::{
    Portal,
    store::{accounts::Sealer, invitations},
};

/// Sends what waits; one transaction an invitation, so that replicas share the work.
pub(crate) async fn send_invitations(app: &Portal) -> Result<(), Fault> {
    let chassis = &app.chassis;
    loop {
        let mut tx = chassis.store.begin().await?;
        let Some(row) = invitations::claim_unsent(tx.conn()).await? else { return Ok(()) };
        let sealer = Sealer::new(&chassis.keys);
        let personal = sealer.open_personal(&row.data_key, row.invitation_id, &row.personal)?;
        let stored = row.code.as_deref().unwrap_or_default();
        let code = sealer.open_secret(&row.data_key, row.invitation_id, stored)?;
        let notice = Notice {
            to: personal.email,
            channel: Channel::Email,
            language: Language::Nl,
            content: NoticeContent::Invitation {
                organisation: "Dichterbij".to_owned(),
                code: String::from_utf8_lossy(&code).into_owned(),
                page: format!("{}/uitnodiging", app.public_address()),
            },
        };
        let command = SendNotice {
            cause: row.invitation_id,
            recipient: row.invitation_id,
            expires_at: row.expires_at,
            notice: chassis.keys.seal(proto::Service::Notifier, &notice),
        };
        // The ledger of the notifier knows cause and recipient, so a crash after this sends nothing twice. The key
        // is new each time, because a sealed box never looks the same twice.
        chassis.bus.call_as_service(chassis.chance.uuid_v4(), &command).await?;
        invitations::forget_code(tx.conn(), row.invitation_id).await?;
        tx.commit().await?;
    }
}
