//! Erasing: what goes, what stays, who confirms, and that nothing brings her back.

use chassis::harness::eventually;
use chrono::TimeDelta;
use proto::{
    Actor, CloudEvent, EventId, Fact, Problem, Role, SeekerId, Service as Name, Status, Stream,
    intake::{EraseMe, Erasure, Erasures, MyDetails, ProfilePublished, Purpose, Registration, SeekerErased},
    matcher,
    notifier::{self, NoticeContent, Template},
    open_hiring, portal,
};
use sqlx::AssertSqlSafe;
use uuid::Uuid;

use crate::support::{Stage, VISITOR, account, samira};

/// Which tables hold a text in any column, as somebody sees them who reads the whole schema.
async fn tables_with(stage: &Stage, text: &str) -> Vec<String> {
    let pool = stage.test.pool(Name::Intake);
    let tables: Vec<String> = sqlx::query_scalar(
        "select c.relname::text from pg_class c join pg_namespace n on n.oid = c.relnamespace
         where n.nspname = current_schema() and c.relkind in ('r', 'p') and not c.relispartition
         order by c.relname",
    )
    .fetch_all(pool)
    .await
    .unwrap();
    let mut found = Vec::new();
    for table in tables {
        let query = format!("select exists (select 1 from {table} as t where position($1 in t::text) > 0)");
        let holds: bool = sqlx::query_scalar(AssertSqlSafe(query)).bind(text).fetch_one(pool).await.unwrap();
        if holds {
            found.push(table);
        }
    }
    found
}

async fn erase(stage: &Stage, seeker_id: SeekerId) -> Result<(), Problem> {
    stage.test.ask(&Actor::Seeker { seeker_id }, &EraseMe { seeker_id }).await
}

async fn ledger(stage: &Stage, only_open: bool) -> Vec<Erasure> {
    let administrator = account(1, Role::Administrator, &[]);
    stage.test.ask(&administrator, &Erasures { only_open, limit: 10 }).await.unwrap()
}

async fn ids(stage: &Stage, seeker_id: SeekerId) -> [Uuid; 2] {
    let row: (Uuid, Uuid) =
        sqlx::query_as("select open_file_id, background_id from seekers where seeker_id = $1")
            .bind(seeker_id.0)
            .fetch_one(stage.test.pool(Name::Intake))
            .await
            .unwrap();
    [row.0, row.1]
}

/// Says on the bus what a service says when it has forgotten her.
async fn confirm<T: Fact>(stage: &Stage, fact: T) {
    let event = CloudEvent::new(
        EventId(stage.test.chassis(Name::Intake).chance.uuid_v7(stage.test.clock.machine_now())),
        stage.test.clock.machine_now(),
        "urn:nld:oin:00000099000000001000",
        None,
        fact,
    );
    let subject = stage.test.names().subject(&event.data.subject());
    let body = serde_json::to_vec(&event).unwrap();
    let context = async_nats::jetstream::new(stage.test.nats());
    context.publish(subject, body.into()).await.unwrap().await.unwrap();
}

async fn everybody_confirms(stage: &Stage, seeker_id: SeekerId) {
    let version = 2;
    confirm(stage, matcher::SeekerForgotten { seeker_id, version }).await;
    confirm(stage, notifier::SeekerForgotten { seeker_id, version }).await;
    confirm(stage, open_hiring::SeekerForgotten { seeker_id, version }).await;
    confirm(stage, portal::SeekerForgotten { seeker_id, version }).await;
}

/// What is on the stream, as names of events and aggregates.
async fn on_stream(stage: &Stage, stream: Stream) -> Vec<String> {
    let context = async_nats::jetstream::new(stage.test.nats());
    let mut stream = context.get_stream(stage.test.names().stream(stream)).await.unwrap();
    let state = stream.info().await.unwrap().state.clone();
    let mut held = Vec::new();
    for sequence in state.first_sequence..=state.last_sequence {
        if let Ok(message) = stream.get_raw_message(sequence).await {
            let parts: Vec<_> = message.subject.split('.').collect();
            held.push(format!("{} {}", parts[3], parts[5]));
        }
    }
    held
}

#[tokio::test]
async fn nothing_of_her_is_left_but_a_number() {
    let stage = Stage::open().await;
    let seeker_id = stage.join(&samira()).await;
    let [open_file_id, background_id] = ids(&stage, seeker_id).await;
    let other = stage.join(&Registration { contact: "0612345679".into(), ..samira() }).await;
    // A second registration with her contact waits for its code, and she asked for another code.
    stage.register(&samira()).await;
    stage.request_code("0612345678").await;
    assert!(stage.number("select count(*) from registrations").await >= 1);
    let index: String = sqlx::query_scalar("select contact_index::text from seekers where seeker_id = $1")
        .bind(seeker_id.0)
        .fetch_one(stage.test.pool(Name::Intake))
        .await
        .unwrap();
    assert!(tables_with(&stage, index.trim_start_matches('\\')).await.len() >= 3);

    erase(&stage, seeker_id).await.unwrap();
    let her = Actor::Seeker { seeker_id };
    let gone = stage.test.ask(&her, &MyDetails { seeker_id }).await.unwrap_err();
    assert_eq!((gone.status, gone.code.as_str()), (Status::NotFound, "seeker-unknown"));
    // Twice changes nothing.
    erase(&stage, seeker_id).await.unwrap();

    let stays = ["erased_aggregates", "erasures", "outbox"];
    assert_eq!(tables_with(&stage, &seeker_id.0.to_string()).await, stays);
    for text in [open_file_id.to_string(), background_id.to_string(), index] {
        assert_eq!(tables_with(&stage, text.trim_start_matches('\\')).await, Vec::<String>::new(), "{text}");
    }
    let bodies: Vec<String> =
        sqlx::query_scalar("select body from outbox where aggregate_id = $1 and body <> ''")
            .bind(seeker_id.0)
            .fetch_all(stage.test.pool(Name::Intake))
            .await
            .unwrap();
    assert!(matches!(&bodies[..], [body] if body.contains(SeekerErased::DUTCH_TYPE)), "{bodies:?}");

    // The last message goes to her contact, under an id that is nobody's.
    let last = stage.notices(Template::Erased, 1).await;
    assert_eq!((last[0].to.as_str(), &last[0].content), ("+31612345678", &NoticeContent::Erased {}));
    let expected = [format!("profile_published {}", other.0), format!("seeker_erased {}", seeker_id.0)];
    eventually("the stream is clean", async || on_stream(&stage, Stream::Facts).await == expected).await;
    assert_eq!(stage.details(other).await.name, "Samira");

    // Her contact is free: she may come back, as somebody else.
    let again = stage.join(&samira()).await;
    assert_ne!(again, seeker_id);
    stage.close().await;
}

#[tokio::test]
async fn who_confirms_is_in_the_ledger_and_who_is_late_raises_an_alarm() {
    let stage = Stage::open().await;
    let seeker_id = stage.join(&samira()).await;
    erase(&stage, seeker_id).await.unwrap();
    eventually("intake sees that the stream is clean", async || {
        ledger(&stage, true).await[0].streams_clean_at.is_some()
    })
    .await;
    confirm(&stage, matcher::SeekerForgotten { seeker_id, version: 2 }).await;
    // Again, as a replay would, and about nobody.
    confirm(&stage, matcher::SeekerForgotten { seeker_id, version: 2 }).await;
    confirm(&stage, portal::SeekerForgotten { seeker_id: SeekerId(Uuid::from_u128(5)), version: 2 }).await;
    confirm(&stage, portal::SeekerForgotten { seeker_id, version: 2 }).await;
    confirm(&stage, open_hiring::SeekerForgotten { seeker_id, version: 2 }).await;
    eventually("three confirmed", async || ledger(&stage, true).await[0].confirmed.len() == 3).await;
    assert!(!ledger(&stage, true).await[0].overdue);

    stage.test.clock.advance(TimeDelta::days(7) + TimeDelta::minutes(1));
    assert!(ledger(&stage, true).await[0].overdue, "the notifier is late");
    intake::use_cases::watch_erasures(&app(&stage)).await.unwrap();
    assert!(stage.test.metrics().contains("dbj_erasures_overdue 1"));
    confirm(&stage, notifier::SeekerForgotten { seeker_id, version: 2 }).await;
    eventually("all is confirmed", async || ledger(&stage, true).await.is_empty()).await;
    let all = ledger(&stage, false).await;
    assert_eq!(all[0].seeker_id, seeker_id);
    assert_eq!(
        all[0].confirmed.keys().copied().collect::<Vec<_>>(),
        [Name::OpenHiring, Name::Matcher, Name::Notifier, Name::Portal]
    );
    assert!(!all[0].overdue);
    intake::use_cases::watch_erasures(&app(&stage)).await.unwrap();
    assert!(stage.test.metrics().contains("dbj_erasures_overdue 0"));
    stage.close().await;
}

fn app(stage: &Stage) -> intake::App {
    intake::App {
        chassis: stage.test.chassis(Name::Intake).clone(),
        reference: std::sync::Arc::new(reference::Reference::small()),
    }
}

#[tokio::test]
async fn an_erasure_is_not_complete_before_the_stream_is_clean() {
    let mut stage = Stage::open().await;
    let seeker_id = stage.join(&samira()).await;
    stage.stream(Stream::Facts).await;
    stage.test.stop_keeper().await;
    erase(&stage, seeker_id).await.unwrap();
    everybody_confirms(&stage, seeker_id).await;
    eventually("everybody confirmed", async || ledger(&stage, true).await[0].confirmed.len() == 4).await;
    assert_eq!(ledger(&stage, true).await[0].streams_clean_at, None);
    stage.test.start_keeper();
    eventually("the stream is seen to be clean", async || {
        stage.test.clock.advance(TimeDelta::minutes(5));
        ledger(&stage, true).await.is_empty()
    })
    .await;
    stage.close().await;
}

/// The last confirmation and the look into the stream at one moment: each saw itself alone, and the erasure stayed
/// open for ever.
#[tokio::test]
async fn the_last_confirmation_and_a_clean_stream_at_one_moment_complete_it() {
    let mut stage = Stage::open().await;
    let seeker_id = stage.join(&samira()).await;
    stage.stream(Stream::Facts).await;
    stage.test.stop_keeper().await;
    erase(&stage, seeker_id).await.unwrap();
    let mut confirming = stage.test.chassis(Name::Intake).store.begin().await.unwrap();
    let everybody =
        [Name::OpenHiring, Name::Matcher, Name::Notifier, Name::Portal].map(|service| (seeker_id.0, service));
    intake::use_cases::confirm_erasures(&mut confirming, &everybody).await.unwrap();
    let looking = tokio::spawn({
        let app = app(&stage);
        async move { intake::use_cases::note_clean(&app, &[seeker_id.0]).await }
    });
    // In our own database: other tests share the server.
    eventually("the one waits for the other", async || {
        stage
            .number(
                "select count(*) from pg_stat_activity
                 where datname = current_database() and wait_event_type = 'Lock'",
            )
            .await
            > 0
    })
    .await;
    confirming.commit().await.unwrap();
    looking.await.unwrap().unwrap();
    eventually("it is complete", async || ledger(&stage, true).await.is_empty()).await;
    stage.close().await;
}

#[tokio::test]
async fn background_facts_are_erased_on_the_hour_and_join_to_nothing() {
    let stage = Stage::open().await;
    stage.at_ten_past();
    let told = Registration {
        entry_point: Some("library".to_owned()),
        consents: vec![Purpose::Figures],
        ..samira()
    };
    let seeker_id = stage.join(&told).await;
    let [_, background_id] = ids(&stage, seeker_id).await;
    stage.test.clock.advance(TimeDelta::hours(1));
    let was_told = format!("entry_point_told {background_id}");
    eventually("it is told", async || on_stream(&stage, Stream::Background).await == [was_told.as_str()])
        .await;
    erase(&stage, seeker_id).await.unwrap();
    assert_eq!(on_stream(&stage, Stream::Background).await, [was_told.as_str()], "not at the same moment");
    let payloads = stage.number("select count(*) from outbox where body like '%library%'").await;
    assert_eq!(payloads, 0, "the payload goes at once");
    assert_eq!(
        tables_with(&stage, &background_id.to_string()).await,
        ["background_erasures", "outbox"],
        "what waits for the hour names nobody"
    );
    stage.test.clock.advance(TimeDelta::hours(1));
    let erased = format!("background_erased {background_id}");
    eventually("it is erased and purged", async || {
        on_stream(&stage, Stream::Background).await == [erased.as_str()]
    })
    .await;
    stage.close().await;
}

#[tokio::test]
async fn a_record_that_joined_hers_goes_with_her() {
    let stage = Stage::open().await;
    let keep = stage.join(&samira()).await;
    let other = stage.join(&Registration { contact: "0612345679".into(), ..samira() }).await;
    sqlx::query("update seekers set merged_into = $1 where seeker_id = $2")
        .bind(keep.0)
        .bind(other.0)
        .execute(stage.test.pool(Name::Intake))
        .await
        .unwrap();
    erase(&stage, keep).await.unwrap();
    assert_eq!(stage.number("select count(*) from seekers").await, 0);
    let mut erased: Vec<_> = ledger(&stage, false).await.iter().map(|row| row.seeker_id).collect();
    let mut both = vec![keep, other];
    erased.sort_unstable();
    both.sort_unstable();
    assert_eq!(erased, both);
    // One message: she is one person.
    let last = stage.notices(Template::Erased, 1).await;
    assert_eq!(last[0].to, "+31612345678");
    stage.close().await;
}

#[tokio::test]
async fn only_she_erases_and_only_administrators_read_the_ledger() {
    let stage = Stage::open().await;
    let seeker_id = stage.join(&samira()).await;
    let other = Actor::Seeker {
        seeker_id: stage.join(&Registration { contact: "0612345679".into(), ..samira() }).await,
    };
    let mut actors = vec![VISITOR, other];
    actors.extend(Role::ALL.map(|role| account(1, role, &["AM11"])));
    actors.extend(Name::ALL.map(|service| Actor::Service { service }));
    for actor in &actors {
        if let Actor::Service { service } = actor
            && *service != Name::Portal
        {
            continue;
        }
        let refused = stage.test.ask(actor, &EraseMe { seeker_id }).await.unwrap_err();
        assert_eq!(refused.status, Status::Forbidden, "{actor:?}");
        let read = stage.test.ask(actor, &Erasures { only_open: false, limit: 10 }).await;
        assert_eq!(read.is_ok(), actor.has(Role::Administrator), "{actor:?}");
    }
    let nobody = SeekerId(Uuid::from_u128(1));
    let unknown = erase(&stage, nobody).await.unwrap_err();
    assert_eq!(unknown.code, "seeker-unknown");
    assert_eq!(stage.number("select count(*) from erasures").await, 0);
    assert_eq!(stage.profiles().await.len(), 2, "{}", ProfilePublished::NAME);
    stage.close().await;
}

/// A table that is added later and forgets to go with her fails here.
#[tokio::test]
async fn every_table_that_names_a_person_goes_with_her() {
    let stage = Stage::open().await;
    let left: Vec<String> = sqlx::query_scalar(
        "select format('%s.%s', c.table_name, c.column_name)
         from information_schema.columns c
         where c.table_schema = current_schema()
           and c.column_name in ('seeker_id', 'keep_id', 'other_id')
           and c.table_name not in ('seekers', 'erasures', 'erasure_confirmations',
                                    -- About people who need not be here yet; `delete_everything` names them.
                                    'arrivals', 'ticket_contacts')
           and not exists (
               select 1 from pg_constraint f
               where f.contype = 'f' and f.confdeltype = 'c' and f.conrelid = c.table_name::regclass
                 and f.confrelid = 'seekers'::regclass
                 and f.conkey = array[(select attnum from pg_attribute
                                       where attrelid = c.table_name::regclass and attname = c.column_name)])
         order by 1",
    )
    .fetch_all(stage.test.pool(Name::Intake))
    .await
    .unwrap();
    assert_eq!(left, Vec::<String>::new());
    stage.close().await;
}
