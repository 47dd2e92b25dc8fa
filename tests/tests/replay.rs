//! A read model that was emptied is what it was after a replay (RELIABILITY T6), and who is erased stays away.

use std::sync::Arc;

use chassis::{
    harness::{TestPlatform, eventually},
    replay,
};
use dichterbij_tests::invented;
use proto::{
    Actor, OpeningId, Role, SeekerId, Service,
    intake::{
        AssistedOutcome, AssistedReach, AssistedRegistration, ConsentGiven, EraseMe, HelperIntroduction,
        Pause, Purpose, RegisterAssisted, Wishes,
    },
    matcher::{ProposalsForSeeker, RecordShown, SeekerProposals},
    vacancies::{AddEmployer, CloseOpening, CloseReason, OpeningDetails, PauseOpening, PostOpening},
    work::{Channel, Hours, Language},
};
use reference::Reference;

async fn opening(test: &TestPlatform, number: u16) -> OpeningId {
    let kvk_number = format!("{:08}", 11 * u32::from(number + 1));
    let employer = AddEmployer { name: format!("De Linde {number}"), ..invented::employer(&kvk_number) };
    let employer_id = test.ask(&invented::manager(), &employer).await.unwrap();
    let details = OpeningDetails { places: number + 1, ..invented::opening() };
    let command = PostOpening { employer_id, details, publish: true };
    test.ask(&invented::manager(), &command).await.unwrap()
}

async fn person(test: &TestPlatform, number: u8) -> SeekerId {
    let wishes = Wishes { hours: Some(Hours { min: 16, max: 40 - number }), ..invented::wishes() };
    let registration = AssistedRegistration {
        wishes,
        name: "Zilverspar".to_owned(),
        reach: AssistedReach::Contact {
            contact: format!("06123498{number:02}"),
            channel: Channel::Sms,
            shared: false,
        },
        consents: Purpose::ALL.to_vec(),
        consent_text_version: "2026-11".to_owned(),
        how: ConsentGiven::ReadAloud { record: "gesprek".to_owned() },
        entry_point: Some("library".to_owned()),
        language: Language::Nl,
        helper: HelperIntroduction { name: "Fatma".to_owned(), organisation: "Bibliotheek".to_owned() },
    };
    let sealed = test.keys(Service::Portal).seal(Service::Intake, &registration);
    let command = RegisterAssisted { registration: sealed };
    match test.ask(&invented::account(7, Role::Helper), &command).await.unwrap() {
        AssistedOutcome::Registered { seeker_id, .. } => seeker_id,
        other => panic!("{other:?}"),
    }
}

/// What the matcher knows of people and openings; not when it heard it.
async fn projection(test: &TestPlatform) -> String {
    sqlx::query_scalar(
        "select md5(coalesce((select string_agg(p::text, E'\\n' order by seeker_id) from profiles p), ''))
             || md5(coalesce((select string_agg((to_jsonb(o) - 'heard_at')::text, E'\\n' order by opening_id)
                              from openings o), ''))
             || md5(coalesce((select string_agg(opening_id::text || ' ' || version, E'\\n' order by opening_id)
                              from closed_openings), ''))",
    )
    .fetch_one(test.pool(Service::Matcher))
    .await
    .unwrap()
}

/// Shows her what fits; how many that is.
async fn shown(test: &TestPlatform, seeker_id: SeekerId) -> i64 {
    let actor = Actor::Seeker { seeker_id };
    let mut found = None;
    eventually("something fits her", async || {
        let asked = ProposalsForSeeker { seeker_id, limit: 20 };
        let answer = test.ask(&actor, &asked).await;
        found = answer.ok().filter(|answer| answer.profile_version.is_some() && !answer.proposals.is_empty());
        found.is_some()
    })
    .await;
    let SeekerProposals { proposals, profile_version, made_with, .. } = found.unwrap();
    let number = proposals.len() as i64;
    let profile_version = profile_version.unwrap();
    test.ask(&actor, &RecordShown { seeker_id, proposals, profile_version, made_with }).await.unwrap();
    number
}

async fn count(test: &TestPlatform, service: Service, query: &'static str) -> i64 {
    sqlx::query_scalar(query).fetch_one(test.pool(service)).await.unwrap()
}

async fn replayed(test: &TestPlatform, service: Service) -> replay::Progress {
    let asked = replay::ask(test.pool(service)).await.unwrap();
    let mut progress = replay::progress(test.pool(service), asked).await.unwrap();
    eventually("the replay ends", async || {
        progress = replay::progress(test.pool(service), asked).await.unwrap();
        progress.ended
    })
    .await;
    progress
}

#[tokio::test]
async fn an_emptied_read_model_is_after_a_replay_what_it_was() {
    let reference = Arc::new(Reference::small());
    let test = TestPlatform::start(vec![
        notifier::service(),
        intake::service(reference.clone()),
        vacancies::service(reference.clone()),
        matcher::service(reference),
    ])
    .await;
    let manager = invented::manager();
    let mut openings = Vec::new();
    for number in 0..6 {
        openings.push(opening(&test, number).await);
    }
    let mut people = Vec::new();
    for number in 0..8 {
        people.push(person(&test, number).await);
    }
    test.ask(&manager, &PauseOpening { opening_id: openings[1] }).await.unwrap();
    let close = CloseOpening { opening_id: openings[2], reason: CloseReason::Filled };
    test.ask(&manager, &close).await.unwrap();
    let as_seeker = |number: usize| Actor::Seeker { seeker_id: people[number] };
    test.ask(&as_seeker(3), &Pause { seeker_id: people[3], until: None }).await.unwrap();
    eventually("the matcher knows everybody", async || {
        count(&test, Service::Matcher, "select count(*) from profiles").await == 8
            && count(&test, Service::Matcher, "select count(*) from openings").await == 4
    })
    .await;
    let (kept, gone) = (shown(&test, people[0]).await, shown(&test, people[5]).await);
    test.ask(&as_seeker(5), &EraseMe { seeker_id: people[5] }).await.unwrap();
    eventually("she is forgotten", async || {
        count(&test, Service::Matcher, "select count(*) from erased_aggregates").await == 1 + gone
    })
    .await;
    let before = projection(&test).await;

    // A running platform takes nothing of what it knows already.
    let changes = count(&test, Service::Matcher, "select count(*) from changes").await;
    let first = replayed(&test, Service::Vacancies).await;
    assert_eq!((first.announced, first.forgotten), (6, 0));
    eventually("all of it was heard", async || {
        count(&test, Service::Matcher, "select count(*) from inbox").await
            >= count(&test, Service::Vacancies, "select count(*) from outbox").await
    })
    .await;
    assert_eq!(projection(&test).await, before);
    assert_eq!(count(&test, Service::Matcher, "select count(*) from changes").await, changes);

    for statement in ["delete from profiles", "delete from openings", "delete from closed_openings"] {
        sqlx::query(statement).execute(test.pool(Service::Matcher)).await.unwrap();
    }
    assert_ne!(projection(&test).await, before);
    let intake = replayed(&test, Service::Intake).await;
    // Seven profiles and who is erased; background waits for its hour and is told then.
    assert_eq!((intake.announced, intake.forgotten), (8, 0));
    replayed(&test, Service::Vacancies).await;
    eventually("everything is as it was", async || projection(&test).await == before).await;
    let matcher = replayed(&test, Service::Matcher).await;
    assert_eq!((matcher.announced, matcher.forgotten), (kept + gone, 0));
    // She is announced as erased, and nothing else is said about her.
    let about_her: Vec<String> =
        sqlx::query_scalar("select type from outbox where aggregate_id = $1 and body <> '' order by seq")
            .bind(people[5].0)
            .fetch_all(test.pool(Service::Intake))
            .await
            .unwrap();
    assert_eq!(about_her.len(), 2, "{about_her:?}");
    assert!(about_her.iter().all(|kind| kind.contains("gewist")), "{about_her:?}");
    test.stop().await;
}
