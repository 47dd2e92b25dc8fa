//! `run`: services at work until somebody stops them.

use std::{process, sync::Arc};

use chassis::{
    Clock, Config,
    chance::OsChance,
    health,
    platform::{Platform, Surroundings},
    telemetry::{self, Metrics},
};
use clap::Args;
use proto::{Service as Name, permissions::Names};
use tokio::signal::unix::{Signal, SignalKind, signal};
use tokio_util::sync::CancellationToken;

use crate::{
    Failure,
    keeper::{self, Asked},
    services,
};

/// What a shell calls "ended by Ctrl-C".
const ENDED_BY_SIGNAL: i32 = 130;

/// Which services.
#[derive(Debug, Args)]
pub struct Arguments {
    /// `all`, or names of services: notifier, intake, vacancies, matcher, portal; and `streams`, which purges
    /// what is erased and needs the administrator's secrets
    #[arg(required = true, value_name = "SERVICE", value_parser = which)]
    services: Vec<Which>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Which {
    All,
    One(Name),
    Streams,
}

fn which(text: &str) -> Result<Which, String> {
    match text {
        "all" => return Ok(Which::All),
        "streams" => return Ok(Which::Streams),
        _ => {}
    }
    Name::from_name(text).map(Which::One).ok_or_else(|| {
        let names = Name::ALL.map(Name::name).join(", ");
        format!("there is no such service; there are: all, {names}, streams")
    })
}

/// The services asked for, each once, in the order in which they start.
fn chosen(asked: &[Which]) -> Vec<Name> {
    Name::ALL
        .into_iter()
        .filter(|name| asked.contains(&Which::All) || asked.contains(&Which::One(*name)))
        .collect()
}

/// Whether the streams are kept here too.
fn keeps_streams(asked: &[Which]) -> Option<Asked> {
    if asked.contains(&Which::Streams) {
        Some(Asked::Alone)
    } else {
        asked.contains(&Which::All).then_some(Asked::WithAll)
    }
}

/// Starts the services, answers health checks, and drains when told to stop. A second signal ends at once.
pub async fn run(arguments: Arguments) -> Result<(), Failure> {
    let config = Arc::new(Config::from_env()?);
    telemetry::start_logging(&config.log);
    let mut signals = Signals::listen()?;
    let reference = services::reference(&config)?;
    for table in reference.versions() {
        tracing::info!(table.name, table.version, table.rows, "reference data: {table}");
    }
    let names = chosen(&arguments.services);
    let services = names.iter().map(|name| services::service(*name, &reference)).collect();
    let surroundings = Surroundings {
        config: config.clone(),
        names: Names::default(),
        clock: Clock::default(),
        chance: Arc::new(OsChance),
        metrics: Arc::new(Metrics::default()),
        keys: None,
        use_nkeys: true,
    };
    let platform = tokio::select! {
        platform = Platform::start(services, &surroundings) => Arc::new(platform?),
        () = signals.next() => return Ok(()),
    };
    let keeper = match keeps_streams(&arguments.services) {
        Some(asked) => keeper::start(&config, asked, &surroundings.chance).await?,
        None => None,
    };

    let stop_health = CancellationToken::new();
    let mut health = tokio::spawn(health::serve(config.health, platform.clone(), stop_health.clone()));
    let failed = tokio::select! {
        () = signals.next() => None,
        ended = &mut health => Some(format!(
            "health checks cannot be answered at {} (DBJ_HEALTH): {}",
            config.health,
            match ended {
                Ok(Ok(())) => "the server ended by itself".to_owned(),
                Ok(Err(error)) => error.to_string(),
                Err(error) => error.to_string(),
            }
        )),
    };

    tracing::info!("stopping: what is in hand is finished first; a second signal ends at once");
    tokio::spawn(async move {
        signals.next().await;
        process::exit(ENDED_BY_SIGNAL);
    });
    // Health is answered to the end: "not ready" from now on, and alive.
    platform.linger().await;
    if let Some(keeper) = keeper {
        keeper.stop().await;
    }
    platform.stop().await;
    stop_health.cancel();
    tracing::info!("stopped");
    failed.map_or(Ok(()), |reason| Err(reason.into()))
}

/// Ctrl-C and what supervisors send.
struct Signals {
    interrupt: Signal,
    terminate: Signal,
}

impl Signals {
    fn listen() -> std::io::Result<Self> {
        Ok(Self { interrupt: signal(SignalKind::interrupt())?, terminate: signal(SignalKind::terminate())? })
    }

    async fn next(&mut self) {
        tokio::select! { _ = self.interrupt.recv() => (), _ = self.terminate.recv() => () }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn services_start_once_each_and_in_their_own_order() {
        let one = |name| Which::One(name);
        assert_eq!(chosen(&[Which::All, one(Name::Matcher)]), Name::ALL);
        assert_eq!(
            chosen(&[one(Name::Portal), one(Name::Intake), one(Name::Portal)]),
            [Name::Intake, Name::Portal]
        );
    }

    #[test]
    fn the_streams_are_kept_with_all_or_alone() {
        assert_eq!(keeps_streams(&[Which::All]), Some(Asked::WithAll));
        assert_eq!(keeps_streams(&[Which::Streams, Which::One(Name::Intake)]), Some(Asked::Alone));
        assert_eq!(keeps_streams(&[Which::One(Name::Intake)]), None);
        assert_eq!(chosen(&[Which::Streams]), []);
    }

    #[test]
    fn an_unknown_service_is_answered_with_those_that_there_are() {
        assert!(
            which("fairs").unwrap_err().contains("notifier, intake, vacancies, open-hiring, matcher, portal")
        );
    }
}
