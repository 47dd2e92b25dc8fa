//! A copy of everything, and only for herself.

use proto::{
    AccountId, Actor, Role, SeekerId, Service as Name, Status,
    intake::{ConsentGiven, Export, MyExport, Purpose, SetConsent},
};
use uuid::Uuid;

use crate::{
    desks::staff,
    support::{Stage, samira},
};

impl Stage {
    pub(crate) async fn export(&self, seeker_id: SeekerId) -> Export {
        let sealed = self.test.ask(&Actor::Seeker { seeker_id }, &MyExport { seeker_id }).await.unwrap();
        self.test.keys(Name::Portal).open(&sealed).unwrap()
    }
}

#[tokio::test]
async fn a_copy_holds_what_she_told_every_yes_and_no_and_who_looked() {
    let stage = Stage::open().await;
    let seeker_id = stage.join(&samira()).await;
    let registered = stage.test.clock.machine_now();
    for given in [true, false] {
        let call = SetConsent {
            seeker_id,
            purpose: Purpose::Adviser,
            given,
            text_version: "2026-12".to_owned(),
            how: ConsentGiven::Herself,
        };
        stage.test.ask(&Actor::Seeker { seeker_id }, &call).await.unwrap();
    }
    let desk = stage.desks_for("1315").await.unwrap().remove(1);
    stage.refer(seeker_id, &desk, "Wie belt mij?").await.unwrap();
    stage.lines(&staff(Role::AccountManager, "AM11"), true).await.unwrap();

    let export = stage.export(seeker_id).await;
    assert_eq!(export.details, stage.details(seeker_id).await);
    let said: Vec<_> = export.consents.iter().map(|consent| (consent.purpose, consent.given)).collect();
    assert_eq!(
        said,
        [
            (Purpose::OpenFile, true),
            (Purpose::Adviser, false),
            (Purpose::Figures, false),
            (Purpose::Adviser, true),
            (Purpose::Adviser, false)
        ]
    );
    assert!(export.consents.is_sorted_by_key(|consent| consent.at));
    assert_eq!(export.contact_looks.len(), 1);
    assert_eq!(export.contact_looks[0].organisation, desk.name);
    assert_eq!((export.questions, export.letter), (vec!["Wie belt mij?".to_owned()], None));
    assert!(export.registered_at <= registered && export.last_heard_at >= export.registered_at);
    stage.close().await;
}

#[tokio::test]
async fn nobody_else_gets_a_copy() {
    let stage = Stage::open().await;
    let seeker_id = stage.join(&samira()).await;
    let mut others = vec![Actor::Visitor, Actor::Seeker { seeker_id: SeekerId(Uuid::from_u128(7)) }];
    others.extend(Role::ALL.map(|role| Actor::Account {
        account_id: AccountId(Uuid::from_u128(8)),
        roles: vec![role],
        employer_id: None,
        regions: vec!["AM11".to_owned()],
    }));
    for actor in others {
        let problem = stage.test.ask(&actor, &MyExport { seeker_id }).await.unwrap_err();
        assert_eq!(problem.status, Status::Forbidden, "{actor:?}");
    }
    stage.close().await;
}
