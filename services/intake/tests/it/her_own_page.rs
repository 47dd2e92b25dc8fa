//! What someone changes on her own page.

use proto::{
    Actor, SeekerId, Service as Name, Status,
    intake::{ChangeWishes, ConsentGiven, Purpose, Registration, SetConsent, Wishes},
};

use crate::support::{Stage, VISITOR, samira, wishes};

fn change(stage: &Stage, seeker_id: SeekerId, wishes: &Wishes) -> ChangeWishes {
    ChangeWishes { seeker_id, wishes: stage.test.keys(Name::Portal).seal(Name::Intake, wishes) }
}

fn say(seeker_id: SeekerId, purpose: Purpose, given: bool) -> SetConsent {
    let how = ConsentGiven::Herself;
    SetConsent { seeker_id, purpose, given, text_version: "2026-11".to_owned(), how }
}

#[tokio::test]
async fn changed_wishes_are_published_with_the_next_version() {
    let stage = Stage::open().await;
    let seeker_id = stage.join(&samira()).await;
    let herself = Actor::Seeker { seeker_id };
    let moved = Wishes { postcode: "8911".to_owned(), any_task: true, ..wishes() };
    stage.test.ask(&herself, &change(&stage, seeker_id, &moved)).await.unwrap();
    // Saying the same again is no change.
    stage.test.ask(&herself, &change(&stage, seeker_id, &moved)).await.unwrap();
    let profiles = stage.profiles().await;
    assert_eq!(profiles.iter().map(|profile| profile.version).collect::<Vec<_>>(), [1, 2]);
    assert_eq!(profiles[1].area.municipality, "GM0080");
    assert!(profiles[1].open_file, "consent stays");
    assert_eq!(profiles[0].open_file_id, profiles[1].open_file_id);
    let details = stage.details(seeker_id).await;
    assert_eq!((details.wishes.unwrap().postcode.as_str(), details.profile_version), ("8911", 2));

    let unknown = Wishes { postcode: "1310".to_owned(), ..wishes() };
    let problem = stage.test.ask(&herself, &change(&stage, seeker_id, &unknown)).await.unwrap_err();
    assert_eq!(problem.fields[0].code, "postcode-unknown");
    stage.close().await;
}

#[tokio::test]
async fn a_consent_takes_effect_at_once_and_leaves_a_row() {
    let stage = Stage::open().await;
    let seeker_id = stage.join(&samira()).await;
    let herself = Actor::Seeker { seeker_id };
    stage.test.ask(&herself, &say(seeker_id, Purpose::OpenFile, false)).await.unwrap();
    stage.test.ask(&herself, &say(seeker_id, Purpose::OpenFile, false)).await.unwrap();
    stage.test.ask(&herself, &say(seeker_id, Purpose::Adviser, true)).await.unwrap();
    let seen: Vec<_> = stage
        .profiles()
        .await
        .iter()
        .map(|profile| (profile.version, profile.open_file, profile.adviser))
        .collect();
    assert_eq!(seen, [(1, true, false), (2, false, false), (3, false, true)]);
    assert_eq!(stage.number("select count(*) from consents").await, 5);
    let rewritten =
        sqlx::query("update consents set given = true").execute(stage.test.pool(Name::Intake)).await;
    assert!(rewritten.unwrap_err().to_string().contains("append-only"));
    let wrong = SetConsent { text_version: "de tekst".to_owned(), ..say(seeker_id, Purpose::Adviser, false) };
    let problem = stage.test.ask(&herself, &wrong).await.unwrap_err();
    assert_eq!(problem.fields[0].code, "text-version-malformed");
    stage.close().await;
}

#[tokio::test]
async fn who_takes_back_consent_for_figures_is_not_counted() {
    let stage = Stage::open().await;
    stage.at_ten_past();
    let told = Registration {
        entry_point: Some("library".to_owned()),
        consents: vec![Purpose::Figures],
        ..samira()
    };
    let seeker_id = stage.join(&told).await;
    let herself = Actor::Seeker { seeker_id };
    stage.test.ask(&herself, &say(seeker_id, Purpose::Figures, false)).await.unwrap();
    assert_eq!(stage.number("select count(*) from seekers where entry_point is null").await, 1);
    stage.test.clock.advance(chrono::TimeDelta::hours(2));
    // The next registration's entry point is told; hers is not.
    stage.join(&Registration { contact: "0612345679".into(), ..told }).await;
    stage.test.clock.advance(chrono::TimeDelta::hours(1));
    chassis::harness::eventually("one is told", async || {
        stage.stream(proto::Stream::Background).await.len() == 1
    })
    .await;
    assert_eq!(stage.stream(proto::Stream::Background).await.len(), 1);
    stage.close().await;
}

#[tokio::test]
async fn nobody_changes_another_person() {
    let stage = Stage::open().await;
    let seeker_id = stage.join(&samira()).await;
    let other = Actor::Seeker {
        seeker_id: stage.join(&Registration { contact: "0612345679".into(), ..samira() }).await,
    };
    for actor in [&VISITOR, &other] {
        let wishes = change(&stage, seeker_id, &wishes());
        assert_eq!(stage.test.ask(actor, &wishes).await.unwrap_err().status, Status::Forbidden);
        let consent = say(seeker_id, Purpose::Adviser, true);
        assert_eq!(stage.test.ask(actor, &consent).await.unwrap_err().status, Status::Forbidden);
    }
    assert_eq!(stage.profiles().await.len(), 2);
    stage.close().await;
}
