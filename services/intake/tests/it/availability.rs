//! Pauses, "still looking?" and silence, by the clock.

use chassis::{clock::day, harness::eventually};
use chrono::{Days, TimeDelta};
use proto::{
    Actor, Fact as _, FieldProblem, Role, SeekerId, Service as Name, Status, Stream,
    intake::{
        AssistedOutcome, AssistedReach, AssistedRegistration, Availability, ConsentGiven, HelperIntroduction,
        Pause, RegisterAssisted, SeekerErased, StillLooking,
    },
    notifier::{NoticeContent, Template},
    work::{Channel, Language},
};
use uuid::Uuid;

use crate::support::{Stage, account, intake, samira, wishes};

fn herself(seeker_id: SeekerId) -> Actor {
    Actor::Seeker { seeker_id }
}

impl Stage {
    async fn pause(&self, seeker_id: SeekerId, until: Option<chrono::NaiveDate>) {
        self.test.ask(&herself(seeker_id), &Pause { seeker_id, until }).await.unwrap();
    }

    async fn still_looking(&self, seeker_id: SeekerId) {
        self.test.ask(&herself(seeker_id), &StillLooking { seeker_id }).await.unwrap();
    }

    async fn availability(&self, seeker_id: SeekerId) -> Availability {
        self.details(seeker_id).await.availability
    }

    /// How many messages of a kind went out.
    fn told(&self, template: Template) -> usize {
        self.inbox.all().iter().filter(|notice| notice.content.template() == template).count()
    }

    /// Waits until so many messages of a kind went out.
    async fn until_told(&self, template: Template, count: usize) {
        eventually(template.name(), async || self.told(template) >= count).await;
        assert_eq!(self.told(template), count, "{template:?}");
    }
}

#[tokio::test]
async fn a_pause_takes_her_profile_away_at_once_and_ends_by_itself_in_the_morning() {
    let stage = Stage::open().await;
    stage.at_hour(0, 12);
    let seeker_id = stage.join(&samira()).await;
    let until = day(stage.test.clock.machine_now()) + Days::new(10);
    stage.pause(seeker_id, Some(until)).await;
    assert_eq!(
        stage.availability(seeker_id).await,
        Availability::Paused { until: Some(until), by_silence: false }
    );
    let profile = stage.profiles().await.pop().unwrap();
    assert!(profile.paused && profile.version == 2 && profile.open_file, "what she agreed to stays");
    // The same pause again changes nothing.
    stage.pause(seeker_id, Some(until)).await;
    assert_eq!(stage.profiles().await.len(), 2);

    stage.at_hour(10, 5);
    stage.test.clock.advance(TimeDelta::minutes(58));
    assert!(matches!(stage.availability(seeker_id).await, Availability::Paused { .. }));
    stage.test.clock.advance(TimeDelta::minutes(3));
    eventually("she takes part again", async || {
        stage.availability(seeker_id).await == Availability::Looking { asked_at: None }
    })
    .await;
    let profiles = stage.profiles().await;
    assert_eq!(profiles.iter().map(|profile| profile.paused).collect::<Vec<_>>(), [false, true, false]);
    stage.close().await;
}

#[tokio::test]
async fn a_pause_without_an_end_ends_when_she_says_so() {
    let stage = Stage::open().await;
    let seeker_id = stage.join(&samira()).await;
    stage.pause(seeker_id, None).await;
    assert_eq!(stage.availability(seeker_id).await, Availability::Paused { until: None, by_silence: false });
    stage.still_looking(seeker_id).await;
    stage.still_looking(seeker_id).await;
    assert_eq!(stage.availability(seeker_id).await, Availability::Looking { asked_at: None });
    let profiles = stage.profiles().await;
    assert_eq!(profiles.iter().map(|profile| profile.paused).collect::<Vec<_>>(), [false, true, false]);
    stage.close().await;
}

#[tokio::test]
async fn a_pause_ends_after_today_and_strangers_pause_nobody() {
    let stage = Stage::open().await;
    let seeker_id = stage.join(&samira()).await;
    let today = day(stage.test.clock.machine_now());
    for (until, code) in [(today, "date-not-future"), (today + Days::new(400), "date-too-far")] {
        let call = Pause { seeker_id, until: Some(until) };
        let problem = stage.test.ask(&herself(seeker_id), &call).await.unwrap_err();
        assert_eq!(problem.fields, [FieldProblem::new("until", code)]);
    }
    let stranger = herself(SeekerId(Uuid::from_u128(7)));
    let problem = stage.test.ask(&stranger, &Pause { seeker_id, until: None }).await.unwrap_err();
    assert_eq!(problem.status, Status::Forbidden);
    let problem = stage.test.ask(&stranger, &StillLooking { seeker_id }).await.unwrap_err();
    assert_eq!(problem.status, Status::Forbidden);
    assert_eq!(stage.profiles().await.len(), 1);
    stage.close().await;
}

#[tokio::test]
async fn silence_is_asked_about_twice_pauses_and_in_the_end_erases() {
    let stage = Stage::open().await;
    stage.at_hour(0, 12);
    let seeker_id = stage.join(&samira()).await;
    // Two replicas look at the same people: still one message for each step.
    let other = stage.test.replica(vec![intake()]).await;

    stage.at_hour(55, 12);
    stage.join(&proto::intake::Registration { contact: "0687654321".to_owned(), ..samira() }).await;
    assert_eq!(stage.told(Template::StillLooking), 0);
    stage.at_hour(2, 10);
    stage.until_told(Template::StillLooking, 1).await;
    let notice =
        stage.inbox.all().into_iter().find(|notice| notice.content.template() == Template::StillLooking);
    let notice = notice.unwrap();
    assert_eq!((notice.to.as_str(), notice.channel), ("+31612345678", Channel::Sms));
    assert!(matches!(&notice.content, NoticeContent::StillLooking { page } if page.ends_with("/mijn")));

    stage.at_hour(14, 11);
    stage.until_told(Template::StillLooking, 2).await;
    stage.at_hour(14, 12);
    eventually("silence pauses her", async || {
        stage.number("select count(*) from seekers where paused_by_silence").await == 1
    })
    .await;
    let profile = stage.profiles().await.pop().unwrap();
    assert!(profile.paused && profile.seeker_id == seeker_id);
    assert_eq!(stage.number("select count(*) from seekers").await, 2, "her data stay");

    // 26 weeks after the last sign: the other one is somewhere on the same road, so she is left out.
    sqlx::query("delete from seekers where seeker_id <> $1")
        .bind(seeker_id.0)
        .execute(stage.test.pool(Name::Intake))
        .await
        .unwrap();
    stage.at_hour(98, 10);
    stage.until_told(Template::Keep, 1).await;
    let erased_on = day(stage.test.clock.machine_now()) + Days::new(28);
    let keep =
        stage.inbox.all().into_iter().find(|notice| notice.content.template() == Template::Keep).unwrap();
    assert!(matches!(keep.content, NoticeContent::Keep { before, .. } if before == erased_on));

    stage.at_hour(28, 10);
    eventually("she is erased", async || stage.number("select count(*) from seekers").await == 0).await;
    stage.until_told(Template::Erased, 1).await;
    assert_eq!((stage.told(Template::StillLooking), stage.told(Template::Keep)), (2, 1));
    let facts = stage.stream(Stream::Facts).await;
    assert_eq!(facts.iter().filter(|fact| fact.contains(SeekerErased::NAME)).count(), 1);
    other.stop().await;
    stage.close().await;
}

#[tokio::test]
async fn a_sign_of_life_takes_the_question_back() {
    let stage = Stage::open().await;
    stage.at_hour(0, 12);
    let seeker_id = stage.join(&samira()).await;
    stage.at_hour(57, 10);
    stage.until_told(Template::StillLooking, 1).await;
    assert!(matches!(stage.availability(seeker_id).await, Availability::Looking { asked_at: Some(_) }));
    stage.still_looking(seeker_id).await;
    assert_eq!(stage.availability(seeker_id).await, Availability::Looking { asked_at: None });
    assert_eq!(stage.profiles().await.len(), 1, "nothing about her changed");
    // Where she would have been paused she is only asked again eight weeks later.
    stage.at_hour(29, 10);
    eventually("the clock looked at her", async || {
        stage
            .number("select count(*) from seekers where silence_look_at > last_heard_at + interval '30 days'")
            .await
            == 1
    })
    .await;
    assert_eq!(stage.availability(seeker_id).await, Availability::Looking { asked_at: None });
    stage.at_hour(28, 10);
    stage.until_told(Template::StillLooking, 2).await;
    stage.close().await;
}

#[tokio::test]
async fn who_pauses_for_long_is_not_asked() {
    let stage = Stage::open().await;
    stage.at_hour(0, 12);
    let seeker_id = stage.join(&samira()).await;
    stage.pause(seeker_id, None).await;
    stage.at_hour(100, 10);
    eventually("the clock looked at her", async || {
        stage
            .number(
                "select count(*) from seekers where silence_look_at > last_heard_at + interval '101 days'",
            )
            .await
            == 1
    })
    .await;
    assert_eq!(stage.told(Template::StillLooking), 0);
    assert_eq!(stage.availability(seeker_id).await, Availability::Paused { until: None, by_silence: false });
    stage.close().await;
}

/// Registered beside a helper, by letter.
async fn by_letter(stage: &Stage, helper: &Actor) -> SeekerId {
    let registration = AssistedRegistration {
        wishes: wishes(),
        name: "Yusuf".to_owned(),
        reach: AssistedReach::Letter {
            street: "Kanariestraat 1".to_owned(),
            postcode: "1315 RC".to_owned(),
            town: "Almere".to_owned(),
        },
        consents: Vec::new(),
        consent_text_version: "2026-11".to_owned(),
        how: ConsentGiven::Herself,
        entry_point: None,
        language: Language::Nl,
        helper: HelperIntroduction {
            name: "Karim".to_owned(),
            organisation: "Bibliotheek Almere".to_owned(),
        },
    };
    let call = RegisterAssisted { registration: stage.sealed(&registration) };
    match stage.test.ask(helper, &call).await.unwrap() {
        AssistedOutcome::Registered { seeker_id, .. } => seeker_id,
        other => panic!("{other:?}"),
    }
}

#[tokio::test]
async fn who_gets_letters_is_asked_nothing_and_kept_for_a_year() {
    let stage = Stage::open().await;
    stage.at_hour(0, 12);
    let helper = account(5, Role::Helper, &[]);
    let seeker_id = by_letter(&stage, &helper).await;
    // Her helper pauses for her and takes her back, while her access runs.
    stage.test.ask(&helper, &Pause { seeker_id, until: None }).await.unwrap();
    stage.test.ask(&helper, &StillLooking { seeker_id }).await.unwrap();
    stage.at_hour(15, 12);
    let problem = stage.test.ask(&helper, &StillLooking { seeker_id }).await.unwrap_err();
    assert_eq!(problem.status, Status::Forbidden);

    stage.at_hour(26 * 7 - 14, 10);
    eventually("silence pauses her", async || {
        stage.number("select count(*) from seekers where paused_by_silence").await == 1
    })
    .await;
    stage.at_hour(26 * 7, 12);
    eventually("she is erased", async || stage.number("select count(*) from seekers").await == 0).await;
    assert!(stage.inbox.all().is_empty(), "nobody was told anything");
    stage.close().await;
}
