//! Who may see her contact data, on what ground, and that she can read who did.

use chrono::TimeDelta;
use proto::{
    Actor, EmployerId, OpenFileId, Problem, ProposalId, Role, SeekerId, Service as Name, Status,
    intake::{
        ConsentGiven, ContactGround, ContactPurpose, MyLooks, OpenContact, Purpose, Reach, ReachOf,
        Registration, SetConsent, ShareContact,
    },
};
use uuid::Uuid;

use crate::support::{Stage, VISITOR, account, samira};

fn manager() -> Actor {
    account(5, Role::AccountManager, &["AM11"])
}

fn employer(number: u128) -> Actor {
    Actor::Account {
        account_id: Uuid::from_u128(100 + number).into(),
        roles: vec![Role::Employer],
        employer_id: Some(EmployerId(Uuid::from_u128(number))),
        regions: Vec::new(),
    }
}

impl Stage {
    async fn say(&self, seeker_id: SeekerId, purpose: Purpose, given: bool) {
        let how = ConsentGiven::Herself;
        let call = SetConsent { seeker_id, purpose, given, text_version: "2026-11".to_owned(), how };
        self.test.ask(&Actor::Seeker { seeker_id }, &call).await.unwrap();
    }

    async fn open_contact(&self, actor: &Actor, ground: ContactGround) -> Result<Reach, Problem> {
        let purpose = ContactPurpose::TalkAboutWork;
        let call = OpenContact { ground, purpose, organisation: " WSP  Flevoland ".to_owned() };
        Ok(self.opened(&self.test.ask(actor, &call).await?))
    }

    async fn refused(&self, actor: &Actor, ground: ContactGround) {
        let problem = self.open_contact(actor, ground).await.unwrap_err();
        assert_eq!(
            (problem.status, problem.code.as_str()),
            (Status::Forbidden, "contact-closed"),
            "{actor:?}"
        );
    }

    async fn share(&self, seeker_id: SeekerId, proposal_id: ProposalId, share: bool) -> Result<(), Problem> {
        let employer_id = EmployerId(Uuid::from_u128(1));
        let call = ShareContact { seeker_id, proposal_id, employer_id, share };
        self.test.ask(&Actor::Seeker { seeker_id }, &call).await
    }
}

#[tokio::test]
async fn withdrawn_consent_to_the_open_file_shows_nothing_from_that_moment() {
    let stage = Stage::open().await;
    let seeker_id = stage.join(&samira()).await;
    let first = stage.profiles().await.pop().unwrap();
    assert!(first.open_file && !first.shown_support.is_empty());
    stage.say(seeker_id, Purpose::OpenFile, false).await;
    let now = stage.profiles().await.pop().unwrap();
    assert!(!now.open_file && now.shown_support.is_empty() && now.version == 2);
    let consents = stage.details(seeker_id).await.consents;
    assert!(consents.iter().all(|consent| consent.how == "herself" && consent.with_help_of.is_none()));
    stage.close().await;
}

#[tokio::test]
async fn an_adviser_opens_contact_data_while_she_agrees_and_she_sees_it() {
    let stage = Stage::open().await;
    let seeker_id = stage.join(&Registration { consents: vec![Purpose::Adviser], ..samira() }).await;
    let open_file_id = stage.profiles().await[0].open_file_id;
    let ground = ContactGround::Adviser { open_file_id };
    let reach = stage.open_contact(&manager(), ground).await.unwrap();
    assert_eq!((reach.name.as_str(), reach.contact.as_deref()), ("Samira", Some("+31612345678")));
    stage.refused(&account(6, Role::AccountManager, &["AM12"]), ground).await;
    stage.refused(&employer(1), ground).await;
    let unknown = OpenFileId(Uuid::from_u128(1));
    stage.refused(&manager(), ContactGround::Adviser { open_file_id: unknown }).await;
    for other in [account(7, Role::Helper, &["AM11"]), VISITOR, Actor::Seeker { seeker_id }] {
        let problem = stage.open_contact(&other, ground).await.unwrap_err();
        assert_eq!(problem.status, Status::Forbidden, "{other:?}");
    }

    let looks = stage.test.ask(&Actor::Seeker { seeker_id }, &MyLooks { seeker_id }).await.unwrap();
    assert_eq!(looks.len(), 1, "what was refused was not seen");
    assert_eq!((looks[0].role, looks[0].organisation.as_str()), (Role::AccountManager, "WSP Flevoland"));
    assert_eq!(looks[0].purpose, ContactPurpose::TalkAboutWork);
    let problem = stage.test.ask(&manager(), &MyLooks { seeker_id }).await.unwrap_err();
    assert_eq!(problem.status, Status::Forbidden);

    stage.say(seeker_id, Purpose::Adviser, false).await;
    stage.refused(&manager(), ground).await;
    stage.close().await;
}

#[tokio::test]
async fn an_employer_sees_a_shared_contact_for_28_days_or_until_she_takes_it_back() {
    let stage = Stage::open().await;
    let seeker_id = stage.join(&samira()).await;
    let other = stage.join(&Registration { contact: "0612345679".into(), ..samira() }).await;
    let proposal_id = ProposalId(Uuid::from_u128(8));
    let ground = ContactGround::Shared { proposal_id };
    stage.refused(&employer(1), ground).await;
    stage.share(seeker_id, proposal_id, true).await.unwrap();
    assert_eq!(stage.open_contact(&employer(1), ground).await.unwrap().name, "Samira");
    stage.refused(&employer(2), ground).await;
    stage.refused(&manager(), ground).await;
    // A proposal is one person's.
    assert_eq!(stage.share(other, proposal_id, true).await.unwrap_err().code, "proposal-unknown");
    let shares = stage.details(seeker_id).await.shares;
    assert_eq!((shares.len(), shares[0].proposal_id), (1, proposal_id));

    stage.share(seeker_id, proposal_id, false).await.unwrap();
    stage.refused(&employer(1), ground).await;
    stage.share(seeker_id, proposal_id, true).await.unwrap();
    stage.test.clock.advance(TimeDelta::days(28));
    stage.refused(&employer(1), ground).await;
    assert!(stage.details(seeker_id).await.shares.is_empty());
    stage.close().await;
}

#[tokio::test]
async fn only_the_notifier_asks_where_a_message_goes() {
    let stage = Stage::open().await;
    let seeker_id = stage.join(&samira()).await;
    let nobody = SeekerId(Uuid::from_u128(7));
    let query = ReachOf { seeker_ids: vec![nobody, seeker_id], waits_for_it: false };
    let notifier = &stage.test.chassis(Name::Notifier).bus;
    let key = Uuid::from_u128(1);
    let sealed = notifier.call_as_service(key, &query).await.unwrap();
    let reaches: Vec<Option<Reach>> = stage.test.keys(Name::Notifier).open(&sealed).unwrap();
    let contacts: Vec<_> = reaches.iter().map(|reach| reach.as_ref()?.contact.as_deref()).collect();
    assert_eq!(contacts, [None, Some("+31612345678")], "one for one");
    for actor in [VISITOR, Actor::Seeker { seeker_id }, manager()] {
        assert_eq!(stage.test.ask(&actor, &query).await.unwrap_err().status, Status::Forbidden);
    }
    let many = ReachOf { seeker_ids: vec![nobody; 501], waits_for_it: true };
    assert_eq!(notifier.call_as_service(key, &many).await.unwrap_err().code, "too-many-people");
    stage.close().await;
}
