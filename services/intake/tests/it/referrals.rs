//! Referrals: her name and question to a desk because she asks for it, followed up, taken back.

use chrono::TimeDelta;
use proto::{
    Actor, FieldProblem, Problem, Role, SeekerId, Service as Name, Status,
    intake::{
        AssistedOutcome, AssistedReach, AssistedRegistration, ConsentGiven, ContactPurpose, Desk, EraseMe,
        FollowUpReferral, HelperIntroduction, MyLooks, ReferMe, ReferralLine, ReferralState, ReferralView,
        Referrals, RegisterAssisted, RequestHelpedCode, WithdrawReferral,
    },
    work::{Channel, Language},
};
use uuid::Uuid;

use crate::{
    desks::staff,
    support::{Stage, not, samira, wishes},
};

fn manager() -> Actor {
    staff(Role::AccountManager, "AM11")
}

/// A helper beside whom somebody registers.
fn helper() -> Actor {
    staff(Role::Helper, "")
}

impl Stage {
    /// Somebody whom a helper registered.
    async fn helped(&self) -> SeekerId {
        let registration = AssistedRegistration {
            wishes: wishes(),
            name: "Yusuf".to_owned(),
            reach: AssistedReach::Contact {
                contact: "0687654321".to_owned(),
                channel: Channel::Sms,
                shared: false,
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
        let call = RegisterAssisted { registration: self.sealed(&registration) };
        match self.test.ask(&helper(), &call).await.unwrap() {
            AssistedOutcome::Registered { seeker_id, .. } => seeker_id,
            other => panic!("{other:?}"),
        }
    }

    async fn refer_with_help(&self, seeker_id: SeekerId, how: ConsentGiven) -> Result<ReferralView, Problem> {
        let call = ReferMe {
            seeker_id,
            desk_id: self.desk().await.desk_id,
            text_version: "2026-11".to_owned(),
            how,
            question: self.sealed(&String::new()),
        };
        self.test.ask(&helper(), &call).await
    }

    async fn desk(&self) -> Desk {
        self.desks_for("1315").await.unwrap().remove(1)
    }

    pub(crate) async fn refer(
        &self,
        seeker_id: SeekerId,
        desk: &Desk,
        question: &str,
    ) -> Result<ReferralView, Problem> {
        let call = ReferMe {
            seeker_id,
            desk_id: desk.desk_id,
            text_version: "2026-11".to_owned(),
            how: ConsentGiven::Herself,
            question: self.sealed(&question.to_owned()),
        };
        self.test.ask(&Actor::Seeker { seeker_id }, &call).await
    }

    pub(crate) async fn lines(&self, actor: &Actor, only_open: bool) -> Result<Vec<ReferralLine>, Problem> {
        let sealed = self.test.ask(actor, &Referrals { only_open }).await?;
        Ok(self.test.keys(Name::Portal).open(&sealed).unwrap())
    }

    async fn follow_up(&self, referral: &ReferralView, state: ReferralState) -> Result<(), Problem> {
        let call = FollowUpReferral { referral_id: referral.referral_id, state };
        self.test.ask(&manager(), &call).await
    }
}

#[tokio::test]
async fn a_desk_sees_who_was_referred_and_she_sees_that_it_looked() {
    let stage = Stage::open().await;
    // A Monday or later in the week without a holiday makes no difference: the rule has its own tests.
    let seeker_id = stage.join(&samira()).await;
    let desk = stage.desk().await;
    let referral = stage.refer(seeker_id, &desk, " Mag ik een cursus doen? ").await.unwrap();
    assert_eq!((referral.desk_name.as_str(), referral.state), (desk.name.as_str(), ReferralState::Open));
    assert_eq!(stage.details(seeker_id).await.referrals, std::slice::from_ref(&referral));

    let lines = stage.lines(&manager(), true).await.unwrap();
    assert_eq!(lines.len(), 1);
    let line = &lines[0];
    assert_eq!((line.name.as_str(), line.contact.as_deref()), ("Samira", Some("+31612345678")));
    assert_eq!(line.question, "Mag ik een cursus doen?");
    assert!(!line.overdue && line.tries == 0 && line.referral == referral);
    let looks = stage.test.ask(&Actor::Seeker { seeker_id }, &MyLooks { seeker_id }).await.unwrap();
    assert_eq!(looks.len(), 1);
    assert_eq!((looks[0].role, looks[0].purpose), (Role::AccountManager, ContactPurpose::TalkAboutWork));
    assert_eq!(looks[0].organisation, desk.name);

    // Only the desks of her own regions, and only account managers.
    assert!(stage.lines(&staff(Role::AccountManager, "AM12"), false).await.unwrap().is_empty());
    for role in [Role::Helper, Role::Employer, Role::Administrator] {
        let problem = stage.lines(&staff(role, "AM11"), true).await.unwrap_err();
        assert_eq!(problem.status, Status::Forbidden, "{role:?}");
    }
    assert_eq!(stage.number("select count(*) from contact_looks").await, 1);
    assert_eq!(
        stage.number("select count(*) from referral_consents where given and text_version = '2026-11' and channel = 'herself'").await,
        1
    );
    stage.close().await;
}

#[tokio::test]
async fn one_referral_waits_per_kind_of_desk_also_when_it_is_asked_twice_at_one_moment() {
    let stage = Stage::open().await;
    let seeker_id = stage.join(&samira()).await;
    let desk = stage.desk().await;
    let (a, b) = futures::join!(stage.refer(seeker_id, &desk, "een"), stage.refer(seeker_id, &desk, "twee"));
    assert_eq!(a.unwrap().referral_id, b.unwrap().referral_id);
    let other = stage.desks_for("1315").await.unwrap().remove(0);
    stage.refer(seeker_id, &other, "").await.unwrap();
    assert_eq!(stage.details(seeker_id).await.referrals.len(), 2);
    assert_eq!(stage.number("select count(*) from referral_consents").await, 2);
    stage.close().await;
}

#[tokio::test]
async fn a_desk_follows_up_and_what_it_did_not_reach_stays_and_stands_out() {
    let stage = Stage::open().await;
    let seeker_id = stage.join(&samira()).await;
    let referral = stage.refer(seeker_id, &stage.desk().await, "").await.unwrap();
    stage.test.clock.advance(TimeDelta::days(10));
    assert!(stage.lines(&manager(), true).await.unwrap()[0].overdue);
    stage.follow_up(&referral, ReferralState::NotReached).await.unwrap();
    let line = stage.lines(&manager(), true).await.unwrap().remove(0);
    assert!(!line.overdue && line.tries == 1 && line.referral.answer_by > referral.answer_by);
    for _ in 0..2 {
        stage.follow_up(&referral, ReferralState::NotReached).await.unwrap();
    }
    let line = stage.lines(&manager(), true).await.unwrap().remove(0);
    assert!(line.overdue && line.tries == 3 && line.referral.state == ReferralState::NotReached);

    stage.follow_up(&referral, ReferralState::Spoken).await.unwrap();
    assert!(stage.lines(&manager(), true).await.unwrap().is_empty());
    assert_eq!(stage.lines(&manager(), false).await.unwrap().len(), 1);
    stage.follow_up(&referral, ReferralState::Closed).await.unwrap();
    stage.follow_up(&referral, ReferralState::Closed).await.unwrap();
    let problem = stage.follow_up(&referral, ReferralState::Spoken).await.unwrap_err();
    assert_eq!((problem.status, problem.code.as_str()), (Status::Conflict, "referral-ended"));
    let problem = stage.follow_up(&referral, ReferralState::Withdrawn).await.unwrap_err();
    assert_eq!(problem.fields[0].code, "referral-state-unsound");
    assert_eq!(stage.details(seeker_id).await.referrals[0].state, ReferralState::Closed);
    // After it ended she may ask again.
    assert_ne!(
        stage.refer(seeker_id, &stage.desk().await, "").await.unwrap().referral_id,
        referral.referral_id
    );
    stage.close().await;
}

#[tokio::test]
async fn what_she_takes_back_is_gone_from_the_desk_at_once() {
    let stage = Stage::open().await;
    let seeker_id = stage.join(&samira()).await;
    let referral = stage.refer(seeker_id, &stage.desk().await, "").await.unwrap();
    let withdraw = WithdrawReferral { referral_id: referral.referral_id };
    let stranger = Actor::Seeker { seeker_id: SeekerId(Uuid::from_u128(7)) };
    for actor in [stranger, manager()] {
        assert_eq!(stage.test.ask(&actor, &withdraw).await.unwrap_err().status, Status::Forbidden);
    }
    for _ in 0..2 {
        stage.test.ask(&Actor::Seeker { seeker_id }, &withdraw).await.unwrap();
    }
    assert!(stage.lines(&manager(), false).await.unwrap().is_empty());
    assert_eq!(stage.details(seeker_id).await.referrals[0].state, ReferralState::Withdrawn);
    assert_eq!(stage.number("select count(*) from referral_consents where not given").await, 1);
    assert_eq!(stage.follow_up(&referral, ReferralState::Spoken).await.unwrap_err().status, Status::Conflict);
    stage.close().await;
}

#[tokio::test]
async fn a_question_with_a_citizen_number_is_refused_and_erasure_takes_referrals_along() {
    let stage = Stage::open().await;
    let seeker_id = stage.join(&samira()).await;
    let desk = stage.desk().await;
    let problem = stage.refer(seeker_id, &desk, "Mijn bsn is 111 222 333").await.unwrap_err();
    assert_eq!(
        (problem.fields[0].field.as_str(), problem.fields[0].code.as_str()),
        ("question", "looks-like-bsn")
    );
    let problem = stage.refer(seeker_id, &desk, &"x".repeat(301)).await.unwrap_err();
    assert_eq!(problem.fields[0].code, "question-too-long");
    stage.refer(seeker_id, &desk, "kanarie").await.unwrap();
    assert!(!stage.test.dump_of(Name::Intake).await.contains("kanarie"));
    stage.test.ask(&Actor::Seeker { seeker_id }, &EraseMe { seeker_id }).await.unwrap();
    assert_eq!(
        stage
            .number("select (select count(*) from referrals) + (select count(*) from referral_consents)")
            .await,
        0
    );
    assert!(stage.lines(&manager(), false).await.unwrap().is_empty());
    stage.close().await;
}

#[tokio::test]
async fn a_helper_refers_with_evidence_and_every_wrong_code_counts() {
    let stage = Stage::open().await;
    let seeker_id = stage.helped().await;
    let problem = stage.refer_with_help(seeker_id, ConsentGiven::Herself).await.unwrap_err();
    assert_eq!(problem.fields, [FieldProblem::new("how", "consent-needs-evidence")]);

    let ask = RequestHelpedCode {
        contact: stage.sealed(&"0687654321".to_owned()),
        language: Language::Nl,
        organisation: "Bibliotheek Almere".to_owned(),
    };
    let challenge_id = stage.test.ask(&helper(), &ask).await.unwrap().challenge_id;
    let code = stage.code(challenge_id).await;
    let by_code = |code: &str| ConsentGiven::Code { challenge_id, code: stage.sealed(&code.to_owned()) };
    for tries_left in [4, 3] {
        let problem = stage.refer_with_help(seeker_id, by_code(not(&code))).await.unwrap_err();
        let wrong = FieldProblem::new("how.code", "consent-code-wrong").with("tries_left", tries_left);
        assert_eq!(problem.fields, [wrong]);
    }
    assert_eq!(stage.number("select count(*) from referrals").await, 0);
    let referral = stage.refer_with_help(seeker_id, by_code(&code)).await.unwrap();
    // The same again, with a code that was used: there is one that waits.
    assert_eq!(stage.refer_with_help(seeker_id, by_code(&code)).await.unwrap(), referral);
    assert_eq!(
        stage
            .number(
                "select count(*) from referral_consents
                 where channel = 'code' and evidence is not null and with_help_of = 'Bibliotheek Almere'",
            )
            .await,
        1
    );
    // Only she herself takes it back.
    let withdraw = WithdrawReferral { referral_id: referral.referral_id };
    assert_eq!(stage.test.ask(&helper(), &withdraw).await.unwrap_err().status, Status::Forbidden);
    stage.test.ask(&Actor::Seeker { seeker_id }, &withdraw).await.unwrap();
    let problem = stage.refer_with_help(seeker_id, by_code(&code)).await.unwrap_err();
    assert_eq!(problem.fields, [FieldProblem::new("how.code", "consent-code-expired")]);
    stage.close().await;
}
