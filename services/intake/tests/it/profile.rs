//! The whole profile, in any order: needs, background, name, contact.

use chassis::harness::eventually;
use chrono::TimeDelta;
use proto::{
    Actor, BackgroundId, CloudEvent, Fact, OpenFileId, Problem, Role, SeekerId, Status, Stream,
    intake::{
        Background, BackgroundErased, Benefit, BenefitTold, ChangeBackground, ChangeContact, ChangeIdentity,
        ChangeNeeds, ChangeWishes, CodeOutcome, ConfirmBackground, ConsentGiven, EntryPointTold, Need,
        Purpose, Registration, SetConsent, ToldBackground, ToldIdentity,
    },
    notifier::{NoticeContent, Template},
    work::{Channel, Language, LanguageLevel, Spoken},
};

use crate::support::{Stage, VISITOR, account, samira, wishes};

impl Stage {
    async fn change_needs(&self, actor: &Actor, seeker_id: SeekerId, needs: &[Need]) -> Result<(), Problem> {
        let call = ChangeNeeds { seeker_id, needs: self.sealed(&needs.to_vec()) };
        self.test.ask(actor, &call).await
    }

    async fn tell_background(
        &self,
        seeker_id: SeekerId,
        benefit: Option<Benefit>,
        entry_point: Option<&str>,
    ) -> Result<(), Problem> {
        let told = ToldBackground { benefit, entry_point: entry_point.map(str::to_owned) };
        let call = ChangeBackground { seeker_id, told: self.sealed(&told) };
        self.test.ask(&Actor::Seeker { seeker_id }, &call).await
    }

    async fn figures(&self, seeker_id: SeekerId, given: bool) {
        let text_version = format!("2026-11-{given}");
        let how = ConsentGiven::Herself;
        let call = SetConsent { seeker_id, purpose: Purpose::Figures, given, text_version, how };
        self.test.ask(&Actor::Seeker { seeker_id }, &call).await.unwrap();
    }

    /// Everything of one kind on the background stream.
    async fn background<T: Fact>(&self) -> Vec<T> {
        let messages = self.stream(Stream::Background).await;
        let of_kind = messages.iter().filter(|message| message.contains(&format!(".{}.", T::NAME)));
        of_kind
            .map(|message| {
                serde_json::from_str::<CloudEvent<T>>(message.split_once(' ').unwrap().1).unwrap().data
            })
            .collect()
    }

    /// Goes to the next hour and waits for so many facts of one kind.
    async fn after_an_hour<T: Fact>(&self, count: usize) -> Vec<T> {
        self.test.clock.advance(TimeDelta::hours(1));
        eventually(T::NAME, async || self.background::<T>().await.len() >= count).await;
        let facts = self.background::<T>().await;
        assert_eq!(facts.len(), count);
        facts
    }

    async fn change_contact(&self, seeker_id: SeekerId, contact: &str) -> proto::ChallengeId {
        self.release(seeker_id).await;
        let call = ChangeContact { seeker_id, contact: self.sealed(&contact.to_owned()) };
        self.test.ask(&Actor::Seeker { seeker_id }, &call).await.unwrap().challenge_id
    }

    async fn confirm_as(&self, actor: &Actor, challenge: proto::ChallengeId, code: &str) -> CodeOutcome {
        self.test.ask(actor, &self.confirm_call(challenge, code)).await.unwrap()
    }
}

fn told_figures() -> Registration {
    Registration { consents: vec![Purpose::Figures, Purpose::Adviser], ..samira() }
}

#[tokio::test]
async fn every_answer_comes_by_itself_in_any_order() {
    let stage = Stage::open().await;
    let seeker_id = stage.join(&told_figures()).await;
    let herself = Actor::Seeker { seeker_id };
    stage.change_needs(&herself, seeker_id, &[Need::Seat, Need::JobCoach, Need::Seat]).await.unwrap();
    stage.tell_background(seeker_id, Some(Benefit::SocialAssistance), Some("library")).await.unwrap();
    let mut more = wishes();
    more.remark = "Ik bel liever.\r\nNa 10 uur.".to_owned();
    more.languages.push(Spoken { language: "nld".to_owned(), level: LanguageLevel::Simple });
    let change = ChangeWishes { seeker_id, wishes: stage.sealed(&more) };
    stage.test.ask(&herself, &change).await.unwrap();
    let identity = ToldIdentity { name: " Sam ".to_owned(), channel: Channel::Call, language: Language::En };
    let change = ChangeIdentity { seeker_id, identity: stage.sealed(&identity) };
    stage.test.ask(&herself, &change).await.unwrap();

    let details = stage.details(seeker_id).await;
    assert_eq!(
        (details.name.as_str(), details.channel, details.language),
        ("Sam", Channel::Call, Language::En)
    );
    assert_eq!(details.needs, [Need::JobCoach, Need::Seat]);
    assert_eq!(details.background, Some(Background { says: Benefit::SocialAssistance, confirmed: None }));
    assert_eq!(details.entry_point.as_deref(), Some("library"));
    let wants = details.wishes.unwrap();
    assert_eq!((wants.remark.as_str(), wants.cannot), ("Ik bel liever.\nNa 10 uur.", wishes().cannot));
    // Only the wishes changed the profile; nothing of the rest is in it.
    assert_eq!(details.profile_version, 2);
    let profile = stage.profiles().await.pop().unwrap();
    assert_eq!(profile.languages, more.languages);
    assert!(profile.shown_support.is_empty(), "no consent to the open file");

    stage.change_needs(&herself, seeker_id, &[]).await.unwrap();
    assert_eq!(stage.number("select count(*) from seekers where needs is null").await, 1);
    stage.close().await;
}

#[tokio::test]
async fn what_is_wrong_in_the_wishes_is_told_at_once() {
    let stage = Stage::open().await;
    let seeker_id = stage.join(&samira()).await;
    let mut wrong = wishes();
    wrong.languages = vec![Spoken { language: "xx".to_owned(), level: LanguageLevel::Good }];
    wrong.remark = "Mijn nummer is 111-222-333".to_owned();
    wrong.available_from = chrono::NaiveDate::from_ymd_opt(2020, 1, 1);
    let change = ChangeWishes { seeker_id, wishes: stage.sealed(&wrong) };
    let problem = stage.test.ask(&Actor::Seeker { seeker_id }, &change).await.unwrap_err();
    let codes: Vec<_> = problem.fields.iter().map(|field| field.code.as_str()).collect();
    assert_eq!(codes, ["date-past", "language-unknown", "looks-like-bsn"]);
    stage.close().await;
}

#[tokio::test]
async fn only_she_herself_changes_what_she_needs() {
    let stage = Stage::open().await;
    let seeker_id = stage.join(&samira()).await;
    for actor in [VISITOR, account(1, Role::Helper, &[]), account(2, Role::AccountManager, &["AM11"])] {
        let problem = stage.change_needs(&actor, seeker_id, &[Need::Seat]).await.unwrap_err();
        assert_eq!(problem.status, Status::Forbidden, "{actor:?}");
    }
    stage.close().await;
}

#[tokio::test]
async fn background_is_told_on_the_hour_and_taken_back_under_its_old_id() {
    let stage = Stage::open().await;
    stage.at_ten_past();
    let seeker_id = stage.join(&told_figures()).await;
    stage.tell_background(seeker_id, Some(Benefit::Unemployment), Some("library")).await.unwrap();
    assert!(stage.stream(Stream::Background).await.is_empty(), "not before the hour");
    let benefits: Vec<BenefitTold> = stage.after_an_hour(1).await;
    let entry_points: Vec<EntryPointTold> = stage.background().await;
    let first = &benefits[0];
    assert_eq!((first.benefit, first.confirmed, first.version), (Benefit::Unemployment, false, 1));
    assert_eq!((entry_points[0].background_id, entry_points[0].version), (first.background_id, 1));

    // Another answer goes on under the same id; taking one back does not.
    stage.tell_background(seeker_id, Some(Benefit::SocialAssistance), Some("library")).await.unwrap();
    let benefits: Vec<BenefitTold> = stage.after_an_hour(2).await;
    assert_eq!((benefits[1].background_id, benefits[1].version), (first.background_id, 2));
    stage.tell_background(seeker_id, None, Some("library")).await.unwrap();
    assert!(stage.background::<BackgroundErased>().await.is_empty(), "not before the hour");
    let erased: Vec<BackgroundErased> = stage.after_an_hour(1).await;
    assert_eq!(erased, [BackgroundErased { background_id: first.background_id, version: 3 }]);
    let old = first.background_id;
    let again = async || {
        let told: Vec<EntryPointTold> = stage.background().await;
        told.into_iter().filter(|told| told.background_id != old).collect::<Vec<_>>()
    };
    eventually("the rest goes on", async || again().await.len() == 1).await;
    let rest = again().await.remove(0);
    assert_eq!(rest.version, 1);

    // Taking back consent takes all of it back.
    stage.figures(seeker_id, false).await;
    let details = stage.details(seeker_id).await;
    assert!(details.background.is_none() && details.entry_point.is_none());
    let erased: Vec<BackgroundErased> = stage.after_an_hour(2).await;
    let ids: Vec<BackgroundId> = erased.iter().map(|erased| erased.background_id).collect();
    assert_eq!(ids, [old, rest.background_id]);
    for message in stage.stream(Stream::Background).await {
        assert!(!message.contains(&seeker_id.0.to_string()), "{message}");
        assert!(!message.contains("traceparent"), "{message}");
    }
    stage.close().await;
}

#[tokio::test]
async fn background_needs_consent_for_figures() {
    let stage = Stage::open().await;
    let seeker_id = stage.join(&samira()).await;
    let problem = stage.tell_background(seeker_id, Some(Benefit::None), None).await.unwrap_err();
    assert_eq!((problem.status, problem.code.as_str()), (Status::Conflict, "background-needs-consent"));
    stage.figures(seeker_id, true).await;
    stage.tell_background(seeker_id, Some(Benefit::None), None).await.unwrap();
    let problem = stage.tell_background(seeker_id, None, Some("Jan 06")).await.unwrap_err();
    assert_eq!(problem.fields[0].code, "entry-point-malformed");
    stage.close().await;
}

#[tokio::test]
async fn a_benefit_is_confirmed_beside_what_she_says() {
    let stage = Stage::open().await;
    stage.at_ten_past();
    let seeker_id = stage.join(&told_figures()).await;
    let open_file_id = stage.profiles().await[0].open_file_id;
    let confirm = |benefit| ConfirmBackground {
        open_file_id,
        benefit: stage.sealed(&benefit),
        organisation: "Gemeente Almere".to_owned(),
    };
    let manager = account(5, Role::AccountManager, &["AM11"]);
    let call = confirm(Benefit::SocialAssistance);
    let nothing_told = stage.test.ask(&manager, &call).await.unwrap_err();
    assert_eq!(nothing_told.code, "background-not-told");
    stage.tell_background(seeker_id, Some(Benefit::Unemployment), None).await.unwrap();
    for other in [account(6, Role::AccountManager, &["AM12"]), account(7, Role::Helper, &["AM11"])] {
        let call = confirm(Benefit::SocialAssistance);
        let problem = stage.test.ask(&other, &call).await.unwrap_err();
        assert_eq!(problem.status, Status::Forbidden, "{other:?}");
    }
    let call = confirm(Benefit::SocialAssistance);
    stage.test.ask(&manager, &call).await.unwrap();
    let background = stage.details(seeker_id).await.background.unwrap();
    assert_eq!(background.says, Benefit::Unemployment);
    let confirmed = background.confirmed.unwrap();
    assert_eq!((confirmed.benefit, confirmed.by.as_str()), (Benefit::SocialAssistance, "Gemeente Almere"));
    let told: Vec<BenefitTold> = stage.after_an_hour(1).await;
    assert_eq!((told[0].benefit, told[0].confirmed), (Benefit::SocialAssistance, true));
    let unknown =
        ConfirmBackground { open_file_id: OpenFileId(uuid::Uuid::from_u128(1)), ..confirm(Benefit::None) };
    assert_eq!(stage.test.ask(&manager, &unknown).await.unwrap_err().status, Status::Forbidden);
    stage.close().await;
}

#[tokio::test]
async fn a_new_contact_is_hers_when_its_code_comes_back_and_the_old_one_is_told() {
    let stage = Stage::open().await;
    let seeker_id = stage.join(&samira()).await;
    let herself = Actor::Seeker { seeker_id };
    let challenge = stage.change_contact(seeker_id, "Sam@Example.nl").await;
    let code = stage.code(challenge).await;
    assert_eq!(stage.details(seeker_id).await.contact.as_deref(), Some("+31612345678"));
    // Nobody else brings it back.
    assert_eq!(stage.confirm_as(&VISITOR, challenge, &code).await, CodeOutcome::Expired);
    let outcome = stage.confirm_as(&herself, challenge, &code).await;
    assert_eq!(outcome, CodeOutcome::Confirmed { seeker_id, new: false });
    let details = stage.details(seeker_id).await;
    assert_eq!((details.contact.as_deref(), details.channel), (Some("sam@example.nl"), Channel::Email));
    let told = stage.notices(Template::ContactChanged, 1).await;
    assert_eq!((told[0].to.as_str(), told[0].channel), ("+31612345678", Channel::Sms));
    assert!(matches!(&told[0].content, NoticeContent::ContactChanged { page } if page.ends_with("/hulp")));
    // She signs in with the new one; the old one is nobody's now.
    let back = stage.request_code("sam@example.nl").await;
    let code = stage.code(back).await;
    assert_eq!(stage.confirm(back, &code).await, CodeOutcome::Confirmed { seeker_id, new: false });
    let other = stage.join(&samira()).await;
    assert_ne!(other, seeker_id);
    stage.close().await;
}

#[tokio::test]
async fn a_contact_of_somebody_else_gets_the_same_answer_and_changes_nothing() {
    let stage = Stage::open().await;
    let seeker_id = stage.join(&samira()).await;
    stage.join(&Registration { contact: "0612345679".into(), ..samira() }).await;
    let herself = Actor::Seeker { seeker_id };
    let challenge = stage.change_contact(seeker_id, "06 12 34 56 79").await;
    assert_eq!(stage.confirm_as(&herself, challenge, "123456").await, CodeOutcome::Wrong { tries_left: 4 });
    assert!(stage.inbox.messages_for(challenge).is_empty());
    // Nor when somebody gets the contact while the code is on its way.
    let challenge = stage.change_contact(seeker_id, "0612345670").await;
    let code = stage.code(challenge).await;
    stage.join(&Registration { contact: "0612345670".into(), ..samira() }).await;
    assert_eq!(stage.confirm_as(&herself, challenge, &code).await, CodeOutcome::Expired);
    assert_eq!(stage.details(seeker_id).await.contact.as_deref(), Some("+31612345678"));
    stage.close().await;
}
