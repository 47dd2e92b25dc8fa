//! What is asked for is sent once, or ends with a reason.

use std::sync::atomic::Ordering;

use chassis::{
    Profile,
    harness::{TestPlatform, eventually},
};
use chrono::TimeDelta;
use futures::FutureExt as _;
use notifier::transport::NotHanded;
use proto::{
    Actor, FieldProblem, Role, Sealed, SeekerId, Service as Name, Status,
    notifier::{Mailbox, Notice, SendNotice},
    work::{Channel, Language},
};

use crate::support::{Carrier, PORTAL, Stage, VISITOR, code, invitation};

#[tokio::test]
async fn a_code_goes_into_the_mailbox_as_a_text_message_and_is_told() {
    let stage = Stage::open().await;
    let message_id = stage.send(1, &code()).await.unwrap();
    stage.until_all_ended().await;
    let mailbox = stage.mailbox(10).await;
    assert_eq!(mailbox.len(), 1);
    assert_eq!((mailbox[0].message_id, mailbox[0].channel), (message_id, Channel::Sms));
    assert_eq!((mailbox[0].to.as_str(), mailbox[0].subject.as_deref()), ("+31612345678", None));
    assert!(mailbox[0].body.starts_with("Uw code voor Dichterbij is 482913."), "{}", mailbox[0].body);
    let told = stage.stream().await;
    assert_eq!(told.len(), 1);
    assert!(
        told[0].contains("nl.berichten.bericht-verstuurd.v1") && told[0].contains(&message_id.0.to_string())
    );
    stage.test.stop().await;
}

#[tokio::test]
async fn an_invitation_is_an_e_mail_in_the_receivers_language() {
    let stage = Stage::open().await;
    stage.send(1, &invitation()).await.unwrap();
    stage.until_all_ended().await;
    stage.send(2, &Notice { language: Language::En, ..invitation() }).await.unwrap();
    stage.until_all_ended().await;
    let mailbox = stage.mailbox(10).await;
    let subjects: Vec<_> = mailbox.iter().filter_map(|item| item.subject.as_deref()).collect();
    assert_eq!(subjects, ["You can work with Dichterbij", "U kunt meewerken in Dichterbij"], "newest first");
    assert!(mailbox[1].body.contains("WSP Flevoland nodigt u uit"));
    assert!(mailbox[1].body.contains("AB12-CD34") && mailbox[1].body.contains("/uitnodiging"));
    assert_eq!(stage.mailbox(1).await, mailbox[..1]);
    stage.test.stop().await;
}

#[tokio::test]
async fn a_message_is_sent_once_however_often_it_is_asked_for() {
    let stage = Stage::open().await;
    let replica = stage.test.replica(vec![notifier::service()]).await;
    // Each with a key and a box of its own: only the ledger knows that they are one.
    let asked = (0..20).map(|_| async { stage.send(1, &code()).await.unwrap() });
    let ids = futures::future::join_all(asked).await;
    assert!(ids.windows(2).all(|pair| pair[0] == pair[1]), "{ids:?}");
    stage.until_all_ended().await;
    stage.send(1, &code()).await.unwrap();
    stage.send(1, &invitation()).await.unwrap();
    stage.send(2, &code()).await.unwrap();
    stage.until_all_ended().await;
    assert_eq!(stage.mailbox(200).await.len(), 3, "another template and another cause are other messages");
    assert_eq!(stage.stream().await.len(), 3);
    replica.stop().await;
    stage.test.stop().await;
}

#[tokio::test]
async fn what_is_too_late_is_not_sent() {
    let stage = Stage::open().await;
    let late = SendNotice { expires_at: stage.test.clock.machine_now(), ..stage.notice(1, &code()) };
    stage.test.ask(&PORTAL, &late).await.unwrap();
    assert_eq!(stage.number("select count(*) from messages where state = 'expired'").await, 1);
    assert!(stage.mailbox(10).await.is_empty() && stage.stream().await.is_empty());
    stage.test.stop().await;
}

#[tokio::test]
async fn a_carrier_that_is_away_is_asked_again_until_the_message_expires() {
    let carrier = Carrier::with(1, || Err(NotHanded::Later));
    let stage = Stage::open_with(carrier.clone()).await;
    stage.send(1, &code()).await.unwrap();
    eventually("it is put off", async || {
        stage.number("select count(*) from messages where state = 'waiting' and attempts = 1").await == 1
    })
    .await;
    stage.until_all_ended().await;
    assert_eq!(carrier.carried(), 1);
    carrier.mishaps.store(u32::MAX, Ordering::SeqCst);
    stage.send(2, &code()).await.unwrap();
    eventually("it is put off", async || carrier.mishaps.load(Ordering::SeqCst) < u32::MAX).await;
    stage.test.clock.advance(TimeDelta::minutes(11));
    stage.until_all_ended().await;
    assert_eq!(stage.number("select count(*) from messages where state = 'expired'").await, 1);
    assert_eq!((carrier.carried(), stage.stream().await.len()), (1, 1));
    stage.test.stop().await;
}

#[tokio::test]
async fn a_worker_that_dies_leaves_a_claim_that_runs_out() {
    let carrier = Carrier::with(1, || panic!("as if the process died here"));
    let stage = Stage::open_with(carrier.clone()).await;
    stage.send(1, &code()).await.unwrap();
    eventually("it died", async || carrier.mishaps.load(Ordering::SeqCst) == 0).await;
    assert_eq!(stage.number("select count(*) from messages where state = 'handing'").await, 1);
    stage.test.clock.advance(TimeDelta::seconds(61));
    stage.until_all_ended().await;
    assert_eq!((carrier.carried(), stage.stream().await.len()), (1, 1));
    stage.test.stop().await;
}

#[tokio::test]
async fn what_a_carrier_never_takes_ends_as_failed() {
    let stage = Stage::open_with(Carrier::with(1, || Err(NotHanded::Never))).await;
    stage.send(1, &code()).await.unwrap();
    stage.until_all_ended().await;
    let failed =
        "select count(*) from messages where state = 'failed' and notice is null and data_key is null";
    assert_eq!(stage.number(failed).await, 1);
    assert!(stage.stream().await.is_empty());
    stage.test.stop().await;
}

#[tokio::test]
async fn what_cannot_be_sent_is_refused_at_the_door() {
    let stage = Stage::open().await;
    let unreachable = Notice { to: "0612345678".to_owned(), ..code() };
    let problem = stage.send(1, &unreachable).await.unwrap_err();
    assert_eq!(problem.fields, [FieldProblem::new("to", "address-malformed")]);
    let nonsense = SendNotice { notice: Sealed::from_base64("AAAA".to_owned()), ..stage.notice(1, &code()) };
    let problem = stage.test.ask(&PORTAL, &nonsense).await.unwrap_err();
    assert_eq!((problem.status, problem.code.as_str()), (Status::Invalid, "sealed-unreadable"));
    assert_eq!(stage.number("select count(*) from messages").await, 0);
    stage.test.stop().await;
}

#[tokio::test]
async fn only_who_may_sends_or_looks() {
    let stage = Stage::open().await;
    let seeker = Actor::Seeker { seeker_id: SeekerId(uuid::Uuid::from_u128(1)) };
    let manager = Actor::Account {
        account_id: uuid::Uuid::from_u128(1).into(),
        roles: vec![Role::AccountManager],
        employer_id: None,
        regions: Vec::new(),
    };
    for actor in [&VISITOR, &seeker, &manager] {
        let problem = stage.test.ask(actor, &stage.notice(1, &code())).await.unwrap_err();
        assert_eq!(problem.status, Status::Forbidden, "{actor:?}");
    }
    for actor in [&seeker, &PORTAL] {
        let problem = stage.test.ask(actor, &Mailbox { limit: 1 }).await.unwrap_err();
        assert_eq!(problem.status, Status::Forbidden, "{actor:?}");
    }
    assert!(stage.test.ask(&manager, &Mailbox { limit: 1 }).await.is_ok());
    stage.test.stop().await;
}

#[tokio::test]
async fn production_does_not_start_without_a_transport() {
    let start = TestPlatform::start_with(vec![notifier::service()], |config| {
        config.profile = Profile::Production;
    });
    // The harness expects its services to start, and says why one did not.
    let Err(failed) = std::panic::AssertUnwindSafe(start).catch_unwind().await else {
        panic!("a notifier without transport started");
    };
    let reason = failed.downcast::<String>().unwrap();
    assert!(reason.contains("choosing how messages are sent") && reason.contains("NoTransport"), "{reason}");
    let said = notifier::transport::of_profile(Profile::Production).err().unwrap().to_string();
    assert!(said.contains("SMTP") && said.contains("SMS") && said.contains("later issue"), "{said}");
}

#[tokio::test]
async fn the_mailbox_of_another_profile_is_closed() {
    let carrier = Carrier::with(0, || Err(NotHanded::Never));
    let test = TestPlatform::start_with(vec![notifier::service_with(carrier.clone())], |config| {
        config.profile = Profile::Production;
    })
    .await;
    let stage = Stage { test };
    stage.send(1, &code()).await.unwrap();
    stage.until_all_ended().await;
    let blank =
        "select count(*) from messages where state = 'sent' and coalesce(notice, body, data_key) is null";
    assert_eq!(stage.number(blank).await, 1, "nothing is kept");
    let problem = stage.test.ask(&VISITOR, &Mailbox { limit: 1 }).await.unwrap_err();
    assert_eq!(problem.status, Status::Forbidden);
    assert_eq!(stage.test.keys(Name::Notifier).service(), Name::Notifier);
    stage.test.stop().await;
}
