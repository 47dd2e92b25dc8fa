//! What happens by the clock. Every replica runs it; rows in another's hand are left to it.

use chassis::{
    Fault, clock,
    faults::{Bug, planted},
};
use chrono::TimeDelta;
use proto::vacancies::CloseReason;

use crate::{
    Vacancies,
    domain::{
        course::{self, UNTOUCHED_DAYS},
        import::UNDO_WITHIN,
        opening::{Effect, Opening},
    },
    events::publish::announce,
    store,
};

/// Openings closed in one transaction, and transactions in one pass.
const CLOSED_AT_ONCE: i64 = 200;
const CLOSING_ROUNDS: usize = 25;
/// Days after which an import, its rows and its report are gone.
const IMPORTS_KEPT_DAYS: i64 = 30;
/// Days after the last such file in which the meaning of its headings is remembered.
const MEANINGS_KEPT_DAYS: i64 = 400;
/// Days after which it is no longer known who was shown a contact person.
const LOOKS_KEPT_DAYS: i64 = 365;

/// Asks of published and paused openings whether they are still open, when that is due.
pub async fn ask_whether_open(app: &Vacancies) -> Result<(), Fault> {
    for _ in 0..CLOSING_ROUNDS {
        let mut tx = app.chassis.store.begin().await?;
        let now = tx.now();
        let today = clock::day(now);
        let untouched_since = now - TimeDelta::days(UNTOUCHED_DAYS as i64);
        let found = store::openings::lock_to_ask(
            tx.conn(),
            today,
            course::asked_until(today),
            untouched_since,
            CLOSED_AT_ONCE,
        )
        .await?;
        let asked: Vec<Opening> = found
            .into_iter()
            .filter_map(|mut opening| {
                let changed_on = clock::day(opening.changed_at);
                opening.ask(now, today, changed_on).then_some(opening)
            })
            .collect();
        if asked.is_empty() {
            return Ok(());
        }
        store::openings::save_questions(tx.conn(), &asked).await?;
        tx.commit().await?;
    }
    Ok(())
}

/// Pauses what employers with a labour conflict show, and shows it again when that is over.
pub async fn follow_labour_conflicts(app: &Vacancies) -> Result<(), Fault> {
    for _ in 0..CLOSING_ROUNDS {
        let mut tx = app.chassis.store.begin().await?;
        let now = tx.now();
        let stepped: Vec<(Opening, Effect)> = store::openings::lock_conflicting(tx.conn(), CLOSED_AT_ONCE)
            .await?
            .into_iter()
            .filter_map(|(mut opening, conflict)| {
                let effect = if conflict { opening.pause(true) } else { opening.publish(now) };
                effect.ok().filter(|effect| *effect != Effect::Nothing).map(|effect| (opening, effect))
            })
            .collect();
        if stepped.is_empty() {
            return Ok(());
        }
        let rows: Vec<Opening> = stepped.iter().map(|(opening, _)| opening.clone()).collect();
        store::openings::save(tx.conn(), &rows, now).await?;
        announce(&mut tx, &stepped).await?;
        tx.commit().await?;
    }
    Ok(())
}

/// Forgets who was shown a contact person, after a year.
pub async fn forget_old_looks(app: &Vacancies) -> Result<(), Fault> {
    let mut tx = app.chassis.store.begin().await?;
    let before = tx.now() - TimeDelta::days(LOOKS_KEPT_DAYS);
    store::contacts::forget_looks_before(tx.conn(), before).await?;
    tx.commit().await?;
    Ok(())
}

/// Closes published and paused openings whose last day has passed.
pub async fn close_expired_openings(app: &Vacancies) -> Result<(), Fault> {
    for _ in 0..CLOSING_ROUNDS {
        let mut tx = app.chassis.store.begin().await?;
        let now = tx.now();
        let today = clock::day(now);
        let expired = if planted(Bug::ExpiryIgnoresVersion) {
            store::openings::lock_once_expired(tx.conn(), today, CLOSED_AT_ONCE).await?
        } else {
            store::openings::lock_expired(tx.conn(), today, CLOSED_AT_ONCE).await?
        };
        if expired.is_empty() {
            return Ok(());
        }
        let closed: Vec<_> = expired
            .into_iter()
            .map(|mut opening| {
                let effect = opening.close(CloseReason::Expired);
                (opening, effect)
            })
            .collect();
        let rows: Vec<Opening> = closed.iter().map(|(opening, _)| opening.clone()).collect();
        store::openings::save(tx.conn(), &rows, now).await?;
        announce(&mut tx, &closed).await?;
        tx.commit().await?;
    }
    Ok(())
}

/// Empties what is kept of imports to show and to undo them, when that time is over, and deletes those
/// that nobody went on with.
pub async fn empty_import_cells(app: &Vacancies) -> Result<(), Fault> {
    let mut tx = app.chassis.store.begin().await?;
    let now = tx.now();
    let before = now - UNDO_WITHIN;
    store::imports::empty_before(tx.conn(), before, now, 5).await?;
    store::imports::forget_never_run(tx.conn(), before, 5).await?;
    tx.commit().await?;
    Ok(())
}

/// Deletes imports that are older than anyone asks for, and forgets headings that came no more;
/// openings stay.
pub async fn forget_old_imports(app: &Vacancies) -> Result<(), Fault> {
    let mut tx = app.chassis.store.begin().await?;
    let now = tx.now();
    store::imports::forget_before(tx.conn(), now - TimeDelta::days(IMPORTS_KEPT_DAYS), 5).await?;
    store::imports::forget_meanings(tx.conn(), now - TimeDelta::days(MEANINGS_KEPT_DAYS)).await?;
    tx.commit().await?;
    Ok(())
}
