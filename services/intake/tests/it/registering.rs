//! From five answers to a published profile.

use proto::{
    Actor, FieldProblem, SeekerId, Status, Stream,
    intake::{CodeOutcome, Purpose, Registration},
    work::Channel,
};

use crate::support::{Stage, VISITOR, intake, samira};
use chassis::harness::eventually;

#[tokio::test]
async fn a_confirmed_registration_is_published_without_name_contact_or_postcode() {
    let stage = Stage::open().await;
    let challenge = stage.register(&samira()).await;
    assert_eq!(stage.number("select count(*) from outbox").await, 0, "nothing before the code");
    let code = stage.code(challenge).await;
    let spaced = format!(" {} {} ", &code[..3], &code[3..]);
    let outcome = stage.confirm(challenge, &spaced).await;
    let CodeOutcome::Confirmed { seeker_id, new: true } = outcome else { panic!("{outcome:?}") };

    let profiles = stage.profiles().await;
    let [profile] = &profiles[..] else { panic!("{profiles:?}") };
    assert_eq!((profile.seeker_id, profile.version), (seeker_id, 1));
    assert_eq!((profile.area.municipality.as_str(), profile.area.region.as_str()), ("GM0034", "AM11"));
    assert_eq!(profile.tasks, samira().wishes.tasks);
    assert!(profile.open_file && !profile.adviser);
    assert_ne!(profile.open_file_id.0, seeker_id.0);
    assert_eq!(stage.number("select count(*) from registrations").await, 0);

    let details = stage.details(seeker_id).await;
    assert_eq!((details.name.as_str(), details.contact.as_deref()), ("Samira", Some("+31612345678")));
    assert_eq!((details.wishes.unwrap().postcode.as_str(), details.profile_version), ("1315 RC", 1));
    let said: Vec<_> = details.consents.iter().map(|consent| (consent.purpose, consent.given)).collect();
    assert_eq!(said, [(Purpose::OpenFile, true), (Purpose::Adviser, false), (Purpose::Figures, false)]);
    assert!(details.consents.iter().all(|consent| consent.text_version == "2026-11"));
    stage.close().await;
}

#[tokio::test]
async fn everything_wrong_is_told_at_once_and_nothing_is_kept() {
    let stage = Stage::open().await;
    let wrong = Registration {
        name: "111 222 333".to_owned(),
        contact: "06 1234".to_owned(),
        channel: Channel::Email,
        ..samira()
    };
    let problem = stage.test.ask(&VISITOR, &stage.register_call(&wrong)).await.unwrap_err();
    assert_eq!((problem.status, problem.code.as_str()), (Status::Invalid, "fields-invalid"));
    assert_eq!(
        problem.fields,
        [FieldProblem::new("name", "looks-like-bsn"), FieldProblem::new("contact", "phone-too-short")]
    );
    let kept = "select (select count(*) from registrations) + (select count(*) from challenges) + (select count(*) from answers)";
    assert_eq!(stage.number(kept).await, 0);
    stage.close().await;
}

#[tokio::test]
async fn who_is_known_signs_in_keeps_her_name_and_gets_her_new_wishes() {
    let stage = Stage::open().await;
    let seeker_id = stage.join(&samira()).await;
    let mut again = Registration {
        name: "Iemand anders".to_owned(),
        contact: "+31 (0)6-12345678".to_owned(),
        consents: vec![Purpose::Adviser],
        consent_text_version: "2026-12".to_owned(),
        ..samira()
    };
    again.wishes.any_task = true;
    let challenge = stage.register(&again).await;
    let code = stage.code(challenge).await;
    assert_eq!(stage.confirm(challenge, &code).await, CodeOutcome::Confirmed { seeker_id, new: false });

    let details = stage.details(seeker_id).await;
    assert_eq!(details.name, "Samira");
    assert!(details.wishes.unwrap().any_task);
    assert_eq!(details.profile_version, 2);
    let said: Vec<_> =
        details.consents.iter().map(|consent| (consent.given, consent.text_version.as_str())).collect();
    assert_eq!(said, [(true, "2026-11"), (true, "2026-12"), (false, "2026-11")]);
    let last = stage.profiles().await.pop().unwrap();
    assert!(last.version == 2 && last.any_task && last.open_file && last.adviser);
    stage.close().await;
}

#[tokio::test]
async fn two_registrations_with_one_contact_confirmed_at_one_moment_are_one_person() {
    let stage = Stage::open().await;
    for round in 0..4 {
        let contact = format!("061234560{round}");
        let one = Registration { contact: contact.clone(), ..samira() };
        let mut other = Registration { contact, ..samira() };
        other.wishes.any_task = true;
        let (first, second) = (stage.register(&one).await, stage.register(&other).await);
        let (first_code, second_code) = (stage.code(first).await, stage.code(second).await);
        let (a, b) = futures::join!(stage.confirm(first, &first_code), stage.confirm(second, &second_code));
        let of = |outcome| match outcome {
            CodeOutcome::Confirmed { seeker_id, new } => (seeker_id, new),
            other => panic!("{other:?}"),
        };
        let ((a, a_new), (b, b_new)) = (of(a), of(b));
        assert_eq!(a, b);
        assert!(a_new != b_new, "one of them is new: {a_new} {b_new}");
        assert_eq!(stage.details(a).await.profile_version, 2);
    }
    assert_eq!(stage.number("select count(*) from seekers").await, 4);
    assert_eq!(stage.number("select count(*) from consents").await, 12);
    stage.close().await;
}

#[tokio::test]
async fn the_same_code_at_one_moment_makes_one_person_and_is_used_once() {
    let stage = Stage::open().await;
    let challenge = stage.register(&samira()).await;
    let code = stage.code(challenge).await;
    let outcomes = futures::future::join_all((0..6).map(|_| stage.confirm(challenge, &code))).await;
    let confirmed = outcomes.iter().filter(|outcome| matches!(outcome, CodeOutcome::Confirmed { .. }));
    assert_eq!(confirmed.count(), 1, "{outcomes:?}");
    assert_eq!(stage.number("select count(*) from seekers").await, 1);
    stage.close().await;
}

#[tokio::test]
async fn what_nobody_confirms_is_gone_after_48_hours() {
    let stage = Stage::open().await;
    stage.register(&samira()).await;
    stage.test.clock.advance(chrono::TimeDelta::hours(47));
    let young = Registration { contact: "jo@example.nl".into(), channel: Channel::Email, ..samira() };
    stage.register(&young).await;
    stage.test.clock.advance(chrono::TimeDelta::hours(2));
    eventually("the old one is deleted", async || {
        stage.number("select count(*) from registrations").await == 1
            && stage.number("select count(*) from challenges").await == 1
            && stage.number("select count(*) from dispatches").await == 1
    })
    .await;
    stage.close().await;
}

#[tokio::test]
async fn an_entry_point_is_told_on_the_hour_and_only_with_consent() {
    let stage = Stage::open().await;
    stage.at_ten_past();
    let told = |contact: &str, consents| Registration {
        contact: contact.to_owned(),
        entry_point: Some("library".to_owned()),
        consents,
        ..samira()
    };
    stage.join(&told("0612345671", vec![Purpose::Figures])).await;
    stage.join(&told("0612345672", vec![Purpose::OpenFile])).await;
    assert!(stage.stream(Stream::Background).await.is_empty(), "not before the hour");
    stage.test.clock.advance(chrono::TimeDelta::hours(1));
    eventually("it is told", async || stage.stream(Stream::Background).await.len() == 1).await;
    let message = stage.stream(Stream::Background).await.remove(0);
    assert!(message.contains(r#""entry_point":"library""#) && message.contains(r#""region":"AM11""#));
    // Nothing in it joins to the profile: no id, no trace.
    for profile in stage.profiles().await {
        assert!(!message.contains(&profile.seeker_id.0.to_string()));
        assert!(!message.contains(&profile.open_file_id.0.to_string()));
    }
    assert!(!message.contains("traceparent"), "{message}");
    stage.close().await;
}

#[tokio::test]
async fn a_second_replica_shares_the_work() {
    let stage = Stage::open().await;
    let replica = stage.test.replica(vec![intake()]).await;
    let mut people = Vec::new();
    for number in 0..20 {
        people.push(Registration { contact: format!("06123456{number:02}"), ..samira() });
    }
    let joined = futures::future::join_all(people.iter().map(|one| stage.join(one))).await;
    assert_eq!(joined.len(), 20);
    assert_eq!(stage.inbox.all().len(), 20, "each code was sent once");
    replica.stop().await;
    stage.close().await;
}

#[tokio::test]
async fn only_the_right_actor_may_ask() {
    let stage = Stage::open().await;
    let seeker_id = stage.join(&samira()).await;
    let account = Actor::Account {
        account_id: uuid::Uuid::from_u128(1).into(),
        roles: proto::Role::ALL.to_vec(),
        employer_id: None,
        regions: Vec::new(),
    };
    let other = Actor::Seeker { seeker_id: SeekerId(uuid::Uuid::from_u128(7)) };
    let query = proto::intake::MyDetails { seeker_id };
    for actor in [&VISITOR, &account, &other] {
        let problem = stage.test.ask(actor, &query).await.unwrap_err();
        assert_eq!(problem.status, Status::Forbidden, "{actor:?}");
    }
    let register = stage.register_call(&samira());
    assert_eq!(stage.test.ask(&account, &register).await.unwrap_err().status, Status::Forbidden);
    stage.close().await;
}
