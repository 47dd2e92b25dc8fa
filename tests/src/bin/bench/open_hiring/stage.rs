//! Every service with the portal's pages, and lines that are open.

use std::{net::SocketAddr, path::PathBuf, sync::Arc, time::Duration};

use chassis::{harness::TestPlatform, together::Bounds};
use chrono::{Days, TimeDelta};
use dichterbij_tests::{
    invented::{self, manager},
    site::{fill_assets, free_port},
};
use proto::{
    OpeningId, Service as Name,
    open_hiring::{AnswerHours, FirstDay, OpenQueue},
    vacancies::{OpeningDetails, PostOpening, Terms},
};
use reference::Reference;
use sqlx::{PgPool, postgres::PgPoolOptions};
use tokio::time::{Instant, sleep};

use super::PATIENCE;
use crate::Failure;

/// The platform, and a look at its tables that no bound of a service cuts off.
pub(super) struct Stage {
    pub(super) test: TestPlatform,
    pub(super) address: SocketAddr,
    pub(super) tables: PgPool,
    assets: PathBuf,
}

impl Stage {
    pub(super) async fn set(reference: &Arc<Reference>, arrivals: Bounds) -> Result<Self, Failure> {
        let address = SocketAddr::from(([127, 0, 0, 1], free_port()));
        let assets =
            std::env::temp_dir().join(format!("dbj-bench-{}-{}", std::process::id(), address.port()));
        fill_assets(&assets);
        let services = vec![
            intake::service(reference.clone()),
            vacancies::service(reference.clone()),
            open_hiring::service(),
            matcher::service(reference.clone()),
            notifier::service(),
            portal::service_with(reference.clone(), arrivals),
        ];
        let folder = assets.clone();
        let test = TestPlatform::start_with(services, |config| {
            config.http = address;
            config.assets = Some(folder);
            // People come from many networks, as the proxy before the portal tells.
            config.proxies = 1;
        })
        .await;
        let options = test.pool(Name::OpenHiring).connect_options();
        let options = (*options).clone().options([("statement_timeout", "0")]);
        let tables = PgPoolOptions::new().max_connections(2).connect_with(options).await?;
        Ok(Self { test, address, tables, assets })
    }

    /// Stops everything and removes what was written.
    pub(super) async fn strike(self) {
        self.tables.close().await;
        self.test.stop().await;
        let _ = std::fs::remove_dir_all(&self.assets);
    }

    /// Opens so many lines, each with one place of work.
    pub(super) async fn open_lines(&self, lines: usize) -> Result<Vec<OpeningId>, Failure> {
        let employer_id = self.test.ask(&manager(), &invented::employer("12345678")).await?;
        let now = self.test.clock.machine_now();
        let mut openings = Vec::with_capacity(lines);
        for _ in 0..lines {
            let terms = Terms::OpenHiring { starts: Vec::new() };
            let details = OpeningDetails { terms, ..invented::opening() };
            let post = PostOpening { employer_id, details, publish: true };
            openings.push(self.test.ask(&manager(), &post).await?);
        }
        let end = Instant::now() + PATIENCE;
        for opening_id in &openings {
            let open = OpenQueue {
                opening_id: *opening_id,
                opens_at: now - TimeDelta::minutes(1),
                answer_hours: AnswerHours { hours: 24, from: 0, until: 24 },
                is_standing: true,
                first_days: vec![FirstDay { on: chassis::clock::day(now) + Days::new(30), places: 1 }],
            };
            // Open-hiring hears of an opening a moment after it was posted.
            while let Err(problem) = self.test.ask(&manager(), &open).await {
                if Instant::now() > end {
                    return Err(problem.into());
                }
                sleep(Duration::from_millis(20)).await;
            }
        }
        Ok(openings)
    }

    /// Waits until the stream has acknowledged everything that open-hiring told.
    pub(super) async fn relayed(&self) -> Result<(), Failure> {
        let end = Instant::now() + PATIENCE;
        let waits = "select exists (select from open_hiring.outbox where published_at is null)";
        while sqlx::query_scalar(waits).fetch_one(&self.tables).await? {
            if Instant::now() > end {
                return Err("events of the rush still wait".into());
            }
            sleep(Duration::from_millis(20)).await;
        }
        Ok(())
    }

    /// How many changes of places in line intake and the notifier have not heard of yet.
    pub(super) async fn unheard(&self) -> Result<[i64; 2], Failure> {
        let told: i64 = sqlx::query_scalar(
            "select count(*) from open_hiring.outbox join open_hiring.tickets on aggregate_id = ticket_id",
        )
        .fetch_one(&self.tables)
        .await?;
        let heard = async |service| {
            let pool = self.test.pool(service);
            sqlx::query_scalar::<_, i64>("select count(*) from inbox").fetch_one(pool).await
        };
        let (intake, notifier) = (heard(Name::Intake).await?, heard(Name::Notifier).await?);
        Ok([intake, notifier].map(|heard| (told - heard).max(0)))
    }

    /// Waits until everybody has heard everything.
    pub(super) async fn heard(&self) -> Result<(), Failure> {
        let end = Instant::now() + PATIENCE;
        while self.unheard().await? != [0, 0] {
            if Instant::now() > end {
                return Err("intake or the notifier did not hear everything".into());
            }
            sleep(Duration::from_millis(500)).await;
        }
        Ok(())
    }
}
