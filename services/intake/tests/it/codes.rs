//! Codes: who gets one, how often, how long, and what an attacker learns.

use std::sync::atomic::Ordering;

use chassis::harness::eventually;
use chrono::TimeDelta;
use proto::{
    Service as Name,
    intake::{CodeOutcome, Registration},
    work::{Channel, Language},
};

use crate::support::{Stage, not, samira};

#[tokio::test]
async fn an_unknown_contact_gets_the_same_answers_and_no_message() {
    let stage = Stage::open().await;
    let seeker_id = stage.join(&samira()).await;
    let known = stage.request_code("0612345678").await;
    let unknown = stage.request_code("0687654321").await;
    let code = stage.code(known).await;
    for tries_left in [4, 3, 2, 1] {
        for challenge in [known, unknown] {
            assert_eq!(stage.confirm(challenge, not(&code)).await, CodeOutcome::Wrong { tries_left });
        }
    }
    assert_eq!(stage.confirm(unknown, not(&code)).await, CodeOutcome::Expired);
    assert_eq!(stage.confirm(known, &code).await, CodeOutcome::Confirmed { seeker_id, new: false });
    eventually("nothing waits", async || {
        stage.number("select count(*) from dispatches where notice is not null").await == 0
    })
    .await;
    assert!(stage.inbox.messages_for(unknown).is_empty());
    // The rows look alike too: one request and one message each, encrypted fields of one length.
    assert_eq!(stage.number("select count(*) from challenges").await, 3);
    assert_eq!(stage.number("select count(*) from dispatches").await, 3);
    stage.close().await;
}

#[tokio::test]
async fn a_request_that_never_was_is_expired() {
    let stage = Stage::open().await;
    let nobodys = uuid::Uuid::from_u128(1).into();
    assert_eq!(stage.confirm(nobodys, "123456").await, CodeOutcome::Expired);
    stage.close().await;
}

#[tokio::test]
async fn the_sixth_try_is_locked_even_with_the_right_code() {
    let stage = Stage::open().await;
    let challenge = stage.register(&samira()).await;
    let code = stage.code(challenge).await;
    for tries_left in [4, 3, 2, 1] {
        assert_eq!(stage.confirm(challenge, not(&code)).await, CodeOutcome::Wrong { tries_left });
    }
    assert_eq!(stage.confirm(challenge, not(&code)).await, CodeOutcome::Expired);
    assert_eq!(stage.confirm(challenge, &code).await, CodeOutcome::Expired);
    assert_eq!(stage.number("select count(*) from seekers").await, 0);
    stage.close().await;
}

#[tokio::test]
async fn guesses_at_one_moment_are_counted_one_by_one() {
    let stage = Stage::open().await;
    let challenge = stage.register(&samira()).await;
    let code = stage.code(challenge).await;
    let guesses = futures::future::join_all((0..12).map(|_| stage.confirm(challenge, not(&code)))).await;
    let wrong = guesses.iter().filter(|outcome| matches!(outcome, CodeOutcome::Wrong { .. })).count();
    assert_eq!(wrong, 4, "{guesses:?}");
    assert_eq!(stage.confirm(challenge, &code).await, CodeOutcome::Expired);
    stage.close().await;
}

#[tokio::test]
async fn in_the_eleventh_minute_a_code_is_expired_and_a_new_one_finishes_the_registration() {
    let stage = Stage::open().await;
    let challenge = stage.register(&samira()).await;
    let code = stage.code(challenge).await;
    stage.test.clock.advance(TimeDelta::minutes(10));
    assert_eq!(stage.confirm(challenge, &code).await, CodeOutcome::Expired);
    // She is not a person yet, but her registration waits 48 hours for another code.
    let again = stage.request_code("+31612345678").await;
    let code = stage.code(again).await;
    let outcome = stage.confirm(again, &code).await;
    assert!(matches!(outcome, CodeOutcome::Confirmed { new: true, .. }), "{outcome:?}");
    stage.close().await;
}

#[tokio::test]
async fn the_fourth_message_in_an_hour_is_silent_and_cannot_be_guessed() {
    let stage = Stage::open().await;
    stage.join(&samira()).await;
    let mut sent = Vec::new();
    for _ in 0..2 {
        sent.push(stage.request_code("06-12345678").await);
    }
    for challenge in &sent {
        stage.code(*challenge).await;
    }
    // However many at one moment: registering counts, and so do both ways of asking.
    let silent = futures::future::join_all((0..4).map(|_| stage.request_code("0612345678"))).await;
    let registered = stage.register(&samira()).await;
    eventually("nothing waits", async || {
        stage.number("select count(*) from dispatches where notice is not null").await == 0
    })
    .await;
    for challenge in silent.iter().chain([&registered]) {
        assert!(stage.inbox.messages_for(*challenge).is_empty());
        assert_eq!(stage.confirm(*challenge, "123456").await, CodeOutcome::Wrong { tries_left: 4 });
    }
    assert_eq!(stage.inbox.all().len(), 3);
    // No code opens a silent request, its hash is of something else: a look at the first of them.
    let vault = stage.test.keys(Name::Intake);
    let stored: Vec<u8> = sqlx::query_scalar("select code_hash from challenges where challenge_id = $1")
        .bind(silent[0].0)
        .fetch_one(stage.test.pool(Name::Intake))
        .await
        .unwrap();
    let guessed = (0..2_000).any(|number| {
        let code = format!("{number:06}");
        intake::store::crypt::code_hash(vault.vault().unwrap(), silent[0].0, &code) == stored[..]
    });
    assert!(!guessed);
    // An hour later the next message goes out.
    stage.test.clock.advance(TimeDelta::hours(1));
    let later = stage.request_code("0612345678").await;
    stage.code(later).await;
    stage.close().await;
}

#[tokio::test]
async fn four_requests_at_one_moment_send_three_messages() {
    let stage = Stage::open().await;
    let registration = samira();
    let all = futures::future::join_all((0..6).map(|_| stage.register(&registration))).await;
    eventually("nothing waits", async || {
        stage.number("select count(*) from dispatches where notice is not null").await == 0
    })
    .await;
    assert_eq!(stage.inbox.all().len(), 3);
    assert_eq!(all.len(), 6);
    stage.close().await;
}

#[tokio::test]
async fn a_code_goes_by_the_channel_of_the_contact_in_her_language() {
    let stage = Stage::open().await;
    let calls = Registration { channel: Channel::Call, language: Language::En, ..samira() };
    let first = stage.register(&calls).await;
    let code = stage.code(first).await;
    let notice = stage.inbox.messages_for(first).remove(0);
    assert_eq!(
        (notice.to.as_str(), notice.channel, notice.language),
        ("+31612345678", Channel::Sms, Language::En)
    );
    assert!(code.len() == 6 && code.bytes().all(|byte| byte.is_ascii_digit()));
    stage.confirm(first, &code).await;
    // She comes back in a browser that is set to Dutch: her own language counts.
    let back = stage.request_code("0612345678").await;
    stage.code(back).await;
    assert_eq!(stage.inbox.messages_for(back)[0].language, Language::En);

    let mail = Registration { contact: "Jo@Example.nl".into(), channel: Channel::Email, ..samira() };
    let second = stage.register(&mail).await;
    stage.code(second).await;
    let notice = stage.inbox.messages_for(second).remove(0);
    assert_eq!((notice.to.as_str(), notice.channel), ("jo@example.nl", Channel::Email));
    stage.close().await;
}

#[tokio::test]
async fn a_code_waits_for_a_notifier_that_is_away_and_a_repeat_sends_one_message() {
    let stage = Stage::open().await;
    stage.inbox.away.store(true, Ordering::SeqCst);
    let challenge = stage.register(&samira()).await;
    let notice: String = sqlx::query_scalar("select notice from dispatches")
        .fetch_one(stage.test.pool(Name::Intake))
        .await
        .unwrap();
    stage.inbox.away.store(false, Ordering::SeqCst);
    let code = stage.code(challenge).await;
    let waiting = "select count(*) from dispatches where notice is not null";
    eventually("it is handed over", async || stage.number(waiting).await == 0).await;
    // As after a crash between the call and the note that it was done.
    sqlx::query("update dispatches set notice = $1, outcome = null, ended_at = null, due_at = now()")
        .bind(notice)
        .execute(stage.test.pool(Name::Intake))
        .await
        .unwrap();
    eventually("it is handed over again", async || stage.number(waiting).await == 0).await;
    assert_eq!(stage.number("select count(*) from dispatches where outcome = 'accepted'").await, 1);
    assert_eq!(stage.inbox.all().len(), 1);
    assert_eq!(stage.inbox.runs.load(Ordering::SeqCst), 1, "the repeat got the first answer");
    assert!(matches!(stage.confirm(challenge, &code).await, CodeOutcome::Confirmed { .. }));
    stage.close().await;
}

#[tokio::test]
async fn a_code_that_could_not_be_sent_in_ten_minutes_is_blanked() {
    let stage = Stage::open().await;
    stage.inbox.away.store(true, Ordering::SeqCst);
    stage.register(&samira()).await;
    stage.test.clock.advance(TimeDelta::minutes(11));
    eventually("it is given up", async || {
        stage.number("select count(*) from dispatches where outcome = 'expired' and notice is null").await
            == 1
    })
    .await;
    stage.inbox.away.store(false, Ordering::SeqCst);
    stage.close().await;
}
