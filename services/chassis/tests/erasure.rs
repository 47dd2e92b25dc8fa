//! Who is erased stays erased: tombstones, blanked payloads, purged streams.

use async_nats::jetstream;
use chassis::{
    Chassis, Fault, Handles, Service, erasure,
    harness::{TestPlatform, eventually},
    streams,
};
use proto::{
    BackgroundId, Fact, SeekerId, Service as Name, Stream,
    catalogue::EVENTS,
    intake::{BackgroundErased, EntryPointTold, ProfilePublished, SeekerErased},
    matcher,
};
use sqlx::migrate::Migrator;
use uuid::Uuid;

use crate::support::profile;

struct Sample {
    chassis: Chassis,
}

impl Handles for Sample {
    fn chassis(&self) -> &Chassis {
        &self.chassis
    }
}

fn sample(which: Name) -> Service {
    Service::new(
        which,
        Box::leak(Box::new(Migrator::with_migrations(Vec::new()))),
        |chassis| Box::pin(async move { Ok(Sample { chassis }) }),
        chassis::Wiring::stands_in,
    )
}

const HER: Uuid = Uuid::from_u128(0x5ee_0001);
const ANOTHER: Uuid = Uuid::from_u128(0x5ee_0002);

fn erased(seeker: Uuid) -> SeekerErased {
    SeekerErased { seeker_id: SeekerId(seeker), version: 9 }
}

async fn publish<T: Fact>(test: &TestPlatform, facts: Vec<T>) -> Result<(), Fault> {
    let mut tx = test.chassis(T::BY).store.begin().await?;
    tx.publish_all(facts).await?;
    tx.commit().await?;
    Ok(())
}

async fn all_is_published(test: &TestPlatform, by: Name) {
    eventually("everything is published", async || {
        sqlx::query_scalar::<_, bool>("select not exists (select 1 from outbox where published_at is null)")
            .fetch_one(test.pool(by))
            .await
            .unwrap()
    })
    .await;
}

/// Event names and aggregates that a stream holds, in order.
async fn held(test: &TestPlatform, stream: Stream) -> Vec<(String, String)> {
    let context = jetstream::new(test.nats());
    let mut stream = context.get_stream(test.names().stream(stream)).await.unwrap();
    let state = stream.info().await.unwrap().state.clone();
    let mut held = Vec::new();
    for sequence in state.first_sequence..=state.last_sequence {
        if let Ok(message) = stream.get_raw_message(sequence).await {
            let parts: Vec<_> = message.subject.split('.').collect();
            held.push((parts[3].to_owned(), parts[5].to_owned()));
        }
    }
    held
}

#[tokio::test]
async fn what_is_forgotten_leaves_its_number_and_nothing_else() {
    let test = TestPlatform::start(vec![sample(Name::Intake)]).await;
    publish(&test, vec![profile(HER, 1), profile(ANOTHER, 1)]).await.unwrap();
    all_is_published(&test, Name::Intake).await;
    let pool = test.pool(Name::Intake);
    let answer = format!("{{\"ok\":\"{HER}\"}}");
    for (answer, verb) in [(answer.as_str(), "her"), ("{\"ok\":null}", "another")] {
        sqlx::query(
            "insert into answers (key, verb, body_hash, answer, at) values (gen_random_uuid(), $1, '', $2, now())",
        )
        .bind(verb)
        .bind(answer)
        .execute(pool)
        .await
        .unwrap();
        sqlx::query(
            "insert into dead_letters (event_id, consumer, subject, body, reason, attempts, died_at)
             values (gen_random_uuid(), $1, 'x', $2, 'x', 6, now())",
        )
        .bind(verb)
        .bind(answer)
        .execute(pool)
        .await
        .unwrap();
    }

    let mut tx = test.chassis(Name::Intake).store.begin().await.unwrap();
    assert!(!tx.is_forgotten(HER).await.unwrap());
    // This one waits, and must never leave.
    tx.publish(profile(HER, 2)).await.unwrap();
    for _ in 0..2 {
        tx.forget(HER).await.unwrap();
    }
    tx.publish(erased(HER)).await.unwrap();
    assert!(tx.is_forgotten(HER).await.unwrap() && !tx.is_forgotten(ANOTHER).await.unwrap());
    tx.commit().await.unwrap();
    all_is_published(&test, Name::Intake).await;
    // Once more, as a replay would: what erases stays readable.
    let mut tx = test.chassis(Name::Intake).store.begin().await.unwrap();
    tx.forget(HER).await.unwrap();
    tx.commit().await.unwrap();

    let kept: Vec<(Uuid, bool)> = sqlx::query_as("select aggregate_id, body = '' from outbox order by seq")
        .fetch_all(pool)
        .await
        .unwrap();
    assert_eq!(kept, [(HER, true), (ANOTHER, false), (HER, false)]);
    for table in ["select verb from answers where answer is not null", "select consumer from dead_letters"] {
        let left: Vec<String> = sqlx::query_scalar(table).fetch_all(pool).await.unwrap();
        assert_eq!(left, ["another"], "{table}");
    }
    let forgotten = erasure::forgotten_among(pool, &[HER, ANOTHER]).await.unwrap();
    assert_eq!(forgotten.into_iter().collect::<Vec<_>>(), [HER]);
    test.stop().await;
}

#[tokio::test]
async fn parts_are_forgotten_together_however_many() {
    let test = TestPlatform::start(vec![sample(Name::Intake)]).await;
    let parts: Vec<Uuid> = (1..=50).map(Uuid::from_u128).collect();
    publish(&test, parts.iter().map(|part| profile(*part, 1)).collect()).await.unwrap();
    publish(&test, vec![profile(ANOTHER, 1)]).await.unwrap();
    all_is_published(&test, Name::Intake).await;
    let mut tx = test.chassis(Name::Intake).store.begin().await.unwrap();
    tx.publish(profile(parts[0], 2)).await.unwrap();
    tx.forget_parts(&parts).await.unwrap();
    tx.forget_parts(&parts).await.unwrap();
    tx.forget_parts(&[]).await.unwrap();
    assert!(tx.is_forgotten(parts[49]).await.unwrap() && !tx.is_forgotten(ANOTHER).await.unwrap());
    tx.commit().await.unwrap();
    let pool = test.pool(Name::Intake);
    let spoken: Vec<Uuid> =
        sqlx::query_scalar("select aggregate_id from outbox where body <> ''").fetch_all(pool).await.unwrap();
    assert_eq!(spoken, [ANOTHER]);
    assert_eq!(erasure::forgotten_among(pool, &parts).await.unwrap().len(), 50);
    test.stop().await;
}

#[tokio::test]
async fn whoever_asks_waits_for_an_erasure_that_is_under_way() {
    let test = TestPlatform::start(vec![sample(Name::Intake)]).await;
    let mut erasing = test.chassis(Name::Intake).store.begin().await.unwrap();
    erasing.forget(HER).await.unwrap();
    let store = test.chassis(Name::Intake).store.clone();
    let asking = tokio::spawn(async move {
        let mut tx = store.begin().await.unwrap();
        tx.is_forgotten(HER).await.unwrap()
    });
    eventually("the question waits", async || {
        sqlx::query_scalar::<_, bool>(
            "select exists (select 1 from pg_locks where locktype = 'advisory' and not granted
                            and database = (select oid from pg_database where datname = current_database()))",
        )
        .fetch_one(test.pool(Name::Intake))
        .await
        .unwrap()
    })
    .await;
    erasing.commit().await.unwrap();
    assert!(asking.await.unwrap());
    test.stop().await;
}

#[tokio::test]
async fn the_keeper_purges_what_was_said_before_and_only_that() {
    let mut test = TestPlatform::start(vec![sample(Name::Intake), sample(Name::Matcher)]).await;
    publish(&test, vec![profile(HER, 1), profile(ANOTHER, 1), profile(HER, 2)]).await.unwrap();
    all_is_published(&test, Name::Intake).await;
    let spec = EVENTS.iter().find(|event| event.name == ProfilePublished::NAME).unwrap();
    let bus = test.chassis(Name::Intake).bus.clone();
    assert!(streams::holds(&bus, spec, HER).await.unwrap());

    publish(&test, vec![erased(HER)]).await.unwrap();
    // Two relays: nobody promises which of them is first.
    all_is_published(&test, Name::Intake).await;
    let forgotten = matcher::SeekerForgotten { seeker_id: SeekerId(HER), version: 9 };
    publish(&test, vec![forgotten]).await.unwrap();
    let named = |event: &str, id: Uuid| (event.to_owned(), id.to_string());
    let expected = [
        named("profile_published", ANOTHER),
        named("seeker_erased", HER),
        named("seeker_forgotten_by_matcher", HER),
    ];
    eventually("her profiles are gone", async || held(&test, Stream::Facts).await == expected).await;
    assert!(!streams::holds(&bus, spec, HER).await.unwrap());
    assert!(streams::holds(&bus, spec, ANOTHER).await.unwrap());

    // What is erased while no keeper runs waits for the next one; each stream has its own.
    test.stop_keeper().await;
    let background_id = BackgroundId(Uuid::from_u128(3));
    let told = EntryPointTold {
        background_id,
        version: 1,
        region: "AM11".to_owned(),
        entry_point: "library".to_owned(),
    };
    publish(&test, vec![told]).await.unwrap();
    publish(&test, vec![BackgroundErased { background_id, version: 2 }]).await.unwrap();
    publish(&test, vec![erased(ANOTHER)]).await.unwrap();
    all_is_published(&test, Name::Intake).await;
    assert_eq!(held(&test, Stream::Background).await.len(), 2);
    test.start_keeper();
    eventually("both streams are clean", async || {
        held(&test, Stream::Background).await == [named("background_erased", background_id.0)]
            && !held(&test, Stream::Facts).await.contains(&named("profile_published", ANOTHER))
    })
    .await;
    test.stop().await;
}
