//! What employers answer is told once, where intake says, and not at night.

use std::{
    sync::{
        Arc, Mutex,
        atomic::{AtomicBool, AtomicU32, Ordering},
    },
    time::Duration,
};

use chassis::{
    Caller, Chassis, Fault, Handles, Service, Tx,
    harness::{TestPlatform, eventually},
};
use chrono::TimeDelta;
use notifier::domain::quiet;
use proto::{
    Actor, OpeningId, Problem, ProposalId, Sealed, SeekerId, Service as Name,
    intake::{Reach, ReachOf, SeekerErased},
    matcher::{EmployerAnswer, Mark, ProposalMarked},
    notifier::{Notice, NoticeContent},
    work::{Channel, Language},
};
use sqlx::migrate::Migrator;
use uuid::Uuid;

use crate::support::{Carrier, PORTAL, Stage};

/// What stands in for intake knows and counts.
#[derive(Default)]
struct Known {
    asked: AtomicU32,
    away: AtomicBool,
    reach: Mutex<Option<Reach>>,
}

struct Intake {
    chassis: Chassis,
    known: Arc<Known>,
}

impl Handles for Intake {
    fn chassis(&self) -> &Chassis {
        &self.chassis
    }
}

async fn reach(app: &Intake, caller: &Caller, query: &ReachOf) -> Result<Sealed<Vec<Option<Reach>>>, Fault> {
    assert_eq!(caller.actor, Actor::Service { service: Name::Notifier });
    app.known.asked.fetch_add(1, Ordering::SeqCst);
    if app.known.away.load(Ordering::SeqCst) {
        return Err(Problem::unavailable().into());
    }
    let reach = app.known.reach.lock().unwrap().clone();
    Ok(app.chassis.keys.seal(Name::Notifier, &vec![reach; query.seeker_ids.len()]))
}

fn intake(known: Arc<Known>) -> Service {
    Service::new(
        Name::Intake,
        Box::leak(Box::new(Migrator::with_migrations(Vec::new()))),
        move |chassis| Box::pin(async move { Ok(Intake { chassis, known }) }),
        |wiring| {
            wiring.stands_in().query::<ReachOf>(|app, caller, query| Box::pin(reach(app, caller, query)))
        },
    )
}

/// Says things on the bus as the matcher.
struct Matcher {
    chassis: Chassis,
}

impl Handles for Matcher {
    fn chassis(&self) -> &Chassis {
        &self.chassis
    }
}

fn matcher() -> Service {
    Service::new(
        Name::Matcher,
        Box::leak(Box::new(Migrator::with_migrations(Vec::new()))),
        |chassis| Box::pin(async move { Ok(Matcher { chassis }) }),
        chassis::Wiring::stands_in,
    )
}

const HER: SeekerId = SeekerId(Uuid::from_u128(0x5ee));

fn marked(version: i64, answer: Option<EmployerAnswer>) -> ProposalMarked {
    ProposalMarked {
        proposal_id: ProposalId(Uuid::from_u128(0x9707)),
        version,
        seeker_id: HER,
        opening_id: OpeningId(Uuid::from_u128(3)),
        mark: Mark::Wanted,
        answer,
    }
}

fn by_email() -> Reach {
    Reach {
        name: "Kanarie".to_owned(),
        contact: Some("kanarie@example.nl".to_owned()),
        second_number: None,
        channel: Channel::Call,
        language: Language::Nl,
        remark: String::new(),
    }
}

struct Play {
    stage: Stage,
    known: Arc<Known>,
    carrier: Arc<Carrier>,
}

impl Play {
    async fn open(reach: Option<Reach>) -> Self {
        let known = Arc::new(Known { reach: Mutex::new(reach), ..Known::default() });
        let carrier = Carrier::with(0, || unreachable!("no mishaps"));
        let services = vec![intake(known.clone()), matcher(), notifier::service_with(carrier.clone())];
        let play = Self { stage: Stage { test: TestPlatform::start(services).await }, known, carrier };
        play.by_day();
        play
    }

    /// Moves the clock to noon, so that no test depends on when it runs.
    fn by_day(&self) {
        let now = self.stage.test.clock.machine_now();
        let morning = quiet::until(now + TimeDelta::hours(24) - into_the_day(now)).unwrap();
        self.stage.test.clock.advance(morning + TimeDelta::hours(4) - now);
    }

    /// The matcher says something, and the notifier has heard it.
    async fn say(&self, fact: ProposalMarked) {
        let chassis = self.stage.test.chassis(Name::Matcher);
        let mut tx: Tx = chassis.store.begin().await.unwrap();
        let event = tx.publish(fact).await.unwrap();
        tx.commit().await.unwrap();
        self.heard(event.0).await;
    }

    async fn erase(&self) {
        let chassis = self.stage.test.chassis(Name::Intake);
        let mut tx = chassis.store.begin().await.unwrap();
        let event = tx.publish(SeekerErased { seeker_id: HER, version: 9 }).await.unwrap();
        tx.commit().await.unwrap();
        self.heard(event.0).await;
    }

    async fn heard(&self, event: Uuid) {
        eventually("the notifier heard it", async || {
            sqlx::query_scalar::<_, bool>("select exists (select 1 from inbox where event_id = $1)")
                .bind(event)
                .fetch_one(self.stage.test.pool(Name::Notifier))
                .await
                .unwrap()
        })
        .await;
    }

    async fn nothing_is_due(&self) {
        eventually("every answer is told", async || {
            self.stage.number("select count(*) from employer_answers where due_at is not null").await == 0
        })
        .await;
    }
}

fn into_the_day(now: chrono::DateTime<chrono::Utc>) -> TimeDelta {
    TimeDelta::seconds(now.timestamp().rem_euclid(86_400))
}

#[tokio::test]
async fn an_answer_is_told_once_and_another_answer_again() {
    let play = Play::open(Some(by_email())).await;
    play.say(marked(2, None)).await;
    assert_eq!(play.known.asked.load(Ordering::SeqCst), 0, "nothing to tell, nobody asked");
    play.say(marked(3, Some(EmployerAnswer::Times))).await;
    eventually("it is told", async || play.carrier.carried() == 1).await;
    // The same answer in a newer version, an older version, and the same event again: nothing new.
    play.say(marked(4, Some(EmployerAnswer::Times))).await;
    play.say(marked(2, Some(EmployerAnswer::Meet))).await;
    play.say(marked(4, Some(EmployerAnswer::Times))).await;
    play.nothing_is_due().await;
    play.say(marked(5, Some(EmployerAnswer::Meet))).await;
    eventually("the other answer is told", async || play.carrier.carried() == 2).await;
    let bodies = play.carrier.carried.lock().unwrap().clone();
    assert!(bodies[0].contains("gaf u antwoord") && bodies[1].contains("kennismaken"), "{bodies:?}");
    // Neither her id nor the proposal's stands in what is said about the message.
    for event in play.stage.stream().await {
        if event.contains("message_sent") || event.contains("bericht-verstuurd") {
            let ids = [HER.0, marked(1, None).proposal_id.0];
            assert!(!ids.iter().any(|id| event.contains(&id.to_string())), "{event}");
        }
    }
    play.stage.test.stop().await;
}

#[tokio::test]
async fn who_took_it_back_or_cannot_be_reached_hears_nothing() {
    let play = Play::open(None).await;
    let taken_back = ProposalMarked { mark: Mark::TakenBack, ..marked(3, Some(EmployerAnswer::Meet)) };
    play.say(taken_back).await;
    assert_eq!(play.known.asked.load(Ordering::SeqCst), 0);
    play.say(marked(4, Some(EmployerAnswer::Meet))).await;
    play.nothing_is_due().await;
    assert_eq!(play.known.asked.load(Ordering::SeqCst), 1);
    assert_eq!(play.stage.number("select count(*) from messages").await, 0);
    play.stage.test.stop().await;
}

#[tokio::test]
async fn an_answer_waits_for_intake() {
    let play = Play::open(Some(by_email())).await;
    play.known.away.store(true, Ordering::SeqCst);
    play.say(marked(2, Some(EmployerAnswer::Meet))).await;
    eventually("intake was asked", async || play.known.asked.load(Ordering::SeqCst) >= 1).await;
    play.known.away.store(false, Ordering::SeqCst);
    // A claim runs out after a minute. Then the clock stands still for as long as asking may take: a question
    // during which it jumps is late for whoever is asked.
    eventually("it is told", async || {
        play.stage.test.clock.advance(TimeDelta::seconds(61));
        let asking = tokio::time::Instant::now() + Duration::from_secs(5);
        while play.carrier.carried() == 0 && tokio::time::Instant::now() < asking {
            tokio::time::sleep(Duration::from_millis(10)).await;
        }
        play.carrier.carried() == 1
    })
    .await;
    play.stage.test.stop().await;
}

#[tokio::test]
async fn at_night_only_codes_go_out_and_the_rest_at_eight() {
    let play = Play::open(Some(by_email())).await;
    // From noon to 22:00.
    play.stage.test.clock.advance(TimeDelta::hours(10));
    play.stage.send(1, &crate::support::code()).await.unwrap();
    play.say(marked(2, Some(EmployerAnswer::Meet))).await;
    eventually("the code is sent and the answer held", async || {
        play.carrier.carried() == 1
            && play
                .stage
                .number("select count(*) from messages where due_at > accepted_at + interval '9 hours'")
                .await
                == 1
    })
    .await;
    assert!(play.carrier.carried.lock().unwrap()[0].contains("482913"));
    play.stage.test.clock.advance(TimeDelta::hours(11));
    eventually("the answer is sent", async || play.carrier.carried() == 2).await;
    play.stage.test.stop().await;
}

#[tokio::test]
async fn who_is_erased_gets_nothing_any_more() {
    let play = Play::open(Some(by_email())).await;
    play.stage.test.clock.advance(TimeDelta::hours(10));
    let notice = Notice {
        to: "+31612345678".to_owned(),
        channel: Channel::Sms,
        language: Language::Nl,
        content: NoticeContent::StillLooking { page: "https://dichterbij.example/mijn".to_owned() },
    };
    let request = proto::notifier::SendNotice { recipient: HER.0, ..play.stage.notice(7, &notice) };
    let for_days = play.stage.test.clock.machine_now() + TimeDelta::days(3);
    let request = proto::notifier::SendNotice { expires_at: for_days, ..request };
    play.stage.test.ask(&PORTAL, &request).await.unwrap();
    play.say(marked(2, Some(EmployerAnswer::Meet))).await;
    eventually("both wait for the morning", async || {
        play.stage.number("select count(*) from messages where ended_at is null").await == 2
    })
    .await;

    play.erase().await;
    assert_eq!(play.stage.number("select count(*) from messages").await, 0);
    assert_eq!(play.stage.number("select count(*) from employer_answers").await, 0);
    // Late: an answer, a request, and the erasure itself once more.
    play.say(marked(3, Some(EmployerAnswer::Times))).await;
    let again = proto::notifier::SendNotice { cause: Uuid::from_u128(8), ..request };
    let refused = play.stage.test.ask(&PORTAL, &again).await.unwrap_err();
    assert_eq!((refused.status, refused.code.as_str()), (proto::Status::Gone, "recipient-erased"));
    play.erase().await;
    play.stage.test.clock.advance(TimeDelta::hours(11));
    let written = play.stage.stream().await;
    assert_eq!(play.carrier.carried(), 0);
    assert_eq!(play.stage.number("select count(*) from employer_answers").await, 0);
    let confirmed = written.iter().filter(|event| event.contains("werkzoekende-vergeten")).count();
    assert_eq!(confirmed, 2, "each time it is asked");
    play.stage.test.stop().await;
}
