//! The promises of the chassis, held on real servers by a small service that stands in for the
//! notifier and the matcher: it has tables, a command, a query and a reader of events of its own.

use std::{
    sync::{
        Arc,
        atomic::{AtomicU32, Ordering},
    },
    time::Duration,
};

use chassis::{
    Caller, Chassis, Fault, Handles, Heard, Service, Tx,
    harness::{TestPlatform, eventually},
};
use chrono::{DateTime, TimeDelta};
use proto::{
    Actor, Call, MessageId, Problem, Sealed, Service as Name, Status, Stream,
    notifier::{Accepted, Mailbox, MailboxItem, MessageSent, SendNotice, Template},
    work::Channel,
};
use sqlx::{
    SqlSafeStr as _,
    migrate::{Migration, MigrationType, Migrator},
};

/// What the command does besides the usual, told through the recipient's number.
const REFUSES: u128 = 400;
const PANICS: u128 = 500;
/// Refused the first time somebody decides about it, as when what it depends on changes just then.
const REFUSES_ONCE: u128 = 401;

struct Sample {
    chassis: Chassis,
    deadlocks_left: AtomicU32,
    refusals_left: AtomicU32,
}

impl Handles for Sample {
    fn chassis(&self) -> &Chassis {
        &self.chassis
    }
}

fn migrator() -> &'static Migrator {
    Box::leak(Box::new(Migrator::with_migrations(vec![Migration::new(
        1,
        "messages".into(),
        MigrationType::Simple,
        sqlx::AssertSqlSafe(
            "create table messages (message_id uuid primary key, cause uuid not null)".to_owned(),
        )
        .into_sql_str(),
        false,
    )])))
}

async fn send(app: &Sample, tx: &mut Tx, _: &Caller, command: &SendNotice) -> Result<Accepted, Fault> {
    let message_id = MessageId(tx.chance().uuid_v4());
    sqlx::query("insert into messages (message_id, cause) values ($1, $2)")
        .bind(message_id.0)
        .bind(command.cause)
        .execute(tx.conn())
        .await?;
    tx.publish(MessageSent {
        message_id,
        version: 1,
        cause: command.cause,
        template: Template::Code,
        channel: Channel::Sms,
    })
    .await?;
    match command.recipient.as_u128() {
        REFUSES => return Err(Problem::new(Status::Conflict, "refused-by-test").into()),
        PANICS => panic!("as asked"),
        REFUSES_ONCE if app.refusals_left.swap(0, Ordering::SeqCst) > 0 => {
            return Err(Problem::new(Status::Conflict, "refused-once").into());
        }
        _ => {}
    }
    if app.deadlocks_left.fetch_update(Ordering::SeqCst, Ordering::SeqCst, |left| left.checked_sub(1)).is_ok()
    {
        sqlx::query("do $$ begin raise exception 'deadlock' using errcode = '40P01'; end $$")
            .execute(tx.conn())
            .await?;
    }
    Ok(Accepted { message_id })
}

async fn mailbox(app: &Sample, _: &Caller, _: &Mailbox) -> Result<Sealed<Vec<MailboxItem>>, Fault> {
    Ok(app.chassis.keys.seal(Name::Portal, &Vec::new()))
}

fn sample(deadlocks: u32) -> Service {
    Service::new(
        Name::Notifier,
        migrator(),
        move |chassis| {
            Box::pin(async move {
                let (deadlocks_left, refusals_left) = (AtomicU32::new(deadlocks), AtomicU32::new(1));
                Ok(Sample { chassis, deadlocks_left, refusals_left })
            })
        },
        |wiring| {
            wiring
                .stands_in()
                .command::<SendNotice>(|app, tx, caller, command| Box::pin(send(app, tx, caller, command)))
                .query::<Mailbox>(|app, caller, query| Box::pin(mailbox(app, caller, query)))
        },
    )
}

fn notice(test: &TestPlatform, cause: u128, recipient: u128) -> SendNotice {
    SendNotice {
        cause: uuid::Uuid::from_u128(cause),
        recipient: uuid::Uuid::from_u128(recipient),
        expires_at: test.clock.machine_now(),
        notice: Sealed::from_base64(String::new()),
    }
}

async fn messages(test: &TestPlatform) -> i64 {
    sqlx::query_scalar("select count(*) from messages").fetch_one(test.pool(Name::Notifier)).await.unwrap()
}

async fn stored_in_stream(test: &TestPlatform) -> u64 {
    let context = async_nats::jetstream::new(test.nats());
    let mut stream = context.get_stream(test.names().stream(Stream::Facts)).await.unwrap();
    stream.info().await.unwrap().state.messages
}

const VISITOR: Actor = Actor::Visitor;

#[tokio::test]
async fn state_and_event_commit_together_and_the_event_reaches_the_stream() {
    let test = TestPlatform::start(vec![sample(0)]).await;
    test.ask(&VISITOR, &notice(&test, 1, 1)).await.unwrap();
    eventually("the event is in the stream", async || stored_in_stream(&test).await == 1).await;
    eventually("it is marked", async || {
        let waiting: i64 = sqlx::query_scalar("select count(*) from outbox where published_at is null")
            .fetch_one(test.pool(Name::Notifier))
            .await
            .unwrap();
        waiting == 0
    })
    .await;
    test.stop().await;
}

#[tokio::test]
async fn a_refused_or_broken_command_leaves_nothing_behind() {
    let test = TestPlatform::start(vec![sample(0)]).await;
    let refused = test.ask(&VISITOR, &notice(&test, 1, REFUSES)).await.unwrap_err();
    assert_eq!((refused.status, refused.code.as_str()), (Status::Conflict, "refused-by-test"));
    let broken = test.ask(&VISITOR, &notice(&test, 1, PANICS)).await.unwrap_err();
    assert_eq!(broken.status, Status::Internal);
    assert_eq!(messages(&test).await, 0);
    let events: i64 =
        sqlx::query_scalar("select count(*) from outbox").fetch_one(test.pool(Name::Notifier)).await.unwrap();
    assert_eq!(events, 0);
    let kept: Vec<String> =
        sqlx::query_scalar("select answer from answers union all select answer from refusals")
            .fetch_all(test.pool(Name::Notifier))
            .await
            .unwrap();
    assert!(matches!(&kept[..], [one] if one.contains("refused-by-test")), "the refusal alone: {kept:?}");
    test.stop().await;
}

#[tokio::test]
async fn a_refusal_is_the_answer_of_its_key_for_half_a_minute() {
    let test = TestPlatform::start(vec![sample(0)]).await;
    let key = uuid::Uuid::from_u128(98);
    let ask = async |cause| {
        let command = notice(&test, cause, REFUSES_ONCE);
        test.portal()
            .call_with_key(&VISITOR, key, &SendNotice { expires_at: DateTime::UNIX_EPOCH, ..command })
            .await
    };
    for _ in 0..2 {
        let refused = ask(1).await.unwrap_err();
        assert_eq!(refused.code, "refused-once", "by then it would not be refused any more");
    }
    test.clock.advance(TimeDelta::seconds(31));
    ask(1).await.unwrap();
    assert_eq!(messages(&test).await, 1, "she tried again");
    test.stop().await;
}

#[tokio::test]
async fn who_mends_what_was_refused_needs_no_other_key() {
    let test = TestPlatform::start(vec![sample(0)]).await;
    let key = uuid::Uuid::from_u128(97);
    let ask =
        async |cause| test.portal().call_with_key(&VISITOR, key, &notice(&test, cause, REFUSES_ONCE)).await;
    assert_eq!(ask(1).await.unwrap_err().code, "refused-once");
    ask(2).await.unwrap();
    assert_eq!(messages(&test).await, 1);
    test.stop().await;
}

#[tokio::test]
async fn copies_of_one_request_are_all_refused_or_all_done() {
    let test = TestPlatform::start(vec![sample(0)]).await;
    let command = notice(&test, 7, REFUSES_ONCE);
    let key = uuid::Uuid::from_u128(96);
    let asked = (0..20).map(|_| test.portal().call_with_key(&VISITOR, key, &command));
    let answers = futures::future::join_all(asked).await;
    let told: Vec<_> = answers.into_iter().map(|answer| answer.map_err(|problem| problem.code)).collect();
    assert!(told.windows(2).all(|pair| pair[0] == pair[1]), "{told:?}");
    assert_eq!(messages(&test).await, i64::from(told[0].is_ok()));
    test.stop().await;
}

#[tokio::test]
async fn a_repeat_gets_the_first_answer_also_at_the_same_moment() {
    let test = TestPlatform::start(vec![sample(0)]).await;
    let key = uuid::Uuid::from_u128(99);
    let command = notice(&test, 7, 7);
    let asked = (0..20).map(|_| test.portal().call_with_key(&VISITOR, key, &command));
    let answers: Vec<_> = futures::future::join_all(asked).await.into_iter().map(Result::unwrap).collect();
    assert!(answers.windows(2).all(|pair| pair[0] == pair[1]), "{answers:?}");
    assert_eq!(messages(&test).await, 1);
    let other = test.portal().call_with_key(&VISITOR, key, &notice(&test, 8, 8)).await.unwrap_err();
    assert_eq!(other.status, Status::KeyReused);
    test.stop().await;
}

#[tokio::test]
async fn a_deadlock_is_tried_again_and_the_caller_does_not_notice() {
    let test = TestPlatform::start(vec![sample(2)]).await;
    test.ask(&VISITOR, &notice(&test, 1, 1)).await.unwrap();
    assert_eq!(messages(&test).await, 1);
    test.stop().await;
}

#[tokio::test]
async fn nobody_listening_is_said_within_the_deadline() {
    let test = TestPlatform::start(vec![sample(0)]).await;
    let query = proto::intake::MyDetails { seeker_id: uuid::Uuid::nil().into() };
    let problem = test.ask(&VISITOR, &query).await.unwrap_err();
    assert!(problem.is_passing(), "{problem:?}");
    test.stop().await;
}

#[tokio::test]
async fn an_unsigned_call_is_not_believed() {
    let test = TestPlatform::start(vec![sample(0)]).await;
    let subject = test.names().subject(&Mailbox::subject());
    let body = serde_json::to_vec(&Mailbox { limit: 1 }).unwrap();
    let reply = test.nats().request(subject, body.into()).await.unwrap();
    assert!(String::from_utf8_lossy(&reply.payload).contains("actor-not-proven"));
    test.stop().await;
}

#[tokio::test]
async fn a_service_sees_its_own_schema_and_nothing_else() {
    let test = TestPlatform::start(vec![sample(0), reader(0)]).await;
    for (service, other) in [(Name::Notifier, "matcher.seen"), (Name::Matcher, "notifier.messages")] {
        let error = sqlx::query(sqlx::AssertSqlSafe(format!("select * from {other}")))
            .execute(test.pool(service))
            .await
            .unwrap_err();
        assert!(error.to_string().contains("permission denied"), "{service}: {error}");
        let made = sqlx::query("create table mine (x int)").execute(test.pool(service)).await;
        assert!(made.is_err(), "{service} can make tables");
    }
    test.stop().await;
}

/// Stands in for the matcher: writes down what it hears; fails as often as told.
struct Reader {
    chassis: Chassis,
    failures_left: AtomicU32,
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
    if app.failures_left.fetch_update(Ordering::SeqCst, Ordering::SeqCst, |left| left.checked_sub(1)).is_ok()
    {
        return Err(Fault::broken("noting down", "as asked"));
    }
    Ok(())
}

fn reader(failures: u32) -> Service {
    let migrations = Box::leak(Box::new(Migrator::with_migrations(vec![Migration::new(
        1,
        "seen".into(),
        MigrationType::Simple,
        // No unique key: a double effect must show.
        sqlx::AssertSqlSafe("create table seen (event_id uuid not null)".to_owned()).into_sql_str(),
        false,
    )])));
    Service::new(
        Name::Matcher,
        migrations,
        move |chassis| {
            Box::pin(async move { Ok(Reader { chassis, failures_left: AtomicU32::new(failures) }) })
        },
        |wiring| wiring.stands_in().events(|app, tx, events| Box::pin(note_down(app, tx, events))),
    )
}

async fn tell(test: &TestPlatform, id: u128) {
    let event =
        serde_json::json!({ "id": uuid::Uuid::from_u128(id), "type": "nl.vacatures.vacature-gesloten.v1" });
    let subject = test.names().subject(&format!("evt.vacancies.opening_closed.v1.{id}"));
    let context = async_nats::jetstream::new(test.nats());
    context.publish(subject, event.to_string().into()).await.unwrap().await.unwrap();
}

async fn seen(test: &TestPlatform) -> i64 {
    sqlx::query_scalar("select count(*) from seen").fetch_one(test.pool(Name::Matcher)).await.unwrap()
}

#[tokio::test]
async fn a_repeated_event_takes_effect_once_with_two_replicas() {
    let test = TestPlatform::start(vec![reader(0)]).await;
    let replica = test.replica(vec![reader(0)]).await;
    for round in 0..3 {
        for id in 1..=50 {
            tell(&test, id).await;
        }
        eventually("all are seen", async || seen(&test).await >= 50).await;
        assert_eq!(seen(&test).await, 50, "round {round}");
    }
    eventually("the repeats were recognised", async || {
        test.metrics().contains("dbj_events_repeated_total{service=\"matcher\"} 100")
    })
    .await;
    assert_eq!(seen(&test).await, 50);
    replica.stop().await;
    test.stop().await;
}

#[tokio::test]
async fn a_failed_event_comes_back_and_takes_effect_once() {
    let test = TestPlatform::start(vec![reader(2)]).await;
    tell(&test, 1).await;
    eventually("it took effect after two failures", async || seen(&test).await == 1).await;
    let left: i64 = sqlx::query_scalar("select count(*) from failed_attempts")
        .fetch_one(test.pool(Name::Matcher))
        .await
        .unwrap();
    assert_eq!(left, 0);
    test.stop().await;
}

#[tokio::test]
async fn the_sixth_failure_is_a_dead_letter_and_nonsense_is_one_at_once() {
    let test = TestPlatform::start(vec![reader(u32::MAX)]).await;
    // Five failures are on record already, so that the test need not wait ten minutes for them.
    sqlx::query(
        "insert into failed_attempts (event_id, consumer, attempts, last_error, first_at, last_at)
         values ($1, 'matcher', 5, 'before', now(), now())",
    )
    .bind(uuid::Uuid::from_u128(1))
    .execute(test.pool(Name::Matcher))
    .await
    .unwrap();
    tell(&test, 1).await;
    let context = async_nats::jetstream::new(test.nats());
    let subject = test.names().subject("evt.vacancies.opening_closed.v1.nonsense");
    context.publish(subject, "no event at all".into()).await.unwrap().await.unwrap();
    eventually("both are put aside", async || {
        let dead: i64 = sqlx::query_scalar("select count(*) from dead_letters")
            .fetch_one(test.pool(Name::Matcher))
            .await
            .unwrap();
        dead == 2
    })
    .await;
    assert_eq!(seen(&test).await, 0);
    test.stop().await;
}

#[tokio::test]
async fn cancelled_callers_leave_no_transaction_open() {
    let test = Arc::new(TestPlatform::start(vec![sample(0)]).await);
    let hasty = (0..200_u128).map(|number| {
        let test = test.clone();
        async move {
            let patience = Duration::from_micros(100 * (number as u64 % 40));
            let _ = tokio::time::timeout(patience, test.ask(&VISITOR, &notice(&test, number, 1))).await;
        }
    });
    futures::future::join_all(hasty).await;
    eventually("no session is idle in a transaction", async || {
        let open: i64 = sqlx::query_scalar(
            "select count(*) from pg_stat_activity
             where datname = current_database() and state like 'idle in transaction%'",
        )
        .fetch_one(test.pool(Name::Notifier))
        .await
        // The pool is theirs too: as long as it has no room for us, they are not done.
        .unwrap_or(1);
        open == 0
    })
    .await;
    for number in 0..50 {
        test.ask(&VISITOR, &notice(&test, 1_000 + number, 1)).await.unwrap();
    }
    Arc::into_inner(test).expect("nobody else holds it").stop().await;
}

async fn publish_many(test: &TestPlatform, count: u128) {
    let mut tx = test.chassis(Name::Notifier).store.begin().await.unwrap();
    let facts = (0..count).map(|number| MessageSent {
        message_id: MessageId(uuid::Uuid::from_u128(number)),
        version: 1,
        cause: uuid::Uuid::nil(),
        template: Template::Code,
        channel: Channel::Sms,
    });
    tx.publish_all(facts.collect()).await.unwrap();
    tx.commit().await.unwrap();
}

async fn unpublished(test: &TestPlatform) -> i64 {
    sqlx::query_scalar("select count(*) from outbox where published_at is null")
        .fetch_one(test.pool(Name::Notifier))
        .await
        .unwrap()
}

#[tokio::test]
async fn what_was_sent_but_not_marked_is_sent_again_and_stored_once_in_order() {
    let test = TestPlatform::start(vec![sample(0)]).await;
    publish_many(&test, 1_200).await;
    eventually("all are marked", async || unpublished(&test).await == 0).await;
    assert_eq!(stored_in_stream(&test).await, 1_200);
    // As after a crash between sending and marking: some of these ids are known to the stream, so
    // the batch is refused whole and its events go one by one.
    sqlx::query("update outbox set published_at = null, stream_seq = null where seq % 3 = 0")
        .execute(test.pool(Name::Notifier))
        .await
        .unwrap();
    let mut tx = test.chassis(Name::Notifier).store.begin().await.unwrap();
    tx.publish(MessageSent {
        message_id: MessageId(uuid::Uuid::from_u128(9_999)),
        version: 1,
        cause: uuid::Uuid::nil(),
        template: Template::Code,
        channel: Channel::Sms,
    })
    .await
    .unwrap();
    tx.commit().await.unwrap();
    eventually("all are marked again", async || unpublished(&test).await == 0).await;
    assert_eq!(stored_in_stream(&test).await, 1_201, "nothing twice, nothing lost");
    let out_of_order: i64 = sqlx::query_scalar(
        "select count(*) from (select stream_seq, lag(stream_seq) over (order by seq) as before from outbox) as t
         where before >= stream_seq",
    )
    .fetch_one(test.pool(Name::Notifier))
    .await
    .unwrap();
    assert_eq!(out_of_order, 0);
    test.stop().await;
}

#[tokio::test]
async fn two_relays_take_turns() {
    let test = TestPlatform::start(vec![sample(0)]).await;
    let replica = test.replica(vec![sample(0)]).await;
    for _ in 0..5 {
        let at_once = (0..40_u128).map(|number| {
            let test = &test;
            async move { test.ask(&VISITOR, &notice(test, number, 1)).await.unwrap() }
        });
        futures::future::join_all(at_once).await;
    }
    eventually("all are marked", async || unpublished(&test).await == 0).await;
    assert_eq!(stored_in_stream(&test).await, 200);
    replica.stop().await;
    // The one that is left takes over the lock when it was not the holder.
    test.ask(&VISITOR, &notice(&test, 1, 1)).await.unwrap();
    eventually("the survivor relays", async || stored_in_stream(&test).await == 201).await;
    test.stop().await;
}
