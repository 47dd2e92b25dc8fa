//! `make soak FOR=10m`: everything that can break breaks, at random and for as long as told, under people who go on.
//! After every few faults everyone stops, all comes to rest, and everything that was ever answered is held against what
//! the tables and streams hold. Nothing may be lost, doubled or out of order; the first thing that is ends it.

use std::{process::ExitCode, sync::Arc, time::Duration};

use chassis::faults::CrashPoint;
use clap::Parser;
use dichterbij_tests::{
    faults::{
        Amount, Bad, Damage, Dice, Happening, History, Injected, Observer, Proxy, Traffic, all_ready, check,
        damage, filled, forgotten_transactions, hang_up, level, seed,
    },
    installation::{Installation, Replica},
};
use proto::{Service, Stream, permissions::Names};
use tokio::time::Instant;

/// Those that people ask something of in this traffic.
const ASKED: [Service; 3] = [Service::Intake, Service::Vacancies, Service::Portal];
/// Faults between two looks at everything.
const IN_ONE_ACT: u64 = 6;
/// How long a server is away when it is away for long: a quarter of an hour, in the measure of this play.
const OUTAGE: Duration = Duration::from_secs(25);

#[derive(Debug, Parser)]
struct Arguments {
    /// How long: 90s, 10m, 2h
    #[arg(long = "for", default_value = "10m", value_parser = duration)]
    how_long: Duration,
}

fn duration(text: &str) -> Result<Duration, String> {
    let (number, unit) = text.split_at(text.len().saturating_sub(1));
    let number: u64 = number.parse().map_err(|_| format!("{text} is no duration like 90s, 10m, 2h"))?;
    match unit {
        "s" => Ok(Duration::from_secs(number)),
        "m" => Ok(Duration::from_mins(number)),
        "h" => Ok(Duration::from_hours(number)),
        _ => Err(format!("{text} is no duration like 90s, 10m, 2h")),
    }
}

/// What can break.
#[derive(Debug, Clone, Copy)]
enum Fault {
    Happens(Happening),
    Link(usize, Bad),
    Stream(Damage),
    Purge,
    Crash(CrashPoint),
    LongReader,
    PostgresAway,
    NatsAway,
    HangUps,
}

impl Fault {
    fn any(dice: &Dice) -> Self {
        match dice.below(20) {
            0..8 => Self::Happens(*dice.one(&Happening::ALL)),
            8..12 => Self::Link(dice.below(2) as usize, *dice.one(&Bad::ALL)),
            12..16 => Self::Crash(*dice.one(&CrashPoint::ALL)),
            16 => Self::Stream(*dice.one(&Damage::ALL)),
            17 => Self::Purge,
            18 => *dice.one(&[Self::LongReader, Self::HangUps]),
            _ => *dice.one(&[Self::PostgresAway, Self::NatsAway]),
        }
    }

    fn name(self) -> String {
        match self {
            Self::Happens(what) => what.name().to_owned(),
            Self::Link(0, bad) => format!("{} to NATS", bad.name()),
            Self::Link(_, bad) => format!("{} to PostgreSQL", bad.name()),
            Self::Stream(what) => what.name().to_owned(),
            Self::Purge => "purge by an operator".to_owned(),
            Self::Crash(point) => format!("kill at {}", point.name()),
            Self::LongReader => "reader that holds on".to_owned(),
            Self::PostgresAway => "long outage of PostgreSQL".to_owned(),
            Self::NatsAway => "long outage of NATS".to_owned(),
            Self::HangUps => "visitors who hang up".to_owned(),
        }
    }
}

struct Stage {
    installation: Installation,
    observer: Observer,
    replicas: Vec<Replica>,
    links: [Proxy; 2],
    dice: Dice,
    /// Whether a stream was damaged, so that what was filled stands in another order.
    damaged: bool,
}

impl Stage {
    /// One more replica, behind the links.
    fn behind_links(&self, settings: &[(&str, &str)]) -> Replica {
        let nats = format!("nats://127.0.0.1:{}", self.links[0].port);
        let postgres = self.installation.postgres.url_at(self.links[1].port);
        let links = [("NATS_URL", &*nats), ("DATABASE_URL", &*postgres)];
        self.installation.run_with(&["all"], &[&links[..], settings].concat())
    }

    /// Does it; `false` when it did not come to it.
    async fn breaks(&mut self, fault: Fault, history: &History) -> bool {
        match fault {
            Fault::Happens(what) => {
                what.happens(
                    &mut self.installation,
                    &mut self.replicas[..1],
                    &self.observer,
                    history,
                    &self.dice,
                )
                .await;
            }
            Fault::Link(which, bad) => bad.is(&self.links[which], history).await,
            Fault::Stream(what) => {
                self.damaged = true;
                self.installation.nats.kill();
                let stream = Names::default().stream(Stream::Facts);
                damage(&self.installation.nats.store, &stream, what, &self.dice);
                self.installation.nats.start_again().await;
                filled(&self.installation, &self.observer).await;
            }
            Fault::Purge => {
                self.damaged = true;
                let context = self.installation.administrator().await;
                let stream = context.get_stream(Names::default().stream(Stream::Facts)).await;
                stream.expect("the stream is there").purge().await.expect("an operator may purge");
                filled(&self.installation, &self.observer).await;
            }
            Fault::Crash(point) => {
                let next = self.behind_links(&[("DBJ_CRASH_AT", point.name())]);
                self.replicas[1] = next;
                let died = self.replicas[1].process.ended_within(Duration::from_secs(20)).await.is_some();
                self.replicas[1] = self.behind_links(&[]);
                return died;
            }
            Fault::LongReader => {
                let mut reader = self.observer.pool.begin().await.expect("PostgreSQL answers");
                let rows: Result<i64, _> =
                    sqlx::query_scalar("select count(*) from observed.events").fetch_one(&mut *reader).await;
                rows.expect("PostgreSQL answers");
                history.goes_on(60).await;
                drop(reader);
            }
            Fault::PostgresAway => {
                self.installation.postgres.stop().await;
                tokio::time::sleep(OUTAGE).await;
                self.installation.postgres.start_again().await;
            }
            Fault::NatsAway => {
                self.installation.nats.stop().await;
                tokio::time::sleep(OUTAGE).await;
                self.installation.nats.start_again().await;
            }
            Fault::HangUps => {
                hang_up(&self.replicas[0].pages, 1_000, &self.dice).await;
                history.goes_on(5).await;
                assert_eq!(forgotten_transactions(&self.observer).await, 0, "nobody forgets a transaction");
            }
        }
        true
    }
}

#[tokio::main]
async fn main() -> ExitCode {
    let arguments = Arguments::parse();
    let seed = seed();
    let mut installation = Installation::start().await;
    installation.settings.insert("DBJ_AUDIT_SECONDS".to_owned(), "2".to_owned());
    let observer = Observer::start(&installation).await;
    let links = [
        Proxy::start(installation.nats.port, Dice::new(seed, 5_000_001)).await,
        Proxy::start(installation.postgres.port, Dice::new(seed, 5_000_002)).await,
    ];
    let replicas = vec![installation.run(&["all"])];
    let dice = Dice::new(seed, 5_000_000);
    let mut stage = Stage { installation, observer, replicas, links, dice, damaged: false };
    let second = stage.behind_links(&[]);
    stage.replicas.push(second);
    for replica in &mut stage.replicas {
        replica.ready().await;
    }
    let (injected, history) = (Injected::default(), Arc::new(History::default()));
    let began = Instant::now();
    let mut acts = 0;
    while began.elapsed() < arguments.how_long {
        acts += 1;
        let traffic = Traffic::go_on(&stage.installation, seed, Amount::default(), history.clone()).await;
        for _ in 0..IN_ONE_ACT {
            history.goes_on(20).await;
            let fault = Fault::any(&stage.dice);
            if stage.breaks(fault, &history).await {
                injected.count(fault.name());
                injected.recovered(fault.name(), history.answers_again(&ASKED).await);
            }
        }
        traffic.stop().await;
        if !stage.replicas[1].process.is_running() {
            stage.replicas[1] = stage.behind_links(&[]);
        }
        all_ready(&stage.installation, &mut stage.replicas).await;
        injected.count("rest after an act");
        injected.recovered("rest after an act", level(&stage.installation, &stage.observer).await);
        let report = check(&stage.installation, &stage.observer, &history.read(), !stage.damaged).await;
        let (minutes, commands) = (began.elapsed().as_secs_f64() / 60.0, history.read().commands);
        println!("act {acts}, after {minutes:.1} min: {commands} commands, {} wrong", report.wrong.len());
        if !report.wrong.is_empty() {
            println!("{injected}\n{report}{}", report.wrong.join("\n"));
            return ExitCode::FAILURE;
        }
    }
    let everything = history.read();
    println!("\n{injected}");
    check(&stage.installation, &stage.observer, &everything, !stage.damaged).await.holds();
    println!(
        "commands {}, sent again {}, let go {}, unknown {}, \"not now\" {}, longest wait {:.1} s",
        everything.commands,
        everything.repeats,
        everything.cancelled,
        everything.unknown,
        everything.unavailable,
        everything.longest.as_secs_f64()
    );
    injected.none_is_zero();
    ExitCode::SUCCESS
}
