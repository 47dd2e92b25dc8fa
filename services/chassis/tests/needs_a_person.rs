//! What needs a person, held on real servers by small services that stand in: events that are given up and tried
//! again, alarms that begin and end, and "not now" when there is too much.

use std::{
    sync::{
        Arc,
        atomic::{AtomicBool, AtomicUsize, Ordering},
    },
    time::Duration,
};

use chassis::{
    Caller, Chance as _, Chassis, Fault, Handles, Heard, Service, Tx,
    chance::OsChance,
    checks,
    harness::{TestPlatform, eventually},
};
use proto::{
    AccountId, Actor, Problem, Role, Sealed, Service as Name, Status, Stream,
    dead_letters::{DeadLetterPage, DeadLetters, DiscardDeadLetter, Retried, RetryDeadLetter},
    notifier::{Mailbox, MailboxItem},
};
use sqlx::{
    SqlSafeStr as _,
    migrate::{Migration, MigrationType, Migrator},
    postgres::{PgConnectOptions, PgPoolOptions},
};
use tokio::sync::Semaphore;
use uuid::Uuid;

fn migrator(tables: &str) -> &'static Migrator {
    let tables = sqlx::AssertSqlSafe(tables.to_owned()).into_sql_str();
    let migration = Migration::new(1, "tables".into(), MigrationType::Simple, tables, false);
    Box::leak(Box::new(Migrator::with_migrations(vec![migration])))
}

/// Stands in for the matcher: writes down what it hears, or fails as long as it is broken.
struct Reader {
    chassis: Chassis,
    broken: Arc<AtomicBool>,
}

impl Handles for Reader {
    fn chassis(&self) -> &Chassis {
        &self.chassis
    }
}

async fn note_down(app: &Reader, tx: &mut Tx, events: &[Heard]) -> Result<(), Fault> {
    for event in events {
        sqlx::query("insert into seen (event_id) values ($1)")
            .bind(event.event_id)
            .execute(tx.conn())
            .await?;
    }
    if app.broken.load(Ordering::SeqCst) {
        // As a real mistake would: the transaction is aborted.
        sqlx::query("select 1 / 0").execute(tx.conn()).await?;
    }
    Ok(())
}

fn reader(broken: &Arc<AtomicBool>) -> Service {
    let broken = broken.clone();
    Service::new(
        Name::Matcher,
        // No unique key: a double effect must show.
        migrator("create table seen (event_id uuid not null)"),
        move |chassis| Box::pin(async move { Ok(Reader { chassis, broken }) }),
        |wiring| wiring.stands_in().events(|app, tx, events| Box::pin(note_down(app, tx, events))),
    )
}

async fn tell(test: &TestPlatform, id: u128) {
    let id = Uuid::from_u128(id);
    let event = serde_json::json!({ "id": id, "type": "nl.vacatures.vacature-gesloten.v1" });
    let subject = test.names().subject(&format!("evt.vacancies.opening_closed.v1.{id}"));
    let context = async_nats::jetstream::new(test.nats());
    context.publish(subject, event.to_string().into()).await.unwrap().await.unwrap();
}

async fn count(test: &TestPlatform, query: &'static str) -> i64 {
    sqlx::query_scalar(query).fetch_one(test.pool(Name::Matcher)).await.unwrap()
}

/// Five failures are on record already, so that the test need not wait thirteen minutes for them.
async fn has_failed_five_times(test: &TestPlatform, id: u128) {
    sqlx::query(
        "insert into failed_attempts (event_id, consumer, attempts, last_error, first_at, last_at)
         values ($1, 'matcher', 5, 'before', now(), now())",
    )
    .bind(Uuid::from_u128(id))
    .execute(test.pool(Name::Matcher))
    .await
    .unwrap();
}

fn account(role: Role) -> Actor {
    Actor::Account {
        account_id: AccountId(Uuid::from_u128(77)),
        roles: vec![role],
        employer_id: None,
        regions: Vec::new(),
    }
}

async fn ask<R: proto::Request>(
    test: &TestPlatform,
    actor: &Actor,
    request: &R,
) -> Result<R::Reply, Problem> {
    test.portal().call_at(Name::Matcher, actor, new_key(), request).await
}

/// A key that nobody used.
fn new_key() -> Uuid {
    OsChance.uuid_v4()
}

async fn list(test: &TestPlatform, skip: u32, limit: u16) -> DeadLetterPage {
    ask(test, &account(Role::Administrator), &DeadLetters { skip, limit }).await.unwrap()
}

#[tokio::test]
async fn a_dead_letter_takes_effect_once_when_its_cause_is_mended() {
    let broken = Arc::new(AtomicBool::new(true));
    let test = TestPlatform::start(vec![reader(&broken)]).await;
    for id in 1..=3 {
        has_failed_five_times(&test, id).await;
        tell(&test, id).await;
    }
    eventually("all are given up", async || list(&test, 0, 0).await.open == 3).await;
    let page = list(&test, 1, 1).await;
    let [letter] = page.letters.as_slice() else { panic!("{page:?}") };
    assert_eq!(
        (letter.from.as_str(), letter.kind.as_str(), letter.attempts),
        ("vacancies", "opening_closed.v1", 6)
    );
    assert!(letter.reason.contains("division by zero"), "{}", letter.reason);
    assert_eq!(letter.about, Some(letter.event_id), "the test calls both the same");

    let administrator = account(Role::Administrator);
    let retry = RetryDeadLetter { event_id: letter.event_id, consumer: letter.consumer.clone() };
    let again = ask(&test, &administrator, &retry).await.unwrap();
    assert!(matches!(&again, Retried::FailedAgain { reason } if reason.contains("division")), "{again:?}");
    assert_eq!(list(&test, 1, 1).await.letters[0].attempts, 7, "it is kept, with one attempt more");
    assert_eq!(count(&test, "select count(*) from seen").await, 0, "and left nothing behind");

    broken.store(false, Ordering::SeqCst);
    // One key, as of one form: however often the button is pressed, it is one retry.
    let key = new_key();
    let pressed = (0..5).map(|_| test.portal().call_at(Name::Matcher, &administrator, key, &retry));
    for tried in futures::future::join_all(pressed).await {
        assert_eq!(tried, Ok(Retried::TookEffect));
    }
    assert_eq!(count(&test, "select count(*) from seen").await, 1);
    let decided = ask(&test, &administrator, &retry).await.unwrap_err();
    assert_eq!((decided.status, decided.code.as_str()), (Status::Conflict, "dead-letter-decided"));
    // The stream may bring it again, as after a restore: it took effect.
    tell(&test, letter.event_id.as_u128()).await;
    eventually("the repeat is recognised", async || {
        test.metrics().contains("dbj_events_repeated_total{service=\"matcher\"} 1")
    })
    .await;
    assert_eq!(count(&test, "select count(*) from seen").await, 1);

    let other = list(&test, 0, 1).await.letters.remove(0);
    let put_away = |note: &str| DiscardDeadLetter {
        event_id: other.event_id,
        consumer: other.consumer.clone(),
        note: note.to_owned(),
    };
    let silent = ask(&test, &administrator, &put_away("  ")).await.unwrap_err();
    assert_eq!(silent.fields[0].code, "note-empty");
    ask(&test, &administrator, &put_away("sent twice by a test")).await.unwrap();
    assert_eq!(list(&test, 0, 0).await.open, 1);
    assert_eq!(
        count(
            &test,
            "select count(*) from dead_letters where resolution = 'discarded' and note = 'sent twice by a test'
               and resolved_at is not null and resolved_by = '00000000-0000-0000-0000-00000000004d'"
        )
        .await,
        1,
        "who, when and why is kept"
    );
    tell(&test, other.event_id.as_u128()).await;
    eventually("what was put away does not take effect any more", async || {
        test.metrics().contains("dbj_events_repeated_total{service=\"matcher\"} 2")
    })
    .await;
    test.stop().await;
}

#[tokio::test]
async fn only_administrators_decide_about_dead_letters() {
    let test = TestPlatform::start(vec![reader(&Arc::default())]).await;
    let portal = Actor::Service { service: Name::Portal };
    let (event_id, consumer, note) = (Uuid::nil(), "matcher".to_owned(), "because".to_owned());
    let retry = RetryDeadLetter { event_id, consumer: consumer.clone() };
    let discard = DiscardDeadLetter { event_id, consumer, note };
    let others = Role::ALL.into_iter().filter(|role| *role != Role::Administrator).map(account);
    for actor in others.chain([Actor::Visitor, portal.clone()]) {
        for refused in [
            ask(&test, &actor, &DeadLetters { skip: 0, limit: 1 }).await.unwrap_err(),
            ask(&test, &actor, &retry).await.unwrap_err(),
            ask(&test, &actor, &discard).await.unwrap_err(),
        ] {
            assert_eq!(refused.status, Status::Forbidden, "{actor:?}");
        }
    }
    assert_eq!(ask(&test, &portal, &DeadLetters { skip: 0, limit: 0 }).await.unwrap().open, 0);
    let unknown = ask(&test, &account(Role::Administrator), &retry).await.unwrap_err();
    assert_eq!(unknown.code, "dead-letter-unknown");
    test.stop().await;
}

fn alarm(test: &TestPlatform, kind: &str) -> bool {
    let metrics = test.metrics();
    let start = format!("dbj_alarm{{service=\"matcher\",kind=\"{kind}\"}} ");
    metrics.lines().find_map(|line| line.strip_prefix(&start)).unwrap_or_else(|| panic!("{metrics}")) == "1"
}

#[tokio::test]
async fn a_reading_that_stands_still_is_seen_begun_again_and_catches_up() {
    let test = TestPlatform::start_with(vec![reader(&Arc::default())], |config| {
        config.alarm_after = Duration::from_secs(1);
    })
    .await;
    tell(&test, 1).await;
    eventually("it reads", async || count(&test, "select count(*) from seen").await == 1).await;
    // A paused consumer is what a silent stop looks like: everybody is connected, and nothing comes.
    let context = async_nats::jetstream::new(test.nats());
    let stream = context.get_stream(test.names().stream(Stream::Facts)).await.unwrap();
    let late = async_nats::datetime::parse_rfc3339("2099-01-01T00:00:00Z").unwrap();
    stream.pause_consumer("matcher", late).await.unwrap();
    tell(&test, 2).await;
    eventually("it is an alarm", async || alarm(&test, "stalled") && alarm(&test, "reading")).await;
    eventually("it begins again", async || {
        test.metrics().contains("dbj_readings_restarted_total{service=\"matcher\"} ")
    })
    .await;
    let reasons = test.not_ready().await;
    assert!(reasons.iter().any(|reason| reason.contains("nothing moves")), "{reasons:?}");
    stream.resume_consumer("matcher").await.unwrap();
    eventually("it catches up", async || count(&test, "select count(*) from seen").await == 2).await;
    eventually("the alarms end", async || !alarm(&test, "stalled") && !alarm(&test, "reading")).await;
    assert_eq!(test.not_ready().await, Vec::<String>::new());
    test.stop().await;
}

#[tokio::test]
async fn events_that_fail_and_dead_letters_are_alarms_until_they_are_decided() {
    let broken = Arc::new(AtomicBool::new(true));
    let test = TestPlatform::start_with(vec![reader(&broken)], |config| {
        config.alarm_after = Duration::from_secs(1);
    })
    .await;
    tell(&test, 1).await;
    eventually("it fails for too long", async || alarm(&test, "failing")).await;
    assert!(!alarm(&test, "dead_letters"));
    has_failed_five_times(&test, 2).await;
    tell(&test, 2).await;
    eventually("one is given up", async || alarm(&test, "dead_letters")).await;
    assert_eq!(test.not_ready().await, Vec::<String>::new(), "another replica would do no better");
    broken.store(false, Ordering::SeqCst);
    let letter = list(&test, 0, 1).await.letters.remove(0);
    let retry = RetryDeadLetter { event_id: letter.event_id, consumer: letter.consumer };
    assert_eq!(ask(&test, &account(Role::Administrator), &retry).await, Ok(Retried::TookEffect));
    eventually("nothing is left", async || !alarm(&test, "dead_letters") && !alarm(&test, "failing")).await;
    test.stop().await;
}

#[tokio::test]
async fn every_measure_is_there_and_the_first_look_finds_all_well() {
    let test = TestPlatform::start(vec![reader(&Arc::default())]).await;
    eventually("the first look finds all well", async || {
        test.metrics().contains("dbj_nats_connected{service=\"matcher\"} 1")
            && test.metrics().contains("dbj_postgres_answers{service=\"matcher\"} 1")
            && test.metrics().contains("dbj_ready{service=\"matcher\"} 1")
    })
    .await;
    // Everything is there, also what never happened yet, so that a rule sees the first time.
    let metrics = test.metrics();
    for name in chassis::watchdog::Gauges::NAMES {
        assert!(metrics.contains(&format!("# HELP dbj_{name} ")), "{name}");
    }
    test.stop().await;
}

/// Stands in for the notifier: its mailbox opens when the test says so.
struct Slow {
    chassis: Chassis,
    inside: Arc<AtomicUsize>,
    gate: Arc<Semaphore>,
}

impl Handles for Slow {
    fn chassis(&self) -> &Chassis {
        &self.chassis
    }
}

async fn mailbox(app: &Slow, _: &Caller, _: &Mailbox) -> Result<Sealed<Vec<MailboxItem>>, Fault> {
    app.inside.fetch_add(1, Ordering::SeqCst);
    let _open = app.gate.acquire().await;
    Ok(app.chassis.keys.seal(Name::Portal, &Vec::new()))
}

#[tokio::test]
async fn too_much_in_hand_is_said_at_once() {
    let (inside, gate) = (Arc::new(AtomicUsize::new(0)), Arc::new(Semaphore::new(0)));
    let state = (inside.clone(), gate.clone());
    let slow = Service::new(
        Name::Notifier,
        migrator("create table nothing (x int)"),
        move |chassis| Box::pin(async move { Ok(Slow { chassis, inside: state.0, gate: state.1 }) }),
        |wiring| {
            wiring.stands_in().query::<Mailbox>(|app, caller, query| Box::pin(mailbox(app, caller, query)))
        },
    );
    let test = Arc::new(TestPlatform::start(vec![slow]).await);
    let held: Vec<_> = (0..256)
        .map(|_| {
            let test = test.clone();
            tokio::spawn(async move { test.ask(&Actor::Visitor, &Mailbox { limit: 1 }).await })
        })
        .collect();
    eventually("its hands are full", async || inside.load(Ordering::SeqCst) >= 256).await;
    let began = tokio::time::Instant::now();
    let busy = test.portal().hasty().call(&Actor::Visitor, &Mailbox { limit: 1 }).await.unwrap_err();
    assert!(busy.is_busy() && busy.is_passing(), "{busy:?}");
    // Rule 18 says a second; a query would go on asking for three.
    assert!(began.elapsed() < Duration::from_secs(2), "{:?}", began.elapsed());
    assert!(test.metrics().contains("dbj_calls_turned_away_total{service=\"notifier\"} "));
    gate.close();
    for call in held {
        let _ = call.await.unwrap();
    }
    test.ask(&Actor::Visitor, &Mailbox { limit: 1 }).await.unwrap();
    Arc::into_inner(test).expect("nobody else holds it").stop().await;
}

#[tokio::test]
async fn no_connection_free_is_said_within_a_second() {
    let test = TestPlatform::start(vec![reader(&Arc::default())]).await;
    let mut taken = Vec::new();
    for _ in 0..4 {
        taken.push(test.pool(Name::Matcher).acquire().await.unwrap());
    }
    let began = tokio::time::Instant::now();
    let query = DeadLetters { skip: 0, limit: 1 };
    let portal = test.portal().hasty();
    let asked = portal.call_at(Name::Matcher, &account(Role::Administrator), new_key(), &query).await;
    assert!(asked.as_ref().is_err_and(Problem::is_busy), "{asked:?}");
    assert!(began.elapsed() < Duration::from_secs(2), "{:?}", began.elapsed());
    drop(taken);
    assert_eq!(list(&test, 0, 1).await.open, 0);
    test.stop().await;
}

#[tokio::test]
async fn bounds_that_did_not_arrive_are_noticed() {
    let test = TestPlatform::start(vec![reader(&Arc::default())]).await;
    let right = test.pool(Name::Matcher);
    checks::role(&mut right.acquire().await.unwrap(), Name::Matcher).await.unwrap();
    // As behind a pooler that drops what is asked at log-in.
    let options: PgConnectOptions = test.chassis(Name::Matcher).config.database_url.parse().unwrap();
    let password = test.keys(Name::Matcher).postgres_password().to_owned();
    let bare = options.username("dbj_matcher").password(&password);
    let pool = PgPoolOptions::new().max_connections(1).connect_with(bare).await.unwrap();
    let mut conn = pool.acquire().await.unwrap();
    let refused = checks::role(&mut conn, Name::Matcher).await.unwrap_err().to_string();
    drop(conn);
    assert!(refused.contains("statement_timeout = 5s and has 0"), "{refused}");
    pool.close().await;
    test.stop().await;
}
