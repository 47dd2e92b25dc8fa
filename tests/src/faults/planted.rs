//! What meets mistakes that were planted on purpose, on real servers (RELIABILITY T10): moments that chance alone brings
//! too seldom.

use std::time::Duration;

use chassis::Bus;
use chrono::{NaiveDate, TimeDelta};
use proto::{
    EmployerId, OpeningId, Service,
    vacancies::{ChangeOpening, Opening, PauseOpening, PostOpening, PublishOpening},
};
use sqlx::{Postgres, Transaction};
use tokio::time::Instant;
use uuid::Uuid;

use super::{
    Observer,
    traffic::{manager, opening_details},
};
use crate::{installation::Installation, invented};

/// Longer than the sweep of openings that ran out may be away, and shorter than a service waits for a lock.
const SWEEP: Duration = Duration::from_millis(2_500);
/// Each event takes three seconds to fail, and those about openings that changed again come first.
const FAILS_WITHIN: Duration = Duration::from_mins(1);
/// How often an event must be in hand to be in hand for long.
const MOMENTS: u32 = 10;
/// Changes that meet.
const MEETING: i64 = 6;
/// Openings that wait for the sweep, at most.
const TRIES: u32 = 8;

/// Nobody writes openings at the matcher while this lasts: events fail there, and come back to it later.
pub struct MatcherHeldUp(Transaction<'static, Postgres>);

impl MatcherHeldUp {
    /// From now on.
    ///
    /// # Panics
    /// When PostgreSQL does not do it.
    pub async fn begin(observer: &Observer) -> Self {
        let mut holding = observer.pool.begin().await.expect("PostgreSQL answers");
        let locked = sqlx::raw_sql("lock table matcher.openings in share mode");
        locked.execute(&mut *holding).await.expect("a lock");
        Self(holding)
    }

    /// Until one has failed that says how an opening is now, and that the matcher does not have; or for a minute.
    ///
    /// # Panics
    /// When PostgreSQL does not answer.
    pub async fn until_one_failed(self, observer: &Observer) {
        let is_missed = "select exists (select from matcher.failed_attempts
             join observed.events told using (event_id)
             join vacancies.openings o on o.opening_id = told.aggregate_id and o.version = told.version
             where told.service = 'vacancies' and o.state = 'published' and not exists (
                 select from matcher.openings known
                 where known.opening_id = o.opening_id and known.version = o.version))";
        let began = Instant::now();
        while began.elapsed() < FAILS_WITHIN {
            let missed = sqlx::query_scalar(is_missed).fetch_one(&observer.pool).await;
            if missed.expect("PostgreSQL answers") {
                break;
            }
            tokio::time::sleep(Duration::from_millis(50)).await;
        }
        self.0.rollback().await.expect("PostgreSQL answers");
    }
}

/// Whoever changes openings waits for a moment before writing, so that several have read the same.
///
/// # Panics
/// When PostgreSQL does not answer.
pub async fn changes_meet(observer: &Observer) {
    let mut holding = observer.pool.begin().await.expect("PostgreSQL answers");
    let locked = sqlx::raw_sql("lock table vacancies.openings in share mode");
    locked.execute(&mut *holding).await.expect("a lock");
    let began = Instant::now();
    while waiting(observer).await < MEETING && began.elapsed() < Duration::from_secs(1) {
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
    holding.rollback().await.expect("PostgreSQL answers");
}

/// A relay of the vacancies stands still with an event in hand: more happens to the same opening, and the other relay
/// sends that. `false` when nothing more can happen to it.
///
/// # Panics
/// When the servers do not answer.
pub async fn is_overtaken(installation: &Installation, observer: &Observer) -> bool {
    let bus = installation.bus(Service::Portal).await;
    // What is in hand at the one that works is so for a moment only.
    let mut held = in_hand(observer).await;
    for _ in 0..MOMENTS {
        tokio::time::sleep(Duration::from_millis(50)).await;
        let still = in_hand(observer).await;
        held.retain(|row| still.contains(row));
    }
    let mut happened = false;
    for opening_id in held.into_iter().map(|(_, opening)| OpeningId(opening)) {
        // What is closed refuses both; what is paused already takes the first for done.
        let _ = bus.call(&manager(), &PauseOpening { opening_id }).await;
        happened |= bus.call(&manager(), &PublishOpening { opening_id }).await.is_ok();
    }
    happened
}

/// Events that a relay has locked, and their openings.
async fn in_hand(observer: &Observer) -> Vec<(Uuid, Uuid)> {
    sqlx::query_as(
        "with free as (select event_id from vacancies.outbox where published_at is null for update skip locked)
         select event_id, aggregate_id from vacancies.outbox where published_at is null
         and event_id not in (select event_id from free)",
    )
    .fetch_all(&observer.pool)
    .await
    .expect("PostgreSQL answers")
}

/// Openings whose last day has passed are given a later one, each just when it is about to be ended, until one is ended
/// all the same, or enough was tried: the sweep that ends them comes when it comes.
///
/// # Panics
/// When the vacancies do not answer.
pub async fn last_day_is_moved(installation: &Installation, observer: &Observer, number: u32) {
    let bus = installation.bus(Service::Portal).await;
    let employer = invented::employer(&format!("{}", 99_000_000 + number));
    let employer_id = bus.call(&manager(), &employer).await.expect("an employer");
    for _ in 0..TRIES {
        move_last_day(&bus, observer, employer_id).await;
        let ended = "select exists (select from vacancies.openings where employer_id = $1
             and close_reason = 'expired' and last_day > current_date)";
        let ended = sqlx::query_scalar(ended).bind(employer_id.0).fetch_one(&observer.pool).await;
        if ended.expect("PostgreSQL answers") {
            return;
        }
    }
}

async fn move_last_day(bus: &Bus, observer: &Observer, employer_id: EmployerId) {
    let details = opening_details("Werk dat afloopt", 1);
    let post = PostOpening { employer_id, details: details.clone(), publish: true };
    let opening_id = bus.call(&manager(), &post).await.expect("an opening");
    let version = bus.call(&manager(), &Opening { opening_id }).await.expect("it is there").version;

    // Nobody may touch it while its day passes and both come for it: first who changes it, then the sweep.
    let ran_out = "update vacancies.openings set closes_on = current_date - 1 where opening_id = $1";
    sqlx::query(ran_out)
        .bind(opening_id.0)
        .execute(&observer.pool)
        .await
        .expect("its last day was yesterday");
    let mut holding = observer.pool.begin().await.expect("PostgreSQL answers");
    let lock = sqlx::query("select from vacancies.openings where opening_id = $1 for update");
    lock.bind(opening_id.0).execute(&mut *holding).await.expect("a lock");
    let today: NaiveDate =
        sqlx::query_scalar("select current_date").fetch_one(&mut *holding).await.expect("a day");
    let later = Some(today + TimeDelta::days(30));
    let details = proto::vacancies::OpeningDetails { closes_on: later, ..details };
    let change = ChangeOpening { opening_id, version, details, after_advice: None };
    let changing = tokio::spawn({
        let bus = bus.clone();
        async move { bus.call(&manager(), &change).await.is_ok() }
    });
    let began = Instant::now();
    while waiting(observer).await < 2 && began.elapsed() < SWEEP {
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
    holding.rollback().await.expect("PostgreSQL answers");
    // Refused when the sweep was first: then it was right.
    let _ = changing.await;
}

/// Sessions of the vacancies that wait for a lock.
async fn waiting(observer: &Observer) -> i64 {
    sqlx::query_scalar(
        "select count(*) from pg_stat_activity
         where application_name = 'dichterbij-vacancies' and wait_event_type = 'Lock'",
    )
    .fetch_one(&observer.pool)
    .await
    .expect("PostgreSQL answers")
}
