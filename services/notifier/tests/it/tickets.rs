//! What happens to a place in line is told once, while it stands, where intake says.

use std::sync::{
    Arc, Mutex,
    atomic::{AtomicBool, AtomicU32, Ordering},
};

use chassis::{
    Caller, Chassis, Fault, Handles, Service,
    harness::{TestPlatform, eventually},
};
use chrono::{DateTime, TimeDelta, Utc};
use notifier::domain::quiet;
use proto::{
    Actor, EmployerId, Fact, OpeningId, Problem, QueueId, Sealed, SeekerId, Service as Name, TicketId,
    intake::{Reach, ReachOf, SeekerErased},
    open_hiring::{TicketChanged, TicketErased, TicketState, TicketStep},
    vacancies::{OpeningDetails, OpeningState, OpeningView, OpeningsById, Terms},
    work::{Area, Cell, Channel, Daypart, Hours, Language},
};
use sqlx::migrate::Migrator;
use uuid::Uuid;

use crate::support::{Carrier, Stage};

/// What stands in for intake and vacancies knows.
#[derive(Default)]
struct Known {
    asked: AtomicU32,
    away: AtomicBool,
    reach: Mutex<Option<Reach>>,
    closed: AtomicBool,
}

struct StandIn {
    chassis: Chassis,
    known: Arc<Known>,
}

impl Handles for StandIn {
    fn chassis(&self) -> &Chassis {
        &self.chassis
    }
}

async fn reach(app: &StandIn, caller: &Caller, query: &ReachOf) -> Result<Sealed<Vec<Option<Reach>>>, Fault> {
    assert_eq!(caller.actor, Actor::Service { service: Name::Notifier });
    assert!(query.waits_for_it);
    app.known.asked.fetch_add(1, Ordering::SeqCst);
    if app.known.away.load(Ordering::SeqCst) {
        return Err(Problem::unavailable().into());
    }
    let reach = app.known.reach.lock().unwrap().clone();
    Ok(app.chassis.keys.seal(Name::Notifier, &vec![reach; query.seeker_ids.len()]))
}

async fn openings(app: &StandIn, query: &OpeningsById) -> Result<Vec<OpeningView>, Fault> {
    if app.known.closed.load(Ordering::SeqCst) {
        return Ok(Vec::new());
    }
    Ok(query.opening_ids.iter().map(|id| opening(*id)).collect())
}

fn opening(opening_id: OpeningId) -> OpeningView {
    OpeningView {
        opening_id,
        version: 1,
        state: OpeningState::Published,
        employer_id: EmployerId(Uuid::from_u128(4)),
        employer_name: "De Linde".to_owned(),
        place: "Almere".to_owned(),
        area: Area {
            cell: Cell { x: 1, y: 1 },
            municipality: "GM0034".to_owned(),
            region: "AM11".to_owned(),
        },
        details: OpeningDetails {
            terms: Terms::OpenHiring { starts: Vec::new() },
            title: "Medewerker keuken".to_owned(),
            tasks: Vec::new(),
            description: String::new(),
            site_id: None,
            postcode: "1315".to_owned(),
            hours: Hours { min: 20, max: 24 },
            dayparts: [Daypart::Morning].into_iter().collect(),
            days: proto::work::Days::default(),
            starts_on: None,
            closes_on: None,
            places: 2,
            pay_cents_per_hour: None,
            cao: String::new(),
            requirements: Vec::new(),
            self_checks: Vec::new(),
            support: Vec::new(),
        },
        published_at: None,
        changed_at: DateTime::UNIX_EPOCH,
        close_reason: None,
        question: None,
    }
}

fn none() -> &'static Migrator {
    Box::leak(Box::new(Migrator::with_migrations(Vec::new())))
}

fn intake(known: Arc<Known>) -> Service {
    Service::new(
        Name::Intake,
        none(),
        move |chassis| Box::pin(async move { Ok(StandIn { chassis, known }) }),
        |wiring| {
            wiring
                .stands_in()
                .query::<ReachOf>(|app, caller, query| Box::pin(reach(app, caller, query)))
                .events(|_, _, _| Box::pin(async { Ok(()) }))
        },
    )
}

fn vacancies(known: Arc<Known>) -> Service {
    Service::new(
        Name::Vacancies,
        none(),
        move |chassis| Box::pin(async move { Ok(StandIn { chassis, known }) }),
        |wiring| wiring.stands_in().query::<OpeningsById>(|app, _, query| Box::pin(openings(app, query))),
    )
}

fn open_hiring() -> Service {
    Service::new(
        Name::OpenHiring,
        none(),
        |chassis| Box::pin(async move { Ok(StandIn { chassis, known: Arc::default() }) }),
        |wiring| wiring.stands_in().events(|_, _, _| Box::pin(async { Ok(()) })),
    )
}

const HER: SeekerId = SeekerId(Uuid::from_u128(0x5ee));
const TICKET: TicketId = TicketId(Uuid::from_u128(0x71c));

fn reached_at(contact: &str) -> Reach {
    Reach {
        name: "Kanarie".to_owned(),
        contact: Some(contact.to_owned()),
        second_number: None,
        channel: Channel::Call,
        language: Language::Nl,
        remark: String::new(),
    }
}

fn ticket(version: i64, state: TicketState, step: TicketStep) -> TicketChanged {
    TicketChanged {
        ticket_id: TICKET,
        version,
        seeker_id: HER,
        queue_id: QueueId(Uuid::from_u128(3)),
        employer_id: EmployerId(Uuid::from_u128(4)),
        ticket_number: 15,
        state,
        step,
        changed_at: chassis::Clock::default().machine_now(),
        is_confirmed: true,
        place: None,
        first_day: Some("2027-12-06".parse().unwrap()),
        answer_until: None,
        remind_at: None,
    }
}

struct Play {
    stage: Stage,
    known: Arc<Known>,
    carrier: Arc<Carrier>,
}

impl Play {
    /// At noon, so that no test depends on when it runs.
    async fn open(contact: &str) -> Self {
        let known = Arc::new(Known { reach: Mutex::new(Some(reached_at(contact))), ..Known::default() });
        let carrier = Carrier::with(0, || unreachable!("no mishaps"));
        let services = vec![
            intake(known.clone()),
            vacancies(known.clone()),
            open_hiring(),
            notifier::service_with(carrier.clone()),
        ];
        let play = Self { stage: Stage { test: TestPlatform::start(services).await }, known, carrier };
        let now = play.now();
        let into_the_day = TimeDelta::seconds(now.timestamp().rem_euclid(86_400));
        let morning = quiet::until(now + TimeDelta::hours(24) - into_the_day).unwrap();
        play.forward(morning + TimeDelta::hours(4) - now);
        play
    }

    fn now(&self) -> DateTime<Utc> {
        self.stage.test.clock.machine_now()
    }

    fn forward(&self, by: TimeDelta) {
        self.stage.test.clock.advance(by);
    }

    /// An offer for so many hours, reminded of halfway.
    fn offer(&self, version: i64, hours: i64) -> TicketChanged {
        let now = self.now();
        TicketChanged {
            changed_at: now,
            answer_until: Some(now + TimeDelta::hours(hours)),
            remind_at: Some(now + TimeDelta::hours(hours) / 2),
            ..ticket(version, TicketState::Offered, TicketStep::Offered)
        }
    }

    async fn say<T: Fact>(&self, fact: T) {
        let by = if T::BY == Name::Intake { Name::Intake } else { Name::OpenHiring };
        let mut tx = self.stage.test.chassis(by).store.begin().await.unwrap();
        let event = tx.publish(fact).await.unwrap();
        tx.commit().await.unwrap();
        eventually("the notifier heard it", async || {
            sqlx::query_scalar::<_, bool>("select exists (select 1 from inbox where event_id = $1)")
                .bind(event.0)
                .fetch_one(self.stage.test.pool(Name::Notifier))
                .await
                .unwrap()
        })
        .await;
    }

    /// Nothing waits to be told before its moment, and everything that was told is handed over.
    async fn all_told(&self) -> Vec<String> {
        eventually("everything due is told", async || {
            let due: i64 = sqlx::query_scalar(
                "select (select count(*) from ticket_news where due_at is not null and (not reminds or due_at <= $1))
                      + (select count(*) from messages where ended_at is null)",
            )
            .bind(self.now())
            .fetch_one(self.stage.test.pool(Name::Notifier))
            .await
            .unwrap();
            due == 0
        })
        .await;
        self.carrier.carried.lock().unwrap().clone()
    }
}

#[tokio::test]
async fn each_version_is_told_once_with_the_work_in_words() {
    let play = Play::open("+31612345678").await;
    let unconfirmed =
        TicketChanged { is_confirmed: false, ..ticket(1, TicketState::Waiting, TicketStep::SignedUp) };
    play.say(unconfirmed).await;
    assert!(play.all_told().await.is_empty() && play.known.asked.load(Ordering::SeqCst) == 0);
    let confirmed = ticket(2, TicketState::Waiting, TicketStep::Confirmed);
    play.say(confirmed.clone()).await;
    let told = play.all_told().await;
    assert!(
        told[0].starts_with("U staat in de rij voor Medewerker keuken in Almere. Uw plek is 15."),
        "{told:?}"
    );
    assert!(told[0].ends_with("/mijn"), "its own page would leave no room: {told:?}");
    // The same event again, and an older one.
    play.say(confirmed).await;
    play.say(ticket(1, TicketState::Waiting, TicketStep::SaidLater)).await;
    assert_eq!(play.all_told().await.len(), 1);
    play.say(ticket(3, TicketState::Yes, TicketStep::SaidYes)).await;
    let told = play.all_told().await;
    assert!(told[1].starts_with("Gelukt. U begint ma 6 dec bij De Linde in Almere."), "{told:?}");
    assert!(told[1].contains(&format!("/mijn/rij/{}", TICKET.0)), "{told:?}");
    // What she did on her page is not news to her.
    play.say(ticket(4, TicketState::Paused, TicketStep::Paused)).await;
    assert_eq!(play.all_told().await.len(), 2);
    // Neither her id nor the ticket's stands in what is said about the messages.
    for event in play.stage.stream().await {
        if event.contains("bericht-verstuurd") {
            assert!(![HER.0, TICKET.0].iter().any(|id| event.contains(&id.to_string())), "{event}");
        }
    }
    play.stage.test.stop().await;
}

#[tokio::test]
async fn an_offer_is_told_and_she_is_reminded_only_while_it_stands() {
    let play = Play::open("+31612345678").await;
    play.say(play.offer(2, 6)).await;
    let told = play.all_told().await;
    assert!(told[0].contains("Zeg ja of nee voor"), "{told:?}");
    play.forward(TimeDelta::hours(3));
    eventually("she is reminded", async || play.carrier.carried() == 2).await;
    assert!(play.all_told().await[1].contains("Daarna is de volgende"));

    // Another offer, and she answers before she would be reminded.
    play.say(play.offer(3, 4)).await;
    assert_eq!(play.all_told().await.len(), 3);
    play.say(ticket(4, TicketState::Ended, TicketStep::SaidNo)).await;
    assert!(play.all_told().await[3].starts_with("U zei nee tegen"));
    play.forward(TimeDelta::hours(3));
    assert_eq!(play.stage.number("select count(*) from ticket_news where due_at is not null").await, 0);
    assert_eq!(play.all_told().await.len(), 4);
    play.stage.test.stop().await;
}

#[tokio::test]
async fn an_offer_whose_deadline_passed_is_not_told() {
    let play = Play::open("+31612345678").await;
    play.known.away.store(true, Ordering::SeqCst);
    play.say(play.offer(2, 6)).await;
    eventually("intake was asked", async || play.known.asked.load(Ordering::SeqCst) >= 1).await;
    play.forward(TimeDelta::hours(7));
    play.known.away.store(false, Ordering::SeqCst);
    eventually("it is given up", async || {
        play.stage.number("select count(*) from ticket_news where due_at is not null").await == 0
    })
    .await;
    assert_eq!(play.carrier.carried(), 0);
    assert_eq!(play.stage.number("select count(*) from messages").await, 0);
    play.stage.test.stop().await;
}

#[tokio::test]
async fn what_happens_at_night_is_told_in_the_morning_as_it_stands_then() {
    let play = Play::open("+31612345678").await;
    // From noon to 22:00.
    play.forward(TimeDelta::hours(10));
    play.say(ticket(2, TicketState::Waiting, TicketStep::Confirmed)).await;
    play.say(play.offer(3, 20)).await;
    assert_eq!(play.known.asked.load(Ordering::SeqCst), 0);
    play.forward(TimeDelta::hours(11));
    eventually("the offer is told", async || play.carrier.carried() == 1).await;
    let told = play.all_told().await;
    assert!(told.len() == 1 && told[0].starts_with("Er is werk voor u"), "{told:?}");
    play.stage.test.stop().await;
}

#[tokio::test]
async fn a_crash_between_entering_and_noting_it_sends_nothing_twice() {
    let play = Play::open("+31612345678").await;
    play.say(ticket(2, TicketState::Waiting, TicketStep::Confirmed)).await;
    assert_eq!(play.all_told().await.len(), 1);
    // As if the claim of a worker that died ran out.
    sqlx::query("update ticket_news set reminds = false, due_at = $1")
        .bind(play.now())
        .execute(play.stage.test.pool(Name::Notifier))
        .await
        .unwrap();
    eventually("somebody took it up again", async || play.known.asked.load(Ordering::SeqCst) == 2).await;
    assert_eq!(play.all_told().await.len(), 1);
    play.stage.test.stop().await;
}

#[tokio::test]
async fn whom_no_message_reaches_gets_none_and_who_has_an_address_gets_mail() {
    let play = Play::open("+31365301234").await;
    play.say(play.offer(2, 6)).await;
    assert!(play.all_told().await.is_empty());
    assert_eq!(play.known.asked.load(Ordering::SeqCst), 1);
    *play.known.reach.lock().unwrap() = None;
    play.say(play.offer(3, 6)).await;
    assert!(play.all_told().await.is_empty());
    *play.known.reach.lock().unwrap() = Some(reached_at("kanarie@example.nl"));
    play.say(play.offer(4, 6)).await;
    let told = play.all_told().await;
    assert!(told[0].contains("Dat kan op deze pagina: http"), "{told:?}");
    play.stage.test.stop().await;
}

#[tokio::test]
async fn a_queue_that_closes_is_named_as_it_was_read_before() {
    let play = Play::open("+31612345678").await;
    play.say(ticket(2, TicketState::Waiting, TicketStep::Confirmed)).await;
    assert_eq!(play.all_told().await.len(), 1);
    play.known.closed.store(true, Ordering::SeqCst);
    play.say(ticket(3, TicketState::Ended, TicketStep::QueueClosed)).await;
    let told = play.all_told().await;
    assert!(told[1].starts_with("De rij voor Medewerker keuken in Almere is gesloten."), "{told:?}");
    play.stage.test.stop().await;
}

#[tokio::test]
async fn it_goes_with_the_ticket_and_with_her() {
    let play = Play::open("+31612345678").await;
    let count = "select count(*) from ticket_news";
    play.say(play.offer(2, 6)).await;
    assert_eq!(play.all_told().await.len(), 1);
    play.say(TicketErased { ticket_id: TICKET, version: 9 }).await;
    assert_eq!(play.stage.number(count).await, 0);
    play.say(play.offer(10, 6)).await;
    assert_eq!(play.all_told().await.len(), 2);
    play.say(SeekerErased { seeker_id: HER, version: 9 }).await;
    play.say(play.offer(11, 6)).await;
    assert_eq!(play.stage.number(count).await, 0);
    assert_eq!(play.all_told().await.len(), 2);
    play.stage.test.stop().await;
}
