//! A rush on one line of Open Hiring, while what it stands on breaks: thousands sign up in lists, as portals send them, each list
//! with a key, sent twice or again and out of order; whoever is offered a place answers, or does not. `make test` breaks ten
//! things, `make soak` fifty: [`breaks`] is the same.

use std::{
    collections::HashSet,
    sync::{
        Arc, Mutex, PoisonError,
        atomic::{AtomicBool, AtomicUsize, Ordering},
    },
    time::Duration,
};

use chassis::{Bus, Chance as _, chance::OsChance};
use chrono::{DateTime, NaiveDate, TimeDelta};
use futures::future::join_all;
use proto::{
    Actor, Call, OpeningId, PlaceId, Problem, SeekerId, Service, TicketId,
    open_hiring::{
        Answer, AnswerHours, AnswerOffer, Arrival, ChangeQueue, FirstDay, OpenQueue, QueueChange, SignUp,
        SignedUp, Ways,
    },
    vacancies::{AddEmployer, OpeningDetails, PostOpening, Terms},
};
use sqlx::{AssertSqlSafe, PgPool};
use uuid::Uuid;

use crate::{
    faults::{
        Dice, Happening, History, Injected, Observer, Report, all_ready, history::InLine, level, lines,
    },
    installation::Installation,
    invented::{employer, manager, opening},
};

/// In the counts of a soak.
pub const RUSH: &str = "fault under a rush on one line";
/// Who sign up in each wave, with something broken in it.
const IN_A_WAVE: usize = 1_000;
/// Places of work at the beginning, and more with each wave: somebody is asked all the time.
const PLACES: u16 = 5;
const MORE_PLACES: u16 = 2;
/// Longer than a weekend, so that every offer that is out has run out.
const DAYS: TimeDelta = TimeDelta::days(4);
/// As often at most: after 56 days without a word an opening is asked whether it is still open, and nobody answers here.
const JUMPS: usize = 10;
/// What breaks: each once before any comes again.
const BREAKS: [Happening; 10] = [
    Happening::ReplicaKilled,
    Happening::PostgresKilled,
    Happening::NatsKilled,
    Happening::ReplicaRestarted,
    Happening::PostgresRestarted,
    Happening::SessionsEnded,
    Happening::NatsRestarted,
    Happening::ReplicaFrozen,
    Happening::PostgresFrozen,
    Happening::NatsFrozen,
];

/// A first day that no clock reaches.
const FAR_AWAY: NaiveDate = NaiveDate::from_ymd_opt(2100, 1, 4).expect("it is a day");
/// Portals that send at a time.
const LANES: usize = 8;

/// So many waves of people rush to one line of an installation of its own, and in each something breaks. Every promise is kept once
/// and in order, no place has two people, each is offered to whoever is first, and the ledger proves it.
///
/// # Panics
/// When it is not so.
pub async fn breaks(seed: u64, waves: usize) -> Injected {
    let dice = Dice::new(seed, 5_000_000);
    let mut installation = Installation::start().await;
    let observer = Observer::start(&installation).await;
    let injected = Injected::default();
    let mut replicas = vec![installation.run(&["all"]), installation.run(&["all"])];
    all_ready(&installation, &mut replicas).await;
    let portals = vec![installation.bus(Service::Portal).await, installation.bus(Service::Portal).await];
    let rush = Rush::open(portals, PLACES).await;
    let answering = tokio::spawn(rush.clone().answer(observer.pool.clone(), Dice::new(seed, 5_000_001)));

    let history = History::default();
    let mut deal = Vec::new();
    for wave in 0..waves {
        if deal.is_empty() {
            deal = dice.shuffled(BREAKS.to_vec());
        }
        let what = deal.pop().expect("it was dealt");
        let people = async { tokio::join!(rush.sign_up(IN_A_WAVE, &dice), rush.more_places(MORE_PLACES)) };
        let broken = async {
            tokio::time::sleep(dice.pause(Duration::from_millis(400))).await;
            what.happens(&mut installation, &mut replicas, &observer, &history, &dice).await;
        };
        tokio::join!(people, broken);
        injected.count(what.name());
        // Whoever did not answer has run out of time, by a clock that is short.
        if wave % waves.div_ceil(JUMPS) == 0 && dice.yes(50) {
            installation.clocks_jump(&replicas, DAYS);
        }
    }
    assert_eq!(injected.total(""), waves as u64);
    all_ready(&installation, &mut replicas).await;
    rush.over();
    answering.await.expect("whoever answers does not fail");
    level(&installation, &observer).await;
    rush.holds(&observer.pool, IN_A_WAVE * waves).await;
    injected
}

/// A line and everybody who rushes to it.
pub struct Rush {
    opening_id: OpeningId,
    portals: Vec<Bus>,
    /// What was promised.
    promised: Mutex<Vec<InLine>>,
    refused: Mutex<Vec<String>>,
    repeats: AtomicUsize,
    answers: AtomicUsize,
    is_over: AtomicBool,
}

impl Rush {
    /// An opening with a line of so many places, in which an answer takes an hour.
    ///
    /// # Panics
    /// When it cannot be opened.
    pub async fn open(portals: Vec<Bus>, places: u16) -> Arc<Self> {
        let bus = portals[0].clone();
        let add: AddEmployer = employer("90004711");
        let employer_id = until_answered(&bus, &manager(), &add).await.expect("an employer is added");
        let details = OpeningDetails { terms: Terms::OpenHiring { starts: Vec::new() }, places, ..opening() };
        let post = PostOpening { employer_id, details, publish: true };
        let opening_id = until_answered(&bus, &manager(), &post).await.expect("an opening is posted");
        let open = OpenQueue {
            opening_id,
            opens_at: DateTime::UNIX_EPOCH,
            answer_hours: AnswerHours { hours: 1, from: 0, until: 24 },
            is_standing: true,
            first_days: vec![FirstDay { on: FAR_AWAY, places }],
        };
        chassis::harness::eventually("open-hiring heard of the opening", async || {
            bus.call(&manager(), &open).await.is_ok()
        })
        .await;
        Arc::new(Self {
            opening_id,
            portals,
            promised: Mutex::default(),
            refused: Mutex::default(),
            repeats: AtomicUsize::new(0),
            answers: AtomicUsize::new(0),
            is_over: AtomicBool::new(false),
        })
    }

    /// There is work for more people.
    async fn more_places(&self, places: u16) {
        let first_days = vec![FirstDay { on: FAR_AWAY, places }];
        let command =
            ChangeQueue { opening_id: self.opening_id, change: QueueChange::AddPlaces { first_days } };
        if let Err(problem) = until_answered(&self.portals[0], &manager(), &command).await {
            self.wrong(format!("places were refused: {problem}"));
        }
    }

    /// Everybody signs up: most of them at once, in lists of up to 100. Ends when each was answered.
    pub async fn sign_up(self: &Arc<Self>, people: usize, dice: &Dice) {
        let mut lists = Vec::new();
        let mut left = people;
        while left > 0 {
            let many = (1 + dice.below(100) as usize).min(left);
            left -= many;
            lists.push((0..many).map(|_| arrival(dice, self.opening_id)).collect::<Vec<_>>());
        }
        let lists = Mutex::new(lists);
        let lanes = (0..LANES).map(|lane| {
            let (lists, portal) = (&lists, &self.portals[lane % self.portals.len()]);
            let dice = Dice::new(4_000_000 + lane as u64, people as u64);
            async move {
                loop {
                    let list = lists.lock().unwrap_or_else(PoisonError::into_inner).pop();
                    let Some(people) = list else { return };
                    self.send(portal, people, &dice).await;
                }
            }
        });
        join_all(lanes).await;
    }

    /// One list, with one key: sometimes several times at one moment, and once more when it was answered already.
    async fn send(&self, portal: &Bus, people: Vec<Arrival>, dice: &Dice) {
        let key = OsChance.uuid_v4();
        let actor = Actor::Service { service: Service::Portal };
        let command = SignUp { people: people.clone() };
        let copies = if dice.yes(25) { 2 + dice.below(2) } else { 1 };
        let copies = (0..copies).map(|_| until_answered_with(portal, &actor, key, &command));
        let answers = join_all(copies).await;
        self.repeats.fetch_add(answers.len() - 1, Ordering::Relaxed);
        let texts: Vec<String> = answers.iter().map(|answer| format!("{answer:?}")).collect();
        if texts.windows(2).any(|two| two[0] != two[1]) {
            self.wrong(format!("one key, two answers: {texts:?}"));
        }
        match answers.into_iter().next().expect("there is one") {
            Ok(answers) => {
                let mut promised = self.promised.lock().unwrap_or_else(PoisonError::into_inner);
                for (arrival, answer) in people.iter().zip(answers) {
                    match answer {
                        SignedUp::InLine { ticket_id, number, already: false } => promised.push(InLine {
                            opening_id: self.opening_id,
                            ticket_id,
                            seeker_id: arrival.seeker_id,
                            number,
                        }),
                        other => self.wrong(format!("{other:?} to somebody new")),
                    }
                }
            }
            Err(problem) => self.wrong(format!("a list was refused: {problem}")),
        }
    }

    fn wrong(&self, what: String) {
        self.refused.lock().unwrap_or_else(PoisonError::into_inner).push(what);
    }

    /// Whoever has an offer answers: yes, no, later, another day, or nothing, which the clock will tell. Until the rush is over.
    pub async fn answer(self: Arc<Self>, pool: PgPool, dice: Dice) {
        let mut said: HashSet<(Uuid, Uuid)> = HashSet::new();
        while !self.is_over.load(Ordering::Relaxed) {
            let offers: Vec<(Uuid, Uuid, Uuid)> = sqlx::query_as(
                "select ticket_id, seeker_id, place_id from open_hiring.tickets where state = 'offered' and queue_id = $1",
            )
            .bind(self.opening_id.0)
            .fetch_all(&pool)
            .await
            .unwrap_or_default();
            for (ticket, seeker, place) in offers {
                if !said.insert((ticket, place)) || dice.yes(30) {
                    continue;
                }
                let all =
                    [Answer::Yes { leave_others: false }, Answer::No, Answer::Later, Answer::NotThatDay];
                let command = AnswerOffer {
                    ticket_id: TicketId(ticket),
                    place_id: PlaceId(place),
                    answer: *dice.one(&all),
                };
                let she = Actor::Seeker { seeker_id: SeekerId(seeker) };
                let portal = dice.one(&self.portals);
                // Too late, or answered by the clock in this very moment: then that is so.
                if until_answered(portal, &she, &command).await.is_ok() {
                    self.answers.fetch_add(1, Ordering::Relaxed);
                }
            }
            tokio::time::sleep(Duration::from_millis(100)).await;
        }
    }

    /// What so many people were promised is so, and the ledger proves it.
    async fn holds(&self, pool: &PgPool, people: usize) {
        let (wrong, repeats, answers) = self.outcome();
        assert_eq!(wrong, Vec::<String>::new());
        let promised = self.promised();
        assert_eq!(promised.len(), people);
        let mut report = Report::default();
        lines(&mut report, pool, &promised).await;
        println!("{people} people, {repeats} lists sent again, {answers} offers answered");
        assert!(repeats > 0 && answers > 0, "nothing was repeated or answered");
        report.holds();
        let tickets = count(pool, "open_hiring.tickets").await;
        assert_eq!(tickets, people as i64, "one ticket for each promise");
        let twice =
            "(select from notifier.messages group by cause, recipient, template having count(*) > 1) t";
        assert_eq!(count(pool, twice).await, 0, "messages went to somebody twice");
    }

    /// Nobody answers any more.
    pub fn over(&self) {
        self.is_over.store(true, Ordering::Relaxed);
    }

    /// What was promised so far.
    pub fn promised(&self) -> Vec<InLine> {
        self.promised.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }

    /// What no fault excuses; how many lists were sent more than once, and how many offers were answered.
    pub fn outcome(&self) -> (Vec<String>, usize, usize) {
        let wrong = self.refused.lock().unwrap_or_else(PoisonError::into_inner).clone();
        (wrong, self.repeats.load(Ordering::Relaxed), self.answers.load(Ordering::Relaxed))
    }
}

/// Most are confirmed, and nobody else knows them: only their place in line is looked at.
fn arrival(dice: &Dice, opening_id: OpeningId) -> Arrival {
    Arrival {
        opening_id,
        seeker_id: SeekerId(OsChance.uuid_v4()),
        is_confirmed: dice.yes(5),
        ways: Ways { message: true, call: dice.yes(50), second_number: false, adviser: false },
        with_help_of: None,
        first_days: Vec::new(),
    }
}

async fn until_answered<C: Call>(bus: &Bus, actor: &Actor, command: &C) -> Result<C::Reply, Problem> {
    until_answered_with(bus, actor, OsChance.uuid_v4(), command).await
}

/// Again with the same key until somebody answers, as a portal does whose visitor waits.
async fn until_answered_with<C: Call>(
    bus: &Bus,
    actor: &Actor,
    key: Uuid,
    command: &C,
) -> Result<C::Reply, Problem> {
    loop {
        match bus.call_with_key(actor, key, command).await {
            Err(problem) if problem.is_passing() || problem.code == "actor-not-proven" => {
                tokio::time::sleep(Duration::from_millis(50)).await;
            }
            answer => return answer,
        }
    }
}

async fn count(pool: &PgPool, from: &str) -> i64 {
    let query = AssertSqlSafe(format!("select count(*) from {from}"));
    sqlx::query_scalar(query).fetch_one(pool).await.expect("PostgreSQL answers")
}
