//! Tells people what happened to their places in line.

use std::collections::HashMap;

use chassis::{Fault, Tx};
use chrono::TimeDelta;
use proto::{
    OpeningId,
    intake::Reach,
    notifier::{InLine, Notice},
    vacancies::{OpeningView, OpeningsById},
    work::Channel,
};
use uuid::Uuid;

use super::{
    reach::reach,
    send_notice::{Request, enter_all},
};
use crate::{
    App,
    domain::{notice, quiet, ticket},
    store::{
        named_openings::{self, NamedOpening},
        ticket_news::{self, Claimed},
    },
};

/// News in one claim; no more than intake and vacancies answer about together.
const AT_ONCE: i64 = 100;
/// How long a claim holds: longer than asking intake and vacancies may take.
const CLAIM: TimeDelta = TimeDelta::seconds(60);
/// How Dutch mobile numbers begin: a text message to any other number may reach nobody.
const MOBILE: &str = "+316";

/// Claims in one transaction, asks intake and vacancies without any, enters the messages in the ledger in another: the
/// ledger knows them by ticket, version and template, so each is sent once whoever dies in between.
///
/// Nothing is entered in the quiet hours: what still stands in the morning is told then.
pub async fn tell_tickets(app: &App) -> Result<(), Fault> {
    loop {
        let mut tx = app.chassis.store.begin().await?;
        let now = tx.now();
        if app.transport.wakes_people() && quiet::until(now).is_some() {
            return Ok(());
        }
        ticket_news::expire(tx.conn(), now).await?;
        let claimed = ticket_news::claim(tx.conn(), now, now + CLAIM, AT_ONCE).await?;
        tx.commit().await?;
        if claimed.is_empty() {
            return Ok(());
        }
        // When one of them does not answer, the claims run out.
        let openings = shown(app, &claimed).await?;
        let reaches = reach(app, claimed.iter().map(|news| news.seeker_id), true).await?;

        let mut tx = app.chassis.store.begin().await?;
        named_openings::keep(tx.conn(), &openings).await?;
        let ids: Vec<_> = claimed.iter().map(|news| news.opening_id).collect();
        let named = named_openings::of(tx.conn(), &ids).await?;
        tell(app, &mut tx, &claimed, reaches, &named).await?;
        tx.commit().await?;
        if claimed.len() < AT_ONCE as usize {
            return Ok(());
        }
    }
}

/// The openings of this news that everyone can read now.
async fn shown(app: &App, claimed: &[Claimed]) -> Result<Vec<OpeningView>, Fault> {
    let mut opening_ids: Vec<_> = claimed.iter().map(|news| OpeningId(news.opening_id)).collect();
    opening_ids.sort_unstable();
    opening_ids.dedup();
    let key = app.chassis.chance.uuid_v4();
    Ok(app.chassis.bus.call_as_service(key, &OpeningsById { opening_ids }).await?)
}

async fn tell(
    app: &App,
    tx: &mut Tx,
    claimed: &[Claimed],
    reaches: Vec<Option<Reach>>,
    named: &HashMap<Uuid, NamedOpening>,
) -> Result<(), Fault> {
    let now = tx.now();
    // Between the question and this, some may have been erased, or something else may have happened.
    let seekers: Vec<_> = claimed.iter().map(|news| news.seeker_id).collect();
    let gone = tx.forgotten_among(&seekers).await?;
    let here: Vec<&Claimed> = claimed.iter().filter(|news| !gone.contains(&news.seeker_id)).collect();
    let told = ticket_news::told(tx.conn(), &here, now).await?;
    let mut notices = Vec::with_capacity(told.len());
    for (news, reach) in claimed.iter().zip(reaches) {
        if !told.contains(&news.ticket_id) {
            continue;
        }
        if let Some(notice) = reach.and_then(|reach| notice(app, news, reach, named)) {
            notices.push((news, notice));
        }
    }
    let requests = notices.iter().map(|(news, notice)| Request {
        cause: cause(app, news),
        recipient: news.seeker_id,
        expires_at: news.expires_at,
        notice,
    });
    enter_all(app, tx, &requests.collect::<Vec<_>>()).await?;
    Ok(())
}

/// By what she has. Whom no message reaches is called: that is a task of open-hiring.
fn notice(app: &App, news: &Claimed, reach: Reach, named: &HashMap<Uuid, NamedOpening>) -> Option<Notice> {
    let to = reach.contact?;
    let channel = match &to {
        address if address.contains('@') => Channel::Email,
        number if number.starts_with(MOBILE) => Channel::Sms,
        _ => return None,
    };
    let opening = named.get(&news.opening_id);
    let text = |of: fn(&NamedOpening) -> &String| opening.map(of).cloned().unwrap_or_default();
    let line = InLine {
        title: text(|opening| &opening.title),
        place: text(|opening| &opening.place),
        employer: text(|opening| &opening.employer),
        number: news.number(),
        page: format!("{}/mijn/rij/{}", app.house.address, news.ticket_id),
    };
    let content = ticket::content(news.step(), news.reminds, &news.moments(), line)?;
    let notice = Notice { to, channel, language: reach.language, content };
    let problems = notice::problems(&notice);
    if !problems.is_empty() {
        tracing::error!(codes = ?problems.iter().map(|problem| &problem.code).collect::<Vec<_>>(), "news of a place in line cannot be sent");
        return None;
    }
    Some(notice)
}

/// One id per ticket and version, from which neither can be read: `message_sent` carries it, and must not lead to her.
fn cause(app: &App, news: &Claimed) -> Uuid {
    let what = format!("{} {}", news.ticket_id, news.version);
    let hash = app.vault().blind_index("ticket_news.cause", &what);
    let mut bytes = [0; 16];
    bytes.copy_from_slice(&hash[..16]);
    uuid::Builder::from_custom_bytes(bytes).into_uuid()
}
