//! Who helps me: desks by postcode, maintained by those who work there.

use proto::{
    AccountId, Actor, Problem, Role, Service as Name, Status,
    intake::{ChangeDesk, Desk, DeskKind, Desks, DesksFor},
};
use uuid::Uuid;

use crate::support::{Stage, VISITOR, intake};

pub(crate) fn staff(role: Role, region: &str) -> Actor {
    Actor::Account {
        account_id: AccountId(Uuid::from_u128(80 + role as u128)),
        roles: vec![role],
        employer_id: None,
        regions: vec![region.to_owned()],
    }
}

impl Stage {
    pub(crate) async fn desks_for(&self, postcode: &str) -> Result<Vec<Desk>, Problem> {
        let postcode = self.test.keys(Name::Portal).seal(Name::Intake, &postcode.to_owned());
        self.test.ask(&VISITOR, &DesksFor { postcode }).await
    }
}

fn changed(desk: &Desk) -> ChangeDesk {
    ChangeDesk {
        desk_id: desk.desk_id,
        name: "Leerwerkloket Flevoland".to_owned(),
        town: "Lelystad".to_owned(),
        phone: "085 000 00 00".to_owned(),
        email: "loket@example.nl".to_owned(),
        website: "https://loket.example.nl".to_owned(),
    }
}

#[tokio::test]
async fn a_postcode_leads_to_the_three_desks_of_its_region() {
    let stage = Stage::open().await;
    let desks = stage.desks_for("1315 RC").await.unwrap();
    let kinds: Vec<_> = desks.iter().map(|desk| desk.kind).collect();
    assert_eq!(kinds, [DeskKind::Wsp, DeskKind::Rmt, DeskKind::LearnWork]);
    assert!(
        desks.iter().all(|desk| desk.region == "AM11" && desk.checked_at.is_none() && !desk.name.is_empty())
    );
    let elsewhere = stage.desks_for("8911").await.unwrap();
    assert!(elsewhere.len() == 3 && elsewhere.iter().all(|desk| desk.region != "AM11"));
    for (typed, code) in
        [("", "postcode-empty"), ("13150", "postcode-malformed"), ("0315", "postcode-unknown")]
    {
        let problem = stage.desks_for(typed).await.unwrap_err();
        assert_eq!((problem.fields[0].field.as_str(), problem.fields[0].code.as_str()), ("postcode", code));
    }
    stage.close().await;
}

#[tokio::test]
async fn who_works_for_the_region_mends_a_desk_and_no_start_overwrites_it() {
    let stage = Stage::open().await;
    let desk = stage.desks_for("1315").await.unwrap().pop().unwrap();
    stage.test.ask(&staff(Role::AccountManager, "AM11"), &changed(&desk)).await.unwrap();
    // Another start, with the same table of reference.
    stage.test.replica(vec![intake()]).await.stop().await;
    let now = stage.desks_for("1315").await.unwrap().pop().unwrap();
    assert_eq!((now.name.as_str(), now.town.as_str()), ("Leerwerkloket Flevoland", "Lelystad"));
    assert_eq!((now.phone.as_str(), now.email.as_str()), ("085 000 00 00", "loket@example.nl"));
    assert!(now.desk_id == desk.desk_id && now.checked_at.is_some());
    // A desk that is missing comes back at the next start.
    sqlx::query("delete from desks where desk_id <> $1")
        .bind(desk.desk_id.0)
        .execute(stage.test.pool(Name::Intake))
        .await
        .unwrap();
    stage.test.replica(vec![intake()]).await.stop().await;
    let all = stage.test.ask(&staff(Role::Administrator, ""), &Desks {}).await.unwrap();
    assert_eq!(all.len(), 105);
    assert_eq!(all.iter().filter(|desk| desk.checked_at.is_some()).count(), 1);
    stage.close().await;
}

#[tokio::test]
async fn everything_wrong_is_told_at_once_and_others_change_nothing() {
    let stage = Stage::open().await;
    let desk = stage.desks_for("1315").await.unwrap().pop().unwrap();
    let wrong = ChangeDesk { phone: "bel".to_owned(), website: "http://a.nl".to_owned(), ..changed(&desk) };
    let problem = stage.test.ask(&staff(Role::Administrator, ""), &wrong).await.unwrap_err();
    let codes: Vec<_> = problem.fields.iter().map(|field| field.code.as_str()).collect();
    assert_eq!(codes, ["phone-malformed", "website-malformed"]);
    for actor in [
        VISITOR,
        staff(Role::Helper, "AM11"),
        staff(Role::Employer, "AM11"),
        staff(Role::AccountManager, "AM12"),
    ] {
        let problem = stage.test.ask(&actor, &changed(&desk)).await.unwrap_err();
        assert_eq!(problem.status, Status::Forbidden, "{actor:?}");
    }
    let seen = stage.test.ask(&staff(Role::AccountManager, "AM11"), &Desks {}).await.unwrap();
    assert_eq!(seen.len(), 3, "those that she may mend");
    assert!(stage.test.ask(&staff(Role::Helper, "AM11"), &Desks {}).await.is_err());
    assert_eq!(stage.desks_for("1315").await.unwrap().pop().unwrap(), desk);
    stage.close().await;
}
