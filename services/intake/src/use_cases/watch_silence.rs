//! Asks people who were not heard of for long whether they still look, pauses who does not answer, and
//! erases who stays silent; each step as `domain::availability` says.

use chassis::{Fault, Tx, fault::Chain};
use chrono::{DateTime, TimeDelta, Utc};
use proto::notifier::NoticeContent;
use uuid::Uuid;

use super::{erase_seeker, of_person::republish, tell::tell};
use crate::{
    App,
    domain::availability::{Step, is_waking_hour, pause_ends},
    store::{
        availability::{self, AvailabilityRow},
        seekers,
    },
};

/// People in one transaction.
const AT_ONCE: i64 = 100;
/// How long a question may wait for a carrier.
const QUESTION_LIFE: TimeDelta = TimeDelta::days(7);

/// Only while people are awake. Goes on until nobody is left to look at.
pub async fn watch_silence(app: &App) -> Result<(), Fault> {
    loop {
        let mut tx = app.chassis.store.begin().await?;
        let now = tx.now();
        if !is_waking_hour(now) {
            return Ok(());
        }
        let due = availability::take_silent(tx.conn(), now, AT_ONCE).await?;
        for seeker_id in &due {
            match take_steps(app, &mut tx, *seeker_id).await {
                Ok(()) => {}
                // One record that cannot be read must not keep the others from being erased in time.
                Err(fault @ Fault::Broken { .. }) => {
                    tracing::error!(seeker.id = %seeker_id, error = %Chain(&fault), "silence of a person is not looked at");
                    availability::look_again(tx.conn(), *seeker_id, now + TimeDelta::days(1)).await?;
                }
                Err(fault) => return Err(fault),
            }
        }
        tx.commit().await?;
        if due.len() < AT_ONCE as usize {
            return Ok(());
        }
    }
}

/// Takes every step that is due for one person: more than one when the clock stood still for months.
async fn take_steps(app: &App, tx: &mut Tx, seeker_id: Uuid) -> Result<(), Fault> {
    let now = tx.now();
    loop {
        let Some(row) = availability::find(tx.conn(), seeker_id).await? else { return Ok(()) };
        let silence = row.silence();
        let mut asked = silence.asked;
        match silence.next_step(now) {
            Step::Nothing => {
                availability::look_again(tx.conn(), seeker_id, silence.look_again_at(now)).await?;
                return Ok(());
            }
            Step::Ask => {
                ask(app, tx, seeker_id, &format!("still looking since {}", silent_since(&row))).await?;
                asked.first = Some(now);
            }
            Step::AskAgain => {
                ask(app, tx, seeker_id, &format!("still looking again since {}", silent_since(&row))).await?;
                asked.again = Some(now);
            }
            Step::Pause => {
                availability::pause(tx.conn(), seeker_id, None, true, now).await?;
                republish(app, tx, seeker_id).await?;
                continue;
            }
            Step::TellKeep { before } => {
                let page = format!("{}/mijn", app.public_address());
                let until = pause_ends(before);
                let occasion = format!("keep before {before}");
                message(app, tx, seeker_id, NoticeContent::Keep { before, page }, &occasion, until).await?;
                asked.keep_told = Some(now);
            }
            Step::Erase => {
                let Some(seeker) = seekers::lock(tx.conn(), seeker_id).await? else { return Ok(()) };
                return erase_seeker(app, tx, &seeker).await;
            }
        }
        availability::save_asked(tx.conn(), seeker_id, &asked).await?;
    }
}

/// The sign of life, or the end of a pause, since when she is silent: what is asked about it is asked once.
fn silent_since(row: &AvailabilityRow) -> DateTime<Utc> {
    row.resumed_at.map_or(row.last_heard_at, |resumed| resumed.max(row.last_heard_at))
}

async fn ask(app: &App, tx: &mut Tx, seeker_id: Uuid, occasion: &str) -> Result<(), Fault> {
    let page = format!("{}/mijn", app.public_address());
    let until = tx.now() + QUESTION_LIFE;
    message(app, tx, seeker_id, NoticeContent::StillLooking { page }, occasion, until).await
}

async fn message(
    app: &App,
    tx: &mut Tx,
    seeker_id: Uuid,
    content: NoticeContent,
    occasion: &str,
    until: DateTime<Utc>,
) -> Result<(), Fault> {
    let Some(seeker) = seekers::lock(tx.conn(), seeker_id).await? else { return Ok(()) };
    tell(app, tx, &seeker, None, content, occasion, until).await
}
