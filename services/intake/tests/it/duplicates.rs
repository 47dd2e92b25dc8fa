//! Two records, one person? People decide, and can undo it.

use chassis::harness::eventually;
use chrono::TimeDelta;
use proto::{
    AccountId, Actor, Fact as _, Problem, Role, SeekerId, Service as Name, Status, Stream,
    intake::{
        AssistedOutcome, AssistedReach, AssistedRegistration, ChangeWishes, ConsentGiven, DecideDuplicate,
        Details, Duplicate, DuplicateDecision, DuplicateState, Duplicates, EraseMe, HelperIntroduction,
        MyDetails, Purpose, RegisterAssisted, Registration, SeekerErased, Wishes,
    },
    notifier::Template,
    work::{Channel, Daypart, Dayparts, Language, Licence},
};
use uuid::Uuid;

use crate::support::{Stage, samira, wishes};

const HELPER: AccountId = AccountId(Uuid::from_u128(71));
const OTHER_HELPER: AccountId = AccountId(Uuid::from_u128(72));

fn account(account_id: AccountId, role: Role) -> Actor {
    Actor::Account { account_id, roles: vec![role], employer_id: None, regions: vec!["AM11".to_owned()] }
}

/// Somebody who uses the telephone of `samira()`, registered at the library.
fn beside(name: &str) -> AssistedRegistration {
    AssistedRegistration {
        wishes: Wishes {
            licences: vec![Licence::B],
            remark: "Bel na 10 uur.".to_owned(),
            dayparts: [Daypart::Evening].into_iter().collect(),
            ..wishes()
        },
        name: name.to_owned(),
        reach: AssistedReach::Contact {
            contact: "0612345678".to_owned(),
            channel: Channel::Sms,
            shared: true,
        },
        consents: vec![Purpose::Adviser],
        consent_text_version: "2026-11".to_owned(),
        how: ConsentGiven::ReadAloud { record: "gesprek 117".to_owned() },
        entry_point: None,
        language: Language::Nl,
        helper: HelperIntroduction {
            name: "Karim".to_owned(),
            organisation: "Bibliotheek Almere".to_owned(),
        },
    }
}

impl Stage {
    async fn beside(&self, helper: AccountId, name: &str) -> SeekerId {
        let registration = self.test.keys(Name::Portal).seal(Name::Intake, &beside(name));
        let call = RegisterAssisted { registration };
        match self.test.ask(&account(helper, Role::Helper), &call).await.unwrap() {
            AssistedOutcome::Registered { seeker_id, .. } => seeker_id,
            other => panic!("{other:?}"),
        }
    }

    async fn duplicates(&self, actor: &Actor, decided: bool) -> Vec<Duplicate> {
        let sealed = self.test.ask(actor, &Duplicates { decided }).await.unwrap();
        self.test.keys(Name::Portal).open(&sealed).unwrap()
    }

    async fn decide(
        &self,
        actor: &Actor,
        which: &Duplicate,
        decision: DuplicateDecision,
    ) -> Result<(), Problem> {
        self.test.ask(actor, &DecideDuplicate { duplicate_id: which.duplicate_id, decision }).await
    }

    async fn details_of(&self, seeker_id: SeekerId) -> Result<Details, Problem> {
        let sealed = self.test.ask(&Actor::Seeker { seeker_id }, &MyDetails { seeker_id }).await?;
        Ok(self.test.keys(Name::Portal).open(&sealed).unwrap())
    }

    /// Her record as it is told to herself, but for the number of the profile.
    async fn record(&self, seeker_id: SeekerId) -> Details {
        Details { profile_version: 0, ..self.details_of(seeker_id).await.unwrap() }
    }
}

/// She registered herself, and told little.
fn herself() -> Registration {
    let mut registration = samira();
    registration.wishes.dayparts = Dayparts::default();
    registration.wishes.licences = Vec::new();
    registration.wishes.remark = String::new();
    registration
}

#[tokio::test]
async fn the_same_first_name_with_the_same_contact_is_a_reason_to_ask() {
    let stage = Stage::open().await;
    let first = stage.join(&herself()).await;
    stage.beside(HELPER, "SAMÍRA Kanarie").await;
    stage.beside(OTHER_HELPER, "Yusuf").await;
    let seen = stage.duplicates(&Actor::Seeker { seeker_id: first }, false).await;
    let [suggested] = &seen[..] else { panic!("{seen:?}") };
    assert_eq!((suggested.keep.name.as_str(), suggested.keep.with_help_of.as_deref()), ("Samira", None));
    assert_eq!(suggested.other.name, "SAMÍRA Kanarie");
    assert_eq!(suggested.other.with_help_of.as_deref(), Some("Bibliotheek Almere"));
    assert_eq!(suggested.state, DuplicateState::Open);
    assert_eq!(stage.duplicates(&account(HELPER, Role::Helper), false).await, seen);
    assert!(stage.duplicates(&account(OTHER_HELPER, Role::Helper), false).await.is_empty());
    // She did not agree that an adviser thinks along, so no adviser sees her name here.
    assert!(stage.duplicates(&account(OTHER_HELPER, Role::AccountManager), false).await.is_empty());
    let stranger = Actor::Seeker { seeker_id: SeekerId(Uuid::from_u128(7)) };
    assert!(stage.duplicates(&stranger, true).await.is_empty());
    for actor in [stranger, account(OTHER_HELPER, Role::Helper), account(OTHER_HELPER, Role::AccountManager)]
    {
        let problem = stage.decide(&actor, suggested, DuplicateDecision::Merge).await.unwrap_err();
        assert_eq!(problem.status, Status::Forbidden, "{actor:?}");
    }
    let visitor = stage.test.ask(&Actor::Visitor, &Duplicates { decided: true }).await.unwrap_err();
    assert_eq!(visitor.status, Status::Forbidden);
    stage.close().await;
}

#[tokio::test]
async fn merging_takes_what_was_left_open_and_undoing_gives_both_back() {
    let stage = Stage::open().await;
    let first = stage.join(&herself()).await;
    let second = stage.beside(HELPER, "Samira").await;
    let before = (stage.record(first).await, stage.record(second).await);
    let me = Actor::Seeker { seeker_id: first };
    let suggested = stage.duplicates(&me, false).await.remove(0);
    for _ in 0..2 {
        stage.decide(&me, &suggested, DuplicateDecision::Merge).await.unwrap();
    }

    let merged = stage.details(first).await;
    let [wants, wanted, other_wanted] =
        [&merged, &before.0, &before.1].map(|details| details.wishes.clone().unwrap());
    assert_eq!(wants.dayparts, other_wanted.dayparts, "left open, so taken from the other");
    assert_eq!((wants.licences, wants.remark.as_str()), (vec![Licence::B], "Bel na 10 uur."));
    assert_eq!(wants.hours, wanted.hours);
    assert_eq!(merged.consents, before.0.consents, "a yes elsewhere is not a yes here");
    assert_eq!(merged.helpers.len(), 1);
    assert_eq!(merged.helpers[0].helper.organisation, "Bibliotheek Almere");
    assert_eq!(merged.profile_version, 2);
    let profiles = stage.profiles().await;
    let last = |seeker_id| profiles.iter().rfind(|profile| profile.seeker_id == seeker_id).unwrap().clone();
    assert!(!last(first).paused && last(first).licences == [Licence::B]);
    assert!(last(second).paused && !last(second).open_file && !last(second).adviser);
    // Nobody goes on with the other record.
    assert_eq!(stage.details_of(second).await.unwrap_err().code, "seeker-unknown");
    let wishes = stage.test.keys(Name::Portal).seal(Name::Intake, &wishes());
    let helper = account(HELPER, Role::Helper);
    let change = ChangeWishes { seeker_id: second, wishes };
    assert_eq!(stage.test.ask(&helper, &change).await.unwrap_err().code, "seeker-unknown");
    stage.test.ask(&helper, &ChangeWishes { seeker_id: first, ..change }).await.unwrap();

    assert!(stage.duplicates(&me, false).await.is_empty());
    let decided = stage.duplicates(&me, true).await.remove(0);
    assert!(matches!(decided.state, DuplicateState::Merged { .. }));
    let problem = stage.decide(&me, &decided, DuplicateDecision::Different).await.unwrap_err();
    assert_eq!((problem.status, problem.code.as_str()), (Status::Conflict, "duplicate-decided"));
    for _ in 0..2 {
        stage.decide(&me, &decided, DuplicateDecision::Undo).await.unwrap();
    }
    assert_eq!((stage.record(first).await, stage.record(second).await), before);
    let profiles = stage.profiles().await;
    let last = |seeker_id| profiles.iter().rfind(|profile| profile.seeker_id == seeker_id).unwrap().clone();
    assert!(!last(second).paused && last(second).adviser && last(first).licences.is_empty());
    assert_eq!(stage.duplicates(&me, false).await.remove(0).state, DuplicateState::Open);
    stage.close().await;
}

#[tokio::test]
async fn an_adviser_of_the_region_decides_about_people_who_both_agreed_to_advice() {
    let stage = Stage::open().await;
    stage.join(&Registration { consents: vec![Purpose::Adviser], ..herself() }).await;
    stage.beside(HELPER, "Samira").await;
    let manager = account(OTHER_HELPER, Role::AccountManager);
    let suggested = stage.duplicates(&manager, false).await.remove(0);
    let elsewhere = Actor::Account {
        account_id: OTHER_HELPER,
        roles: vec![Role::AccountManager],
        employer_id: None,
        regions: vec!["AM12".to_owned()],
    };
    assert!(stage.duplicates(&elsewhere, false).await.is_empty());
    stage.decide(&manager, &suggested, DuplicateDecision::Merge).await.unwrap();
    assert_eq!(stage.number("select count(*) from seekers where merged_into is not null").await, 1);
    stage.close().await;
}

#[tokio::test]
async fn two_people_with_one_telephone_are_not_suggested_again() {
    let stage = Stage::open().await;
    let first = stage.join(&herself()).await;
    let second = stage.beside(HELPER, "Samira").await;
    let helper = account(HELPER, Role::Helper);
    let suggested = stage.duplicates(&helper, false).await.remove(0);
    for _ in 0..2 {
        stage.decide(&helper, &suggested, DuplicateDecision::Different).await.unwrap();
    }
    assert!(stage.duplicates(&helper, false).await.is_empty());
    assert_eq!(stage.duplicates(&helper, true).await[0].state, DuplicateState::Different);
    let problem = stage.decide(&helper, &suggested, DuplicateDecision::Merge).await.unwrap_err();
    assert_eq!(problem.code, "duplicate-decided");
    assert!(stage.details_of(first).await.is_ok() && stage.details_of(second).await.is_ok());
    stage.close().await;
}

#[tokio::test]
async fn after_thirty_days_the_other_record_is_erased_for_good_and_she_hears_nothing() {
    let stage = Stage::open().await;
    let first = stage.join(&herself()).await;
    let second = stage.beside(HELPER, "Samira").await;
    let me = Actor::Seeker { seeker_id: first };
    let suggested = stage.duplicates(&me, false).await.remove(0);
    stage.decide(&me, &suggested, DuplicateDecision::Merge).await.unwrap();
    stage.test.clock.advance(TimeDelta::days(29));
    assert_eq!(stage.number("select count(*) from seekers").await, 2);
    stage.test.clock.advance(TimeDelta::days(1) + TimeDelta::minutes(1));
    eventually("the other record is erased", async || {
        stage.number("select count(*) from seekers").await == 1
    })
    .await;
    let erased: Vec<_> = stage.stream(Stream::Facts).await;
    let erased: Vec<_> = erased.iter().filter(|fact| fact.contains(SeekerErased::NAME)).collect();
    assert!(erased.len() == 1 && erased[0].contains(&second.0.to_string()));
    assert!(stage.inbox.all().iter().all(|notice| notice.content.template() != Template::Erased));
    assert_eq!(stage.wishes_of(first).await.licences, [Licence::B], "she keeps what she took over");
    let problem = stage.decide(&me, &suggested, DuplicateDecision::Undo).await.unwrap_err();
    assert_eq!(problem.code, "duplicate-unknown");
    stage.close().await;
}

#[tokio::test]
async fn who_is_erased_takes_along_the_record_that_joined_hers() {
    let stage = Stage::open().await;
    let first = stage.join(&herself()).await;
    stage.beside(HELPER, "Samira").await;
    let me = Actor::Seeker { seeker_id: first };
    let suggested = stage.duplicates(&me, false).await.remove(0);
    stage.decide(&me, &suggested, DuplicateDecision::Merge).await.unwrap();
    stage.test.ask(&me, &EraseMe { seeker_id: first }).await.unwrap();
    assert_eq!(
        stage.number("select (select count(*) from seekers) + (select count(*) from duplicates)").await,
        0
    );
    let facts = stage.stream(Stream::Facts).await;
    assert_eq!(facts.iter().filter(|fact| fact.contains(SeekerErased::NAME)).count(), 2);
    stage.close().await;
}
