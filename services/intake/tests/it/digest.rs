//! The weekly digest.

use std::sync::{Arc, atomic::Ordering};

use chassis::harness::eventually;
use chrono::{Datelike as _, TimeDelta, Weekday};
use proto::{
    Actor, FieldProblem, SeekerId, Status,
    intake::{Pause, Registration, SetDigest},
    notifier::{Notice, NoticeContent, Template},
    work::Channel,
};

use crate::{
    matcher_stand_in::{Openings, matcher},
    support::{Stage, intake, samira},
};

async fn stage() -> (Stage, Arc<Openings>) {
    let openings = Arc::new(Openings::default());
    let stage = Stage::open_beside(vec![matcher(openings.clone())], |_| {}).await;
    openings.new.store(3, Ordering::SeqCst);
    // Monday noon, so that the first day that counts is the next.
    stage.at_hour(0, 12);
    while chassis::clock::day(stage.test.clock.machine_now()).weekday() != Weekday::Mon {
        stage.at_hour(1, 12);
    }
    (stage, openings)
}

fn by_mail() -> Registration {
    Registration { contact: "jo@example.nl".to_owned(), channel: Channel::Email, ..samira() }
}

impl Stage {
    fn digests(&self) -> Vec<Notice> {
        self.inbox.all().into_iter().filter(|notice| notice.content.template() == Template::Digest).collect()
    }

    async fn set_digest(&self, seeker_id: SeekerId, by: Option<Channel>) -> Result<(), proto::Problem> {
        self.test.ask(&Actor::Seeker { seeker_id }, &SetDigest { seeker_id, by }).await
    }

    /// Waits until the digest of this week is done for so many people.
    async fn until_done(&self, people: i64) {
        eventually("the week is done", async || {
            self.number(
                "select count(*) from seekers where digest_week = (select max(digest_week) from seekers)",
            )
            .await
                == people
        })
        .await;
    }
}

#[tokio::test]
async fn on_tuesday_she_hears_how_many_openings_are_new_and_once_a_week() {
    let (stage, openings) = stage().await;
    let seeker_id = stage.join(&by_mail()).await;
    let registered = stage.test.clock.machine_now();
    assert_eq!(stage.details(seeker_id).await.digest, Some(Channel::Email), "on by itself");
    let other = stage.test.replica(vec![intake()]).await;

    stage.at_hour(1, 9);
    assert!(openings.asked().is_empty(), "not before ten");
    stage.at_hour(0, 10);
    stage.until_done(1).await;
    eventually("it comes", async || !stage.digests().is_empty()).await;
    let digests = stage.digests();
    assert_eq!((digests[0].to.as_str(), digests[0].channel), ("jo@example.nl", Channel::Email));
    assert!(
        matches!(&digests[0].content, NoticeContent::Digest { openings: 3, page } if page.ends_with("/mijn"))
    );
    assert!(openings.asked()[0].0 == seeker_id && openings.asked()[0].1 <= registered);

    // The rest of the day and the next days nothing comes, whoever restarts.
    stage.at_hour(0, 15);
    other.stop().await;
    let other = stage.test.replica(vec![intake()]).await;
    stage.at_hour(6, 12);
    let asked = openings.asked().len();
    stage.at_hour(1, 10);
    eventually("the next week", async || stage.digests().len() == 2).await;
    assert_eq!(openings.asked().len(), asked + 1);
    let since = openings.asked().last().unwrap().1;
    assert!(since > registered, "it counts from the last digest");
    other.stop().await;
    stage.close().await;
}

#[tokio::test]
async fn nothing_new_is_no_message() {
    let (stage, openings) = stage().await;
    openings.new.store(0, Ordering::SeqCst);
    stage.join(&by_mail()).await;
    stage.at_hour(1, 10);
    stage.until_done(1).await;
    assert_eq!(openings.asked().len(), 1);
    assert!(stage.digests().is_empty());
    assert_eq!(stage.number("select count(*) from seekers where digest_sent_at is not null").await, 0);
    stage.close().await;
}

#[tokio::test]
async fn who_pauses_or_turned_it_off_gets_none_and_a_text_message_comes_on_request() {
    let (stage, _) = stage().await;
    let paused = stage.join(&by_mail()).await;
    let pause = Pause { seeker_id: paused, until: None };
    stage.test.ask(&Actor::Seeker { seeker_id: paused }, &pause).await.unwrap();
    let off = stage.join(&Registration { contact: "an@example.nl".to_owned(), ..by_mail() }).await;
    stage.set_digest(off, None).await.unwrap();
    assert_eq!(stage.details(off).await.digest, None);
    let silent = stage.join(&samira()).await;
    assert_eq!(stage.details(silent).await.digest, None, "a text message only on request");
    let asked = stage.join(&Registration { contact: "0687654321".to_owned(), ..samira() }).await;
    stage.set_digest(asked, Some(Channel::Sms)).await.unwrap();
    stage.at_hour(1, 10);
    eventually("one comes", async || !stage.digests().is_empty()).await;
    stage.until_done(1).await;
    let digests = stage.digests();
    assert_eq!(digests.len(), 1);
    assert_eq!((digests[0].to.as_str(), digests[0].channel), ("+31687654321", Channel::Sms));
    stage.close().await;
}

#[tokio::test]
async fn a_digest_waits_for_a_matcher_that_is_away_and_then_comes_once() {
    let (stage, openings) = stage().await;
    openings.away.store(true, Ordering::SeqCst);
    stage.join(&by_mail()).await;
    stage.at_hour(1, 10);
    eventually("it was asked for", async || !openings.asked().is_empty()).await;
    assert!(stage.digests().is_empty());
    openings.away.store(false, Ordering::SeqCst);
    // The claim runs out.
    stage.test.clock.advance(TimeDelta::minutes(2));
    stage.until_done(1).await;
    eventually("it comes", async || stage.digests().len() == 1).await;
    stage.close().await;
}

#[tokio::test]
async fn the_channel_must_suit_her_contact_and_only_she_chooses() {
    let (stage, _) = stage().await;
    let seeker_id = stage.join(&by_mail()).await;
    for (by, code) in [(Channel::Sms, "channel-needs-phone"), (Channel::Call, "digest-not-by-call")] {
        let problem = stage.set_digest(seeker_id, Some(by)).await.unwrap_err();
        assert_eq!(problem.fields, [FieldProblem::new("by", code)]);
    }
    let stranger = Actor::Seeker { seeker_id: SeekerId(uuid::Uuid::from_u128(7)) };
    let problem = stage.test.ask(&stranger, &SetDigest { seeker_id, by: None }).await.unwrap_err();
    assert_eq!(problem.status, Status::Forbidden);
    assert_eq!(stage.details(seeker_id).await.digest, Some(Channel::Email));
    stage.close().await;
}
