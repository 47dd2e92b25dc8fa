//! Invented people.

use chassis::Profile;
use proto::{
    Actor, Role, Service as Name, Status,
    intake::{LoadDemoPeople, Registration},
};

use crate::support::{Stage, VISITOR, samira};

fn administrator() -> Actor {
    Actor::Account {
        account_id: uuid::Uuid::from_u128(1).into(),
        roles: vec![Role::Administrator],
        employer_id: None,
        regions: Vec::new(),
    }
}

fn people(numbers: std::ops::Range<u32>) -> Vec<Registration> {
    numbers
        .map(|number| Registration {
            name: format!("Demo {number}"),
            contact: format!("+316{number:08}"),
            ..samira()
        })
        .collect()
}

fn load(stage: &Stage, people: &Vec<Registration>) -> LoadDemoPeople {
    LoadDemoPeople { people: stage.test.keys(Name::Portal).seal(Name::Intake, people) }
}

#[tokio::test]
async fn two_hundred_people_come_at_once_and_known_ones_are_passed_over() {
    let stage = Stage::open().await;
    let first = load(&stage, &people(0..200));
    assert_eq!(stage.test.ask(&administrator(), &first).await.unwrap().added, 200);
    let mut twice = people(150..300);
    twice.push(twice[149].clone());
    let call = load(&stage, &twice);
    assert_eq!(
        stage.test.portal().call_as_service(uuid::Uuid::from_u128(3), &call).await.unwrap().added,
        100
    );
    assert_eq!(stage.number("select count(*) from seekers").await, 300);
    assert_eq!(stage.number("select count(*) from consents").await, 900);
    let profiles = stage.profiles().await;
    assert_eq!(profiles.len(), 300);
    let details = stage.details(profiles[0].seeker_id).await;
    assert!(details.name.starts_with("Demo "));
    assert!(stage.inbox.all().is_empty(), "nobody gets a message");
    stage.close().await;
}

#[tokio::test]
async fn one_that_is_wrong_or_one_too_many_stops_all() {
    let stage = Stage::open().await;
    let too_many = load(&stage, &people(0..201));
    let problem = stage.test.ask(&administrator(), &too_many).await.unwrap_err();
    assert_eq!(problem.code, "people-too-many");
    let mut wrong = people(0..3);
    wrong[1].wishes.postcode = "1310".to_owned();
    let problem = stage.test.ask(&administrator(), &load(&stage, &wrong)).await.unwrap_err();
    assert_eq!(problem.fields[0].field, "people.1.postcode");
    let visitor = stage.test.ask(&VISITOR, &load(&stage, &people(0..1))).await.unwrap_err();
    assert_eq!(visitor.status, Status::Forbidden);
    assert_eq!(stage.number("select count(*) from seekers").await, 0);
    stage.close().await;
}

#[tokio::test]
async fn production_takes_no_invented_people() {
    let stage = Stage::open_with(|config| config.profile = Profile::Production).await;
    let problem = stage.test.ask(&administrator(), &load(&stage, &people(0..1))).await.unwrap_err();
    assert_eq!(problem.status, Status::Forbidden);
    stage.close().await;
}

/// Not a benchmark: prints how long 50,000 people take. `--run-ignored only -- fifty`, in release.
#[tokio::test]
#[ignore = "for a look at the speed, in release"]
async fn fifty_thousand_people() {
    let stage = Stage::open().await;
    let started = tokio::time::Instant::now();
    for call in 0..250 {
        let call = load(&stage, &people(call * 200..(call + 1) * 200));
        stage.test.ask(&administrator(), &call).await.unwrap();
    }
    println!("50,000 people in {:?}", started.elapsed());
    assert_eq!(stage.number("select count(*) from seekers").await, 50_000);
    stage.close().await;
}
