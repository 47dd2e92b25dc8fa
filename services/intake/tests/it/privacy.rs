//! The canary: what was typed stands nowhere readable, neither before nor after the code came back.

use proto::{
    Actor, Role, Service as Name, Stream,
    intake::{
        AssistedOutcome, AssistedReach, AssistedRegistration, Benefit, ChangeBackground, ChangeNeeds,
        CodeOutcome, ConsentGiven, HelperIntroduction, Need, Purpose, RegisterAssisted, Registration,
        ToldBackground,
    },
};

use crate::support::{Stage, account, samira, wishes};

fn assert_silent(place: &str, text: &str) {
    let lower = text.to_lowercase();
    for typed in ["kanarie", "12345678", "1315rc", "1315 rc", "\"1315", "interpreter"] {
        assert!(!lower.contains(typed), "{typed} stands in {place}");
    }
}

/// Someone who gets letters, with everything in it that a helper types.
fn helped() -> AssistedRegistration {
    AssistedRegistration {
        wishes: proto::intake::Wishes { remark: "Kanarie zingt graag".to_owned(), ..wishes() },
        name: "Kanarie".to_owned(),
        reach: AssistedReach::Letter {
            street: "Kanariestraat 7".to_owned(),
            postcode: "1315 RC".to_owned(),
            town: "Kanariedorp".to_owned(),
        },
        consents: Purpose::ALL.to_vec(),
        consent_text_version: "2026-11".to_owned(),
        how: ConsentGiven::ReadAloud { record: "kanarie 12".to_owned() },
        entry_point: None,
        language: proto::work::Language::Nl,
        helper: HelperIntroduction { name: "Kanarie".to_owned(), organisation: "De Buurt".to_owned() },
    }
}

#[tokio::test]
async fn what_was_typed_stands_nowhere_readable() {
    let stage = Stage::open().await;
    let canary = Registration {
        name: "Kanarie".to_owned(),
        contact: "06 12 34 56 78".to_owned(),
        consents: Purpose::ALL.to_vec(),
        entry_point: Some("library".to_owned()),
        ..samira()
    };
    let challenge = stage.register(&canary).await;
    let waiting = stage.test.dump_of(Name::Intake).await;
    assert!(waiting.contains("== registrations.body") && waiting.contains("== dispatches.notice"));
    assert_silent("the tables while the code is on its way", &waiting);
    let code = stage.code(challenge).await;
    let outcome = stage.confirm(challenge, &code).await;
    let CodeOutcome::Confirmed { seeker_id, .. } = outcome else { panic!("{outcome:?}") };
    let herself = Actor::Seeker { seeker_id };
    let needs = ChangeNeeds { seeker_id, needs: stage.sealed(&vec![Need::SignInterpreter]) };
    stage.test.ask(&herself, &needs).await.unwrap();
    let told = ToldBackground { benefit: Some(Benefit::Disability), entry_point: Some("library".to_owned()) };
    let background = ChangeBackground { seeker_id, told: stage.sealed(&told) };
    stage.test.ask(&herself, &background).await.unwrap();
    let helped = RegisterAssisted { registration: stage.sealed(&helped()) };
    let outcome = stage.test.ask(&account(50, Role::Helper, &[]), &helped).await.unwrap();
    let AssistedOutcome::Registered { take_over_code: Some(card), .. } = outcome else {
        panic!("{outcome:?}")
    };
    let card: String = stage.opened(&card);
    stage.register(&canary).await;
    stage.test.clock.advance(chrono::TimeDelta::hours(1));
    chassis::harness::eventually("all is told", async || {
        !stage.stream(Stream::Background).await.is_empty() && !stage.stream(Stream::Facts).await.is_empty()
    })
    .await;
    let after = stage.test.dump_of(Name::Intake).await;
    assert!(after.contains("== outbox.body") && after.contains("nl.werkzoekenden.profiel-gepubliceerd.v1"));
    assert_silent("the tables", &after);
    for hidden in [&card, &card.replace('-', "")] {
        assert!(!after.contains(hidden.as_str()), "the code of the card stands in a table");
    }
    // The benefit may stand in the facts about background, and nowhere else.
    let tables = after.split("== ").filter(|column| !column.starts_with("outbox"));
    assert!(tables.into_iter().all(|column| !column.contains("disability")));
    for message in stage.stream(Stream::Facts).await {
        assert!(!message.contains("disability"), "{message}");
    }
    // Not in the outbox: the moments in there have six digits that could be anything.
    let without_moments = after.split("== ").filter(|column| !column.starts_with("outbox"));
    assert!(without_moments.into_iter().all(|column| !column.contains(&code)), "the code stands in a table");
    for stream in Stream::ALL {
        for message in stage.stream(stream).await {
            assert_silent("a stream", &message);
        }
    }
    assert_silent("the metrics", &stage.test.metrics());
    stage.close().await;
}
