//! `make soak FOR=10m`: everything that can break breaks, in an order that chance chooses and for as long as told, under
//! people who go on. After every few faults everyone stops, all comes to rest, and everything that was ever answered is held
//! against what the tables and streams hold. Nothing may be lost, doubled or out of order; the first thing that is ends it.
//!
//! What breaks is dealt like cards: nothing comes a second time before everything came once, and what time did not suffice
//! for is named at the end. A cluster that loses leaders, a database that is lost and restored and a rush on one line have
//! installations of their own, so they come between two acts; `--only-rush` is the rush alone.

use std::{collections::VecDeque, process::ExitCode, sync::Arc, time::Duration};

use chassis::{faults::CrashPoint, harness::eventually};
use clap::Parser;
use dichterbij_tests::{
    faults::{
        ASKED, Amount, Bad, Damage, Dice, Happening, History, Injected, LEADER_LOST, Observer, Proxy,
        RESTORED, Traffic, all_ready, begun, check, damage, filled, forgotten_transactions, hang_up, level,
        lose_leaders, lose_the_database, seed,
    },
    installation::{Installation, Replica},
    rush::{self, RUSH},
};
use proto::{Stream, permissions::Names};
use tokio::time::Instant;

/// Faults between two looks at everything.
const IN_ONE_ACT: u64 = 6;
/// In this play everything that an outage of a quarter of an hour outlasts takes a twentieth of its time: alarms (30 s),
/// how long a stream knows ids (2 min), audits (1 min). What a request, a relay or a lock waits is as it is.
const TIMES_FASTER: u32 = 20;
/// How long a server is away when it is away for long: a quarter of an hour, in the measure of this play.
const OUTAGE: Duration = Duration::from_secs(15 * 60 / TIMES_FASTER as u64);
/// How long streams know ids, in the same measure.
const KNOWN_IDS: Duration = Duration::from_secs(2 * 60 / TIMES_FASTER as u64);
/// Of a cluster, in one go.
const LEADERS: u64 = 3;
/// Under one rush.
const WAVES: usize = 50;

#[derive(Debug, Parser)]
struct Arguments {
    /// How long: 90s, 10m, 2h
    #[arg(long = "for", default_value = "10m", value_parser = duration)]
    how_long: Duration,
    /// The rush on one line, and nothing else
    #[arg(long)]
    only_rush: bool,
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
    fn all() -> Vec<Self> {
        let links = (0..2).flat_map(|link| Bad::ALL.map(move |bad| Self::Link(link, bad)));
        Happening::ALL
            .map(Self::Happens)
            .into_iter()
            .chain(links)
            .chain(Damage::ALL.map(Self::Stream))
            .chain(CrashPoint::ALL.map(Self::Crash))
            .chain([Self::Purge, Self::LongReader, Self::PostgresAway, Self::NatsAway, Self::HangUps])
            .collect()
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
            Self::PostgresAway => "outage of PostgreSQL, of 15 min made short".to_owned(),
            Self::NatsAway => "outage of NATS, of 15 min made short".to_owned(),
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

    /// Both replicas, started again where one ended.
    fn both_run(&mut self) {
        if !self.replicas[0].process.is_running() {
            self.replicas[0] = self.installation.run(&["all"]);
        }
        if !self.replicas[1].process.is_running() {
            self.replicas[1] = self.behind_links(&[]);
        }
    }

    async fn is_alarmed(&self, kind: &str) {
        let kind = format!(" {kind}: ");
        let says = async || self.replicas[0].alarms().await.contains(&kind);
        eventually("somebody is told that a server is away", says).await;
    }

    async fn purge(&mut self) {
        self.damaged = true;
        let context = self.installation.administrator().await;
        let stream = context.get_stream(Names::default().stream(Stream::Facts)).await;
        stream.expect("the stream is there").purge().await.expect("an operator may purge");
    }

    /// The second replica dies at this point; `false` when it did not come by.
    async fn crashes(&mut self, point: CrashPoint) -> bool {
        self.replicas[1] = self.behind_links(&[("DBJ_CRASH_AT", point.name())]);
        // What one replica does for both, the second does once the first is gone.
        let alone = point.name().starts_with("relay-") || point == CrashPoint::AuditBeforeRefill;
        if point == CrashPoint::AuditBeforeRefill {
            self.replicas[1].ready().await;
        }
        if alone {
            self.replicas[0].process.kill();
        }
        if point == CrashPoint::AuditBeforeRefill {
            // There must be something to refill.
            self.purge().await;
        }
        let died = self.replicas[1].process.ended_within(Duration::from_mins(1)).await.is_some();
        self.replicas[1] = self.behind_links(&[]);
        if alone {
            self.replicas[0] = self.installation.run(&["all"]);
        }
        if point == CrashPoint::AuditBeforeRefill {
            filled(&self.installation, &self.observer).await;
        }
        died
    }

    /// Does it; `false` when it did not come to it.
    async fn breaks(&mut self, fault: Fault, history: &History) -> bool {
        // Whoever was starting when the fault before came by has ended, and is started again as a supervisor would.
        self.both_run();
        match fault {
            Fault::Happens(what) => {
                if what == Happening::TwoRelays {
                    all_ready(&self.installation, &mut self.replicas).await;
                }
                // A server or a clock is there for both; of replicas the first, which has no links to be bad.
                let clocks = [Happening::ClocksJump, Happening::PostgresClockJumps];
                let those = if clocks.contains(&what) { 2 } else { 1 };
                let replicas = &mut self.replicas[..those];
                what.happens(&mut self.installation, replicas, &self.observer, history, &self.dice).await;
            }
            Fault::Link(which, bad) => {
                // Somebody must use the link.
                self.replicas[1].ready().await;
                bad.is(&self.links[which], history).await;
            }
            Fault::Stream(what) => {
                self.damaged = true;
                self.installation.nats.kill();
                let stream = Names::default().stream(Stream::Facts);
                damage(&self.installation.nats.store, &stream, what, &self.dice);
                self.installation.nats.start_again().await;
                filled(&self.installation, &self.observer).await;
            }
            Fault::Purge => {
                self.purge().await;
                filled(&self.installation, &self.observer).await;
            }
            Fault::Crash(point) => return self.crashes(point).await,
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
                self.is_alarmed("postgres").await;
                tokio::time::sleep(OUTAGE).await;
                self.installation.postgres.start_again().await;
            }
            Fault::NatsAway => {
                for stream in Stream::ALL {
                    self.installation.remember_ids_for(stream, KNOWN_IDS).await;
                }
                self.installation.nats.stop().await;
                self.is_alarmed("nats").await;
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

impl Stage {
    async fn set(seed: u64) -> Self {
        let mut installation = Installation::start().await;
        let faster = [("DBJ_AUDIT_SECONDS", 60), ("DBJ_ALARM_SECONDS", 30)];
        for (name, seconds) in faster {
            let seconds = (seconds / TIMES_FASTER).max(1);
            installation.settings.insert(name.to_owned(), seconds.to_string());
        }
        let observer = Observer::start(&installation).await;
        let links = [
            Proxy::start(installation.nats.port, Dice::new(seed, 5_000_001)).await,
            Proxy::start(installation.postgres.port, Dice::new(seed, 5_000_002)).await,
        ];
        let replicas = vec![installation.run(&["all"])];
        let dice = Dice::new(seed, 5_000_000);
        let mut stage = Self { installation, observer, replicas, links, dice, damaged: false };
        let second = stage.behind_links(&[]);
        stage.replicas.push(second);
        for replica in &mut stage.replicas {
            replica.ready().await;
        }
        stage
    }

    /// Everyone goes on while a few things break; then all must come to rest, and everything is held against everything.
    async fn act(
        &mut self,
        cards: &mut VecDeque<Fault>,
        injected: &Injected,
        history: &Arc<History>,
        seed: u64,
    ) -> Vec<String> {
        let traffic = Traffic::go_on(&self.installation, seed, Amount::default(), history.clone()).await;
        begun(&self.installation).await;
        for _ in 0..IN_ONE_ACT {
            let Some(fault) = cards.pop_front() else { break };
            history.goes_on(20).await;
            println!("  {}", fault.name());
            if self.breaks(fault, history).await {
                injected.count(fault.name());
                injected.recovered(fault.name(), history.answers_again(&ASKED).await);
            }
        }
        traffic.stop().await;
        self.both_run();
        all_ready(&self.installation, &mut self.replicas).await;
        injected.count("rest after an act");
        injected.recovered("rest after an act", level(&self.installation, &self.observer).await);
        let report = check(&self.installation, &self.observer, &history.read(), !self.damaged).await;
        if !report.wrong.is_empty() {
            println!("{report}");
        }
        report.wrong
    }
}

#[tokio::main]
async fn main() -> ExitCode {
    let arguments = Arguments::parse();
    let seed = seed();
    if arguments.only_rush {
        println!("{}", rush::breaks(seed, WAVES).await);
        return ExitCode::SUCCESS;
    }
    let dice = Dice::new(seed, 5_000_003);
    let (injected, history) = (Injected::default(), Arc::new(History::default()));
    let apart = [LEADER_LOST, RESTORED, RUSH].map(str::to_owned);
    for name in Fault::all().into_iter().map(Fault::name).chain(apart) {
        injected.expect(name);
    }
    let began = Instant::now();
    let time_is_left = || began.elapsed() < arguments.how_long;
    let mut stage = Stage::set(seed).await;
    let (mut acts, mut deals) = (0, 0);
    while time_is_left() {
        deals += 1;
        let mut cards = VecDeque::from(dice.shuffled(Fault::all()));
        let first = acts + 1;
        while time_is_left() && !cards.is_empty() {
            acts += 1;
            let wrong = stage.act(&mut cards, &injected, &history, seed).await;
            let (minutes, commands) = (began.elapsed().as_secs_f64() / 60.0, history.read().commands);
            println!("act {acts}, after {minutes:.1} min: {commands} commands, {} wrong", wrong.len());
            if !wrong.is_empty() {
                println!("{injected}\n{}", wrong.join("\n"));
                return ExitCode::FAILURE;
            }
            // Each once in a deal, whatever time is left for the rest.
            if acts == first {
                println!("  {LEADER_LOST}");
                lose_leaders(seed.wrapping_add(deals), &injected, LEADERS).await;
            } else if acts == first + 1 {
                println!("  {RESTORED}");
                lose_the_database(seed.wrapping_add(deals), &injected).await;
            } else if acts == first + 2 {
                println!("  {RUSH}");
                injected.add(RUSH, rush::breaks(seed.wrapping_add(deals), WAVES).await.total(""));
            }
        }
    }
    let everything = history.read();
    println!("\n{injected}");
    check(&stage.installation, &stage.observer, &everything, !stage.damaged).await.holds();
    println!(
        "commands {}, sent again {}, let go {}, unknown {}, \"not now\" {}, not believed while clocks jumped {}, \
         longest wait {:.1} s",
        everything.commands,
        everything.repeats,
        everything.cancelled,
        everything.unknown,
        everything.unavailable,
        everything.not_believed,
        everything.longest.as_secs_f64()
    );
    let never = injected.never();
    if !never.is_empty() {
        println!("there was no time for: {}", never.join(", "));
    }
    ExitCode::SUCCESS
}
